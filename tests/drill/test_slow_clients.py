"""Six hundred clients that dawdle, each from an address of its own, hold up nobody else."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

import pytest

from portal.core.settings import ROOT
from tests.support.proxy import HOST, Proxy

pytestmark = pytest.mark.slow
SECONDS = 25
COUNT = 200
LARGE = "/static/vendor/editor/editor.js"


def timed(proxy: Proxy, path: str) -> float:
    start = time.perf_counter()
    assert proxy.ask(path).status == 200
    return time.perf_counter() - start


def test_honest_readers_do_not_wait_for_slow_ones(proxy: Proxy) -> None:
    """200 slow headers, 200 slow bodies and 200 slow readers at once; asserted generously, because
    the machine of a test may be busy. The figure itself is printed (`pytest -s`)."""
    quiet = [timed(proxy, "/phan-anh/") for _ in range(20)]
    command = [
        sys.executable, "-m", "tests.support.slow_clients", str(proxy.tls),
        str(proxy.folder / "tls" / "fullchain.pem"), HOST, "--path", "/phan-anh/",
        "--large", LARGE, "--count", str(COUNT), "--seconds", str(SECONDS),
    ]  # fmt: skip
    attack = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        time.sleep(5)  # until they are all connected
        busy = []
        while attack.poll() is None and len(busy) < 150:
            busy.append(timed(proxy, "/phan-anh/"))
            time.sleep(0.08)
        out, _ = attack.communicate(timeout=SECONDS + 30)
    finally:
        attack.kill()
        attack.wait()
    counts = json.loads(out)
    p95 = statistics.quantiles(busy, n=20)[-1]
    print(
        f"\nhonest requests: quiet p50 {statistics.median(quiet) * 1000:.0f} ms; among slow clients"
        f" p50 {statistics.median(busy) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms"
        f" (bar 200 ms), n={len(busy)}; {counts}"
    )
    assert proxy.ask(LARGE).status == 200, "slow readers must have something to read"
    for kind in ("header", "body", "read"):
        assert counts[f"{kind} opened"] >= COUNT, counts
    assert counts["header closed by the server"] >= COUNT, "slow headers were not cut off"
    assert len(busy) >= 30
    assert p95 < SECONDS / 5
