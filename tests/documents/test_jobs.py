"""Rules of a job: one worker at a time, one file for each content, and always an end."""

import datetime as dt
import errno
import io
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from django.core.files.storage import FileSystemStorage
from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone
from pytest_django import Settings

from documents import press, printing, tasks
from documents.enums import DocumentState
from documents.kinds import Kind
from documents.models import Document, PrintedFile
from documents.press import MAX_ATTEMPTS, ClaimLost, Vigil
from ptsm.celery import app as celery_app
from territories.models import Project
from tests.documents.conftest import FakePress
from tests.factories import ProjectFactory, unsigned
from tests.press.kinds import CHOICES
from tests.press.orders import LEASE, fresh, lapse, ordered, taken

pytestmark = pytest.mark.django_db


# --- To the file --------------------------------------------------------------------------------


def test_worker_turns_an_order_into_a_file(essai: Kind, files: Path) -> None:
    """With the real engine."""
    document = ordered()
    tasks.produce(document.pk)

    document = fresh(document)
    assert document.state == DocumentState.READY
    assert document.progress == 100
    assert document.attempts == 1
    assert document.settled_at is not None
    printed = PrintedFile.objects.get()
    assert document.printed_file == printed
    assert printed.file.name == f"documents/{printed.fingerprint}.pdf"
    assert printed.page_count == 1
    content = printed.read()
    assert len(content) == printed.size
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "PTSM d’essai" in text
    assert printed.short_fingerprint in text


def test_message_received_twice_prints_once(fake_press: FakePress) -> None:
    document = ordered()
    for _ in range(3):
        tasks.produce(document.pk)
    assert fake_press.prints == 1
    assert fresh(document).attempts == 1


def test_message_about_an_order_that_no_longer_exists_is_harmless(fake_press: FakePress) -> None:
    tasks.produce(987654)
    assert fake_press.prints == 0


def test_worker_prints_the_state_at_production(fake_press: FakePress) -> None:
    document = ordered()
    with unsigned():
        Project.objects.update(title="Retouché depuis la commande")
    tasks.produce(document.pk)
    printed = fresh(document).printed_file
    assert printed is not None
    assert "Retouché depuis la commande" in printed.read().decode()


def test_two_orders_for_one_content_share_one_file(fake_press: FakePress) -> None:
    project = ProjectFactory.create()
    first, second = ordered(project=project), ordered(project=project)
    tasks.produce(first.pk)
    tasks.produce(second.pk)
    assert fake_press.prints == 1
    assert fresh(first).printed_file == fresh(second).printed_file


def test_two_workers_that_print_one_content_at_once_leave_one_file(
    fake_press: FakePress, files: Path
) -> None:
    project = ProjectFactory.create()
    first, second = ordered(project=project), ordered(project=project)
    fake_press.during = lambda: tasks.produce(second.pk)
    tasks.produce(first.pk)
    assert fake_press.prints == 2
    assert fresh(first).printed_file == fresh(second).printed_file == PrintedFile.objects.get()
    assert len(list(files.rglob("*.pdf"))) == 1


def test_file_left_half_written_by_a_killed_worker_is_replaced(
    essai: Kind, fake_press: FakePress, files: Path
) -> None:
    document = ordered()
    fingerprint = press.fingerprint_of(essai, document.project, document.parameters)
    half = files / "documents" / f"{fingerprint}.pdf"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"<!doctype")
    tasks.produce(document.pk)
    printed = fresh(document).printed_file
    assert printed is not None
    assert printed.read().decode().endswith("</html>\n")
    assert len(list(files.rglob("*.pdf"))) == 1


def test_whole_file_whose_row_was_never_written_is_adopted(
    fake_press: FakePress, files: Path
) -> None:
    document = ordered()
    tasks.produce(document.pk)
    Document.objects.update(state=DocumentState.ORDERED, printed_file=None)
    PrintedFile.objects.all().delete()
    assert len(list(files.rglob("*.pdf"))) == 1
    tasks.produce(document.pk)
    assert len(list(files.rglob("*.pdf"))) == 1
    printed = PrintedFile.objects.get()
    assert printed.file.name == f"documents/{printed.fingerprint}.pdf"


# --- One worker at a time -----------------------------------------------------------------------


def within_reason(is_true: Callable[[], bool]) -> bool:
    """Wait for what happens at once, but on a machine that is busy."""
    deadline = time.monotonic() + 20
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_true()


def is_watched(document: Document) -> bool:
    return f"vigil-{document.pk}" in {thread.name for thread in threading.enumerate()}


def test_order_that_a_worker_holds_is_left_to_it(fake_press: FakePress) -> None:
    document = taken()
    tasks.produce(document.pk)
    assert fake_press.prints == 0
    assert fresh(document).claim == document.claim


def test_order_whose_worker_died_is_taken_by_the_next(fake_press: FakePress) -> None:
    document = taken()
    lapse(document)
    tasks.produce(document.pk)
    assert fresh(document).state == DocumentState.READY
    assert fresh(document).attempts == 2


def test_worker_that_lost_its_claim_stops_and_leaves_the_result_of_the_other(
    fake_press: FakePress, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "PROGRESS_EVERY", dt.timedelta(0))
    document = ordered()
    settled: list[Document] = []

    def the_other_worker() -> None:
        lapse(document)
        tasks.produce(document.pk)
        settled.append(fresh(document))

    fake_press.during = the_other_worker
    tasks.produce(document.pk)

    assert settled[0].state == DocumentState.READY
    assert fresh(document).settled_at == settled[0].settled_at
    assert fresh(document).attempts == 2
    assert len(list(files.rglob("*.pdf"))) == PrintedFile.objects.count() == 1


def test_result_that_comes_after_the_claim_was_lost_is_dropped() -> None:
    document = taken()
    lapse(document)
    rival = fresh(document)
    assert rival.start(at=timezone.now(), lease=LEASE)
    assert not document.fail("Trop tard.")
    assert not document.advance(80)
    assert not document.stay_alive(at=timezone.now(), lease=LEASE)
    assert fresh(document).state == DocumentState.RUNNING
    assert fresh(document).claim == rival.claim


def test_progress_never_goes_back() -> None:
    document = taken()
    document.advance(60)
    document.advance(10)
    assert fresh(document).progress == 60


def test_progress_is_written_no_more_often_than_anybody_looks(
    queries: Callable[[Callable[[], object]], int],
) -> None:
    vigil = Vigil(taken())

    def print_quickly() -> None:
        for percent in range(90):
            vigil.note_progress(percent)

    assert queries(print_quickly) == 1


def test_print_stops_as_soon_as_the_claim_is_lost() -> None:
    document = taken()
    vigil = Vigil(document)
    lapse(document)
    fresh(document).start(at=timezone.now(), lease=LEASE)
    with pytest.raises(ClaimLost):
        vigil.note_progress(50)


@pytest.mark.django_db(transaction=True)
def test_worker_at_work_keeps_its_claim_alive(settings: Settings) -> None:
    settings.DOCUMENT_HEARTBEAT = dt.timedelta(seconds=0.05)
    document = taken()
    first = document.lease_until
    assert first is not None
    with Vigil(document):
        assert within_reason(lambda: Document.objects.filter(lease_until__gt=first).exists())
    assert not is_watched(document)


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
def test_vigil_outlives_a_connection_that_breaks(
    failure: type[Exception], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DOCUMENT_HEARTBEAT = dt.timedelta(milliseconds=1)
    beats: list[None] = []

    def renew(*_: object, **__: object) -> bool:
        beats.append(None)
        if len(beats) == 1:
            raise failure("connection already closed")
        return True

    monkeypatch.setattr(Document, "stay_alive", renew)
    with Vigil(Document(pk=1)):
        assert within_reason(lambda: len(beats) > 1)


def test_print_that_hangs_is_not_kept_alive_for_ever(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DOCUMENT_HEARTBEAT = dt.timedelta(milliseconds=1)
    settings.DOCUMENT_PATIENCE = dt.timedelta(milliseconds=20)
    monkeypatch.setattr(Document, "stay_alive", lambda *_, **__: True)
    document = Document(pk=1)
    with Vigil(document):
        assert within_reason(lambda: not is_watched(document))


def test_process_that_hangs_is_stopped_once_its_claim_has_run_out(settings: Settings) -> None:
    longest = settings.DOCUMENT_PATIENCE + settings.DOCUMENT_LEASE
    assert celery_app.conf.task_time_limit == longest.total_seconds()


@pytest.mark.django_db(transaction=True)
def test_workers_racing_for_one_order_print_it_once(fake_press: FakePress) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "SQLite in memory locks whole tables: this race is run on PostgreSQL, and by real "
            "processes on a SQLite file in test_killed_worker.py"
        )
    document = ordered()
    start = threading.Barrier(6)

    def work() -> None:
        start.wait()
        try:
            tasks.produce(document.pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert fake_press.prints == 1
    assert fresh(document).attempts == 1


# --- Always an end, with its reason -------------------------------------------------------------


def test_refused_paper_says_its_own_sentence(fake_press: FakePress) -> None:
    document = ordered()
    Document.objects.update(parameters=CHOICES | {"number": 404})
    tasks.produce(document.pk)
    document = fresh(document)
    assert document.state == DocumentState.FAILED
    assert document.failure == "L’essai n°\u00a0404 n’existe pas."
    assert document.settled_at is not None


def test_kind_that_no_room_offers_any_more_is_a_failure(fake_press: FakePress) -> None:
    document = ordered()
    Document.objects.update(kind="disparu")
    tasks.produce(document.pk)
    assert "Le document «\u00a0disparu\u00a0» n’existe pas" in fresh(document).failure


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (ZeroDivisionError("oops"), "L’impression a échoué pour une raison imprévue"),
        (OSError(errno.EACCES, "denied"), "L’impression a échoué pour une raison imprévue"),
        (OSError(errno.ENOSPC, "full"), "il n’y a plus de place sur le serveur"),
    ],
)
def test_unforeseen_failure_is_told_in_french_and_logged(
    failure: Exception,
    sentence: str,
    fake_press: FakePress,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise failure

    monkeypatch.setattr(printing, "print_pdf", fail)
    document = ordered()
    tasks.produce(document.pk)
    document = fresh(document)
    assert document.state == DocumentState.FAILED
    assert sentence in document.failure
    assert str(failure) not in document.failure
    assert caplog.records[-1].exc_info is not None


def test_disk_that_is_full_when_the_file_is_kept_is_told(
    fake_press: FakePress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    document = ordered()
    tasks.produce(document.pk)
    assert "plus de place" in fresh(document).failure
    assert not PrintedFile.objects.exists()


def test_base_that_does_not_answer_delays_the_order_and_fails_nothing(
    fake_press: FakePress, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> bytes:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(printing, "print_pdf", fail)
    document = ordered()
    tasks.produce(document.pk)
    assert fresh(document).state == DocumentState.RUNNING
    assert caplog.records[-1].levelno == logging.WARNING


def test_order_that_kills_its_workers_is_given_up(fake_press: FakePress) -> None:
    document = ordered()
    for attempt in range(MAX_ATTEMPTS):
        assert document.start(at=timezone.now(), lease=LEASE), attempt
        lapse(document)
    tasks.produce(document.pk)
    document = fresh(document)
    assert document.state == DocumentState.FAILED
    assert "interrompue plusieurs fois de suite" in document.failure
    assert fake_press.prints == 0
