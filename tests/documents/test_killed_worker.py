"""Orders survive, with real processes: a broker that is down, workers that are killed or race.

On the database and the broker of the run: SQLite in a file and messages in a folder, or PostgreSQL
and Redis (`make test` does both).
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pypdf
import pytest
import redis
from django.conf import settings
from django.db import connection

pytestmark = [pytest.mark.slow, pytest.mark.worker]

LEASE_SECONDS = 2.0
PATIENCE_SECONDS = 30
WORKER = "-m celery -A ptsm worker -P threads -c 2 -B --without-gossip --without-mingle -l WARNING"
OTHER_WORKER = WORKER.replace(" -B", "") + " -n other@%h"

ORDER = """
import sys, time, django
django.setup()
from django.db import transaction
from documents.kinds import kind_of
from documents.services import order_document
from tests.factories import ProjectFactory, UserFactory
from tests.press.kinds import CHOICES
project, person = ProjectFactory.create(title="PTSM d'essai"), UserFactory.create()
started = time.monotonic()
order = order_document(kind=kind_of("essai"), project=project, parameters=CHOICES, by=person)
print(order.pk, time.monotonic() - started)
"""
ORDER_BOOKLET = """
import django
django.setup()
from documents.kinds import kind_of
from documents.services import order_document
from territories.models import Project
from tests.factories import UserFactory
project = Project.objects.get(territory__code="53")
order_document(kind=kind_of("livret"), project=project, parameters={}, by=UserFactory.create())
"""
PUBLISH = """
import sys, django
django.setup()
from documents.tasks import publish
assert all(publish(int(sys.argv[1])) for _ in range(10))
"""


@dataclass
class House:
    """A copy of the application with its own database, files and queue."""

    folder: Path
    environment: dict[str, str]
    broker_down: dict[str, str]
    connect: Callable[[], Any]

    @property
    def hold(self) -> Path:
        """While this file exists, a worker stays in the middle of its print."""
        return self.folder / "hold"

    def run(self, *arguments: str, **changes: str) -> str:
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment | changes,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return ran.stdout

    @contextmanager
    def worker(self, command: str = WORKER) -> Iterator[subprocess.Popen[bytes]]:
        """A worker in a group of processes of its own, stopped with everything it started."""
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command.split()],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                yield process
            finally:
                kill(process)

    def read(self, query: str) -> tuple[Any, ...]:
        with closing(self.connect()) as base:
            found: tuple[Any, ...] = base.execute(query).fetchone()
        return found

    def state(self) -> str:
        return str(self.read("SELECT state FROM documents_document")[0])

    def wait_for(self, state: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.state() != state:
            if time.monotonic() > deadline:
                log = (self.folder / "worker.log").read_text()[-3000:]
                pytest.fail(f"The order is still « {self.state()} », not « {state} ».\n{log}")
            time.sleep(0.1)

    def wait_for_progress(self, percent: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.read("SELECT progress FROM documents_document")[0] < percent:
            assert time.monotonic() < deadline, "The print does not advance."
            time.sleep(0.02)

    def assert_printed_once(self, words: str = "PTSM d'essai", *, attempts: int) -> None:
        assert self.read("SELECT count(*), max(attempts) FROM documents_document") == (1, attempts)
        assert self.read("SELECT count(*) FROM documents_printedfile") == (1,)
        (fingerprint,) = self.read("SELECT fingerprint FROM documents_printedfile")
        kept = [path.name for path in (self.folder / "files").rglob("*") if path.is_file()]
        assert kept == [f"{fingerprint}.pdf"]
        printed = pypdf.PdfReader(self.folder / "files" / "documents" / kept[0])
        assert words in printed.pages[0].extract_text()


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a machine that loses its power: nothing is told to the worker nor to its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def base_of_its_own(folder: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The address of a new database of the run's own kind, and how to read it."""
    if connection.vendor == "sqlite":
        path = folder / "ptsm.sqlite3"
        yield f"sqlite:///{path}", lambda: sqlite3.connect(path, timeout=20)
        return
    at = connection.settings_dict
    host, port = at["HOST"] or "127.0.0.1", at["PORT"] or 5432
    place = f"{at['USER']}:{at['PASSWORD']}@{host}:{port}"
    name = f"ptsm_killed_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"postgres://{place}/postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            url = f"postgres://{place}/{name}"
            yield url, lambda: psycopg.connect(url, autocommit=True)
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def forget_queue(redis_url: str, queue: str) -> None:
    """Leave nothing of a run in a Redis that others may use."""
    if redis_url:
        with redis.Redis.from_url(redis_url) as store:
            for key in store.scan_iter(match=f"*{queue}*"):
                store.delete(key)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house whose base is ready, and where no worker works yet."""
    redis_url = getattr(settings, "REDIS_URL", "")
    with base_of_its_own(tmp_path) as (database_url, connect):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.press.settings",
            "PTSM_MODE": "embedded",
            "PTSM_VAR_DIR": str(tmp_path),
            "PTSM_BROKER_DIR": str(tmp_path / "broker"),
            "MEDIA_ROOT": str(tmp_path / "files"),
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "CELERY_QUEUE": f"killed-{uuid.uuid4().hex[:12]}",
            "DOCUMENT_LEASE_SECONDS": str(LEASE_SECONDS),
            "DOCUMENT_SWEEP_SECONDS": "0.5",
            "PRESS_HOLD": str(tmp_path / "hold"),
            "PYTHONWARNINGS": "ignore",
        }
        (tmp_path / "a-file").touch()
        broker_down = {
            "REDIS_URL": redis_url and "redis://127.0.0.1:1/0",
            "PTSM_BROKER_DIR": str(tmp_path / "a-file" / "broker"),
        }
        house = House(tmp_path, environment, broker_down, connect)
        house.run("manage.py", "migrate", "--verbosity=0")
        yield house
        forget_queue(redis_url, environment["CELERY_QUEUE"])


def test_paper_ordered_while_the_broker_is_down_arrives_once_though_its_worker_is_killed(
    house: House,
) -> None:
    _, seconds = house.run("-c", ORDER, **house.broker_down).split()
    assert house.state() == "commande"
    assert float(seconds) < 2.5

    house.hold.touch()
    with house.worker() as first:
        house.wait_for("en_cours")
        kill(first)
    assert house.state() == "en_cours"

    house.hold.unlink()
    with house.worker() as second:
        house.wait_for("pret")
        time.sleep(LEASE_SECONDS)
        house.assert_printed_once(attempts=2)
        second.terminate()
        assert second.wait(timeout=PATIENCE_SECONDS) == 0


def test_workers_racing_for_one_order_print_it_once_however_long_it_takes(house: House) -> None:
    house.hold.touch()
    pk, _ = house.run("-c", ORDER, PRESS_HOLD="").split()
    house.run("-c", PUBLISH, pk)
    with house.worker(), house.worker(OTHER_WORKER):
        house.wait_for("en_cours")
        time.sleep(LEASE_SECONDS * 2)
        house.hold.unlink()
        house.wait_for("pret")
        time.sleep(LEASE_SECONDS)
        house.assert_printed_once(attempts=1)


def test_booklet_of_mayenne_survives_a_broker_down_and_a_worker_killed_in_its_middle(
    house: House,
) -> None:
    house.run("manage.py", "load_ptsm53")
    house.run("-c", ORDER_BOOKLET, **house.broker_down)
    with house.worker() as first:
        house.wait_for_progress(10)
        kill(first)
    assert house.state() == "en_cours"
    with house.worker():
        house.wait_for("pret")
        time.sleep(LEASE_SECONDS)
        house.assert_printed_once("Mayenne", attempts=2)
