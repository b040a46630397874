"""Which version of a posting sheet hangs at which place

Revision ID: 0008_posted_sheets
Revises: 0007_subscribers
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_posted_sheets"
down_revision = "0007_subscribers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "posted_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], ondelete="CASCADE",
            name=op.f("fk_posted_sheet_procedure_id_procedure"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_sheet")),
        sa.UniqueConstraint("procedure_id", "place", name=op.f("uq_posted_sheet_procedure_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_posted_sheet_place"), "posted_sheet", ["place"])


def downgrade() -> None:
    op.drop_table("posted_sheet")
