"""Real procedures as the portal itself makes search documents of them.

The files go through the portal's own import into an instance of their own, so what is measured has
the boosts, keywords and facts that a reader's search has.
"""

from __future__ import annotations

import gzip
import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.app import create_app
from portal.core.db import db
from portal.core.settings import load_settings
from portal.ops import prepare
from portal.procedures import documents as procedures
from portal.procedures.importing import importer
from portal.procedures.importing.importer import Wishes
from portal.search.engine import SearchDocument

HEALTH = ("health_tthc.jsonl", "health_details_condensed.jsonl")
NATIONAL = "national_tthc_2642.jsonl.gz"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the index holds: the health procedures as imported, over the shipped content or not,
    alone or among those of other ministries."""

    content: bool
    distractors: bool

    def __str__(self) -> str:
        return f"{'content and import' if self.content else 'import only'}, " + (
            "among 2,642 others" if self.distractors else "health alone"
        )


ALL = tuple(
    SetUp(content, distractors) for distractors in (False, True) for content in (True, False)
)


def documents(data: Path, set_up: SetUp) -> list[SearchDocument]:
    """The documents of a set-up, made in a temporary instance."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(load_settings({"PORTAL_INSTANCE": str(folder / "instance")}))
        logging.getLogger("portal").setLevel(logging.WARNING)
        with app.app_context():
            try:
                settings = app.extensions["settings"]
                prepare.migrate(settings, lambda _: None)
                if set_up.content:
                    prepare.content(settings, lambda _: None)
                files = [*HEALTH, NATIONAL] if set_up.distractors else HEALTH
                for file in _plain(data, files, folder):
                    importer.apply(file, file.name, None, wishes=Wishes(everything=True))
                session = db.session()
                return list(procedures.build_many(session, [*procedures.keys(session)]).values())
            finally:
                db.session.remove()
                db.engine.dispose()


def _plain(data: Path, names: Sequence[str], folder: Path) -> list[Path]:
    """The files as the import reads them, unpacked where they are packed."""
    found = []
    for name in names:
        file = data / name
        if file.suffix == ".gz":
            file = folder / name.removesuffix(".gz")
            with gzip.open(data / name) as packed, file.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
        found.append(file)
    return found
