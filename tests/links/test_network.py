"""What the portal asks of the world, and what it refuses to ask."""

from __future__ import annotations

import ipaddress
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.links import network
from portal.links.network import Answer, is_public, probe
from tests.links.conftest import PUBLIC, Web


def ask(web: Web, url: str) -> network.Outcome:
    return probe(url, web, "thử nghiệm".encode().decode("latin-1"))


def test_a_page_that_is_there_is_asked_by_head_alone(web: Web) -> None:
    web.page("http://tot.vn/bai?x=1")
    assert ask(web, "http://tot.vn/bai?x=1").answer is Answer.GOOD
    assert web.asked == [("HEAD", "tot.vn/bai?x=1")]


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, "good"), (206, "good"), (404, "bad"), (410, "bad"), (500, "bad"), (403, "unclear"),
     (401, "unclear"), (429, "unclear"), (503, "unclear")],
)  # fmt: skip
def test_answers_are_judged(web: Web, status: int, answer: str) -> None:
    web.page("http://tot.vn/", status)
    outcome = ask(web, "http://tot.vn/")
    assert outcome.answer == answer
    assert outcome.reason or answer == "good"


def test_a_server_that_knows_no_head_is_asked_for_a_little(web: Web) -> None:
    web.page("http://tot.vn/", **{"X-Head": "405"})
    assert ask(web, "http://tot.vn/").answer is Answer.GOOD
    assert [method for method, _ in web.asked] == ["HEAD", "GET"]


def test_a_permanent_move_tells_the_new_address(web: Web) -> None:
    web.page("http://cu.vn/a", 301, Location="http://moi.vn/b")
    web.page("http://moi.vn/b", 308, Location="/c")
    web.page("http://moi.vn/c")
    assert ask(web, "http://cu.vn/a").moved_to == "http://moi.vn/c"
    web.page("http://moi.vn/b", 302, Location="/c")
    assert ask(web, "http://cu.vn/a").moved_to == "http://moi.vn/b", "the rest may change again"


def test_going_round_in_circles_ends(web: Web) -> None:
    web.page("http://vong.vn/", 302, Location="/")
    assert ask(web, "http://vong.vn/").answer is Answer.BAD


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "không-phải",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_the_world_outside_is(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_no_private_address_passes_in_any_form(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast:
        assert not is_public(str(ip))
    if isinstance(ip, ipaddress.IPv4Address):
        hidden = f"::ffff:{ip}"
        assert is_public(hidden) == is_public(str(ip))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "::1", "169.254.169.254"])
def test_a_name_of_the_inside_is_never_reached(web: Web, address: str) -> None:
    web.names["noi-bo.vn"] = [address]
    web.names["hai-mat.vn"] = [PUBLIC, address]
    web.page("http://cong.vn/", 302, Location="http://noi-bo.vn/quan-tri")
    for url in ("http://noi-bo.vn/", "http://hai-mat.vn/", "http://cong.vn/"):
        outcome = ask(web, url)
        assert outcome.answer is Answer.BAD
        assert "nội bộ" in outcome.reason
    assert all(where == (PUBLIC, 80) for where in web.reached)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://tot.vn/", "file:///etc/passwd", "gopher://tot.vn/", "http://", "http:///x",
        "http://tot.vn:22/", "http://tot.vn:8080/", "http://ai:mat-khau@tot.vn/",
        "http://tot.vn:99999/", "http://[::1/", "http://" + "a" * 300 + ".vn/",
    ],
)  # fmt: skip
def test_what_is_no_page_of_the_web_is_refused(web: Web, url: str) -> None:
    web.page("http://tot.vn/")
    assert ask(web, url).answer is Answer.BAD
    assert not web.reached


def test_a_redirect_is_judged_as_the_first_address_was(web: Web) -> None:
    for target in ("file:///etc/passwd", "http://tot.vn:6379/", "http://a:b@tot.vn/"):
        web.page("http://cong.vn/", 301, Location=target)
        web.reached.clear()
        assert ask(web, "http://cong.vn/").answer is Answer.BAD
        assert len(web.reached) == 1


def test_letters_of_an_address_are_sent_as_browsers_send_them(web: Web) -> None:
    web.page("http://tot.vn/th%E1%BB%A7-t%E1%BB%A5c")
    assert ask(web, "http://tot.vn/thủ-tục").answer is Answer.GOOD
    assert ask(web, "http://tot.vn/a\r\nX-Evil: 1").answer is not Answer.GOOD
    assert all("\n" not in path for _, path in web.asked)


def test_silence_may_be_our_own_network(web: Web) -> None:
    assert ask(web, "http://khong-co-ten.vn/").answer is Answer.OFFLINE


def test_who_drips_bytes_does_not_hold_us(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "WHOLE_SECONDS", 0.3)
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip() -> None:
        theirs.sendall(b"HTTP/1.1 200 OK\r\nX-A: ")
        while not stop.wait(0.05):
            try:
                theirs.sendall(b"a")
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    web.names["cham.vn"] = [PUBLIC]
    monkeypatch.setattr(web, "connect", lambda *_: ours)
    assert ask(web, "http://cham.vn/").answer is not Answer.GOOD
    stop.set()
    thread.join()
    theirs.close()


def test_a_server_that_speaks_another_tongue_is_a_fault_of_theirs(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = socket.socketpair()
    theirs.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    web.names["la.vn"] = [PUBLIC]
    monkeypatch.setattr(web, "connect", lambda *_: ours)
    assert ask(web, "http://la.vn/").answer is Answer.BAD
    theirs.close()
