"""What a tracking code's page tells by its time, and how guesses are slowed."""

from __future__ import annotations

import secrets
import statistics
import time
from itertools import count

from flask import Flask
from sqlalchemy import update

from bench.report import Suite, milliseconds
from bench.world import World
from portal.core import clock
from portal.core.db import write
from portal.core.settings import current_settings
from portal.feedback import codes, submission
from portal.feedback.models import Feedback, Kind
from portal.feedback.submission import Draft
from tests.support.browsing import Page

PAGE = "/phan-anh/tra-cuu"
ROUNDS = 300
GUESSES = 1_000
_ADDRESSES = count()


def measure(world: World) -> Suite:
    """Codes that open nothing, in turn, each from an address of its own."""
    suite = Suite("tracking", "Tracking: codes that open nothing (bar: medians within 10 ms)")
    with world.app.app_context():
        kinds = {"never given out": _never(), "erased": _made(erased=True), "mistyped": "K7QM-0000"}
    times: dict[str, list[float]] = {name: [] for name in kinds}
    ask = Browser(world.app)
    for _ in range(ROUNDS):
        for name, code in kinds.items():
            began = time.perf_counter()
            assert ask(code, None) == 404
            times[name].append(time.perf_counter() - began)
    first = statistics.median(next(iter(times.values())))
    for name, taken in times.items():
        apart = round(1000 * (statistics.median(taken) - first), 2)
        suite.rows.append({"code": name, **milliseconds(taken), "median apart ms": apart})
    return suite


def guesses(world: World) -> Suite:
    """A thousand guesses from one address, then somebody honest behind it."""
    suite = Suite("guesses", "Tracking: guesses from one address, and an honest code beside them")
    with world.app.app_context():
        mine, tried = _made(), [_never() for _ in range(GUESSES)]
    ask, address, began = Browser(world.app), "198.51.100.7", time.monotonic()
    answers = [ask(code, address) for code in tried]
    guessing, waited = time.monotonic() - began, time.monotonic()
    while ask(mine, address) == 429:
        time.sleep(0.25)
    opened = time.monotonic() - waited
    suite.rows.append({
        "guesses": GUESSES, "looked up": answers.count(404), "told to wait": answers.count(429),
        "in s": round(guessing, 1), "honest code opens after s": round(opened, 1),
    })  # fmt: skip
    return suite


class Browser:
    """A browser that types codes, from an address of its own each time unless one is given."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        page = Page(PAGE, 200, self._client.get(PAGE).get_data(as_text=True))
        self._token = dict(page.form(PAGE).fields)["csrf_token"]

    def __call__(self, code: str, address: str | None) -> int:
        number = next(_ADDRESSES)
        sender = address or f"10.{number // 250}.{number % 250}.1"
        answer = self._client.post(
            PAGE, data={"csrf_token": self._token, "code": code},
            headers={"X-Forwarded-For": sender},
        )  # fmt: skip
        return answer.status_code


def _never() -> str:
    return codes.derive(current_settings().tracking_key, secrets.token_hex(16))


def _made(*, erased: bool = False) -> str:
    draft = Draft(kind=Kind.QUESTION, subject="Hỏi giờ làm việc", body=secrets.token_hex(20))
    code = submission.submit(draft, form=secrets.token_hex(16), network="192.0.2.1").code
    if erased:
        wanted = codes.stored(current_settings().tracking_key, codes.parse(code) or "")
        with write() as session:
            session.execute(
                update(Feedback).where(Feedback.code_hmac == wanted).values(erased_at=clock.now())
            )
    return code
