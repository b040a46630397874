"""The calendar of what is planned."""

from __future__ import annotations

import re
from datetime import date, timedelta

from flask import render_template, request

from portal.accounts.access import current_actor, needs
from portal.articles import calendar
from portal.articles.desk import blueprint
from portal.core import clock
from portal.core.db import db

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@blueprint.get("/lich")
@needs("article.list")
def plan_of_month() -> str:
    """A month: a grid where there is room, a list on a phone."""
    asked = _MONTH.fullmatch(request.args.get("thang", ""))
    today = clock.today()
    first = date(int(asked[1]), int(asked[2]), 1) if asked else today.replace(day=1)
    weeks = calendar.weeks(first)
    days = [day for week in weeks for day in week]
    return render_template(
        "articles/desk/calendar.html", first=first, weeks=weeks,
        events=calendar.planned(db.session(), current_actor(), days),
        before=_month(first - timedelta(days=1)), after=_month(first + timedelta(days=31)),
        names=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    )  # fmt: skip


def _month(day: date) -> str:
    return f"{day.year}-{day.month:02d}"
