"""Clients that are slow on purpose, to see whether others must wait for them.

    python -m tests.support.slow_clients PORT CERTIFICATE HOST --count 200 --seconds 15

Opens `count` connections of each kind, every one from a loopback address of its own, and keeps
replacing those that the server closes; stops by itself. Prints what happened as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import socket
import ssl
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

PAUSE = 2.0
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Attack:
    """One run against 127.0.0.1:`port`."""

    port: int
    context: ssl.SSLContext
    host: str
    path: str
    large: str
    seconds: float
    counts: Counter[str] = field(default_factory=Counter)

    async def run(self, count: int) -> None:
        """Attack with `count` connections of each kind for the given time."""
        end = asyncio.get_running_loop().time() + self.seconds
        kinds = {"header": self._slow_header, "body": self._slow_body, "read": self._slow_read}
        tasks = [
            asyncio.create_task(self._again(kind, work, f"127.1.{group}.{number % 250 + 1}", end))
            for group, (kind, work) in enumerate(kinds.items())
            for number in range(count)
        ]
        await asyncio.gather(*tasks)

    async def _again(self, kind: str, work: object, source: str, end: float) -> None:
        loop = asyncio.get_running_loop()
        while loop.time() < end:
            try:
                async with asyncio.timeout_at(end):
                    reader, writer = await self._open(source)
                    self.counts[f"{kind} opened"] += 1
                    try:
                        await work(reader, writer)  # type: ignore[operator]
                    finally:
                        writer.transport.abort()
                self.counts[f"{kind} closed by the server"] += 1
            except TimeoutError:
                return
            except OSError:
                self.counts[f"{kind} closed by the server"] += 1
                await asyncio.sleep(0.2)

    async def _open(self, source: str) -> Streams:
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.setblocking(False)
        try:
            raw.bind((source, 0))
            await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.port))
        except BaseException:
            raw.close()
            raise
        return await asyncio.open_connection(
            sock=raw, ssl=self.context, server_hostname=self.host, limit=1024
        )

    async def _slow_header(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """A header that never ends, one line at a time."""
        writer.write(f"GET {self.path} HTTP/1.1\r\nHost: {self.host}\r\n".encode())
        while not await self._closed(reader):
            writer.write(b"X-A: b\r\n")
            await writer.drain()

    async def _slow_body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A body that was promised and comes byte by byte."""
        head = f"POST /phan-anh/gui HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: 100000\r\n\r\n"
        writer.write(head.encode())
        while not await self._closed(reader):
            writer.write(b"a")
            await writer.drain()

    async def _slow_read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A page and a large file, read a few bytes at a time."""
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        for path in (self.path, *[self.large] * 8):
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode())
        for _ in range(10_000):
            await asyncio.sleep(PAUSE)
            if writer.transport.is_closing():
                return
            with contextlib.suppress(RuntimeError):
                writer.transport.resume_reading()  # type: ignore[attr-defined]
                if not await reader.read(16):
                    return
                writer.transport.pause_reading()  # type: ignore[attr-defined]

    async def _closed(self, reader: asyncio.StreamReader) -> bool:
        """Wait a while; whether the server has answered or hung up meanwhile."""
        try:
            async with asyncio.timeout(PAUSE):
                await reader.read(1024)
        except TimeoutError:
            return False
        return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("certificate", type=Path)
    parser.add_argument("host")
    parser.add_argument("--path", default="/")
    parser.add_argument("--large", default="/static/vendor/editor/editor.js")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    context = ssl.create_default_context(cafile=given.certificate)
    attack = Attack(given.port, context, given.host, given.path, given.large, given.seconds)
    asyncio.run(attack.run(given.count))
    print(json.dumps(attack.counts))


if __name__ == "__main__":
    main()
