"""Forms about accounts: shape and messages of input, nothing else."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField
from wtforms.validators import Length

from portal.accounts.names import LONGEST_EMAIL, LONGEST_NAME
from portal.accounts.password_rules import TOO_LONG
from portal.accounts.passwords import LONGEST
from portal.core.web.forms import LineField, PortalForm, at_most, required

EMAIL = "Thư điện tử"


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


class ChangePasswordForm(PortalForm):
    """Changing one's own password at the desk."""

    current = SecretField("Mật khẩu hiện tại", [required("Nhập mật khẩu hiện tại.")])
    password = new_password()
