"""Files that an article offers: what they lack is named with where to mend it, and what they say
is shown and found."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Role
from portal.articles import checks, queries, search, service
from portal.articles.drafts import Draft
from portal.core.db import db
from portal.core.errors import Invalid
from portal.media import service as media
from portal.media.models import MediaFile
from portal.media.service import Description, Upload
from tests.articles.conftest import MakeDraft, People
from tests.media import samples

WORDS = "Bạn mang theo giấy hẹn khi đến."
ABSTRACT = "Quyết định công bố thủ tục mới, nơi nhận hồ sơ và ngày áp dụng."


@pytest.fixture
def shelf(app: Flask, people: People) -> Iterator[Callable[..., int]]:
    def put(data: bytes, name: str, **said: str) -> int:
        sent = Upload(io.BytesIO(data), name)
        return media.upload(people.author, sent, Description(**said))

    with app.app_context():
        yield put


def lacks(mine: Draft) -> dict[str, str]:
    return checks.unfinished(db.session(), mine)


def test_each_file_is_named_with_where_to_mend_it(
    shelf: Callable[..., int], people: People, draft: MakeDraft
) -> None:
    scan = shelf(samples.pdf(pages=[samples.SCAN]), "quyet-dinh.pdf", title="Quyết định 12")
    film = shelf(samples.mp4(), "phim.mp4", title="Phim hướng dẫn")
    good = shelf(samples.pdf(), "to-roi.pdf", title="Tờ rơi")
    cover = shelf(samples.picture(), "bia.png", title="Ảnh bìa")
    mine = draft(attachment_ids=(scan, film, good), cover_id=cover)
    told = checks.to_mend(db.session(), mine)
    assert [(one.title, one.what, one.url) for one in told] == [
        ("Quyết định 12", "tóm tắt nội dung", f"/ban-lam-viec/tu-lieu/{scan}#abstract"),
        ("Phim hướng dẫn", "bản chép lời", f"/ban-lam-viec/tu-lieu/{film}#transcript"),
        ("Ảnh bìa", "mô tả ảnh", f"/ban-lam-viec/tu-lieu/{cover}#alt"),
    ]
    problems = lacks(mine)
    assert "Quyết định 12" in problems["attachments"]
    assert "Phim hướng dẫn" in problems["attachments"]
    assert "Tờ rơi" not in problems["attachments"]
    number = service.create(people.author, mine)
    with pytest.raises(Invalid):
        service.submit(people.author, number, 1)
    media.describe(people.author, scan, Description(title="Quyết định 12", abstract=ABSTRACT))
    media.describe(people.author, film, Description(title="Phim hướng dẫn", transcript=WORDS))
    media.describe(people.author, cover, Description(title="Ảnh bìa", plain_reason="ảnh trang trí"))
    db.session.expire_all()
    assert not lacks(mine)
    service.submit(people.author, number, 1)


def test_files_that_the_body_links_are_looked_at_too(
    shelf: Callable[..., int], draft: MakeDraft
) -> None:
    scan = db.session.get_one(
        MediaFile, shelf(samples.pdf(pages=[samples.SCAN]), "a.pdf", title="Bản quét xa")
    )
    plain = db.session.get_one(MediaFile, shelf(samples.picture(), "hoa.png", title="Hoa văn"))
    body = f'<p>Xem <a href="{scan.url}">quyết định</a>.</p><img src="{plain.url}" alt="">'
    assert "Ảnh thứ 1" in lacks(draft(body=body))["body"]
    plain.plain_reason = "hoa văn trang trí"
    db.session.flush()
    assert "body" not in lacks(draft(body=body))
    assert "Bản quét xa" in lacks(draft(body=body))["attachments"]
    db.session.rollback()


def test_desk_leads_to_the_file(
    app: Flask, shelf: Callable[..., int], people: People, draft: MakeDraft,
    staff: Callable[..., tuple],
) -> None:  # fmt: skip
    film = shelf(samples.mp4(), "phim.mp4", title="Phim hướng dẫn")
    number = service.create(people.author, draft(attachment_ids=(film,)))
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    page = browser.get(f"/ban-lam-viec/bai-viet/{number}").get_data(as_text=True)
    assert f'href="/ban-lam-viec/tu-lieu/{film}#transcript"' in page


def test_readers_hear_see_and_find_what_files_say(
    app: Flask, client: FlaskClient, shelf: Callable[..., int], people: People,
    draft: MakeDraft,
) -> None:  # fmt: skip
    film = shelf(samples.mp4(), "phim.mp4", title="Phim hướng dẫn", transcript=WORDS)
    scan = shelf(
        samples.pdf(pages=[samples.SCAN]), "qd.pdf", title="Quyết định 12", abstract=ABSTRACT
    )
    number = service.create(people.author, draft(attachment_ids=(film, scan)))
    service.submit(people.author, number, 1)
    service.publish(people.publisher, number, 2)
    document = search.build(db.session(), str(number))
    assert document is not None
    assert WORDS in document.body
    assert ABSTRACT in document.body
    article = queries.find_visible(db.session(), document.url.rpartition("/")[2])
    assert article is not None
    page = client.get(article.url).get_data(as_text=True)
    assert '<video controls preload="none"' in page
    assert WORDS in page
    assert "Bản quét, máy đọc màn hình không đọc được" in page
    assert ABSTRACT in page
    with pytest.raises(Invalid, match="cần có bản chép lời"):
        media.describe(people.author, film, Description(title="Phim hướng dẫn", transcript=""))
