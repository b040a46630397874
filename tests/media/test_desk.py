"""The library's pages at the desk, and what the editor asks."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from portal.accounts.permissions import Actor, Role
from portal.core.web import errors
from portal.media import storage
from tests.media import samples
from tests.media.conftest import Keep
from tests.media.test_intake import BAD, GOOD

HOME = "/ban-lam-viec/tu-lieu/"
Staff = Callable[..., tuple[FlaskClient, Actor]]


def send(client: FlaskClient, path: str, name: str, data: bytes, **fields: str):
    token = client.token(HOME + "tai-len")
    return client.post(
        HOME + path,
        data={"csrf_token": token, "file": (io.BytesIO(data), name), **fields},
        content_type="multipart/form-data",
    )


def test_upload_find_describe_remove_restore(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    answer = send(browser, "tai-len", "So do.png", GOOD["plan.png"], title="Sơ đồ một cửa")
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "Sơ đồ một cửa" in browser.get(HOME + "?q=so+do+mot&loai=image").get_data(as_text=True)
    assert "Không có tệp nào" in browser.get(HOME + "?loai=audio").get_data(as_text=True)
    token = browser.token(page)
    fields = {"csrf_token": token, "title": "Sơ đồ", "alt": "Ba bước nộp hồ sơ", "credit": ""}
    assert browser.post(page, data=fields).status_code == 303
    assert "Ba bước nộp hồ sơ" in browser.get(page).get_data(as_text=True)
    bad = browser.post(page, data={**fields, "title": ""})
    assert bad.status_code == 400
    assert "Nhập tên của tư liệu." in bad.get_data(as_text=True)
    assert browser.post(page + "/go", data={"csrf_token": token}).status_code == 303
    assert "Không có tệp nào" in browser.get(HOME).get_data(as_text=True)
    assert "Sơ đồ" in browser.get(HOME + "?da-go=1").get_data(as_text=True)
    assert browser.post(page + "/khoi-phuc", data={"csrf_token": token}).status_code == 303
    assert "Sơ đồ" in browser.get(HOME).get_data(as_text=True)


@pytest.mark.parametrize("name", ["image.svg", "cut.jpg", "script.pdf", "macro.docx"])
def test_refused_upload_says_why(staff: Staff, name: str) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    answer = send(browser, "tai-len", name, BAD[name], title="Tên tôi gõ")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Tên tôi gõ" in page
    assert 'id="file-error"' in page


def test_upload_without_file(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    token = browser.token(HOME + "tai-len")
    answer = browser.post(HOME + "tai-len", data={"csrf_token": token})
    assert answer.status_code == 400
    assert "Chọn tệp cần tải lên." in answer.get_data(as_text=True)


def test_editor_uploads_and_chooses(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    data = samples.picture("JPEG", (2000, 1000))
    answer = send(browser, "tai-len.json", "a.jpg", data, alt="Một cửa")
    assert answer.status_code == 201
    told = answer.get_json()
    assert (told["width"], told["height"], told["alt"]) == (960, 480, "Một cửa")
    assert told["url"].endswith("/960.jpg")
    assert browser.get(told["url"]).status_code == 200
    send(browser, "tai-len.json", "b.pdf", GOOD["letter.pdf"], title="Công văn")
    images = browser.get(HOME + "chon.json?kind=image&q=mot+cua").get_json()["items"]
    assert [item["alt"] for item in images] == ["Một cửa"]
    others = browser.get(HOME + "chon.json?kind=file").get_json()["items"]
    assert [item["title"] for item in others] == ["Công văn"]
    assert browser.get(HOME + "chon.json?kind=x").status_code == 400


def test_editor_is_told_what_is_wrong(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    answer = send(browser, "tai-len.json", "a.svg", BAD["image.svg"])
    assert answer.status_code == 400
    assert "chỉ nhận" in answer.get_json()["error"]
    token = browser.token(HOME + "tai-len")
    assert browser.post(HOME + "tai-len.json", data={"csrf_token": token}).status_code == 400
    assert browser.post(HOME + "tai-len.json").status_code == 400, "without a token"


def test_full_disk_is_told_and_reading_goes_on(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")

    def keep_picture(_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "keep_picture", keep_picture)
    answer = send(browser, "tai-len", "a.png", GOOD["plan.png"])
    assert answer.status_code == 503
    assert errors.TEXTS[503][1] in answer.get_data(as_text=True)
    assert browser.get(HOME).status_code == 200
    monkeypatch.undo()
    assert send(browser, "tai-len", "a.png", GOOD["plan.png"]).status_code == 303


def test_auditor_looks_but_changes_nothing(staff: Staff, keep: Keep) -> None:
    number = keep(GOOD["plan.png"], "a.png")
    browser, _ = staff(Role.AUDITOR)
    page = f"{HOME}{number}"
    text = browser.get(page).get_data(as_text=True)
    assert "Gỡ khỏi thư viện" not in text
    token = browser.token(page)
    assert browser.post(page, data={"csrf_token": token, "title": "x"}).status_code == 403
    assert browser.post(page + "/go", data={"csrf_token": token}).status_code == 403
    assert browser.get(HOME + "tai-len").status_code == 403


def test_citizens_see_no_desk(client: FlaskClient) -> None:
    for path in ("", "tai-len", "chon.json", "1"):
        assert client.get(HOME + path).status_code == 303
