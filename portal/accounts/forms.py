"""Forms about accounts: shape and messages of input, nothing else."""

from __future__ import annotations

from typing import Any

from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    SelectField,
)
from wtforms.validators import Length, Optional

from portal.accounts.audit_words import KINDS
from portal.accounts.names import LONGEST_EMAIL, LONGEST_NAME
from portal.accounts.password_rules import TOO_LONG
from portal.accounts.passwords import LONGEST
from portal.accounts.permissions import ROLE_NAMES, Grant, Role
from portal.accounts.units import unit_names
from portal.core.audit import LABELS
from portal.core.errors import Invalid
from portal.core.web.forms import LineField, PortalForm, at_most, required

EMAIL = "Thư điện tử"
GRANT_ROWS = 3
ROLE_CHOICES = {"": "(không chọn)", **{role.value: name for role, name in ROLE_NAMES.items()}}
EVENT_CHOICES = {"": "Mọi sự việc", **{event.value: label for event, label in LABELS.items()}}
KIND_CHOICES = {"": "Mọi đối tượng", **KINDS}
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class SecretField(PasswordField):
    """A password as typed, spaces too; never sent back."""

    data: str  # what was posted is never None


def new_password(label: str = "Mật khẩu mới") -> SecretField:
    """A field for a password that is being set."""
    too_long = Length(max=LONGEST, message=TOO_LONG)
    return SecretField(label, [required("Nhập mật khẩu mới."), too_long])


class LoginForm(PortalForm):
    """Name and password."""

    email = LineField(EMAIL, [required("Nhập thư điện tử."), at_most(LONGEST_EMAIL, EMAIL)])
    password = SecretField("Mật khẩu", [required("Nhập mật khẩu.")])
    next = HiddenField()


class ForgottenForm(PortalForm):
    """Who forgot a password."""

    email = LineField(EMAIL, [required("Nhập thư điện tử."), at_most(LONGEST_EMAIL, EMAIL)])


class PasswordForm(PortalForm):
    """Setting a password with a one-time link."""

    password = new_password("Mật khẩu")


class FirstAdministratorForm(PortalForm):
    """The account of the first administrator."""

    name = LineField("Họ và tên", [required("Nhập họ và tên."), at_most(LONGEST_NAME, "Họ và tên")])
    email = LineField(EMAIL, [required("Nhập thư điện tử."), at_most(LONGEST_EMAIL, EMAIL)])
    password = new_password("Mật khẩu")


class CodeForm(PortalForm):
    """A code of the second step; of the application or, with more letters, of the drawer."""

    code = LineField("Mã xác nhận", [required("Nhập mã xác nhận."), at_most(60, "Mã xác nhận")])
    next = HiddenField()


class ConfirmForm(PortalForm):
    """The own password again, before something that opens the account."""

    current = SecretField("Mật khẩu của bạn", [required("Nhập mật khẩu của bạn.")])


class ProofForm(ConfirmForm):
    """Password and code again."""

    code = LineField(
        "Mã xác nhận hoặc mã khôi phục",
        [required("Nhập mã trên điện thoại hoặc một mã khôi phục."), at_most(60, "Mã xác nhận")],
    )


class ChangePasswordForm(PortalForm):
    """Changing one's own password at the desk."""

    current = SecretField("Mật khẩu hiện tại", [required("Nhập mật khẩu hiện tại.")])
    password = new_password()


class GrantForm(Form):
    """One row of the roles' editor; an empty role is no row."""

    role = SelectField("Vai trò", choices=ROLE_CHOICES, validate_choice=False)
    unit = SelectField("Đơn vị", validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(unit_names())
        if self.unit.data:
            names.setdefault(self.unit.data, self.unit.data)
        self.unit.choices = {"": "Toàn cơ quan", **names}


class GrantsForm(PortalForm):
    """The roles of an account, as many rows as there are and two more."""

    grants = FieldList(FormField(GrantForm), label="Vai trò", min_entries=GRANT_ROWS)
    seen = HiddenField()

    @property
    def chosen(self) -> list[Grant]:
        """The rows with a role. Raises `Invalid` for a role that does not exist."""
        rows = [row.form for row in self.grants if row.form.role.data]
        if any(row.role.data not in ROLE_NAMES for row in rows):
            raise Invalid({"grants": "Chọn vai trò trong danh sách."})
        return [Grant(Role(row.role.data), row.unit.data or None) for row in rows]


class DetailsForm(PortalForm):
    """Name and address of an account."""

    name = LineField("Họ và tên", [required("Nhập họ và tên."), at_most(LONGEST_NAME, "Họ và tên")])
    email = LineField(EMAIL, [required("Nhập thư điện tử."), at_most(LONGEST_EMAIL, EMAIL)])


class InviteForm(DetailsForm, GrantsForm):
    """A new account."""


class AuditFilterForm(Form):
    """Filters of the audit log; the names stand in the address."""

    q = LineField("Chữ trong nhật ký", [at_most(100, "Chữ cần tìm")])
    su_viec = SelectField("Sự việc", choices=EVENT_CHOICES, default="")
    nguoi = SelectField("Người làm", validate_choice=False, default="")
    loai = SelectField("Đối tượng", choices=KIND_CHOICES, default="")
    ma = LineField("Mã đối tượng", [at_most(80, "Mã đối tượng")])
    tu_ngay = DateField("Từ ngày", [Optional()], format=DAY_FORMATS)
    den_ngay = DateField("Đến ngày", [Optional()], format=DAY_FORMATS)
