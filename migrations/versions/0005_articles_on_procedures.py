"""Articles that name a procedure by its code: its page leads to them

Revision ID: 0005_article_procedures
Revises: 0004_words
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005_article_procedures"
down_revision = "0004_words"
branch_labels = None
depends_on = None

CODE = re.compile(r"(?<![\d.])\d\.\d{6}(?!\d)", re.ASCII)


def upgrade() -> None:
    links = op.create_table(
        "article_procedure",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], ondelete="CASCADE",
            name=op.f("fk_article_procedure_article_id_article"),
        ),
        sa.PrimaryKeyConstraint("article_id", "code", name=op.f("pk_article_procedure")),
    )  # fmt: skip
    op.create_index("ix_article_procedure_code", "article_procedure", ["code"])
    article = sa.table(
        "article", sa.column("id"), sa.column("summary", sa.Text()), sa.column("body", sa.Text())
    )
    for row in op.get_bind().execute(sa.select(article)).all():
        codes = sorted(set(CODE.findall(f"{row.summary} {row.body}")))
        if codes:
            op.bulk_insert(links, [{"article_id": row.id, "code": code} for code in codes])


def downgrade() -> None:
    op.drop_table("article_procedure")
