"""Jobs of the room: produce one order, find again what was lost, let go of what nobody keeps."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_before_create_process, worker_ready
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from documents import attachments, press, printing
from documents.enums import DocumentState
from documents.models import Document
from documents.workbooks import keeping

logger = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]
def produce(document_pk: int) -> None:
    """Print one order unless another worker has it: harmless to repeat."""
    document = Document.objects.select_related("project__territory").filter(pk=document_pk).first()
    if document and document.start(at=timezone.now(), lease=settings.DOCUMENT_LEASE):
        press.fulfil(document)


@shared_task(expires=settings.DOCUMENT_SWEEP_SECONDS)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Take back what a dead worker held, and send again what no worker has received."""
    now = timezone.now()
    Document.objects.abandoned(at=now).update(
        state=DocumentState.ORDERED, claim="", lease_until=None
    )
    forgotten = Document.objects.forgotten(at=now)
    for pk in forgotten.order_by("ordered_at", "pk").values_list("pk", flat=True):
        if not publish(pk):
            return
        # The next sweeps leave it alone for one lease. Behind a longer queue the order gets a
        # second message, which is harmless: one claim wins.
        forgotten.filter(pk=pk).update(lease_until=now + settings.DOCUMENT_LEASE)


@shared_task  # type: ignore[untyped-decorator]
def sweep_attachments() -> None:
    """Let go of the files that nothing points to any more, and of the workbooks sent yesterday."""
    attachments.sweep_attachments(at=timezone.now())
    keeping.sweep_workbooks(at=timezone.now())


def publish(document_pk: int) -> bool:
    """Tell the workers; a broker that is down only delays the order until the next sweep."""
    try:
        produce.apply_async(args=[document_pk], retry=False)
    except (BrokerDown, OSError) as failure:
        logger.warning("Document %s waits, the broker is down: %s", document_pk, failure)
        return False
    return True


@worker_before_create_process.connect  # type: ignore[untyped-decorator]
def load_press(**_: Any) -> None:
    """The processes of a worker share what prints, loaded once by the one that makes them."""
    printing.load_engine()


@worker_ready.connect  # type: ignore[untyped-decorator]
def sweep_at_start(**_: Any) -> None:
    """A worker that starts again first looks for what the last one left."""
    try:
        sweep.apply_async(retry=False)
    except (BrokerDown, OSError) as failure:
        logger.warning("The sweep waits, the broker is down: %s", failure)
