"""`content/site.toml`: what an agency says of itself, typed and checked at the start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from portal.core.colour import require_readable
from portal.core.errors import SettingsError

NETWORKS = ("zalo", "facebook")
BOARD_PARTS = ("articles", "procedures", "hotlines")
STAFF_ROLES = (
    "author", "unit_editor", "publisher", "feedback_officer", "head", "inspector", "auditor",
    "administrator",
)  # fmt: skip
BOARD_LIMITS = {
    "articles": (1, 12), "decisions": (1, 12), "seconds": (8, 300), "refresh_minutes": (1, 60),
}  # fmt: skip
_FEEDBACK_KINDS = ("complaint", "suggestion", "question", "praise")
# What a posted sheet says of feedback when the agency says nothing else (Decree 20/2008).
FEEDBACK_NOTE = (
    "Bạn có thể phản ánh, kiến nghị về quy định, thủ tục còn vướng mắc, chưa hợp lý, chưa thống"
    " nhất; về hành vi chậm trễ, gây phiền hà, không thực hiện hoặc thực hiện không đúng quy"
    " định.\nPhản ánh, kiến nghị viết bằng tiếng Việt, nêu rõ nội dung, tên, địa chỉ và cách liên"
    " hệ với bạn. Khiếu nại, tố cáo theo trình tự riêng, không gửi theo cách này."
)
_MOST_DAYS = 1000
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """`sector` and `fields` say which procedures are the agency's own: those in one of the fields,
    and those of any agency of the sector ("Sở Y tế", "Bộ Y tế")."""

    name: str
    short_name: str
    level: str
    sector: str = ""
    fields: tuple[str, ...] = ()
    parent: str = ""
    code: str = ""
    address: str = ""
    address_certainty: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    hours: str = ""
    responsible_person: str = ""
    source: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTexts:
    title: str
    tagline: str = ""
    description: str = ""
    licence: str = ""
    current_plan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    brand: str = "#0b5770"
    accent: str = "#a8201a"
    logo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    label: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTexts:
    popular_procedures: tuple[str, ...] = ()
    popular_searches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLimit:
    """How long an answer may take. `working_days` as the agency's rules say, with their source."""

    kind: str
    working_days: int
    source: str
    certainty: str = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long a kind of feedback is kept in full after it is closed; then what is personal
    goes and figures stay."""

    kind: str
    months: int
    source: str
    certainty: str = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackTexts:
    """`*_letter`: what a complaint or denunciation must hold, line by line, with their source.
    `reception_*`: where and when leaders receive citizens; `identity_note`: what the rules say of
    naming oneself. What is empty is said to be unknown.

    `answer_approval`: no answer goes out that only one person has seen. `extension_*`: how often
    a term may be extended and by how many working days. `refusal_sources`: the law behind each
    reason for not taking something in, by its name in the code.
    """

    limits: tuple[FeedbackLimit, ...] = ()
    retention: tuple[Retention, ...] = ()
    referral_complaint: str = ""
    referral_denunciation: str = ""
    complaint_letter: tuple[str, ...] = ()
    denunciation_letter: tuple[str, ...] = ()
    letters_source: str = ""
    reception_place: str = ""
    reception_hours: str = ""
    reception_certainty: str = "unverified"
    identity_note: str = ""
    privacy_notice_version: str = ""
    answer_approval: bool = False
    extension_times: int = 1
    extension_days: int = 10
    extension_source: str = ""
    refusal_sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Who must read an article before its readers do, and when it must be read again.

    `unit_editor_first`: an article of a unit is published only after the unit's editor passed it
    on. `urgent_review_hours`: how soon a second person confirms what one alone published.
    `review_months` by kind of article; kinds that are not named are not reviewed by default.
    """

    four_eyes: bool = True
    unit_editor_first: bool = False
    urgent_review_hours: int = 24
    review_months: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Which roles sign in with a second step, and how many days after their first sign-in they
    have to set it up."""

    second_step: tuple[str, ...] = (
        "publisher", "feedback_officer", "head", "inspector", "administrator",
    )  # fmt: skip
    grace_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Networks whose share links pages offer, in this order; e-mail and copying always are."""

    networks: tuple[str, ...] = NETWORKS


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    national_portal: str = "https://dichvucong.gov.vn"
    national_feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The notice board: what it shows, in this order, how much of it, and for how long."""

    show: tuple[str, ...] = BOARD_PARTS
    articles: int = 4
    decisions: int = 3
    seconds: int = 20
    refresh_minutes: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Procedures on paper: where dossiers are handed in, where sheets hang, what they say."""

    receiving_province: str = ""
    receiving_commune: str = ""
    places: tuple[str, ...] = ()
    feedback_note: str = FEEDBACK_NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """When the desk reminds of what the plan asks for and of facts that nobody looked at."""

    quiet_days: int = 14
    quiet_source: str = ""
    due_days: tuple[int, ...] = (14, 7, 1)
    hotline_days: int = 90
    procedure_days: int = 180
    idea_days: int = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    agency: Agency
    site: SiteTexts
    theme: Theme = field(default_factory=Theme)
    menu: tuple[MenuItem, ...] = ()
    home: HomeTexts = field(default_factory=HomeTexts)
    feedback: FeedbackTexts = field(default_factory=FeedbackTexts)
    publishing: Publishing = field(default_factory=Publishing)
    accounts: Accounts = field(default_factory=Accounts)
    sharing: Sharing = field(default_factory=Sharing)
    external: External = field(default_factory=External)
    board: Board = field(default_factory=Board)
    posting: Posting = field(default_factory=Posting)
    reminders: Reminders = field(default_factory=Reminders)


def load_site_config(path: Path) -> SiteConfig:
    """Read `site.toml`. Raises `SettingsError` naming the file and the entry at fault."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: the file is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    try:
        config = _site(raw)
        check(config)
    except (KeyError, TypeError, ValueError, SettingsError) as error:
        raise SettingsError(f"{path}: {error}") from None
    return config


def check(config: SiteConfig) -> None:
    """The rules beyond types, for the file and for what the desk changes of it alike.

    Raises `ValueError` or `SettingsError` with one line that names the entry.
    """
    _check_feedback(config.feedback)
    _check_publishing(config.publishing)
    _check_accounts(config.accounts)
    _check_sharing(config.sharing)
    _check_board(config.board)
    for name in ("brand", "accent"):
        require_readable(name, getattr(config.theme, name))


def _site(raw: dict[str, Any]) -> SiteConfig:
    known = {f.name for f in fields(SiteConfig)}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"unknown section [{unknown[0]}]")
    feedback = dict(raw.get("feedback", {}))
    limits = tuple(_table(FeedbackLimit, "feedback.limits", x) for x in feedback.pop("limits", []))
    kept = tuple(_table(Retention, "feedback.retention", x) for x in feedback.pop("retention", []))
    _check_retention(kept)
    feedback |= {"limits": limits, "retention": kept}
    return SiteConfig(
        agency=_table(Agency, "agency", raw.get("agency", {})),
        site=_table(SiteTexts, "site", raw.get("site", {})),
        theme=_table(Theme, "theme", raw.get("theme", {})),
        menu=tuple(_table(MenuItem, "menu", item) for item in raw.get("menu", [])),
        home=_table(HomeTexts, "home", raw.get("home", {})),
        feedback=_table(FeedbackTexts, "feedback", feedback),
        publishing=_table(Publishing, "publishing", raw.get("publishing", {})),
        accounts=_table(Accounts, "accounts", raw.get("accounts", {})),
        sharing=_table(Sharing, "sharing", raw.get("sharing", {})),
        external=_table(External, "external", raw.get("external", {})),
        board=_table(Board, "board", raw.get("board", {})),
        posting=_table(Posting, "posting", raw.get("posting", {})),
        reminders=_reminders(raw.get("reminders", {})),
    )


def _check_retention(kept: tuple[Retention, ...]) -> None:
    """A month too few destroys what cannot be brought back: numbers must make sense."""
    kinds = [one.kind for one in kept]
    if twice := {kind for kind in kinds if kinds.count(kind) > 1}:
        raise ValueError(f"[[feedback.retention]] names {twice.pop()} twice")
    for one in kept:
        if one.kind not in _FEEDBACK_KINDS:
            raise ValueError(f"[[feedback.retention]] kind: {one.kind!r} is not known")
        if not 3 <= one.months <= 240:
            raise ValueError("[[feedback.retention]] months: from 3 to 240")


def _reminders(raw: dict[str, Any]) -> Reminders:
    reminders = _table(Reminders, "reminders", raw)
    days = {f.name: getattr(reminders, f.name) for f in fields(Reminders)} | {"quiet_source": 1}
    for name, value in days.items():
        for number in value if isinstance(value, tuple) else (value,):
            if type(number) is not int or not 1 <= number <= _MOST_DAYS:
                raise ValueError(f"[reminders] {name}: {number!r} is no number of days")
    return reminders


def _check_accounts(accounts: Accounts) -> None:
    if unknown := [name for name in accounts.second_step if name not in STAFF_ROLES]:
        said = f"[accounts] second_step: {unknown[0]!r} is none of {', '.join(STAFF_ROLES)}"
        raise ValueError(said)
    days = accounts.grace_days
    if type(days) is not int or not 0 <= days <= 365:
        raise ValueError(f"[accounts] grace_days = {days!r} is not a whole number 0 to 365")


def _check_feedback(feedback: FeedbackTexts) -> None:
    if type(feedback.answer_approval) is not bool:
        raise ValueError("[feedback] answer_approval is neither true nor false")
    for name, most in (("extension_times", 5), ("extension_days", 60)):
        value = getattr(feedback, name)
        if type(value) is not int or not 0 <= value <= most:
            raise ValueError(f"[feedback] {name} = {value!r} is not a whole number 0 to {most}")


def _check_publishing(publishing: Publishing) -> None:
    hours, months = publishing.urgent_review_hours, publishing.review_months
    if type(hours) is not int or not 1 <= hours <= 168:
        raise ValueError(f"[publishing] urgent_review_hours = {hours!r} is not 1 to 168")
    for kind, count in months.items():
        if type(count) is not int or not 1 <= count <= 60:
            raise ValueError(f"[publishing.review_months] {kind} = {count!r} is not 1 to 60")


def _check_sharing(sharing: Sharing) -> None:
    if unknown := [name for name in sharing.networks if name not in NETWORKS]:
        raise ValueError(f"[sharing] knows no network {unknown[0]!r}, only {', '.join(NETWORKS)}")


def _check_board(board: Board) -> None:
    if unknown := [part for part in board.show if part not in BOARD_PARTS]:
        raise ValueError(f"[board] show: {unknown[0]!r} is none of {', '.join(BOARD_PARTS)}")
    for name, (least, most) in BOARD_LIMITS.items():
        value = getattr(board, name)
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"[board] {name} = {value!r} is not a whole number {least} to {most}")


def _table(kind: type[T], section: str, values: dict[str, Any]) -> T:
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(values) - known):
        raise ValueError(f"[{section}] has an unknown entry {unknown[0]!r}")
    frozen = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    try:
        return kind(**frozen)
    except TypeError as error:
        raise ValueError(f"[{section}] {str(error).partition(') ')[2]}") from None
