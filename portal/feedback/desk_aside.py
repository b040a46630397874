"""What stands beside the verbs of an item's page: the road of denunciations, and suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField

from portal.accounts.access import current_actor
from portal.accounts.permissions import may
from portal.core.db import db
from portal.core.settings import current_settings
from portal.core.web.forms import LineField, TextField, required
from portal.feedback import deadlines, queries, restricting, suggesting
from portal.feedback.deadlines import DENUNCIATION, DENUNCIATION_CHECK
from portal.feedback.desk_forms import VerbForm
from portal.feedback.forms import limited, one_of
from portal.feedback.models import MAX_BODY, Feedback
from portal.feedback.restricting import MAX_AUTHORITY, OUTCOMES
from portal.feedback.states import OPEN, State, Verb, can
from portal.feedback.suggesting import Suggestions


class RestrictForm(VerbForm):
    restrict_reason = TextField(
        "Vì sao đây là tố cáo",
        [required("Viết vì sao đây là tố cáo."), limited(MAX_BODY, "Lý do")],
    )


class ReleaseForm(VerbForm):
    release_note = TextField(
        "Vì sao không phải tố cáo",
        [required("Viết vì sao không phải tố cáo."), limited(MAX_BODY, "Lý do")],
    )


class SettleForm(VerbForm):
    settle_outcome = RadioField(
        "Kết quả",
        choices={outcome.value: text for outcome, text in OUTCOMES.items()},
        validate_choice=False,
        validators=[one_of(lambda _: {one.value for one in OUTCOMES}, "Chọn kết quả.")],
    )
    settle_to = LineField("Cơ quan nhận", [limited(MAX_AUTHORITY, "Tên cơ quan")])
    settle_note = TextField(
        "Lời nhắn cho người gửi",
        [required("Nhập lời nhắn cho người gửi."), limited(MAX_BODY, "Lời nhắn")],
    )


# The verbs for which each form stands there.
VERBS: dict[type[VerbForm], tuple[Verb, ...]] = {
    RestrictForm: (Verb.RESTRICT,),
    ReleaseForm: (Verb.RELEASE,),
    SettleForm: (Verb.SETTLE,),
}
_FORMS = {"restrict": RestrictForm, "release": ReleaseForm, "settle": SettleForm}


def of_item(
    feedback: Feedback, failed: VerbForm | None, units: Mapping[str, str]
) -> dict[str, Any]:
    """What the parts `_restricted.html` and `_suggestions.html` of an item's page show; `units`
    are names by code."""
    return {
        "restricted": _restricted(feedback, failed),
        "suggested": _suggested(feedback, units),
    }


def _suggested(feedback: Feedback, units: Mapping[str, str]) -> Suggestions | None:
    """For who decides where an open item goes; None for everybody else."""
    actor = current_actor()
    if State(feedback.state) not in OPEN or not may(actor, "feedback.assign", feedback):
        return None
    return suggesting.suggest(db.session(), actor, feedback, units)


def _restricted(feedback: Feedback, failed: VerbForm | None) -> dict[str, Any] | None:
    """The forms that this person may use on the item, and whether anybody would see it on the
    restricted road."""
    actor, state = current_actor(), State(feedback.state)
    offered = can(state, Verb.RESTRICT) and may(actor, "feedback.restrict", feedback)
    kept = feedback.restricted and may(actor, "feedback.restricted", feedback)
    if not offered and not kept:
        return None
    site = current_settings().site
    return {
        "forms": {
            name: failed if type(failed) is made else made(formdata=None)
            for name, made in _FORMS.items()
        },
        "kept": kept,
        "nobody": not kept and not queries.keepers(db.session()),
        "check_by": restricting.check_by(feedback),
        "check": deadlines.limit_for(DENUNCIATION_CHECK, site),
        "forward": deadlines.limit_for(DENUNCIATION, site),
    }
