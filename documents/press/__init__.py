"""The press: from a kind of paper and a project to one printed file for each content.

Content is known by its fingerprint: what the paper says, in a canonical form, and everything that
decides how it looks. Equal fingerprints share one file, whoever ordered it and whenever.
"""

import datetime as dt
import errno
import logging
import math
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.utils import timezone

from core.text import NBSP
from documents import printing, word
from documents.enums import Format, Standing
from documents.kinds import PARTS, Kind, PaperRefused, Part, kind_of
from documents.models import Document, PrintedFile
from documents.press.composing import (
    Composition,
    NotCanonical,
    canonical,
    compose,
    composed,
    fingerprint_of,
    render_html,
    stated_on,
)
from documents.workbooks import LongWorkbook, WorkbookRefused, write_long, write_workbook
from territories.models import Project

__all__ = [
    "ClaimLost",
    "Composition",
    "NotCanonical",
    "Print",
    "canonical",
    "compose",
    "composed",
    "fingerprint_of",
    "fulfil",
    "kept_file",
    "obtain",
    "render_html",
    "sentence_for",
]

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# Stamps of the archive itself, which would differ from one minute to the next.
ANY_DAY = (1980, 1, 1, 0, 0, 0)
WRITTEN_FROM_A_PAGE = frozenset({Format.PDF, Format.WORD})
PROGRESS_EVERY = dt.timedelta(milliseconds=300)

GIVEN_UP = (
    "L’impression a été interrompue plusieurs fois de suite. Réessayez plus tard ; si l’échec se "
    "répète, prévenez l’équipe qui exploite l’application."
)
NO_ROOM_LEFT = (
    "Le document n’a pas pu être enregistré : il n’y a plus de place sur le serveur. Prévenez "
    "l’équipe qui exploite l’application, puis réessayez."
)
UNFORESEEN = (
    "L’impression a échoué pour une raison imprévue, dont l’application garde la trace. Rien n’a "
    "été perdu de ce que vous aviez saisi. Réessayez ; si l’échec se répète, prévenez l’équipe qui "
    "exploite l’application."
)


class ClaimLost(Exception):
    """Another worker has taken the order: what is being printed is nobody's."""


# --- Printing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Print:
    """A printed file, and whether it had to be printed for this demand."""

    file: PrintedFile
    is_new: bool


def obtain(
    kind: Kind,
    project: Project,
    parameters: Mapping[str, Any],
    *,
    asked: Format | None = None,
    on_progress: Callable[[int], None] | None = None,
    on_part: Callable[[int, int], None] | None = None,
) -> Print:
    """The file of what the project says at this moment: found again, or printed and kept.

    In the format `asked`, the kind's first one when none is.

    Found: the queries of the context and one more. Printed: seconds, and 100 MB or more. Of an
    archive, `on_part` is told how many papers are there, of how many.
    """
    file_format = kind.format_asked(asked)
    if first := kept_file(kind, project, parameters, file_format):
        return Print(first, is_new=False)
    paper = compose(kind, project, parameters, asked=file_format)
    if found := PrintedFile.objects.found(paper.fingerprint):
        return Print(found, is_new=False)
    html = paper.html() if file_format in WRITTEN_FROM_A_PAGE else ""
    if file_format == Format.PDF:
        contents = printing.print_pdf(html, on_progress=on_progress)
    elif file_format == Format.WORD:
        contents = word.write_word(html, on_progress=on_progress)
    elif file_format == Format.ARCHIVE:
        contents = archive_of(paper.context[PARTS], on_part=on_part)
    else:
        contents = _workbook(kind, project, parameters, on_progress=on_progress)
    kept = _keep(paper.fingerprint, contents, file_format, stated_on=stated_on(html))
    return Print(kept, is_new=True)


def archive_of(
    parts: Sequence[Part], *, on_part: Callable[[int, int], None] | None = None
) -> bytes:
    """The files of these papers in one zip: equal papers are equal bytes.

    Each is kept as soon as it is printed, as if it had been ordered alone: begun again after a
    worker died, the archive prints only what is missing. Two queries a paper already there.
    """
    with tempfile.TemporaryFile() as kept:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
            for done, part in enumerate(parts):
                if on_part:
                    on_part(done, len(parts))
                archive.writestr(zipfile.ZipInfo(part.name, ANY_DAY), _file_of(part).read())
        if on_part:
            on_part(len(parts), len(parts))
        kept.seek(0)
        return kept.read()


def _file_of(part: Part) -> PrintedFile:
    paper = composed(kind_of(part.kind), part.parameters, part.context)
    if found := PrintedFile.objects.found(paper.fingerprint):
        return found
    html = paper.html()
    printed = printing.print_pdf(html)
    return _keep(paper.fingerprint, printed, Format.PDF, stated_on=stated_on(html))


def _workbook(
    kind: Kind,
    project: Project,
    parameters: Mapping[str, Any],
    *,
    on_progress: Callable[[int], None] | None,
) -> bytes:
    if kind.workbook is None:
        raise PaperRefused(f"{kind.label}{NBSP}: ce document n’a pas de classeur.")
    book = kind.workbook(project, parameters)
    if isinstance(book, LongWorkbook):
        return write_long(book, on_progress=on_progress)
    return write_workbook(book)


def kept_file(
    kind: Kind, project: Project, chosen: Mapping[str, Any], file_format: Format
) -> PrintedFile | None:
    """The file of a paper of a frozen state, whatever its look since; none of the present state."""
    if kind.standing(project, chosen) == Standing.PRESENT:
        return None
    return Document.objects.kept_for(
        kind.code, project=project, parameters=chosen, file_format=file_format
    )


def _keep(
    fingerprint: str, contents: bytes, file_format: Format, *, stated_on: dt.date | None = None
) -> PrintedFile:
    """One row and one file for this content, even if another worker keeps it at the same time.

    A file left half-written by a killed worker bears the name wanted: the storage then chooses
    another, and the leftover goes.
    """
    wanted = f"documents/{fingerprint}.{file_format.suffix}"
    name = _save(wanted, contents)
    pages = printing.page_count(contents) if file_format == Format.PDF else None
    with transaction.atomic():
        row, is_new = PrintedFile.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "file": name,
                "size": len(contents),
                "page_count": pages,
                "stated_on": stated_on,
            },
        )
        if not is_new and row.is_lost():
            row.file.name = name
            row.save(update_fields=["file"])
    for stray in {wanted, name} - {row.file.name}:
        default_storage.delete(stray)
    return row


def _save(wanted: str, contents: bytes) -> str:
    if default_storage.exists(wanted):
        with default_storage.open(wanted) as kept:
            if kept.read() == contents:
                return wanted
    return default_storage.save(wanted, ContentFile(contents))


# --- Orders -------------------------------------------------------------------------------------


def fulfil(document: Document) -> None:
    """Print an order that the caller has claimed, and settle it, whatever happens.

    Only a base that does not answer leaves it as it is: the claim runs out and the sweep brings
    the order back, up to `MAX_ATTEMPTS` times.
    """
    try:
        with Vigil(document) as vigil:
            _settle(document, vigil)
    except ClaimLost:
        logger.info("Document %s was taken by another worker: dropped here.", document.pk)
    except (OperationalError, InterfaceError):
        logger.warning("Document %s waits: the base did not answer.", document.pk, exc_info=True)


def _settle(document: Document, vigil: "Vigil") -> None:
    if document.attempts > MAX_ATTEMPTS:
        document.fail(GIVEN_UP)
        return
    try:
        kind = kind_of(document.kind)
        printed = obtain(
            kind,
            document.project,
            document.parameters,
            asked=Format(document.format),
            on_progress=vigil.note_progress,
            on_part=vigil.note_part,
        )
    except (ClaimLost, OperationalError, InterfaceError):
        raise
    except (PaperRefused, WorkbookRefused) as refusal:
        document.fail(str(refusal))
    except Exception as failure:
        logger.exception("Document %s could not be printed.", document.pk)
        document.fail(sentence_for(failure))
    else:
        document.finish(printed.file)


def sentence_for(failure: Exception) -> str:
    """What to tell the reader of a print that failed for no fault of theirs."""
    full = {errno.ENOSPC, errno.EDQUOT}
    return NO_ROOM_LEFT if isinstance(failure, OSError) and failure.errno in full else UNFORESEEN


class Vigil:
    """Keeps a claim alive while its worker prints, from a thread with its own connection.

    A worker that is killed keeps no vigil, and one that hangs is not waited for beyond
    `DOCUMENT_PATIENCE`: the lease runs out, and the order is anybody's again.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._is_lost = False
        self._is_over = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, name=f"vigil-{document.pk}", daemon=True
        )
        self._noted_at = -math.inf

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def note_progress(self, percent: int) -> None:
        """Show progress on the row, not more often than the page looks; stop a lost print."""
        if self._is_time() and not self._document.advance(percent):
            raise ClaimLost

    def note_part(self, done: int, count: int) -> None:
        """The same, of an archive: its first word and its last are always kept."""
        if self._is_time(always=done in {0, count}) and not self._document.advance_parts(
            done, count
        ):
            raise ClaimLost

    def _is_time(self, *, always: bool = False) -> bool:
        now = time.monotonic()
        if self._is_lost:
            raise ClaimLost
        if not always and now - self._noted_at < PROGRESS_EVERY.total_seconds():
            return False
        self._noted_at = now
        return True

    def _watch(self) -> None:
        try:
            for _ in self._ticks():
                self._renew()
        finally:
            connections.close_all()

    def _ticks(self) -> Iterator[None]:
        deadline = time.monotonic() + settings.DOCUMENT_PATIENCE.total_seconds()
        while not self._is_over.wait(settings.DOCUMENT_HEARTBEAT.total_seconds()):
            if time.monotonic() > deadline:
                logger.warning("Document %s takes too long: given up.", self._document.pk)
                return
            yield

    def _renew(self) -> None:
        try:
            is_ours = self._document.stay_alive(at=timezone.now(), lease=settings.DOCUMENT_LEASE)
        except (DatabaseError, InterfaceError):
            logger.warning("The claim on document %s was not renewed.", self._document.pk)
            connections.close_all()
        else:
            self._is_lost = not is_ours
