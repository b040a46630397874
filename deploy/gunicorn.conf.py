"""How gunicorn runs the portal. `make run` and the systemd unit both use this file."""

from __future__ import annotations

import os
from pathlib import Path

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("PORTAL_WORKERS") or 2)
worker_class = "sync"  # measured: threads are no faster for these pages and double the memory
timeout = 30
graceful_timeout = 25
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190  # what nginx lets through: its buffers hold 8k
limit_request_fields = 100
limit_request_field_size = 8190
control_socket_disable = True
accesslog = None  # the application writes one line a request, without what people typed
errorlog = "-"
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeat only


def post_worker_init(worker: object) -> None:
    """Each worker carries a ticker; a lock lets one tick at a time."""
    from portal.ops.backup import announce_serving
    from portal.ops.ticker import start
    from wsgi import app

    announce_serving(app.extensions["settings"])
    start(app)
