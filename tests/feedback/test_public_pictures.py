"""Attachments of a published answer: left out, or a picture that an officer has covered."""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.permissions import Actor, Role
from portal.core.db import db
from portal.feedback import attachments, erasing, holding
from portal.feedback import citizen as citizen_verbs
from portal.feedback.models import Feedback, FeedbackFile, FeedbackPublicFile
from tests.feedback.conftest import TEXTS, Citizen, picture
from tests.feedback.test_desk import DESK, Officer

OWN_NAME = "nha ong Tran Van Mat.png"
COPY = {"public_subject": "Giờ làm", "public_question": "Hỏi?", "public_answer": "Đáp."}
ALT = "Hàng ghế chờ trước quầy số 3"
EDITOR = f"{DESK}1/cong-khai"


@pytest.fixture
def officer(staff: Callable[..., tuple[FlaskClient, Actor]]) -> Officer:
    return Officer(*staff(Role.FEEDBACK_OFFICER))


@pytest.fixture
def colleague(staff: Callable[..., tuple[FlaskClient, Actor]]) -> Officer:
    return Officer(*staff(Role.FEEDBACK_OFFICER))


@pytest.fixture
def original(app: Flask, citizen: Citizen, officer: Officer) -> bytes:
    """An answered item with one attachment; its bytes as they are kept."""
    citizen.send(TEXTS, [(io.BytesIO(picture("PNG")), OWN_NAME)])
    officer.do(1, "tra-loi", answer_text="Đã xem xét.")
    with app.app_context():
        name = db.session.scalars(select(FeedbackFile.stored_name)).one()
        return attachments.path_of(name).read_bytes()


def covered(**options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), (0, 0, 0)).save(out, "JPEG", **options)
    return out.getvalue()


def save(
    who: Officer, file: bytes | None = None, name: str = "che.jpg", **data: str
) -> TestResponse:
    fields: dict[str, Any] = dict(data)
    if file is not None:
        fields["anh-tep-1"] = (io.BytesIO(file), name)
    return who.do(1, "cong-khai", **COPY, **fields)


def add(who: Officer, file: bytes | None = None, alt: str = ALT) -> TestResponse:
    return save(who, file or covered(), **{"kem-tep-1": "1", "mo-ta-tep-1": alt})


def public_page(app: Flask) -> str:
    with app.app_context():
        return f"/phan-anh/{db.session.scalars(select(Feedback.public_id)).one()}"


def rows(app: Flask) -> list[FeedbackPublicFile]:
    with app.app_context():
        return list(db.session.scalars(select(FeedbackPublicFile)))


def kept_pictures(app: Flask) -> list[str]:
    with app.app_context():
        folder = attachments.public_folder()
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def shown(app: Flask) -> int:
    return app.test_client().get(f"{public_page(app)}/hinh/1").status_code


def test_attachments_are_left_out_unless_somebody_covers_them(
    app: Flask, citizen: Citizen, officer: Officer, colleague: Officer, original: bytes
) -> None:
    editor = officer.client.get(EDITOR).get_data(as_text=True)
    assert OWN_NAME in editor
    assert re.search(r'name="kem-tep-1" value="" [^>]*checked', editor)
    assert save(officer).status_code == 303
    assert colleague.do(1, "cong-khai/duyet").status_code == 303
    assert rows(app) == []
    assert "<figure>" not in citizen.client.get(public_page(app)).get_data(as_text=True)
    assert shown(app) == 404


def test_a_covered_picture_is_public_with_its_description_and_without_what_came_along(
    app: Flask, citizen: Citizen, officer: Officer, colleague: Officer, original: bytes
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Hãng máy bí mật"
    assert add(officer, covered(exif=exif.tobytes(), comment=b"bi mat")).status_code == 303
    assert shown(app) == 404, "nobody has agreed yet"
    preview = colleague.client.get(f"{DESK}1/hinh/1")
    assert (preview.status_code, preview.headers["Cache-Control"]) == (200, "no-store")
    page = colleague.read(1)
    assert f"{DESK}1/hinh/1" in page
    assert ALT in page
    assert officer.do(1, "cong-khai/duyet").status_code == 409, "four eyes"
    assert shown(app) == 404
    assert colleague.do(1, "cong-khai/duyet").status_code == 303

    address = public_page(app)
    page = citizen.client.get(address).get_data(as_text=True)
    assert re.search(rf'<img src="{address}/hinh/1" alt="{ALT}" width="90" height="60"', page)
    assert OWN_NAME not in page
    assert "che.jpg" not in page
    answer = citizen.client.get(f"{address}/hinh/1")
    data = answer.get_data()
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline; filename=hinh-1.jpg"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert data != original
    assert "bí mật".encode() not in data
    assert b"bi mat" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (90, 60)
        assert not dict(image.getexif())
    again = citizen.client.get(
        f"{address}/hinh/1", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert citizen.client.get(f"{address}/hinh/2", check=False).status_code == 404  # type: ignore[call-arg]


def test_the_citizens_own_file_is_not_taken_for_a_covered_one(
    app: Flask, officer: Officer, original: bytes
) -> None:
    for same in (original, picture("PNG")):
        response = add(officer, same)
        assert response.status_code == 400
        assert "chưa che gì" in response.get_data(as_text=True)
    assert rows(app) == []
    assert kept_pictures(app) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4\n%%EOF", "JPG, PNG, WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPG, PNG, WebP"),
        (picture()[:200], "hỏng"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_texts_stay(
    app: Flask, officer: Officer, original: bytes, data: bytes, words: str
) -> None:
    response = save(officer, **{"kem-tep-1": "1", "mo-ta-tep-1": ALT})
    assert response.status_code == 400, "nothing was chosen"
    response = add(officer, data)
    page = response.get_data(as_text=True)
    assert response.status_code == 400
    assert words in page
    assert "Hỏi?" in page
    assert f'value="{ALT}"' in page
    assert rows(app) == []


@pytest.mark.parametrize("alt", ["", "Gọi chị ấy theo số 0912 345 678", "x" * 301])
def test_a_description_is_wanted_and_judged(
    app: Flask, officer: Officer, original: bytes, alt: str
) -> None:
    response = add(officer, alt=alt)
    assert response.status_code == 400
    assert rows(app) == []
    token = re.search(r'name="nhan-tep-1" value="([^"]+)"', response.get_data(as_text=True))
    assert token, "the picture need not be uploaded again"
    mended = {"kem-tep-1": "1", "mo-ta-tep-1": ALT, "nhan-tep-1": token[1]}
    assert save(officer, **mended).status_code == 303
    assert [row.alt for row in rows(app)] == [ALT]
    bad = save(officer, **{"mo-ta-tep-1": "Biển số 15A-123.45"})
    assert bad.status_code == 400, "a description that is changed later is judged too"
    assert [row.alt for row in rows(app)] == [ALT]


def test_an_upload_beside_left_out_is_asked_about(
    app: Flask, officer: Officer, original: bytes
) -> None:
    response = save(officer, covered(), **{"kem-tep-1": "", "mo-ta-tep-1": ALT})
    assert response.status_code == 400
    assert "đang để “Bỏ ra”" in response.get_data(as_text=True)


def test_a_picture_taken_off_is_deleted_and_the_copy_waits_again(
    app: Flask, citizen: Citizen, officer: Officer, colleague: Officer, original: bytes
) -> None:
    add(officer)
    colleague.do(1, "cong-khai/duyet")
    assert shown(app) == 200
    assert save(officer).status_code == 303
    assert len(rows(app)) == 1, "saving the texts alone leaves it"
    assert shown(app) == 404, "a second person has to agree again"
    assert save(officer, **{"bo-tep-1": "1"}).status_code == 303
    assert rows(app) == []
    assert kept_pictures(app) == []


@pytest.mark.usefixtures("original")
@pytest.mark.parametrize("end", ["unpublish", "restrict", "reopen"])
def test_it_is_gone_with_the_copy(
    app: Flask,
    officer: Officer,
    colleague: Officer,
    staff: Any,
    end: str,
) -> None:
    add(officer)
    colleague.do(1, "cong-khai/duyet")
    assert shown(app) == 200
    if end == "unpublish":
        done = officer.do(1, "cong-khai/go", unpublish_note="Hết thời sự.").status_code
    elif end == "restrict":
        staff(Role.INSPECTOR)
        done = officer.do(1, "giu-bi-mat", restrict_reason="Là tố cáo.").status_code
    else:
        done = 303
        with app.app_context():
            feedback = db.session.get_one(Feedback, 1)
            holder = holding.holder_of(feedback)
            citizen_verbs.reopen(holder, "Chưa giải quyết.", feedback.answered_at)
    assert done == 303
    assert shown(app) == 404


@pytest.mark.usefixtures("original")
@pytest.mark.parametrize("public", [True, False])
def test_erasing_keeps_it_only_with_a_copy_that_stays(
    app: Flask,
    officer: Officer,
    colleague: Officer,
    public: bool,
) -> None:
    add(officer)
    if public:
        colleague.do(1, "cong-khai/duyet")
    with app.app_context():
        citizen_verbs.ask_erasure(holding.holder_of(db.session.get_one(Feedback, 1)))
        version = db.session.get_one(Feedback, 1).version
        erasing.erase(officer.actor, 1, version)
    assert shown(app) == (200 if public else 404)
    assert len(kept_pictures(app)) == public
    assert [row.source_id for row in rows(app)] == [None] * public
    if public:
        assert "Bỏ hình này" in officer.client.get(EDITOR).get_data(as_text=True)
        number = rows(app)[0].id
        assert save(officer, **{f"bo-hinh-{number}": "1"}).status_code == 303
        assert kept_pictures(app) == []


def test_pictures_are_numbered_without_gaps(app: Flask, citizen: Citizen, officer: Officer) -> None:
    files = [(io.BytesIO(picture(size=(20 + n, 20))), f"{n}.jpg") for n in range(3)]
    citizen.send(TEXTS, files)
    officer.do(1, "tra-loi", answer_text="Đã xem xét.")
    fields: dict[str, Any] = {}
    for n in (1, 2, 3):
        fields |= {
            f"kem-tep-{n}": "1", f"mo-ta-tep-{n}": f"Ảnh {n}",
            f"anh-tep-{n}": (io.BytesIO(covered(quality=50 + n)), "a.jpg"),
        }  # fmt: skip
    assert officer.do(1, "cong-khai", **COPY, **fields).status_code == 303
    assert save(officer, **{"bo-tep-1": "1"}).status_code == 303
    assert [(row.position, row.alt) for row in rows(app)] == [(1, "Ảnh 2"), (2, "Ảnh 3")]


def test_others_neither_see_nor_change_it(
    app: Flask, citizen: Citizen, officer: Officer, original: bytes, staff: Any
) -> None:
    add(officer)
    for role in (Role.AUDITOR, Role.AUTHOR, Role.ADMINISTRATOR):
        stranger = Officer(*staff(role, "cdc" if role is Role.AUTHOR else None))
        assert stranger.client.get(f"{DESK}1/hinh/1", check=False).status_code in (403, 404)
        assert stranger.client.get(EDITOR, check=False).status_code in (403, 404)
    nobody = app.test_client()
    assert nobody.get(f"{DESK}1/hinh/1").status_code == 303


def test_the_sweep_spares_what_a_copy_names(app: Flask, officer: Officer, original: bytes) -> None:
    add(officer)
    named = kept_pictures(app)
    with app.app_context():
        folder = attachments.public_folder()
        (folder / "0.jpg").write_bytes(b"x")
        for path in folder.iterdir():
            old = time.time() - 49 * 3600
            os.utime(path, (old, old))
        assert attachments.purge() == 1
    assert kept_pictures(app) == named
