"""Imports of procedures: proposals row by row, what was found, what columns mean

Revision ID: 0006_imports
Revises: 0005_article_procedures
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_imports"
down_revision = "0005_article_procedures"
branch_labels = None
depends_on = None

TABLES = (
    "procedure_import_note", "procedure_import_row", "procedure_import", "import_mapping",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["user_account.id"],
            name=op.f("fk_import_mapping_made_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mapping")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_import_mapping_fingerprint")),
    )
    op.create_table(
        "procedure_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("file", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("job", sa.String(length=30), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("announcement_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("acted_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('records', 'decision')", name=op.f("ck_procedure_import_kind")
        ),
        sa.CheckConstraint(
            "state IN ('reading', 'columns', 'ready', 'applying', 'applied', 'undoing', 'undone', 'interrupted', 'failed')",
            name=op.f("ck_procedure_import_state"),
        ),
        sa.ForeignKeyConstraint(
            ["acted_by_id"],
            ["user_account.id"],
            name=op.f("fk_procedure_import_acted_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_procedure_import_announcement_id_announcement"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["user_account.id"],
            name=op.f("fk_procedure_import_created_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_import")),
        sa.UniqueConstraint("token", name=op.f("uq_procedure_import_token")),
    )
    op.create_index(
        op.f("ix_procedure_import_created_at"), "procedure_import", ["created_at"], unique=False
    )
    op.create_index(op.f("ix_procedure_import_state"), "procedure_import", ["state"], unique=False)
    op.create_table(
        "procedure_import_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("severity", sa.String(length=30), nullable=False),
        sa.Column("column_name", sa.Text(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["procedure_import.id"],
            name=op.f("fk_procedure_import_note_import_id_procedure_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_import_note")),
    )
    op.create_index(
        "ix_procedure_import_note_row", "procedure_import_note", ["import_id", "row"], unique=False
    )
    op.create_table(
        "procedure_import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("field_name", sa.Text(), nullable=False),
        sa.Column("ministry", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("applied_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decision IN ('new', 'changed', 'kept', 'ended', 'unchanged', 'gone')",
            name=op.f("ck_procedure_import_row_decision"),
        ),
        sa.CheckConstraint(
            "outcome IN ('open', 'applied', 'stale', 'waiting', 'undone', 'blocked')",
            name=op.f("ck_procedure_import_row_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["procedure_import.id"],
            name=op.f("fk_procedure_import_row_import_id_procedure_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_import_row")),
    )
    op.create_index(
        "ix_procedure_import_row_decision",
        "procedure_import_row",
        ["import_id", "decision"],
        unique=False,
    )
    op.create_index(
        "ix_procedure_import_row_place",
        "procedure_import_row",
        ["import_id", "position"],
        unique=False,
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
