"""The forms of those who follow their feedback: one table says what each asks, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wtforms import HiddenField, RadioField

from portal.core.web.forms import PortalForm, TextField
from portal.feedback import citizen, states
from portal.feedback.attachments import Attachment
from portal.feedback.citizen import MAX_WORDS, RATING_NAMES, Rating
from portal.feedback.forms import limited, one_of, typed
from portal.feedback.holding import Holder
from portal.feedback.models import MAX_BODY, Feedback
from portal.feedback.states import State, Verb

Files = tuple[Attachment, ...]
_CHOICES = {str(int(rating)): name for rating, name in RATING_NAMES.items()}


class ActForm(PortalForm):
    """What all of them carry: which answer was read."""

    answer = HiddenField()

    def show_answer(self, feedback: Feedback) -> None:
        """Note which answer stands on the page that this form is part of."""
        self.answer.data = feedback.answered_at.isoformat() if feedback.answered_at else ""

    @property
    def answered_at(self) -> datetime | None:
        try:
            moment = datetime.fromisoformat(typed(self.answer))
        except ValueError:
            return None
        return moment if moment.tzinfo else None


class AddForm(ActForm):
    text = TextField("Điều bạn muốn bổ sung", [limited(MAX_BODY, "Nội dung")])


class WithdrawForm(ActForm):
    text = TextField("Vì sao bạn rút", [limited(MAX_WORDS, "Lý do")])


class RateForm(ActForm):
    rating = RadioField(
        "Bạn có hài lòng với câu trả lời không?",
        choices=_CHOICES,
        validate_choice=False,
        validators=[one_of(lambda _: _CHOICES, "Chọn một mức.")],
    )
    text = TextField("Điều bạn muốn nói thêm", [limited(MAX_WORDS, "Lời nói thêm")])


class ReopenForm(ActForm):
    text = TextField("Điều gì chưa được giải quyết?", [limited(MAX_BODY, "Nội dung")])


class SayForm(ActForm):
    """A page with nothing but an explanation and a button."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a citizen may do: its place, its words, its form, and when it is offered."""

    slug: str
    title: str
    button: str
    done: str
    form: type[ActForm]
    offered: Callable[[Feedback], bool]
    perform: Callable[[Holder, ActForm, Files], None]
    danger: bool = False
    takes_files: bool = False


def _can(verb: Verb) -> Callable[[Feedback], bool]:
    return lambda feedback: states.can(State(feedback.state), verb)


def _add(holder: Holder, form: ActForm, files: Files) -> None:
    citizen.add(holder, typed(form["text"]), files)


def _withdraw(holder: Holder, form: ActForm, _files: Files) -> None:
    citizen.withdraw(holder, typed(form["text"]))


def _rate(holder: Holder, form: ActForm, _files: Files) -> None:
    rating = Rating(int(form["rating"].data))
    citizen.rate(holder, rating, typed(form["text"]), form.answered_at)


def _reopen(holder: Holder, form: ActForm, _files: Files) -> None:
    citizen.reopen(holder, typed(form["text"]), form.answered_at)


ACTS: tuple[Act, ...] = (
    Act(
        "bo-sung", "Bổ sung thông tin", "Gửi thông tin bổ sung",
        "Đã gửi thông tin bổ sung.", AddForm, _can(Verb.ADD), _add, takes_files=True,
    ),
    Act(
        "danh-gia", "Đánh giá câu trả lời", "Gửi đánh giá",
        "Đã ghi nhận đánh giá của bạn. Cảm ơn bạn.", RateForm, _can(Verb.RATE), _rate,
    ),
    Act(
        "xem-lai", "Đề nghị xem lại câu trả lời", "Gửi đề nghị xem lại",
        "Đã nhận đề nghị xem lại. Hạn trả lời mới ở ngay bên dưới.",
        ReopenForm, citizen.may_reopen, _reopen,
    ),
    Act(
        "khong-cong-khai", "Không đồng ý công khai", "Tôi không đồng ý công khai",
        "Đã ghi nhận: cơ quan không công khai nội dung này.", SayForm,
        lambda feedback: citizen.may_decide_publication(feedback) and not feedback.no_publication,
        lambda holder, _form, _files: citizen.allow_publication(holder, allowed=False),
    ),
    Act(
        "cho-cong-khai", "Đồng ý công khai", "Tôi đồng ý công khai",
        "Đã ghi nhận: cơ quan có thể công khai nội dung này, không kèm tên và liên hệ.", SayForm,
        lambda feedback: citizen.may_decide_publication(feedback) and feedback.no_publication,
        lambda holder, _form, _files: citizen.allow_publication(holder, allowed=True),
    ),
    Act(
        "rut", "Rút nội dung đã gửi", "Rút nội dung này",
        "Bạn đã rút nội dung này. Cơ quan dừng xử lý.",
        WithdrawForm, _can(Verb.WITHDRAW), _withdraw, danger=True,
    ),
    Act(
        "xoa-du-lieu", "Xóa dữ liệu cá nhân", "Yêu cầu xóa dữ liệu cá nhân",
        "Đã nhận yêu cầu xóa dữ liệu cá nhân. Cơ quan thực hiện trong 72 giờ.", SayForm,
        lambda feedback: feedback.erasure_asked_at is None,
        lambda holder, _form, _files: citizen.ask_erasure(holder), danger=True,
    ),
)  # fmt: skip
_BY_SLUG = {act.slug: act for act in ACTS}


def find(slug: str) -> Act | None:
    """The act at an address."""
    return _BY_SLUG.get(slug)


def offered(feedback: Feedback) -> list[Act]:
    """What can be done as it stands now."""
    return [act for act in ACTS if act.offered(feedback)]


def rated(feedback: Feedback) -> str:
    """What the sender said of the answer that stands, in words; empty when nothing yet."""
    if feedback.rating is None or not citizen.is_rated(feedback):
        return ""
    return RATING_NAMES[Rating(feedback.rating)]
