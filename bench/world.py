"""A portal of the bench's own: a temporary instance on the same disk, filled with data."""

from __future__ import annotations

import logging
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench import data
from portal.app import create_app
from portal.articles.models import Article, Topic, visible
from portal.core.db import db
from portal.core.settings import ROOT, load_settings
from portal.core.text import fold
from portal.ops import prepare
from portal.procedures.models import Procedure
from portal.search import service as search

SAMPLE = 400


@dataclass(frozen=True)
class World:
    """A filled portal, and addresses and queries to visit it with."""

    app: Flask
    instance: Path
    codes: list[str]
    slugs: list[str]
    topics: list[str]
    queries: list[str]
    prefixes: list[str]


@contextmanager
def make_world(procedures: int, articles: int) -> Iterator[World]:
    """Build the instance beside the real one (the disk matters), and remove it after."""
    place = ROOT / "instance" / "bench"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="world-", dir=place) as folder:
        instance = Path(folder)
        # As behind nginx: it tells the addresses of readers and compresses for us.
        app = create_app(load_settings({"PORTAL_INSTANCE": folder, "PORTAL_TRUSTED_PROXIES": "1"}))
        logging.getLogger("portal").setLevel(logging.WARNING)
        with app.app_context():
            settings = app.extensions["settings"]
            prepare.migrate(settings, lambda _: None)
            prepare.content(settings, lambda _: None)
        data.fill(app, procedures, articles)
        with app.app_context():
            search.rebuild()
        yield _look_around(app, instance)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _look_around(app: Flask, instance: Path) -> World:
    dice = random.Random(7)
    with app.app_context():
        session = db.session()
        rows = session.execute(select(Procedure.code, Procedure.name)).all()
        slugs = list(session.scalars(select(Article.slug).where(visible())))
        topics = list(session.scalars(select(Topic.slug)))
        session.rollback()
    chosen = dice.sample(rows, min(SAMPLE, len(rows)))
    queries = [_query(row.name, dice) for row in chosen]
    return World(
        app=app, instance=instance, codes=[row.code for row in chosen],
        slugs=dice.sample(slugs, min(SAMPLE, len(slugs))), topics=topics, queries=queries,
        prefixes=[query[: dice.randint(3, max(4, len(query)))] for query in queries],
    )  # fmt: skip


def _query(name: str, dice: random.Random) -> str:
    """What a person might type of a name: some words in a row, often without marks."""
    words = name.lower().split()
    count = dice.randint(2, 6)
    start = dice.randint(0, max(0, len(words) - count))
    text = " ".join(words[start : start + count])
    return fold(text) if dice.random() < 0.6 else text
