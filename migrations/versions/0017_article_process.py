"""The process of articles: hours of withdrawal, ways out, urgency, notes, remarks, previews

Revision ID: 0017_article_process
Revises: 0016_settings_and_banners
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_article_process"
down_revision = "0016_settings_and_banners"
branch_labels = None
depends_on = None

_STATES = "state IN ('draft', 'submitted', 'returned', {}'approved', 'withdrawn')"
_CHECKS = {
    "withdrawn_way": "withdrawn_way IN ('notice', 'merged', 'error')",
    "merged_has_address": "withdrawn_way <> 'merged' OR merged_into <> ''",
    "shown_before_withdrawn": (
        "withdraw_at IS NULL OR publish_at IS NULL OR withdraw_at > publish_at"
    ),
}


def upgrade() -> None:
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_article_state"), type_="check")
        batch_op.add_column(sa.Column("withdraw_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "withdrawn_way", sa.String(length=30), server_default="notice", nullable=False
            )
        )
        batch_op.add_column(
            sa.Column("merged_into", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("review_told_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_article_state"), _STATES.format("'passed', ")
        )
        for name, condition in _CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_article_{name}"), condition)
        batch_op.create_index("ix_article_withdraw_at", ["withdraw_at"])
        batch_op.create_index("ix_article_review_on", ["review_on"])
    _urgencies()
    _notes()
    _remarks()
    _previews()


def _urgencies() -> None:
    op.create_table(
        "article_urgent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_article_urgent_has_reason")),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'withdrawn')", name=op.f("ck_article_urgent_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_at IS NULL)",
            name=op.f("ck_article_urgent_closed_has_outcome"),
        ),
        *_of_article("article_urgent"),
        *(_by(column, "article_urgent") for column in ("by_id", "writer_id", "closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_urgent")),
    )
    op.create_index(op.f("ix_article_urgent_article_id"), "article_urgent", ["article_id"])
    op.create_index("ix_article_urgent_open", "article_urgent", ["closed_at", "due_at"])


def _notes() -> None:
    op.create_table(
        "article_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=False),
        *_of_article("article_note"),
        _by("by_id", "article_note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_note")),
    )
    op.create_index("ix_article_note_article_id", "article_note", ["article_id", "at"])


def _remarks() -> None:
    op.create_table(
        "article_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_of_article("article_remark"),
        *(_by(column, "article_remark") for column in ("by_id", "done_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_remark")),
    )
    op.create_index("ix_article_remark_article_id", "article_remark", ["article_id", "closed_at"])


def _previews() -> None:
    op.create_table(
        "article_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_of_article("article_preview"),
        _by("by_id", "article_preview"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_preview")),
        sa.UniqueConstraint("nonce", name=op.f("uq_article_preview_nonce")),
    )
    op.create_index(op.f("ix_article_preview_article_id"), "article_preview", ["article_id"])


def _of_article(table: str) -> tuple[sa.ForeignKeyConstraint]:
    name = op.f(f"fk_{table}_article_id_article")
    return (sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE", name=name),)


def _by(column: str, table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_user_account")
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=name)


def downgrade() -> None:
    for table in ("article_preview", "article_remark", "article_note", "article_urgent"):
        op.drop_table(table)
    # What only the newer process knows becomes the nearest thing that the older one does; nothing
    # that readers may not see comes back to them.
    op.execute("UPDATE article SET state = 'submitted' WHERE state = 'passed'")
    op.execute(
        "UPDATE article SET state = 'withdrawn', withdrawn_at = withdraw_at"
        " WHERE state = 'approved' AND withdraw_at <= CURRENT_TIMESTAMP"
    )
    op.execute(
        "UPDATE article SET publish_at = NULL WHERE state = 'withdrawn' AND withdrawn_way = 'error'"
    )
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_index("ix_article_review_on")
        batch_op.drop_index("ix_article_withdraw_at")
        for name in ("state", *_CHECKS):
            batch_op.drop_constraint(batch_op.f(f"ck_article_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_article_state"), _STATES.format(""))
        for column in (
            "review_told_on", "review_on", "merged_into", "withdrawn_way", "withdraw_at",
        ):  # fmt: skip
            batch_op.drop_column(column)
