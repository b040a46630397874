"""Shapes of what is sent to the library."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from portal.core.web.forms import LineField, PortalForm, at_most, required
from portal.media.service import Description

ACCEPT = ".jpg,.jpeg,.png,.webp,.gif,.pdf,.docx,.xlsx,.mp3,.m4a"


class DescriptionForm(PortalForm):
    """What is said of a file."""

    title = LineField("Tên", [required("Nhập tên của tư liệu."), at_most(200, "Tên")])
    alt = LineField("Mô tả ảnh cho người không nhìn thấy", [at_most(300, "Mô tả ảnh")])
    credit = LineField("Nguồn, tác giả", [at_most(200, "Nguồn, tác giả")])
    is_public = BooleanField("Ai có địa chỉ cũng xem được, kể cả khi chưa bài nào dùng")

    @property
    def description(self) -> Description:
        return Description(
            title=self.title.data or "", alt=self.alt.data or "", credit=self.credit.data or ""
        )


class UploadForm(PortalForm):
    """A file and what is said of it."""

    file = FileField("Tệp", [FileRequired("Chọn tệp cần tải lên.")], render_kw={"accept": ACCEPT})
    title = LineField("Tên", [at_most(200, "Tên")])
    alt = LineField("Mô tả ảnh cho người không nhìn thấy", [at_most(300, "Mô tả ảnh")])
    credit = LineField("Nguồn, tác giả", [at_most(200, "Nguồn, tác giả")])

    @property
    def description(self) -> Description:
        return Description(
            title=self.title.data or "", alt=self.alt.data or "", credit=self.credit.data or ""
        )
