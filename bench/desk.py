"""The desk of a large house: 10,000 articles, 200 members of staff; time and SQL of each page.

    python -m bench --only desk

Bars: each list and the editor's page within 12 statements and 300 ms at the median, in process.
"""

from __future__ import annotations

import random
import secrets
import statistics
from collections.abc import Iterator
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from bench.pages import counted
from bench.report import Suite, milliseconds, timed
from bench.world import World, make_world
from portal.accounts import sessions
from portal.accounts.access import DESK, permission_of
from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role, may
from portal.articles.models import Article, ArticleRevision
from portal.articles.states import State
from portal.core import audit, clock
from portal.core.audit import AuditEvent
from portal.core.db import db, write
from portal.directory.models import Unit
from portal.feedback.models import Feedback
from portal.feedback.queries import trays_of
from portal.media.models import MediaFile, MediaKind
from portal.plan.models import PlanTask

ARTICLES, STAFF, FILES, MESSAGES, ENTRIES = 10_000, 200, 5_000, 10_000, 20_000
STATEMENTS, MILLISECONDS = 12, 300
ROUNDS = 15
_STATES = (
    (State.APPROVED, 88), (State.DRAFT, 5), (State.SUBMITTED, 3), (State.RETURNED, 2),
    (State.WITHDRAWN, 2),
)  # fmt: skip
_VIEWS = ("cho-toi", "cua-toi", "don-vi", "hen-dang", "da-dang", "da-go", "tat-ca")


def measure() -> Suite:
    """Every list of the desk and the pages of one article, for one person of each role."""
    suite = Suite("desk", f"The desk with {ARTICLES} articles and {STAFF} members of staff")
    with make_world(200, ARTICLES) as world:
        people = _people(world)
        _work_on(world, people)
        with counted(world) as statements:
            for role, number in _chosen(people).items():
                client = _signed_in(world, number)
                for name, path in _addresses(world, role, number):
                    row = _visit(client, path, statements)
                    if row:
                        suite.rows.append({"page": name, "role": role.value, **row})
    suite.rows.sort(key=lambda row: -row["p50 ms"])
    over = [
        f"{row['page']} ({row['role']})"
        for row in suite.rows
        if row["SQL max"] > STATEMENTS or row["p50 ms"] > MILLISECONDS
    ]
    suite.remarks.append("over the bars: " + ("; ".join(over) or "none"))
    return suite


def _people(world: World) -> dict[int, tuple[Role, str | None]]:
    """Hire the staff; who is what, by id."""
    dice, found = random.Random(3), {}
    with world.app.app_context(), write() as session:
        units = list(session.scalars(select(Unit.code).order_by(Unit.code)))
        for number in range(STAFF):
            role = list(Role)[number % len(Role)] if number < 12 else Role.AUTHOR
            unit = dice.choice(units) if role in (Role.AUTHOR, Role.UNIT_EDITOR) else None
            user = User(
                email=f"nguoi{number}@vidu.vn", name=f"Nguyễn Văn {number}",
                created_at=clock.now(), grants=[RoleGrant(role=role.value, unit_code=unit)],
            )  # fmt: skip
            session.add(user)
            session.flush()
            found[user.id] = (role, unit)
    return found


def _chosen(people: dict[int, tuple[Role, str | None]]) -> dict[Role, int]:
    return {role: number for number, (role, _) in reversed(people.items())}


def _work_on(world: World, people: dict[int, tuple[Role, str | None]]) -> None:
    """Give articles authors, units, states, versions; fill library, inbox and log."""
    dice = random.Random(5)
    writers = [(number, unit) for number, (role, unit) in people.items() if role == Role.AUTHOR]
    states = random.Random(6).choices(
        [state for state, _ in _STATES], [share for _, share in _STATES], k=ARTICLES * 2
    )
    with world.app.app_context(), write() as session:
        moment = clock.now()
        rows = session.execute(select(Article.id, Article.title, Article.body)).all()
        changes, versions = [], []
        for row, state in zip(rows, states, strict=False):
            author, unit = dice.choice(writers)
            changes.append(
                {"id": row.id, "author_id": author, "text_by_id": author, "unit_code": unit,
                 "state": state.value,
                 "withdrawn_at": moment if state == State.WITHDRAWN else None}
            )  # fmt: skip
            versions += [
                {"article_id": row.id, "number": n, "author_id": author, "created_at": moment,
                 "title": row.title, "summary": "", "body": row.body, "details": {}}
                for n in range(1_000, 1_200 if row.id == rows[0].id else 1_002)
            ]  # fmt: skip
        session.execute(update(Article), changes)
        session.execute(insert(ArticleRevision), versions)
        session.execute(insert(MediaFile), list(_files([number for number, _ in writers])))
        session.execute(insert(Feedback), list(_messages(list(people.items()), dice)))
        for number in range(ENTRIES):
            audit.record(
                session, AuditEvent.ARTICLE_CHANGED, actor_id=dice.choice(writers)[0],
                thing=("article", number), changes={"title": ("Cũ", f"Mới {number}")},
            )  # fmt: skip
    with world.app.app_context():
        db.session.remove()


def _files(writers: list[int]) -> Iterator[dict[str, object]]:
    for number in range(FILES):
        name = secrets.token_hex(8)
        yield {
            "public_id": name, "kind": MediaKind.DOCUMENT.value, "title": f"Tờ rơi {number}",
            "original_name": "to-roi.pdf", "stored_name": name, "extension": "pdf",
            "mime": "application/pdf", "size": 10, "sha256": name, "folded": f"to roi {number}",
            "author_id": writers[number % len(writers)], "unit_code": None,
            "created_at": clock.now() - timedelta(minutes=number),
        }  # fmt: skip


def _messages(
    people: list[tuple[int, tuple[Role, str | None]]], dice: random.Random
) -> Iterator[dict[str, object]]:
    officers = [number for number, (role, _) in people if role == Role.FEEDBACK_OFFICER]
    for number in range(MESSAGES):
        name = secrets.token_hex(8)
        yield {
            "public_id": name, "code_hmac": name, "form_key": name, "text_hash": name,
            "kind": "question", "subject": f"Hỏi thủ tục {number}", "body": "Nộp ở đâu?",
            "received_at": clock.now() - timedelta(hours=number),
            "due_on": clock.today() + timedelta(days=dice.randint(-30, 30)),
            "assignee_id": dice.choice([None, *officers]),
        }  # fmt: skip


def _signed_in(world: World, number: int) -> FlaskClient:
    client = world.app.test_client()
    with world.app.app_context(), write() as session:
        token = sessions.start(session, session.get_one(User, number), "đo")
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def _addresses(world: World, role: Role, number: int) -> Iterator[tuple[str, str]]:
    """Every page of the desk without an argument that the role opens, the views of the articles'
    list, and the pages of one article (of the person, where it is an author)."""
    with world.app.app_context():
        actor = db.session.get_one(User, number).actor
        own = Article.author_id == number if role == Role.AUTHOR else Article.id > 0
        editable = Article.state.in_((State.DRAFT, State.APPROVED, State.SUBMITTED))
        one = db.session.scalar(select(func.min(Article.id)).where(own, editable))
        task = db.session.scalar(select(func.min(PlanTask.id)))
        db.session.remove()
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if not rule.rule.startswith(DESK) or "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        if "." in rule.rule:  # files stream as long as they are
            continue
        permission = permission_of(world.app, rule.endpoint)
        if permission and may(actor, permission):
            yield rule.rule, rule.rule
    if may(actor, "article.list"):
        articles = f"{DESK}/bai-viet/"
        for view in _VIEWS:
            yield f"articles: {view}", f"{articles}?xem={view}"
        yield "articles: last page", f"{articles}?xem=tat-ca&trang={ARTICLES // 25}"
        yield "articles: words", f"{articles}?xem=tat-ca&q=cap+giay+phep"
        for name in ("", "/sua", "/xem", "/lich-su"):
            yield f"article {name or 'page'}", f"{articles}{one}{name}"
    yield from _inbox_addresses(actor)
    if may(actor, "plan.edit"):
        yield "task", f"{DESK}/ke-hoach/nhiem-vu/{task}"


def _inbox_addresses(actor: Actor) -> Iterator[tuple[str, str]]:
    """Every pile of the inbox, a search by words, the last page."""
    if not may(actor, "feedback.list"):
        return
    inbox = f"{DESK}/phan-anh/"
    for tray in trays_of(actor):
        yield f"feedback: {tray.value}", f"{inbox}?khay={tray.value}"
    yield "feedback: words", f"{inbox}?khay=tat-ca&q=hoi+thu+tuc+99&loai=question"
    yield "feedback: last page", f"{inbox}?khay=tat-ca&trang={MESSAGES // 30}"


def _visit(client: FlaskClient, path: str, statements: list[str]) -> dict[str, object]:
    """Times of a page and its most statements; nothing for a file or a page that leads away."""
    times, counts, status = [], [], 200

    def ask() -> None:
        nonlocal status
        with client.get(path) as response:
            response.get_data()
            status = response.status_code
            counts.append(len(statements))  # what comes after the answer keeps nobody waiting

    for _ in range(ROUNDS):
        statements.clear()
        times.append(timed(ask))
        if status != 200 or statistics.median(times) > 3:
            break
    return {**milliseconds(times[1:] or times), "SQL max": max(counts)} if status == 200 else {}
