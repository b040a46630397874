"""Figures, and how they are shown: a table for people, JSON for comparing runs."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]


@dataclass
class Suite:
    """What one measurement found: rows with the same columns, and remarks."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def show(self) -> str:
        """The rows as a table of plain text."""
        lines = [f"\n{self.title}"]
        if self.rows:
            names = list(self.rows[0])
            cells = [names, *([_cell(row.get(name, "")) for name in names] for row in self.rows)]
            widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
            lines += ["  " + _line(line, widths) for line in cells]
        return "\n".join([*lines, *(f"  ({remark})" for remark in self.remarks)])


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if i == 0 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *rest])


def milliseconds(seconds: Sequence[float]) -> Row:
    """Median, 99th percentile and maximum of durations."""
    return {
        "p50 ms": round(statistics.median(seconds) * 1000, 2),
        "p99 ms": round(quantile(seconds, 0.99) * 1000, 2),
        "max ms": round(max(seconds) * 1000, 2),
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(work: Callable[[], object]) -> float:
    """How long `work` takes, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def write_json(folder: Path, suites: Sequence[Suite], conditions: Row) -> Path:
    """Keep a run; the file is named for its time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    found = {s.name: {"title": s.title, "rows": s.rows, "remarks": s.remarks} for s in suites}
    page = {"conditions": conditions | machine(), "suites": found}
    path.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def machine() -> Row:
    """Under which conditions figures were taken; no names of machines or people."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load average": [round(value, 1) for value in os.getloadavg()],
    }


def resident(pid: int | str = "self") -> int:
    """Memory of a process that is in RAM, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    return 0
