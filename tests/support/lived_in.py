"""An instance in which people have worked: accounts, feedback in every state, files, articles.

Journeys begin from it and the sweep over all pages looks at it, so that lists are not empty.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.accounts import passwords
from portal.accounts.models import RoleGrant, User
from portal.accounts.permissions import Actor, Role
from portal.app import create_app
from portal.articles import previews, remarks
from portal.articles import service as articles
from portal.articles.drafts import Draft as ArticleDraft
from portal.articles.models import Topic
from portal.articles.process_models import PreviewLink
from portal.boards import notices
from portal.core import clock
from portal.core.db import db, write
from portal.core.settings import load_settings
from portal.directory.models import Hotline, Leader
from portal.evidence import service as evidence
from portal.evidence.models import EvidenceKind
from portal.feedback import (
    answer_templates,
    answering,
    attachments,
    handling,
    publishing,
    submission,
)
from portal.feedback.answer_starts import STARTS
from portal.feedback.models import Feedback, Kind
from portal.feedback.publishing import PublicCopy
from portal.feedback.submission import Draft
from portal.links.models import ExternalLink, LinkPlace
from portal.media import service as media
from portal.media.models import MediaFile
from portal.media.service import Description, Upload
from portal.plan.models import Plan
from portal.search import service as search
from portal.search.models import SearchGap
from portal.site import banners
from portal.site.banners import Wanted as BannerWanted
from portal.site.models import BannerKind
from portal.vocabulary import service as vocabulary
from portal.vocabulary.service import Wanted
from tests.media.samples import SCAN, mp3, mp4, pdf, picture

PASSWORD = "sông Cấm chảy ra biển 2026"
UNIT = "cdc"
STAFF: dict[str, tuple[str, list[tuple[Role, str | None]]]] = {
    "tat.ca@vidu.vn": (
        "Phạm Thu Hà",
        [(Role.ADMINISTRATOR, None), (Role.PUBLISHER, None), (Role.FEEDBACK_OFFICER, None)],
    ),
    "tac.gia@vidu.vn": ("Đỗ Minh Khuê", [(Role.AUTHOR, UNIT)]),
    "nguoi.duyet@vidu.vn": ("Vũ Hoài An", [(Role.PUBLISHER, None)]),
    "can.bo@vidu.vn": ("Lê Ngọc Bích", [(Role.FEEDBACK_OFFICER, None)]),
    "can.bo.hai@vidu.vn": ("Trần Quốc Đạt", [(Role.FEEDBACK_OFFICER, None)]),
}
ALL_ROLES = "tat.ca@vidu.vn"
QUESTION = "Tôi có giấy phép hành nghề bị mất, nay muốn xin cấp lại thì nộp ở đâu, mất bao lâu?"
ANSWER = (
    "Bạn nộp hồ sơ cấp lại giấy phép hành nghề tại Trung tâm Phục vụ hành chính công hoặc nộp "
    "trực tuyến. Thời hạn và phí ghi ở trang thủ tục.\n\nNếu cần giúp, bạn gọi đường dây nóng."
)


@dataclass
class LivedIn:
    """Who and what is there, by which tests find it."""

    actors: dict[str, Actor] = field(default_factory=dict)
    feedback: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    recordings: list[str] = field(default_factory=list)
    public_feedback: str = ""
    hotline: str = ""
    leader: str = ""
    plan: str = ""
    topic: str = ""
    synonym: int = 0
    gap: int = 0
    preview: str = ""
    evidence: int = 0
    banner: int = 0
    answer_template: int = 0


def settle(instance: Path) -> LivedIn:
    """Fill a loaded instance folder."""
    app = create_app(load_settings({"PORTAL_INSTANCE": str(instance)}))
    with app.app_context():
        lived = LivedIn(actors=_hire())
        _look_up(lived)
        _receive_feedback(lived)
        _fill_library(lived)
        _write_articles(lived)
        _keep_words(lived)
        _keep_evidence(lived)
        _plan_maintenance(lived)
        search.drain()
    _close(app)
    return lived


def _keep_evidence(lived: LivedIn) -> None:
    """An event that serves a task of the plan."""
    held = {
        "title": "Tập huấn nộp hồ sơ trực tuyến cho cán bộ trạm y tế", "place": "Hội trường CDC",
        "day": clock.today(), "participants": 120, "unit_code": UNIT, "task_ids": [1],
        "topic_slugs": [lived.topic],
    }  # fmt: skip
    actor = lived.actors["nguoi.duyet@vidu.vn"]
    lived.evidence = evidence.add(actor, EvidenceKind.EVENT, held)
    with write() as session:
        link = ExternalLink(
            url="https://vidu.vn/huong-dan/nop-ho-so", host="vidu.vn", state="broken", failures=3,
            due_on=clock.today(), broken_on=clock.today(), checked_at=clock.now(),
            reason="Trang không còn (mã 404).", moved_to="https://vidu.vn/nop-ho-so",
            places=[LinkPlace(kind="unit", key=UNIT, title="CDC Hải Phòng",
                              url=f"/ban-lam-viec/danh-ba/don-vi/{UNIT}", unit_code=UNIT)],
        )  # fmt: skip
        session.add(link)
    notices.remind(clock.today())


def _plan_maintenance(lived: LivedIn) -> None:
    """A banner whose time comes next week: readers do not see it yet."""
    start = clock.now() + timedelta(days=7)
    text = "Cổng tạm ngừng từ 22:00 đến 23:00 để bảo trì."
    wanted = BannerWanted(
        kind=BannerKind.MAINTENANCE, text=text, starts_at=start, ends_at=start + timedelta(hours=1)
    )
    lived.banner = banners.add(lived.actors["nguoi.duyet@vidu.vn"], wanted)


def _keep_words(lived: LivedIn) -> None:
    """Words that nobody answered, and a synonym for others."""
    day = clock.today()
    with write() as session:
        for count, words in ((12, "mo tiem xong hoi"), (4, "cap the nguoi cao tuoi di xe buyt")):
            gap = SearchGap(
                mark=words,
                words=words,
                count=count,
                relaxed=count < 10,
                first_on=day - timedelta(days=9),
                last_on=day,
            )
            session.add(gap)
            session.flush()
            lived.gap = gap.id
    actor = lived.actors["nguoi.duyet@vidu.vn"]
    wanted = Wanted("mở tiệm xông hơi", "đủ điều kiện kinh doanh", False)
    lived.synonym = vocabulary.add(actor, wanted).id


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _look_up(lived: LivedIn) -> None:
    lived.hotline = db.session.scalars(select(Hotline.key)).first() or ""
    lived.leader = db.session.scalars(select(Leader.key)).first() or ""
    lived.plan = db.session.scalars(select(Plan.code)).first() or ""
    lived.topic = db.session.scalars(select(Topic.slug).order_by(Topic.id)).first() or ""


def _hire() -> dict[str, Actor]:
    stored = passwords.make_hash(PASSWORD)
    with write() as session:
        users = [
            User(
                email=email, name=name, password_hash=stored, created_at=clock.now(),
                grants=[RoleGrant(role=role.value, unit_code=unit) for role, unit in grants],
            )
            for email, (name, grants) in STAFF.items()
        ]  # fmt: skip
        session.add_all(users)
        session.flush()
        return {user.email: user.actor for user in users}


def _receive_feedback(lived: LivedIn) -> None:
    officer, second = lived.actors["can.bo@vidu.vn"], lived.actors["can.bo.hai@vidu.vn"]
    lived.feedback = {
        "new": _send(
            Kind.COMPLAINT, "Chờ lâu ở bộ phận tiếp nhận hồ sơ",
            "Sáng thứ Sáu tôi chờ hai tiếng ở quầy số 3 mà không ai gọi số.",
            name="Nguyễn Thị Mẫu", phone="0912 345 678", email="nguoi.dan@vidu.vn", consent=True,
            files=(attachments.receive(io.BytesIO(picture("JPEG", (320, 240))), "quầy số 3.jpg"),),
        ),
        "late": _send(Kind.SUGGESTION, "Đặt thêm ghế ở khu chờ", "Khu chờ buổi sáng thiếu ghế."),
        "refused": _send(Kind.PRAISE, "Khen cửa hàng gần nhà", "Cửa hàng bán rau rất tươi ngon."),
        "prepared": _send(Kind.QUESTION, "Giờ tiếp nhận hồ sơ", "Thứ Bảy có nhận hồ sơ không ạ?"),
        "answered": _send(Kind.QUESTION, "Cấp lại giấy phép hành nghề bị mất", QUESTION),
    }  # fmt: skip
    ids = lived.feedback
    handling.assign(officer, ids["late"], _version(ids["late"]), assignee_id=officer.user_id)
    with write() as session:
        session.get_one(Feedback, ids["late"]).due_on = clock.now().date() - timedelta(days=2)
    handling.refuse(
        officer, ids["refused"], _version(ids["refused"]), reason=handling.Refusal.IMPROPER,
        note="Bạn có thể gửi lời khen trực tiếp tới cửa hàng.",
    )  # fmt: skip
    for name in ("prepared", "answered"):
        answering.answer(officer, ids[name], _version(ids[name]), ANSWER)
        publishing.prepare(officer, ids[name], _version(ids[name]), _copy(ids[name]))
    publishing.publish(second, ids["answered"], _version(ids["answered"]))
    lived.answer_template = answer_templates.add(officer, STARTS["tra-loi-phan-anh"])
    lived.public_feedback = db.session.get_one(Feedback, ids["answered"]).public_id


def _send(kind: Kind, subject: str, body: str, **more: object) -> int:
    draft = Draft(kind=kind, subject=subject, body=body, **more)  # type: ignore[arg-type]
    submission.submit(draft, form=subject, network="192.0.2.1")
    found = db.session.scalar(select(Feedback.id).order_by(Feedback.id.desc()).limit(1))
    assert found
    return found


def _version(feedback_id: int) -> int:
    db.session.expire_all()
    return db.session.get_one(Feedback, feedback_id).version


def _copy(feedback_id: int) -> PublicCopy:
    row = db.session.get_one(Feedback, feedback_id)
    return PublicCopy(row.subject, row.body, row.answer or "")


def _fill_library(lived: LivedIn) -> None:
    author = lived.actors["tac.gia@vidu.vn"]
    words = "Bạn mang theo giấy hẹn.\nQuầy số 3 nhận hồ sơ từ 07:30 đến 11:30."
    for name, data, title, said in (
        ("quay.png", picture("PNG", (1200, 800)), "Quầy tiếp nhận hồ sơ",
         {"alt": "Quầy có biển chỉ dẫn"}),
        ("to-roi.pdf", pdf(), "Tờ rơi hướng dẫn nộp hồ sơ trực tuyến", {}),
        ("quyet-dinh.pdf", pdf(pages=[SCAN]), "Quyết định công bố (bản quét)",
         {"abstract": "Quyết định nêu những thủ tục mới, nơi nhận hồ sơ, ngày bắt đầu áp dụng."}),
        ("loi-dan.mp3", mp3(900), "Bản tin nghe: nộp hồ sơ ở đâu", {"transcript": words}),
        ("huong-dan.mp4", mp4(), "Hướng dẫn nộp hồ sơ trực tuyến", {"transcript": words}),
    ):  # fmt: skip
        described = Description(title=title, credit="CDC Hải Phòng", licence="own", **said)
        lived.media[name] = media.upload(author, Upload(io.BytesIO(data), name), described)
    for name in ("loi-dan.mp3", "huong-dan.mp4", "quyet-dinh.pdf"):
        lived.recordings.append(db.session.get_one(MediaFile, lived.media[name]).public_id)


def _write_articles(lived: LivedIn) -> None:
    author, publisher = lived.actors["tac.gia@vidu.vn"], lived.actors["nguoi.duyet@vidu.vn"]
    topic = db.session.scalar(select(Topic.id).order_by(Topic.id).limit(1))
    for key, title in (
        ("draft", "Nộp hồ sơ tại điểm bưu chính gần nhà"),
        ("submitted", "Ba việc cần chuẩn bị trước khi nộp hồ sơ trực tuyến"),
        ("returned", "Trả lời những câu hỏi thường gặp về giấy phép hành nghề"),
        ("published", "Bộ phận một cửa nhận hồ sơ không phụ thuộc địa giới"),
    ):
        draft = ArticleDraft(
            title=title, summary="Bạn chuẩn bị gì, nộp ở đâu và bao lâu có kết quả.",
            body="<h2>Chuẩn bị</h2><p>Bạn đọc trang thủ tục trước.</p><ul><li>Đơn</li></ul>",
            topic_id=topic, unit_code=UNIT, cover_id=lived.media["quay.png"],
            attachment_ids=() if key == "draft" else (
                lived.media["loi-dan.mp3"], lived.media["huong-dan.mp4"],
                lived.media["quyet-dinh.pdf"],
            ),
        )  # fmt: skip
        lived.articles[key] = articles.create(author, draft)
        if key != "draft":
            articles.submit(author, lived.articles[key], 1)
    articles.return_with_remark(
        publisher, lived.articles["returned"], 2, "Bạn nêu rõ thời hạn và dẫn nguồn."
    )
    articles.publish(publisher, lived.articles["published"], 2)
    said = "Dẫn liên kết đến trang thủ tục."
    remarks.add(publisher, lived.articles["submitted"], "Bạn đọc trang thủ tục trước.", said)
    link = previews.share(author, lived.articles["draft"], 7)
    address = previews.address(db.session.get_one(PreviewLink, link))
    lived.preview = address.rpartition("/")[2]
