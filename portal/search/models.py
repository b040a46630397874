"""The outbox of the index, words that led nowhere, and synonyms written at the desk."""

from datetime import date, datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, Removable


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


class SearchGap(Base):
    """Words that led nowhere, or only by leaving most of them out; nothing of who typed them.

    Until the same words have come from `gaps.ENOUGH` different readers or days, `words` is empty
    and only `mark`, a keyed hash, tells them from others; `tags` are a few bits of whom and when,
    too few to tell anybody, and are erased when the words are kept.
    """

    __tablename__ = "search_gap"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), unique=True)
    words: Mapped[str] = mapped_column(String(120), default="")
    tags: Mapped[str] = mapped_column(String(20), default="")
    count: Mapped[int] = mapped_column(default=0)
    relaxed: Mapped[bool] = mapped_column(default=False)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
    handled_at: Mapped[datetime | None] = mapped_column(default=None)


class SynonymRule(Removable, Base):
    """A line of the table of synonyms that was written at the desk, in the format of the file;
    with `hides`, a line of the file that no longer counts."""

    __tablename__ = "synonym_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(Text)
    hides: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(index=True)
    changed_by: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
