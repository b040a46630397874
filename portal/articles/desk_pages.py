"""The page of one article at the desk, also as the answer to a verb that was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.access import current_actor
from portal.accounts.permissions import may
from portal.articles import desk_queries, presence
from portal.articles.body import dress, file_ids
from portal.articles.checks import to_mend, unfinished
from portal.articles.comparing import compare_texts
from portal.articles.drafts import Draft
from portal.articles.models import KIND_NAMES, Article
from portal.articles.references import addresses, dead_links
from portal.articles.states import STATE_NAMES, TRANSITIONS, State, Verb, allows
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
    pictures = desk_queries.inline_files_of(session, file_ids(shown.body))
    can = {verb.value for verb in Verb if can_do(article, verb)}
    draft = Draft.of_revision(article.pending) if article.pending else Draft.of_article(article)
    page = render_template(
        "articles/desk/article.html", article=article, shown=shown,
        body=dress(shown.body, pictures, addresses(session, shown.body)),
        problems=problems or {}, typed=request.form, can=can,
        state_name=state_name(article), kind_names=kind_names(),
        lacks=unfinished(session, draft) if can & {"submit", "publish"} else {},
        to_mend=to_mend(session, draft) if can & {"submit", "publish"} else [],
        comparison=compare_texts(article, article.pending) if article.pending else None,
        dead=dead_links(session, shown.body),
        own_words=is_own(article), may_arrange=may(actor, "article.publish", article),
        files=desk_queries.media_of(session, [a.media_id for a in article.attachments]),
        others=presence.others(session, actor, article_id),
    )  # fmt: skip
    return page, status


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
    row = TRANSITIONS[verb]
    fits = allows(verb, State(article.state)) and may(current_actor(), row.permission, article)
    if (verb is Verb.PUBLISH and article.is_visible) or verb is Verb.DISCARD:
        return fits and article.pending_id is not None
    return fits


def is_own(article: Article) -> bool:
    """Whether four eyes forbid the signed-in person to publish: the last words are theirs."""
    writer = article.pending.text_by_id if article.pending else article.text_by_id
    four_eyes = current_settings().site.publishing.four_eyes
    return four_eyes and writer == current_actor().user_id


def state_name(article: Article) -> str:
    """The state in words, with what time makes of it."""
    if article.is_scheduled:
        return "Hẹn đăng"
    return "Đang đăng" if article.is_visible else STATE_NAMES[State(article.state)]


def kind_names() -> dict[str, str]:
    """Names of kinds by what is stored."""
    return {kind.value: name for kind, name in KIND_NAMES.items()}
