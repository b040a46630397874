"""What an article needs before somebody else is asked to read it, and before readers do."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.accounts.permissions import Actor, may
from portal.articles.body import file_ids, pictures_without_words
from portal.articles.drafts import Draft
from portal.articles.models import Article, Topic
from portal.core.errors import Invalid
from portal.core.html import plain_text
from portal.directory.models import Unit
from portal.media.lacks import Lack, Mend, lack_of, lacking, mend
from portal.media.models import MediaFile, MediaKind
from portal.plan.models import PlanTask

_OFFERED = (MediaKind.DOCUMENT, MediaKind.AUDIO, MediaKind.VIDEO)


def unfinished(
    session: Session, draft: Draft, mends: Sequence[Mend] | None = None
) -> dict[str, str]:
    """What is missing for publication, by field; empty when nothing is. `mends` is what `to_mend`
    found, where the caller has asked already."""
    problems: dict[str, str] = {}
    if not draft.summary:
        problems["summary"] = "Viết tóm tắt: một, hai câu nói bài giúp được gì cho người đọc."
    if draft.topic_id is None:
        problems["topic_id"] = "Chọn chủ đề của bài."
    if not plain_text(draft.body).strip():
        problems["body"] = "Viết nội dung bài."
    elif numbers := pictures_without_words(draft.body, _plain_pictures(session, draft.body)):
        which = ", ".join(map(str, numbers))
        problems["body"] = f"Ảnh thứ {which} trong bài chưa có mô tả cho người không nhìn thấy."
    files = _files(session, {*draft.attachment_ids, *_some(draft.cover_id)})
    cover = files.get(draft.cover_id or 0)
    if cover is not None and lack_of(cover):
        problems["cover_id"] = "Ảnh bìa chưa có mô tả. Bạn thêm mô tả cho ảnh ở mục Tư liệu."
    if "body" not in problems and _has_lost_files(session, draft.body):
        problems["body"] = "Bài có ảnh hoặc tệp không còn trong thư viện. Bạn bỏ hoặc thay."
    gone = [media.title for media in files.values() if media.removed_at is not None]
    if gone:
        problems["attachments"] = f"Tệp “{gone[0]}” đã bị gỡ khỏi thư viện. Bạn bỏ hoặc thay tệp."
    else:
        found = to_mend(session, draft) if mends is None else mends
        if short := [one.message for one in found if one.lack != Lack.ALT]:
            problems["attachments"] = " ".join(short)
    return problems


def to_mend(session: Session, draft: Draft) -> list[Mend]:
    """Files of a draft that lack an alternative text, a transcript or an abstract, each with
    where staff fill it in. A picture of the body has its alternative text in the body."""
    ids = {*draft.attachment_ids, *_some(draft.cover_id)}
    inline = file_ids(draft.body)
    if not ids and not inline:
        return []
    theirs = or_(
        MediaFile.id.in_(ids),
        and_(MediaFile.public_id.in_(inline), MediaFile.kind != MediaKind.IMAGE.value),
    )
    query = select(MediaFile).where(theirs, MediaFile.removed_at.is_(None), lacking())
    found = session.scalars(query.order_by(MediaFile.id))
    return [one for media in found if (one := mend(media))]


def _plain_pictures(session: Session, body: str) -> set[str]:
    """Public ids of pictures in a body that somebody said to need no words."""
    if not (wanted := file_ids(body)):
        return set()
    query = select(MediaFile.public_id)
    query = query.where(MediaFile.public_id.in_(wanted), MediaFile.plain_reason != "")
    return set(session.scalars(query))


def refuse_unfinished(session: Session, article: Article) -> None:
    """Raise `Invalid` while something is missing. Its attachments and tasks must be loaded."""
    if problems := unfinished(session, Draft.of_article(article)):
        raise Invalid(problems)


def check_references(session: Session, actor: Actor, draft: Draft, before: Draft | None) -> None:
    """Raise `Invalid` when a draft points to what does not exist or is not this person's.

    What it pointed to `before` may stay even if it could not be chosen today.
    """
    problems: dict[str, str] = {}
    if draft.topic_id is not None and session.get(Topic, draft.topic_id) is None:
        problems["topic_id"] = "Chọn chủ đề trong danh sách."
    if not (before and before.unit_code == draft.unit_code):
        problems |= _unit_problem(session, actor, draft.unit_code)
    files = _files(session, {*draft.attachment_ids, *_some(draft.cover_id)})
    if draft.cover_id and not _is_kind(files.get(draft.cover_id), (MediaKind.IMAGE,)):
        problems["cover_id"] = "Chọn một ảnh trong thư viện làm ảnh bìa."
    if not all(_is_kind(files.get(number), _OFFERED) for number in draft.attachment_ids):
        problems["attachments"] = "Chọn tài liệu, âm thanh hoặc phim trong thư viện."
    known = set(session.scalars(select(PlanTask.id).where(PlanTask.id.in_(draft.task_ids))))
    if known != set(draft.task_ids):
        problems["tasks"] = "Chọn nhiệm vụ trong danh sách."
    if problems:
        raise Invalid(problems)


def _has_lost_files(session: Session, body: str) -> bool:
    wanted = file_ids(body)
    query = select(func.count()).where(
        MediaFile.public_id.in_(wanted), MediaFile.removed_at.is_(None)
    )
    return bool(wanted) and session.scalar(query) != len(wanted)


def _unit_problem(session: Session, actor: Actor, code: str | None) -> dict[str, str]:
    everywhere = may(actor, "article.publish")
    if code is None:
        return {} if everywhere else {"unit_code": "Chọn đơn vị của bài."}
    if code not in actor.units and not everywhere:
        return {"unit_code": "Bạn chỉ viết bài cho đơn vị của mình."}
    there = session.scalar(select(Unit.id).where(Unit.code == code, Unit.removed_at.is_(None)))
    return {} if there else {"unit_code": "Chọn đơn vị trong danh sách."}


def _files(session: Session, ids: Collection[int]) -> dict[int, MediaFile]:
    if not ids:
        return {}
    query = select(MediaFile).where(MediaFile.id.in_(ids))
    return {media.id: media for media in session.scalars(query)}


def _is_kind(media: MediaFile | None, kinds: Collection[MediaKind]) -> bool:
    return media is not None and media.kind in kinds


def _some(number: int | None) -> set[int]:
    return set() if number is None else {number}
