"""Forms of the directory's desk."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.core.certainty import CERTAINTY_NAMES
from portal.core.web.editing import VersionedForm
from portal.core.web.forms import LineField, TextField, at_most, required
from portal.directory.models import NEEDS, Scope
from portal.directory.week_field import WeekField


class ContactForm(VersionedForm):
    """What all contacts share."""

    phone = LineField("Điện thoại", [at_most(40, "Số điện thoại")])
    email = LineField("Thư điện tử", [at_most(254, "Thư điện tử")])
    certainty = RadioField(
        "Mức tin cậy",
        choices={kind.value: name.capitalize() for kind, name in CERTAINTY_NAMES.items()},
    )
    source = TextField("Nguồn", [at_most(2000, "Nguồn")])
    checked_on = DateField("Ngày kiểm tra gần nhất", [Optional()])

    def values(self) -> dict[str, Any]:
        """What the services take."""
        found = super().values()
        if "unit_code" in found:
            found["unit_code"] = found["unit_code"] or None
        return found

    def offer_units(self, names: dict[str, str]) -> None:
        """Fill the list of units, where the form has one."""
        if "unit_code" in self:
            self.unit_code.choices = {"": "(không thuộc đơn vị nào)", **names}


class HotlineForm(ContactForm):
    """A line."""

    name = LineField(
        "Tên đường dây", [required("Nhập tên đường dây."), at_most(200, "Tên đường dây")]
    )
    purposes = SelectMultipleField(
        "Người dân gọi số này khi nào?",
        choices={purpose.value: words for purpose, words in NEEDS.items()},
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip
    schedule = WeekField("Lịch trực")
    hours = LineField("Giờ trực bằng chữ", [at_most(200, "Giờ trực")])
    answered_by = LineField("Người hoặc bộ phận nghe máy", [at_most(200, "Người nghe máy")])
    unit_code = SelectField("Đơn vị phụ trách")
    address = LineField("Địa chỉ", [at_most(300, "Địa chỉ")])
    scope = RadioField(
        "Phạm vi",
        choices={
            Scope.AGENCY.value: "Của cơ quan",
            Scope.NATIONAL.value: "Số dùng chung toàn quốc",
        },
        default=Scope.AGENCY.value,
    )
    note = TextField("Ghi chú cho người gọi", [at_most(2000, "Ghi chú")])


class UnitForm(ContactForm):
    """A unit. Its code and kind come from the content files."""

    name = LineField("Tên đơn vị", [required("Nhập tên đơn vị."), at_most(200, "Tên đơn vị")])
    short_name = LineField("Tên gọn", [at_most(80, "Tên gọn")])
    address = LineField("Địa chỉ", [at_most(300, "Địa chỉ")])
    website = LineField("Trang thông tin điện tử", [at_most(300, "Địa chỉ trang")])
    duties = TextField("Nhiệm vụ", [at_most(5000, "Nhiệm vụ")])


class LeaderForm(ContactForm):
    """A leader's official contact."""

    name = LineField("Họ và tên", [required("Nhập họ và tên."), at_most(120, "Họ và tên")])
    position = LineField("Chức vụ", [required("Nhập chức vụ."), at_most(160, "Chức vụ")])
    unit_code = SelectField("Đơn vị")
    note = TextField("Ghi chú", [at_most(2000, "Ghi chú")])
