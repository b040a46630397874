"""Logs for machines: one JSON line an event on standard error, without personal data."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from flask import g, has_request_context

_FIELDS = ("method", "rule", "status", "ms", "letter", "error", "count", "kind")


class JsonLines(logging.Formatter):
    """Each record as one line; control characters are escaped by JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id", "")
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self._trace(record)
        return json.dumps(line, ensure_ascii=False)

    def _trace(self, record: logging.LogRecord) -> list[str]:
        """Where it happened and what type, without the message: SQL errors quote parameters."""
        kind, _, trace = record.exc_info or (None, None, None)
        lines = [kind.__name__ if kind else "?"]
        while trace:
            code = trace.tb_frame.f_code
            lines.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return lines


def configure() -> None:
    """Send the portal's records to standard error as JSON lines. Calling it again is harmless."""
    logger = logging.getLogger("portal")
    logger.setLevel(logging.INFO)
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
    logger.propagate = False
