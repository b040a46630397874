"""Every test builds the application anew; its routes and templates are compiled once a process."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class _Memory(BytecodeCache):
    """Compiled templates by the hash of their source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.load_bytecode(io.BytesIO(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def keep_templates() -> None:
    """Let all applications of this process share compiled templates."""
    flask.Flask.jinja_options = {"bytecode_cache": _Memory()}


def keep_routes() -> None:
    """Let rules that are alike share the functions that build their addresses.

    Half the time of building the application goes into them. They take the rule as their first
    argument, so one is as good as another; should werkzeug change, tests become slow, not wrong.
    """
    compile_builder: Callable[..., Any] | None = getattr(Rule, "_compile_builder", None)
    if compile_builder is None:
        return
    kept: dict[object, Any] = {}

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, append_unknown, repr(rule._trace), repr(rule.defaults))
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = builder  # type: ignore[method-assign,assignment]
