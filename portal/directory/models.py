"""Units, hotlines and leaders' contacts. Rows are never deleted, they leave the public pages."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.certainty import Certainty
from portal.core.db import Base, FromContent, Removable
from portal.directory import schedule, schedule_words


class UnitKind(StrEnum):
    """What a unit is, in the order of the public list."""

    LEADERSHIP = "leadership"
    OFFICE = "office"
    BRANCH = "branch"
    SERVICE_CENTER = "service_center"
    CENTER = "center"
    HOSPITAL = "hospital"
    REGIONAL_CENTER = "regional_center"
    STATION = "station"
    SCHOOL = "school"
    OTHER = "other"


UNIT_KIND_NAMES: dict[UnitKind, str] = {
    UnitKind.LEADERSHIP: "Lãnh đạo",
    UnitKind.OFFICE: "Phòng, văn phòng",
    UnitKind.BRANCH: "Chi cục",
    UnitKind.SERVICE_CENTER: "Trung tâm Phục vụ hành chính công",
    UnitKind.CENTER: "Trung tâm",
    UnitKind.HOSPITAL: "Bệnh viện",
    UnitKind.REGIONAL_CENTER: "Trung tâm y tế khu vực",
    UnitKind.STATION: "Trạm y tế",
    UnitKind.SCHOOL: "Trường học",
    UnitKind.OTHER: "Đơn vị khác",
}


class Purpose(StrEnum):
    """What somebody may want to call about, in the order of the public page."""

    PROCEDURES = "procedures"
    ONLINE_SERVICE = "online_service"
    CONDUCT = "conduct"
    RULES = "rules"
    HEALTH_SERVICE = "health_service"
    INSURANCE = "insurance"
    CHILDREN = "children"
    EMERGENCY = "emergency"
    OTHER = "other"


NEEDS: dict[Purpose, str] = {
    Purpose.PROCEDURES: "Tôi muốn hỏi về thủ tục, hồ sơ",
    Purpose.ONLINE_SERVICE: "Tôi gặp lỗi khi nộp hồ sơ trực tuyến",
    Purpose.CONDUCT: "Tôi muốn phản ánh thái độ, sự chậm trễ của cán bộ",
    Purpose.RULES: "Tôi muốn góp ý về quy định, thủ tục",
    Purpose.HEALTH_SERVICE: "Tôi muốn hỏi hoặc phản ánh về dịch vụ y tế",
    Purpose.INSURANCE: "Tôi muốn hỏi về bảo hiểm y tế",
    Purpose.CHILDREN: "Tôi muốn báo tin trẻ em bị xâm hại hoặc gặp nguy hiểm",
    Purpose.EMERGENCY: "Có người cần cấp cứu",
    Purpose.OTHER: "Tôi có việc khác",
}


class Trouble(StrEnum):
    """What somebody says of a number that they called, in the order of the buttons."""

    DEAD = "dead"
    WRONG = "wrong"
    SILENT = "silent"
    OTHER = "other"


TROUBLE_NAMES: dict[Trouble, str] = {
    Trouble.DEAD: "Không gọi được",
    Trouble.WRONG: "Sai số",
    Trouble.SILENT: "Không ai nghe máy",
    Trouble.OTHER: "Việc khác",
}


class Outcome(StrEnum):
    """How the reports of a line ended."""

    RIGHT = "right"
    MENDED = "mended"
    REMOVED = "removed"


class Scope(StrEnum):
    """Whose number it is: the agency's own, or one that serves the whole country."""

    AGENCY = "agency"
    NATIONAL = "national"


class Checked:
    """How sure a contact is, from where, and when somebody last looked."""

    certainty: Mapped[str] = mapped_column(String(20), default=Certainty.UNVERIFIED.value)
    source: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None] = mapped_column(default=None)


def _one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({values})", name=column)


class Unit(FromContent, Removable, Checked, Base):
    """A room, branch, centre or hospital of the agency. `code` is its name for ever."""

    __tablename__ = "unit"
    __table_args__ = (_one_of("kind", UnitKind), _one_of("certainty", Certainty))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(30))
    parent: Mapped[str | None] = mapped_column(String(80), default=None)
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    sort_order: Mapped[int] = mapped_column(default=0, index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy

    @property
    def unit_code(self) -> str:
        """The unit that answers for this record, as permissions ask for it."""
        return self.code


class Hotline(FromContent, Removable, Checked, Base):
    """A number or address to turn to with a certain need. Without a phone it says so openly.

    `hours` is for reading; `schedule` is what can be computed with (`directory.schedule`), None
    while nobody knows the hours for certain."""

    __tablename__ = "hotline"
    __table_args__ = (_one_of("scope", Scope), _one_of("certainty", Certainty))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    purposes: Mapped[list[str]] = mapped_column(JSON)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    schedule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    address: Mapped[str] = mapped_column(String(300), default="")
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True, default=None)
    scope: Mapped[str] = mapped_column(String(20), default=Scope.AGENCY.value)
    checked_by: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    sort_order: Mapped[int] = mapped_column(default=0, index=True)
    version: Mapped[int] = mapped_column(default=1)
    unit: Mapped[Unit | None] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy

    @property
    def hours_in_words(self) -> str:
        """The hours as somebody wrote them, else as the schedule says them; "" when unknown."""
        known = schedule.read(self.schedule)
        return self.hours or (schedule_words.in_words(known) if known else "")


class HotlineReport(Base):
    """That somebody of a network could not reach a line. One row a line and network: who reports
    again changes the reason, who reports after the end (`closed_at`) begins anew. `network` is a
    keyed hash; nothing else of the sender is kept. `told_on` is when the unit got a letter."""

    __tablename__ = "hotline_report"
    __table_args__ = (
        UniqueConstraint("hotline_id", "network"),
        _one_of("reason", Trouble),
        _one_of("outcome", Outcome),
        Index("ix_hotline_report_open", "hotline_id", "closed_at"),
        Index("ix_hotline_report_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    hotline_id: Mapped[int] = mapped_column(ForeignKey("hotline.id"))
    network: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    told_on: Mapped[date | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(String(10), default=None)


class Leader(FromContent, Removable, Checked, Base):
    """Who leads, and the official phone and address that the agency gave out."""

    __tablename__ = "leader"
    __table_args__ = (_one_of("certainty", Certainty),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[str] = mapped_column(String(160))
    unit_code: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True, default=None)
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    sort_order: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    unit: Mapped[Unit | None] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy
