"""Many send at once while the database is held: readers go on reading, nothing sent is lost."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench import crowd
from tests.drill.test_kill import portal
from tests.support.browsing import Browser
from tests.support.installations import installed
from tests.support.server import Server, free_port

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]


def test_readers_read_while_the_database_is_held_and_posts_pour_in(
    loaded_instance: Path, tmp_path: Path
) -> None:
    more = {"PORTAL_TRUSTED_PROXIES": "1", "PORTAL_WORKERS": "2"}
    with installed(tmp_path / "instance", loaded_instance) as instance:
        with portal(instance) as app:
            forms = crowd.papers(app, 30)
        server = Server(instance, free_port(), tmp_path / "server.log", more)
        stranger = sqlite3.connect(instance / "portal.sqlite3", isolation_level=None)
        server.start()
        try:
            senders = crowd.Crowd(server.port, crowd.queue.SimpleQueue())
            for form in forms:
                senders.waiting.put(form)
            stranger.execute("BEGIN IMMEDIATE")
            with ThreadPoolExecutor(10) as pool:
                work = [pool.submit(senders.work, n) for n in range(10)]
                reader, read = Browser(server.port), 0
                began = time.monotonic()
                while time.monotonic() - began < 6:
                    assert reader.get("/phan-anh/").status == 200
                    read += 1
                stranger.execute("ROLLBACK")
                for one in work:
                    one.result()
        finally:
            stranger.close()
            server.stop()
        with portal(instance) as app:
            crowd.check(app, instance, forms)
    print(f"\n{read} pages read in 6 s, {senders.refused} posts told to wait")
    assert all(form.code for form in forms)
    assert senders.refused > 0
    assert read >= 3
