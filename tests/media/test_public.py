"""How files are served: to whom, with which headers, whole and in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.accounts.permissions import Role
from portal.core.db import db, write
from portal.media import usage
from portal.media.models import MediaFile
from portal.media.usage import Use
from tests.media import samples
from tests.media.conftest import Keep
from tests.media.test_intake import GOOD
from tests.support.queries import count_queries


@pytest.fixture
def shown() -> Iterator[set[int]]:
    """Ids of files that something published uses."""
    ids: set[int] = set()

    def find(_session: Session, media_id: int) -> list[Use]:
        return [Use("Bài", "/x", media_id in ids)]

    usage.register("test", find)
    yield ids
    usage.register("test", lambda _session, _id: [])


def address(app: Flask, number: int) -> str:
    with app.app_context():
        return db.session.get_one(MediaFile, number).url


def test_only_what_is_published_is_served(
    app: Flask, client: FlaskClient, keep: Keep, shown: set[int], staff: Callable[..., tuple]
) -> None:
    number = keep(samples.picture(size=(1000, 500)), "a.png")
    url = address(app, number)
    assert url.endswith("/960.jpg")
    assert client.get(url).status_code == 404
    officer, _ = staff(Role.AUTHOR, "cdc")
    preview = officer.get(url)
    assert preview.status_code == 200
    assert preview.headers["Cache-Control"] == "private, no-store"
    shown.add(number)
    public = client.get(url)
    assert public.status_code == 200
    assert "Set-Cookie" not in public.headers
    assert public.headers["Cache-Control"] == "public, no-cache", "printed: asked for anew"
    with app.app_context(), write() as session:
        from portal.core import clock

        session.get_one(MediaFile, number).removed_at = clock.now()
    assert client.get(url).status_code == 404


def test_flagged_public_is_served(app: Flask, client: FlaskClient, keep: Keep) -> None:
    number = keep(GOOD["letter.pdf"], "a.pdf")
    with app.app_context(), write() as session:
        session.get_one(MediaFile, number).is_public = True
    assert client.get(address(app, number)).status_code == 200


@pytest.mark.parametrize(
    ("name", "mime", "policy", "how"),
    [
        ("photo.jpg", "image/jpeg", "default-src 'none'; sandbox", "inline"),
        ("letter.pdf", "application/pdf", "default-src 'none'", "inline"),
        ("talk.mp3", "audio/mpeg", "default-src 'none'; sandbox", "inline"),
        ("form.docx", "application/vnd.openxml", "default-src 'none'; sandbox", "attachment"),
        ("table.xlsx", "application/vnd.openxml", "default-src 'none'; sandbox", "attachment"),
    ],
)
def test_headers(  # noqa: PLR0917
    app: Flask, client: FlaskClient, keep: Keep, shown: set[int], name: str, mime: str,
    policy: str, how: str,
) -> None:  # fmt: skip
    number = keep(GOOD[name], f'Báo cáo "quý 1"; đợt 2.{name.rpartition(".")[2]}')
    shown.add(number)
    answer = client.get(address(app, number))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(mime)
    assert answer.headers.getlist("Content-Security-Policy") == [policy]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    said = answer.headers["Content-Disposition"]
    assert said.startswith(f'{how}; filename="Bao cao quy 1 dot 2.')
    assert "filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%22qu%C3%BD%201%22%3B%20%C4%91" in said


def test_parts_and_unchanged(app: Flask, client: FlaskClient, keep: Keep, shown: set[int]) -> None:
    number = keep(GOOD["talk.mp3"], "a.mp3")
    shown.add(number)
    url = address(app, number)
    whole = client.get(url)
    part = client.get(url, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.data == whole.data[10:20]
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.data)}"
    assert client.get(url, headers={"Range": "bytes=999999-"}).status_code == 416
    tag = {"If-None-Match": whole.headers["ETag"]}
    assert client.get(url, headers=tag).status_code == 304
    assert client.head(url).data == b""


def test_parts_of_all_sorts(app: Flask, client: FlaskClient, keep: Keep, shown: set[int]) -> None:
    number = keep(samples.mp4(), "a.mp4")
    shown.add(number)
    url = address(app, number)
    whole = client.get(url)
    size, tag = len(whole.data), whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"

    def ask(header: str, **more: str):
        return client.get(url, headers={"Range": header, **more}, check=False)

    last = ask("bytes=-5")
    assert (last.status_code, last.data) == (206, whole.data[-5:])
    assert last.headers["Content-Range"] == f"bytes {size - 5}-{size - 1}/{size}"
    assert last.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    several = ask("bytes=0-1,5-6")
    assert (several.status_code, several.data) == (200, whole.data), "the whole is a right answer"
    assert ask("pages=1-2").data == whole.data
    for header in (f"bytes={size}-", "bytes=9-2", "bytes=-0", "bytes=x"):
        beyond = ask(header)
        assert (beyond.status_code, beyond.data) == (416, b""), header
        assert beyond.headers["Content-Range"] == f"bytes */{size}"
        assert beyond.headers["X-Content-Type-Options"] == "nosniff"
    assert ask("bytes=0-3", **{"If-Range": tag}).status_code == 206
    changed = ask("bytes=0-3", **{"If-Range": '"khac"'})
    assert (changed.status_code, changed.data) == (200, whole.data)
    assert ask(f"bytes={size}-", **{"If-Range": '"khac"'}).status_code == 200
    head = client.head(url)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(size))
    assert (head.headers["ETag"], head.headers["Content-Type"]) == (tag, "video/mp4")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(header=st.from_regex(r"bytes=\d{0,4}-\d{0,4}", fullmatch=True))
def test_any_part_is_a_slice_or_refused(
    app: Flask, client: FlaskClient, keep: Keep, shown: set[int], header: str
) -> None:
    if not shown:
        shown.add(keep(samples.mp4(), "a.mp4"))
    url = address(app, next(iter(shown)))
    whole = client.get(url).data
    part = client.get(url, headers={"Range": header}, check=False)
    first, _, last = header.removeprefix("bytes=").partition("-")
    if part.status_code == 416:
        assert part.data == b""
    else:
        assert part.status_code == 206
        begin = int(first) if first else max(0, len(whole) - int(last))
        end = int(last) + 1 if first and last else len(whole)
        assert part.data == whole[begin:end]
        assert part.data


def test_page_of_a_recording(
    app: Flask, client: FlaskClient, keep: Keep, shown: set[int], staff: Callable[..., tuple]
) -> None:
    words = "Bạn mang theo giấy hẹn.\nQuầy số 3 nhận hồ sơ."
    number = keep(samples.mp3(900), "a.mp3", title="Bản tin nghe", transcript=words,
                  licence="cc-by-4.0", credit="Tổ <truyền> thông")  # fmt: skip
    with app.app_context():
        url = db.session.get_one(MediaFile, number).page_url
    assert client.get(url).status_code == 404
    officer, _ = staff(Role.AUTHOR, "cdc")
    preview = officer.get(url)
    assert (preview.status_code, preview.headers["Cache-Control"]) == (200, "private, no-store")
    assert "noindex" in preview.get_data(as_text=True)
    shown.add(number)
    page = client.get(url).get_data(as_text=True)
    for told in ("Bạn mang theo giấy hẹn.<br>Quầy", "Dài 24 giây", "CC BY 4.0", "Tổ &lt;truyền"):
        assert told in page
    assert "noindex" not in page
    picture = keep(samples.picture(), "a.png")
    shown.add(picture)
    with app.app_context():
        assert client.get(db.session.get_one(MediaFile, picture).page_url).status_code == 404


@pytest.mark.parametrize(
    "end", ["961.jpg", "960.png", "../x", "%2e%2e%2fportal.sqlite3", "960.jpg.part", "tep.png", ""]
)
def test_other_variants_do_not_exist(
    app: Flask, client: FlaskClient, keep: Keep, shown: set[int], end: str
) -> None:
    number = keep(samples.picture(size=(1000, 500)), "a.png")
    shown.add(number)
    base = address(app, number).rpartition("/")[0]
    assert client.get(f"{base}/{end}").status_code == 404


def test_missing_file_is_404(
    app: Flask, client: FlaskClient, keep: Keep, shown: set[int], library
) -> None:
    number = keep(GOOD["letter.pdf"], "a.pdf")
    shown.add(number)
    for path in library.iterdir():
        path.unlink()
    assert client.get(address(app, number)).status_code == 404


def test_budget(app: Flask, client: FlaskClient, keep: Keep) -> None:
    url = address(app, keep(samples.picture(), "a.png"))
    client.get(url)
    with count_queries(app) as statements:
        client.get(url)
    # The file, and one for each that may show it: articles, procedures, decisions, evidence.
    assert len(statements) <= 5, statements
