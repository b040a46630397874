"""`content/units.yaml` and `content/hotlines.yaml` into the directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.core.certainty import Certainty
from portal.core.content import Entry, Report, check, entries, read_yaml
from portal.core.content_apply import Item, Shelf, settle
from portal.core.content_fields import Fields
from portal.directory.models import Hotline, Leader, Purpose, Scope, Unit, UnitKind
from portal.directory.rules import EMAIL, PHONE
from portal.directory.schedule_file import read_schedule
from portal.directory.search import Contact, mark

_CHECKED = {"certainty", "source", "checked_on"}
_UNIT_OPTIONAL = {
    "short_name", "parent", "address", "phone", "email", "website", "duties", "order",
} | _CHECKED  # fmt: skip
_HOTLINE_OPTIONAL = {
    "phone", "email", "hours", "schedule", "address", "answered_by", "unit", "scope", "checked_by",
    "note", "order",
} | _CHECKED  # fmt: skip
_LEADER_OPTIONAL = {"unit", "phone", "email", "note", "order"} | _CHECKED


@dataclass
class Directory:
    """The directory as the files have it. None: there is no such file, so nothing is said."""

    units: list[Item] | None = None
    hotlines: list[Item] | None = None
    leaders: list[Item] = field(default_factory=list)


def read(root: Path, report: Report) -> Directory:
    """Read and check both files; faults go to `report`."""
    found = Directory()
    path = root / "units.yaml"
    if path.exists():
        listed = entries(read_yaml(path, root, report), path, root, report)
        found.units = [item for entry in listed if (item := _unit(entry, report))]
    path = root / "hotlines.yaml"
    if path.exists():
        found.hotlines = []
        _read_hotlines(path, root, report, found)
    return found


def apply(session: Session, found: Directory, report: Report) -> list[Contact]:
    """Bring the files' state into the database, inside `write()`; returns what changed."""
    changed: list[Contact] = []
    if found.units is not None:
        changed += settle(session, report, Shelf(Unit, "code", "unit"), found.units)
    if found.hotlines is not None:
        changed += settle(session, report, Shelf(Hotline, "key", "hotline"), found.hotlines)
        changed += settle(session, report, Shelf(Leader, "key", "leader"), found.leaders)
    for record in changed:
        mark(session, record)
    return changed


def _read_hotlines(path: Path, root: Path, report: Report, found: Directory) -> None:
    content = read_yaml(path, root, report)
    if content is None:
        return
    if not isinstance(content, Entry):
        content = Entry(hotlines=content)
    check_top = {"hotlines", "leaders"}
    for key in sorted(set(content) - check_top):
        report.faults.append(content.fault(f"unknown entry {key!r}", key))
    hotlines = entries(content.get("hotlines"), path, root, report)
    found.hotlines = [item for entry in hotlines if (item := _hotline(entry, report))]
    leaders = entries(content.get("leaders"), path, root, report)
    found.leaders = [item for entry in leaders if (item := _leader(entry, report))]


def _unit(entry: Entry, report: Report) -> Item | None:
    fields = _begin(entry, report, "unit", {"code", "name", "kind"}, _UNIT_OPTIONAL)
    if fields is None:
        return None
    return Item(entry["code"], {
        "code": entry["code"],
        "name": fields.text("name", 200),
        "short_name": fields.text("short_name", 80),
        "kind": fields.one_of("kind", UnitKind, UnitKind.OTHER).value,
        "parent": _mention_unit(fields, "parent"),
        "address": fields.text("address", 300),
        "website": fields.text("website", 300),
        "duties": fields.text("duties"),
        "sort_order": fields.whole("order"),
        **_reach(fields),
        **_checked(fields),
    })  # fmt: skip


def _hotline(entry: Entry, report: Report) -> Item | None:
    fields = _begin(entry, report, "hotline", {"key", "name", "purposes"}, _HOTLINE_OPTIONAL)
    if fields is None:
        return None
    return Item(entry["key"], {
        "key": entry["key"],
        "name": fields.text("name", 200),
        "purposes": _purposes(fields),
        "hours": fields.text("hours", 200),
        "schedule": read_schedule(fields),
        "address": fields.text("address", 300),
        "answered_by": fields.text("answered_by", 200),
        "unit_code": _mention_unit(fields, "unit"),
        "scope": fields.one_of("scope", Scope, Scope.AGENCY).value,
        "checked_by": fields.text("checked_by", 120),
        "note": fields.text("note"),
        "sort_order": fields.whole("order"),
        **_reach(fields),
        **_checked(fields),
    })  # fmt: skip


def _leader(entry: Entry, report: Report) -> Item | None:
    fields = _begin(entry, report, "leader", {"key", "name", "position"}, _LEADER_OPTIONAL)
    if fields is None:
        return None
    return Item(entry["key"], {
        "key": entry["key"],
        "name": fields.text("name", 120),
        "position": fields.text("position", 160),
        "unit_code": _mention_unit(fields, "unit"),
        "note": fields.text("note"),
        "sort_order": fields.whole("order"),
        **_reach(fields),
        **_checked(fields),
    })  # fmt: skip


def _purposes(fields: Fields) -> list[str]:
    purposes = fields.texts("purposes")
    for purpose in purposes:
        if purpose not in list(Purpose):
            fields.fault("purposes", f"holds {purpose[:40]!r}, none of {', '.join(Purpose)}")
    return purposes


def _begin(
    entry: Entry, report: Report, kind: str, required: set[str], optional: set[str]
) -> Fields | None:
    """The fields of an entry whose keys are right, its own name noted; None after a fault."""
    if not check(entry, required=required, optional=optional, report=report):
        return None
    fields = Fields(entry, report)
    key = "code" if "code" in required else "key"
    name = fields.slug(key)
    if not name:
        return None
    report.names.define(kind, name, entry, key, report)
    return fields


def _mention_unit(fields: Fields, key: str) -> str | None:
    code = fields.slug(key)
    if code:
        fields.report.names.mention("unit", code, fields.entry, key)
    return code or None


def _reach(fields: Fields) -> dict[str, Any]:
    phone, email = fields.text("phone", 40), fields.text("email", 254)
    if phone and not PHONE.fullmatch(phone):
        fields.fault("phone", f"is not a phone number: {phone!r}")
    if email and not EMAIL.fullmatch(email):
        fields.fault("email", f"is not an e-mail address: {email!r}")
    return {"phone": phone, "email": email}


def _checked(fields: Fields) -> dict[str, Any]:
    return {
        "certainty": fields.one_of("certainty", Certainty, Certainty.UNVERIFIED).value,
        "source": fields.text("source"),
        "checked_on": fields.day("checked_on"),
    }
