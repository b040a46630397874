"""The desk's menu: what a person may open, in groups, with how much waits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from sqlalchemy import ScalarSelect, func, select

from portal.accounts.access import DESK, current_actor
from portal.accounts.permissions import Actor, may
from portal.articles import desk_queries as articles
from portal.articles.models import Article
from portal.core.db import db
from portal.feedback import queries as feedback
from portal.feedback.models import Feedback


@dataclass(frozen=True, slots=True)
class Entry:
    """One room in the menu; `permission` opens it."""

    label: str
    path: str
    permission: str
    icon: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as one person sees it on one page. `current` is a value of aria-current."""

    entry: Entry
    waiting: int
    current: str


@dataclass(frozen=True, slots=True)
class Menu:
    """Everything of the menu; `here` is the entry of the page that shows it."""

    groups: list[tuple[str, list[Shown]]]
    waiting: int
    here: str


_FIRST = Entry("Hôm nay", f"{DESK}/", "desk.open", "home")
_ARTICLES = Entry("Bài viết", f"{DESK}/bai-viet/", "article.list", "file-text")
_FEEDBACK = Entry("Phản ánh", f"{DESK}/phan-anh/", "feedback.list", "message")
_WORDS = Entry("Từ tìm kiếm", f"{DESK}/tim-kiem/", "wording.list", "search")
MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (_FIRST,)),
    ("Nội dung", (
        _ARTICLES,
        Entry("Tư liệu", f"{DESK}/tu-lieu/", "media.list", "image"),
        Entry("Kế hoạch", f"{DESK}/ke-hoach/", "plan.list", "plan"),
        Entry("Liên kết", f"{DESK}/lien-ket/", "link.list", "link"),
    )),
    ("Phục vụ người dân", (
        _FEEDBACK,
        Entry("Thủ tục", f"{DESK}/thu-tuc/", "procedure.list", "list"),
        Entry("Niêm yết", f"{DESK}/niem-yet/", "procedure.list", "print"),
        Entry("Thư đăng ký", f"{DESK}/nhan-thu/", "procedure.list", "message"),
        Entry("Danh bạ", f"{DESK}/danh-ba/", "directory.list", "phone"),
        _WORDS,
    )),
    ("Quản trị", (
        Entry("Băng thông báo", f"{DESK}/bang-thong-bao/", "banner.list", "bell"),
        Entry("Tài khoản", f"{DESK}/tai-khoan/", "user.list", "users"),
        Entry("Nhật ký", f"{DESK}/nhat-ky/", "audit.read", "history"),
        Entry("Cài đặt", f"{DESK}/cai-dat/", "settings.list", "settings"),
    )),
)  # fmt: skip


def menu() -> Menu:
    """The signed-in person's menu on the page being rendered; one statement."""
    actor = current_actor()
    waiting = _waiting(actor)
    groups = [
        (title, [_shown(entry, waiting) for entry in entries if may(actor, entry.permission)])
        for title, entries in MENU
    ]
    shown = [one for _, entries in groups for one in entries]
    here = next((one.entry.label for one in shown if one.current), "")
    return Menu([group for group in groups if group[1]], sum(waiting.values()), here)


def _shown(entry: Entry, waiting: dict[Entry, int]) -> Shown:
    current = ""
    if request.path == entry.path:
        current = "page"
    elif entry is not _FIRST and request.path.startswith(entry.path):
        current = "true"
    return Shown(entry, waiting.get(entry, 0), current)


def _waiting(actor: Actor) -> dict[Entry, int]:
    """How much waits for this person in each room that counts it."""
    counts = [(entry, count(actor)) for entry, needs, count in _COUNTERS if may(actor, needs)]
    if not counts:
        return {}
    row = db.session.execute(select(*(count for _, count in counts))).one()
    return {entry: number or 0 for (entry, _), number in zip(counts, row, strict=True)}


def _articles(actor: Actor) -> ScalarSelect[int]:
    return select(func.count(Article.id)).where(articles.waiting(actor)).scalar_subquery()


def _feedback(actor: Actor) -> ScalarSelect[int]:
    return select(func.count(Feedback.id)).where(feedback.waiting(actor)).scalar_subquery()


_COUNTERS: tuple[tuple[Entry, str, Callable[[Actor], ScalarSelect[int]]], ...] = (
    (_ARTICLES, "article.edit", _articles),
    (_FEEDBACK, "feedback.view", _feedback),
)
