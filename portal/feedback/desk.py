"""The officer's desk: one feedback to read. The inbox and the verbs hang on the same blueprint in
`desk_inbox`, `desk_verbs`, `desk_answers`, `desk_publish` and `desk_restricted`."""

from __future__ import annotations

from flask import Response

from portal.accounts.access import current_actor, desk_blueprint, needs
from portal.feedback import reading
from portal.feedback.desk_forms import VerbForm
from portal.feedback.desk_pages import download, item_page

blueprint = desk_blueprint("feedback", "phan-anh")
ITEM = "/<int(max=2147483647):feedback_id>"


@blueprint.get(ITEM)
@needs("feedback.view")
def item(feedback_id: int) -> Response:
    """One feedback with its forms."""
    return item_page(feedback_id)


@blueprint.post(f"{ITEM}/lien-he")
@needs("feedback.view")
def contact(feedback_id: int) -> Response:
    """The same page with the citizen's contact on it; the reading is audited."""
    if not VerbForm().validate():
        return item_page(feedback_id, 400)
    return item_page(feedback_id, contact=reading.open_contact(current_actor(), feedback_id))


@blueprint.get(f"{ITEM}/tep/<int(max=2147483647):file_id>")
@needs("feedback.view")
def file(feedback_id: int, file_id: int) -> Response:
    """An attachment, never shown inside our pages; the reading is audited."""
    return download(*reading.open_file(current_actor(), feedback_id, file_id))
