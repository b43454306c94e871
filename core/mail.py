"""Mail: ordered as a row in the caller's transaction, handed to a worker once that is kept.

Whoever orders a mail never waits for the mail server, nor for the broker: a message lost on the
way to the worker is found again by the sweep (`core.tasks.sweep_mail`).
"""

import contextlib
import functools
import logging
from collections.abc import Iterator
from contextvars import ContextVar

from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDown

from core.models import Mail
from core.tasks import send_mail
from core.text import clean_line, clean_paragraphs

logger = logging.getLogger(__name__)

SUBJECT_LENGTH = 200

_is_untold: ContextVar[bool] = ContextVar("is_untold", default=False)


def send_on_commit(
    *, to: str, subject: str, body: str, reply_to: str = "", calendar: str = ""
) -> Mail:
    """Order one message to one person; nothing leaves if the transaction is undone.

    `calendar` is an event that it brings (`core.calendars.invitation`). One query, and one message
    to the broker.
    """
    mail = composed(to=to, subject=subject, body=body, reply_to=reply_to, calendar=calendar)
    mail.save()
    if not _is_untold.get():
        transaction.on_commit(functools.partial(_publish, mail.pk), robust=True)
    return mail


@contextlib.contextmanager
def telling_no_worker() -> Iterator[None]:
    """Mails ordered inside wait as rows: whoever asks for it deletes them before the commit.

    A past that is only told, as that of the demonstration, writes to nobody.
    """
    mark = _is_untold.set(True)
    try:
        yield
    finally:
        _is_untold.reset(mark)


def composed(*, to: str, subject: str, body: str, reply_to: str = "", calendar: str = "") -> Mail:
    """A message as it will leave, not ordered yet; the subject is one line of at most 200 signs."""
    return Mail(
        to=to,
        reply_to=reply_to,
        subject=_one_line(subject),
        body=clean_paragraphs(body),
        calendar=calendar,
    )


def _one_line(subject: str) -> str:
    line = " ".join(clean_line(subject).split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def _publish(mail_pk: int) -> None:
    """Tell a worker; a broker that is down only delays the message until the next sweep."""
    try:
        send_mail.apply_async(args=[mail_pk], retry=False)
    except (BrokerDown, OSError) as failure:
        logger.warning("Mail %s waits for the sweep, the broker is down: %s", mail_pk, failure)
