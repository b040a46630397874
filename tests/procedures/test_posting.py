"""Procedures on paper: whole, dated, leading to the page that says whether they are stale."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.settings import load_settings
from portal.procedures.facts import FieldFacts, LocalFacts, ProcedureFacts, Step
from portal.procedures.posting import lists, public
from portal.procedures.terms import Kind, Level, Status, TimeUnit
from tests.procedures.conftest import change, load
from tests.support.installations import environment_of
from tests.support.paper import A3, A4, Paper, read, squeezed
from tests.support.queries import count_queries

Keep = Callable[..., None]
FIELD = FieldFacts(key="duoc", name="Dược phẩm", position=2)


@pytest.fixture
def site(app: Flask, folder: Path) -> FlaskClient:
    with app.app_context():
        load(folder)
    return app.test_client()


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def paper(client: FlaskClient, path: str) -> Paper:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    return read(answer.data)


def many(count: int) -> list[ProcedureFacts]:
    return [
        ProcedureFacts(
            code=f"9.{n:06}", name=f"Thủ tục số {n} " + "dài dòng " * (n % 30), field=FIELD,
            levels=(Level.PROVINCE,), status=Status.IN_FORCE,
        )
        for n in range(count)
    ]  # fmt: skip


PARTS = (
    "Trình tự thực hiện", "Cách thức thực hiện, thời hạn, phí, lệ phí",
    "Thành phần, số lượng hồ sơ", "Đối tượng thực hiện", "Cơ quan giải quyết", "Kết quả",
    "Yêu cầu, điều kiện", "Căn cứ pháp lý", "Phản ánh, kiến nghị",
)  # fmt: skip
SAID = (
    "Cấp lại giấy phép hành nghề", "Bản in ngày 21/11/2026, phiên bản 1,", "Bị mất", "Bị hỏng",
    "2,5 ngày làm việc", "215.000 đồng", "đến hết 31/12/2026", "96/2023/NĐ-CP",
    "Có văn bằng phù hợp.", "/phan-anh/gui", "Quyết định 3643/QĐ-UBND ngày 11/09/2026",
)  # fmt: skip


def test_the_sheet_has_all_parts_that_the_decree_names(site: FlaskClient) -> None:
    page = squeezed(text(site, "/thu-tuc/1.012290/niem-yet").replace("&nbsp;", " "))
    file = paper(site, "/thu-tuc/1.012290/niem-yet.pdf")
    poster = paper(site, "/thu-tuc/1.012290/niem-yet.pdf?kho=a3")
    for words in (*PARTS, *SAID):
        assert squeezed(words) in page, words
        assert file.says(words), words
        assert poster.says(words), words
    assert set(file.sizes) == {A4}
    assert poster.sizes == [A3], "a poster is one sheet while it fits"
    assert file.says("Trang 1/")


def test_validity_is_that_of_the_last_announced_change(app: Flask, folder: Path) -> None:
    change(
        folder / "announcements.yaml", "effective_from: 2027-03-01", "effective_from: 2026-10-01"
    )
    with app.app_context():
        load(folder)
    file = paper(app.test_client(), "/thu-tuc/1.012290/niem-yet.pdf")
    assert file.says("phiên bản 1, hiệu lực từ 01/10/2026")


def test_what_is_not_known_is_said_on_paper_too(site: FlaskClient) -> None:
    file = paper(site, "/thu-tuc/1.012278/niem-yet.pdf")
    assert sum(page.count("Đangcậpnhật") for page in file.pages) >= 6
    assert file.says("ngày hiệu lực đang cập nhật")


def test_the_code_carries_the_version(site: FlaskClient) -> None:
    assert "qr.svg?ban=1" in text(site, "/thu-tuc/1.012290/niem-yet")
    with pikepdf.open(io.BytesIO(site.get("/thu-tuc/1.012290/niem-yet.pdf").data)) as pdf:
        assert str(pdf.pages[0].Annots[0].A.URI).endswith("/thu-tuc/1.012290?ban=1")
        assert str(pdf.docinfo.Title).startswith("Niêm yết thủ tục 1.012290")
    plain, stamped = (site.get(f"/thu-tuc/1.012290/qr.svg{q}").data for q in ("", "?ban=1"))
    assert plain != stamped


def test_other_spellings_and_former_codes_lead_to_the_file(site: FlaskClient) -> None:
    for spelling in ("1012290", "1.003348"):
        answer = site.get(f"/thu-tuc/{spelling}/niem-yet.pdf?kho=a3")
        assert answer.status_code == 301
        assert answer.location == "/thu-tuc/1.012290/niem-yet.pdf?kho=a3"
    for unknown in ("9.999999", "abc"):
        assert site.get(f"/thu-tuc/{unknown}/niem-yet.pdf").status_code == 404


def test_what_the_agency_adds_stands_first(client: FlaskClient, keep: Keep) -> None:
    keep(
        ProcedureFacts(
            code="9.000001", name="Thử", field=FIELD, levels=(Level.PROVINCE,),
            status=Status.IN_FORCE, effective_from=date(2026, 3, 1), dossier_sets=1,
            competent=("Sở Y tế",), steps=(Step("", "Nộp"),),
            local=LocalFacts(
                time=2, unit=TimeUnit.DAY, time_basis="Quyết định 12/QĐ-UBND",  # type: ignore[arg-type]
                place="Quầy số 5", place_hours="07:30 đến 17:00",
            ),
        )
    )  # fmt: skip
    file = paper(client, "/thu-tuc/9.000001/niem-yet.pdf")
    for words in ("2 ngày", "Quầy số 5", "07:30 đến 17:00", "Cơ quan có thẩm quyền: Sở Y tế",
                  "hiệu lực từ 01/03/2026"):  # fmt: skip
        assert file.says(words), words


def test_names_and_places_come_from_content_alone(
    folder: Path, instance: Path, tmp_path: Path
) -> None:
    from portal.app import create_app
    from portal.core.db import db

    toml = (folder / "site.toml").read_text("utf-8")
    toml = toml.replace("Sở Y tế thành phố Hải Phòng", "Ủy ban nhân dân xã Thanh Hà")
    toml = toml.replace("Trung tâm Phục vụ hành chính công thành phố Hải Phòng", "Một cửa xã")
    toml = toml.replace("Hải Phòng", "Thanh Hà")
    (folder / "site.toml").write_text(toml, "utf-8")
    app = create_app(load_settings({**environment_of(instance), "PORTAL_CONTENT": str(folder)}))
    with app.app_context():
        load(folder)
    file = read(app.test_client().get("/thu-tuc/1.012290/niem-yet.pdf").data)
    assert file.says("ỦY BAN NHÂN DÂN XÃ THANH HÀ")
    assert file.says("Một cửa xã")
    assert not file.says("Hải Phòng")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_file_is_drawn_once_for_who_has_it(
    site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = site.get("/thu-tuc/1.012290/niem-yet.pdf")
    assert "Set-Cookie" not in first.headers
    tag = first.headers["ETag"]
    monkeypatch.setattr(public.papers, "sheet_file", lambda *_: pytest.fail("drawn again"))
    again = site.get("/thu-tuc/1.012290/niem-yet.pdf", headers={"If-None-Match": tag})
    assert again.status_code == 304
    monkeypatch.undo()
    assert site.get("/thu-tuc/1.012290/niem-yet.pdf?kho=a3").headers["ETag"] != tag


def test_lists_hold_what_is_to_be_posted(site: FlaskClient, keep: Keep) -> None:
    field = FieldFacts(key="duoc", name="Dược phẩm", position=2)
    keep(
        ProcedureFacts(code="9.000001", name="Đã hết", field=field, status=Status.ABOLISHED),
        ProcedureFacts(
            code="9.000002", name="Hết hôm nay", field=field, status=Status.IN_FORCE,
            effective_to=date(2026, 11, 21),
        ),
        ProcedureFacts(code="9.000003", name="Nội bộ", field=field, kind=Kind.INTERNAL),
        ProcedureFacts(
            code="9.000004", name="Sắp tới", field=field, status=Status.IN_FORCE,
            effective_from=date(2027, 1, 1), levels=(Level.COMMUNE,), unit_code="cdc",
        ),
    )  # fmt: skip
    everything = text(site, "/thu-tuc/niem-yet?linh_vuc=tat-ca")
    for code in ("1.012290", "1.012278", "9.000004"):
        assert f'href="/thu-tuc/{code}"' in everything
    for code in ("9.000001", "9.000002", "9.000003"):
        assert code not in everything
    assert "hiệu lực từ 01/01/2027" in everything
    only = text(site, "/thu-tuc/niem-yet?linh_vuc=duoc")
    assert "9.000004" in only
    assert "1.012290" not in only
    for query in ("don_vi=cdc", "cap=xa&linh_vuc=duoc"):
        assert "9.000004" in text(site, f"/thu-tuc/niem-yet?{query}")
    assert "1.012290" not in text(site, "/thu-tuc/niem-yet?don_vi=cdc")
    for path in ("/thu-tuc/niem-yet?cap=zzz", "/thu-tuc/niem-yet?linh_vuc=zzz"):
        assert "Không có thủ tục nào" in text(site, path)
    assert paper(site, "/thu-tuc/niem-yet.pdf?linh_vuc=zzz").says("Không có thủ tục nào")
    assert paper(site, "/thu-tuc/niem-yet/the.pdf?linh_vuc=zzz").says("Không có thủ tục nào")


def test_there_is_a_list_of_lists(site: FlaskClient) -> None:
    page = text(site, "/thu-tuc/niem-yet")
    assert 'href="/thu-tuc/niem-yet?linh_vuc=kham-benh"' in page
    assert "Giải quyết ở cấp xã" in page


def test_a_list_as_file_has_contents_and_whole_rows(client: FlaskClient, keep: Keep) -> None:
    other = FieldFacts(key="khac", name="Việc khác", position=9)
    keep(*many(90), ProcedureFacts(code="8.000001", name="Cuối", field=other))
    file = paper(client, "/thu-tuc/niem-yet.pdf?linh_vuc=tat-ca")
    assert file.says("Mục lục")
    assert file.says("Dược phẩm (90 thủ tục)")
    assert file.says("91 thủ tục")
    for n in range(90):
        home = [page for page in file.pages if f"Mã9.{n:06}" in page]
        assert len(home) == 1
        assert squeezed(f"Thủ tục số {n} " + "dài dòng " * (n % 30)) in home[0], "a torn row"
    with pikepdf.open(io.BytesIO(client.get("/thu-tuc/niem-yet.pdf?linh_vuc=tat-ca").data)) as pdf:
        number = next(i for i, page in enumerate(file.pages, 1) if "Việckhác(1thủtục)TT" in page)
        assert re.search(rf"Việckhác\(1thủtục\)\.*{number}", file.pages[0])
        with pdf.open_outline() as outline:
            assert len(outline.root) == 2
    assert set(paper(client, "/thu-tuc/niem-yet.pdf?linh_vuc=tat-ca&kho=a3").sizes) == {A3}


def test_cards_are_eight_a_sheet_with_their_codes(client: FlaskClient, keep: Keep) -> None:
    keep(*many(17))
    file = paper(client, "/thu-tuc/niem-yet/the.pdf?linh_vuc=duoc")
    assert len(file.pages) == 3
    assert [page.count("Mã9.") for page in file.pages] == [8, 8, 1]
    assert file.says("Phiên bản 1, in ngày 21/11/2026")
    with pikepdf.open(
        io.BytesIO(client.get("/thu-tuc/niem-yet/the.pdf?linh_vuc=duoc").data)
    ) as pdf:
        goals = {str(link.A.URI) for page in pdf.pages for link in page.Annots}
    assert len(goals) == 17
    page = text(client, "/thu-tuc/niem-yet/the?linh_vuc=duoc")
    assert page.count("data:image/svg+xml") == 17


def test_a_list_is_cut_into_parts(
    client: FlaskClient, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PER_PART", 4)
    keep(*many(9))
    page = text(client, "/thu-tuc/niem-yet?linh_vuc=duoc&trang=3")
    assert "phần 3/3" in page
    assert "9.000008" in page
    assert "9.000003" not in page
    assert client.get("/thu-tuc/niem-yet.pdf?linh_vuc=duoc&trang=4").status_code == 404
    assert client.get("/thu-tuc/niem-yet?linh_vuc=duoc&trang=x").status_code == 400


def test_a_name_of_any_length_stays_on_its_card(client: FlaskClient, keep: Keep) -> None:
    keep(ProcedureFacts(code="9.000001", name="Rất dài " * 200, field=FIELD))
    file = paper(client, "/thu-tuc/niem-yet/the.pdf?linh_vuc=duoc")
    assert len(file.pages) == 1
    assert "…" in file.pages[0]


@pytest.mark.parametrize(
    "path",
    ["/thu-tuc/1.012290/niem-yet", "/thu-tuc/1.012290/niem-yet.pdf", "/thu-tuc/niem-yet",
     "/thu-tuc/niem-yet?linh_vuc=tat-ca", "/thu-tuc/niem-yet/the.pdf?cap=tinh"],
)  # fmt: skip
def test_query_budget(app: Flask, site: FlaskClient, path: str) -> None:
    site.get(path)
    with count_queries(app) as statements:
        site.get(path)
    assert len(statements) <= 5, "\n".join(statements)


def test_drawing_is_bounded(site: FlaskClient) -> None:
    statuses = [site.get("/thu-tuc/niem-yet/the.pdf?cap=tinh").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert site.get("/thu-tuc/1.012290/niem-yet").status_code == 200


def test_shelved_content_is_not_needed(tmp_path: Path) -> None:
    """The examples of other agencies read without a [posting] section."""
    from portal.core.settings import ROOT
    from portal.core.site_config import load_site_config

    for path in (ROOT / "content-examples").glob("*/site.toml"):
        shutil.copy(path, tmp_path / "site.toml")
        assert load_site_config(tmp_path / "site.toml").posting.feedback_note
