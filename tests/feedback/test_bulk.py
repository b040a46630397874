"""Many feedbacks at once: units keep to their own, held ones go on, and each step is audited."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.accounts.permissions import Role
from portal.core.audit import AuditEntry
from portal.core.bulk import Pick
from portal.core.db import db
from portal.feedback import bulk, submission
from portal.feedback.models import Feedback, Kind
from tests.support.staff import make_user


def send(subject: str) -> int:
    draft = submission.Draft(kind=Kind.QUESTION, subject=subject, body="Nội dung riêng của tôi.")
    submission.submit(draft, form=subject, network="192.0.2.1")
    return max(db.session.scalars(select(Feedback.id)))


def picks(*ids: int, version: int = 1) -> list[Pick]:
    return [Pick(str(number), version) for number in ids]


def test_only_what_is_in_ones_hands_is_given_away(app: Flask, units: list[str]) -> None:
    office = make_user(app, Role.FEEDBACK_OFFICER)
    cdc = make_user(app, Role.FEEDBACK_OFFICER, "cdc")
    author = make_user(app, Role.AUTHOR, "cdc")
    with app.app_context():
        first, second = send("Một"), send("Hai")
        version = db.session.get_one(Feedback, first).version
        outcome = bulk.assign(office, picks(first, second, version=version), "van-phong")
        assert outcome.done == [f"Phản ánh số {first}", f"Phản ánh số {second}"]
        version = db.session.get_one(Feedback, first).version
        for actor in (cdc, author):
            stolen = bulk.assign(actor, picks(first, second, version=version), "cdc")
            assert stolen.done == []
            assert "Nội dung" not in str(stolen.refused)
        unknown = bulk.assign(office, picks(first, version=version), "khong-co")
        assert "Chọn đơn vị" in unknown.refused[0][1]
        rows = db.session.scalars(select(Feedback.unit_code)).all()
        assert set(rows) == {"van-phong"}
        told = select(AuditEntry.object_id).where(AuditEntry.event == "feedback.assigned")
        assert set(db.session.scalars(told)) == {str(first), str(second)}


def test_what_is_accepted_together_has_numbers_without_gaps(app: Flask, units: list[str]) -> None:
    office = make_user(app, Role.FEEDBACK_OFFICER)
    with app.app_context():
        ids = [send(name) for name in ("Một", "Hai", "Ba")]
        outcome = bulk.accept(office, picks(*ids))
        assert len(outcome.done) == 3
        again = bulk.accept(office, picks(*ids))
        assert not again.done
        numbers = db.session.scalars(select(Feedback.register_number).order_by(Feedback.id)).all()
        assert numbers == [1, 2, 3]
