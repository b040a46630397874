"""Addresses that topics and standing pages had

Revision ID: 0018_former
Revises: 0017_article_process
"""

import sqlalchemy as sa
from alembic import op

revision = "0018_former"
down_revision = "0017_article_process"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("topic", "page"):
        op.add_column(table, sa.Column("former", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    for table in ("page", "topic"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("former")
