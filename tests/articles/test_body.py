"""The body on its page: linked headings, safe whatever stands in attributes, nothing lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.articles.body import dress, file_ids, pictures_without_words
from portal.core.errors import Invalid
from portal.core.html import plain_text, sanitise
from portal.media.models import MediaFile
from tests.support.pages import Page

PUBLIC_ID = "0123456789abcdef" * 2
PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<h2>", "</h2>", "<h3 class='wide'>", "</h3>", "<table><tr><td>",
        "</td></tr></table>", '<img src="/static/a.png" alt="', '">', "' onerror='x", "<br>",
        "&lt;", "&quot;", "&amp;amp;", "<script>", "</script>", "chữ <b>đậm</b>",
        '<a href="/x?a=1&b=2">',
        "</a>", "\u00a0", ">", "<", '"', "<ul><li>", "</li></ul>", "<iframe src=", "<!--", "-->",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_dressing_keeps_words_and_adds_nothing_that_acts(raw: str) -> None:
    try:
        clean = sanitise(raw)
    except Invalid:
        return
    markup = dress(clean).markup
    assert plain_text(markup).split() == plain_text(clean).split()
    before, after = Page(clean), Page(markup)
    added = {tag for tag, _ in after.tags} - {tag for tag, _ in before.tags}
    assert added <= {"div"}
    assert not [n for _, attributes in after.tags for n in attributes if n.startswith("on")]
    ids = after.attributes("id")
    assert len(ids) == len(set(ids))
    for tag, attributes in before.tags:
        for name, value in attributes.items():
            assert (tag, name, value) in {
                (t, n, v) for t, values in after.tags for n, v in values.items()
            }


def test_attribute_that_looks_like_a_heading_stays_in_its_quotes() -> None:
    clean = sanitise('<p>a</p><img src="/static/a.png" alt="x > <h2>giả</h2>"><h2>Thật</h2>')
    dressed = dress(clean)
    assert [heading.text for heading in dressed.headings] == ["Thật"]
    assert Page(dressed.markup).attributes("alt") == ["x > <h2>giả</h2>"]


def test_headings_get_anchors_of_their_own() -> None:
    dressed = dress("<h2>Hồ sơ</h2><h3>Hồ sơ</h3><h2>…</h2><h2>Hồ <em>sơ</em></h2>")
    assert re.findall(r'id="([^"]+)"', dressed.markup) == [
        "muc-ho-so", "muc-ho-so-2", "muc-moi", "muc-ho-so-3",
    ]  # fmt: skip
    assert [heading.anchor for heading in dressed.headings] == [
        "muc-ho-so", "muc-moi", "muc-ho-so-3",
    ]  # fmt: skip


def test_pictures_of_the_library_get_their_widths() -> None:
    media = MediaFile(
        public_id=PUBLIC_ID, kind="image", width=1000, height=500, extension="jpg",
        stored_name="0123456789",
    )  # fmt: skip
    body = f'<img src="/tu-lieu/{PUBLIC_ID}/480.jpg" alt="A" width="9">'
    markup = dress(body, [media]).markup
    assert f'src="/tu-lieu/{PUBLIC_ID}/960.jpg?v=01234567"' in markup
    assert 'width="960" height="480"' in markup
    assert f"/tu-lieu/{PUBLIC_ID}/1000.webp?v=01234567 1000w" in markup
    assert "srcset" not in dress(body).markup


def test_files_of_the_library_are_found() -> None:
    body = (
        f'<a href="/tu-lieu/{PUBLIC_ID}/tep.pdf">a</a><img src="/tu-lieu/{"f" * 32}/9.jpg" alt="b">'
        '<img src="/tu-lieu/short/9.jpg"><a href="https://x.vn/tu-lieu/x">c</a>'
    )
    assert file_ids(body) == {PUBLIC_ID, "f" * 32}
    assert pictures_without_words(body) == [2]


@pytest.mark.parametrize("count", [4000])
def test_large_bodies_are_dressed_in_time(count: int) -> None:
    import time

    body = "<h2>a</h2>" + "<p>Một dòng chữ.</p>" * count
    start = time.perf_counter()
    dress(body)
    assert time.perf_counter() - start < 2
