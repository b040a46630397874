"""The citizen's door to what stands behind a procedure: what its page said before, and the legal
documents that it rests on."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import db
from portal.core.diff import compare
from portal.core.errors import NotFound
from portal.core.text import clean_line
from portal.procedures import cases, files, history, legal, page, queries, versions
from portal.procedures.comparing import facts_of
from portal.procedures.facts import ProcedureFacts
from portal.procedures.models import Procedure
from portal.procedures.recording import load_with_parts
from portal.procedures.telling import text_of
from portal.procedures.terms import CHANGES, LEGAL_STATES, LegalState

blueprint = Blueprint("procedure_records", __name__, url_prefix="/thu-tuc")


@blueprint.get("/<code>/lich-su")
def changes(code: str) -> str:
    """What changed, from version to version, and which decisions announced it."""
    procedure = _found(code)
    return render_template(
        "procedures/history.html",
        procedure=procedure,
        entries=history.entries(db.session(), procedure),
        changes=CHANGES,
        state=procedure.state_on(clock.today()),
    )


@blueprint.get("/<code>/phien-ban/<int(max=2147483647):number>")
def version(code: str, number: int) -> str | Response:
    """The page as it stood at one version, or what is different today."""
    procedure = _found(code)
    if number == procedure.version:
        return redirect(url_for("procedures.detail", code=code))
    kept = versions.numbered(db.session(), procedure, number)
    if kept is None:
        raise NotFound(f"{code}/{number}")
    if request.args.get("so-sanh"):
        then, now = text_of(versions.facts_in(kept)), text_of(_facts_now(code))
        return render_template(
            "procedures/compare.html", procedure=procedure, kept=kept, comparison=compare(then, now)
        )
    old = history.as_it_was(db.session(), kept)
    # What was to pay is judged as of the day of that version, not of today.
    day = clock.to_local(kept.recorded_at).date()
    return render_template(
        "procedures/version.html",
        kept=kept,
        now=procedure,
        cases=cases.cases_of(old, day),
        forms=files.by_paper(
            files.form_views(db.session(), old.forms),
            [part.name for one in old.cases for part in one.components],
        ),
        **page.facts(old, day),
    )


@blueprint.get("/can-cu/")
def bases() -> str:
    """All legal documents, by words and state."""
    text = clean_line(request.args.get("q", ""))[:200]
    state = request.args.get("hieu-luc", "")
    return render_template(
        "procedures/bases.html",
        found=legal.listed(db.session(), text, STATE_SLUGS.get(state, "")),
        text=text,
        state=state if state in STATE_SLUGS else "",
        state_names={slug: LEGAL_STATES[one] for slug, one in STATE_SLUGS.items()},
        legal_states=LEGAL_STATES,
    )


@blueprint.get("/can-cu/<slug>")
def basis(slug: str) -> str:
    """One legal document with every procedure that rests on it."""
    found = legal.find(db.session(), slug)
    if found is None:
        raise NotFound(slug)
    rows = legal.procedures_on(db.session(), found)
    return render_template(
        "procedures/basis.html",
        basis=found,
        rows=rows,
        day=clock.today(),
        legal_states=LEGAL_STATES,
    )


STATE_SLUGS = {
    "con-hieu-luc": LegalState.IN_FORCE,
    "da-sua-doi": LegalState.AMENDED,
    "het-hieu-luc": LegalState.EXPIRED,
    "chua-kiem-chung": LegalState.UNKNOWN,
}


def _found(code: str) -> Procedure:
    procedure = queries.detail(db.session(), code)
    if procedure is None:
        raise NotFound(code)
    return procedure


def _facts_now(code: str) -> ProcedureFacts:
    return facts_of(load_with_parts(db.session(), [code])[code])
