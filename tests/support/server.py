"""The portal as it is run: gunicorn with the shipped configuration, on a free port or a socket."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.settings import ROOT
from tests.support.installations import environment_of, installed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(instance: Path, port: int, **more: str) -> dict[str, str]:
    """What the processes of a test server see; nothing of the developer's own settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return clean | {
        **environment_of(instance),
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        **more,
    }


def flask(instance: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi ...` on an instance folder."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=environment(instance, 8000, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@dataclass
class Server:
    """A running gunicorn; `log` is its standard error."""

    instance: Path
    port: int
    log: Path
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self, timeout: float = 30) -> socket.socket:
        """A connection to the server itself, past any proxy."""
        bind = self.more.get("BIND", "")
        if not bind.startswith("unix:"):
            return socket.create_connection(("127.0.0.1", self.port), timeout)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout)
        try:
            connection.connect(bind.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection

    def alive(self) -> bool:
        """Whether a worker answers."""
        try:
            with self.connect(timeout=5) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                with http.client.HTTPResponse(connection) as answer:
                    answer.begin()
                    return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "--config",
                    "deploy/gunicorn.conf.py",
                    "wsgi:app",
                ],
                cwd=ROOT,
                env=environment(self.instance, self.port, **self.more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def kill_all(self) -> None:
        """kill -9 of the master and every worker at once."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def workers(self) -> list[int]:
        """Process ids of the living workers."""
        if not self.process:
            return []
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                break
            if self.alive():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")


@contextmanager
def serve(loaded: Path, folder: Path, **more: str) -> Iterator[Server]:
    """A server on a copy of the `loaded` instance folder."""
    with installed(folder / "instance", loaded) as instance:
        server = Server(instance, free_port(), folder / "server.log", more)
        server.start()
        try:
            yield server
        finally:
            try:
                server.stop()
            except subprocess.TimeoutExpired:
                server.kill_all()
                raise
