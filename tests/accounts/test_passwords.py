"""Passwords: any script, long enough, not guessable; hashing strong and bounded."""

from __future__ import annotations

import contextlib
import threading
import time
import unicodedata
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from argon2 import extract_parameters
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts import password_rules, passwords
from portal.app import create_app
from portal.core.errors import Invalid
from portal.core.settings import load_settings
from tests.support.installations import environment_of


def test_parameters_meet_the_floor(app: Flask, real_hashes: None) -> None:
    with app.app_context():
        made = extract_parameters(passwords.make_hash("một câu chỉ mình tôi nghĩ ra"))
    assert made.type.name == "ID"
    assert made.memory_cost >= 19 * 1024
    assert made.time_cost >= 2
    assert made.parallelism == 1
    assert made.memory_cost * passwords.SLOTS <= 256 * 1024, "all at once take little memory"


@given(st.text(min_size=1, max_size=passwords.LONGEST))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_any_text_is_a_password(app: Flask, password: str) -> None:
    with app.app_context():
        stored = passwords.make_hash(password)
        assert passwords.verify(stored, password)
        assert passwords.verify(stored, unicodedata.normalize("NFD", password))
        assert not passwords.verify(stored, password + "x")
        assert not passwords.verify(None, password)


def test_surrogates_and_rubbish_hashes_do_not_raise(app: Flask) -> None:
    with app.app_context():
        stored = passwords.make_hash("a\ud800b")
        assert passwords.verify(stored, "a\ud800b")
        assert not passwords.verify("rubbish", "x")
        assert not passwords.verify("", "x")


def test_too_long_is_refused_before_hashing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        stored = passwords.make_hash("x" * 256)
        assert passwords.verify(stored, "x" * 256)
        monkeypatch.setattr(passwords, "_hasher", None)
        assert not passwords.verify(stored, "x" * 10_000_000)


@pytest.mark.parametrize(
    "password",
    [
        "con mèo tím uống cà phê",
        "ngựa gỗ bay qua mái đình",
        "horse battery staple correct",
        "k7#Vq2!mZ9$xL4&w",
        "849302758194736",
        "ワイン好きの三毛猫が屋根で歌う夜",
        "🦄🐙🌵🚲🎺🪁🧭🪐🦔🍉🎻🧊🛶🏺🦚",
        "   bảy khoảng trắng   ",
        "c" + "ab" * 3 + "khoai lang nướng",
        "sáng nay trời mưa ở Hải Phòng",
    ],
)
def test_good_passwords_pass(app: Flask, password: str) -> None:
    with app.app_context():
        password_rules.check(password, ("Nguyễn Thị Lan", "lan@vidu.vn"))
        password_rules.check(unicodedata.normalize("NFD", password))


@pytest.mark.parametrize(
    "password",
    [
        "matkhaumatkhau123",
        "Mật khẩu 123456789",
        "password123456789",
        "PASSWORD-PASSWORD-PASSWORD",
        "qwertyuiopasdfgh",
        "123456789012345",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababab",
        "anhyeuem-emyeuanh-2026",
        "Sở Y tế Hải Phòng",
        "soytehaiphong2026",
        "Nguyễn Thị Lan 1990",
        "nguyenthilan123456",
        "lan.nguyen@vidu.vn1",
        "iloveyouiloveyou",
        "admin123admin123!",
        "1qaz2wsx3edc4rfv",
        "... ... ... ... ...",
    ],
)
def test_guessable_ones_are_refused(app: Flask, password: str) -> None:
    with app.app_context(), pytest.raises(Invalid) as refusal:
        password_rules.check(password, ("Nguyễn Thị Lan", "lan.nguyen@vidu.vn"))
    assert refusal.value.problems == {"password": password_rules.GUESSABLE}


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("", password_rules.TOO_SHORT),
        ("mười bốn ký tự", password_rules.TOO_SHORT),
        ("o\u0302" * 14, password_rules.TOO_SHORT),
        ("x" * 257, password_rules.TOO_LONG),
    ],
)
def test_length_counts_what_people_see(app: Flask, password: str, message: str) -> None:
    with app.app_context(), pytest.raises(Invalid) as refusal:
        password_rules.check(password)
    assert refusal.value.problems == {"password": message}


def test_the_list_holds_ten_thousand(app: Flask) -> None:
    assert len(password_rules.common_passwords()) >= 10_000
    assert {"matkhau", "password", "123456", "anhyeuem"} <= password_rules.common_passwords()


@given(st.text(max_size=256))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None
)
def test_checking_never_raises_anything_else(app: Flask, password: str) -> None:
    with app.app_context():
        started = time.perf_counter()
        with contextlib.suppress(Invalid):
            password_rules.check(password, (password, "a@b.vn"))
        assert time.perf_counter() - started < 1


class Gauge:
    """How many hashes run at once."""

    def __init__(self) -> None:
        self.running = self.most = 0
        self.lock = threading.Lock()

    def hash(self, _: bytes) -> str:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(0.02)
        with self.lock:
            self.running -= 1
        return "x"


def test_fifty_threads_share_the_places(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    gauge = Gauge()
    monkeypatch.setattr(passwords, "_hasher", gauge)

    def work() -> None:
        with app.app_context():
            passwords.make_hash("x")

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= gauge.most <= passwords.SLOTS


def _hold_a_place(instance: str, ready: Any, done: Any) -> None:
    app = create_app(load_settings(environment_of(Path(instance))))
    with app.app_context(), passwords._slot():
        ready.release()
        done.acquire()


def test_processes_share_the_places(app: Flask, instance: Path) -> None:
    context = get_context("spawn")
    ready, done = context.Semaphore(0), context.Semaphore(0)
    holders = [
        context.Process(target=_hold_a_place, args=(str(instance), ready, done))
        for _ in range(passwords.SLOTS)
    ]
    for holder in holders:
        holder.start()
    try:
        for _ in holders:
            assert ready.acquire(timeout=60)
        got_in = threading.Event()

        def enter() -> None:
            with app.app_context(), passwords._slot():
                got_in.set()

        waiting = threading.Thread(target=enter)
        waiting.start()
        assert not got_in.wait(0.3), "all places are taken by other processes"
    finally:
        for _ in holders:
            done.release()
        for holder in holders:
            holder.join()
    waiting.join(10)
    assert got_in.is_set()
