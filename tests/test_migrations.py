"""Migrations lead to the models, up and down, with data, and the audit log is guarded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from portal.core import audit
from portal.core.db import Base, db, write
from portal.core.errors import SettingsError
from portal.ops import prepare
from portal.ops.content import load_content


def _differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [d for d in compare_metadata(context, Base.metadata) if "rate_counter" not in str(d)]


def test_head_is_the_models(app: Flask) -> None:
    with app.app_context():
        assert _differences() == []


def test_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert _differences() == []


def test_each_step_keeps_data(app: Flask) -> None:
    """Down one step from head and up again with the shipped content in the tables."""
    with app.app_context():
        load_content(app.extensions["settings"].content)
        before = _counts()
        assert before["procedure"] > 200
        db.session.remove()
        downgrade(revision="-1")
        older = set(inspect(db.engine).get_table_names())
        upgrade()
        after = _counts()
        assert {name: after[name] for name in older} == {name: before[name] for name in older}


@pytest.mark.parametrize(
    "harm",
    ["UPDATE audit_entry SET event = 'y'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_audit_rows_cannot_be_changed(app: Flask, harm: str) -> None:
    with app.app_context():
        if harm.startswith("TRUNCATE") and db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite does not know the word")
        with write() as session:
            audit.record(session, audit.AuditEvent.BACKUP_MADE, actor_id=None, thing=("x", 1))
        with pytest.raises(DBAPIError, match="append only"), write() as session:
            session.execute(text(harm))


def test_newer_database_is_refused(app: Flask, instance: Path) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(SettingsError, match="newer"):
            prepare.migrate(app.extensions["settings"], lambda _: None)


def test_upgrade_of_old_data_makes_a_backup_first(app: Flask, instance: Path) -> None:
    shutil.rmtree(instance / "backups", ignore_errors=True)
    said: list[str] = []
    with app.app_context():
        assert prepare.migrate(app.extensions["settings"], said.append) is False
    assert said == []
    assert not (instance / "backups").exists()


def _counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names
        }
