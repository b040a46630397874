"""What is said of a file in full, films, and former contents of what was replaced

Revision ID: 0014_library_in_full
Revises: 0013_links
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_library_in_full"
down_revision = "0013_links"
branch_labels = None
depends_on = None

_TEXTS = (
    ("description", sa.String(length=1000)), ("licence", sa.String(length=30)),
    ("source", sa.String(length=300)), ("plain_reason", sa.String(length=200)),
    ("transcript", sa.Text()), ("abstract", sa.Text()), ("poster_name", sa.String(length=40)),
    ("captions_name", sa.String(length=40)), ("text_layer", sa.String(length=10)),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("media_file") as media:
        for name, kind in _TEXTS:
            media.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        media.add_column(sa.Column("seconds", sa.Integer(), nullable=True))
        media.add_column(sa.Column("pages", sa.Integer(), nullable=True))
        media.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        media.alter_column("folded", existing_type=sa.String(length=700), type_=sa.Text())
        media.drop_constraint(op.f("ck_media_file_kind"), type_="check")
        media.create_check_constraint(
            op.f("ck_media_file_kind"), "kind IN ('image', 'document', 'audio', 'video')"
        )
    with op.batch_alter_table("media_file") as media:
        for name, kind in _TEXTS:
            media.alter_column(name, existing_type=kind, server_default=None)
    op.create_table(
        "media_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("original_name", sa.String(length=150), nullable=False),
        sa.Column("stored_name", sa.String(length=40), nullable=False),
        sa.Column("extension", sa.String(length=10), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("text_layer", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media_file.id"], ondelete="CASCADE",
            name=op.f("fk_media_version_media_id_media_file"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["user_account.id"],
            name=op.f("fk_media_version_replaced_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_version")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_media_version_stored_name")),
    )  # fmt: skip
    for column in ("media_id", "replaced_by_id", "sha256"):
        op.create_index(op.f(f"ix_media_version_{column}"), "media_version", [column])


def downgrade() -> None:
    op.drop_table("media_version")
    with op.batch_alter_table("media_file") as media:
        media.drop_constraint(op.f("ck_media_file_kind"), type_="check")
    op.execute("UPDATE media_file SET kind = 'document' WHERE kind = 'video'")
    op.execute("UPDATE media_file SET folded = substr(folded, 1, 700)")
    with op.batch_alter_table("media_file") as media:
        for name in ("replaced_at", "pages", "seconds", *(name for name, _ in reversed(_TEXTS))):
            media.drop_column(name)
        media.alter_column("folded", existing_type=sa.Text(), type_=sa.String(length=700))
        media.create_check_constraint(
            op.f("ck_media_file_kind"), "kind IN ('image', 'document', 'audio')"
        )
