"""Made-up data for the page that shows every component in every state. Nothing of it is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length

from portal.accounts.models import DeskList
from portal.core.clock import LOCAL_ZONE
from portal.core.diff import compare
from portal.core.web.forms import LineField, PortalForm, TextField, required
from portal.core.web.pages import Page
from portal.site.banners import Wanted
from portal.site.models import BannerKind

# Parts of the page, each a template in templates/site/components/.
PARTS = ("words", "finding", "things", "forms", "frame", "desk")
ON = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 30, tzinfo=LOCAL_ZONE)
BANNERS = [
    Wanted(
        kind=kind, text=text, link="/phan-anh/", link_text="Gửi câu hỏi cho cơ quan",
        starts_at=AT, ends_at=AT,
    )
    for kind, text in (
        (BannerKind.URGENT, "Bộ phận Một cửa dừng tiếp nhận chiều nay vì mưa bão."),
        (BannerKind.MAINTENANCE, "Cổng tạm ngừng từ 22:00 đến 23:00 ngày 30/11/2026."),
        (BannerKind.NEWS, "Từ ngày 01/12/2026, trụ sở mở cửa cả sáng thứ Bảy."),
    )
]  # fmt: skip


class SampleForm(PortalForm):
    """Every kind of field; shown empty, filled and with mistakes."""

    line = LineField("Họ và tên", [required("Nhập họ và tên.")])
    text = TextField("Nội dung", [Length(max=200, message="Nội dung dài quá 200 ký tự.")])
    day = DateField("Ngày tiếp nhận", [required("Chọn ngày tiếp nhận.")])
    unit = SelectField(
        "Đơn vị",
        choices=[
            SelectChoice("", "Chọn đơn vị"),
            SelectChoice("cdc", "Trung tâm Kiểm soát bệnh tật"),
        ],
    )
    kind = RadioField(
        "Loại nội dung",
        choices=[
            SelectChoice("hoi", "Câu hỏi"),
            SelectChoice("phan-anh", "Phản ánh"),
            SelectChoice("kien-nghi", "Kiến nghị"),
        ],
        validators=[required("Chọn loại nội dung.")],
    )
    consent = BooleanField(
        "Tôi đồng ý để cơ quan dùng thông tin này", [required("Đánh dấu để đồng ý.")]
    )
    file = FileField("Tệp", [required("Chọn một tệp.")])


@dataclass(frozen=True, slots=True)
class Option:
    """One filter as the panel shows it."""

    name: str
    count: int
    address: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Filters of one kind."""

    title: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> bool:
        return any(option.chosen for option in self.options)


GROUPS = (
    Group(
        "Lĩnh vực",
        (Option("Khám bệnh, chữa bệnh", 41, "#loc", True), Option("Dược phẩm", 37, "#loc")),
    ),
    Group("Mức độ trực tuyến", (Option("Toàn trình", 120, "#loc"), Option("Một phần", 64, "#loc"))),
)
STEPS = (
    SimpleNamespace(
        title="Nộp hồ sơ", text="Nộp tại Trung tâm Phục vụ hành chính công hoặc trên mạng."
    ),
    SimpleNamespace(
        title="Nhận kết quả", text="Đến đúng ngày ghi trên giấy hẹn.\nMang theo giấy hẹn."
    ),
)
EVENTS = (
    ("Đã trả lời", "", AT),
    ("Chuyển đơn vị giải quyết", "đúng chuyên môn của đơn vị", AT),
    ("Đã tiếp nhận", "", AT),
)
FILE = SimpleNamespace(
    title="Đơn đề nghị cấp lại giấy phép (mẫu 02)", shown_url="#tep", extension="docx", size=24_300
)
SCAN = SimpleNamespace(
    kind="document", title="Quyết định công bố thủ tục (bản quét)", shown_url="#tep",
    extension="pdf", size=2_400_000, text_layer="none",
    abstract="Quyết định nêu những thủ tục mới, nơi nhận hồ sơ và ngày bắt đầu áp dụng.",
)  # fmt: skip
RECORDING = SimpleNamespace(
    title="Hướng dẫn nộp hồ sơ trực tuyến", shown_url="#tep", page_url="#tep", poster_url="",
    captions_url="", seconds=200, extension="mp3", size=3_200_000,
    transcript="Lời đọc của tệp âm thanh, để người không nghe được vẫn biết nội dung.",
)  # fmt: skip
FILES = (
    SimpleNamespace(original_name="anh-quay-so-3.jpg", size=812_000, stored_name="a"),
    SimpleNamespace(original_name="giay-hen.pdf", size=1_240_000, stored_name="b"),
)
CERTAINTIES = ("verified", "found", "unverified")


REPORTS = SimpleNamespace(count=3, since=ON)
STANDINGS = (
    SimpleNamespace(is_open=True, words="Đang trực, đến 17:00", changes=""),
    SimpleNamespace(is_open=False, words="Ngoài giờ, mở lại 07:30 thứ Hai", changes=""),
)


def hotline(certainty: str, phone: str = "0225 000 0000") -> SimpleNamespace:
    """A contact; the number belongs to nobody."""
    return SimpleNamespace(
        key=f"mau-{certainty}{'-khong-so' if not phone else ''}",
        name="Tiếp nhận phản ánh về thái độ phục vụ",
        phone=phone,
        email="vi-du@example.gov.vn",
        note="",
        purposes=["procedures"],
        hours_in_words="07:30 đến 11:30, 13:30 đến 17:00, thứ Hai đến thứ Sáu",
        schedule={"always": True} if certainty == "verified" else None,
        answered_by="Cán bộ trực",
        unit=None,
        address="",
        certainty=certainty,
        checked_on=ON,
        checked_by="Văn phòng",
        source="Dữ liệu mẫu",
    )


def pages() -> dict[str, Page[int]]:
    """Lists of one, few and many pages."""
    return {
        "Trang đầu": Page([], 1, 10, 45),
        "Ở giữa": Page([], 10, 10, 200),
        "Trang cuối": Page([], 5, 10, 45),
    }


def forms() -> dict[str, SampleForm]:
    """The same form before anybody typed, and after a mistake in each field."""
    empty = SampleForm(formdata=None, prefix="trong")
    wrong = SampleForm(
        formdata=None, prefix="sai", data={"line": "Nguyễn Thị Mẫu", "text": "Chờ lâu"}
    )
    for field in wrong:
        if not field.name.endswith("csrf_token"):
            field.errors = [f"{field.label.text}: đây là câu báo lỗi, nói rõ cách sửa."]
    return {"empty": empty, "wrong": wrong}


COMPARISON = compare(
    "Thời hạn 15 ngày làm việc.\nBạn nộp tại bộ phận một cửa.\nMang theo giấy tờ.\nMột\nHai\nBa",
    "Thời hạn 10 ngày làm việc.\nBạn nộp tại nhà hoặc bộ phận một cửa.\nMang theo giấy tờ.\nMột"
    "\nHai\nBa\nMiễn phí.",
)
NO_CHANGE = compare("Thời hạn 10 ngày làm việc.", "Thời hạn 10 ngày làm việc.")
TILES = (
    SimpleNamespace(label="Phản ánh quá hạn", count=2, url="#mau-ban", urgent=True),
    SimpleNamespace(label="Bài chờ duyệt", count=1_250, url="#mau-ban", urgent=False),
    SimpleNamespace(label="Thủ tục cần đối chiếu", count=0, url="#mau-ban", urgent=False),
)
_TABS = [("Tất cả", "#mau-ban", False, None), ("Bài của đơn vị chờ duyệt", "#mau-ban", True, None)]
_SAVED = SimpleNamespace(id=1, name="Bài của đơn vị chờ duyệt", is_default=False)
VIEWS = (
    SimpleNamespace(tabs=_TABS, saved=_SAVED, can_save=False),
    SimpleNamespace(tabs=[], saved=None, can_save=True, query="loai=tin", which=DeskList.ARTICLES),
)
