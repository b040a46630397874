"""`content/plans/*.yaml` into plans and tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core.content import Entry, Fault, Report, check, entries, read_yaml
from portal.core.content_apply import Item, Shelf, settle
from portal.core.content_fields import SLUG, Fields
from portal.plan.models import Counted, Plan, PlanStatus, PlanTask, TargetPeriod

PERIODS = {"quarter", "half_year", "year"}
_DAY_OF_YEAR = re.compile(r"\d{2}-\d{2}")
_PLAN_OPTIONAL = {
    "number", "issued_on", "issuer", "signed_by", "summary", "goals", "source", "reporting",
}  # fmt: skip
_TASK_OPTIONAL = {
    "lead", "partners", "period", "starts_on", "due_on", "product", "target", "unit_of_target",
    "target_period", "counted", "topics", "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFile:
    """One file: the plan's own columns, and those of its tasks."""

    plan: Item
    tasks: list[Item]


def read(root: Path, report: Report) -> list[PlanFile]:
    """Read and check every plan; faults go to `report`."""
    found = []
    for path in sorted((root / "plans").glob("*.yaml")):
        content = read_yaml(path, root, report)
        if content is None:
            continue
        if isinstance(content, Entry):
            found += [_plan(content, path, root, report)]
        else:
            name = str(path.relative_to(root))
            report.faults.append(Fault(name, 1, "a plan (a mapping) was expected"))
    return [plan for plan in found if plan]


def apply(session: Session, found: list[PlanFile], report: Report) -> list[Plan | PlanTask]:
    """Bring the plans into the database, inside `write()`; returns what changed."""
    changed: list[Plan | PlanTask] = []
    changed += settle(session, report, Shelf(Plan, "code", "plan"), [file.plan for file in found])
    ids = {plan.code: plan.id for plan in session.scalars(select(Plan))}
    for file in found:
        plan_id = ids[str(file.plan.key)]
        tasks = [Item(task.key, {**task.values, "plan_id": plan_id}) for task in file.tasks]
        mine = (PlanTask.plan_id == plan_id,)
        label = f"task {file.plan.key} no."
        changed += settle(session, report, Shelf(PlanTask, "number", label, mine), tasks)
    return changed


def _plan(entry: Entry, path: Path, root: Path, report: Report) -> PlanFile | None:
    required = {"code", "year", "title", "status", "tasks"}
    if not check(entry, required=required, optional=_PLAN_OPTIONAL, report=report):
        return None
    fields = Fields(entry, report)
    code = fields.slug("code")
    report.names.define("plan", code, entry, "code", report)
    tasks = entries(entry["tasks"], path, root, report)
    reporting = list(entries(entry.get("reporting"), path, root, report))
    plan = Item(code, {
        "code": code,
        "year": fields.whole("year", low=2000, high=2100),
        "title": fields.text("title", 300),
        "number": fields.text("number", 80),
        "issued_on": fields.day("issued_on"),
        "issuer": fields.text("issuer", 200),
        "signed_by": fields.text("signed_by", 200),
        "status": fields.one_of("status", PlanStatus, PlanStatus.DRAFT).value,
        "summary": fields.text("summary"),
        "goals": fields.texts("goals"),
        "reporting": [_reporting(item, report) for item in reporting],
        **_source(entry, report),
    })  # fmt: skip
    return PlanFile(plan, [task for item in tasks if (task := _task(item, code, report))])


def _task(entry: Entry, plan: str, report: Report) -> Item | None:
    if not check(entry, required={"number", "title"}, optional=_TASK_OPTIONAL, report=report):
        return None
    fields = Fields(entry, report)
    number = fields.whole("number", low=1, high=999)
    report.names.define("task", f"{plan}/{number}", entry, "number", report)
    lead, topics = fields.text("lead", 200), fields.texts("topics", 80)
    if SLUG.fullmatch(lead):
        report.names.mention("unit", lead, entry, "lead")
    for topic in topics:
        report.names.mention("topic", topic, entry, "topics")
    starts_on, due_on = fields.day("starts_on"), fields.day("due_on")
    if starts_on and due_on and due_on < starts_on:
        fields.fault("due_on", "is before starts_on")
    return Item(number, {
        "number": number,
        "title": fields.text("title"),
        "lead": lead,
        "partners": fields.texts("partners", 300),
        "period": fields.text("period", 200),
        "starts_on": starts_on,
        "due_on": due_on,
        "product": fields.text("product"),
        "target": fields.optional_whole("target"),
        "unit_of_target": fields.text("unit_of_target", 200),
        "target_period": fields.one_of("target_period", TargetPeriod, TargetPeriod.WHOLE).value,
        "counted": fields.one_of("counted", Counted, Counted.ALL).value,
        "topics": topics,
        "note": fields.text("note"),
    })  # fmt: skip


def _reporting(entry: Entry, report: Report) -> dict[str, Any]:
    check(entry, required={"period", "due"}, optional={"rule", "source"}, report=report)
    fields = Fields(entry, report)
    period, due = fields.text("period"), fields.texts("due")
    if period not in PERIODS:
        fields.fault("period", f"is none of {', '.join(sorted(PERIODS))}: {period[:40]!r}")
    for day in due:
        if not _is_day(day):
            fields.fault("due", f"holds {day[:40]!r}, which is not a day like 03-09")
    rule, source = fields.text("rule"), fields.text("source")
    return {"period": period, "rule": rule, "due": due, "source": source}


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY_OF_YEAR.fullmatch(text)) and bool(date.fromisoformat(f"2023-{text}"))
    except ValueError:
        return False


def _source(entry: Entry, report: Report) -> dict[str, Any]:
    value = entry.get("source")
    if not isinstance(value, Entry):
        return {"source": Fields(entry, report).text("source")}
    check(value, required={"name"}, optional={"url", "checked_on"}, report=report)
    fields = Fields(value, report)
    return {
        "source": fields.text("name"),
        "source_url": fields.text("url", 500),
        "checked_on": fields.day("checked_on"),
    }
