"""Each version of the privacy notice is kept as people agreed to it

Revision ID: 0022_kept_notices
Revises: 0021_hotlines
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_kept_notices"
down_revision = "0021_hotlines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_notice",
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_privacy_notice"),
    )


def downgrade() -> None:
    op.drop_table("privacy_notice")
