"""The closed vocabularies of the room: values, their slugs in addresses, their Vietnamese names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Term:
    """How a value is written in an address (stable for ever) and on a page."""

    slug: str
    name: str


class Level(StrEnum):
    """Which tier of the administration settles the procedure; one procedure may have several."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    COMMUNE = "commune"
    OTHER = "other"


class Kind(StrEnum):
    STANDARD = "standard"
    SPECIFIC = "specific"
    INTERCONNECTED = "interconnected"
    INTERNAL = "internal"


class Status(StrEnum):
    """What was recorded; whether it is in force on a day also depends on the dates."""

    IN_FORCE = "in_force"
    ABOLISHED = "abolished"


class State(StrEnum):
    """What a reader must know on a given day, computed by `Procedure.state_on`."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    ENDED = "ended"


class OnlineLevel(StrEnum):
    FULL = "full"
    PARTIAL = "partial"
    INFORMATION = "information"


class ChannelKind(StrEnum):
    DIRECT = "direct"
    ONLINE = "online"
    POST = "post"


class TimeUnit(StrEnum):
    WORKING_DAY = "working_day"
    DAY = "day"
    HOUR = "hour"
    MONTH = "month"


class ChangeKind(StrEnum):
    NEW = "new"
    AMENDED = "amended"
    REPLACED = "replaced"
    ABOLISHED = "abolished"


class FeeKind(StrEnum):
    """Phí pays for a service, lệ phí is charged for a state act (Luật Phí và lệ phí, Điều 3)."""

    FEE = "fee"
    CHARGE = "charge"


class LegalState(StrEnum):
    """What is known of a legal document; a source with a date stands beside it."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class ProcessKind(StrEnum):
    INTERNAL = "internal"
    ELECTRONIC = "electronic"


class Origin(StrEnum):
    """Where a version of a procedure came from."""

    CONTENT = "content"
    IMPORT = "import"
    DESK = "desk"
    DECISION = "decision"


class SubjectGroup(StrEnum):
    """Who may apply, in the three groups that people filter by."""

    PERSON = "person"
    BUSINESS = "business"
    ORGANISATION = "organisation"


LEVELS: Mapping[Level, Term] = {
    Level.PROVINCE: Term("tinh", "Cấp tỉnh"),
    Level.COMMUNE: Term("xa", "Cấp xã"),
    Level.MINISTRY: Term("bo", "Cấp bộ"),
    Level.OTHER: Term("khac", "Cơ quan khác"),
}
KINDS: Mapping[Kind, str] = {
    Kind.STANDARD: "Tiêu chuẩn",
    Kind.SPECIFIC: "Đặc thù của địa phương",
    Kind.INTERCONNECTED: "Liên thông",
    Kind.INTERNAL: "Nội bộ giữa các cơ quan",
}
STATES: Mapping[State, Term] = {
    State.IN_FORCE: Term("hieu-luc", "Đang hiệu lực"),
    State.UPCOMING: Term("sap-hieu-luc", "Sắp có hiệu lực"),
    State.ENDED: Term("het-hieu-luc", "Hết hiệu lực"),
}
ONLINE_LEVELS: Mapping[OnlineLevel, Term] = {
    OnlineLevel.FULL: Term("toan-trinh", "Toàn trình"),
    OnlineLevel.PARTIAL: Term("mot-phan", "Một phần"),
    OnlineLevel.INFORMATION: Term("thong-tin", "Cung cấp thông tin"),
}
CHANNELS: Mapping[ChannelKind, str] = {
    ChannelKind.DIRECT: "Trực tiếp",
    ChannelKind.ONLINE: "Trực tuyến",
    ChannelKind.POST: "Bưu chính công ích",
}
TIME_UNITS: Mapping[TimeUnit, str] = {
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.HOUR: "giờ",
    TimeUnit.MONTH: "tháng",
}
CHANGES: Mapping[ChangeKind, Term] = {
    ChangeKind.NEW: Term("moi", "Mới ban hành"),
    ChangeKind.AMENDED: Term("sua-doi", "Sửa đổi, bổ sung"),
    ChangeKind.REPLACED: Term("thay-the", "Thay thế"),
    ChangeKind.ABOLISHED: Term("bai-bo", "Bãi bỏ"),
}
FEE_KINDS: Mapping[FeeKind, str] = {FeeKind.FEE: "Phí", FeeKind.CHARGE: "Lệ phí"}
LEGAL_STATES: Mapping[LegalState, str] = {
    LegalState.IN_FORCE: "Còn hiệu lực",
    LegalState.AMENDED: "Đã được sửa đổi, bổ sung",
    LegalState.EXPIRED: "Hết hiệu lực",
    LegalState.UNKNOWN: "Chưa kiểm chứng hiệu lực",
}
PROCESSES: Mapping[ProcessKind, str] = {
    ProcessKind.INTERNAL: "Quy trình nội bộ",
    ProcessKind.ELECTRONIC: "Quy trình điện tử",
}
SUBJECTS: Mapping[SubjectGroup, Term] = {
    SubjectGroup.PERSON: Term("nguoi-dan", "Người dân"),
    SubjectGroup.BUSINESS: Term("doanh-nghiep", "Doanh nghiệp, hợp tác xã"),
    SubjectGroup.ORGANISATION: Term("to-chuc", "Cơ quan, tổ chức"),
}
UNKNOWN = Term("chua-ro", "Đang cập nhật")


def subject_group(subject: str) -> SubjectGroup:
    """The group of one national "đối tượng thực hiện"."""
    lowered = subject.lower()
    if lowered.startswith(("doanh nghiệp", "hợp tác xã", "hộ kinh doanh", "cơ sở")):
        return SubjectGroup.BUSINESS
    if lowered.startswith(("tổ chức", "cơ quan", "đơn vị")):
        return SubjectGroup.ORGANISATION
    return SubjectGroup.PERSON
