"""Announced decisions: found, read with all their changes, followed by feed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.permissions import Actor, Role
from portal.core.audit import AuditEntry
from portal.core.db import db, write
from portal.procedures.models import Announcement, ProcedureField, ProcedureVersion
from tests.procedures.conftest import change, load
from tests.support.pages import PageClient
from tests.support.queries import count_queries

ATOM = "{http://www.w3.org/2005/Atom}"
MORE = """\
- decision:
    number: 12/QĐ-UBND
    issued_on: 2025-02-03
    issuer: UBND thành phố
  changes:
    - code: "1.012278"
      kind: replaced
      effective_from: 2025-03-01
      replacement: "1.012290"
      place: trang 3
"""


@pytest.fixture
def site(app: Flask, folder: Path) -> FlaskClient:
    path = folder / "announcements.yaml"
    path.write_text(path.read_text("utf-8") + MORE, "utf-8")
    with app.app_context():
        assert load(folder).faults == []
    return app.test_client()


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_decisions_are_found_by_kind_field_and_year(site: FlaskClient) -> None:
    for query, first, second in (
        ("", True, True),
        ("?nam=2025", False, True),
        ("?nam=2026&loai=sua-doi", True, False),
        ("?linh_vuc=kham-benh", True, True),
        ("?linh_vuc=khong-co", False, False),
        ("?loai=moi", False, False),
        ("?nam=xx&loai=yy", True, True),
    ):
        page = text(site, f"/thu-tuc/cong-bo{query}")
        assert ("3501/QĐ-UBND" in page) is first, query
        assert ("12/QĐ-UBND" in page) is second, query
    assert "Chưa có quyết định nào như bạn chọn" in text(site, "/thu-tuc/cong-bo?nam=1999")
    kept = text(site, "/thu-tuc/cong-bo?nam=2026")
    assert "loai=bai-bo&amp;nam=2026" in kept, "tabs keep the other filters"


def test_a_decision_has_a_page_with_a_table_for_each_kind(site: FlaskClient) -> None:
    page = text(site, "/thu-tuc/cong-bo/3501-qd-ubnd")
    for words in ("01/09/2026", "01/03/2027", "sắp có hiệu lực", "bổ sung (1 thủ tục)",
                  "Bãi bỏ (1 thủ tục)", "mã 1.009999", "Rút ngắn còn 2,5 ngày"):  # fmt: skip
        assert words in page, words
    assert 'href="/thu-tuc/1.012290/lich-su"' in page
    other = text(site, "/thu-tuc/cong-bo/12-qd-ubnd")
    assert 'href="/thu-tuc/1.012290">Cấp lại giấy phép hành nghề</a> (mã 1.012290)' in other
    assert "Trong quyết định: trang 3" in other
    assert site.get("/thu-tuc/cong-bo/khong-co").status_code == 404


def test_a_decision_without_changes_says_so(app: Flask, site: FlaskClient) -> None:
    with app.app_context(), write() as session:
        session.add(Announcement(slug="trong", number="1/QĐ", issuer="UBND"))
    assert "Chưa có danh mục thủ tục" in text(site, "/thu-tuc/cong-bo/trong")
    assert len(ET.fromstring(site.get("/thu-tuc/cong-bo.xml").data).findall(f"{ATOM}entry")) == 2


def test_the_feed_is_sound_atom(site: FlaskClient) -> None:
    answer = site.get("/thu-tuc/cong-bo.xml")
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)
    base = "http://127.0.0.1:8000/thu-tuc/cong-bo"
    assert root.findtext(f"{ATOM}id") == f"{base}.xml"
    assert root.findtext(f"{ATOM}updated") == "2026-08-31T17:00:00+00:00", "midnight in Hải Phòng"
    links = {(x.get("rel"), x.get("href")) for x in root.findall(f"{ATOM}link")}
    assert links == {("self", f"{base}.xml"), ("alternate", base)}
    entries = root.findall(f"{ATOM}entry")
    assert [e.findtext(f"{ATOM}id") for e in entries] == [
        f"{base}/3501-qd-ubnd", f"{base}/12-qd-ubnd"
    ]  # fmt: skip
    for entry in entries:
        for name in ("title", "updated", "published", "summary"):
            assert entry.findtext(f"{ATOM}{name}")
    assert entries[0].findtext(f"{ATOM}summary") == (
        "Sửa đổi, bổ sung: 1 thủ tục; Bãi bỏ: 1 thủ tục"
    )
    for header in ({"If-None-Match": answer.headers["ETag"]},
                   {"If-Modified-Since": answer.headers["Last-Modified"]}):  # fmt: skip
        assert site.get("/thu-tuc/cong-bo.xml", headers=header).status_code == 304


def test_only_fields_that_a_decision_touches_are_offered(app: Flask, site: FlaskClient) -> None:
    with app.app_context(), write() as session:
        session.add(ProcedureField(key="khac", name="Việc khác"))
    page = text(site, "/thu-tuc/cong-bo")
    assert '<option value="kham-benh">' in page
    assert '<option value="khac">' not in page


def test_feeds_of_a_field_are_announced(site: FlaskClient) -> None:
    feed = "/thu-tuc/cong-bo.xml?linh_vuc=kham-benh"
    root = ET.fromstring(site.get(feed).data)
    assert (root.findtext(f"{ATOM}id") or "").endswith(feed)
    assert "lĩnh vực Khám bệnh" in (root.findtext(f"{ATOM}title") or "")
    assert site.get("/thu-tuc/cong-bo.xml?linh_vuc=khong-co").status_code == 404
    page = text(site, "/thu-tuc/cong-bo?linh_vuc=kham-benh")
    assert page.count('type="application/atom+xml"') == 3
    assert f'href="{feed}"' in page


@pytest.mark.parametrize(
    "path", ["/thu-tuc/cong-bo", "/thu-tuc/cong-bo/3501-qd-ubnd", "/thu-tuc/cong-bo.xml"]
)
def test_query_budget(app: Flask, site: FlaskClient, path: str) -> None:
    site.get(path)
    with count_queries(app) as statements:
        site.get(path)
    assert len(statements) <= 5, "\n".join(statements)


def test_a_stale_sheet_is_told_to_who_scans_it(app: Flask, folder: Path, site: FlaskClient) -> None:
    old = "Bản niêm yết bạn vừa quét là bản cũ"
    assert old not in text(site, "/thu-tuc/1.012290?ban=1")
    yaml = folder / "procedures" / "kham-benh.yaml"
    change(yaml, "checked_on: 2026-09-17", "checked_on: 2026-11-20")
    with app.app_context():
        load(folder)
    assert old not in text(site, "/thu-tuc/1.012290?ban=1"), "nothing that is printed changed"
    change(yaml, "Có văn bằng phù hợp.", "Có văn bằng mới.")
    with app.app_context():
        load(folder)
    answer = site.get("/thu-tuc/1.012290?ban=1")
    page = answer.get_data(as_text=True)
    assert old in page
    assert "Bản đó là phiên bản 1, nay là phiên bản 3. Đã thay đổi: điều kiện." in page
    assert "/thu-tuc/1.012290/phien-ban/1?so-sanh=1" in page
    assert "Set-Cookie" not in answer.headers
    assert old not in text(site, "/thu-tuc/1.012290?ban=3")
    assert old not in text(site, "/thu-tuc/1.012290")
    with app.app_context(), write() as session:
        session.query(ProcedureVersion).delete()
    assert old in text(site, "/thu-tuc/1.012290?ban=2"), "not kept: better to look than to trust"


@pytest.mark.parametrize("odd", ["0", "-1", "99", "x", "1e3", "٣", "9" * 300, ""])
def test_odd_versions_tell_nothing(site: FlaskClient, odd: str) -> None:
    assert "bản cũ" not in text(site, f"/thu-tuc/1.012290?ban={odd}")


def test_the_desk_knows_which_sheets_to_replace(
    app: Flask, folder: Path, site: FlaskClient, staff: Callable[..., tuple[PageClient, Actor]]
) -> None:
    browser, _ = staff(Role.PUBLISHER)
    desk = "/ban-lam-viec/niem-yet/"
    place = "Trụ sở Sở Y tế"
    assert "0 bản cần thay, 1 bản chưa ghi" in text(browser, desk)
    form = {"csrf_token": browser.token(desk), "noi": place, "chon": ["1.012290@1"]}
    assert browser.post(f"{desk}da-niem-yet", data=form).status_code == 303
    assert "Không có bản nào cần thay" in text(browser, f"{desk}?noi={place}")
    assert "1 bản chưa ghi" in text(browser, desk), "each place for itself"
    yaml = folder / "procedures" / "kham-benh.yaml"
    change(yaml, "checked_on: 2026-09-17", "checked_on: 2026-11-20")
    with app.app_context():
        load(folder)
    assert "Không có bản nào cần thay" in text(browser, f"{desk}?noi={place}")
    change(yaml, "Có văn bằng phù hợp.", "Có văn bằng mới.")
    with app.app_context():
        load(folder)
    page = text(browser, f"{desk}?noi={place}")
    assert "1 bản cần thay, 0 bản chưa ghi" in page
    assert "<td>điều kiện</td>" in page
    assert "Không có bản nào" in text(browser, f"{desk}?noi={place}&tu=2099-01-01")
    assert "1 bản cần thay" in text(browser, f"{desk}?noi={place}&tu=khong-phai-ngay")
    form |= {"noi": "Nơi lạ"}
    assert browser.post(f"{desk}da-niem-yet", data=form).status_code == 404
    with app.app_context():
        noted = db.session.query(AuditEntry).filter_by(event="procedure.posted").all()
        assert {one.object_id for one in noted} == {"1.012290"}


def test_units_note_only_their_own_sheets(
    site: FlaskClient, staff: Callable[..., tuple[PageClient, Actor]]
) -> None:
    browser, _ = staff(Role.UNIT_EDITOR, "cdc")
    desk = "/ban-lam-viec/niem-yet/"
    form = {"csrf_token": browser.token(desk), "noi": "Trụ sở Sở Y tế", "chon": "1.012290@1"}
    assert browser.post(f"{desk}da-niem-yet", data=form).status_code == 403
