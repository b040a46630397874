"""Procedures and articles in any number, in the words of real ones.

Real procedures come from ../shared/data where it is there, else from the shipped content; more
than there are is made by recombining their parts. The same size gives the same data every time.
"""

from __future__ import annotations

import gzip
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import delete, insert, select

from bench.relevance import data_directory
from portal.articles.models import Article, Kind, Topic
from portal.articles.states import State
from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import ROOT
from portal.core.text import fold, slugify
from portal.procedures.comparing import facts_of
from portal.procedures.facts import ProcedureFacts, Step
from portal.procedures.importing.mapping import facts_of_row
from portal.procedures.importing.notes import Notes
from portal.procedures.importing.readers import read_rows
from portal.procedures.models import Procedure
from portal.procedures.recording import WITH_PARTS, Recorder
from portal.procedures.terms import Level, Origin
from portal.search.models import SearchChange

LEAST, MOST = 2_000, 6_000
_BATCH = 250
_LEVELS = ((Level.PROVINCE,), (Level.COMMUNE,), (Level.PROVINCE, Level.COMMUNE))


def fill(app: Flask, procedures: int, articles: int) -> None:
    """Put that many generated procedures and articles beside what the content brought."""
    dice = random.Random(20261121)
    with app.app_context():
        real = real_procedures(app.extensions["settings"].site.agency.name)
        sentences = sentences_of(real)
        for batch in _batches(generated_procedures(real, sentences, procedures, dice)):
            _record(batch)
        with write() as session:
            topics = session.scalars(select(Topic.id)).all()
        for rows in _batches(generated_articles(real, sentences, articles, topics, dice)):
            with write() as session:
                session.execute(insert(Article), rows)
        with write() as session:
            session.execute(delete(SearchChange))  # the index is made anew from all
        db.session.remove()


def real_procedures(agency: str) -> list[ProcedureFacts]:
    """What recombining starts from."""
    data = data_directory()
    if data is None:
        query = select(Procedure).options(*WITH_PARTS)
        return [facts_of(procedure) for procedure in db.session.scalars(query)]
    notes = Notes()
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as plain:
        plain.write(gzip.decompress((data / "national_tthc_2642.jsonl.gz").read_bytes()))
        plain.flush()
        rows = list(read_rows(Path(plain.name)))
    found = (facts_of_row(row, notes, agency) for row in rows)
    return [facts for facts in found if facts is not None]


def generated_procedures(
    real: Sequence[ProcedureFacts], sentences: Sequence[str], count: int, dice: random.Random
) -> Iterator[ProcedureFacts]:
    """`count` procedures of 2 to 6 kB, each with a code and a name of its own."""
    for number in range(count):
        first, second = real[number % len(real)], dice.choice(real)
        name = first.name
        if number >= len(real):
            name = f"{_words(first.name, 12)} {_words(second.name, 8, last=True)}"
        yield replace(
            first,
            code=f"9.{number:06d}",
            name=name[:480],
            levels=dice.choice(_LEVELS),
            steps=_steps(first, second, sentences, dice),
            replaces=(),
            unit_code=None,
        )


def generated_articles(
    real: Sequence[ProcedureFacts],
    sentences: Sequence[str],
    count: int,
    topics: Sequence[int],
    dice: random.Random,
) -> Iterator[dict[str, Any]]:
    """Rows of `count` published articles, the newest an hour old."""
    kinds, newest = list(Kind), clock.now() - timedelta(hours=1)
    for number in range(count):
        title = _words(dice.choice(real).name, 14)
        summary = dice.choice(sentences)[:300]
        when = newest - timedelta(minutes=37 * number)
        yield {
            "slug": f"{slugify(title)[:90].strip('-')}-{number}",
            "title": title,
            "summary": summary,
            "body": _body(sentences, dice),
            "kind": dice.choice(kinds).value,
            "topic_id": dice.choice(topics) if topics else None,
            "state": State.APPROVED.value,
            "publish_at": when,
            "created_at": when,
            "changed_at": when,
            "folded": fold(f"{title} {summary}")[:750],
            "slug_fixed": True,
        }


def _record(batch: Sequence[ProcedureFacts]) -> None:
    with write() as session:
        recorder = Recorder(session, Origin.CONTENT)
        for facts in batch:
            recorder.record(None, facts)
    db.session.expunge_all()


def _steps(
    first: ProcedureFacts, second: ProcedureFacts, sentences: Sequence[str], dice: random.Random
) -> tuple[Step, ...]:
    """The steps of two procedures, cut or stretched to the length of a real page."""
    wanted, steps, length = dice.randint(LEAST, MOST), [], 0
    for step in (*first.steps, *second.steps):
        if length >= wanted:
            break
        steps.append(Step(step.title[:200], step.text[: wanted - length]))
        length += len(steps[-1].text)
    while length < wanted:
        text = " ".join(dice.choice(sentences) for _ in range(4))
        steps.append(Step("", text))
        length += len(text)
    return tuple(steps)


def _body(sentences: Sequence[str], dice: random.Random) -> str:
    parts = []
    for _ in range(dice.randint(3, 5)):
        heading = escape(_words(dice.choice(sentences), 8))
        text = escape(" ".join(dice.choice(sentences) for _ in range(4)))
        parts.append(f"<h2>{heading}</h2>\n<p>{text}</p>")
    return "\n".join(parts)


def sentences_of(real: Sequence[ProcedureFacts]) -> list[str]:
    """Sentences of everyday length, for texts that must be made up."""
    texts = [step.text for facts in real for step in facts.steps]
    texts += [path.read_text("utf-8") for path in sorted((ROOT / "content").rglob("*.md"))]
    found = (re.sub(r"\s+", " ", part).strip() for t in texts for part in re.split(r"[.;\n]", t))
    return [part + "." for part in found if 40 < len(part) < 300 and not part.startswith("-")]


def _words(text: str, count: int, *, last: bool = False) -> str:
    words = text.split()
    return " ".join(words[-count:] if last else words[:count])


def _batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(items, _BATCH)):
        yield batch
