"""A citizen at the form, and texts that can be recognised wherever they turn up."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import write
from portal.directory.models import Unit
from portal.feedback import neighbours
from portal.procedures import queries as procedures_queries

FORM = "/phan-anh/gui"
TEXTS = {
    "kind": "complaint",
    "subject": "Chờ lâu ở bộ phận tiếp nhận",
    "body": "Sáng 20/11 tôi chờ hai tiếng\nở quầy số 3 mà không ai gọi.",
}
CONTACT = {
    "name": "Trần Thị Mật Danh",
    "phone": "0912 345 678",
    "email": "mat.danh@vidu.vn",
    "consent": "y",
}


@dataclass
class Citizen:
    """A browser that fills in the form as it is shown, hidden fields and all."""

    client: FlaskClient
    hidden: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""

    def open(self, address: str = f"{FORM}?loai=complaint") -> TestResponse:
        return self.take(self.client.get(address))

    def take(self, response: TestResponse) -> TestResponse:
        self.page = response.get_data(as_text=True)
        form = next(
            (f for f in re.findall(r"<form\b.*?</form>", self.page, re.DOTALL) if FORM in f), ""
        )
        self.hidden = []
        for tag in re.findall(r"<input\b[^>]*>", form):
            found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            if found.get("type") == "hidden":
                self.hidden.append((found["name"], html.unescape(found.get("value", ""))))
        return response

    def press(
        self, step: str, texts: dict[str, str] | None = None, files: list[Any] | None = None
    ) -> TestResponse:
        data: dict[str, Any] = {"buoc": step}
        for name, value in [*self.hidden, *(texts or {}).items()]:
            data.setdefault(name, []).append(value)
        if files:
            data["tep"] = files
        response = self.client.post(FORM, data=data, content_type="multipart/form-data")
        return self.take(response)

    def send(self, texts: dict[str, str] | None = None, files: list[Any] | None = None) -> str:
        """All the way through; returns the code on the receipt."""
        self.open()
        assert self.press("xem", texts or TEXTS, files).status_code == 200, self.page
        response = self.press("gui")
        assert response.status_code == 303, self.page
        return self.receipt()

    def receipt(self) -> str:
        page = self.client.get("/phan-anh/bien-nhan").get_data(as_text=True)
        found = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", page)
        assert found, page
        return found[1]

    def track(self, code: str, **kwargs: Any) -> TestResponse:
        token = self.client.token("/phan-anh/tra-cuu")  # type: ignore[attr-defined]
        return self.client.post(
            "/phan-anh/tra-cuu", data={"csrf_token": token, "code": code},
            **{"follow_redirects": True, **kwargs},
        )  # fmt: skip


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests type fast; the form's shortest time has a test of its own."""
    monkeypatch.setattr("portal.feedback.signing.SHORTEST", timedelta(0))


@pytest.fixture
def citizen(client: FlaskClient) -> Citizen:
    return Citizen(client)


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`travel(hours=5)`: the portal's clock goes on by that much."""
    real, ahead = clock.now, [timedelta(0)]
    monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])

    def go(**by: float) -> None:
        ahead[0] += timedelta(**by)

    return go


@pytest.fixture
def units(app: Flask) -> list[str]:
    """Two units of the agency."""
    with app.app_context(), write() as session:
        for order, (code, name) in enumerate(
            [("van-phong", "Văn phòng Sở"), ("cdc", "Trung tâm Kiểm soát bệnh tật")]
        ):
            session.add(Unit(code=code, name=name, kind="office", sort_order=order))
    return ["van-phong", "cdc"]


@pytest.fixture(autouse=True)
def procedures(app: Flask) -> None:
    """One procedure that the neighbours know."""
    card = procedures_queries.Card("1.012290", "Cấp lại giấy phép hành nghề", 3, "cdc")
    neighbours.lend_procedures(app, lambda _session, code: card if code == card.code else None)


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (180, 40, 40)).save(out, kind, **options)
    return out.getvalue()
