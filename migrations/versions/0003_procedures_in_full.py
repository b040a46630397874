"""Procedures in full: what the agency adds, forms, internal processes, versions kept for ever

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNITS = "'working_day', 'day', 'hour', 'month'"
TEXTS = ("note", "online_reason", "receiving_place", "apply_url")
LISTS = ("competent", "authorised", "coordinating")


def upgrade() -> None:
    _widen()
    _new_tables()
    _slugs("legal_basis", 220)
    _slugs("announcement", 120)
    _results(lambda result: [result, ""])


def downgrade() -> None:
    _results(lambda result: result[0])
    for table in ("procedure_version", "internal_process", "procedure_form", "procedure_local"):
        op.drop_table(table)
    with op.batch_alter_table("announcement_change") as change:
        for name in ("name", "field_name", "replacement", "place"):
            change.drop_column(name)
    with op.batch_alter_table("announcement") as decision:
        decision.drop_index("ix_announcement_media_id")
        decision.drop_constraint(op.f("fk_announcement_media_id_media_file"), type_="foreignkey")
        decision.drop_constraint(op.f("uq_announcement_slug"), type_="unique")
        for name in ("slug", "published_on", "url", "media_id"):
            decision.drop_column(name)
    with op.batch_alter_table("legal_basis") as law:
        law.drop_constraint(op.f("uq_legal_basis_slug"), type_="unique")
        law.drop_constraint(op.f("ck_legal_basis_state"), type_="check")
        for name in ("slug", "effective_from", "state", "url", "source_url", "checked_on"):
            law.drop_column(name)
    with op.batch_alter_table("dossier_component") as part:
        part.drop_column("code")
        part.drop_column("required")
    with op.batch_alter_table("procedure_fee") as fee:
        fee.drop_constraint(op.f("ck_procedure_fee_kind"), type_="check")
        fee.drop_column("kind")
    with op.batch_alter_table("procedure") as procedure:
        for name in (*TEXTS, *LISTS, "dossier_sets", "non_territorial", "postal", "source_id"):
            procedure.drop_column(name)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def _widen() -> None:
    with op.batch_alter_table("procedure") as procedure:
        for name in TEXTS:
            procedure.add_column(_text(name))
        for name in LISTS:
            procedure.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        procedure.add_column(sa.Column("dossier_sets", sa.Integer()))
        procedure.add_column(sa.Column("non_territorial", sa.Boolean()))
        procedure.add_column(sa.Column("postal", sa.Boolean()))
        procedure.add_column(
            sa.Column("source_id", sa.String(60), nullable=False, server_default="")
        )
    with op.batch_alter_table("procedure_fee") as fee:
        fee.add_column(sa.Column("kind", sa.String(30)))
        fee.create_check_constraint(op.f("ck_procedure_fee_kind"), "kind IN ('fee', 'charge')")
    with op.batch_alter_table("dossier_component") as part:
        part.add_column(sa.Column("code", sa.String(60), nullable=False, server_default=""))
        part.add_column(
            sa.Column("required", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("legal_basis") as law:
        law.add_column(sa.Column("slug", sa.String(220)))
        law.add_column(sa.Column("effective_from", sa.Date()))
        law.add_column(sa.Column("state", sa.String(30), nullable=False, server_default="unknown"))
        law.add_column(_text("url"))
        law.add_column(_text("source_url"))
        law.add_column(sa.Column("checked_on", sa.Date()))
        law.create_check_constraint(
            op.f("ck_legal_basis_state"),
            "state IN ('in_force', 'amended', 'expired', 'unknown')",
        )
    with op.batch_alter_table("announcement") as decision:
        decision.add_column(sa.Column("slug", sa.String(120)))
        decision.add_column(sa.Column("published_on", sa.Date()))
        decision.add_column(_text("url"))
        decision.add_column(sa.Column("media_id", sa.Integer()))
        decision.create_foreign_key(
            op.f("fk_announcement_media_id_media_file"), "media_file", ["media_id"], ["id"]
        )
        decision.create_index("ix_announcement_media_id", ["media_id"])
    with op.batch_alter_table("announcement_change") as change:
        change.add_column(_text("name"))
        change.add_column(_text("field_name"))
        change.add_column(sa.Column("replacement", sa.String(8), nullable=False, server_default=""))
        change.add_column(sa.Column("place", sa.String(120), nullable=False, server_default=""))


def _new_tables() -> None:
    op.create_table(
        "procedure_local",
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("time", sa.Numeric(8, 2)),
        sa.Column("time_unit", sa.String(30)),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("time_basis", "place", "place_hours", "explanation")
        ),
        *_provenance(),
        sa.CheckConstraint(f"time_unit IN ({UNITS})", name=op.f("ck_procedure_local_time_unit")),
        sa.CheckConstraint("time >= 0", name=op.f("ck_procedure_local_time")),
        _of_procedure("procedure_local"),
        sa.PrimaryKeyConstraint("procedure_id", name=op.f("pk_procedure_local")),
    )
    op.create_table(
        "procedure_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("file", sa.String(32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        _of_procedure("procedure_form"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_form")),
    )
    op.create_index("ix_procedure_form_procedure_id", "procedure_form", ["procedure_id"])
    op.create_index("ix_procedure_form_file", "procedure_form", ["file"])
    op.create_table(
        "internal_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        *_provenance(),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('internal', 'electronic')", name=op.f("ck_internal_process_kind")
        ),
        _of_procedure("internal_process"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_process")),
    )
    op.create_index("ix_internal_process_procedure_id", "internal_process", ["procedure_id"])
    op.create_table(
        "procedure_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('content', 'import', 'desk', 'decision')",
            name=op.f("ck_procedure_version_origin"),
        ),
        _of_procedure("procedure_version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
        sa.UniqueConstraint(
            "procedure_id", "number", name=op.f("uq_procedure_version_procedure_id")
        ),
    )


def _provenance() -> list[sa.Column[object]]:
    return [
        sa.Column("decision_number", sa.String(120), nullable=False),
        sa.Column("decision_issued_on", sa.Date()),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date()),
    ]


def _of_procedure(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_procedure_id_procedure")
    return sa.ForeignKeyConstraint(
        ["procedure_id"], ["procedure.id"], name=name, ondelete="CASCADE"
    )


def _slugs(table: str, length: int) -> None:
    """Every number gets its place in addresses, then the column may not be empty any more."""
    here = sa.table(table, sa.column("id"), sa.column("number"), sa.column("slug"))
    connection, taken = op.get_bind(), set()
    for row in connection.execute(sa.select(here.c.id, here.c.number).order_by(here.c.id)).all():
        base = _slug(row.number)[:90] or "van-ban"
        slug, count = base, 1
        while slug in taken:
            count += 1
            slug = f"{base}-{count}"
        taken.add(slug)
        connection.execute(here.update().where(here.c.id == row.id).values(slug=slug))
    with op.batch_alter_table(table) as batch:
        batch.alter_column("slug", existing_type=sa.String(length), nullable=False)
        batch.create_unique_constraint(op.f(f"uq_{table}_slug"), ["slug"])


def _slug(text: str) -> str:
    flat = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    flat = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", flat).strip("-")


def _results(change) -> None:  # type: ignore[no-untyped-def]
    here = sa.table("procedure", sa.column("id"), sa.column("results", sa.JSON))
    connection = op.get_bind()
    for row in connection.execute(sa.select(here.c.id, here.c.results)).all():
        results = row.results if isinstance(row.results, list) else json.loads(row.results or "[]")
        changed = [change(result) for result in results]
        connection.execute(here.update().where(here.c.id == row.id).values(results=changed))
