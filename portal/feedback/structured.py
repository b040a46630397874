"""A published question and its answer as machines read them: the public copy, no person."""

from __future__ import annotations

from portal.core.settings import Settings
from portal.core.web.sharing import Card, Sharing
from portal.core.web.structured import Thing, agency_reference, moment, thing
from portal.feedback.models import KIND_NAMES, Feedback, Kind

CARD = "phan-anh"


def of_item(settings: Settings, item: Feedback) -> Sharing:
    """What the page of a published item tells.

    Only what was sent as a question is one. FAQPage and not QAPage: a QAPage is where anybody
    may add an answer; here the agency alone answers, once.
    """
    asked = Kind(item.kind) is Kind.QUESTION
    return Sharing(
        card=card(item), things=[_faq(settings, item)] if asked else [], is_article=True,
        published=item.published_at,
    )  # fmt: skip


def card(item: Feedback) -> Card:
    """The picture of a published item's page."""
    label = f"{KIND_NAMES[Kind(item.kind)]} và câu trả lời"
    return Card(CARD, item.public_id, label, item.public_subject or "")


def _faq(settings: Settings, item: Feedback) -> Thing:
    address = settings.address(f"/phan-anh/{item.public_id}")
    question = thing(
        "Question", address + "#cau-hoi",
        name=" ".join((item.public_question or "").split()),
        headline=item.public_subject,
        dateCreated=moment(item.received_at),
        acceptedAnswer=thing(
            "Answer", text=item.public_answer, dateCreated=moment(item.answered_at),
            url=address + "#tra-loi", author=agency_reference(settings),
        ),
    )  # fmt: skip
    return thing(
        "FAQPage", address, name=item.public_subject, url=address, inLanguage="vi",
        datePublished=moment(item.published_at), mainEntity=[question],
    )  # fmt: skip
