"""Papers and workbooks: seconds, and what the processes that make them hold."""

import contextlib
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.urls import reverse

from bench.booklet import completed, settled
from bench.figures import TARGETS, Figure, median, milliseconds
from bench.nation.country import Country
from bench.nation.serving import Served, Visitor
from bench.nation.watching import watched, worked
from documents.kinds import kind_of
from documents.models import Document
from documents.services import order_document
from overview.exports import CODE, parameters_of
from overview.summaries import current_projects
from territories.models import Project

WORKER = "-m celery --quiet --app ptsm worker --pool prefork --concurrency 2 --loglevel WARNING"
READY_AFTER, PATIENCE = 5, 1_800


def papers(country: Country, site: Served) -> Iterator[Figure]:
    """The workbook of a territory by a page; the rest by a worker of two processes."""
    target = TARGETS["nation"]["papers"]
    visitor = Visitor(site, country.lead)
    address = reverse("roadmap:workbook_download", args=[country.usual.pk])
    with watched(site.master) as web:
        usual = median(lambda: visitor.ask(address))
    yield Figure("Excel of a territory", usual, target["territory workbook"], "ms")
    yield Figure("  gunicorn and two workers after it", web.total, target["web"], "MB")
    with worker() as printing:
        yield from made("booklet", printing, lambda: booklets([country.usual]))
        yield from made("Excel of the country", printing, lambda: country_workbook(country))
        every = list(Project.objects.select_related("territory").order_by("pk"))
        yield from made("104 booklets", printing, lambda: booklets(every))


def made(name: str, printing: int, act: Callable[[], object]) -> Iterator[Figure]:
    """How long, and the memory of the worker: its largest process, and all before and after."""
    target = TARGETS["nation"]["papers"]
    with watched(printing) as watch:
        before = worked(printing)
        seconds = milliseconds(act) / 1000
        work = worked(printing) - before
    yield Figure(name, seconds, target[name], "s")
    yield Figure("  of which at work", work, math.inf, "s")
    yield Figure("  the largest process of the worker", watch.largest, target["worker"], "MB")
    yield Figure("  all of it before", watch.before, math.inf, "MB")
    yield Figure("  all of it after", watch.total, math.inf, "MB")
    yield Figure("  grown since halfway", watch.grown, target["grown"], "MB")


def booklets(projects: list[Project]) -> None:
    kind = kind_of("livret")
    by = projects[0].territory.accounts()[0]
    orders = [
        order_document(kind=kind, project=one, parameters=completed(kind, one), by=by)
        for one in projects
    ]
    wait_for(orders)


def country_workbook(country: Country) -> None:
    projects = current_projects(country.reader)
    wait_for(
        [
            order_document(
                kind=kind_of(CODE),
                project=projects[0],
                parameters=parameters_of(country.reader, projects, {}),
                by=country.reader,
            )
        ]
    )


def wait_for(orders: list[Document]) -> None:
    """Until every one is ready, looking five times a second."""
    deadline = time.monotonic() + PATIENCE
    for order in orders:
        settled(order, deadline=deadline, every=0.2)


@contextlib.contextmanager
def worker() -> Iterator[int]:
    """A worker of two processes, as `docker-compose.yml` starts it; gives its process."""
    process = subprocess.Popen(
        [sys.executable, *WORKER.split()],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(READY_AFTER)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)
