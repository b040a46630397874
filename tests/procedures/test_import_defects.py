"""Each defect that was seen in the nation's data: survived, and told with its row."""

from __future__ import annotations

from typing import Any

import pytest

from portal.procedures.facts import ProcedureFacts
from portal.procedures.importing.mapping import facts_of_row
from portal.procedures.importing.notes import Note, Notes
from portal.procedures.importing.tables import Row
from portal.procedures.terms import Status

OWN = "Sở Y tế thành phố Hải Phòng"
ROW = 17
PAPER = {"originals": 1, "copies": 0}
CHANNEL = {
    "channel": "Trực tiếp", "time_value": "3", "time_unit": "Ngày làm việc",
    "fee_and_note": "Miễn phí",
}  # fmt: skip


def read(**values: Any) -> tuple[ProcedureFacts, list[Note]]:
    notes = Notes()
    facts = facts_of_row(Row(ROW, {"code": "1.000001", "name": "Tên", **values}), notes, OWN)
    assert facts is not None
    return facts, notes.found


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"channels": [CHANNEL, CHANNEL]}, "bị lặp"),
        ({"channels": [{**CHANNEL, "fee_and_note": "Miễn phí(Lệ phí: 40.000 đồng)"}]}, "phí ghi 0"),
        ({"channels": [{**CHANNEL, "time_value": "1", "time_unit": "Ngày",
                        "fee_and_note": "Không có thông tinKhông quy định thời hạn"}]},
         "không quy định"),
        ({"channels": [{**CHANNEL, "time_unit": None}]}, "không có đơn vị"),
        ({"dossier_cases": [{"items": [{"name": "d) Sau", **PAPER}, {"name": "a) Đầu", **PAPER}]}]},
         "không theo thứ tự"),
        ({"dossier_cases": [{"items": [{"name": "Đơn", "originals": 20261}]}]}, "không hợp lý"),
        ({"legal_bases": [{"title": "Luật (bổ sung)", "number": ""}]}, "không có số văn bản"),
        ({"legal_bases": [{"title": "1/", "number": "2019/QH14"}]}, "bị xé rời"),
        ({"name": "Tên có dấu chấm ở cuối.."}, "dấu thừa"),
        ({"name": "Tên bị\nngắt dòng"}, "xuống dòng"),
        ({"name": "Tên (bãi bỏ vì trùng lặp mã 1.000002)"}, "đã bãi bỏ"),
        ({"agencies": ["Sở Y tế tỉnh Đồng Nai"]}, "của nơi khác"),
        ({"agencies": ["Sở An toàn thực phẩm - TP.HCM"]}, "của nơi khác"),
        ({"name": "Hỗ trợ chi phí (TPCT)"}, "của địa phương khác: Cần Thơ"),
        ({"name": "Hỗ trợ (cấp xã - tỉnh Phú Thọ)"}, "của địa phương khác: Phú Thọ"),
        ({"code": "5.003872", "name": "Đăng ký kinh doanh (fix)"}, "bản ghi thử"),
        ({"code": "1.116216", "name": "Đính chính Giấy chứng nhận 01"}, "bản ghi thử"),
        ({"levels": ["Cấp huyện"]}, "không dùng được"),
        ({"unparsed": {"dossier": "…"}}, "chưa tách được"),
    ],
)  # fmt: skip
def test_it_is_told_with_its_row(values: dict[str, Any], words: str) -> None:
    _, notes = read(**values)
    found = [note for note in notes if words in note.message]
    assert found
    assert all(note.row == ROW for note in found)


@pytest.mark.parametrize(
    ("spelled", "kept"),
    [
        ("Hồ sơ đƣợc ngƣời dân nộp", "Hồ sơ được người dân nộp"),
        ("Ho\u0300a gia\u0309i", "Hòa giải"),
        ("Cấp\u200b giấy\u00ad phép", "Cấp giấy phép"),
        ("Cấp\u00a0giấy  phép", "Cấp giấy phép"),
    ],
)
def test_letters_are_mended(spelled: str, kept: str) -> None:
    assert read(name=spelled)[0].name == kept


def test_what_a_name_says_of_its_end_is_kept_apart() -> None:
    facts, _ = read(name="Cấp giấy phép (bãi bỏ vì trùng lặp mã)")
    assert (facts.name, facts.status) == ("Cấp giấy phép", Status.ABOLISHED)


def test_two_cases_of_one_channel_are_both_kept() -> None:
    facts, notes = read(channels=[CHANNEL, {**CHANNEL, "time_value": "5"}])
    assert [int(channel.time or 0) for channel in facts.channels] == [3, 5]
    assert not notes


@pytest.mark.parametrize("empty", ["", None, [], "Không có thông tin"])
def test_empty_keywords_and_conditions_are_nothing(empty: object) -> None:
    facts, notes = read(keywords=empty, conditions=empty)
    assert (facts.keywords, facts.conditions) == ((), "")
    assert not notes
