"""A PostgreSQL of the tests' own: a new cluster in a temporary folder, for as long as they run.

Nothing of it is durable, nobody reaches it but through a socket in that folder, and the server of
the machine (Debian starts one when the package is installed) is left alone. It dies with the
process that asked for it, however that ends.
"""

from __future__ import annotations

import atexit
import functools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

_BINARIES = "/usr/lib/postgresql"
_ROLE = "portal"
_START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
_DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "QUIT", "--")


class NotInstalledError(Exception):
    """There is no PostgreSQL on this machine."""


@functools.cache
def address() -> str:
    """The address of the cluster's first database; starts it when first asked for."""
    folder = Path(tempfile.mkdtemp(prefix="cchc-pg-"))
    account = _account()
    if account:
        shutil.chown(folder, account["user"], account["group"])
    programs = _programs()
    subprocess.run(
        [programs / "initdb", "--pgdata", folder / "data", "--username", _ROLE, "--auth", "trust",
         "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"],
        check=True, capture_output=True, cwd=folder, **account,
    )  # fmt: skip
    options = [f"-c{name}={value}" for name, value in _SETTINGS.items()]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*_DIE_WITH_PARENT, programs / "postgres", "-D", folder / "data", "-k", folder,
             *options],
            cwd=folder, stdout=log, stderr=log, **account,
        )  # fmt: skip
    atexit.register(_stop, server, folder, os.getpid())
    _wait(server, folder)
    return f"postgresql+psycopg://{_ROLE}@/postgres?host={folder}"


def _programs() -> Path:
    found = sorted(
        (path for path in Path(_BINARIES).glob("*/bin") if (path / "postgres").exists()),
        key=lambda path: float(path.parent.name),
    )
    if found:
        return found[-1]
    if program := shutil.which("postgres"):
        return Path(program).parent
    raise NotInstalledError(
        "these tests need PostgreSQL: run `make tools`, or apt-get install postgresql"
    )


def _account() -> dict[str, Any]:
    """Who runs the server: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user=_ROLE, dbname="postgres").close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text("utf-8")) from error
        time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes], folder: Path, owner: int) -> None:
    if os.getpid() != owner:  # a child of ours, forked, comes to its end
        return
    server.send_signal(signal.SIGQUIT)
    server.wait(30)
    shutil.rmtree(folder, ignore_errors=True)
