"""The library at the desk: find, describe, remove and bring back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.accounts.list_views import BuiltIn, list_views
from portal.accounts.models import DeskList
from portal.accounts.permissions import may, require
from portal.accounts.units import unit_names
from portal.core.db import db
from portal.core.errors import Invalid
from portal.core.text import clean_line
from portal.core.web.bulk import answer, list_address, nothing_picked, picks
from portal.core.web.requests import page_number
from portal.core.web.toasts import tell
from portal.media import bulk, lacks, queries, service, sniff, usage
from portal.media.forms import DescriptionForm
from portal.media.models import KIND_NAMES, LICENCE_NAMES, MediaKind
from portal.media.queries import Wish

blueprint = desk_blueprint("media", "tu-lieu")
FILE = "/<int(max=2147483647):media_id>"
MOST_SENT = 205 * 1024 * 1024  # a film of the largest size and the form around it
_TAKE_FILES = frozenset(f"media_desk.{n}" for n in ("upload", "upload_for_editor", "replace"))
_LACKS = {"any": "Còn thiếu điều gì đó"} | {
    lack.value: f"Thiếu {name}" for lack, name in lacks.LACK_NAMES.items()
}
_USES = {"co": "Đang có nơi dùng", "khong": "Chưa nơi nào dùng"}


@blueprint.url_value_preprocessor
def _allow_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Films are larger than any other request may be; only staff may send as much."""
    if endpoint in _TAKE_FILES and current_user.is_authenticated:
        request.max_content_length = MOST_SENT


@blueprint.get("/")
@needs("media.list")
def index() -> str | BaseResponse:
    """The library: search, filters, what was removed."""
    views = list_views(DeskList.MEDIA, [
        BuiltIn("Đang dùng"), BuiltIn("Còn thiếu", (("thieu", "any"),)),
        BuiltIn("Đã gỡ", (("da-go", "1"),)),
    ])  # fmt: skip
    if views.start:
        return redirect(views.start, 303)
    wish, asked = _wish()
    page = queries.page_of(db.session(), queries.wished(wish), page_number())
    return render_template(
        "media/list.html", page=page, asked=asked, removed=wish.removed, views=views,
        kind_names=kind_names(), units=unit_names(), lack_of=lacks.lack_of, uses=_USES,
        lacks=_LACKS, orders={key: name for key, (name, _) in queries.ORDERS.items() if key},
    )  # fmt: skip


def _wish() -> tuple[Wish, dict[str, str]]:
    """What the address asks for, and its filters as the page shows them; what is unknown is
    left out."""
    given = {name: clean_line(value) for name, value in request.args.items()}
    known = {
        "loai": list(MediaKind), "thieu": _LACKS, "dung": _USES, "sap-xep": queries.ORDERS,
        "don-vi": ["-", *unit_names()],
    }  # fmt: skip
    asked = {
        name: given[name] if given.get(name) in values else "" for name, values in known.items()
    }
    asked["q"] = given.get("q", "")
    wish = Wish(
        words=asked["q"],
        kinds=[MediaKind(asked["loai"])] if asked["loai"] else [],
        removed=given.get("da-go") == "1",
        unit=asked["don-vi"],
        used={"co": True, "khong": False}.get(asked["dung"]),
        lack=asked["thieu"],
        order=asked["sap-xep"],
    )
    return wish, asked


@blueprint.route(FILE, methods=["GET", "POST"])
@needs("media.list")
def edit(media_id: int) -> str | BaseResponse | tuple[str, int]:
    """One file: what is said of it, where it is used."""
    media = queries.by_id(db.session(), media_id) or abort(404)
    form = DescriptionForm(obj=media)
    if form.is_submitted():
        require(current_actor(), "media.edit", media)
    if form.validate_on_submit():
        try:
            service.describe(
                current_actor(), media_id, form.of(media), is_public=form.is_public.data
            )
        except Invalid as error:
            form.add_problems(error.problems)
        else:
            flash("Đã lưu.")
            return redirect(url_for("media_desk.edit", media_id=media_id), 303)
    return page_of(media_id, form, 400 if form.is_submitted() else 200)


def page_of(
    media_id: int, form: DescriptionForm, status: int, problems: Mapping[str, str] | None = None
) -> tuple[str, int]:
    """The page of a file with a form as it stands; `problems` are those of its other forms, by
    the field's id."""
    session, actor = db.session(), current_actor()
    media = queries.by_id(session, media_id) or abort(404)
    page = render_template(
        "media/edit.html", media=media, form=form, uses=usage.uses(session, media_id),
        kind_names=kind_names(), licence_names={k.value: v for k, v in LICENCE_NAMES.items()},
        units=unit_names(), mend=lacks.mend(media), problems=problems or {},
        versions=queries.versions(session, media_id), may_edit=may(actor, "media.edit", media),
        may_remove=may(actor, "media.remove", media), unread=media.text_layer in lacks.UNREAD,
        accept=f".{media.extension}" if media.kind != MediaKind.IMAGE else sniff.PICTURES,
    )  # fmt: skip
    return page, status


@blueprint.post(FILE + "/go")
@needs("media.remove")
def remove(media_id: int) -> BaseResponse:
    """Take a file out, with a way back."""
    service.remove(current_actor(), media_id)
    tell(
        "Đã gỡ khỏi thư viện. Bạn có thể khôi phục trong 30 ngày ở mục “Đã gỡ”.",
        undo=url_for("media_desk.restore", media_id=media_id),
    )
    return redirect(url_for("media_desk.edit", media_id=media_id), 303)


@blueprint.post(FILE + "/khoi-phuc")
@needs("media.remove")
def restore(media_id: int) -> BaseResponse:
    """Bring a removed file back."""
    service.restore(current_actor(), media_id)
    flash("Đã khôi phục.")
    return redirect(url_for("media_desk.edit", media_id=media_id), 303)


@blueprint.post("/hang-loat/go")
@needs("media.remove")
def remove_many() -> BaseResponse | str:
    """Take out what was ticked, with a way back."""
    chosen, back = picks(), list_address("media_desk.index")
    if not chosen:
        return nothing_picked(back)
    return answer(
        bulk.remove(current_actor(), chosen), lambda n: f"Đã gỡ {n} tệp khỏi thư viện.", back,
        undo=url_for("media_desk.restore_many"), undo_keys=[pick.key for pick in chosen],
    )  # fmt: skip


@blueprint.post("/hang-loat/khoi-phuc")
@needs("media.remove")
def restore_many() -> BaseResponse | str:
    """Bring back what was ticked."""
    chosen, back = picks(), list_address("media_desk.index")
    if not chosen:
        return nothing_picked(back)
    outcome = bulk.restore(current_actor(), chosen)
    return answer(outcome, lambda n: f"Đã khôi phục {n} tệp.", back)


def kind_names() -> dict[str, str]:
    """Kind → its name, for templates."""
    return {kind.value: name for kind, name in KIND_NAMES.items()}
