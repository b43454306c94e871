"""Orders: a row in the caller's transaction, which a worker turns into a file."""

import functools
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from documents import press, tasks
from documents.enums import DocumentState, Format
from documents.kinds import PARTS, Kind, Part, kind_of
from documents.models import Document, PrintedFile
from territories.models import Project


def order_document(
    *,
    kind: Kind,
    project: Project,
    parameters: Mapping[str, Any],
    by: User,
    asked: Format | None = None,
) -> Document:
    """Order a paper: ready at once when its content was already printed, otherwise queued.

    In the format `asked`, the kind's first one when none is. A double click finds the first
    order. `PaperRefused` when there is nothing to print. Costs the queries of the kind's context
    and five more.
    """
    file_format = kind.format_asked(asked)
    fingerprint = press.fingerprint_of(kind, project, parameters, asked=file_format)
    with transaction.atomic():
        # Two clicks at the same moment: the second one waits here for the first one's row.
        User.objects.select_for_update(no_key=True).filter(pk=by.pk).first()
        waiting = Document.objects.waiting_for(fingerprint, project=project, by=by).first()
        if waiting is not None:
            return waiting
        order = Document(
            kind=kind.code,
            format=file_format,
            parameters=press.canonical(parameters, "parameters"),
            project=project,
            title=kind.title(project, parameters),
            standing=kind.standing(project, parameters),
            ordered_fingerprint=fingerprint,
            ordered_by=by,
        )
        kept = press.kept_file(kind, project, parameters, file_format)
        return _settled_or_queued(order, kept or PrintedFile.objects.found(fingerprint))


def _settled_or_queued(order: Document, printed: PrintedFile | None) -> Document:
    if printed is not None:
        order.state, order.printed_file = DocumentState.READY, printed
        order.progress, order.settled_at = 100, order.ordered_at
        order.save()
        return order
    order.lease_until = order.ordered_at + settings.DOCUMENT_HEARTBEAT
    order.save()
    transaction.on_commit(functools.partial(tasks.publish, order.pk), robust=True)
    return order


@transaction.atomic
def retry_document(*, document: Document) -> bool:
    """Put a failed order, or one whose file is lost, back in the queue; false if it needs none.

    It prints what the project says when it is produced. Two queries and a look at the storage.
    """
    until = timezone.now() + settings.DOCUMENT_HEARTBEAT
    if not document.is_worth_printing_again():
        return False
    if not document.order_again(published_until=until):
        return False
    transaction.on_commit(functools.partial(tasks.publish, document.pk), robust=True)
    return True


def printed_parts(
    *, kind: Kind, project: Project, parameters: Mapping[str, Any]
) -> list[tuple[Part, PrintedFile | None]]:
    """Of an archive, each paper as it is now, and its file when it was printed already.

    The queries of the context and one more, whatever the number; does not look at the storage.
    """
    parts = kind.context(project, parameters)[PARTS]
    known = [
        press.composed(kind_of(part.kind), part.parameters, part.context).fingerprint
        for part in parts
    ]
    files = {one.fingerprint: one for one in PrintedFile.objects.filter(fingerprint__in=known)}
    return [(part, files.get(known_by)) for part, known_by in zip(parts, known, strict=True)]


def print_now(
    *,
    kind: Kind,
    project: Project,
    parameters: Mapping[str, Any],
    asked: Format | None = None,
) -> press.Print:
    """Print in the foreground, for the command: same press, same shelf of files, no order."""
    return press.obtain(kind, project, parameters, asked=asked)
