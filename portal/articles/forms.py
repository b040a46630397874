"""Shapes of what is typed at the desk of articles."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.articles.autosaves import Item, Page, is_token
from portal.articles.drafts import SUMMARY_LIMIT, TITLE_LIMIT, Draft, Source
from portal.articles.models import KIND_NAMES, WAY_NAMES, Kind, Way
from portal.articles.words_models import Fields
from portal.core import clock
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, PortalForm, TextField, at_most, required

_MACHINERY = frozenset({"csrf_token", "version", "tab", "sequence", "after", "base", "token"})
IMAGES, DOCUMENTS = ".jpg,.jpeg,.png,.webp,.gif", ".pdf,.docx,.xlsx,.mp3,.m4a"


def number_or_none(value: object) -> int | None:
    """What a choice of a row's id sends: a number, or nothing."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


class CheckboxesField(SelectMultipleField):
    """Rows to tick, by their ids. Whether they may be chosen is asked by the service."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ArticleForm(VersionedForm):
    """An article as its writers see it.

    `tab` names this page of the browser, `sequence` counts what it sent, `after` is the writing
    it goes on from, `base` the version of the article that the text began from, `token` stands
    for an article that does not exist yet: see `autosaves`.
    """

    tab = HiddenField()
    sequence = HiddenField()
    after = HiddenField()
    base = HiddenField()
    token = HiddenField()

    title = LineField(
        "Tiêu đề", [required("Nhập tiêu đề bài viết."), at_most(TITLE_LIMIT, "Tiêu đề")]
    )
    summary = TextField("Tóm tắt", [at_most(SUMMARY_LIMIT, "Tóm tắt")], render_kw={"rows": 3})
    body = TextField("Nội dung")
    kind = SelectField(
        "Loại bài",
        choices={kind.value: KIND_NAMES[kind] for kind in Kind},
        validate_choice=False,
    )
    topic_id = SelectField("Chủ đề", coerce=number_or_none, validate_choice=False)
    unit_code = SelectField("Đơn vị", coerce=lambda value: value or None, validate_choice=False)
    cover_id = SelectField("Ảnh bìa", coerce=number_or_none, validate_choice=False)
    cover_file = FileField("Ảnh bìa mới", render_kw={"accept": IMAGES})
    cover_alt = LineField("Mô tả ảnh bìa mới", [at_most(300, "Mô tả ảnh")])
    attachments = CheckboxesField("Tệp kèm theo", coerce=number_or_none, validate_choice=False)
    attachment_files = MultipleFileField("Tệp mới", render_kw={"accept": DOCUMENTS})
    tasks = CheckboxesField("Nhiệm vụ của kế hoạch", coerce=number_or_none, validate_choice=False)
    sources = TextField("Nguồn", render_kw={"rows": 3})

    def offer(
        self, *, topics: Mapping[Any, str], units: Mapping[Any, str], tasks: Mapping[Any, str]
    ) -> None:
        """What can be chosen."""
        self.topic_id.choices = {"": "Chưa chọn", **topics}
        self.unit_code.choices = {"": "Chưa chọn", **units}
        self.tasks.choices = dict(tasks)

    def offer_files(self, covers: Mapping[Any, str], attachments: Mapping[Any, str]) -> None:
        """Which files of the library can be chosen."""
        self.cover_id.choices = {"": "Không có ảnh bìa", **covers}
        self.attachments.choices = dict(attachments)

    def choose(self, field: str, number: int, name: str) -> None:
        """Offer a file that just came in, chosen: `cover_id` or `attachments`."""
        chosen = self[field]
        chosen.choices = {**chosen.choices, number: name}
        chosen.data = number if field == "cover_id" else [*(chosen.data or []), number]

    def begin(self, base: int, *, after: str = "", token: str = "") -> None:
        """A page of its own from here on, whose text began from version `base`."""
        self._set(tab=secrets.token_urlsafe(12), sequence="1", after=after, base=str(base))
        self._set(version=str(base), token=token or self.token.data or "")

    def ask_over(self, version: int) -> None:
        """Saving once more is a choice against `version`; the text still began where it began."""
        self._set(version=str(version))

    def _set(self, **values: str) -> None:
        for name, value in values.items():
            self[name].data, self[name].raw_data = value, None

    @property
    def item(self) -> Item | None:
        """The article that this form begins, by its token."""
        token = self.token.data or ""
        return Item(token=token) if is_token(token) else None

    @property
    def page(self) -> Page | None:
        """The page that sent this form; None when it does not say so (a program's form)."""
        numbers = [number_or_none(self[name].data) for name in ("sequence", "base")]
        tab = self.tab.data or ""
        if not is_token(tab) or None in numbers:
            return None
        return Page(tab, numbers[0] or 0, numbers[1] or 0, (self.after.data or "")[:60])

    @property
    def typed(self) -> Fields:
        """Every field as it came in, fit to be stored or not, but for files."""
        return {
            field.name: list(field.raw_data or ())
            if isinstance(field, SelectMultipleField)
            else str((field.raw_data or [""])[0])
            for field in self
            if field.name not in _MACHINERY and not isinstance(field, FileField | MultipleFileField)
        }

    def show(self, draft: Draft, version: int) -> None:
        """Fill the form with what is stored."""
        for name in ("title", "summary", "body", "kind", "topic_id", "unit_code", "cover_id"):
            self[name].data = getattr(draft, name)
        self.attachments.data = list(draft.attachment_ids)
        self.tasks.data = list(draft.task_ids)
        self.sources.data = format_sources(draft.sources)
        self.begin(version)

    @property
    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            kind=self.kind.data or "",
            topic_id=self.topic_id.data,
            unit_code=self.unit_code.data,
            cover_id=self.cover_id.data,
            attachment_ids=tuple(filter(None, self.attachments.data or ())),
            task_ids=tuple(filter(None, self.tasks.data or ())),
            sources=parse_sources(self.sources.data or ""),
        )


class HourForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A day and an hour of the agency's wall clock, and perhaps others at which it is over."""

    class Meta:
        csrf = False  # only reads; the verb itself is posted with a token

    ngay = DateField("Ngày", [Optional()])
    gio = TimeField("Giờ", [Optional()])
    go_ngay = DateField("Ngày gỡ", [Optional()])
    go_gio = TimeField("Giờ gỡ", [Optional()])

    @property
    def at(self) -> datetime | None:
        """The moment, None when day or hour is missing or beyond all calendars."""
        return moment_of(self.ngay.data, self.gio.data)

    @property
    def until(self) -> datetime | None:
        """The moment of withdrawal, None when none was chosen."""
        return moment_of(self.go_ngay.data, self.go_gio.data)


def moment_of(day: date | None, hour: time | None) -> datetime | None:
    """A day and an hour of the agency's wall clock as a moment."""
    if day is None or hour is None:
        return None
    try:
        return clock.from_local(datetime.combine(day, hour))
    except OverflowError:
        return None


class WithdrawForm(VersionedForm):
    """How and when an article leaves its readers. `seen` tells that the hour stood on the button
    that was pressed."""

    way = RadioField(
        "Gỡ theo cách nào", choices={way.value: name for way, name in WAY_NAMES.items()},
        default=Way.NOTICE.value,
    )  # fmt: skip
    reason = TextField("Lý do")
    into = LineField("Địa chỉ trang thay thế", [at_most(300, "Địa chỉ")])
    words = LineField("Tìm trang thay thế", [at_most(100, "Từ tìm kiếm")])
    when = RadioField("Khi nào", choices={"ngay": "Gỡ ngay", "hen": "Hẹn giờ gỡ"}, default="ngay")
    ngay = DateField("Ngày gỡ", [Optional()])
    gio = TimeField("Giờ gỡ", [Optional()], default=time(17, 0))
    seen = HiddenField(default="")

    @property
    def at(self) -> datetime | None:
        """The hour that was chosen."""
        return moment_of(self.ngay.data, self.gio.data)


class DayForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A day, or none; the page's own form carries the token."""

    class Meta:
        csrf = False  # the whole desk is behind a token anyway

    review_on = DateField("Ngày xem lại", [Optional()])


class ReasonForm(PortalForm):
    """Why articles leave their readers; `asked` tells that the page which asks was seen."""

    asked = HiddenField(default="")
    reason = TextField(
        "Lý do gỡ",
        [DataRequired("Ghi lý do gỡ; người đọc sẽ thấy lý do này."), at_most(500, "Lý do")],
    )


def parse_sources(text: str) -> tuple[Source, ...]:
    """One source a line: `name | address | note`, the last two optional."""
    found = []
    for line in text.splitlines():
        title, _, rest = line.partition("|")
        url, _, note = rest.partition("|")
        if line.strip(" |"):
            found.append(Source(title.strip(), url.strip(), note.strip()))
    return tuple(found)


def format_sources(sources: Sequence[Source]) -> str:
    """The inverse of `parse_sources`."""
    lines: list[str] = []
    for source in sources:
        parts: list[Any] = [source.title.replace("|", "/"), source.url, source.note]
        while not parts[-1]:
            parts.pop()
        lines.append(" | ".join(parts))
    return "\n".join(lines)
