"""What people agreed to: each version of the privacy notice as it stood, for good.

A consent stores the version of the notice. The notice itself is the standing page at `SLUG`; its
text is kept here under the version that `site.toml` names, when content is loaded. A text that
was changed under an old version is refused: who agreed to it agreed to other words.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.core import clock
from portal.pages.models import KeptNotice, Page

SLUG = "quyen-rieng-tu"


class NoticeRewritten(Exception):
    """The notice says something else under a version that people may have agreed to."""


def keep(session: Session, version: str) -> None:
    """Keep the notice as it now stands under `version`, inside `write()`. Raises
    `NoticeRewritten` when other words are kept under it."""
    page = session.scalar(select(Page).where(Page.slug == SLUG, Page.removed_at.is_(None)))
    if not version or page is None:
        return
    kept = session.get(KeptNotice, version)
    if kept is None:
        session.add(
            KeptNotice(version=version, title=page.title, body=page.body, kept_at=clock.now())
        )
    elif kept.body != page.body:
        raise NoticeRewritten(
            f"the text changed, but privacy_notice_version in site.toml is still {version!r}: "
            "give the new text a new version"
        )


def kept(session: Session, version: str) -> KeptNotice | None:
    """One version; None when no such version was ever in force here."""
    return session.get(KeptNotice, version)


def versions(session: Session) -> Sequence[KeptNotice]:
    """All versions, the newest first; texts are not what a list needs, but they are short."""
    return session.scalars(select(KeptNotice).order_by(KeptNotice.kept_at.desc())).all()
