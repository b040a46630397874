"""The table of synonyms in use: `content/synonyms.txt`, and what the desk adds to it or hides.

Every process reads the file when it has changed, and looks every two seconds whether the desk has
changed something. Synonyms belong to queries, not to the index: nothing is indexed anew.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from portal.core.db import db
from portal.search import synonyms
from portal.search.analysis import scan
from portal.search.models import SynonymRule
from portal.search.synonyms import Synonyms

log = logging.getLogger(__name__)
LOOK_EVERY = 2.0
DESK_HEADING = "# Thêm tại bàn làm việc"

Stamp = tuple[object, ...]

_trying: ContextVar[Synonyms | None] = ContextVar("trying", default=None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line added, or (`hides`) a line of the file that does not count."""

    line: str
    hides: bool = False


class Thesaurus:
    """Call it for the table of this moment; `look` tells whether the desk's part has changed and
    `read` gives it. Whatever fails, the last table goes on serving."""

    def __init__(
        self, path: Path, look: Callable[[], Stamp], read: Callable[[], Sequence[Rule]]
    ) -> None:
        self.path = path
        self._look = look
        self._read = read
        self._looked = -1e9
        self._desk: Stamp = ()
        self._rules: Sequence[Rule] = ()
        self._stamp: Stamp = ()
        self._synonyms = Synonyms()

    def __call__(self) -> Synonyms:
        return _trying.get() or self._present()

    def text(self) -> str:
        """The whole table as text, ready to be put into `content/`."""
        self.forget()
        self._present()
        return merge(self._base(), self._rules)

    def base(self) -> list[tuple[int, str]]:
        """(number, line) of what the file says, without comments."""
        return base_lines(self._base())

    def forget(self) -> None:
        """Look at the database at the next call, however short ago the last look was."""
        self._looked = -1e9

    @contextmanager
    def trying(self, extra: Iterable[Rule]) -> Iterator[None]:
        """Within the block this thread's searches also follow `extra`, which nobody saved."""
        self._present()
        token = _trying.set(synonyms.parse(merge(self._base(), [*self._rules, *extra])))
        try:
            yield
        finally:
            _trying.reset(token)

    def _present(self) -> Synonyms:
        try:
            self._look_at_desk()
            stat = self.path.stat() if self.path.is_file() else None
            stamp: Stamp = (stat and stat.st_mtime_ns, stat and stat.st_size, self._desk)
            if stamp != self._stamp:
                self._synonyms = synonyms.parse(merge(self._base(), self._rules))
                self._stamp = stamp
        except (OSError, UnicodeDecodeError, SQLAlchemyError) as error:
            log.warning("search.synonyms", extra={"error": type(error).__name__})
        return self._synonyms

    def _look_at_desk(self) -> None:
        if time.monotonic() - self._looked < LOOK_EVERY:
            return
        self._looked = time.monotonic()
        desk = self._look()
        if desk != self._desk:
            self._rules = self._read()
            self._desk = desk

    def _base(self) -> str:
        return self.path.read_text(encoding="utf-8") if self.path.is_file() else ""


def merge(base: str, rules: Iterable[Rule]) -> str:
    """The table as text: the base without hidden lines, then what was added. Comments stay."""
    rules = list(rules)
    hidden = {key_of(rule.line) for rule in rules if rule.hides}
    added = [rule.line for rule in rules if not rule.hides]
    kept = [line for line in base.splitlines() if not hidden or key_of(line) not in hidden]
    if added:
        kept += ["", DESK_HEADING, *added]
    return "\n".join(kept) + "\n"


def key_of(line: str) -> str:
    """Equal for lines that say the same: capitals, spaces and the order within a side aside.
    Empty for a line that says nothing."""
    said = line.split("#", 1)[0]
    sides = [
        sorted({" ".join(t.text.lower() for t in scan(part)) for part in side.split(",")} - {""})
        for side in said.split("=>")
    ]
    return " => ".join(", ".join(side) for side in sides) if any(sides) else ""


def base_lines(text: str) -> list[tuple[int, str]]:
    """(number, line) of what a table says, without comments."""
    lines = (
        (number, raw.split("#", 1)[0].strip().lstrip("\ufeff"))
        for number, raw in enumerate(text.splitlines(), start=1)
    )
    return [(number, line) for number, line in lines if line]


def fault(line: str) -> str:
    """Why a line cannot be used, in the words of the parser; empty when it can."""
    found = synonyms.parse(line).faults
    return found[0].message if found else ""


def look() -> Stamp:
    """Whether the desk's rules have changed; one cheap statement, beside any transaction."""
    query = select(
        func.count(SynonymRule.id), func.max(SynonymRule.changed_at), func.sum(SynonymRule.version)
    )
    with db.engine.connect() as connection:
        return tuple(connection.execute(query).one())


def read() -> list[Rule]:
    """The rules that count, oldest first."""
    query = select(SynonymRule.line, SynonymRule.hides).where(SynonymRule.removed_at.is_(None))
    with db.engine.connect() as connection:
        rows = connection.execute(query.order_by(SynonymRule.id)).all()
    return [Rule(line, hides) for line, hides in rows]
