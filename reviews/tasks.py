"""The clock of the review: campaigns open, the silent are reminded."""

from celery import shared_task

from reviews.services.opening import open_due
from reviews.services.reminding import remind_due

# A tick that no worker took in time says nothing that the next one will not.
TICK_EXPIRES_AFTER = 55


@shared_task(expires=TICK_EXPIRES_AFTER)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Open what is to open, remind whoever is to be reminded; harmless to repeat."""
    open_due()
    remind_due()
