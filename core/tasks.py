"""Jobs of the house: its post, and the sessions that nobody comes back to."""

from celery import shared_task
from django.core.management import call_command

from core import bounces, delivery

# A sweep that no worker took in time says nothing that the next one will not.
SWEEP_EXPIRES_AFTER = 30
READING_EXPIRES_AFTER = 240


@shared_task  # type: ignore[untyped-decorator]
def send_mail(mail_pk: int) -> None:
    """Hand one ordered mail to the mail server, unless a worker already has."""
    delivery.deliver(mail_pk)


@shared_task(expires=SWEEP_EXPIRES_AFTER)  # type: ignore[untyped-decorator]
def sweep_mail() -> None:
    """Send again what waits, and flag what was lost on the way."""
    delivery.sweep()


@shared_task(expires=READING_EXPIRES_AFTER)  # type: ignore[untyped-decorator]
def read_bounces() -> None:
    """Mark as refused the mails that came back to the return box."""
    bounces.read_bounces()


@shared_task  # type: ignore[untyped-decorator]
def clear_sessions() -> None:
    """Delete the sessions that have expired: they say who came, and open nothing any more."""
    call_command("clearsessions")
