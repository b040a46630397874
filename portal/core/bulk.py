"""One verb for many things: each is judged and changed on its own, and all are reported.

What was done stays done when another is refused: a list of thirty must not wait for the one that
a colleague is writing in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.errors import Conflict, Invalid, NotAllowed, NotFound

MOST = 100  # things in one go: more than any page of a list holds
_UNKNOWN = "Không còn mục này, hoặc bạn không được xem."
_NOT_ALLOWED = "Bạn không được làm việc này với mục này."


@dataclass(frozen=True, slots=True)
class Pick:
    """A thing chosen in a list: its key in addresses, and the version that the person saw (0 for
    things without versions)."""

    key: str
    version: int = 0

    @property
    def number(self) -> int:
        """The key as a row's id; -1, which no row has, when it is none."""
        fits = self.key.isascii() and self.key.isdecimal() and len(self.key) < 10
        return int(self.key) if fits else -1


@dataclass(slots=True)
class Outcome:
    """Names of what was done, and of what was not, each with the reason."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def numbers(picks: Iterable[Pick]) -> list[int]:
    """The ids among the picks."""
    return [pick.number for pick in picks if pick.number >= 0]


def each(
    picks: Sequence[Pick], names: Mapping[str, str], verb: Callable[[Pick], object]
) -> Outcome:
    """Run `verb`, which checks rights and state itself, for every pick.

    `names` maps the keys that the person may know of to what the report calls them; a key that is
    not in it is named by nothing but itself.
    """
    outcome = Outcome()
    for pick in picks:
        name = names.get(pick.key, f"Mục {pick.key[:40]}")
        try:
            verb(pick)
        except NotFound:
            outcome.refused.append((name, _UNKNOWN))
        except NotAllowed:
            outcome.refused.append((name, _NOT_ALLOWED))
        except Invalid as error:
            outcome.refused.append((name, " ".join(error.problems.values())))
        except Conflict as error:
            outcome.refused.append((name, str(error)))
        else:
            outcome.done.append(name)
    return outcome
