"""Where articles lead, and the Word files that they were made of

Revision ID: 0012_word_files_and_links
Revises: 0011_words
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_word_files_and_links"
down_revision = "0011_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_reference",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=90), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], ondelete="CASCADE",
            name=op.f("fk_article_reference_article_id_article"),
        ),
        sa.PrimaryKeyConstraint("article_id", "kind", "key", name=op.f("pk_article_reference")),
    )  # fmt: skip
    op.create_index("ix_article_reference_thing", "article_reference", ["kind", "key"])
    op.create_table(
        "article_import",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=150), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], ondelete="CASCADE",
            name=op.f("fk_article_import_article_id_article"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_article_import_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_import")),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("article_import")
    op.drop_index("ix_article_reference_thing", "article_reference")
    op.drop_table("article_reference")
