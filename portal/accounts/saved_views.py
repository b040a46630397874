"""Lists of the desk with filters that a person gave a name. Each has their own.

They are a person's bookmarks and change nothing of the agency's, so the audit log is silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import DeskList, SavedView
from portal.accounts.permissions import Actor, require
from portal.core import clock
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound
from portal.core.text import clean_line

MOST = 12  # of one person for one list: tabs above a list, not a second menu
LONGEST_NAME, _LONGEST_VALUE, _LONGEST_QUERY = 40, 200, 1000
FILTERS: Mapping[DeskList, tuple[str, ...]] = {
    DeskList.ARTICLES: ("xem", "q", "chu-de", "loai"),
    DeskList.FEEDBACK: (
        "khay",
        "q",
        "loai",
        "kenh",
        "don_vi",
        "thu_tuc",
        "tu_ngay",
        "den_ngay",
        "sap-xep",
    ),
    DeskList.PROCEDURES: ("q", "linh_vuc", "thieu"),
    DeskList.MEDIA: ("da-go", "q", "loai", "don-vi", "dung", "thieu", "sap-xep"),
    DeskList.ACCOUNTS: ("q", "vai_tro", "don_vi", "trang_thai"),
    DeskList.AUDIT: ("q", "su_viec", "nguoi", "loai", "ma", "tu_ngay", "den_ngay"),
}
PERMISSIONS: Mapping[DeskList, str] = {
    DeskList.ARTICLES: "article.list",
    DeskList.FEEDBACK: "feedback.list",
    DeskList.PROCEDURES: "procedure.list",
    DeskList.MEDIA: "media.list",
    DeskList.ACCOUNTS: "user.list",
    DeskList.AUDIT: "audit.read",
}


def canonical(which: DeskList, pairs: Iterable[tuple[str, str]]) -> str:
    """The filters of a list's address, always in the same order, and nothing else of it."""
    given = dict(pairs)
    kept = [(name, clean_line(given.get(name, ""))[:_LONGEST_VALUE]) for name in FILTERS[which]]
    return urlencode([(name, value) for name, value in kept if value])


def of(actor: Actor, which: DeskList) -> Sequence[SavedView]:
    """What this person saved for a list, the oldest first; one statement."""
    query = select(SavedView).where(_own(actor, which)).order_by(SavedView.id)
    return db.session.scalars(query).all()


def save(
    actor: Actor, which: DeskList, name: str, query: str, *, is_default: bool = False
) -> SavedView:
    """Keep the filters in `query` under a name. Raises `Invalid` by field."""
    require(actor, PERMISSIONS[which])
    name, kept = clean_line(name), canonical(which, parse_qsl(query))
    if problem := _fault(name, kept):
        raise Invalid({"name": problem})
    with write() as session:
        mine = select(func.count()).select_from(SavedView).where(_own(actor, which))
        if (session.scalar(mine) or 0) >= MOST:
            raise Invalid({"name": f"Bạn đã lưu {MOST} danh sách. Xóa bớt rồi lưu danh sách mới."})
        if session.scalar(mine.where(SavedView.name == name)):
            raise Invalid({"name": f"Bạn đã có danh sách “{name}”. Đặt tên khác."})
        view = SavedView(
            user_id=actor.user_id, list_name=which.value, name=name, query=kept,
            created_at=clock.now(), is_default=False,
        )  # fmt: skip
        session.add(view)
        session.flush()
        if is_default:
            _make_first(session, actor, view)
        return view


def remove(actor: Actor, view_id: int) -> SavedView:
    """Forget a list; returns what it was. Raises `NotFound` for another person's."""
    with write() as session:
        view = _find(session, actor, view_id)
        session.delete(view)
        session.flush()
        session.expunge(view)
        return view


def set_default(actor: Actor, view_id: int, *, on: bool) -> SavedView:
    """Let a list be what its room opens with, or no longer. Raises `NotFound`."""
    with write() as session:
        view = _find(session, actor, view_id)
        if on:
            _make_first(session, actor, view)
        else:
            view.is_default = False
        return view


def _make_first(session: Session, actor: Actor, view: SavedView) -> None:
    others = update(SavedView).where(_own(actor, DeskList(view.list_name)))
    session.execute(others.values(is_default=False))
    session.refresh(view)
    view.is_default = True


def _find(session: Session, actor: Actor, view_id: int) -> SavedView:
    view = session.get(SavedView, view_id)
    if view is None or view.user_id != actor.user_id:
        raise NotFound(f"saved view {view_id}")
    return view


def _own(actor: Actor, which: DeskList) -> ColumnElement[bool]:
    return and_(SavedView.user_id == actor.user_id, SavedView.list_name == which.value)


def _fault(name: str, query: str) -> str:
    if not name:
        return "Đặt tên cho danh sách, ví dụ: Bài của đơn vị chờ duyệt."
    if len(name) > LONGEST_NAME:
        return f"Tên danh sách dài quá {LONGEST_NAME} ký tự. Bạn rút ngắn lại."
    if not query:
        return "Chọn ít nhất một bộ lọc rồi lưu."
    if len(query) > _LONGEST_QUERY:
        return "Bộ lọc dài quá. Bạn rút ngắn từ tìm kiếm rồi lưu."
    return ""
