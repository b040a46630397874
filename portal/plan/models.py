"""Plans and their tasks. What serves a task (articles and the like) belongs to rooms above."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, FromContent, Removable


class PlanStatus(StrEnum):
    """Whether the plan is signed and in force, or still a draft."""

    DRAFT = "draft"
    ISSUED = "issued"


PLAN_STATUS_NAMES: dict[PlanStatus, str] = {
    PlanStatus.DRAFT: "bản dự thảo",
    PlanStatus.ISSUED: "đã ban hành",
}


class TargetPeriod(StrEnum):
    """How often a target must be reached; `WHOLE` means once in the time of the task."""

    WHOLE = "whole"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Counted(StrEnum):
    """Which evidence counts towards a target. `BY_HAND`: none, people record the figure."""

    ALL = "all"
    ARTICLE = "article"
    FILE = "file"
    EVENT = "event"
    DOCUMENT = "document"
    BY_HAND = "by_hand"


TARGET_PERIOD_NAMES: dict[TargetPeriod, str] = {
    TargetPeriod.WHOLE: "cả thời gian của nhiệm vụ",
    TargetPeriod.MONTH: "mỗi tháng",
    TargetPeriod.QUARTER: "mỗi quý",
    TargetPeriod.HALF_YEAR: "mỗi 6 tháng",
    TargetPeriod.YEAR: "mỗi năm",
}
COUNTED_NAMES: dict[Counted, str] = {
    Counted.ALL: "mọi minh chứng",
    Counted.ARTICLE: "bài viết",
    Counted.FILE: "tệp tư liệu",
    Counted.EVENT: "sự kiện",
    Counted.DOCUMENT: "văn bản",
    Counted.BY_HAND: "không đếm, cán bộ tự ghi kết quả",
}


def _one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{kind.value}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({values})", name=column)


class Plan(FromContent, Base):
    """One plan of one year. `reporting` is a list of {period, rule, due: ["MM-DD"], source}."""

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("status IN ('draft', 'issued')", name="status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date | None] = mapped_column(default=None)
    issuer: Mapped[str] = mapped_column(String(200), default="")
    signed_by: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(Text, default="")
    goals: Mapped[list[str]] = mapped_column(JSON)
    reporting: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    checked_on: Mapped[date | None] = mapped_column(default=None)
    tasks: Mapped[list[PlanTask]] = relationship(
        back_populates="plan", order_by="PlanTask.number", lazy="raise"
    )


class PlanTask(FromContent, Removable, Base):
    """One row of the plan's annex. `lead` is a unit's code or the name of another agency."""

    __tablename__ = "plan_task"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        _one_of("target_period", TargetPeriod),
        _one_of("counted", Counted),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(String(200), default="")
    partners: Mapped[list[str]] = mapped_column(JSON)
    period: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    product: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[int | None] = mapped_column(default=None)
    unit_of_target: Mapped[str] = mapped_column(String(200), default="")
    target_period: Mapped[str] = mapped_column(
        String(20), default=TargetPeriod.WHOLE.value, server_default=TargetPeriod.WHOLE.value
    )
    counted: Mapped[str] = mapped_column(
        String(20), default=Counted.ALL.value, server_default=Counted.ALL.value
    )
    topics: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date | None] = mapped_column(default=None)
    result: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    plan: Mapped[Plan] = relationship(back_populates="tasks", lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy

    @property
    def name(self) -> str:
        """How files and people point to this task: `<plan code>/<number>`."""
        return f"{self.plan.code}/{self.number}"

    @property
    def unit_code(self) -> str:
        """The unit that answers for the task, as permissions ask for it."""
        return self.lead
