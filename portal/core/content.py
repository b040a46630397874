"""Reading the files of `content/`: every fault is told with file and line, none is guessed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from portal.core.text import clean_line, clean_text

# ValueError: a date such as 2026-02-30; RecursionError: a thousand brackets.
_UNREADABLE = (yaml.YAMLError, ValueError, RecursionError, OSError)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a content file; `line` counts from 1, 0 for the whole file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return (
            f"{self.path}:{self.line}: {self.message}"
            if self.line
            else f"{self.path}: {self.message}"
        )


@dataclass
class Report:
    """What a load found and did. Nothing is written to the database while `faults` is not empty."""

    faults: list[Fault] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: list[str] = field(default_factory=list)
    names: Names = field(default_factory=lambda: Names())  # noqa: PLW0108 - defined below

    def merge(self, other: Report) -> None:
        """Add the other report's findings to this one."""
        self.faults += other.faults
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.removed += other.removed
        self.kept += other.kept


class Entry(dict[str, Any]):
    """A YAML mapping that knows where it stands: `line` of itself, `lines` of its keys."""

    path: str = ""
    line: int = 0
    lines: dict[str, int]

    def fault(self, message: str, key: str | None = None) -> Fault:
        """A fault at `key` of this entry, or at the entry itself."""
        return Fault(self.path, self.lines.get(key, self.line) if key else self.line, message)


@dataclass
class Names:
    """What the files define and what they mention, gathered from all rooms while they read.

    Kinds: "unit" (code), "hotline" and "leader" (key), "topic" (slug), "plan" (code),
    "task" (`<plan code>/<number>`), "procedure" (code), "article" and "page" (slug).
    """

    defined: dict[tuple[str, str], Fault] = field(default_factory=dict)
    mentioned: list[tuple[str, str, Fault]] = field(default_factory=list)

    def define(self, kind: str, name: str, entry: Entry, key: str, report: Report) -> None:
        """Note that `entry` defines `name`; a second definition is a fault."""
        place = entry.fault(f"{kind} {name!r} is defined twice", key)
        if first := self.defined.get((kind, name)):
            report.faults.append(
                Fault(
                    place.path, place.line, f"{place.message} (first at {first.path}:{first.line})"
                )
            )
        else:
            self.defined[kind, name] = place

    def mention(self, kind: str, name: str, entry: Entry, key: str) -> None:
        """Note that `entry` points to `name`; whether it exists is asked when all is read."""
        self.mentioned.append((kind, name, entry.fault(f"there is no {kind} {name!r}", key)))

    def missing(self, kinds: Iterable[str], known: Iterable[tuple[str, str]] = ()) -> list[Fault]:
        """Faults for what was mentioned of `kinds`, defined in no file and not in `known`."""
        there, kinds = {*self.defined, *known}, set(kinds)
        return [
            fault
            for kind, name, fault in self.mentioned
            if kind in kinds and (kind, name) not in there
        ]


class _Loader(yaml.SafeLoader):
    """Safe YAML with line numbers. A key that stands twice is a fault, and so are references
    within the file (`*name`): a few lines of them can unfold into gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "references (*name) are not used", mark)
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Entry:
    entry = Entry()
    entry.line = node.start_mark.line + 1
    entry.lines = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        problem = (
            f"{key!r} is not a name, write it in quotes"
            if not isinstance(key, str)
            else f"entry {key!r} stands twice"
            if key in entry
            else ""
        )
        if problem:
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        entry[key] = loader.construct_object(value_node, deep=True)
        entry.lines[key] = key_node.start_mark.line + 1
    return entry


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, root: Path, report: Report) -> Any:
    """The content of a YAML file with `Entry` for every mapping, or None after a fault."""
    name = str(path.relative_to(root))
    try:
        return _parse(path.read_text("utf-8"), name, first_line=1)
    except _UNREADABLE as error:
        report.faults.append(_yaml_fault(name, error, 0))
        return None


def read_front_matter(path: Path, root: Path, report: Report) -> tuple[Entry, str] | None:
    """Front matter and body of a Markdown file, or None after a fault."""
    name = str(path.relative_to(root))
    try:
        text = path.read_text("utf-8").replace("\r\n", "\n")
        if not text.startswith("---\n") or "\n---\n" not in text:
            report.faults.append(Fault(name, 1, "front matter between two lines --- is missing"))
            return None
        head, _, body = text[4:].partition("\n---\n")
        entry = _parse(head, name, first_line=2)
    except _UNREADABLE as error:
        report.faults.append(_yaml_fault(name, error, 1))
        return None
    if not isinstance(entry, Entry):
        report.faults.append(Fault(name, 2, "front matter is not a mapping"))
        return None
    return entry, body.strip()


def entries(value: Any, path: Path, root: Path, report: Report) -> Iterator[Entry]:
    """The mappings of a list; anything else is reported."""
    name = str(path.relative_to(root))
    if value is None:
        return
    if not isinstance(value, list):
        report.faults.append(Fault(name, 1, "a list was expected"))
        return
    for item in value:
        if isinstance(item, Entry):
            yield item
        else:
            report.faults.append(Fault(name, 0, f"{item!r} is not a mapping"))


def check(
    entry: Entry, *, required: Iterable[str], optional: Iterable[str], report: Report
) -> bool:
    """Report unknown and missing keys of `entry`; True when there were none."""
    required = set(required)
    unknown = sorted(map(str, set(entry) - required - set(optional)))
    missing = sorted(key for key in required if entry.get(key) in (None, "", []))
    report.faults += [entry.fault(f"unknown entry {key!r}", key) for key in unknown]
    report.faults += [entry.fault(f"{key!r} is missing", key) for key in missing]
    return not unknown and not missing


def digest(value: Any) -> str:
    """A stable fingerprint of an entry, to see whether the file changed since the last load."""
    packed = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(packed.encode()).hexdigest()


def _parse(text: str, name: str, *, first_line: int) -> Any:
    value = yaml.load(text, Loader=_Loader)  # noqa: S506  # nosec B506 - a SafeLoader
    return _clean(value, name, first_line - 1)


def _clean(value: Any, name: str, shift: int) -> Any:
    if isinstance(value, Entry):
        value.path, value.line = name, value.line + shift
        value.lines = {key: line + shift for key, line in value.lines.items()}
        for key in value:
            value[key] = _clean(value[key], name, shift)
    elif isinstance(value, list):
        return [_clean(item, name, shift) for item in value]
    elif isinstance(value, str):
        return clean_text(value) if "\n" in value else clean_line(value)
    return value


def _yaml_fault(name: str, error: Exception, shift: int) -> Fault:
    mark = getattr(error, "problem_mark", None)
    message = getattr(error, "problem", None) or str(error)
    return Fault(name, mark.line + 1 + shift if mark else 0, str(message))
