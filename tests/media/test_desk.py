"""The library's pages at the desk, and what the editor asks."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.accounts.permissions import Actor, Role
from portal.core.web import errors
from portal.media import storage
from tests.media import samples
from tests.media.conftest import Keep, names_in
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


def send_all(client: FlaskClient, files: list[tuple[str, bytes]], **fields: str):
    token = client.token(HOME + "tai-len")
    sent = [(io.BytesIO(data), name) for name, data in files]
    return client.post(
        HOME + "tai-len", data={"csrf_token": token, "file": sent, **fields},
        content_type="multipart/form-data",
    )  # fmt: skip


def test_several_files_at_once(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    files = [("a.png", samples.picture()), ("b.mp3", GOOD["talk.mp3"])]
    answer = send_all(browser, files, credit="CDC", licence="own", title="Tên chung")
    assert answer.status_code == 303
    listed = browser.get(HOME).get_data(as_text=True)
    assert "Tên chung" not in listed, "a title is for a single file"
    assert "2 tệp" in listed


def test_each_of_several_is_judged_by_itself(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    there = samples.picture(size=(31, 17))
    send(browser, "tai-len", "co.png", there, title="Đã có từ trước")
    files = [("tot.png", samples.picture()), ("xau.svg", BAD["image.svg"]), ("lai.png", there)]
    answer = send_all(browser, files)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "1 trong 3 tệp đã vào thư viện" in page
    assert "xau.svg: Thư viện chỉ nhận" in page
    assert "Bạn xuất thành PNG" in page
    assert "Đã có từ trước" in page
    assert "2 tệp" in browser.get(HOME).get_data(as_text=True)
    too_many = [(f"{n}.png", there) for n in range(21)]
    assert "nhiều nhất 20 tệp" in send_all(browser, too_many).get_data(as_text=True)


def test_the_same_file_again_is_offered(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    data = samples.picture(size=(40, 30))
    first = send(browser, "tai-len.json", "a.png", data, title="Bến phà").get_json()
    again = send(browser, "tai-len.json", "b.png", data)
    assert (again.status_code, again.get_json()["id"]) == (200, first["id"])
    assert again.get_json()["existing"] is True
    page = send(browser, "tai-len", "b.png", data)
    assert page.status_code == 400
    assert "Bến phà" in page.get_data(as_text=True)
    assert send(browser, "tai-len", "b.png", data, again="y").status_code == 303
    other = send(browser, "tai-len.json", "b.png", data, again="1")
    assert (other.status_code, "existing" in other.get_json()) == (201, False)
    browser.post(f"{HOME}{first['id']}/go", data={"csrf_token": browser.token(HOME + "tai-len")})
    assert send(browser, "tai-len.json", "c.png", data).get_json()["id"] != first["id"]


def test_filters_and_orders(staff: Staff, keep: Keep) -> None:
    browser, _ = staff(Role.PUBLISHER)
    keep(samples.picture(), "a.png", title="Ảnh trống")
    keep(samples.picture(), "b.png", title="Ảnh đủ", alt="Quầy số 3")
    keep(samples.mp4(), "c.mp4", title="Phim chưa lời")
    keep(samples.pdf(pages=[samples.SCAN]), "d.pdf", title="Bản quét")
    keep(samples.mp3(), "e.mp3", title="Bản tin", transcript="Đến quầy số bảy nộp hồ sơ nhé")

    def titles(query: str) -> set[str]:
        page = browser.get(HOME + "?" + query).get_data(as_text=True)
        names = ("Ảnh trống", "Ảnh đủ", "Phim chưa lời", "Bản quét", "Bản tin")
        return {name for name in names if f">{name}</a>" in page}

    everything = titles("tat-ca=1")
    assert len(everything) == 5
    assert titles("thieu=any") == {"Ảnh trống", "Phim chưa lời", "Bản quét"}
    assert titles("thieu=alt") == {"Ảnh trống"}
    assert titles("thieu=transcript") == {"Phim chưa lời"}
    assert titles("thieu=abstract") == {"Bản quét"}
    assert titles("loai=video") == {"Phim chưa lời"}
    assert titles("dung=co") == set()
    assert titles("dung=khong") == everything
    assert titles("q=quay+so+bay") == {"Bản tin"}, "words of a transcript, without marks"
    assert titles("don-vi=-") == set(), "the author's unit has them all"
    for odd in ("loai=xyz", "thieu=zz", "sap-xep=zz", "don-vi=khong-co", "dung=1"):
        assert titles(odd) == everything
    page = browser.get(HOME + "?sap-xep=ten").get_data(as_text=True)
    assert (
        page.index(">Ảnh đủ</a>") < page.index(">Bản quét</a>") < page.index(">Phim chưa lời</a>")
    )
    assert "chưa có bản chép lời" in page


def test_replace_and_bring_back_at_the_desk(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    page = send(browser, "tai-len", "a.pdf", GOOD["letter.pdf"]).headers["Location"]
    end = page.removeprefix(HOME)
    refused = send(browser, end + "/thay", "b.png", samples.picture())
    assert refused.status_code == 400
    assert "b.png: Loại tệp này" in refused.get_data(as_text=True)
    empty = browser.post(page + "/thay", data={"csrf_token": browser.token(page)})
    assert "Chọn tệp mới." in empty.get_data(as_text=True)
    assert (
        send(browser, end + "/thay", "b.pdf", samples.pdf(pages=[samples.SCAN])).status_code == 303
    )
    text = browser.get(page).get_data(as_text=True)
    assert "Bản quét, máy đọc màn hình không đọc được" in text
    assert "Các tệp trước đây" in text
    version = text.partition("/phien-ban/")[2].partition('"')[0]
    back = browser.post(f"{page}/phien-ban/{version}", data={"csrf_token": browser.token(page)})
    assert back.status_code == 303
    assert "Bản quét" not in browser.get(page).get_data(as_text=True)


def test_what_a_kind_needs_is_asked_and_kept(staff: Staff) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    page = send(browser, "tai-len", "a.mp4", samples.mp4(), title="Phim").headers["Location"]
    token = browser.token(page)
    text = browser.get(page).get_data(as_text=True)
    assert "chưa có bản chép lời" in text
    assert "Dài 2 phút 10 giây" in text
    fields = {"csrf_token": token, "title": "Phim", "licence": "cc-by-4.0", "credit": "Tổ công tác"}
    assert browser.post(page, data=fields | {"transcript": "Ờ"}).status_code == 400
    words = "Bạn mang theo giấy hẹn khi đến."
    assert browser.post(page, data=fields | {"transcript": words}).status_code == 303
    allowed = browser.post(page, data=fields | {"transcript": words, "licence": "allowed"})
    assert "Ghi nơi lấy tệp" in allowed.get_data(as_text=True)
    assert browser.post(page, data=fields | {"licence": "xyz"}).status_code == 400
    token = browser.token(page)
    captions = {"csrf_token": token, "captions": (io.BytesIO(samples.VTT.encode()), "a.vtt")}
    sent = browser.post(page + "/phu-de", data=captions, content_type="multipart/form-data")
    assert sent.status_code == 303
    wrong = {"csrf_token": token, "captions": (io.BytesIO(b"khong"), "a.vtt")}
    sent = browser.post(page + "/phu-de", data=wrong, content_type="multipart/form-data")
    assert "a.vtt: Không thấy lời phụ đề" in sent.get_data(as_text=True)
    assert browser.post(page + "/phu-de", data={"csrf_token": token, "bo": "1"}).status_code == 303


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Werkzeug's own file
def test_a_connection_that_breaks_leaves_nothing(staff: Staff, library: Path) -> None:
    browser, _ = staff(Role.AUTHOR, "cdc")
    token = browser.token(HOME + "tai-len")
    whole = samples.picture(size=(400, 300))
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--x\r\n'
        'Content-Disposition: form-data; name="file"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    ).encode()
    promised = len(head) + len(whole) + 20
    answer = browser.post(
        HOME + "tai-len", input_stream=io.BytesIO(head + whole[: len(whole) // 2]),
        content_type="multipart/form-data; boundary=x", check=False,
        environ_overrides={"CONTENT_LENGTH": str(promised)},
    )  # fmt: skip
    assert answer.status_code == 400
    assert names_in(library) == []


def test_films_are_larger_than_anything_else_that_is_sent(
    staff: Staff, client: FlaskClient
) -> None:
    """Only staff may send as much; others are told at the usual size."""
    browser, _ = staff(Role.AUTHOR, "cdc")
    size = 100 * 1024 * 1024

    def status(who: FlaskClient, path: str, length: int) -> int:
        return who.post(
            path, input_stream=io.BytesIO(b""), check=False,
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(length)},
        ).status_code  # fmt: skip

    assert status(browser, HOME + "tai-len", size) == 400, "cut short, not too large"
    assert status(browser, HOME + "tai-len", 3 * size) == 413
    assert status(browser, HOME + "chon.json", size) in (405, 413)
    assert status(client, HOME + "tai-len", size) == 413
