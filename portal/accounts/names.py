"""How accounts are named: an e-mail address in small letters, and a person's name."""

from __future__ import annotations

from portal.core import mail
from portal.core.errors import Invalid
from portal.core.text import clean_line

LONGEST_NAME = 120
LONGEST_EMAIL = 254


def clean_email(email: str) -> str:
    """The address as accounts are found by. Raises `Invalid` on field `email`."""
    return mail.check_address(clean_line(email)[: LONGEST_EMAIL + 1]).lower()


def typed_email(email: str) -> str:
    """What somebody typed to sign in: cleaned the same way, never refused."""
    try:
        return clean_email(email)
    except Invalid:
        return clean_line(email)[:LONGEST_EMAIL].lower()


def clean_name(name: str) -> str:
    """A person's name. Raises `Invalid` on field `name`."""
    name = clean_line(name)
    if not name:
        raise Invalid({"name": "Nhập họ và tên."})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": f"Họ và tên dài quá {LONGEST_NAME} ký tự. Bạn rút ngắn lại."})
    return name
