"""Mail: ordered as a row in the caller's transaction, handed to a worker once that is kept.

Whoever orders a mail never waits for the mail server, nor for the broker: a message lost on the
way to the worker is found again by the sweep (`core.tasks.sweep_mail`).
"""

import functools
import logging

from django.db import transaction
from kombu.exceptions import OperationalError as BrokerDown

from core.models import Mail
from core.tasks import send_mail
from core.text import clean_line, clean_paragraphs

logger = logging.getLogger(__name__)

SUBJECT_LENGTH = 200


def send_on_commit(*, to: str, subject: str, body: str, reply_to: str = "") -> Mail:
    """Order one message to one person; nothing leaves if the transaction is undone.

    The subject becomes one line of at most 200 signs. One query, and one message to the broker.
    """
    mail = Mail.objects.create(
        to=to,
        reply_to=reply_to,
        subject=_one_line(subject),
        body=clean_paragraphs(body),
    )
    transaction.on_commit(functools.partial(_publish, mail.pk), robust=True)
    return mail


def _one_line(subject: str) -> str:
    line = " ".join(clean_line(subject).split())
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1]}…"


def _publish(mail_pk: int) -> None:
    """Tell a worker; a broker that is down only delays the message until the next sweep."""
    try:
        send_mail.apply_async(args=[mail_pk], retry=False)
    except (BrokerDown, OSError) as failure:
        logger.warning("Mail %s waits for the sweep, the broker is down: %s", mail_pk, failure)
