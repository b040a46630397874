"""What happened to a Word file on its way, in sentences for the person who brought it."""

from __future__ import annotations

from collections.abc import Mapping

# What was met → (what became of it, whether somebody should look). `{n}` is how many.
_KEPT = {
    "headings": "{n} tiêu đề mục, cấp lớn nhất trong bài là “Mục I”",
    "tables": "{n} bảng",
    "pictures": "{n} ảnh, đã đưa vào thư viện tư liệu",
    "again": "{n} ảnh đã có sẵn trong thư viện, dùng lại ảnh đó",
    "notes": "{n} ghi chú cuối trang, đặt ở cuối bài có liên kết qua lại",
    "captions": "{n} chú thích của ảnh hoặc tên của bảng",
    "numbers": "{n} số mục tự động của Word (I, a, Điều 1…) được viết thành chữ",
    "TCVN3": "{n} đoạn chữ viết bằng phông .VnTime (TCVN3) được đổi sang Unicode",
    "VNI": "{n} đoạn chữ viết bằng phông VNI được đổi sang Unicode",
    "inserted": "{n} chỗ được thêm khi bật theo dõi thay đổi",
}
_CHANGED = {
    "fonts": "Phông chữ và cỡ chữ riêng: trang dùng một kiểu chữ chung.",
    "colours": "Màu chữ, màu nền và tô sáng: bỏ, chữ giữ nguyên.",
    "contents": "Mục lục của Word: bỏ, trang tự làm mục lục từ các tiêu đề.",
    "margins": "Đầu trang, chân trang của bản in: bỏ.",
    "text_boxes": "{n} hộp chữ: chữ được đặt ngay sau đoạn có hộp.",
    "frames": "{n} khung chỉ có một ô: chữ trong khung thành đoạn văn thường.",
    "nested_tables": "{n} bảng nằm trong ô của bảng khác: mỗi dòng thành một đoạn văn.",
    "inner_headings": "{n} tiêu đề nằm trong ô bảng hoặc danh sách: thành chữ đậm.",
    "empty_headings": "{n} tiêu đề trống: bỏ.",
}
_LOOK = {
    "deleted": "{n} chỗ đã xóa khi bật theo dõi thay đổi: không đưa vào bài.",
    "comments": "{n} nhận xét bên lề: không đưa vào bài.",
    "hidden": "{n} chỗ chữ ẩn: không đưa vào bài.",
    "struck": "{n} chỗ chữ gạch ngang: nay là chữ thường. Bạn xóa nếu đó là chữ đã bỏ.",
    "equations": "{n} công thức: viết lại thành một dòng chữ. Bạn xem có đúng không.",
    "diagrams": "{n} sơ đồ SmartArt: không đưa vào được. Bạn chụp sơ đồ thành ảnh rồi chèn.",
    "charts": "{n} biểu đồ: không đưa vào được. Bạn chụp thành ảnh hoặc ghi số liệu thành bảng.",
    "long_title": "Tiêu đề trong tệp dài quá 200 ký tự: bản đầy đủ nằm ở đầu bài, bạn rút gọn.",
    "embedded": "{n} tài liệu lồng trong tệp: không đưa vào được. Bạn mở riêng và chép sang.",
    "links": "{n} liên kết có địa chỉ không dùng được: giữ chữ, bỏ liên kết.",
    "headless": "{n} bảng chưa có dòng tiêu đề. Nếu dòng đầu là tên cột, bạn bấm “Dòng tiêu đề”.",
    "bold_lines": "{n} dòng in đậm đứng riêng. Nếu là tiêu đề mục, bạn đặt thành “Mục I”, “Mục 1”.",
    "vector": "{n} ảnh EMF hoặc WMF: trình duyệt không đọc được. Bạn lưu ảnh thành PNG rồi chèn.",
    "unreadable": "{n} ảnh không đọc được hoặc thuộc loại thư viện không nhận: bỏ.",
    "elsewhere": "{n} ảnh chỉ là liên kết, không nằm trong tệp: bỏ.",
    "many": "{n} ảnh vượt quá số ảnh một lần nhập nhận được: bỏ. Bạn chèn thêm sau.",
    "large": "{n} ảnh quá lớn: bỏ. Bạn thu nhỏ rồi chèn.",
    "lost_words": "{n} chữ trong tệp không thấy trong bài. Bạn so lại với tệp Word.",
}


def kept(facts: Mapping[str, int]) -> list[str]:
    """What came along and how."""
    return _lines(_KEPT, facts)


def changed(facts: Mapping[str, int]) -> list[str]:
    """What is different now and needs nobody."""
    return _lines(_CHANGED, facts)


def to_look_at(facts: Mapping[str, int]) -> list[str]:
    """What was left out or may be wrong: for a look."""
    return _lines(_LOOK, facts)


def _lines(words: Mapping[str, str], facts: Mapping[str, int]) -> list[str]:
    return [line.format(n=facts[name]) for name, line in words.items() if facts.get(name)]
