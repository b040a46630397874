"""Pictures of public copies, in which an officer has covered what is personal

Revision ID: 0024_public_pictures
Revises: 0023_letters_about
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_public_pictures"
down_revision = "0023_letters_about"
branch_labels = None
depends_on = None

TABLE = "feedback_public_file"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(60), nullable=False),
        sa.Column("mime", sa.String(60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name=op.f("fk_feedback_public_file_feedback_id_feedback"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["feedback_file.id"], name=op.f("fk_feedback_public_file_source_id_feedback_file"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_public_file")),
        sa.UniqueConstraint(
            "feedback_id", "position", name=op.f("uq_feedback_public_file_feedback_id")
        ),
        sa.UniqueConstraint("stored_name", name=op.f("uq_feedback_public_file_stored_name")),
    )  # fmt: skip
    op.create_index(op.f("ix_feedback_public_file_source_id"), TABLE, ["source_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
