"""Answers held against JSON Schemas, with nothing in them that the schema does not name."""

from __future__ import annotations

import copy
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker


def judge(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None) -> None:
    """Fail unless `value` is as `schema` says; `root` holds what the schema refers to."""
    whole = _strict({**(root or {}), **schema})
    Draft202012Validator.check_schema(whole)
    faults = list(
        Draft202012Validator(
            whole, format_checker=FormatChecker(["date", "date-time"])
        ).iter_errors(value)
    )
    assert faults == [], [f"{fault.json_path}: {fault.message[:200]}" for fault in faults[:5]]


def _strict(schema: Any) -> Any:
    """The schema with every object closed: the published one lets new fields come."""
    schema = copy.deepcopy(schema)
    _close(schema)
    return schema


def _close(part: Any) -> None:
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            part["additionalProperties"] = False
        for value in part.values():
            _close(value)
    elif isinstance(part, list):
        for value in part:
            _close(value)
