"""Targets per period, and evidence beside articles: files, events, documents

Revision ID: 0009_evidence
Revises: 0008_posted_sheets
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_evidence"
down_revision = "0008_posted_sheets"
branch_labels = None
depends_on = None

PERIODS = "target_period IN ('whole', 'month', 'quarter', 'half_year', 'year')"
COUNTED = "counted IN ('all', 'article', 'file', 'event', 'document', 'by_hand')"


def upgrade() -> None:
    with op.batch_alter_table("plan_task") as batch:
        batch.add_column(
            sa.Column("target_period", sa.String(length=20), server_default="whole", nullable=False)
        )
        batch.add_column(
            sa.Column("counted", sa.String(length=20), server_default="all", nullable=False)
        )
        batch.create_check_constraint(op.f("ck_plan_task_target_period"), PERIODS)
        batch.create_check_constraint(op.f("ck_plan_task_counted"), COUNTED)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("unit_code", sa.String(length=80), nullable=True),
        sa.Column("media_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('file', 'event', 'document')", name=op.f("ck_evidence_kind")),
        sa.CheckConstraint("participants >= 0", name=op.f("ck_evidence_participants")),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media_file.id"], name=op.f("fk_evidence_media_id_media_file")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_evidence_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_unit", "evidence", ["unit_code", "day"])
    op.create_index("ix_evidence_day", "evidence", ["day"])
    op.create_index(op.f("ix_evidence_media_id"), "evidence", ["media_id"])
    op.create_index(op.f("ix_evidence_author_id"), "evidence", ["author_id"])
    op.create_table(
        "evidence_task",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("plan_task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], ondelete="CASCADE",
            name=op.f("fk_evidence_task_evidence_id_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_task_id"], ["plan_task.id"], ondelete="CASCADE",
            name=op.f("fk_evidence_task_plan_task_id_plan_task"),
        ),
        sa.PrimaryKeyConstraint("evidence_id", "plan_task_id", name=op.f("pk_evidence_task")),
    )  # fmt: skip
    op.create_index(op.f("ix_evidence_task_plan_task_id"), "evidence_task", ["plan_task_id"])
    op.create_table(
        "evidence_topic",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("topic_slug", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], ondelete="CASCADE",
            name=op.f("fk_evidence_topic_evidence_id_evidence"),
        ),
        sa.PrimaryKeyConstraint("evidence_id", "topic_slug", name=op.f("pk_evidence_topic")),
    )  # fmt: skip
    op.create_index(op.f("ix_evidence_topic_topic_slug"), "evidence_topic", ["topic_slug"])


def downgrade() -> None:
    op.drop_table("evidence_topic")
    op.drop_table("evidence_task")
    op.drop_table("evidence")
    with op.batch_alter_table("plan_task") as batch:
        batch.drop_constraint(op.f("ck_plan_task_counted"), type_="check")
        batch.drop_constraint(op.f("ck_plan_task_target_period"), type_="check")
        batch.drop_column("counted")
        batch.drop_column("target_period")
