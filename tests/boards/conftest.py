"""A plan of this year, units that have something to do with it, and articles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.articles.models import Article, Topic, article_procedure
from portal.articles.states import State
from portal.core import clock
from portal.core.db import write
from portal.directory.models import Unit
from portal.plan.models import Plan, PlanTask
from portal.procedures.models import Procedure, ProcedureField

Write = Callable[..., int]
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A Sunday in the middle of the last quarter."""
    moment = clock.from_local(clock.datetime(2026, 11, 22, 9, 0))
    monkeypatch.setattr(clock, "now", lambda: moment)
    return TODAY


@pytest.fixture
def tasks(app: Flask) -> dict[str, int]:
    """Tasks of the current plan by a name of theirs; the units cdc, van-phong and benh-vien."""
    with app.app_context(), write() as session:
        for code, name, kind in (
            ("cdc", "Trung tâm Kiểm soát bệnh tật", "center"),
            ("van-phong", "Văn phòng Sở", "office"),
            ("benh-vien", "Bệnh viện Việt Tiệp", "hospital"),
        ):
            session.add(Unit(code=code, name=name, kind=kind))
        for place, (slug, name) in enumerate(
            (("huong-dan", "Hướng dẫn"), ("chuyen-doi-so", "Chuyển đổi số"))
        ):
            session.add(Topic(slug=slug, name=name, position=place))
        plan = Plan(code="2026", year=2026, title="Kế hoạch 2026", status="issued", goals=[],
                    reporting=[{"period": "quarter", "rule": "", "due": ["12-09"]}])  # fmt: skip
        session.add(plan)
        session.flush()
        rows: dict[str, dict[str, object]] = {
            "posts": {"lead": "cdc", "title": "Đăng bài đều", "target": 3, "unit_of_target": "bài",
                      "target_period": "quarter", "counted": "article",
                      "due_on": date(2026, 12, 31), "topics": ["huong-dan", "chuyen-doi-so"],
                      "partners": ["Các phòng thuộc Sở"]},
            "late": {"lead": "van-phong", "title": "Việc quá hạn", "due_on": date(2026, 11, 1)},
            "near": {"lead": "van-phong", "title": "Việc gần hạn", "due_on": date(2026, 11, 27),
                     "partners": ["Bệnh viện Việt Tiệp"]},
            "done": {"lead": "van-phong", "title": "Việc xong", "due_on": date(2026, 3, 1),
                     "done_on": date(2026, 2, 20), "result": "Đủ"},
        }  # fmt: skip
        made = {
            name: PlanTask(plan_id=plan.id, number=number, **{"partners": [], "topics": []} | row)
            for number, (name, row) in enumerate(rows.items(), start=1)
        }
        session.add_all(made.values())
        session.flush()
        return {name: task.id for name, task in made.items()}


@pytest.fixture
def post(app: Flask) -> Write:
    """Make a visible article: days ago, unit, task, topic, codes of procedures."""

    def make(
        days_ago: int = 0, unit: str = "cdc", *, task: int = 0, topic: str = "",
        codes: tuple[str, ...] = (), body: str = "<p>Nội dung</p>",
    ) -> int:  # fmt: skip
        with app.app_context(), write() as session:
            topic_id = session.query(Topic.id).filter_by(slug=topic).scalar() if topic else None
            number = session.query(Article).count() + 1
            article = Article(
                slug=f"bai-{number}", title=f"Bài {number}", kind="news", unit_code=unit,
                body=body, state=State.APPROVED, topic_id=topic_id, sources=[],
                publish_at=clock.now() - timedelta(days=days_ago, hours=1),
            )  # fmt: skip
            article.tasks = [session.get_one(PlanTask, task)] if task else []
            session.add(article)
            session.flush()
            for code in codes:
                values = {"article_id": article.id, "code": code}
                session.execute(article_procedure.insert().values(values))
            return article.id

    return make


@pytest.fixture
def procedure(app: Flask) -> Callable[..., int]:
    """Make a procedure of a unit."""

    def make(code: str, unit: str | None = "cdc", **more: object) -> int:
        with app.app_context(), write() as session:
            field = session.query(ProcedureField).first() or ProcedureField(key="l", name="Dược")
            empty = dict.fromkeys(
                ("levels", "subjects", "agencies", "competent", "authorised", "coordinating",
                 "keywords", "results", "steps"), ()
            )  # fmt: skip
            values = {
                "name": f"Cấp giấy {code}", "name_folded": "cap giay", "unit_code": unit,
                "updated_at": clock.now(), "checked_on": TODAY,
            }  # fmt: skip
            row = Procedure(code=code, field=field, **empty | values | more)
            session.add(row)
            session.flush()
            return row.id

    return make


__all__ = ["TODAY", "Write"]
