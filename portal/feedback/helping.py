"""What may already help somebody who is about to write: answered questions and procedures.

Only public copies are looked at, nothing that is typed is stored or logged, and whatever fails
here costs the citizen nothing but the suggestions.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.core.db import db
from portal.core.limits import SUGGEST_LIMIT, limiter
from portal.core.text import clean_line
from portal.core.web.forms import csrf
from portal.core.web.requests import client_address
from portal.feedback import neighbours, queries
from portal.feedback.models import MAX_SUBJECT, Kind
from portal.feedback.publishing import SEARCH_KIND
from portal.feedback.sheets import forget_transaction
from portal.search import service as search
from portal.search.engine import SearchQuery, SearchUnavailable

log = logging.getLogger(__name__)
blueprint = Blueprint("feedback_help", __name__)
MOST_ANSWERS, MOST_PROCEDURES = 3, 2
LEAST = 8
"""Letters from which on a subject says something."""
_ASKS_HOW = frozenset({Kind.QUESTION.value, Kind.SUGGESTION.value})


@dataclass(frozen=True, slots=True)
class Help:
    """A page that may answer already."""

    title: str
    url: str
    note: str


@blueprint.post("/phan-anh/gui/goi-y")
@csrf.exempt  # type: ignore[untyped-decorator]  # changes nothing; other sites cannot read it
def suggest() -> Response:
    """The list for what is being typed. Posted, for an address is written into logs and a citizen's
    words are not to be."""
    limiter().hit_by_reader(SUGGEST_LIMIT, "suggest", client_address())
    form = request.form
    found = find(
        form.get("kind", ""), clean_line(form.get("subject", "")),
        clean_line(form.get("procedure_code", "")),
    )  # fmt: skip
    return jsonify(items=[asdict(one) for one in found])


def find(kind: str, subject: str, procedure_code: str) -> list[Help]:
    """What is worth reading first; empty for who praises, and when nothing clearly fits."""
    if kind == Kind.PRAISE.value:
        return []
    subject = subject[:MAX_SUBJECT]
    try:
        session = db.session()
        found = answers(session, subject, procedure_code[:40])
        if kind in _ASKS_HOW and len(subject) >= LEAST:
            found += [
                Help(name, f"/thu-tuc/{code}", f"Thủ tục, mã {code}")
                for code, name in neighbours.likely(session, subject, MOST_PROCEDURES)
                if code != procedure_code
            ]
        return found
    except SearchUnavailable:
        return []
    except SQLAlchemyError:
        log.warning("feedback.no_suggestions")
        forget_transaction()
        return []


def answers(session: Session, subject: str, procedure_code: str) -> list[Help]:
    """Published answers to the same words, then newer ones about the same procedure."""
    items = []
    if len(subject) >= LEAST:
        query = SearchQuery(subject, kinds=[SEARCH_KIND], limit=MOST_ANSWERS)
        results = search.search(query)
        if results.hits and not results.relaxed:
            keys = [hit.key for hit in results.hits]
            loaded = {item.public_id: item for item in queries.published_by_ids(session, keys)}
            items = [loaded[key] for key in keys if key in loaded]
    if procedure_code and len(items) < MOST_ANSWERS:
        items += queries.published_about(session, procedure_code, MOST_ANSWERS)
    unique = {item.public_id: item for item in items}
    return [
        Help(item.public_subject or "", f"/phan-anh/{item.public_id}", "Đã trả lời")
        for item in list(unique.values())[:MOST_ANSWERS]
    ]
