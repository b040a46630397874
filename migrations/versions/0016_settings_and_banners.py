"""Settings that the desk sets over the files, with their history, and banners

Revision ID: 0016_settings_and_banners
Revises: 0015_notices
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_settings_and_banners"
down_revision = "0015_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settings_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"],
            name=op.f("fk_settings_state_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings_state")),
    )  # fmt: skip
    op.create_table(
        "banner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("link_text", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "kind IN ('urgent', 'maintenance', 'news')", name=op.f("ck_banner_kind")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_banner_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_banner")),
    )
    op.create_index(op.f("ix_banner_ends_at"), "banner", ["ends_at"])


def downgrade() -> None:
    op.drop_table("banner")
    op.drop_table("settings_state")
