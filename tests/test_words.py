"""The portal speaks one Vietnamese: docs/words.md, held to by everything a person can read."""

from __future__ import annotations

import unicodedata

import pytest

from tests.support import texts
from tests.support.texts import Text
from tests.support.vietnamese import forgotten, is_syllable, listed
from tests.support.words import problems

BAD = {
    "straight quotes": 'Bấm nút "Gửi" ở cuối trang.',
    "straight apostrophe": "Chọn 'Phản ánh' rồi viết.",
    "three dots": "Đang tải...",
    "spaced hyphen": "Thứ Hai - thứ Sáu",
    "hyphen between years": "Giai đoạn 2021-2030",
    "em dash": "Gọi ngay — chúng tôi nghe máy",
    "english word": "Chọn file cần gửi.",
    "english sentence": "This field is required.",
    "no marks at all": "Tra cuu thu tuc hanh chinh",
    "one word without marks": "Nhập giay phép hành nghề.",
    "stop without a tone": "Mục luc",
    "mistyped": "Ngừoi gửi",
    "tone on the wrong letter": "Xoá bài",
    "polite filler": "Vui lòng nhập họ và tên.",
    "address": "Kính mời quý khách chọn ngày.",
    "reader as a third person": "Người dân nhập mã tra cứu.",
    "decomposed": unicodedata.normalize("NFD", "Tìm kiếm"),
    "two spaces": "Tìm  thủ tục",
    "space before a mark": "Nhập mã , rồi tìm",
    "no space after a mark": "Nhập mã,rồi tìm",
    "american date": "Hạn 11-21-2026",
    "machine date": "Hạn 2026-11-21",
    "short date": "Từ 1/7/2025",
    "hour": "Lúc 9h30",
    "english amount": "Phí 1,250,000 đồng",
    "bare amount": "Phí 1250000 đồng",
    "currency code": "Phí 50.000 VNĐ",
    "click": "Nhấp chuột vào ảnh.",
    "here": "Bấm vào đây",
    "nameless": "Trường này bắt buộc.",
    "nameless empty": "Họ tên không được để trống.",
    "says nothing": "Dữ liệu không hợp lệ.",
    "are you sure": "Bạn có chắc muốn xóa?",
    "hooray": "Lưu thành công!",
    "success": "Gửi thành công",
    "sunday": "Nghỉ chủ nhật",
}
GOOD = (
    "Bấm “Gửi cho cơ quan” ở cuối trang.",
    "Đang tải…",
    "Giai đoạn 2021–2030, từ 07:30 đến 17:00, thứ Hai đến thứ Sáu.",
    "Phòng Tổ chức - Hành chính",
    "Phí 1.250.000 đồng, trả trong 3 ngày làm việc, hạn 09:30 ngày 21/11/2026.",
    "Nghị định 224/2026/NĐ-CP của Chính phủ",
    "Tệp .docx, .xlsx hoặc PDF, 24 kB",
    "Cải cách hành chính (CCHC), mã QR, Zalo, thư điện tử (email)",
    "Gõ không dấu cũng được: “giay phep hanh nghe”.",
    "Người dân chưa thấy đường dây này.",
    "Thư điện tử dạng ten@coquan.vn",
    "Đăng nhập không thành công",
    "Hồ sơ trong ba ngày, hay hai tuần, do cơ quan ban hành sau khi xem",
    "Nguyễn Thị Hoa, Phó Giám đốc",
)


@pytest.mark.parametrize("place", ["templates", "code", "scripts", "content", "guides"])
def test_everything_read_keeps_the_guide_of_words(place: str) -> None:
    found = list(getattr(texts, place)())
    assert len(found) > 30, "nothing was read: the walk is broken"
    faults = [fault for text in found for fault in problems(text)]
    assert faults == [], "\n" + "\n".join(faults)


@pytest.mark.parametrize("words", BAD.values(), ids=BAD)
def test_bad_words_are_caught(words: str) -> None:
    assert problems(Text("here", words)) != []


@pytest.mark.parametrize("words", GOOD)
def test_good_words_pass(words: str) -> None:
    assert problems(Text("here", words)) == []


@pytest.mark.parametrize(
    ("role", "bad", "good"),
    [
        ("heading", "Tra Cứu Thủ Tục", "Tra cứu thủ tục"),
        ("heading", "Đường Dây Nóng Và Liên Hệ", "Đường dây nóng và liên hệ"),
        ("heading", "THÔNG BÁO", "Thông báo"),
        ("heading", "Hồ sơ cần chuẩn bị.", "Hồ sơ cần chuẩn bị"),
        ("message", "Nhập họ và tên", "Nhập họ và tên."),
        ("hint", "Mỗi dòng một đơn vị", "Mỗi dòng một đơn vị."),
        ("hint", "Viết gọn. Ví dụ: Chờ lâu. Không bắt buộc", "Một câu ngắn, ví dụ: Chờ lâu ở quầy"),
        ("hint", "Tối đa 200 ký tự", "Tối đa 200 ký tự."),
    ],
)
def test_each_role_has_its_manners(role: str, bad: str, good: str) -> None:
    assert problems(Text("here", bad, role)) != []
    assert problems(Text("here", good, role)) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p title="Chỗ này">Một {% if a %}hai{% else %}ba{% endif %}</p>', "Chỗ này Một hai ba"),
        ('{{ field(f, hint="Gợi ý " ~ n ~ " nữa") }}', "Gợi ý  nữa"),
        ('{{ tag("Save") }}<code>rm</code><p>a <b>b</b></p>', "Save a b"),
        ('<img alt="Ảnh"><input placeholder="Tìm" aria-label="Ô tìm">', "Ảnh Tìm Ô tìm"),
        ("{# ẩn #}{% set x = url_for('static') %}<script>chữ</script>", ""),
    ],
)
def test_templates_are_read_as_people_read_them(source: str, expected: str) -> None:
    read = {word for text in texts.template(source, "here") for word in text.words.split()}
    assert read - {texts.VALUE} == set(expected.split())


def test_code_is_read_without_its_docstrings_and_with_its_messages() -> None:
    source = (
        'def f(n):\n    """Chuỗi mô tả."""\n'
        '    flash(f"Đã gửi {n} thư.")\n'
        '    raise Invalid({"name": "Nhập tên"})\n'
    )
    found = {(text.words, text.role) for text in texts.python(source, "here")}
    assert found == {("Đã gửi □ thư.", "message"), ("Nhập tên", "message")}


def test_scripts_and_pages_are_read() -> None:
    said = [text.words for text in texts.script('// chú\nsay(`Còn ${n} ký tự`, "Đóng", "x")', "a")]
    assert said == ["Còn □ ký tự", "Đóng"]
    page = "---\ntitle: Bài một\nslug: bai-mot\n---\n## Mục\n\nĐọc [trang](/a) và `mã`.\n- Ý một\n"
    said = [text.words for text in texts.markdown(page, "a")]
    assert said == ["Bài một", "Mục", "Đọc trang và □.", "Ý một"]


@pytest.mark.parametrize(
    "word",
    sorted(listed("hòa khỏe thủy quý quốc giếng gìn nghiêng khuỷu ngoéo Đường được yếu uyển")),
)
def test_a_syllable_is_known(word: str) -> None:
    assert is_syllable(word)
    assert not forgotten(word)


@pytest.mark.parametrize(
    "word", sorted(listed("hoà khoẻ thuỷ ngừoi đuờng họach ngị kàc cẻ website luậtt"))
)
def test_what_nobody_can_say_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


@pytest.mark.parametrize("word", sorted(listed("tuc phap giay phep luât hoat thuc")))
def test_a_forgotten_mark_is_seen(word: str) -> None:
    assert forgotten(word)
