"""The drawn picture: fits, is small, is drawn once, and never fails a page or a disk."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from portal.articles.models import Article
from portal.articles.states import State
from portal.core import clock
from portal.core.db import write
from portal.directory.models import Unit
from portal.procedures.models import Procedure
from portal.site import share, share_image, share_store
from portal.site.share_image import MARGIN, MAX_LINES, PAPER, Look, draw, drawable, fit
from tests.support.json_ld import head_of

BUDGET = 60_000
LOOK = Look("Sở Y tế thành phố Hải Phòng", "Cổng Cải cách hành chính", "cchc.vidu.vn", "#0b5770",
            "#a8201a")  # fmt: skip
LONG = (
    "Cấp lại giấy phép hành nghề đối với trường hợp được cấp trước ngày 01 tháng 01 năm 2024 đối "
    "với hồ sơ nộp từ ngày 01 tháng 01 năm 2024 đến thời điểm kiểm tra đánh giá năng lực hành nghề"
)
TITLES = ["Y tế", "Tra cứu một thủ tục y tế trong hai phút", LONG, LONG.upper() * 3, "W" * 300,
          "Ễ Ộ Ữ Ẵ Ặ " * 40]  # fmt: skip
PATH = "/anh-chia-se/thu-tuc/1.012290.png"


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Where within `box` something is drawn on the paper."""
    part = picture.convert("RGB").crop(box)
    found = ImageChops.difference(part, Image.new("RGB", part.size, PAPER)).getbbox()
    return found and (found[0] + box[0], found[1] + box[1], found[2] + box[0], found[3] + box[1])


@pytest.mark.parametrize("title", TITLES)
def test_title_stays_within_the_margins(title: str) -> None:
    data = draw("Thủ tục hành chính, mã 1.012290", title, LOOK)
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 630), "P")
    assert len(data) < BUDGET
    where = ink(picture, (0, 250, 1200, 618))
    assert where
    assert where[0] >= MARGIN - 4
    assert where[2] <= 1200 - MARGIN + 4
    title_ink, gap = ink(picture, (0, 250, 1200, 550)), ink(picture, (0, 552, 1200, 566))
    assert title_ink, "the title is drawn"
    assert gap is None, "the title keeps off the address below"


@given(st.lists(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyẤỆỖỮỵ.,0123456789", min_size=1, max_size=60),
                min_size=1, max_size=60))  # fmt: skip
@settings(max_examples=40)
def test_lines_fit_and_hold_the_words_in_order(words: list[str]) -> None:
    width = 1200 - 2 * MARGIN
    font, lines = fit(" ".join(words), width, 276)
    assert 1 <= len(lines) <= MAX_LINES
    assert all(font.getlength(line) <= width for line in lines)
    said, told = "".join(words), "".join("".join(lines).split())
    assert told == said or (told.endswith("…") and said.startswith(told[:-1]))


def test_signs_without_a_glyph_leave_no_boxes() -> None:
    assert drawable("Đổi thẻ 🎉 漢字 → 5 ≥ 3 “nhanh” – ₫") == drawable(
        "Đổi thẻ - 5 >= 3 “nhanh” – ₫"
    )
    assert drawable("Ệ ỗ ữ ặ ĩ ượ 0123 “–” % …") == "Ệ ỗ ữ ặ ĩ ượ 0123 “–” % …"
    assert draw("漢字", "🎉", LOOK), "nothing to write is no fault"


def test_colours_are_those_of_the_agency() -> None:
    picture = Image.open(io.BytesIO(draw("Tin", "Tên bài", replace(LOOK, brand="#5b2a86"))))
    colours = picture.convert("RGB")
    assert colours.getpixel((600, 625)) == (0x5B, 0x2A, 0x86)
    assert colours.getpixel((5, 300)) == (0xFB, 0xFA, 0xF7)
    assert colours.getpixel((118, 138)) == (0xA8, 0x20, 0x1A), "the rim of the emblem"
    assert colours.getpixel((600, 173)) == (0xC9, 0x97, 0x1C), "the gold line"


def test_own_logo_takes_the_emblems_place(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    Image.new("RGBA", (400, 200), (10, 120, 40, 255)).save(logo)
    own = Image.open(io.BytesIO(draw("Tin", "Tên", replace(LOOK, logo=logo, has_emblem=False))))
    red, green, blue = own.convert("RGB").getpixel((118, 94))  # type: ignore[misc]
    assert green > red + 60
    assert green > blue + 40


def test_picture_is_drawn_once_and_kept_for_ever(
    client: FlaskClient, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta, _ = head_of(client.get("/thu-tuc/1.012290").get_data(as_text=True))
    address = meta["og:image"].removeprefix("http://127.0.0.1:8000")
    assert address.startswith(f"{PATH}?v=")
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in first.headers
    monkeypatch.setattr(share_image, "draw", lambda *_: pytest.fail("drawn twice"))
    again = client.get(address)
    assert again.get_data() == first.get_data()
    assert len(list((instance / share.FOLDER).iterdir())) == 1
    etag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=etag).status_code == 304
    for other in (PATH, f"{PATH}?v=khac"):
        assert client.get(other).headers["Cache-Control"] == "public, max-age=600"


def test_another_title_is_another_picture(app: Flask, client: FlaskClient) -> None:
    before = client.get(PATH).get_data()
    with app.app_context(), write() as session:
        session.query(Procedure).filter_by(code="1.012290").one().name = "Tên mới"
    assert client.get(PATH).get_data() != before


@pytest.mark.parametrize(
    "path",
    [
        "/anh-chia-se/thu-tuc/9.999999.png", "/anh-chia-se/khac/1.png", "/anh-chia-se/cong/x.png",
        "/anh-chia-se/bai-viet/khong-co.png", "/anh-chia-se/phan-anh/khong-co.png",
        "/anh-chia-se/don-vi/da-go.png", "/anh-chia-se/trang/khong-co.png",
        "/anh-chia-se/chu-de/khong-co.png", "/anh-chia-se/bai-viet/ban-nhap.png",
        "/anh-chia-se/bai-viet/hen-gio.png", "/anh-chia-se/thu-tuc/..%2F..%2Fsite.png",
        "/anh-chia-se/thu-tuc/1.012290.jpg",
    ],
)  # fmt: skip
def test_only_public_things_have_a_picture(
    app: Flask, client: FlaskClient, instance: Path, path: str
) -> None:
    with app.app_context(), write() as session:
        later = clock.now().replace(year=2099)
        session.add_all([
            Article(slug="ban-nhap", title="Bản nháp", kind="news"),
            Article(slug="hen-gio", title="Hẹn giờ", kind="news", state=State.APPROVED.value,
                    publish_at=later),
            Unit(code="da-go", name="Đã gỡ", kind="office", removed_at=clock.now()),
        ])  # fmt: skip
    assert client.get(path).status_code == 404
    assert not (instance / share.FOLDER).exists()


def test_disk_that_keeps_nothing_costs_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(share_store, "write_atomically", full)
    response = client.get(PATH)
    assert response.status_code == 200
    assert Image.open(io.BytesIO(response.get_data())).size == (1200, 630)


def test_damaged_picture_is_drawn_anew(client: FlaskClient, instance: Path) -> None:
    good = client.get(PATH).get_data()
    [kept] = (instance / share.FOLDER).iterdir()
    for damage in (b"", good[:-20], b"<html>"):
        kept.write_bytes(damage)
        assert client.get(PATH).get_data() == good
        assert kept.read_bytes() == good


def test_without_fonts_a_plain_picture_is_served_and_not_kept(
    client: FlaskClient, instance: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(share_image, "FONTS", tmp_path)
    share_image.face.cache_clear()
    response = client.get(PATH)
    share_image.face.cache_clear()
    assert (response.status_code, response.mimetype) == (200, "image/png")
    assert response.get_data() == share.DEFAULT.read_bytes()
    assert response.headers["Cache-Control"] == "no-store"
    assert not (instance / share.FOLDER).exists()
    monkeypatch.setattr(share, "DEFAULT", tmp_path / "weg.png")
    monkeypatch.setattr(share_image, "draw", _fails)
    assert client.get(PATH).status_code == 404


def _fails(*_: object) -> bytes:
    raise OSError("no font")


def test_many_new_pictures_at_once_are_plain(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "DRAWING_LIMIT", "1/minute")
    drawn, waiting = client.get(PATH), client.get("/anh-chia-se/cong/chung.png")
    assert drawn.get_data() != share.DEFAULT.read_bytes() == waiting.get_data()
    assert client.get(PATH).get_data() == drawn.get_data(), "serving is not limited"


def test_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_store, "MOST", 20)
    for number in range(60):
        share_store.kept_or_made(tmp_path, f"{number:032}", lambda: b"x")
        assert len(list(tmp_path.iterdir())) <= 20
    assert (tmp_path / f"{59:032}.png").exists(), "the newest is kept"


def test_plain_picture_is_small_and_of_the_right_size() -> None:
    with Image.open(share.DEFAULT) as picture:
        assert picture.size == (1200, 630)
    assert share.DEFAULT.stat().st_size < 20_000


def test_logos_are_read_from_static_alone() -> None:
    inside = share._logo_file("/static/img/apple-touch-icon.png?v=1".partition("?")[0])
    assert inside
    assert inside.is_file()
    for address in ("", "/static/img/emblem.svg", "/static/../pyproject.png", "https://a.vn/x.png",
                    "/etc/passwd.png"):  # fmt: skip
        assert share._logo_file(address) is None, address


def test_every_loader_has_an_address_that_pages_name(client: FlaskClient) -> None:
    named = set()
    for path in ("/", "/thu-tuc/1.012290", "/bai-viet/tra-cuu-thu-tuc", "/don-vi/cdc",
                 "/trang/gioi-thieu", "/cai-cach-hanh-chinh/huong-dan/"):  # fmt: skip
        meta, _ = head_of(client.get(path).get_data(as_text=True))
        found = re.search(r"/anh-chia-se/([^/]+)/", meta["og:image"])
        assert found
        named.add(found[1])
    assert named == {"cong", *share.LOADERS} - {"phan-anh"}
