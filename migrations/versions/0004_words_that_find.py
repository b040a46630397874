"""Words that found nothing, and synonyms written at the desk

Revision ID: 0004_words
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_words"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("tags", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("relaxed", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_gap")),
        sa.UniqueConstraint("mark", name=op.f("uq_search_gap_mark")),
    )
    op.create_index(op.f("ix_search_gap_last_on"), "search_gap", ["last_on"])
    op.create_table(
        "synonym_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_rule")),
    )
    op.create_index(op.f("ix_synonym_rule_changed_at"), "synonym_rule", ["changed_at"])


def downgrade() -> None:
    op.drop_table("synonym_rule")
    op.drop_table("search_gap")
