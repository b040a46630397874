"""Reminders to people, and how they want to get them

Revision ID: 0015_notices
Revises: 0014_library_in_full
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_notices"
down_revision = "0014_library_in_full"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('due', 'late', 'missed', 'quiet', 'hotlines', 'procedures', 'links')",
            name=op.f("ck_notice_kind"),
        ),
        sa.CheckConstraint(
            "letter IN ('none', 'now', 'weekly', 'sent')", name=op.f("ck_notice_letter")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("user_id", "event", name=op.f("uq_notice_user_id")),
    )
    op.create_index("ix_notice_open", "notice", ["user_id", "closed_at", "over_at"])
    op.create_index("ix_notice_letter", "notice", ["letter"])
    op.create_table(
        "notice_reader",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_reader_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notice_reader")),
    )


def downgrade() -> None:
    op.drop_table("notice_reader")
    op.drop_table("notice")
