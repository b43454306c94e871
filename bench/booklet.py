"""The booklet of the Mayenne, ordered as a person does and printed by a real worker."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from bench.figures import TARGETS, Figure, median, milliseconds
from documents.forms import completed_form
from documents.kinds import Kind, kind_of
from documents.models import Document
from documents.services import order_document
from territories.models import Project

WORKER = "-m celery --quiet --app ptsm worker --pool threads --loglevel WARNING"
PATIENCE = 120


def booklet(project: Project, reader: User) -> Iterator[Figure]:
    """The first print by a worker that has printed something else, then the same content again."""
    with worker():
        ordered("fiche", project, reader, number="1")
        first = milliseconds(lambda: ordered("livret", project, reader))
        again = median(lambda: ordered("livret", project, reader))
    target = TARGETS["booklet"]
    yield Figure("booklet of the Mayenne, first time", first, target["first"], "ms")
    yield Figure("booklet of the Mayenne, unchanged", again, target["again"], "ms")


def ordered(code: str, project: Project, reader: User, **typed: str) -> Document:
    """Order a paper and wait until it is ready, looking every twenty milliseconds."""
    kind = kind_of(code)
    parameters = completed(kind, project, **typed)
    document = order_document(kind=kind, project=project, parameters=parameters, by=reader)
    return settled(document, deadline=time.monotonic() + PATIENCE)


def completed(kind: Kind, project: Project, **typed: str) -> dict[str, Any]:
    """The choices of whoever leaves the others as the page offers them."""
    form = completed_form(kind, project, MultiValueDict({name: [typed[name]] for name in typed}))
    assert form.is_valid(), form.errors
    return form.parameters


def settled(document: Document, *, deadline: float, every: float = 0.02) -> Document:
    """The same order, once a worker has made its file."""
    while not document.is_settled and time.monotonic() < deadline:
        time.sleep(every)
        document.refresh_from_db()
    assert document.is_ready, document.failure or "The worker printed nothing."
    return document


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own, as `manage.py serve` starts it."""
    process = subprocess.Popen(
        [sys.executable, *WORKER.split()],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)
