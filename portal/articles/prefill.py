"""A new article that begins with what an address says of it: topic, task, procedure, title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles.drafts import TITLE_LIMIT
from portal.articles.forms import ArticleForm, number_or_none
from portal.articles.models import Kind, Topic
from portal.core.db import db
from portal.core.text import clean_line

ProcedureName = Callable[[Session, str], str | None]
_LENT = "article_procedure_name"


def lend(app: Flask, name_of: ProcedureName) -> None:
    """Let articles ask the room of procedures for the name of a code, None when there is none."""
    app.extensions[_LENT] = name_of


def prefill(form: ArticleForm, asked: Mapping[str, str]) -> None:
    """Fill `form` with what `asked` names; what is not there is left as it was."""
    form.title.data = clean_line(asked.get("tieu_de", ""))[:TITLE_LIMIT] or form.title.data
    if slug := asked.get("chu_de", "")[:80]:
        form.topic_id.data = db.session.scalar(select(Topic.id).where(Topic.slug == slug))
    if task := number_or_none(asked.get("nhiem_vu")):
        form.tasks.data = [task]
    if unit := asked.get("don_vi", "")[:80]:
        form.unit_code.data = unit
    code = asked.get("thu_tuc", "")[:8]
    name_of: ProcedureName | None = current_app.extensions.get(_LENT)
    if code and name_of and (name := name_of(db.session(), code)):
        form.kind.data = Kind.EXPLAINER.value
        about = escape(f"Thủ tục {name} (mã {code})")
        form.body.data = f'<p><a href="/thu-tuc/{code}">{about}</a></p>'
