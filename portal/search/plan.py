"""What a query comes down to: a bounded plan that any engine can run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alternative:
    """Terms that together may stand for a slot: syllables, or one code or number."""

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for. A document matches it by its best alternative."""

    alternatives: tuple[Alternative, ...]
    weight: float = 1.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`pairs` and `accents` only add to the score of what the slots find. `led` names the old codes
    that were typed, each with those that took its place."""

    slots: tuple[Slot, ...]
    pairs: tuple[str, ...]
    accents: tuple[str, ...]
    understood_as: str
    corrected: bool
    led: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def words(self) -> frozenset[str]:
        """What to highlight: every word typed but the optional ones, and what may stand for it. A
        phrase that stands for something else counts only as a whole, its words apart by a space."""
        marked: set[str] = set()
        for slot in self.slots:
            if not slot.optional:
                said, *others = slot.alternatives
                marked.update(said.terms)
                marked.update(" ".join(other.terms) for other in others)
        return frozenset(marked)
