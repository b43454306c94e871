"""Keeps a workbook between its preview and its import, and no longer."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.text import NBSP
from documents.models import SentWorkbook
from documents.workbooks.safety import MOST_BYTES, WorkbookRefused
from territories.models import Project

if TYPE_CHECKING:
    # Generic for the type checker alone.
    from django.core.files.uploadedfile import UploadedFile

KEPT = dt.timedelta(days=1)
NAME_LENGTH = 150


def read_upload(upload: "UploadedFile[bytes]") -> tuple[str, bytes]:
    """The name and the bytes of what was sent, of which no more is read than is permitted."""
    upload.seek(0)
    name = (upload.name or "").replace("\\", "/").rpartition("/")[2]
    return name[:NAME_LENGTH], upload.read(MOST_BYTES + 1)


@transaction.atomic
def keep_workbook(
    *,
    project: Project,
    by: User,
    name: str,
    contents: bytes,
    row_count: int,
    choices: Mapping[str, Any] | None = None,
) -> SentWorkbook:
    """Keep a file for a day; those of the days before go. Two queries.

    `choices` are what its page begins with.
    """
    if len(contents) > MOST_BYTES:
        raise WorkbookRefused(f"«{NBSP}{name}{NBSP}» est trop gros.")
    sweep_workbooks(at=timezone.now())
    return SentWorkbook.objects.create(
        project=project,
        sent_by=by,
        name=name[:NAME_LENGTH],
        contents=contents,
        row_count=row_count,
        choices=dict(choices or {}),
    )


def keep_choices(sent: SentWorkbook, choices: Mapping[str, Any]) -> None:
    """What somebody decided of a file meanwhile; nothing once a worker has it. One query."""
    free = SentWorkbook.objects.filter(Q(ordered_at=None) | ~Q(failure=""), pk=sent.pk)
    free.update(choices=dict(choices))


def sweep_workbooks(*, at: dt.datetime) -> int:
    """Forget what was sent more than a day ago; says how many. Harmless to repeat."""
    return SentWorkbook.objects.filter(sent_at__lt=at - KEPT).delete()[0]


def token_of(sent: SentWorkbook) -> str:
    """The same file confirmed twice is one gesture."""
    return f"classeur{sent.pk}-{sent.sent_at:%Y%m%d%H%M%S%f}"


# --- A long import, done by a worker ---

# A worker that has said nothing for so long is dead; an import takes some seconds.
LEASE = dt.timedelta(minutes=5)
# A message that no worker took in that time is sent again.
PATIENCE = dt.timedelta(seconds=30)
# How far it is. Between the last two, one write that nobody sees before its end: no figure would
# be true of it.
STARTED, READ, DONE = 5, 40, 100


def is_waiting(sent: SentWorkbook) -> bool:
    """Ordered, and neither done nor failed."""
    return sent.ordered_at is not None and sent.progress < DONE and not sent.failure


def order_import(sent: SentWorkbook, choices: Mapping[str, Any]) -> bool:
    """Ask a worker to import a file; false when it is asked already, or done. One query."""
    free = SentWorkbook.objects.filter(Q(ordered_at=None) | ~Q(failure=""), pk=sent.pk)
    order = {"ordered_at": timezone.now(), "choices": dict(choices), "progress": 0, "failure": ""}
    return bool(free.update(**order))


def claim_import(sent: SentWorkbook, *, at: dt.datetime) -> bool:
    """Take an order: true for one worker only, however many try. One query."""
    order = SentWorkbook.objects.filter(pk=sent.pk, failure="", ordered_at__isnull=False)
    free = order.filter(Q(progress=0) | Q(progress__lt=DONE, ordered_at__lt=at - LEASE))
    return bool(free.update(progress=STARTED, ordered_at=at))


def is_writing(sent: SentWorkbook) -> bool:
    """The file is read: it is being compared and written."""
    return READ <= sent.progress < DONE


def advance_import(sent: SentWorkbook, step: int) -> None:
    """Show how far it is. One query."""
    SentWorkbook.objects.filter(pk=sent.pk).update(progress=step)


def fail_import(sent: SentWorkbook, sentence: str) -> None:
    """Say why nothing was imported. One query."""
    SentWorkbook.objects.filter(pk=sent.pk).update(failure=sentence)


def forgotten_imports(*, at: dt.datetime) -> list[int]:
    """Orders whose message was lost, or whose worker died, by key. One query."""
    waiting = SentWorkbook.objects.filter(failure="", progress__lt=DONE, ordered_at__isnull=False)
    lost = Q(progress=0, ordered_at__lt=at - PATIENCE) | Q(ordered_at__lt=at - LEASE)
    return list(waiting.filter(lost).order_by("pk").values_list("pk", flat=True))
