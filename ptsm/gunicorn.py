"""How the web process runs: `gunicorn --config python:ptsm.gunicorn ptsm.wsgi`."""

import os
from pathlib import Path
from typing import Any

from gunicorn import glogging  # type: ignore[import-untyped]

from core.logs import HideSecrets
from ptsm.memory import hold_little, look_for_cycles_seldom
from ptsm.settings import SECRETS_FOLLOW


class Logger(glogging.Logger):  # type: ignore[misc]
    """gunicorn's logs, without the keys of links."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.access_log, self.error_log):
            log.addFilter(HideSecrets(after=SECRETS_FOLLOW))


bind = os.environ.get("PTSM_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Loaded once by the master: the workers share its memory.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# Whose word is taken for the scheme and the caller's address.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
max_requests = 5000
max_requests_jitter = 500
# The sign of life is a file touched each second: not on a disk, where it can wait.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
logger_class = Logger
accesslog = "-" if os.environ.get("WEB_ACCESS_LOG", "1") == "1" else None
# Neither what follows « ? » nor the page before: a key may be there too.
access_log_format = "%(t)s %(h)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"


def when_ready(server: Any) -> None:  # noqa: ARG001 (gunicorn's)
    """Before the workers, which inherit it."""
    hold_little()
    look_for_cycles_seldom()
