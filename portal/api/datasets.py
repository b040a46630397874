"""The open data sets: what is in each, as JSON, as rows of a table, and as linked data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.api import schemas, shapes
from portal.articles import structured as article_things
from portal.articles.models import Article, visible
from portal.core import clock
from portal.core.settings import Settings, current_settings
from portal.core.web.structured import Thing, thing
from portal.directory import queries as directory
from portal.directory import structured as unit_things
from portal.directory.models import Unit
from portal.feedback import queries as feedback
from portal.feedback import structured as feedback_things
from portal.feedback.models import Feedback
from portal.procedures import queries as procedures
from portal.procedures import shapes as procedure_shapes
from portal.procedures import structured as procedure_things
from portal.procedures.export import CELLS, Column
from portal.procedures.models import Announcement, LegalBasis

Json = dict[str, Any]
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a set in its three forms; `things` may be empty: not all is linked data."""

    json: Json
    things: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class Dataset:
    """`name` stands in addresses; `schema` describes one item; `columns` make the table."""

    name: str
    title: str
    description: str
    schema: Json
    columns: Sequence[Column]
    items: Callable[[Session], Iterator[Item]]


def _plain(schema: Json, **titles: str) -> tuple[Column, ...]:
    """Columns that are fields of the item, lists joined by semicolons."""
    missing = set(titles) - set(schema["properties"])
    if missing:
        raise LookupError(f"no such fields: {sorted(missing)}")
    return tuple(Column(name, title, _field(name)) for name, title in titles.items())


def _field(name: str) -> Callable[[Json], object]:
    def value(item: Json) -> object:
        found = item[name]
        return "; ".join(map(str, found)) if isinstance(found, list) else found

    return value


def _procedures(session: Session) -> Iterator[Item]:
    settings, day = current_settings(), clock.today()
    for batch in procedures.everything(session):
        for row in batch:
            things = procedure_things.of_procedure(settings, row, day).things
            yield Item(procedure_shapes.in_full(row, day, settings), things)


def _announcements(session: Session) -> Iterator[Item]:
    settings = current_settings()
    for row in session.scalars(procedures.announcements()):
        yield Item(procedure_shapes.announcement(row, settings), [_legislation(row, settings)])


def _legislation(row: Announcement, settings: Settings) -> Thing:
    return thing(
        "Legislation", legislationIdentifier=row.number, name=row.title,
        legislationPassedBy=row.issuer,
        legislationDate=row.issued_on.isoformat() if row.issued_on else None, url=row.url,
        about=[settings.address(f"/thu-tuc/{change.code}#thu-tuc") for change in row.changes],
    )  # fmt: skip


def _legal_bases(session: Session) -> Iterator[Item]:
    codes = procedures.codes_by_legal_basis(session)
    for row in session.scalars(select(LegalBasis).order_by(LegalBasis.number)):
        item = procedure_shapes.legal_basis(row, codes.get(row.id, []))
        yield Item(item, [procedure_things.law(row)])


def _articles(session: Session) -> Iterator[Item]:
    query = (
        select(Article).where(visible()).order_by(Article.id)
        .options(joinedload(Article.topic), joinedload(Article.cover), joinedload(Article.unit))
        .execution_options(yield_per=_BATCH)
    )  # fmt: skip
    settings = current_settings()
    for row in session.scalars(query):
        yield Item(shapes.article_in_full(row), article_things.of_article(settings, row).things)


def _hotlines(_session: Session) -> Iterator[Item]:
    for row in directory.public_hotlines():
        yield Item(shapes.hotline(row), unit_things.contact_points([row]))


def _units(session: Session) -> Iterator[Item]:
    query = select(Unit).where(Unit.removed_at.is_(None)).order_by(Unit.sort_order, Unit.id)
    settings, nobody = current_settings(), directory.Contacts((), (), ())
    for row in session.scalars(query):
        yield Item(shapes.unit(row), unit_things.of_unit(settings, row, nobody).things)


def _feedback(session: Session) -> Iterator[Item]:
    settings, offset = current_settings(), 0
    while rows := feedback.latest_published(session, _BATCH, offset):
        yield from (_answer(row, settings) for row in rows)
        offset += _BATCH


def _answer(row: Feedback, settings: Settings) -> Item:
    return Item(shapes.feedback(row), feedback_things.of_item(settings, row).things)


def _changes(item: Json) -> str:
    return "; ".join(f"{change['code']} ({change['kind']})" for change in item["changes"])


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "thu-tuc", "Thủ tục hành chính",
        "Toàn bộ thủ tục trên cổng, kể cả thủ tục đã hết hiệu lực: cách nộp, thời hạn, phí, "
        "hồ sơ, các bước, căn cứ pháp lý, phần địa phương thêm vào, nguồn và ngày kiểm tra.",
        schemas.PROCEDURE_IN_FULL, CELLS, _procedures,
    ),
    Dataset(
        "cong-bo", "Quyết định công bố thủ tục",
        "Từng quyết định và thủ tục mà quyết định đó ban hành mới, sửa đổi, thay thế, bãi bỏ.",
        schemas.ANNOUNCEMENT,
        (
            *_plain(
                schemas.ANNOUNCEMENT, number="Số quyết định", issuer="Cơ quan ban hành",
                issued_on="Ngày ký", published_on="Ngày công khai", title="Trích yếu",
            ),
            Column("changes", "Thủ tục thay đổi", _changes),
            *_plain(schemas.ANNOUNCEMENT, source="Nguồn", certainty="Độ tin cậy"),
        ),
        _announcements,
    ),
    Dataset(
        "can-cu-phap-ly", "Căn cứ pháp lý",
        "Văn bản mà các thủ tục căn cứ vào, và mã các thủ tục của từng văn bản.",
        schemas.LEGAL_BASIS,
        _plain(
            schemas.LEGAL_BASIS, number="Số, ký hiệu", title="Trích yếu", issued_on="Ngày ban hành",
            issuer="Cơ quan ban hành", effective_from="Hiệu lực từ", state="Tình trạng",
            url="Địa chỉ văn bản", checked_on="Ngày kiểm tra", procedures="Mã thủ tục",
        ),
        _legal_bases,
    ),
    Dataset(
        "bai-viet", "Bài viết", "Các bài đã đăng, với toàn văn.", schemas.ARTICLE_IN_FULL,
        _plain(
            schemas.ARTICLE_IN_FULL, title="Tiêu đề", summary="Tóm tắt", topic="Chủ đề",
            kind="Loại", unit="Đơn vị", published_at="Lúc đăng", text="Toàn văn", url="Địa chỉ",
        ),
        _articles,
    ),
    Dataset(
        "duong-day-nong", "Đường dây nóng",
        "Số điện thoại và hộp thư, kèm độ tin cậy và ngày gọi thử.", schemas.HOTLINE,
        _plain(
            schemas.HOTLINE, name="Tên", purposes="Dùng khi", phone="Điện thoại", email="Thư",
            hours="Giờ trực", answered_by="Người trả lời", unit="Mã đơn vị",
            address="Nơi làm việc", certainty="Độ tin cậy", source="Nguồn",
            checked_on="Ngày kiểm tra", checked_by="Người kiểm tra", url="Địa chỉ",
        ),
        _hotlines,
    ),
    Dataset(
        "don-vi", "Đơn vị", "Các phòng, trung tâm, bệnh viện và nơi tiếp nhận.", schemas.UNIT,
        _plain(
            schemas.UNIT, code="Mã", name="Tên", kind="Loại", parent="Thuộc",
            address="Nơi làm việc", phone="Điện thoại", email="Thư", website="Trang",
            duties="Nhiệm vụ", certainty="Độ tin cậy", source="Nguồn",
            checked_on="Ngày kiểm tra", url="Địa chỉ",
        ),
        _units,
    ),
    Dataset(
        "hoi-dap", "Hỏi đáp",
        "Phản ánh, kiến nghị, câu hỏi đã trả lời và được phép công khai; không có tên, địa chỉ, "
        "điện thoại của ai.",
        schemas.FEEDBACK,
        _plain(
            schemas.FEEDBACK, id="Mã", kind="Loại", subject="Tiêu đề", question="Câu hỏi",
            answer="Trả lời", procedure="Mã thủ tục", published_at="Lúc công khai", url="Địa chỉ",
        ),
        _feedback,
    ),
)  # fmt: skip
BY_NAME = {dataset.name: dataset for dataset in DATASETS}
