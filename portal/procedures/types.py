"""Columns that hold a small ordered list which is only ever read and replaced as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Dialect
from sqlalchemy.types import TypeDecorator

from portal.procedures.facts import ProcessRow, Result, Step


class Texts(TypeDecorator[tuple[str, ...]]):
    """Short texts."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, _dialect: Dialect) -> Any:
        return list(value or ())

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[str, ...]:
        return tuple(value or ())


class Steps(TypeDecorator[tuple[Step, ...]]):
    """The steps of a procedure: never asked for without it, so they live in its row."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Step] | None, _dialect: Dialect) -> Any:
        return [[step.title, step.text] for step in value or ()]

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[Step, ...]:
        return tuple(Step(title, text) for title, text in value or ())


class Results(TypeDecorator[tuple[Result, ...]]):
    """What one receives, with the national code of the result where it is known."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Result] | None, _dialect: Dialect) -> Any:
        return [[result.name, result.code] for result in value or ()]

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[Result, ...]:
        return tuple(Result(name, code) for name, code in value or ())


class ProcessRows(TypeDecorator[tuple[ProcessRow, ...]]):
    """The rows of an internal process; hours as text, so that quarters stay exact."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[ProcessRow] | None, _dialect: Dialect) -> Any:
        return [
            [
                row.task,
                row.doer,
                None if row.hours is None else str(row.hours),
                row.output,
                row.form,
            ]
            for row in value or ()
        ]

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> tuple[ProcessRow, ...]:
        return tuple(
            ProcessRow(task, doer, None if hours is None else Decimal(hours), output, form)
            for task, doer, hours, output, form in value or ()
        )


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The database's own word on a closed vocabulary."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
