"""Vietnamese words for the codes that stand in the audit log. An unknown code is shown as it is."""

from __future__ import annotations

from portal.core.certainty import CERTAINTY_NAMES

KINDS = {
    "article": "Bài viết",
    "backup": "Bản sao lưu",
    "contact": "Liên hệ lãnh đạo",
    "content": "Nội dung từ tệp",
    "evidence": "Minh chứng",
    "feedback": "Phản ánh",
    "hotline": "Đường dây nóng",
    "legal_basis": "Căn cứ pháp lý",
    "link": "Liên kết ngoài",
    "media": "Tư liệu",
    "plan_task": "Nhiệm vụ kế hoạch",
    "procedure": "Thủ tục",
    "procedure_file": "Tệp thủ tục",
    "search_gap": "Từ chưa tìm thấy",
    "synonym": "Từ đồng nghĩa",
    "unit": "Đơn vị",
    "user": "Tài khoản",
}
FIELDS = {
    "address": "địa chỉ",
    "alt": "mô tả ảnh",
    "answered_by": "người trả lời",
    "assignee": "người xử lý",
    "assignee_id": "người xử lý",
    "attachment_ids": "tệp kèm theo",
    "body": "nội dung",
    "certainty": "mức tin cậy",
    "changed": "mục sửa",
    "checked_by": "người kiểm tra",
    "checked_on": "ngày kiểm tra",
    "codes_left": "mã khôi phục còn lại",
    "confirmed": "cảnh báo đã xác nhận",
    "contact": "có thông tin liên hệ",
    "cover_id": "ảnh bìa",
    "counted": "cách đếm chỉ tiêu",
    "created": "mục mới",
    "day": "ngày",
    "credit": "nguồn, tác giả",
    "done_on": "ngày hoàn thành",
    "due_on": "hạn",
    "duties": "chức năng",
    "email": "thư điện tử",
    "files": "số tệp",
    "held_for_check": "chờ kiểm tra",
    "hours": "giờ trực",
    "is_pinned": "ghim",
    "is_public": "công khai",
    "kept": "giữ bản sửa tại bàn làm việc",
    "kind": "loại",
    "lead": "chủ trì",
    "letter": "gửi thư",
    "line": "dòng từ đồng nghĩa",
    "media_id": "tệp",
    "name": "tên",
    "new": "mục mới",
    "note": "ghi chú",
    "number": "số, ký hiệu",
    "part": "phần đã xem",
    "participants": "số người tham gia",
    "partners": "phối hợp",
    "period": "thời gian",
    "phone": "điện thoại",
    "place": "nơi tổ chức",
    "pinned": "ghim",
    "position": "chức vụ",
    "procedure_code": "thủ tục",
    "product": "sản phẩm",
    "publish_at": "giờ đăng",
    "published": "công khai",
    "purposes": "mục đích",
    "reason": "lý do",
    "refusal": "lý do không tiếp nhận",
    "removed": "đã gỡ",
    "result": "kết quả",
    "roles": "vai trò",
    "scope": "phạm vi",
    "short_name": "tên ngắn",
    "size": "dung lượng (byte)",
    "slug": "địa chỉ trang",
    "source": "nguồn",
    "sources": "nguồn",
    "starts_on": "ngày bắt đầu",
    "state": "trạng thái",
    "summary": "tóm tắt",
    "target": "chỉ tiêu",
    "target_period": "kỳ của chỉ tiêu",
    "task_ids": "nhiệm vụ kế hoạch",
    "title": "tiêu đề",
    "topic_id": "chủ đề",
    "topic_slugs": "chủ đề",
    "topics": "chủ đề",
    "unchanged": "không đổi",
    "unit_code": "đơn vị",
    "unit_of_target": "đơn vị tính",
    "updated": "mục sửa",
    "url": "địa chỉ trên mạng",
    "website": "trang tin",
}
PERSON_FIELDS = ("assignee_id", "checked_by")  # their values are ids of accounts
_VALUES = {
    "state": {
        "answered": "đã trả lời",
        "approved": "đã duyệt",
        "assigned": "đã phân công",
        "classified": "đã phân loại",
        "draft": "bản nháp",
        "forwarded": "đã chuyển cơ quan khác",
        "new": "mới",
        "published": "đã đăng",
        "received": "đã tiếp nhận",
        "refused": "từ chối",
        "returned": "trả lại",
        "submitted": "chờ duyệt",
        "withdrawn": "đã gỡ",
    },
    "kind": {
        "audio": "âm thanh",
        "complaint": "phản ánh",
        "document": "văn bản",
        "explainer": "giải thích",
        "feature": "bài viết",
        "guide": "hướng dẫn",
        "image": "ảnh",
        "model": "gương điển hình",
        "news": "tin",
        "praise": "khen ngợi",
        "question": "câu hỏi",
        "questions": "hỏi đáp",
        "suggestion": "kiến nghị",
    },
    "certainty": {kind.value: name for kind, name in CERTAINTY_NAMES.items()},
}


def field_name(field: str) -> str:
    """A field's name on the page."""
    return FIELDS.get(field, field)


def value_name(field: str, value: object) -> str:
    """A value as people say it; nothing for None."""
    if value is None:
        return ""
    if value == "":
        return "(trống)"
    if isinstance(value, bool):
        return "có" if value else "không"
    return _VALUES.get(field, {}).get(str(value), str(value))
