"""Jobs of the room: a long workbook imported while its page shows how far it is."""

import logging
from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from documents.models import SentWorkbook
from documents.workbooks import keeping
from roadmap.imports.foreign.sent import import_kept as write_foreign
from roadmap.imports.foreign.sent import is_from_elsewhere
from roadmap.imports.workbooks.orders import fulfil, write_order

logger = logging.getLogger(__name__)


@transaction.atomic
def order_import(*, sent: SentWorkbook, choices: Mapping[str, Any]) -> bool:
    """Write the order, then tell the workers; false when it was ordered before."""
    is_new = keeping.order_import(sent, choices)
    if is_new:
        transaction.on_commit(lambda: publish(sent.pk))
    return is_new


@shared_task  # type: ignore[untyped-decorator]
def import_sent(sent_pk: int) -> None:
    """Import one file unless another worker has it: harmless to repeat."""
    found = SentWorkbook.objects.select_related("project__territory__region", "sent_by")
    sent = found.filter(pk=sent_pk).first()
    if sent and keeping.claim_import(sent, at=timezone.now()):
        fulfil(sent, write=write_foreign if is_from_elsewhere(sent) else write_order)


@shared_task(expires=60)  # type: ignore[untyped-decorator]
def sweep_imports() -> None:
    """Send again what no worker has received, or what a dead one held."""
    for pk in keeping.forgotten_imports(at=timezone.now()):
        if not publish(pk):
            return


def publish(sent_pk: int) -> bool:
    """Tell the workers; a broker that is down only delays the order until the next sweep."""
    try:
        import_sent.apply_async(args=[sent_pk], retry=False)
    except (BrokerDown, OSError) as failure:
        logger.warning("Workbook %s waits, the broker is down: %s", sent_pk, failure)
        return False
    return True
