"""Work that no request waits for: letters, the search index, the hour of scheduled articles.

Every worker carries a ticker thread; a lock file lets one of them work at a time, and when
that process dies the next one goes on. A tick that fails is logged and tried again.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence

from flask import Flask

from portal.api import snapshots
from portal.articles import autosaves, cleaning, review, urgency
from portal.boards import notices
from portal.core import live, mail
from portal.core.db import db
from portal.core.locks import file_lock
from portal.core.settings import Settings
from portal.directory import reports as hotline_reports
from portal.feedback import attachments, erasing, reminding
from portal.links import service as links
from portal.media import service as media
from portal.ops import audit_watch
from portal.procedures.importing import jobs as imports
from portal.search import gaps
from portal.search import service as search
from portal.subscriptions import service as subscriptions

log = logging.getLogger(__name__)
EVERY_SECONDS = 5.0
TICKS_AN_HOUR = 720
FIRST_TICK = 0.2
Job = Callable[[], object]
OFTEN: tuple[Job, ...] = (
    search.drain,
    subscriptions.send_due,
    mail.deliver_due,
    snapshots.publish_if_due,
    imports.start_due,
    links.check_due,
    notices.run_daily,
    reminding.run,
    audit_watch.anchor,
)
HOURLY: tuple[Job, ...] = (
    autosaves.purge,
    cleaning.clean_some,
    media.purge,
    media.look_again,
    attachments.purge,
    hotline_reports.purge,
    erasing.purge,
    mail.purge,
    imports.purge,
    subscriptions.purge,
    audit_watch.look_at_night,
    urgency.tell_overdue,
    review.tell,
)


def start(app: Flask) -> threading.Event:
    """Start the ticker of this process; setting the returned event ends it."""
    with app.app_context():
        live.refresh()  # the first page of a worker already knows what the desk has set
    stop = threading.Event()
    threading.Thread(target=_run, args=(app, stop), name="ticker", daemon=True).start()
    return stop


def tick(app: Flask, jobs: Sequence[Job] = OFTEN) -> bool:
    """Do what is due, unless another process is at it. True when the work was ours."""
    settings: Settings = app.extensions["settings"]
    with file_lock(settings.instance / "ticker.lock") as ours:
        if ours:
            with app.app_context():
                _work(jobs)
        return ours


def _work(jobs: Sequence[Job]) -> None:
    for job in jobs:
        try:
            job()
        except Exception:  # one job's fault must not keep the others from their work
            log.exception("job.failed", extra={"kind": getattr(job, "__name__", "?")})
            db.session.rollback()


def _run(app: Flask, stop: threading.Event) -> None:
    count = 0
    pause = FIRST_TICK
    while not stop.wait(pause):
        pause = EVERY_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
        count += 1
        try:
            with app.app_context():
                live.refresh()
                search.warm()
                gaps.flush()
            tick(app, OFTEN if count % TICKS_AN_HOUR else (*OFTEN, *HOURLY))
        except Exception:
            log.exception("ticker.failed")
