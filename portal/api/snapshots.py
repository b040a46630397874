"""Open data files, made once a day: each with its hash, its size and its date.

A snapshot is a folder `instance/open-data/<moment>/`; `current` holds the name of the newest whole
one. Readers never see half a snapshot, a crash leaves the former one in place.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from portal.api.datasets import DATASETS, Dataset, Item
from portal.core import clock
from portal.core.db import db
from portal.core.files import write_atomically
from portal.core.settings import Settings, current_settings
from portal.core.tables import BOM, csv_line
from portal.procedures.export import about

log = logging.getLogger(__name__)
FORMATS = ("csv", "json", "jsonld")
KEPT = 2
"""Snapshots that stay on disk: who is loading the former one when a new one comes may finish."""
MAKE_FROM_HOUR = 2


@dataclass(frozen=True, slots=True)
class DataFile:
    """`size` in bytes and `sha256` in hex of the file as it is, not of its packed form."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Published:
    """One set of a snapshot."""

    items: int
    files: dict[str, DataFile]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A whole snapshot; `moment` is when it was made, in UTC."""

    name: str
    moment: datetime
    datasets: dict[str, Published] = field(default_factory=dict)


def publish() -> Snapshot:
    """Make a snapshot of today and show it. Raises OSError when the disk fails; then the former
    one stays."""
    settings, moment = current_settings(), clock.now()
    snapshot = Snapshot(moment.strftime("%Y%m%dT%H%M%S%fZ"), moment)
    home = _home(settings)
    draft = home / f".{snapshot.name}"
    draft.mkdir(parents=True)
    try:
        for dataset in DATASETS:
            snapshot.datasets[dataset.name] = _write(draft, dataset, settings)
        sets = {name: asdict(one) for name, one in snapshot.datasets.items()}
        manifest = {"moment": moment.isoformat(), "datasets": sets}
        (draft / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        draft.replace(home / snapshot.name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    write_atomically(home / "current", snapshot.name.encode())
    _tidy(home)
    return snapshot


def publish_if_due() -> None:
    """Make today's snapshot in the small hours, or at once when there is none."""
    present, now = current(), clock.to_local(clock.now())
    if present is None or (
        now.hour >= MAKE_FROM_HOUR and clock.to_local(present.moment).date() < now.date()
    ):
        publish()


def current() -> Snapshot | None:
    """The newest whole snapshot, None while there is none (or it was damaged)."""
    home = _home(current_settings())
    try:
        name = (home / "current").read_text(encoding="utf-8")
        data = json.loads((home / name / "manifest.json").read_text(encoding="utf-8"))
        sets = {
            key: Published(
                one["items"], {kind: DataFile(**file) for kind, file in one["files"].items()}
            )
            for key, one in data["datasets"].items()
        }
        return Snapshot(name, datetime.fromisoformat(data["moment"]), sets)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("open_data.damaged", extra={"error": type(error).__name__})
        return None


def path_of(snapshot: Snapshot, dataset: str, kind: str) -> Path:
    """Where a file of a snapshot lies; its packed form beside it with `.gz`."""
    return _home(current_settings()) / snapshot.name / f"{dataset}.{kind}"


def _home(settings: Settings) -> Path:
    return settings.instance / "open-data"


def _tidy(home: Path) -> None:
    """Take away what nobody is shown any more, and drafts that a crash left."""
    names = sorted(path.name for path in home.iterdir() if path.is_dir())
    whole = [name for name in names if not name.startswith(".")]
    for name in {*names} - {*whole[-KEPT:]}:
        shutil.rmtree(home / name, ignore_errors=True)


def _write(folder: Path, dataset: Dataset, settings: Settings) -> Published:
    writers = {
        "csv": _Table(folder, dataset),
        "json": _Objects(folder, dataset, settings),
        "jsonld": _Graph(folder, dataset, settings),
    }
    count = 0
    session = db.session()
    try:
        for item in dataset.items(session):
            count += 1
            for writer in writers.values():
                writer.add(item)
    finally:
        session.rollback()
        files = {kind: writer.close() for kind, writer in writers.items()}
    return Published(count, files)


class _Writer:
    """Writes a file and its packed form, hashing on the way."""

    def __init__(self, folder: Path, name: str) -> None:
        self._plain: IO[bytes] = (folder / name).open("wb")
        self._packed = gzip.GzipFile(folder / f"{name}.gz", "wb", mtime=0)
        self._digest, self._size = hashlib.sha256(), 0

    def put(self, text: str) -> None:
        data = text.encode()
        self._plain.write(data)
        self._packed.write(data)
        self._digest.update(data)
        self._size += len(data)

    def add(self, item: Item) -> None:
        raise NotImplementedError

    def close(self) -> DataFile:
        self._plain.close()
        self._packed.close()
        return DataFile(self._size, self._digest.hexdigest())


class _Table(_Writer):
    def __init__(self, folder: Path, dataset: Dataset) -> None:
        super().__init__(folder, f"{dataset.name}.csv")
        self._columns = dataset.columns
        self.put(BOM + csv_line(column.name for column in self._columns))

    def add(self, item: Item) -> None:
        self.put(csv_line(column.value(item.json) for column in self._columns))


class _List(_Writer):
    """A JSON object whose last value is a list that grows."""

    def __init__(self, folder: Path, name: str, head: Mapping[str, object], key: str) -> None:
        super().__init__(folder, name)
        self.put(f'{json.dumps(head, ensure_ascii=False)[:-1]}, "{key}": [')
        self._separator = "\n"

    def each(self, value: object) -> None:
        self.put(self._separator + json.dumps(value, ensure_ascii=False))
        self._separator = ",\n"

    def close(self) -> DataFile:
        self.put("\n]}\n")
        return super().close()


class _Objects(_List):
    def __init__(self, folder: Path, dataset: Dataset, settings: Settings) -> None:
        head = about(settings, dataset.name)
        super().__init__(folder, f"{dataset.name}.json", head, "items")

    def add(self, item: Item) -> None:
        self.each(item.json)


class _Graph(_List):
    def __init__(self, folder: Path, dataset: Dataset, settings: Settings) -> None:
        head = {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": settings.address(f"/du-lieu-mo/#{dataset.name}"),
            "name": dataset.title,
            "license": settings.address("/trang/dieu-khoan"),
            "dateModified": clock.now().isoformat(timespec="seconds"),
        }
        super().__init__(folder, f"{dataset.name}.jsonld", head, "hasPart")

    def add(self, item: Item) -> None:
        for thing in item.things:
            self.each(thing)
