"""Contacts and names of files are sealed with a key outside the database

Revision ID: 0020_sealed_contacts
Revises: 0019_feedback_in_full
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from flask import current_app

from portal.core import secrets
from portal.core.sealing import SealBrokenError, seal, unseal

revision = "0020_sealed_contacts"
down_revision = "0019_feedback_in_full"
branch_labels = None
depends_on = None

_PLAIN = {"name": 120, "phone": 30, "email": 254}
_AT_ONCE = 500
_CONTACTS = (
    "SELECT c.feedback_id AS number, f.public_id AS row_name, {} FROM feedback_contact c"
    " JOIN feedback f ON f.id = c.feedback_id"
)
_FILES = "SELECT id AS number, stored_name AS row_name, {} FROM feedback_file"


def upgrade() -> None:
    _forget_what_is_dropped()
    op.add_column("feedback_contact", sa.Column("sealed", sa.Text(), nullable=True))
    op.add_column("feedback_file", sa.Column("sealed_name", sa.Text(), nullable=True))
    keys = _keys()
    for row in _rows(_CONTACTS.format("c.name, c.phone, c.email")):
        kept = {name: row[name] for name in _PLAIN if row[name]}
        text = json.dumps(kept, ensure_ascii=False)
        sealed = seal(keys, f"feedback contact:{row['row_name']}", text)
        _change("feedback_contact", "feedback_id", row["number"], {"sealed": sealed})
    for row in _rows(_FILES.format("original_name")):
        sealed = seal(keys, f"feedback file name:{row['row_name']}", row["original_name"])
        _change("feedback_file", "id", row["number"], {"sealed_name": sealed})
    with op.batch_alter_table("feedback_contact") as batch_op:
        batch_op.alter_column("sealed", existing_type=sa.Text(), nullable=False)
        for name in _PLAIN:
            batch_op.drop_column(name)
    with op.batch_alter_table("feedback_file") as batch_op:
        batch_op.alter_column("sealed_name", existing_type=sa.Text(), nullable=False)
        batch_op.drop_column("original_name")


def downgrade() -> None:
    for name, length in _PLAIN.items():
        op.add_column("feedback_contact", sa.Column(name, sa.String(length=length), nullable=True))
    op.add_column(
        "feedback_file",
        sa.Column("original_name", sa.String(length=150), server_default="tep", nullable=False),
    )
    keys = _keys()
    for row in _rows(_CONTACTS.format("c.sealed")):
        opened = _opened(keys, f"feedback contact:{row['row_name']}", row["sealed"])
        kept = {name: json.loads(opened or "{}").get(name) for name in _PLAIN}
        _change("feedback_contact", "feedback_id", row["number"], kept)
    for row in _rows(_FILES.format("sealed_name")):
        opened = _opened(keys, f"feedback file name:{row['row_name']}", row["sealed_name"])
        if opened:
            _change("feedback_file", "id", row["number"], {"original_name": opened})
    with op.batch_alter_table("feedback_contact") as batch_op:
        batch_op.drop_column("sealed")
    with op.batch_alter_table("feedback_file") as batch_op:
        batch_op.alter_column("original_name", server_default=None)
        batch_op.drop_column("sealed_name")


def _forget_what_is_dropped() -> None:
    """SQLite overwrites with zeros what the old tables held."""
    if op.get_bind().dialect.name == "sqlite":
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON").close()


def _keys() -> list[str]:
    return secrets.load_or_create(current_app.extensions["settings"].instance / "keys", "contacts")


def _rows(query: str) -> Iterator[sa.RowMapping]:
    """All rows, some at a time, so that a large table does not fill the memory."""
    connection, last = op.get_bind(), 0
    number = "c.feedback_id" if "feedback_contact" in query else "id"
    page = sa.text(f"{query} WHERE {number} > :last ORDER BY {number} LIMIT {_AT_ONCE}")
    while rows := connection.execute(page, {"last": last}).mappings().all():
        yield from rows
        last = rows[-1]["number"]


def _change(table: str, key: str, number: int, values: dict[str, str | None]) -> None:
    named = sa.table(table, sa.column(key), *map(sa.column, values))
    op.get_bind().execute(named.update().where(named.c[key] == number).values(values))


def _opened(keys: list[str], purpose: str, sealed: str) -> str | None:
    try:
        return unseal(keys, purpose, sealed)
    except SealBrokenError:
        return None
