"""Shapes of what is sent to the library."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import BooleanField, SelectField

from portal.core.web.forms import LineField, PortalForm, TextField, at_most, required
from portal.media.describing import LIMITS, NAMES
from portal.media.models import LICENCE_NAMES, MediaFile, MediaKind
from portal.media.service import Description

ACCEPT = ".jpg,.jpeg,.png,.webp,.gif,.pdf,.docx,.xlsx,.mp3,.m4a,.mp4,.webm"
_LICENCES = {"": "Chưa ghi"} | {one.value: name for one, name in LICENCE_NAMES.items()}


def _at_most(name: str) -> object:
    return at_most(LIMITS[name], NAMES[name])


class DescriptionForm(PortalForm):
    """What is said of a file; which of the fields are asked depends on its kind."""

    title = LineField("Tên", [required("Nhập tên của tư liệu."), _at_most("title")])
    alt = LineField("Mô tả ảnh cho người không nhìn thấy", [_at_most("alt")])
    plain_reason = LineField("Hoặc: vì sao ảnh không cần mô tả", [_at_most("plain_reason")])
    transcript = TextField("Bản chép lời")
    abstract = TextField("Tóm tắt nội dung")
    credit = LineField("Tác giả, nguồn", [_at_most("credit")])
    licence = SelectField("Giấy phép sử dụng", choices=_LICENCES, default="")
    source = LineField("Lấy từ đâu", [_at_most("source")])
    description = TextField("Ghi chú cho đồng nghiệp")
    is_public = BooleanField("Ai có địa chỉ cũng xem được, kể cả khi chưa bài nào dùng")

    def of(self, media: MediaFile) -> Description:
        """What was typed of a file of this kind; the fields of others stay as they are."""
        kind = MediaKind(media.kind)
        recorded = kind in (MediaKind.AUDIO, MediaKind.VIDEO)
        return Description(
            title=self.title.data or "",
            alt=(self.alt.data or "") if kind == MediaKind.IMAGE else media.alt,
            credit=self.credit.data or "",
            description=self.description.data or "",
            licence=self.licence.data or "",
            source=self.source.data or "",
            plain_reason=(self.plain_reason.data or "") if kind == MediaKind.IMAGE else None,
            transcript=(self.transcript.data or "") if recorded else None,
            abstract=(self.abstract.data or "") if kind == MediaKind.DOCUMENT else None,
        )


class UploadForm(PortalForm):
    """Files and what is said of them; title and alternative text are for a single one."""

    file = MultipleFileField(
        "Tệp", [FileRequired("Chọn tệp cần tải lên.")], render_kw={"accept": ACCEPT}
    )
    title = LineField("Tên", [_at_most("title")])
    alt = LineField("Mô tả ảnh cho người không nhìn thấy", [_at_most("alt")])
    credit = LineField("Tác giả, nguồn", [_at_most("credit")])
    licence = SelectField("Giấy phép sử dụng", choices=_LICENCES, default="")
    source = LineField("Lấy từ đâu", [_at_most("source")])
    again = BooleanField("Thêm cả những tệp mà thư viện đã có")

    def said(self, *, alone: bool) -> Description:
        """What was typed, of one file or of each of several."""
        return Description(
            title=(self.title.data or "") if alone else "",
            alt=(self.alt.data or "") if alone else "",
            credit=self.credit.data or "",
            licence=self.licence.data or "",
            source=self.source.data or "",
        )


class ReplaceForm(PortalForm):
    """Another file in the place of one."""

    file = FileField("Tệp mới", [FileRequired("Chọn tệp mới.")])


class PosterForm(PortalForm):
    """The picture that stands for a film."""

    poster = FileField(
        "Ảnh đại diện", [FileRequired("Chọn ảnh đại diện.")],
        render_kw={"accept": ".jpg,.jpeg,.png,.webp,.gif"},
    )  # fmt: skip


class CaptionsForm(PortalForm):
    """The captions of a film."""

    captions = FileField(
        "Tệp phụ đề", [FileRequired("Chọn tệp phụ đề.")], render_kw={"accept": ".vtt,.srt"}
    )
