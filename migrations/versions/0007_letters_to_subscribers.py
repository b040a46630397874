"""Letters to subscribers: who asked for them, and how a letter says that it can be ended

Revision ID: 0007_subscribers
Revises: 0006_imports
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_subscribers"
down_revision = "0006_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("asked_fields", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirm_hash", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_version", sa.String(length=40), nullable=False),
        sa.Column("seen_id", sa.Integer(), nullable=False),
        sa.Column("last_letter_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("email", name=op.f("uq_subscriber_email")),
        sa.UniqueConstraint("key", name=op.f("uq_subscriber_key")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_subscriber_confirm_hash")),
    )
    op.create_index(op.f("ix_subscriber_asked_at"), "subscriber", ["asked_at"])
    op.create_index(op.f("ix_subscriber_confirmed_at"), "subscriber", ["confirmed_at"])
    with op.batch_alter_table("letter") as batch:
        batch.add_column(
            sa.Column("unsubscribe", sa.String(length=300), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("letter") as batch:
        batch.drop_column("unsubscribe")
    op.drop_table("subscriber")
