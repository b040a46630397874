"""Which version of a sheet hangs where, as the staff noted it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class PostedSheet(Base):
    """The sheet of one procedure at one place: the version that was put up last."""

    __tablename__ = "posted_sheet"
    __table_args__ = (UniqueConstraint("procedure_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(200), index=True)
    version: Mapped[int]
    posted_on: Mapped[date]
