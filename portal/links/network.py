"""Asking the world outside, without becoming a tool of others: only public addresses, only HTTP
on its own ports, no names and passwords, little data, little time.

The name is resolved here and the connection goes to the very address that was judged, so a name
that answers differently a moment later leads nowhere else.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from urllib.parse import urljoin, urlsplit, urlunsplit

STEP_SECONDS = 8.0
WHOLE_SECONDS = 15.0
MOST_HOPS = 5
_MOST_BYTES = 2_048
_PORTS = {"http": 80, "https": 443}
_PERMANENT, _MOVED = {301, 308}, {301, 302, 303, 307, 308}
_SHY = {401, 403, 405, 406, 407, 408, 429, 451, 503}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Answer(StrEnum):
    """What became of a try. `OFFLINE`: perhaps it is our own network that is missing."""

    GOOD = "good"
    BAD = "bad"
    UNCLEAR = "unclear"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try, in words; `moved_to` is the new address, when the old one says that
    it moved for good."""

    answer: Answer
    reason: str = ""
    moved_to: str = ""


class Network(Protocol):
    """How names become addresses and addresses become connections."""

    def resolve(self, host: str) -> Sequence[str]:
        """The addresses of a name. Raises `OSError` when there are none."""

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        """A connection to an address. Raises `OSError`."""


class RealNetwork:
    """The network of the machine."""

    def resolve(self, host: str) -> Sequence[str]:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def connect(self, address: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((address, port), timeout)


class _Refused(Exception):
    """We do not go there; the words say why."""


def probe(url: str, network: Network, agent: str) -> Outcome:
    """Try `url`, following where it leads. Never raises for what the other side does."""
    here, permanent, moved_to = url, True, ""
    try:
        for _ in range(MOST_HOPS + 1):
            status, target = _ask(here, network, agent)
            if status not in _MOVED or not target:
                return _judge(status, moved_to)
            permanent = permanent and status in _PERMANENT
            here = urljoin(here, target)
            moved_to = here if permanent else moved_to
    except _Refused as refusal:
        return Outcome(Answer.BAD, str(refusal))
    except ssl.SSLError:
        return Outcome(Answer.BAD, "Trang dùng chứng thư bảo mật đã hết hạn hoặc của nơi khác.")
    except TimeoutError:
        return Outcome(Answer.OFFLINE, "Trang không trả lời kịp.")
    except http.client.HTTPException:
        return Outcome(Answer.BAD, "Máy chủ của trang trả lời sai quy cách.")
    except OSError:
        return Outcome(Answer.OFFLINE, "Không kết nối được tới trang.")
    return Outcome(Answer.BAD, f"Trang chuyển tiếp quá {MOST_HOPS} lần.")


def is_public(address: str) -> bool:
    """Whether an address belongs to the world outside, also when it hides inside another."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _judge(status: int, moved_to: str) -> Outcome:
    if 200 <= status < 300:
        return Outcome(Answer.GOOD, moved_to=moved_to)
    if status in _SHY:
        return Outcome(Answer.UNCLEAR, f"Trang không cho máy hỏi (mã {status}).")
    if status in (404, 410):
        return Outcome(Answer.BAD, f"Trang không còn (mã {status}).")
    return Outcome(Answer.BAD, f"Trang báo lỗi (mã {status}).")


def _ask(url: str, network: Network, agent: str) -> tuple[int, str]:
    """Status and target of one address: HEAD first, and a little of the page when that fails."""
    status, target = _request("HEAD", url, network, agent)
    if status >= 400:
        status, target = _request("GET", url, network, agent)
    return status, target


def _request(method: str, url: str, network: Network, agent: str) -> tuple[int, str]:
    scheme, host, port, path = _target(url)
    address = _resolve(host, network)
    connection = http.client.HTTPConnection(host, port, timeout=STEP_SECONDS)
    connection.sock = sock = network.connect(address, port, STEP_SECONDS)
    late = threading.Event()
    watch = threading.Timer(WHOLE_SECONDS, _cut, [sock, late])
    watch.daemon = True
    watch.start()
    try:
        if scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        headers = {"User-Agent": agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        if method == "GET":
            headers["Range"] = f"bytes=0-{_MOST_BYTES - 1}"
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read(_MOST_BYTES)
        if late.is_set():  # what came is a piece of an answer
            raise TimeoutError
        return answer.status, answer.headers.get("Location", "")
    finally:
        watch.cancel()
        connection.close()
        sock.close()


def _cut(sock: socket.socket, late: threading.Event) -> None:
    """Whoever sends a byte now and then must not hold us for hours."""
    late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _target(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise _Refused("Địa chỉ viết sai.") from None
    if parts.scheme not in _PORTS or not host:
        raise _Refused("Địa chỉ không phải của một trang trên mạng.")
    if parts.username is not None or parts.password is not None:
        raise _Refused("Địa chỉ mang theo tên đăng nhập.")
    port = port or _PORTS[parts.scheme]
    if port not in _PORTS.values():
        raise _Refused(f"Địa chỉ dùng cổng {port}, cổng kiểm tra chỉ thử cổng 80 và 443.")
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return parts.scheme, host, port, _quoted(path)


def _quoted(path: str) -> str:
    """A path as it may stand in a request: what browsers encode by themselves is encoded."""
    return "".join(
        char if "!" <= char <= "~" else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in path
    )


def _resolve(host: str, network: Network) -> str:
    addresses = network.resolve(host)
    if not addresses:
        raise OSError(host)
    if not all(is_public(address) for address in addresses):
        raise _Refused("Địa chỉ dẫn vào mạng nội bộ, người dân không mở được.")
    return addresses[0]
