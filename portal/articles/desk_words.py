"""What the editor's page asks while somebody writes, and what to do with words found again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, needs
from portal.articles import autosaves
from portal.articles.autosaves import Item, Kept, Page, WrittenElsewhere, is_token
from portal.articles.desk import ARTICLE, blueprint
from portal.articles.presence import Other
from portal.core import clock
from portal.core.errors import Conflict, Invalid, TooMany

NEW = "/moi/<string(minlength=8, maxlength=40):token>"
_MOST_BYTES = 4 * autosaves.LARGEST
_LATEST = 2**31 - 1
Reply = Response | tuple[Response, int]


@blueprint.get("/phien.json")
@needs("article.list")
def who() -> Response:
    """Who is signed in here, and a fresh token: the page of a writer comes back to life."""
    return jsonify(user=current_actor().user_id, csrf=generate_csrf())


@blueprint.post(ARTICLE + "/dang-soan")
@needs("article.edit")
def autosave(article_id: int) -> Reply:
    """Keep what is being written of an article, or only note that somebody is at it."""
    return _answer(Item(article_id))


@blueprint.post(NEW + "/dang-soan")
@needs("article.create")
def autosave_new(token: str) -> Reply:
    """Keep what is being written of an article that does not exist yet."""
    return _answer(_new(token))


@blueprint.post(ARTICLE + "/dang-soan/bo")
@needs("article.edit")
def discard_words(article_id: int) -> BaseResponse:
    """Drop them; the form opens with what is stored."""
    item, mark = Item(article_id), request.form.get("mark", "")
    _try(lambda: autosaves.discard(current_actor(), item, mark))
    return redirect(url_for("articles_desk.edit", article_id=article_id), 303)


@blueprint.post(NEW + "/dang-soan/bo")
@needs("article.create")
def discard_new_words(token: str) -> BaseResponse:
    """Drop a beginning."""
    item, mark = _new(token), request.form.get("mark", "")
    _try(lambda: autosaves.discard(current_actor(), item, mark))
    return redirect(url_for("articles_desk.new"), 303)


@blueprint.post(ARTICLE + "/dang-soan/lay-lai")
@needs("article.edit")
def take_words_back(article_id: int) -> BaseResponse:
    """What was dropped last, in the form."""
    found = _try(lambda: autosaves.take_back(current_actor(), Item(article_id)))
    tiep = "1" if found else None
    return redirect(url_for("articles_desk.edit", article_id=article_id, tiep=tiep), 303)


@blueprint.post(NEW + "/dang-soan/lay-lai")
@needs("article.create")
def take_new_words_back(token: str) -> BaseResponse:
    """A beginning that was dropped, in the form."""
    item = _new(token)
    found = _try(lambda: autosaves.take_back(current_actor(), item))
    return redirect(url_for("articles_desk.new", tiep=token if found else None), 303)


def _new(token: str) -> Item:
    return Item(token=token) if is_token(token) else abort(404)


def _try(verb: Callable[[], None]) -> bool:
    """Whether it worked; if not, the next page says why."""
    try:
        verb()
    except Conflict as error:
        flash(str(error))
        return False
    return True


def _answer(item: Item) -> Reply:
    """What the page's script understands: by status, and in words only where people read them."""
    if (request.content_length or 0) > _MOST_BYTES:
        abort(413)
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not is_token(str(sent.get("tab", ""))):
        autosaves.refuse_strangers(current_actor(), item)
        return jsonify(error="Không đọc được những gì vừa gửi."), 400
    try:
        if sent.get("leaving") or "fields" not in sent:
            return _sign_of_life(item, sent)
        kept = autosaves.keep(
            current_actor(), item, _page(sent), sent["fields"],
            take_over=sent.get("take_over") is True,
        )  # fmt: skip
    except Invalid as error:
        return jsonify(error=str(error)), 400
    except TooMany as error:
        return jsonify(error="Vừa gửi nhiều lần.", wait=error.retry_after), 429
    except WrittenElsewhere as error:
        return jsonify(error=str(error), elsewhere=clock.format_moment(error.at)), 409
    return jsonify(_told(kept))


def _sign_of_life(item: Item, sent: dict[str, Any]) -> Response:
    if item.article_id is None:
        return jsonify(others=[])
    others = autosaves.note_presence(
        current_actor(), item.article_id, sent["tab"], leaving=bool(sent.get("leaving"))
    )
    return jsonify(others=_names(others))


def _page(sent: dict[str, Any]) -> Page:
    return Page(
        sent["tab"], _number(sent.get("sequence")), _number(sent.get("version")),
        str(sent.get("after", ""))[:60],
    )  # fmt: skip


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LATEST:
        raise Invalid({"": "Không đọc được những gì vừa gửi."})
    return value


def _told(kept: Kept) -> dict[str, Any]:
    return {
        "saved_at": kept.saved_at.isoformat(), "mark": kept.mark, "newer": kept.newer,
        "closed": kept.closed, "others": _names(kept.others),
    }  # fmt: skip


def _names(others: Sequence[Other]) -> list[dict[str, str]]:
    return [{"name": one.name, "since": clock.format_time(one.since)} for one in others]
