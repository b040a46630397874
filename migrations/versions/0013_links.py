"""Addresses outside, and which version of a procedure somebody looked at

Revision ID: 0013_links
Revises: 0012_word_files_and_links
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_links"
down_revision = "0012_word_files_and_links"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("procedure", sa.Column("seen_version", sa.Integer(), nullable=True))
    op.create_table(
        "external_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_on", sa.Date(), nullable=True),
        sa.Column("broken_on", sa.Date(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("moved_to", sa.String(length=1000), nullable=False),
        sa.Column("ignored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ignored_by", sa.Integer(), nullable=True),
        sa.Column("ignored_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'good', 'failing', 'broken', 'unclear')",
            name=op.f("ck_external_link_state"),
        ),
        sa.ForeignKeyConstraint(
            ["ignored_by"], ["user_account.id"],
            name=op.f("fk_external_link_ignored_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_link")),
        sa.UniqueConstraint("url", name=op.f("uq_external_link_url")),
    )  # fmt: skip
    op.create_index("ix_external_link_due", "external_link", ["due_on", "id"])
    op.create_index("ix_external_link_state", "external_link", ["state"])
    op.create_table(
        "link_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["external_link.id"], ondelete="CASCADE",
            name=op.f("fk_link_place_link_id_external_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_place")),
        sa.UniqueConstraint("link_id", "kind", "key", name=op.f("uq_link_place_link_id")),
    )  # fmt: skip
    op.create_index("ix_link_place_unit", "link_place", ["unit_code", "link_id"])


def downgrade() -> None:
    op.drop_table("link_place")
    op.drop_table("external_link")
    with op.batch_alter_table("procedure") as batch:
        batch.drop_column("seen_version")
