"""Forms of the site's desk: banners, and the settings of daily life."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.permissions import ROLE_NAMES
from portal.core import clock
from portal.core.certainty import CERTAINTY_NAMES
from portal.core.errors import Invalid
from portal.core.mail import check_address
from portal.core.site_config import BOARD_LIMITS, SiteConfig
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, PortalForm, TextField, at_most, required
from portal.site import banners, preferences
from portal.site.banners import KIND_NAMES, Wanted
from portal.site.models import BannerKind

NETWORK_NAMES = {"zalo": "Zalo", "facebook": "Facebook"}
WRONG_DAY = "Chọn một ngày có thật, ví dụ 21/11/2026."
DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


class BannerForm(VersionedForm):
    """A banner; its two moments are those of the agency's wall clock."""

    kind = RadioField(
        "Loại", choices={kind.value: name for kind, name in KIND_NAMES.items()},
        validators=[required("Chọn loại băng thông báo.")],
    )  # fmt: skip
    text = LineField(
        "Nội dung",
        [required("Nhập nội dung băng thông báo."), at_most(banners.LONGEST_TEXT, "Nội dung")],
    )
    link = LineField("Địa chỉ liên kết", [at_most(banners.LONGEST_LINK, "Địa chỉ liên kết")])
    link_text = LineField(
        "Chữ của liên kết", [at_most(banners.LONGEST_LINK_TEXT, "Chữ của liên kết")]
    )
    starts_on = DateField("Ngày bắt đầu", [required("Chọn ngày bắt đầu.")], format=DAYS)
    starts_time = TimeField("Giờ bắt đầu", [required("Chọn giờ bắt đầu.")])
    ends_on = DateField("Ngày kết thúc", [required("Chọn ngày kết thúc.")], format=DAYS)
    ends_time = TimeField("Giờ kết thúc", [required("Chọn giờ kết thúc.")])

    @property
    def wanted(self) -> Wanted:
        """What was written. Raises `Invalid` for a day beyond all calendars."""
        return Wanted(
            kind=BannerKind(self.kind.data), text=self.text.data, link=self.link.data,
            link_text=self.link_text.data, starts_at=self._moment("starts"),
            ends_at=self._moment("ends"),
        )  # fmt: skip

    def show(self, wanted: Wanted) -> None:
        """Fill the form with a stored banner."""
        for name in ("kind", "text", "link", "link_text"):
            self[name].data = getattr(wanted, name)
        for name, moment in (("starts", wanted.starts_at), ("ends", wanted.ends_at)):
            local = clock.to_local(moment)
            self[f"{name}_on"].data, self[f"{name}_time"].data = local.date(), local.time()
        self.version.data = str(wanted.version)

    def _moment(self, name: str) -> datetime:
        try:
            whole = datetime.combine(self[f"{name}_on"].data, self[f"{name}_time"].data)
            return clock.from_local(whole)
        except OverflowError:
            raise Invalid({f"{name}_on": WRONG_DAY}) from None


class ReasonForm(PortalForm):
    """Why settings go back to an earlier state, and which state the person saw."""

    reason = LineField("Lý do", [required("Nhập lý do khôi phục."), at_most(300, "Lý do")])
    seen = HiddenField(default="0")

    @property
    def seen_state(self) -> int:
        """The state that counted when the page was opened."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else -1


class Ticks(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _name(key: str) -> str:
    return preferences.NAMES[key][:1].upper() + preferences.NAMES[key][1:]


def _line(key: str, most: int, *, needed: bool = False) -> LineField:
    checks = [required(f"Nhập {preferences.NAMES[key]}.")] if needed else []
    return LineField(_name(key), [*checks, at_most(most, _name(key))])


def _number(key: str, least: int, most: int) -> IntegerField:
    said = f"{_name(key)}: nhập số từ {least} đến {most}."
    return IntegerField(_name(key), [required(said), NumberRange(least, most, said)])


class SettingsForm(ReasonForm):
    """The settings, one field a key: a dot of the key is two lines below in the name."""

    reason = LineField("Lý do thay đổi", [required("Nhập lý do thay đổi."), at_most(300, "Lý do")])
    site__title = _line("site.title", 80, needed=True)
    site__tagline = _line("site.tagline", 160)
    site__description = TextField(
        _name("site.description"), [at_most(400, _name("site.description"))]
    )
    agency__phone = _line("agency.phone", 40)
    agency__email = _line("agency.email", 254)
    agency__address = _line("agency.address", 200)
    agency__address_certainty = SelectField(
        _name("agency.address_certainty"),
        choices={"": "(không ghi)", **{kind.value: name for kind, name in CERTAINTY_NAMES.items()}},
    )
    agency__hours = _line("agency.hours", 120)
    agency__website = _line("agency.website", 200)
    agency__responsible_person = _line("agency.responsible_person", 120)
    home__popular_searches = TextField(
        _name("home.popular_searches"), [at_most(600, _name("home.popular_searches"))]
    )
    sharing__networks = Ticks(_name("sharing.networks"), choices=NETWORK_NAMES)
    board__articles = _number("board.articles", *BOARD_LIMITS["articles"])
    board__decisions = _number("board.decisions", *BOARD_LIMITS["decisions"])
    board__seconds = _number("board.seconds", *BOARD_LIMITS["seconds"])
    publishing__four_eyes = BooleanField("Người sửa bài sau cùng không tự đăng bài đó")
    accounts__second_step = Ticks(
        _name("accounts.second_step"), choices={role.value: n for role, n in ROLE_NAMES.items()}
    )
    accounts__grace_days = _number("accounts.grace_days", 0, 365)

    def values(self) -> dict[str, Any]:
        """Key → value as the settings have it. Raises `Invalid` by field."""
        found = {key: self[_field(key)].data for key in preferences.KEYS}
        lines = found["home.popular_searches"].split("\n")
        found["home.popular_searches"] = tuple(line.strip() for line in lines if line.strip())
        for key in ("sharing.networks", "accounts.second_step"):
            found[key] = tuple(found[key] or ())
        self._check(found)
        return found

    def show(self, config: SiteConfig) -> None:
        """Fill the form with what counts now."""
        for key in preferences.KEYS:
            value = preferences.value_of(config, key)
            if key == "home.popular_searches":
                value = "\n".join(value)
            self[_field(key)].data = list(value) if isinstance(value, tuple) else value

    def changed(self, config: SiteConfig) -> dict[str, str]:
        """Field → what the files say, for the keys that the desk set otherwise."""
        return {
            _field(key): preferences.as_words(said) or "(trống)"
            for key in preferences.KEYS
            if (said := preferences.value_of(preferences.base(), key))
            != preferences.value_of(config, key)
        }

    def _check(self, found: dict[str, Any]) -> None:
        if found["agency.email"]:
            try:
                found["agency.email"] = check_address(found["agency.email"])
            except Invalid as error:
                raise Invalid({"agency__email": error.problems["email"]}) from None
        phone = found["agency.phone"]
        if phone and not (set(phone) <= set("0123456789 +().") and any(map(str.isdigit, phone))):
            raise Invalid({"agency__phone": "Nhập số điện thoại bằng chữ số, ví dụ 0225 3745 123."})
        website = found["agency.website"]
        if website and not website.startswith(("https://", "http://")):
            raise Invalid({"agency__website": "Nhập địa chỉ trang tin bắt đầu bằng https://."})


def _field(key: str) -> str:
    return key.replace(".", "__")
