"""Debian's nginx with the shipped configuration, as a private instance before a gunicorn.

Only paths, ports and the certificate of deploy/nginx.conf are replaced; each replacement must
find its place, so the file that is tested is the file that is shipped.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.core.settings import ROOT
from tests.support import wire
from tests.support.installations import installed
from tests.support.server import Server, flask, free_port

HOST = "portal.example.vn"
SETTINGS = {"PORTAL_BASE_URL": f"https://{HOST}", "PORTAL_TRUSTED_PROXIES": "1"}
_MAIN = """\
{user}
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/log/error.log;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    access_log off;
    client_body_temp_path {folder}/tmp/body;
    proxy_temp_path {folder}/tmp/proxy;
    fastcgi_temp_path {folder}/tmp/fastcgi;
    uwsgi_temp_path {folder}/tmp/uwsgi;
    scgi_temp_path {folder}/tmp/scgi;
    include {folder}/site.conf;
}}
"""


def program() -> str | None:
    """Where nginx is, None when it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")


@dataclass
class Proxy:
    """A running nginx; `server` stands behind it."""

    folder: Path
    server: Server
    tls: int = field(default_factory=free_port)
    plain: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        nginx = program()
        assert nginx
        self._write_files()
        command = [nginx, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        subprocess.run([*command, "-t", "-q"], check=True, timeout=30)
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + 10
        while not self._listens():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(self.errors())
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def log(self) -> str:
        """The access log so far."""
        return (self.folder / "log" / "cong-cchc.log").read_text("utf-8")

    def errors(self) -> str:
        return "".join(path.read_text("utf-8") for path in self.folder.glob("log/*error.log"))

    def connect(
        self, source: str = "127.0.0.1", *, name: str | None = HOST, tls: bool = True
    ) -> socket.socket:
        """A connection from `source` (any 127.x address); `name` is what TLS asks for."""
        port = self.tls if tls else self.plain
        raw = socket.create_connection(("127.0.0.1", port), 60, source_address=(source, 0))
        if not tls:
            return raw
        try:
            return self._trust().wrap_socket(raw, server_hostname=name)
        except BaseException:
            raw.close()
            raise

    def send(
        self, raw: bytes, *, source: str = "127.0.0.1", tls: bool = True
    ) -> wire.Answer | None:
        """Send bytes as they are; None when nginx hangs up without a word."""
        with self.connect(source, tls=tls) as connection:
            return wire.exchange(connection, raw)

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        source: str = "127.0.0.1",
        tls: bool = True,
    ) -> wire.Answer:
        """One request on a connection of its own."""
        raw = wire.request(method, path, HOST, headers, body)
        answer = self.send(raw, source=source, tls=tls)
        assert answer is not None, f"no answer to {method} {path}"
        return answer

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "tls" / "fullchain.pem")

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.plain), 1):
                return True
        except OSError:
            return False

    def _write_files(self) -> None:
        for name in ("log", "tmp", "tls"):
            (self.folder / name).mkdir()
        make_certificate(self.folder / "tls")
        for name in ("cong-cchc-proxy.conf", "cong-cchc-headers.conf"):
            shutil.copy(ROOT / "deploy" / name, self.folder)
        (self.folder / "site.conf").write_text(self._site(), "utf-8")
        user = "user root;" if os.getuid() == 0 else ""  # the test's folders are its owner's
        main = _MAIN.format(user=user, folder=self.folder)
        (self.folder / "nginx.conf").write_text(main, "utf-8")

    def _site(self) -> str:
        text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        text = re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.MULTILINE)
        bind = self.server.more["BIND"].removeprefix("unix:")
        for shipped, ours in {
            "listen 80": f"listen 127.0.0.1:{self.plain}",
            "listen 443": f"listen 127.0.0.1:{self.tls}",
            "/run/cong-cchc/gunicorn.sock": bind,
            "/etc/ssl/cong-cchc/": f"{self.folder}/tls/",
            "/var/log/nginx/": f"{self.folder}/log/",
            "/var/lib/cong-cchc/error-pages/": f"{self.server.instance}/error-pages/",
            "/srv/cong-cchc/static/": f"{ROOT}/static/",
        }.items():
            assert shipped in text, f"deploy/nginx.conf no longer has {shipped}"
            text = text.replace(shipped, ours)
        return text


def make_certificate(folder: Path) -> None:
    """A certificate for our host name that signs itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip


@contextmanager
def serve_behind_nginx(loaded: Path, **more: str) -> Iterator[Proxy]:
    """nginx and gunicorn on a copy of the `loaded` instance, prepared as the unit does it."""
    # Not pytest's folder: the path of a socket may have 107 characters at most.
    with (
        tempfile.TemporaryDirectory(prefix="cchc-") as name,
        installed(Path(name) / "instance", loaded) as instance,
    ):
        folder = Path(name)
        done = flask(instance, "prepare", **SETTINGS)
        assert done.returncode == 0, done.stderr
        settings = {**SETTINGS, "BIND": f"unix:{folder}/gunicorn.sock", **more}
        server = Server(instance, 0, folder / "server.log", settings)
        proxy = Proxy(folder / "nginx", server)
        proxy.folder.mkdir()
        server.start()
        try:
            proxy.start()
            yield proxy
        finally:
            proxy.stop()
            server.stop()
