"""The second step of signing in, and the browsers that an account knows

Revision ID: 0010_second_step
Revises: 0009_evidence
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_second_step"
down_revision = "0009_evidence"
branch_labels = None
depends_on = None

_USER = ["user_account.id"]


def upgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("second_step_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("second_step_asked_at", sa.DateTime(timezone=True)))
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], _USER, name=op.f("fk_second_step_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["user_id"], _USER, name=op.f("fk_recovery_code_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])
    op.create_table(
        "pending_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], _USER, name=op.f("fk_pending_sign_in_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_pending_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_pending_sign_in_user_id"), "pending_sign_in", ["user_id"])
    op.create_index(op.f("ix_pending_sign_in_created_at"), "pending_sign_in", ["created_at"])
    op.create_table(
        "known_browser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], _USER, name=op.f("fk_known_browser_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_browser")),
        sa.UniqueConstraint("user_id", "token_hash", name=op.f("uq_known_browser_user_id")),
    )
    op.create_index(op.f("ix_known_browser_seen_at"), "known_browser", ["seen_at"])


def downgrade() -> None:
    for table in ("known_browser", "pending_sign_in", "recovery_code", "second_step"):
        op.drop_table(table)
    with op.batch_alter_table("user_account") as table:
        table.drop_column("second_step_asked_at")
        table.drop_column("second_step_at")
