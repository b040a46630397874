"""The form of an officer who types a message for its sender, and the receipt to hand over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, RadioField, SelectField

from portal.accounts.access import current_actor, needs
from portal.core import clock
from portal.core.errors import Invalid
from portal.core.settings import current_settings
from portal.core.web.forms import LineField, PortalForm, TextField, required
from portal.directory.queries import unit_names
from portal.feedback import attachments, codes, deadlines, entering, neighbours, signing, submission
from portal.feedback.attachments import Attachment
from portal.feedback.desk import blueprint
from portal.feedback.entering import AGREED_NAMES, CHANNELS, MAX_EXTERNAL, Agreed, LooksKnownError
from portal.feedback.forms import limited, one_of, typed
from portal.feedback.models import (
    CHANNEL_NAMES,
    KIND_NAMES,
    MAX_BODY,
    MAX_SUBJECT,
    Channel,
    Feedback,
    Kind,
)
from portal.feedback.states import LABELS
from portal.feedback.submission import Draft, Entry, Receipt

_COOKIE = "feedback_entry"
_LIFE = timedelta(minutes=10)


class EntryForm(PortalForm):
    channel = SelectField(
        "Đến bằng đường nào",
        choices={"": "Chọn đường", **{c.value: CHANNEL_NAMES[c] for c in CHANNELS}},
        validate_choice=False,
        validators=[one_of(lambda _: {c.value for c in CHANNELS}, "Chọn đường mà nội dung đến.")],
    )
    came_on = DateField("Ngày nhận", [required("Nhập ngày cơ quan nhận được nội dung.")])
    external_code = LineField("Số, mã ở nơi gửi", [limited(MAX_EXTERNAL, "Mã")])
    kind = RadioField(
        "Loại",
        choices={kind.value: name for kind, name in KIND_NAMES.items()},
        validate_choice=False,
        validators=[one_of(lambda _: {kind.value for kind in KIND_NAMES}, "Chọn loại.")],
    )
    subject = LineField("Tiêu đề", [required("Nhập tiêu đề."), limited(MAX_SUBJECT, "Tiêu đề")])
    body = TextField("Nội dung", [required("Nhập nội dung."), limited(MAX_BODY, "Nội dung")])
    unit_code = SelectField("Đơn vị được nói đến", validate_choice=False, default="")
    procedure_code = LineField("Mã thủ tục", [limited(40, "Mã thủ tục")])
    agreed = RadioField(
        "Liên hệ",
        choices={agreed.value: name for agreed, name in AGREED_NAMES.items()},
        validate_choice=False,
        default="",
        validators=[one_of(lambda _: {a.value for a in AGREED_NAMES}, "Chọn cách đồng ý.")],
    )
    name = LineField("Họ và tên", [limited(120, "Họ và tên")])
    phone = LineField("Số điện thoại", [limited(30, "Số điện thoại")])
    email = LineField("Thư điện tử (email)", [limited(254, "Thư điện tử")])

    def draft(self, files: Sequence[Attachment]) -> Draft:
        """What the sender said, as it was typed."""
        return Draft(
            kind=Kind(self.kind.data), subject=typed(self.subject), body=typed(self.body),
            procedure_code=typed(self.procedure_code), unit_code=typed(self.unit_code),
            name=typed(self.name), phone=typed(self.phone), email=typed(self.email),
            files=tuple(files),
        )  # fmt: skip

    def entry(self, actor_id: int) -> Entry:
        """How it came."""
        return Entry(
            actor_id, Channel(self.channel.data), self.came_on.data or clock.today(),
            typed(self.external_code), entering.consent_of(Agreed(self.agreed.data or "")),
        )  # fmt: skip


@blueprint.get("/nhap")
@needs("feedback.enter")
def entry() -> Response:
    """An empty form."""
    return _page(EntryForm(formdata=None, came_on=clock.today()), [])


@blueprint.post("/nhap")
@needs("feedback.enter")
def enter() -> ResponseReturnValue:
    """Store it, unless something like it is here already and nobody has said that it is another."""
    form, files = EntryForm(), _kept_files()
    problem = _take(files)
    stamp = signing.read_stamp(request.form.get("dau", ""))
    if not form.validate() or problem or stamp is None:
        form.add_problems({"": problem} if problem else {})
        return _page(form, files, 400)
    told = form.entry(current_actor().user_id)
    certain = request.form.get("buoc") == "van-nhap"
    try:
        receipt = entering.enter(
            current_actor(), form.draft(files), told, form=stamp.key, certain=certain
        )
    except Invalid as error:
        form.add_problems(error.problems)
        return _page(form, files, 400)
    except LooksKnownError as known:
        return _page(form, files, 409, known.items)
    session[_COOKIE] = [receipt.seed, int(clock.now().timestamp()), told.came_on.isoformat()]
    return redirect(url_for(".entry_receipt"), 303)


@blueprint.get("/nhap/bien-nhan")
@needs("feedback.enter")
def entry_receipt() -> Response:
    """The code to read out or print, for ten minutes and in this browser alone."""
    receipt, came_on = _just_entered()
    if receipt is None:
        session.pop(_COOKIE, None)
        return make_response(render_template("feedback/desk_entry_receipt.html", receipt=None), 404)
    how = deadlines.explain(came_on, receipt.due_on, current_settings())
    page = render_template(
        "feedback/desk_entry_receipt.html", receipt=receipt, came_on=came_on, how=how,
        code=codes.show(receipt.code), spoken=codes.spoken(receipt.code),
    )  # fmt: skip
    return make_response(page)


@blueprint.post("/nhap/bien-nhan")
@needs("feedback.enter")
def forget_receipt() -> ResponseReturnValue:
    """The sender has the code: it is nowhere any more."""
    session.pop(_COOKIE, None)
    return redirect(url_for(".entry"), 303)


def _page(
    form: EntryForm, files: list[Attachment], status: int = 200, alike: Sequence[Feedback] = ()
) -> Response:
    stamp = signing.read_stamp(request.form.get("dau", "")) or signing.new_stamp()
    form.unit_code.choices = {"": "Không rõ hoặc không chọn", **unit_names()}
    page = render_template(
        "feedback/desk_entry.html", form=form, stamp=stamp.sign(), alike=alike,
        labels={state.value: text for state, text in LABELS.items()},
        tokens=[(file, signing.sign_attachment(file)) for file in files],
        notice_version=current_settings().site.feedback.privacy_notice_version,
        procedure_name=neighbours.procedure_name(typed(form.procedure_code)),
        max_files=attachments.MAX_FILES, accept=attachments.ACCEPT,
    )  # fmt: skip
    return make_response(page, status)


def _just_entered() -> tuple[Receipt | None, date]:
    """The receipt of what this browser has stored lately, and the day that it came."""
    kept = session.get(_COOKIE)
    if not isinstance(kept, list) or len(kept) != 3:
        return None, clock.today()
    age = clock.now() - datetime.fromtimestamp(int(kept[1]), clock.LOCAL_ZONE)
    receipt = submission.receipt(str(kept[0])) if age < _LIFE else None
    return receipt, date.fromisoformat(str(kept[2]))


def _kept_files() -> list[Attachment]:
    """Files that came with an earlier press of the same form, but for those taken off since."""
    dropped = set(request.form.getlist("bo_tep"))
    found = map(signing.read_attachment, request.form.getlist("tep_da_nhan")[:10])
    return [file for file in found if file and file.stored_name not in dropped]


def _take(files: list[Attachment]) -> str:
    """Add what was uploaded to `files`; what is wrong with the rest, in words."""
    problems: list[str] = []
    for upload in request.files.getlist("tep"):
        if not upload.filename:
            continue
        if len(files) >= attachments.MAX_FILES:
            return f"Mỗi nội dung kèm nhiều nhất {attachments.MAX_FILES} tệp. Bạn bỏ bớt tệp."
        try:
            files.append(attachments.receive(upload.stream, upload.filename))
        except Invalid as error:
            problems += error.problems.values()
    return " ".join(problems)
