"""The page of one article at the desk, also as the answer to a verb that was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor
from portal.accounts.permissions import Actor, may
from portal.articles import desk_queries, glance, presence, previews, publishing, remarks
from portal.articles.body import dress, file_ids
from portal.articles.checks import to_mend, unfinished
from portal.articles.comparing import compare_texts
from portal.articles.drafts import Draft
from portal.articles.models import KIND_NAMES, Article
from portal.articles.passages import passages_of, shortened
from portal.articles.process_models import PreviewLink, Remark, UrgentPublication
from portal.articles.references import addresses, dead_links
from portal.articles.states import TRANSITIONS, State, Verb, allows
from portal.core.db import db
from portal.core.errors import Conflict, Invalid
from portal.core.settings import current_settings

Answer = Response | tuple[str, int]


def overview(
    article_id: int, problems: Mapping[str, str] | None = None, status: int = 200
) -> Answer:
    """The page; `problems` says why a verb was refused, what was typed for it is kept."""
    session, actor = db.session(), current_actor()
    article = desk_queries.find(session, actor, article_id)
    shown = article.pending or article
    waits = article.pending is not None
    pictures = (
        desk_queries.inline_files_of(session, file_ids(shown.body)) if waits
        else article.inline_files
    )  # fmt: skip
    can = {verb.value for verb in Verb if can_do(article, verb)}
    draft = Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
    urgencies = desk_queries.urgencies(session, article) if article.is_visible else []
    body = dress(shown.body, pictures, addresses(session, shown.body))
    shares = may(actor, "article.share_preview", article)
    goes_on = can & {"submit", "pass", "publish", "urgent"}
    mends = to_mend(session, draft) if goes_on else []
    page = render_template(
        "articles/desk/article.html", article=article, shown=shown,
        reading=remarks.read(body.markup, _said(session, article)),
        passages=shortened(passages_of(body.markup)), problems=problems or {}, typed=request.form,
        can=can - ({"confirm"} if not _may_confirm(urgencies, actor) else set()),
        glance=glance.of(article, urgencies), urgencies=urgencies, kind_names=kind_names(),
        lacks=unfinished(session, draft, mends) if goes_on else {}, to_mend=mends,
        comparison=compare_texts(article, article.pending) if article.pending else None,
        dead=dead_links(session, shown.body),
        own_words=is_own(article), may_arrange=may(actor, "article.publish", article),
        unit_first=publishing.lacks_unit_step(article),
        may_remark=remarks.may_remark(actor, article), may_tick=may(actor, "article.edit", article),
        may_review=article.standing == State.APPROVED and may(actor, "article.review", article),
        previews=_preview_links(session, article) if shares else [], shares=shares,
        files=desk_queries.media_of(session, [a.media_id for a in article.attachments]),
        others=presence.others(session, actor, article_id),
    )  # fmt: skip
    return page, status


def _said(session: Session, article: Article) -> Sequence[Remark]:
    """Open remarks; what is published and not being corrected has none."""
    settled = article.state == State.APPROVED and article.pending_id is None
    return [] if settled else remarks.open_remarks(session, article)


def _preview_links(session: Session, article: Article) -> Sequence[tuple[PreviewLink, str]]:
    settings = current_settings()
    found = previews.open_links(session, article)
    return [(link, settings.address(previews.address(link))) for link in found]


def _may_confirm(urgencies: Sequence[UrgentPublication], actor: Actor) -> bool:
    mine = any(actor.user_id in (row.by_id, row.writer_id) for row in urgencies)
    return bool(urgencies) and not mine


def act(article_id: int, verb: Callable[[], object], done: str) -> Answer:
    """Run a verb; success says `done` on the article's page, a refusal says why there."""
    try:
        verb()
    except Invalid as error:
        return overview(article_id, error.problems, 400)
    except Conflict as error:
        return overview(article_id, {"": str(error)}, 409)
    flash(done)
    return redirect(url_for("articles_desk.article", article_id=article_id), 303)


def opened_version() -> int:
    """The version that the person saw who pressed a button; 0, which none has, when unknown."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def can_do(article: Article, verb: Verb) -> bool:
    """Whether to offer a verb to the signed-in person."""
    row, state, actor = TRANSITIONS[verb], article.standing, current_actor()
    fits = allows(verb, state) and all(may(actor, p, article) for p in row.permissions(state))
    return fits and _EXTRA.get(verb, _always)(article)


def is_own(article: Article) -> bool:
    """Whether four eyes forbid the signed-in person to publish: the last words are theirs."""
    return publishing.is_own(article, current_actor().user_id)


def _something_new(article: Article) -> bool:
    return not article.is_visible or article.pending_id is not None


def _alone(article: Article) -> bool:
    """Whether only urgency lets the signed-in person publish this."""
    early = article.state in (State.DRAFT, State.RETURNED) or publishing.lacks_unit_step(article)
    return _something_new(article) and (early or is_own(article))


def _always(_article: Article) -> bool:
    return True


_EXTRA: dict[Verb, Callable[[Article], bool]] = {
    Verb.PUBLISH: _something_new,
    Verb.URGENT: _alone,
    Verb.UNSCHEDULE: lambda article: article.is_scheduled,
    Verb.DISCARD: lambda article: article.pending_id is not None,
    Verb.KEEP: lambda article: article.withdraw_at is not None,
}


def kind_names() -> dict[str, str]:
    """Names of kinds by what is stored."""
    return {kind.value: name for kind, name in KIND_NAMES.items()}
