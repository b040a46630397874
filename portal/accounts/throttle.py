"""Brakes on guessing passwords, shared by all workers, that lock no colleague out.

Every try is counted before the password is looked at (so parallel tries cannot slip through)
and given back when it was right. Names of accounts are counted whether they exist or not.
A place (network address) from which somebody has signed in before is not touched by what
others do to the same account or to the whole site.
"""

from __future__ import annotations

from portal.core.errors import TooMany
from portal.core.limits import limiter

PER_ACCOUNT_AND_ADDRESS = "10/5 minutes"
PER_ADDRESS = "10/5 minutes"
OVERALL = "1000/5 minutes"
IN_A_ROW = "100/365 days"
AFTER_TOO_MANY_IN_A_ROW = "1/5 minutes"  # for each address that has not signed in before
LETTER = "1/day"
CODES, CODES_AN_HOUR = "5/5 minutes", "20/hour"  # of an account, whoever knows its password
_KNOWN_PLACE = "1/90 days"


def reserve(account: str, address: str) -> None:
    """Count one try to sign in. Raises `TooMany` when this place has to wait."""
    brakes = limiter()
    brakes.hit(PER_ADDRESS, "login-address", address)
    brakes.hit(PER_ACCOUNT_AND_ADDRESS, "login-pair", account, address)
    if _is_used_up(_KNOWN_PLACE, "login-known", account, address):
        return
    brakes.hit(OVERALL, "login-all")
    if _is_used_up(IN_A_ROW, "login-row", account):
        brakes.hit(AFTER_TOO_MANY_IN_A_ROW, "login-slow", account, address)


def succeeded(account: str, address: str) -> None:
    """Give the try back and remember the place."""
    brakes = limiter()
    brakes.give_back(PER_ADDRESS, "login-address", address)
    brakes.clear(PER_ACCOUNT_AND_ADDRESS, "login-pair", account, address)
    brakes.clear(AFTER_TOO_MANY_IN_A_ROW, "login-slow", account, address)
    brakes.clear(IN_A_ROW, "login-row", account)
    if not _is_used_up(_KNOWN_PLACE, "login-known", account, address):
        brakes.give_back(OVERALL, "login-all")
        brakes.hit(_KNOWN_PLACE, "login-known", account, address)


def failed(account: str) -> bool:
    """Count a wrong password. True (at most once a day) when the owner should get a reset link."""
    if not _count(IN_A_ROW, "login-row", account):
        return _count(LETTER, "login-letter", account)
    return False


def reset_asked(account: str, address: str) -> bool:
    """Count a wish for a reset link; False when this account has had enough letters.

    Raises `TooMany` when this place has asked too often, for whatever accounts.
    """
    limiter().hit("10/hour", "reset-address", address)
    limiter().hit("300/hour", "reset-all")
    return _count("3/hour", "reset-account", account)


def own_password_tried(user_id: int) -> None:
    """Count one use of the current password at the desk (a stolen session may guess it)."""
    limiter().hit("10/5 minutes", "own-password", str(user_id))


def code_tried(user_id: int) -> None:
    """Count one code of the second step, before it is looked at. Raises `TooMany`."""
    limiter().hit(CODES, "second-step", str(user_id))
    limiter().hit(CODES_AN_HOUR, "second-step-hour", str(user_id))


def code_right(user_id: int) -> None:
    """The code was right: give the tries back."""
    limiter().clear(CODES, "second-step", str(user_id))
    limiter().give_back(CODES_AN_HOUR, "second-step-hour", str(user_id))


def code_letter_due(user_id: int) -> bool:
    """True (at most once a day) when the owner should hear that somebody guesses codes."""
    return _count(LETTER, "second-step-letter", str(user_id))


def _count(limit: str, name: str, *who: str) -> bool:
    try:
        limiter().hit(limit, name, *who)
    except TooMany:
        return False
    return True


def _is_used_up(limit: str, name: str, *who: str) -> bool:
    try:
        limiter().check(limit, name, *who)
    except TooMany:
        return True
    return False
