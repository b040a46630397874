"""A small directory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import write
from portal.directory.models import Hotline, Leader, Unit


def make_hotline(key: str, **values: Any) -> Hotline:
    """A line of the agency for questions about procedures, checked today."""
    given = {
        "name": f"Đường dây {key}", "purposes": ["procedures"], "phone": "0225 3000 000",
        "certainty": "verified", "source": "Phòng Một xác nhận", "checked_on": clock.today(),
    } | values  # fmt: skip
    return Hotline(key=key, **given)


@pytest.fixture
def directory(app: Flask) -> Flask:
    """Two units, one leader, and lines of all sorts, one of them removed."""
    with app.app_context(), write() as session:
        session.add_all(
            [
                Unit(code="cdc", name="Trung tâm Kiểm soát bệnh tật", kind="center"),
                Unit(code="phong-mot", name="Phòng Một", kind="office", duties="Tiếp dân."),
            ]
        )
        session.flush()
        session.add_all(
            [
                make_hotline("so-chinh", unit_code="phong-mot", email="hoi@vidu.vn"),
                make_hotline("cdc", unit_code="cdc", phone="", certainty="unverified"),
                make_hotline(
                    "cu", scope="national", certainty="found",
                    checked_on=clock.today() - timedelta(days=181),
                ),
                make_hotline("cap-cuu", scope="national", phone="115", purposes=["emergency"]),
                make_hotline("da-go", name="Số đã gỡ", phone="0999", removed_at=clock.now()),
                Leader(
                    key="giam-doc", name="Lê Thị Thử", position="Giám đốc", unit_code="phong-mot"
                ),
            ]
        )  # fmt: skip
    return app
