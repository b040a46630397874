"""Shapes of what is asked when a Word file becomes an article."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, SelectField

from portal.articles.drafts import SUMMARY_LIMIT, TITLE_LIMIT
from portal.articles.forms import number_or_none
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, PortalForm, TextField, at_most, required

MOST_ALTS = 60


class WordForm(PortalForm):
    """A Word file."""

    file = FileField(
        "Tệp Word", [FileRequired("Chọn tệp Word (.docx).")], render_kw={"accept": ".docx"}
    )


class FinishForm(VersionedForm):
    """What a Word file does not say: asked in one place, then the article is ready."""

    title = LineField(
        "Tiêu đề", [required("Nhập tiêu đề bài viết."), at_most(TITLE_LIMIT, "Tiêu đề")]
    )
    summary = TextField("Tóm tắt", [at_most(SUMMARY_LIMIT, "Tóm tắt")], render_kw={"rows": 3})
    topic_id = SelectField("Chủ đề", coerce=number_or_none, validate_choice=False)
    urgent = TextField("Lý do đăng khẩn", [at_most(500, "Lý do")], render_kw={"rows": 2})
    alts = FieldList(LineField("Mô tả ảnh", [at_most(300, "Mô tả ảnh")]), max_entries=MOST_ALTS)


class ReadyForm(FinishForm):
    """The same for who sends the article on: every picture needs its words."""

    alts = FieldList(
        LineField("Mô tả ảnh", [required("Nhập mô tả ảnh."), at_most(300, "Mô tả ảnh")]),
        max_entries=MOST_ALTS,
    )
