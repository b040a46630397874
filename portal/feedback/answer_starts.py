"""Three texts to begin templates with. They are offered, never stored by themselves: a template
has an author who answers for its words."""

from __future__ import annotations

from portal.feedback.answer_templates import Wanted
from portal.feedback.models import Kind

STARTS: dict[str, Wanted] = {
    "tra-loi-cau-hoi": Wanted(
        "Trả lời câu hỏi", Kind.QUESTION.value, None,
        "{co_quan} đã nhận câu hỏi của bạn ngày {ngay_nhan}. {don_vi} trả lời như sau:\n\n"
        "{noi_dung}\n\n"
        "Nếu còn điều chưa rõ, bạn gọi đường dây nóng hoặc gửi tiếp câu hỏi trên cổng này.",
    ),
    "tra-loi-phan-anh": Wanted(
        "Trả lời phản ánh", Kind.COMPLAINT.value, None,
        "{co_quan} đã nhận phản ánh của bạn ngày {ngay_nhan}, số vào sổ {so}. {don_vi} đã kiểm tra,"
        " xác minh và trả lời như sau:\n\n"
        "{noi_dung}\n\n"
        "Nếu chưa đồng ý với câu trả lời, bạn mở trang tra cứu, nhập mã trên biên nhận và đề nghị"
        " xem lại. Cảm ơn bạn đã phản ánh để cơ quan phục vụ tốt hơn.",
    ),
    "tra-loi-kien-nghi": Wanted(
        "Trả lời kiến nghị", Kind.SUGGESTION.value, None,
        "{co_quan} cảm ơn bạn đã gửi kiến nghị ngày {ngay_nhan}, số vào sổ {so}. Sau khi xem xét,"
        " {don_vi} trả lời như sau:\n\n"
        "{noi_dung}\n\n"
        "Bạn xem lại kiến nghị và câu trả lời này bằng mã tra cứu trên biên nhận.",
    ),
}  # fmt: skip
"""By the word that stands in the address of the form."""
