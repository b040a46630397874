"""What the search index knows of a procedure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.core.settings import current_settings
from portal.procedures import queries
from portal.procedures.facets import facets_of
from portal.procedures.facts import unique
from portal.procedures.models import Procedure
from portal.procedures.preference import boost_of
from portal.procedures.recording import load_with_parts
from portal.search import feed
from portal.search.engine import SearchDocument

KIND = "procedure"


def register() -> None:
    """Lend procedures to the search."""
    feed.registry.register(KIND, build, keys, build_many)


def keys(session: Session) -> Iterable[str]:
    """Codes of all procedures: abolished ones stay findable by name and code."""
    return session.scalars(select(Procedure.code)).all()


def build(session: Session, code: str) -> SearchDocument | None:
    """The document of one procedure as it stands today, None when there is none."""
    return build_many(session, [code]).get(code)


def build_many(session: Session, codes: Sequence[str]) -> dict[str, SearchDocument]:
    """The documents of several procedures, in a few statements for all."""
    found = load_with_parts(session, codes)
    announced = queries.announced_on(session, list(found))
    return {code: document_of(row, announced.get(code)) for code, row in found.items()}


def document_of(procedure: Procedure, announced_on: date | None = None) -> SearchDocument:
    """The document of a procedure loaded with all its parts; `announced_on` is the day of the
    newest decision about it."""
    components = [part for case in procedure.cases for part in case.components]
    return SearchDocument(
        kind=KIND,
        key=procedure.code,
        title=procedure.name,
        code=procedure.code,
        former_codes=[old.old_code for old in procedure.old_codes],
        keywords=unique(
            [*procedure.keywords, *map(str, procedure.results), *(part.name for part in components)]
        ),
        body="\n".join(_body(procedure)),
        facets=facets_of(procedure, procedure.field.key, clock.today()),
        url=f"/thu-tuc/{procedure.code}",
        updated_at=_announced_at(procedure.decision_issued_on, announced_on),
        boost=boost_of(procedure, current_settings().site.agency, clock.today()),
    )


def _body(procedure: Procedure) -> Iterable[str]:
    yield procedure.field.name
    yield procedure.summary
    yield from (case.name for case in procedure.cases)
    yield from (f"{step.title}. {step.text}" for step in procedure.steps)
    yield procedure.conditions
    yield from (f"{link.basis.title} {link.basis.number}" for link in procedure.legal_links)
    yield from procedure.agencies
    yield from procedure.subjects
    yield procedure.decision_number


def _announced_at(*days: date | None) -> datetime | None:
    """When it was last announced; looking at it again or mending it is no news."""
    day = max((day for day in days if day), default=None)
    return clock.from_local(datetime.combine(day, time.min)) if day else None
