"""What is being written is kept beside the article; who has its form open

Revision ID: 0011_words
Revises: 0010_second_step
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_words"
down_revision = "0010_second_step"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "article_autosave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("dropped", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE",
            name=op.f("fk_article_autosave_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], ondelete="CASCADE",
            name=op.f("fk_article_autosave_article_id_article"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_autosave")),
        sa.UniqueConstraint("user_id", "item", name=op.f("uq_article_autosave_user_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_article_autosave_article_id"), "article_autosave", ["article_id"])
    op.create_index(op.f("ix_article_autosave_saved_at"), "article_autosave", ["saved_at"])
    op.create_table(
        "article_presence",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], ondelete="CASCADE",
            name=op.f("fk_article_presence_article_id_article"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], ondelete="CASCADE",
            name=op.f("fk_article_presence_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("article_id", "user_id", name=op.f("pk_article_presence")),
    )  # fmt: skip
    op.create_index(op.f("ix_article_presence_seen_at"), "article_presence", ["seen_at"])


def downgrade() -> None:
    op.drop_table("article_presence")
    op.drop_table("article_autosave")
