"""What a worker does of an ordered mail: take it, hand it to the mail server, write its answer.

A mail is taken by compare-and-set, so two workers never send it twice. Between the server's yes
and our own commit a worker may die: nobody can know then whether the message left, so it becomes
« envoi incertain » and is never sent again by itself (`decisions.md` 21).

Texts hold secret links, which the base must not keep once they are sent: a settled mail loses its
text, but in the demonstration, whose mails are read in the application.
"""

import contextlib
import datetime as dt
import logging
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from core.enums import MailState
from core.models import Mail

logger = logging.getLogger(__name__)

# A worker that says nothing for so long is dead: SMTP gives up far earlier (EMAIL_TIMEOUT).
FORGOTTEN_AFTER = dt.timedelta(minutes=10)
# How long to wait after each failed try; after the last one the mail is refused. 17 hours in all.
WAITS = tuple(dt.timedelta(minutes=m) for m in (0.5, 1, 2, 5, 10, 20, 40, 60, 120, 240, 480))
# Beyond that, the next sweep goes on.
MAILS_A_SWEEP = 50

LOST_ON_THE_WAY = (
    "L’envoi s’est interrompu avant la réponse du serveur de courriel : le message est peut-être"
    " parti, peut-être pas. Il n’est pas renvoyé tout seul."
)
GAVE_UP = "Le serveur de courriel reste injoignable après {count} essais. Dernier échec : {words}"


# What a calendar is asked to do, as its own lines say it.
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)

# From the most precise to the least.
FAILURES: dict[type[Exception], str] = {
    ConnectionRefusedError: "Le serveur de courriel refuse la connexion.",
    TimeoutError: "Le serveur de courriel ne répond pas à temps.",
    socket.gaierror: "Le serveur de courriel est introuvable.",
    ssl.SSLError: "La connexion chiffrée au serveur de courriel a échoué.",
    smtplib.SMTPServerDisconnected: "Le serveur de courriel a coupé la connexion.",
}


class NotNow(Exception):
    """The server cannot take the message now: it did not leave, and can be tried again."""


class OutOfReach(NotNow):
    """The line to the server fails: the other messages would not leave either."""


class Refused(Exception):
    """The server will never take the message; its words."""


class Unknown(Exception):
    """The connection broke while the server was answering: it may have taken the message."""


def deliver(mail_pk: int) -> bool:
    """Send one mail, unless it is taken or settled; false when the server is out of reach.

    Three queries.
    """
    mail = _claim(mail_pk)
    if mail is None:
        return True
    try:
        _hand_over(_message(mail))
    except Refused as answer:
        _settle(mail, MailState.REFUSED, words=str(answer))
    except Unknown as failure:
        _settle(mail, MailState.UNCERTAIN, words=f"{LOST_ON_THE_WAY} {failure}")
    except NotNow as failure:
        _put_back(mail, words=str(failure))
        return not isinstance(failure, OutOfReach)
    else:
        _settle(mail, MailState.SENT)
    return True


def sweep(*, at: dt.datetime | None = None) -> None:
    """Send what is due, and flag what a dead worker left; stops at a server that is down."""
    moment = at or timezone.now()
    Mail.objects.forgotten(at=moment, after=FORGOTTEN_AFTER).update(
        state=MailState.UNCERTAIN,
        refusal=LOST_ON_THE_WAY,
        settled_at=moment,
        **_without_text(),
    )
    due = Mail.objects.due(at=moment, waits=WAITS).order_by("created_at", "pk")
    for mail_pk in due.values_list("pk", flat=True)[:MAILS_A_SWEEP]:
        if not deliver(mail_pk):
            return


def _claim(mail_pk: int) -> Mail | None:
    """Take a mail that waits; none when it is gone, taken or settled."""
    taken = Mail.objects.waiting().filter(pk=mail_pk)
    if not taken.update(
        state=MailState.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1
    ):
        return None
    return Mail.objects.get(pk=mail_pk)


def _settle(mail: Mail, state: MailState, *, words: str = "") -> None:
    """Write the answer, unless the sweep has flagged the mail meanwhile."""
    Mail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
        state=state, refusal=words, settled_at=timezone.now(), **_without_text()
    )
    if state != MailState.SENT:
        logger.warning("Mail %s: %s", mail.pk, state.label)


def _without_text() -> dict[str, str]:
    return {} if settings.IS_DEMO else {"body": "", "calendar": ""}


def _put_back(mail: Mail, *, words: str) -> None:
    """Let the sweep try again later, a bounded number of times."""
    if mail.attempts > len(WAITS):
        sentence = GAVE_UP.format(count=mail.attempts, words=words)
        _settle(mail, MailState.REFUSED, words=sentence)
        return
    Mail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
        state=MailState.WAITING, refusal=words
    )
    logger.warning("Mail %s waits, try %s failed: %s", mail.pk, mail.attempts, words)


def _message(mail: Mail) -> EmailMessage:
    """The message as it leaves; its identity is the row's, whatever the number of tries."""
    message = _letter(mail)
    if mail.calendar:
        # Twice: what calendars read by themselves, and a file for the other mail programs.
        method = METHOD.search(mail.calendar)
        asked = f"; method={method[1]}" if method else ""
        message.attach_alternative(mail.calendar, f"text/calendar{asked}")
        message.attach("reunion.ics", mail.calendar.encode(), "application/ics")
    return message


def _letter(mail: Mail) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Message-ID": f"<{mail.created_at:%Y%m%d%H%M%S%f}.{mail.pk}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": "fr",
        },
    )


def _hand_over(message: EmailMessage) -> None:
    """Give one message to the mail server; `NotNow`, `Refused` or `Unknown` otherwise."""
    with _opened_connection() as connection:
        content = _Content(connection)
        try:
            connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as refusal:
            raise _answered(*next(iter(refusal.recipients.values()))) from refusal
        except smtplib.SMTPResponseException as refusal:
            raise _answered(refusal.smtp_code, refusal.smtp_error) from refusal
        except (smtplib.SMTPException, OSError) as failure:
            logger.warning("Mail server lost: %r", failure)
            kind = Unknown if content.has_begun else OutOfReach
            raise kind(_words(failure)) from failure


@contextlib.contextmanager
def _opened_connection() -> Iterator[BaseEmailBackend]:
    """A connection that is signed in; whatever fails before that concerns no message.

    Closing comes after the server's answer, and cannot change it.
    """
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as failure:
        logger.warning("Mail server out of reach: %r", failure)
        raise OutOfReach(_words(failure)) from failure
    try:
        yield connection
    finally:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()


class _Content:
    """Whether the content of a message has begun to leave over an SMTP connection.

    Before that, a broken connection means « not sent »; after, nobody knows.
    """

    def __init__(self, connection: BaseEmailBackend) -> None:
        self.has_begun = False
        client = getattr(connection, "connection", None)
        if not isinstance(client, smtplib.SMTP):
            return
        give_content = client.data

        def watched(msg: Any) -> tuple[int, bytes]:
            self.has_begun = True
            return give_content(msg)

        client.data = watched  # type: ignore[method-assign]


def _answered(code: int, words: bytes | str) -> NotNow | Refused:
    """The server spoke: 4xx is « later », the rest is no."""
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    kind = NotNow if 400 <= code < 500 else Refused
    return kind(f"{code} {' '.join(said.split())}")


def _words(failure: Exception) -> str:
    """A failure of the line in French: leads read it beside the invitation that waits."""
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return f"Les identifiants du serveur de courriel sont refusés (code {failure.smtp_code})."
    for kind, sentence in FAILURES.items():
        if isinstance(failure, kind):
            return sentence
    return "La connexion au serveur de courriel a échoué."
