"""The outbox of the index: what has changed in the database and is not yet applied."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base


class SearchChange(Base):
    """One document to build anew (or to remove, if its builder returns none).

    `due_at` is set for what shows only from then on; until that hour the row waits. A row without
    it is due at once, whatever the clock says.
    """

    __tablename__ = "search_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime | None] = mapped_column(index=True, default=None)
    created_at: Mapped[datetime]
