"""Documents and queries for measuring an engine by itself, without database and pages."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bench.data import generated_procedures, real_procedures, sentences_of
from portal.core.text import fold
from portal.procedures.facts import ProcedureFacts
from portal.search.engine import SearchDocument

SUBJECTS = ("cong-dan", "doanh-nghiep", "to-chuc")
ONLINE = ("toan-trinh", "mot-phan", "thong-tin")


def documents(count: int) -> Iterator[SearchDocument]:
    """`count` procedures of 2 to 6 kB in the words of real ones; the same every time."""
    dice = random.Random(20261122)
    real = real_procedures("Sở Y tế")
    for facts in generated_procedures(real, sentences_of(real), count, dice):
        yield _document(facts, dice)


def _document(facts: ProcedureFacts, dice: random.Random) -> SearchDocument:
    papers = [part.name for case in facts.cases for part in case.components]
    return SearchDocument(
        kind="procedure",
        key=facts.code,
        code=facts.code,
        title=facts.name,
        keywords=[*map(str, facts.results), *papers][:12],
        body="\n".join(f"{step.title} {step.text}" for step in facts.steps),
        facets={
            "field": facts.field.name if facts.field else "",
            "level": [level.value for level in facts.levels],
            "subject": dice.choice(SUBJECTS),
            "online": dice.choice(ONLINE),
        },
        boost=dice.choice((0.85, 1.25)),
    )


def queries(of: list[SearchDocument], count: int) -> list[str]:
    """What people might type: pieces of names with and without marks, slips of the finger, codes,
    questions in whole sentences."""
    dice = random.Random(7)
    return [_query(dice.choice(of), dice) for _ in range(count)]


def _query(document: SearchDocument, dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.05:
        return dice.choice((document.code, document.code.replace(".", "")))
    words = document.title.lower().split()
    length = dice.randint(2, 6) if kind < 0.9 else dice.randint(7, 14)
    start = dice.randint(0, max(0, len(words) - length))
    text = " ".join(words[start : start + length])
    if dice.random() < 0.6:
        text = fold(text)
    if kind < 0.15:
        text = _slip(text, dice)
    elif kind > 0.95:
        text = f"tôi muốn làm {text} thì cần giấy tờ gì"
    return text


def _slip(text: str, dice: random.Random) -> str:
    place = dice.randrange(max(1, len(text) - 1))
    return text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
