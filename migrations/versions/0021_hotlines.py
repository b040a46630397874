"""Hours of hotlines that can be computed with, and what citizens report of their numbers

Revision ID: 0021_hotlines
Revises: 0020_sealed_contacts
"""

import sqlalchemy as sa
from alembic import op

revision = "0021_hotlines"
down_revision = "0020_sealed_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hotline", sa.Column("schedule", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "hotline_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hotline_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "reason IN ('dead', 'wrong', 'silent', 'other')", name=op.f("ck_hotline_report_reason")
        ),
        sa.CheckConstraint(
            "outcome IN ('right', 'mended', 'removed')", name=op.f("ck_hotline_report_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["hotline_id"], ["hotline.id"], name=op.f("fk_hotline_report_hotline_id_hotline")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_report")),
        sa.UniqueConstraint("hotline_id", "network", name=op.f("uq_hotline_report_hotline_id")),
    )
    op.create_index("ix_hotline_report_open", "hotline_report", ["hotline_id", "closed_at"])
    op.create_index("ix_hotline_report_at", "hotline_report", ["at"])


def downgrade() -> None:
    op.drop_table("hotline_report")
    with op.batch_alter_table("hotline") as batch:
        batch.drop_column("schedule")
