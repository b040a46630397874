"""Pages that may take over the readers of a merged article. Rooms above and beside lend theirs."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.articles.models import Article, ArticleSlug, Way
from portal.core.errors import Invalid

Find = Callable[[Session, str], str | None]
"""The title of the public page with this key (what follows the prefix of its address), or None."""

ARTICLES = "/bai-viet/"
_MOST = 50
_lent: dict[str, Find] = {}


def register(prefix: str, find: Find) -> None:
    """Say how the public pages at `prefix` are found. Again for the same prefix replaces."""
    _lent[prefix] = find


def path_of(typed: str) -> str:
    """The path in what somebody typed or pasted, without host, query and fragment."""
    try:
        path = urlsplit(typed.strip()).path
    except ValueError:
        return ""
    return path if path.startswith("/") and len(path) <= 200 else ""


def title_of(session: Session, path: str) -> str | None:
    """The title of the public page at a path, None when readers find nothing there."""
    if path.startswith(ARTICLES):
        found = _article(session, path)
        return found.title if found is not None and found.is_visible else None
    prefix = next((prefix for prefix in _lent if path.startswith(prefix)), None)
    return _lent[prefix](session, path.removeprefix(prefix)) if prefix else None


def final(session: Session, article: Article) -> str | None:
    """Where readers of a merged article are led: the page itself, over all that was merged
    meanwhile. None when it is merged into nothing, or there is nothing to see (any more)."""
    path = article.merged_into if article.withdrawn_way == Way.MERGED else ""
    for _ in range(_MOST):
        found = _article(session, path)
        if found is None:
            break
        if found.is_visible:
            return found.url
        if not (found.was_visible and found.withdrawn_way == Way.MERGED):
            return None
        path = found.merged_into
    return path if path and title_of(session, path) else None


def check(session: Session, article: Article, path: str) -> None:
    """Raise `Invalid` when readers of `article` cannot be led to `path`: nothing is there, or the
    way leads back to where it began."""
    if _leads_back(session, article, path):
        raise Invalid({"into": "Trang này dẫn về chính bài đang gỡ. Chọn trang khác."})
    if title_of(session, path) is None:
        raise Invalid({"into": "Không có trang công khai nào ở địa chỉ này. Chọn trang khác."})


def _leads_back(session: Session, article: Article, path: str) -> bool:
    """Follows articles that are merged, or will be when their hour comes."""
    for _ in range(_MOST):
        found = _article(session, path)
        if found is None:
            return False
        if found.id == article.id:
            return True
        merged = found.withdrawn_way == Way.MERGED and found.merged_into
        if not merged:
            return False
        path = found.merged_into
    return True


def _article(session: Session, path: str) -> Article | None:
    if not path.startswith(ARTICLES):
        return None
    slug = path.removeprefix(ARTICLES)
    former = select(ArticleSlug.article_id).where(ArticleSlug.slug == slug)
    query = select(Article).where((Article.slug == slug) | Article.id.in_(former))
    return session.scalars(query.order_by((Article.slug == slug).desc()).limit(1)).first()
