"""Forms of imports: the file, the decision it belongs to, the meaning of columns."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField
from wtforms.validators import Optional

from portal.core.web.forms import LineField, PortalForm, at_most
from portal.procedures.importing.decisions import About

COLUMN_CHOICES = (
    ("code", "Mã thủ tục"), ("name", "Tên thủ tục"), ("field", "Lĩnh vực"),
    ("levels", "Cấp thực hiện"), ("kind", "Loại thủ tục"), ("subjects", "Đối tượng thực hiện"),
    ("agencies", "Cơ quan thực hiện"), ("competent", "Cơ quan có thẩm quyền"),
    ("ministry", "Bộ, ngành"), ("time", "Thời hạn theo quy định"),
    ("time_reduced", "Thời hạn sau cắt giảm"), ("place", "Địa điểm thực hiện"),
    ("fees", "Phí, lệ phí"), ("legal_bases", "Căn cứ pháp lý"), ("steps", "Trình tự thực hiện"),
    ("results", "Kết quả"), ("conditions", "Yêu cầu, điều kiện"),
    ("online_level", "Mức độ trực tuyến"), ("summary", "Mô tả"), ("keywords", "Từ khóa"),
    ("status", "Trạng thái hiệu lực"), ("replaces", "Mã cũ"),
    ("change", "Nội dung công bố (mới, sửa đổi, thay thế, bãi bỏ)"),
    ("replacement", "Mã thủ tục thay thế"), ("abolished_by", "Văn bản quy định việc bãi bỏ"),
    ("effective_from", "Ngày có hiệu lực"), ("decision", "Số quyết định"),
    ("decision_date", "Ngày quyết định"), ("source", "Nguồn"), ("source_url", "Địa chỉ nguồn"),
    ("checked_on", "Ngày đối chiếu"), ("local_code", "Mã địa phương"), ("note", "Ghi chú"),
)  # fmt: skip
"""Fact → what the page calls it."""


class ImportForm(PortalForm):
    """A file to try."""

    file = FileField(
        "Tệp thủ tục", [FileRequired("Chọn tệp .xlsx, .docx, .csv, .json hoặc .jsonl.")]
    )


class AboutForm(PortalForm):
    """The decision whose tables a file holds."""

    number = LineField("Số quyết định", [at_most(120, "Số quyết định")])
    issuer = LineField("Cơ quan ban hành", [at_most(300, "Tên cơ quan")])
    issued_on = DateField("Ngày ban hành", [Optional()])
    effective_from = DateField("Ngày có hiệu lực", [Optional()])
    title = LineField("Trích yếu", [at_most(1000, "Trích yếu")])
    url = LineField("Địa chỉ văn bản trên mạng", [at_most(500, "Địa chỉ")])

    def about(self) -> About:
        """What was filled in."""
        return About(
            number=self.number.data, issuer=self.issuer.data, issued_on=self.issued_on.data,
            effective_from=self.effective_from.data, title=self.title.data,
            url=self.url.data if self.url.data.startswith(("https://", "http://")) else "",
        )  # fmt: skip
