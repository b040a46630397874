"""Letters to citizens wait with their address sealed, and know what they are about

Revision ID: 0023_letters_about
Revises: 0022_kept_notices
"""

import sqlalchemy as sa
from alembic import op

revision = "0023_letters_about"
down_revision = "0022_kept_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("letter") as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(length=60), nullable=True))
        batch_op.alter_column("recipient", existing_type=sa.String(length=254), type_=sa.Text())
        batch_op.create_index(batch_op.f("ix_letter_about"), ["about"])


def downgrade() -> None:
    # An address that is sealed cannot be sent by older code: those letters are given up.
    op.execute("DELETE FROM letter WHERE about IS NOT NULL")
    with op.batch_alter_table("letter") as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_about"))
        batch_op.alter_column("recipient", existing_type=sa.Text(), type_=sa.String(length=254))
        batch_op.drop_column("about")
