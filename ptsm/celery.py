"""The Celery application: jobs are found in each room's `tasks.py`.

There is no result backend: the state of a job is a row of the room that ordered it
(`docs/decisions/`, and `documents.models.Document`).
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from ptsm.memory import hold_little

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptsm.settings")

app = Celery("ptsm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect  # type: ignore[untyped-decorator]
def begin(**_: Any) -> None:
    """Before the processes that print, which inherit it."""
    hold_little()
