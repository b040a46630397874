"""Feedback in full: register, clock, conversation, approval, the citizen's verbs, two roles

Revision ID: 0019_feedback_in_full
Revises: 0018_former
"""

import sqlalchemy as sa
from alembic import op

revision = "0019_feedback_in_full"
down_revision = "0018_former"
branch_labels = None
depends_on = None

_STATES = (
    "state IN ('received', 'accepted', 'assigned', 'waiting', 'approval', 'answered',"
    " 'forwarded', 'refused', 'withdrawn', 'restricted')"
)
_OLD_STATES = "state IN ('received', 'assigned', 'answered', 'forwarded', 'refused')"
_CHANNELS = (
    "channel IN ('web', 'phone', 'counter', 'letter', 'email', 'zalo', 'facebook', 'national')"
)
_OLD_CHANNELS = "channel IN ('web')"
_EVENTS = (
    "event IN ('received', 'registered', 'classified', 'assigned', 'asked', 'added', 'resumed',"
    " 'extended', 'answered', 'reopened', 'rated', 'forwarded', 'refused', 'withdrawn',"
    " 'restricted', 'released', 'published', 'unpublished', 'erasure_asked', 'erased')"
)
_OLD_EVENTS = (
    "event IN ('received', 'classified', 'assigned', 'answered', 'forwarded', 'refused',"
    " 'published', 'unpublished')"
)
_ROLES = (
    "role IN ('author', 'unit_editor', 'publisher', 'feedback_officer', 'head', 'inspector',"
    " 'auditor', 'administrator')"
)
_OLD_ROLES = (
    "role IN ('author', 'unit_editor', 'publisher', 'feedback_officer', 'auditor', 'administrator')"
)
_KINDS = "kind IN ('complaint', 'suggestion', 'question', 'praise')"
_SAID = "said IN ('request', 'addition', 'answer', 'reopening', 'withdrawal')"
_STAFF = ("entered_by", "drafted_by", "approved_by")
_NEW_CHECKS = {
    "pause_of_waiting": "state <> 'waiting' OR paused_on IS NOT NULL",
    "number_of_register": "(register_year IS NULL) = (register_number IS NULL)",
    "rating": "rating IS NULL OR rating BETWEEN 1 AND 3",
    "warned": "warned BETWEEN 0 AND 3",
}


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _columns() -> list[sa.Column]:
    whole = [sa.Column(name, sa.Integer(), nullable=True) for name in (
        *_STAFF, "register_year", "register_number", "days_left", "rating",
    )]  # fmt: skip
    days = [
        sa.Column(name, sa.Date(), nullable=True)
        for name in ("came_on", "paused_on", "extended_on", "forward_by")
    ]
    moments = [_moment(name) for name in (
        "registered_at", "submitted_at", "reopened_at", "rated_at", "restricted_at",
        "erasure_asked_at", "erased_at",
    )]  # fmt: skip
    texts = [
        sa.Column(name, sa.Text(), nullable=True)
        for name in ("draft", "extension_reason", "rating_note")
    ]
    return [
        sa.Column("no_publication", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("external_code", sa.String(length=60), nullable=True),
        sa.Column("warned", sa.Integer(), server_default="0", nullable=False),
        *whole, *days, *moments, *texts,
    ]  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("feedback") as batch_op:
        for name, condition in {"state": _STATES, "channel": _CHANNELS}.items():
            batch_op.drop_constraint(batch_op.f(f"ck_feedback_{name}"), type_="check")
            batch_op.create_check_constraint(batch_op.f(f"ck_feedback_{name}"), condition)
        for column in _columns():
            batch_op.add_column(column)
        for name, condition in _NEW_CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_feedback_{name}"), condition)
        for name in _STAFF:
            batch_op.create_foreign_key(
                batch_op.f(f"fk_feedback_{name}_user_account"), "user_account", [name], ["id"]
            )
        batch_op.create_unique_constraint(
            batch_op.f("uq_feedback_register_year"),
            ["register_year", "register_number"],
        )
        batch_op.create_index(batch_op.f("ix_feedback_erasure_asked_at"), ["erasure_asked_at"])
    _check_anew("feedback_event", "event", _EVENTS)
    _check_anew("role_grant", "role", _ROLES)
    _messages()
    _notes()
    _templates()
    op.create_table(
        "feedback_register",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_feedback_register")),
    )


def _check_anew(table: str, column: str, condition: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{column}"), condition)


def _below_feedback(table: str, author: bool) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=not author),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f(f"fk_{table}_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f(f"fk_{table}_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]  # fmt: skip


def _messages() -> None:
    op.create_table(
        "feedback_message",
        *_below_feedback("feedback_message", author=False),
        sa.Column("said", sa.String(length=30), nullable=False),
        sa.CheckConstraint(_SAID, name=op.f("ck_feedback_message_said")),
    )
    op.create_index("ix_feedback_message_feedback_id", "feedback_message", ["feedback_id"])


def _notes() -> None:
    op.create_table("feedback_note", *_below_feedback("feedback_note", author=True))
    op.create_index("ix_feedback_note_feedback_id", "feedback_note", ["feedback_id"])


def _templates() -> None:
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=True),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _moment("removed_at"),
        sa.CheckConstraint(f"kind IS NULL OR {_KINDS}", name=op.f("ck_answer_template_kind")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"],
            name=op.f("fk_answer_template_author_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("feedback_register", "answer_template", "feedback_note", "feedback_message"):
        op.drop_table(table)
    _check_anew("role_grant", "role", _OLD_ROLES)
    _check_anew("feedback_event", "event", _OLD_EVENTS)
    with op.batch_alter_table("feedback") as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_erasure_asked_at"))
        batch_op.drop_constraint(batch_op.f("uq_feedback_register_year"), type_="unique")
        for name in _STAFF:
            batch_op.drop_constraint(
                batch_op.f(f"fk_feedback_{name}_user_account"), type_="foreignkey"
            )
        for name in _NEW_CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_feedback_{name}"), type_="check")
        for column in _columns():
            batch_op.drop_column(column.name)
        for name, condition in {"state": _OLD_STATES, "channel": _OLD_CHANNELS}.items():
            batch_op.drop_constraint(batch_op.f(f"ck_feedback_{name}"), type_="check")
            batch_op.create_check_constraint(batch_op.f(f"ck_feedback_{name}"), condition)
