"""What a service may refuse, in words that views know how to show."""

from __future__ import annotations

from collections.abc import Mapping


class PortalError(Exception):
    """Base of every refusal that a use case raises on purpose."""


class NotAllowed(PortalError):
    """The actor may see the thing but not do this with it (page 403)."""


class NotFound(PortalError):
    """There is no such thing, or this actor may not know of it (page 404)."""


class Conflict(PortalError):
    """The thing changed since the actor read it, or is in another state (page 409).

    The message is Vietnamese and shown to the person.
    """


class Invalid(PortalError):
    """Input that breaks a rule of the use case.

    `problems` maps a field's name ("" for the whole form) to a Vietnamese message;
    views put each message beside its field.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class TooMany(PortalError):
    """A rate limit is used up. `retry_after` is in seconds (page 429)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Overloaded(PortalError):
    """There is no room for this now; reading goes on. `retry_after` is in seconds (page 503)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class SettingsError(PortalError):
    """The environment or content/site.toml is wrong; the message is one clear line."""
