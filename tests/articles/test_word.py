"""Word files become drafts: every word, the structure, the pictures, and a true report."""

# ruff: noqa: E501, ISC004, FLY002 - samples read better as they are written in a file
from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.accounts.permissions import Actor, Role
from portal.articles.word import telling
from portal.articles.word.importing import import_word, report_of
from portal.articles.word.reading import WordText, read
from portal.core.db import db
from portal.core.html import plain_text
from portal.media.models import MediaFile
from portal.media.service import Upload
from tests.articles.conftest import load
from tests.support.word_files import (
    answers,
    bold,
    item,
    link,
    note,
    paragraph,
    photo,
    picture,
    run,
    table,
    word_file,
)

SignIn = Callable[..., tuple[FlaskClient, Actor]]


def reads(*blocks: str, **changes: Any) -> WordText:
    return read(io.BytesIO(word_file(*blocks, **changes)), "Bài viết.docx")


def body(*blocks: str, **changes: Any) -> str:
    return reads(*blocks, **changes).body


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# ---- text and structure ----


def test_an_article_of_a_unit_comes_whole() -> None:
    found = read(io.BytesIO(answers()), "bai.docx")
    assert found.title == "Cấp lại giấy phép hành nghề: chuẩn bị gì, nộp ở đâu"
    assert found.body == "\n".join(
        [
            "<p>Từ ngày 01/7/2025, người hành nghề ở Hải Phòng nộp hồ sơ tại Trung tâm Phục vụ hành "
            "chính công hoặc qua mạng.</p>",
            "<h2>Hồ sơ cần có</h2>",
            "<ol><li>Đơn đề nghị theo Mẫu số 02;</li><li>Bản sao giấy phép đã cấp (nếu còn).</li></ol>",
            '<figure><img src="word-picture:0"><figcaption>Hình 1. Quầy tiếp nhận số 5</figcaption></figure>',
            "<h2>Thời hạn và mức phí</h2>",
            "<h3>Mức phí theo trường hợp</h3>",
            '<table><thead><tr><th scope="col">Trường hợp</th><th scope="col">Mức phí</th>'
            '<th scope="col">Thời hạn</th></tr></thead><tbody><tr><td>Bị mất, hư hỏng</td>'
            "<td>150.000 đồng</td><td>15 ngày làm việc</td></tr><tr><td>Thay đổi thông tin</td>"
            "<td>150.000 đồng</td><td>15 ngày làm việc</td></tr></tbody></table>",
            "<p>Kết quả được gửi qua <strong>bưu chính công ích</strong> nếu bạn đăng ký"
            '<small class="note">Theo Nghị định số 96/2023/NĐ-CP của Chính phủ.</small>.</p>',
            '<figure><img src="word-picture:1"></figure>',
            "<p>Cần hỏi thêm, bạn gọi đường dây nóng của Sở.</p>",
        ]
    )
    assert found.facts["lost_words"] == 0


HEADINGS = {
    "English names": (
        paragraph("Một", style="u1") + paragraph("Hai", style="u2") + paragraph("Ba", style="u3"),
        "<h2>Một</h2>\n<h3>Hai</h3>\n<h4>Ba</h4>",
    ),
    "Vietnamese names": (paragraph("a") + paragraph("Một", style="De1"), "<p>a</p>\n<h2>Một</h2>"),
    "a style of one's own": (
        paragraph("a") + paragraph("Một", style="MucLon"),
        "<p>a</p>\n<h2>Một</h2>",
    ),
    "levels that jump": (
        paragraph("a") + paragraph("Một", style="u1") + paragraph("Hai", style="u3"),
        "<p>a</p>\n<h2>Một</h2>\n<h3>Hai</h3>",
    ),
    "bold headings": (
        paragraph("a") + paragraph(bold("Một"), style="u1"),
        "<p>a</p>\n<h2>Một</h2>",
    ),
    "an empty heading": (paragraph("a") + paragraph("", style="u1"), "<p>a</p>"),
    "a heading in a cell": (
        table([paragraph("Một", style="u1"), "x"], ["y", "z"]),
        "<table><tbody><tr><td><strong>Một</strong></td><td>x</td></tr>"
        "<tr><td>y</td><td>z</td></tr></tbody></table>",
    ),
    "a whole paragraph styled as heading": (
        paragraph("a") + paragraph("dài " * 100, style="u1"),
        "<p>a</p>\n<p>" + ("dài " * 100).strip() + "</p>",
    ),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_headings(name: str) -> None:
    given, wanted = HEADINGS[name]
    if name == "English names":
        given = paragraph("mở") + given
        wanted = "<p>mở</p>\n" + wanted
    assert body(given) == wanted


@pytest.mark.parametrize("style", ["Title", "Tieude"])
def test_the_title_leaves_the_text(style: str) -> None:
    found = reads(paragraph("Tên bài", style=style), paragraph("Chữ"))
    assert (found.title, found.title_from, found.body) == ("Tên bài", "style", "<p>Chữ</p>")


def test_without_a_title_the_only_great_heading_or_the_file_name_is_it() -> None:
    one = reads(paragraph("Tên", style="u1"), paragraph("Chữ"), paragraph("Mục", style="u2"))
    assert (one.title, one.body) == ("Tên", "<p>Chữ</p>\n<h2>Mục</h2>")
    assert (reads(paragraph("Chữ")).title, reads(paragraph("Chữ")).title_from) == (
        "Bài viết",
        "file",
    )


LEVELS = [
    [("decimal", "%1."), ("lowerLetter", "%2)")],
    [("upperRoman", "%1."), ("decimal", "%1.%2.")],
    [("bullet", "·")],
    [("decimal", "Điều %1.")],
]
LISTS = {
    "numbers": (item(1, "a") + item(1, "b"), "<ol><li>a</li><li>b</li></ol>"),
    "numbers go on after a paragraph": (
        item(1, "a") + paragraph("x") + item(1, "b"),
        '<ol><li>a</li></ol>\n<p>x</p>\n<ol start="2"><li>b</li></ol>',
    ),
    "letters stay as they are quoted": (
        item(1, "Khoản") + item(1, "điểm", level=1) + item(1, "điểm", level=1) + item(1, "Khoản"),
        '<ol><li>Khoản</li></ol>\n<p>a) điểm</p>\n<p>b) điểm</p>\n<ol start="2"><li>Khoản</li></ol>',
    ),
    "Roman and compound numbers": (
        item(2, "Chung") + item(2, "Mục", level=1) + item(2, "Riêng") + item(2, "Mục", level=1),
        "<p>I. Chung</p>\n<p>I.1. Mục</p>\n<p>II. Riêng</p>\n<p>II.1. Mục</p>",
    ),
    "bullets": (item(3, "a") + item(3, "b"), "<ul><li>a</li><li>b</li></ul>"),
    "articles of a law": (item(4, "Phạm vi") + item(4, "Đối tượng"), "<p>Điều 1. Phạm vi</p>\n<p>Điều 2. Đối tượng</p>"),
    "a number in bold": (item(4, bold("Phạm vi")), "<p><strong>Điều 1. Phạm vi</strong></p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_numbers_are_those_that_word_shows(name: str) -> None:
    given, wanted = LISTS[name]
    assert body(given, levels=LEVELS) == wanted


TABLES = {
    "a row that Word repeats": (
        table(["A", "B"], ["1", "2"], header=True),
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    ),
    "no header": (
        table(["A", "B"], ["1", "2"]),
        "<table><tbody><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></tbody></table>",
    ),
    "a frame of one cell": (table(["Trong khung"]), "<p>Trong khung</p>"),
    "a table in a table": (
        table([table(["a", "b"], ["c", "d"]) + paragraph(""), "x"], ["y", "z"]),
        "<table><tbody><tr><td><p>a · b</p><p>c · d</p></td><td>x</td></tr>"
        "<tr><td>y</td><td>z</td></tr></tbody></table>",
    ),
    "a caption before it": (
        paragraph("Bảng 1. Phí", style="Caption") + table(["A", "B"], ["1", "2"], header=True),
        '<table><caption>Bảng 1. Phí</caption><thead><tr><th scope="col">A</th>'
        '<th scope="col">B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str) -> None:
    given, wanted = TABLES[name]
    assert body(given) == wanted


INLINE = {
    "marks": (paragraph(bold("đậm"), " ", run("nghiêng", "<w:i/>"), " ", run("gạch", '<w:u w:val="single"/>')),
              "<p><strong>đậm</strong> <em>nghiêng</em> <u>gạch</u></p>"),
    "small figures": (paragraph("m", run("2", '<w:vertAlign w:val="superscript"/>')), "<p>m<sup>2</sup></p>"),
    "alignment": (paragraph("giữa", properties='<w:jc w:val="center"/>'), '<p class="align-center">giữa</p>'),
    "a quote": (paragraph("lời", style="Quote"), "<blockquote><p>lời</p></blockquote>"),
    "letters that mean markup": (paragraph("a < b & c > d"), "<p>a &lt; b &amp; c &gt; d</p>"),
    "two spaces and no-break spaces": (paragraph("a  b\u00a0 c"), "<p>a b c</p>"),
    "a field": (paragraph('<w:fldSimple w:instr="DATE">' + run("22/11/2026") + "</w:fldSimple>"), "<p>22/11/2026</p>"),
    "text put in by another": (paragraph('<w:ins w:id="1">' + run("thêm") + "</w:ins>"), "<p>thêm</p>"),
    "text moved here": (paragraph('<w:moveTo w:id="1">' + run("chuyển") + "</w:moveTo>"), "<p>chuyển</p>"),
    "text taken out": (paragraph("còn", '<w:del w:id="1"><w:r><w:delText>mất</w:delText></w:r></w:del>'), "<p>còn</p>"),
    "hidden text": (paragraph("còn", run("ẩn", "<w:vanish/>")), "<p>còn</p>"),
    "an equation": (paragraph("x = ", "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"), "<p>x = a+b</p>"),
    "a text box": (
        paragraph("trên", "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>"
                  "<w:txbxContent>" + paragraph("hộp") + "</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
                  "</mc:AlternateContent></w:r>"),
        "<p>trên</p>\n<p>hộp</p>",
    ),
    "a line break": (paragraph("một", "<w:r><w:br/></w:r>", "hai"), "<p>một<br>hai</p>"),
    "a link within the file": (paragraph('<w:hyperlink w:anchor="muc">' + run("mục") + "</w:hyperlink>"), "<p>mục</p>"),
    "decomposed letters": (paragraph("Tie\u0302\u0301ng Vie\u0323\u0302t"), "<p>Tiếng Việt</p>"),
}  # fmt: skip


@pytest.mark.parametrize("name", INLINE)
def test_words_and_marks(name: str) -> None:
    given, wanted = INLINE[name]
    assert body(given) == wanted


def test_links_keep_safe_addresses_only() -> None:
    given = paragraph(link(1, "cổng"), " ", link(2, "xấu"), " ", link(3, "tệp"))
    found = reads(
        given, links=["https://dichvucong.gov.vn/", "javascript:alert(1)", "file:///C:/a"]
    )
    assert found.body == '<p><a href="https://dichvucong.gov.vn/">cổng</a> xấu tệp</p>'
    assert found.facts["links"] == 2


def test_notes_of_two_paragraphs_and_a_link_stand_where_they_are_called() -> None:
    two = paragraph("một", style="FootnoteText") + paragraph("hai", style="FootnoteText")
    assert body(paragraph("chữ", note(1), " tiếp", note(2)), notes=[two, "ba"]) == (
        '<p>chữ<small class="note">một hai</small> tiếp<small class="note">ba</small></p>'
    )


LEGACY = {
    "TCVN3": (".VnTime", "TiÕng ViÖt: ®\u00adêng d©y nãng", "Tiếng Việt: đường dây nóng"),
    "TCVN3 capitals": (".VnTimeH", "c\u00adéng hoµ", "CƯỘNG HOÀ"),
    "VNI": ("VNI-Times", "Tieáng Vieät, ñöôøng daây noùng", "Tiếng Việt, đường dây nóng"),
    "Unicode in spite of its font": (".VnTime", "Tiếng Việt", "Tiếng Việt"),
}


@pytest.mark.parametrize("name", LEGACY)
def test_letters_of_old_fonts_become_unicode(name: str) -> None:
    font, text, wanted = LEGACY[name]
    look = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    assert body(paragraph(run(text, look))) == f"<p>{wanted}</p>"


def test_a_vni_letter_cut_in_two_by_a_run_is_one_letter() -> None:
    look = '<w:rFonts w:ascii="VNI-Times"/>'
    assert body(paragraph(run("Tiea", look), run("ùng", look))) == "<p>Tieáng</p>".replace(
        "eá", "eá"
    )


# ---- pictures ----


def test_pictures_come_with_their_words_and_those_nobody_can_read_are_told() -> None:
    found = reads(
        paragraph("trước ", picture(1, "Quầy số 5"), " sau"), paragraph(picture(2)), paragraph(picture(3)),
        pictures=[photo(), (b"\x01\0\0\0emf", "emf"), (b"not a picture", "png")],
    )  # fmt: skip
    assert found.body == (
        '<p>trước sau</p>\n<figure><img src="word-picture:0" alt="Quầy số 5"></figure>'
    )
    assert [(p.extension, p.alt) for p in found.pictures] == [("png", "Quầy số 5")]
    assert (found.facts["vector"], found.facts["unreadable"]) == (1, 1)


# ---- the use case ----


def test_a_draft_is_made_and_its_pictures_lie_in_the_library(app: Flask, staff: SignIn) -> None:
    _, actor = staff(Role.AUTHOR, "cdc")
    with app.app_context():
        number = import_word(actor, Upload(io.BytesIO(answers()), "bài của tôi.docx"))
        report = report_of(number)
        assert report is not None
        assert report.facts["pictures"] == 2
        assert db.session.scalar(select(func.count()).select_from(MediaFile)) == 2
    article = load(app, number)
    assert len(article.inline_files) == 2
    assert article.summary.startswith("Từ ngày 01/7/2025")
    assert article.body.count('<img src="/tu-lieu/') == 2
    assert "Theo Nghị định số 96/2023/NĐ-CP" in plain_text(article.body)


def test_the_same_file_twice_uses_the_same_pictures(app: Flask, staff: SignIn) -> None:
    _, actor = staff(Role.AUTHOR, "cdc")
    with app.app_context():
        import_word(actor, Upload(io.BytesIO(answers()), "a.docx"))
        number = import_word(actor, Upload(io.BytesIO(answers()), "a.docx"))
        assert db.session.scalar(select(func.count()).select_from(MediaFile)) == 2
        report = report_of(number)
        assert report is not None
        assert telling.kept(report.facts)[0].endswith("“Mục I”")
        assert any("dùng lại" in line for line in telling.kept(report.facts))


def test_from_the_file_to_the_publisher_in_two_pages(
    app: Flask, staff: SignIn, topics: dict[str, int]
) -> None:
    client, _ = staff(Role.AUTHOR, "cdc")
    listed = client.get("/ban-lam-viec/bai-viet/?xem=cua-toi").text
    token = re.findall(r'data-send-word="([^"]+)"', listed)[0]
    sent = client.post(
        "/ban-lam-viec/bai-viet/tu-word",
        data={"csrf_token": token, "file": (io.BytesIO(answers()), "bài.docx")},
    )
    assert sent.status_code == 303, sent.text
    page = client.get(sent.location)
    assert "Mô tả ảnh 2" in page.text
    assert "2 ảnh, đã đưa vào thư viện" in page.text
    version = re.findall(r'name="version"[^>]*value="(\d+)"', page.text)[0]
    said = {
        "csrf_token": token, "version": version, "title": "Cấp lại giấy phép", "summary": "Hồ sơ và mức phí.",
        "topic_id": str(topics["huong-dan"]), "alts-0": "Quầy tiếp nhận số 5", "alts-1": "",
    }  # fmt: skip
    refused = client.post(sent.location, data={**said, "then": "submit"})
    assert refused.status_code == 400
    assert "Nhập mô tả ảnh" in refused.text
    said["version"] = re.findall(r'name="version"[^>]*value="(\d+)"', refused.text)[0]
    done = client.post(sent.location, data={**said, "alts-1": "Bảng thông báo", "then": "submit"})
    assert done.status_code == 303
    number = int(sent.location.split("/")[-2])
    article = load(app, number)
    assert article.state == "submitted"
    assert re.findall(r'alt="([^"]*)"', article.body) == ["Quầy tiếp nhận số 5", "Bảng thông báo"]
    assert sorted(media.alt for media in article.inline_files) == [
        "Bảng thông báo",
        "Quầy tiếp nhận số 5",
    ]


def test_a_stranger_sees_no_report(app: Flask, staff: SignIn, topics: dict[str, int]) -> None:
    _, actor = staff(Role.AUTHOR, "cdc")
    with app.app_context():
        number = import_word(actor, Upload(io.BytesIO(answers()), "a.docx"))
    stranger, _ = staff(Role.AUTHOR, "vp")
    assert stranger.get(f"/ban-lam-viec/bai-viet/{number}/nhap-tu-word").status_code == 404
