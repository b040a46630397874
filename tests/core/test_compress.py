"""Public text travels compressed, a person's own pages do not, and caches are told."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["/", "/giao-dien.css", "/static/img/icons.svg"])
def test_public_text_is_compressed_when_asked(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    small = client.get(path, headers=GZIP, check=False)
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.get_data()) == plain.get_data()
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"] == small.headers["Vary"]
    assert len(small.get_data()) == int(small.headers["Content-Length"])


@pytest.mark.parametrize("path", ["/dang-nhap", "/phan-anh/gui", "/healthz"])
def test_private_and_small_answers_stay_as_they_are(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=GZIP).headers


def test_pictures_and_fonts_are_left_alone(client: FlaskClient) -> None:
    response = client.get("/static/fonts/source-sans-3-latin.woff2", headers=GZIP)
    assert "Content-Encoding" not in response.headers


def test_unchanged_page_is_304_also_when_compressed(client: FlaskClient) -> None:
    first = client.get("/duong-day-nong/", headers=GZIP, check=False)
    again = client.get("/duong-day-nong/", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.get_data() == b""
