"""A citizen sends a feedback and finds it again."""

from __future__ import annotations

from tests.feedback.conftest import TEXTS, Citizen


def test_send_and_track(citizen: Citizen) -> None:
    code = citizen.send()
    response = citizen.track(code.lower().replace("-", " "))
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    assert TEXTS["subject"] in page
    assert code not in page
