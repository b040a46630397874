"""What leaves through the API, field by field: nothing gets out by being added to a model."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.articles.models import Article
from portal.core.html import plain_text
from portal.core.settings import current_settings
from portal.directory import schedule
from portal.directory.models import Hotline, Unit
from portal.feedback.models import Feedback
from portal.site.found import Found

Json = dict[str, Any]


def article(one: Article) -> Json:
    """A published article as lists show it."""
    return {
        "title": one.title,
        "summary": one.summary,
        "topic": one.topic.name if one.topic else None,
        "published_at": _iso(one.publish_at),
        "url": _address(f"/bai-viet/{one.slug}"),
    }


def article_in_full(one: Article) -> Json:
    """A published article with its text."""
    return {
        **article(one),
        "kind": one.kind,
        "unit": one.unit_code,
        "text": plain_text(one.body),
        "html": one.body,
    }


def unit(one: Unit) -> Json:
    """A unit, with how far its contacts may be trusted."""
    names = ("parent", "address", "phone", "email", "website", "source")
    return {
        "code": one.code,
        "name": one.name,
        "short_name": one.short_name,
        "kind": one.kind,
        "duties": one.duties,
        **{name: getattr(one, name) or None for name in names},
        "certainty": one.certainty,
        "checked_on": _iso(one.checked_on),
        "url": _address(f"/don-vi/{one.code}"),
    }


def hotline(one: Hotline) -> Json:
    """A hotline, with how far it may be trusted."""
    return {
        "name": one.name,
        "purposes": list(one.purposes),
        "phone": one.phone or None,
        "email": one.email or None,
        "hours": one.hours_in_words or None,
        "schedule": _schedule(one),
        "answered_by": one.answered_by or None,
        "unit": one.unit_code,
        "address": one.address or None,
        "certainty": one.certainty,
        "source": one.source or None,
        "checked_on": _iso(one.checked_on),
        "checked_by": one.checked_by or None,
        "url": _address(f"/duong-day-nong/#{one.key}"),
    }


def _schedule(one: Hotline) -> Json | None:
    """The week by day, each a list of `HH:MM-HH:MM`; an end before its begin is the next day's."""
    known = schedule.read(one.schedule)
    if known is None:
        return None
    spans = zip(schedule.WEEKDAYS, known.week, strict=True)
    return {
        "always": known.always,
        "holidays": known.always or known.holidays,
        "week": {day: [schedule.written(span) for span in own] for day, own in spans},
    }


def feedback(one: Feedback) -> Json:
    """The public copy of an answered item."""
    return {
        "id": one.public_id,
        "kind": one.kind,
        "subject": one.public_subject,
        "question": one.public_question,
        "answer": one.public_answer,
        "procedure": one.procedure_code,
        "published_at": _iso(one.published_at),
        "url": _address(f"/phan-anh/{one.public_id}"),
    }


def found(one: Found) -> Json:
    """A result of the search over everything."""
    url = _address(one.url)
    return {"kind": one.kind, "title": one.title, "summary": one.summary, "url": url}


def _address(path: str) -> str:
    return current_settings().address(path)


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None
