"""Measure the portal on generated data.

    python -m bench [--procedures 500] [--articles 2000] [--engines 10000] [--only NAME ...]

Prints tables and writes instance/bench/<time>.json. README.md here says what the figures mean.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from bench import (
    desk,
    export,
    floor,
    hostile,
    imports,
    index,
    judged,
    pages,
    report,
    search_speed,
    served,
    tracking,
    visible,
    visits,
    writes,
)
from bench.report import Suite
from bench.world import World, make_world
from portal.core.settings import ROOT

SUITES = {
    "pages": pages.measure,
    "weight": visits.weigh,
    "paint": visits.paint,
    "index": index.measure,
    "writes": writes.measure,
    "tracking": tracking.measure,
    "guesses": tracking.guesses,
    "export": export.measure,
    "import": imports.measure,
    "served": served.measure,
    "floor": floor.measure,
}
ALONE: dict[str, Callable[[int], Suite]] = {
    "relevance": lambda _: judged.measure(),
    "engines": search_speed.measure,
    "hostile": hostile.measure,
    "visible": visible.measure,
    "desk": lambda _: desk.measure(),
}
"""Suites that need no portal around them, by the number of procedures in an engine."""


def main() -> None:
    """Build a world, measure it, show and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--procedures", type=int, default=500)
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--engines", type=int, default=10_000, metavar="PROCEDURES")
    parser.add_argument("--only", action="append", choices=[*SUITES, *ALONE])
    given = parser.parse_args()
    wanted = given.only or [*SUITES, *ALONE]
    began = time.monotonic()
    suites: list[Suite] = []
    if set(wanted) & set(SUITES):
        print(f"Making {given.procedures} procedures and {given.articles} articles ...", flush=True)
        with make_world(given.procedures, given.articles) as world:
            print(f"made in {time.monotonic() - began:.0f} s", flush=True)
            suites += [_run(name, world) for name in SUITES if name in wanted]
    for name in (name for name in ALONE if name in wanted):
        suites.append(ALONE[name](given.engines))
        print(suites[-1].show(), flush=True)
    conditions = {"procedures": given.procedures, "articles": given.articles}
    path = report.write_json(ROOT / "instance" / "bench", suites, conditions)
    print(f"\n{time.monotonic() - began:.0f} s in all; written to {path.relative_to(ROOT)}")


def _run(name: str, world: World) -> Suite:
    suite = SUITES[name](world)
    print(suite.show(), flush=True)
    return suite


if __name__ == "__main__":
    main()
