"""What people take along: cards for the telephone, the sheet for the wall."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.core.db import write
from portal.directory import vcards
from portal.directory.models import Hotline
from tests.directory.conftest import make_hotline

HOSTILE = 'Phòng 1; \\ "A", B:\nEND:VCARD\r\nTEL:999 <b>ệ\u200bợ</b>'


def parse(text: str) -> list[dict[str, str]]:
    """Cards of a file by RFC 6350: lines unfolded, properties with their values unescaped."""
    assert text.endswith("\r\n")
    raw = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in raw), "lines of at most 75 octets"
    assert not any("\n" in line or "\r" in line for line in raw)
    cards: list[dict[str, str]] = []
    for line in re.sub("\r\n[ \t]", "", text).split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VCARD":
            cards.append({})
        elif line != "END:VCARD":
            assert name not in cards[-1], f"{name} stands twice"
            cards[-1][name] = re.sub(
                r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value
            )
    return cards


def test_a_card_holds_what_the_page_says(directory: Flask, client: FlaskClient) -> None:
    with directory.app_context(), write() as session:
        line = session.query(Hotline).filter_by(key="so-chinh").one()
        line.schedule, line.address = {"always": True}, "Số 1, phố A; quận B"
    answer = client.get("/duong-day-nong/so-chinh.vcf")
    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="so-chinh.vcf"'
    (card,) = parse(answer.text)
    assert card["VERSION"] == "4.0"
    assert card["FN"] == "Đường dây so-chinh"
    assert card["TEL;TYPE=work,voice;VALUE=text"] == "0225 3000 000"
    assert card["EMAIL;TYPE=work"] == "hoi@vidu.vn"
    assert card["ADR;TYPE=work"] == ";;Số 1, phố A; quận B;;;;"
    assert card["ORG"].endswith(";Phòng Một")
    assert "Giờ trực: Mọi lúc" in card["NOTE"]
    assert "Số đã kiểm chứng, kiểm tra ngày" in card["NOTE"]
    assert answer.text == unicodedata.normalize("NFC", answer.text)


def test_one_file_holds_all_that_can_be_reached(directory: Flask, client: FlaskClient) -> None:
    cards = parse(client.get("/duong-day-nong.vcf").text)
    assert {card["FN"] for card in cards} == {
        "Đường dây so-chinh", "Đường dây cu", "Đường dây cap-cuu"
    }  # fmt: skip


@pytest.mark.parametrize("key", ["cdc", "da-go", "khong-co"])
def test_without_a_number_there_is_no_card(directory: Flask, client: FlaskClient, key: str) -> None:
    assert client.get(f"/duong-day-nong/{key}.vcf").status_code == 404


def test_hostile_values_stay_values(directory: Flask, client: FlaskClient) -> None:
    with directory.app_context(), write() as session:
        line = session.query(Hotline).filter_by(key="so-chinh").one()
        line.name, line.note, line.address = HOSTILE, HOSTILE, HOSTILE
    (card,) = parse(client.get("/duong-day-nong/so-chinh.vcf").text)
    assert [name for name in card if name.startswith("TEL")] == ["TEL;TYPE=work,voice;VALUE=text"]
    assert "TEL:999" in card["NOTE"]
    for path in ("/duong-day-nong/", "/duong-day-nong/ban-in"):
        assert "<b>" not in client.get(path).text


@given(st.text(max_size=200))
def test_any_text_comes_back_from_a_line(text: str) -> None:
    escaped = vcards.escaped(text)
    folded = vcards.folded(f"NOTE:{escaped}") + "\r\n"
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    unfolded = re.sub("\r\n ", "", folded).removeprefix("NOTE:").removesuffix("\r\n")
    assert unfolded == escaped
    back = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], unfolded)
    words = ["".join(filter(str.isprintable, word)) for word in text.split()]
    assert back.split() == [word for word in words if word]


def test_the_sheet_names_each_number_under_its_need(directory: Flask, client: FlaskClient) -> None:
    html = client.get("/duong-day-nong/ban-in").text
    assert html.index("Có người cần cấp cứu") < html.index("Tôi muốn hỏi về thủ tục")
    assert "0225 3000 000" in html
    assert "Chưa có số" in html
    assert "Số đã gỡ" not in html
    assert 'alt="Mã QR của địa chỉ http://127.0.0.1:8000/duong-day-nong/"' in html
    assert "tel:" not in html.partition("<main")[2], "paper has no links"


def test_a_unit_has_its_own_sheet(directory: Flask, client: FlaskClient) -> None:
    html = client.get("/duong-day-nong/ban-in?don_vi=phong-mot").text
    assert "Số điện thoại: Phòng Một" in html
    assert "Đường dây so-chinh" in html
    assert "Đường dây cu" not in html
    assert client.get("/duong-day-nong/ban-in?don_vi=khong-co").status_code == 404


def test_the_file_is_one_sheet_drawn_once(
    directory: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with directory.app_context(), write() as session:
        session.add(make_hotline("xau", name="#panic() *đậm* $x$ <b>", note="@a"))
    answer = client.get("/duong-day-nong/ban-in.pdf")
    assert answer.status_code == 200
    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert len(document.pages) == 1

    def draw(*_: Any) -> bytes:
        raise AssertionError("what the reader has is not drawn again")

    monkeypatch.setattr("portal.core.typeset.pdf", draw)
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/duong-day-nong/ban-in.pdf", headers=known).status_code == 304
