"""Mails that come back hours later: what the recipient's server says is read in a return box.

A mail server says yes, passes the message on, and learns afterwards that it cannot be delivered: it
then writes to the sender (a delivery status notification, RFC 3464). The box that receives these is
named by `BOUNCE_IMAP_URL`; without it, such a mail stays « envoyé ».

Nothing in the box is deleted. What was read is marked so; what is no such notification is left.
"""

import contextlib
import email
import email.policy
import imaplib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import MIMEPart
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from core.enums import MailState
from core.models import Mail
from core.text import clean_line

logger = logging.getLogger(__name__)

TIMEOUT = 20
TLS_PORT, PLAIN_PORT = 993, 143
# The rest waits for the next reading.
MESSAGES_A_READING = 200
# A notification says all in its first pages; the message that it brings back may be long.
LONGEST = 200_000
LONGEST_WORDS = 300
# The identity that `core.delivery` gives to a message.
OUR_IDENTITY = re.compile(r"<(\d{20})\.(\d{1,18})@")

# Enhanced status codes (RFC 3463), from the most precise to the least.
REASONS = {
    "1.1": "L’adresse n’existe pas, ou plus.",
    "1.10": "L’adresse n’existe pas, ou plus.",
    "1.2": "Le domaine de l’adresse n’existe pas, ou plus.",
    "2.1": "La boîte de cette personne est désactivée.",
    "2.2": "La boîte de cette personne est pleine.",
    "1": "L’adresse n’est pas valable.",
    "2": "La boîte de cette personne n’accepte pas le message.",
    "4": "Le serveur de courriel de cette personne est resté injoignable.",
    "7": "Le serveur de courriel de cette personne refuse nos messages\u00a0: voyez avec son"
    " service informatique.",
}
OTHERWISE = (
    "Le message est revenu\u00a0: le serveur de courriel de cette personne ne l’a pas accepté."
)


@dataclass(frozen=True)
class Bounce:
    """One mail that came back, and what the server said."""

    sent: str
    mail_pk: int
    words: str


def read_bounces() -> int:
    """Mark as refused the mails that came back; gives how many. Harmless to repeat.

    Does nothing without a return box; one that cannot be reached is read next time.
    """
    if not settings.BOUNCE_IMAP_URL:
        return 0
    found = 0
    try:
        with _opened_box() as box:
            for key in _notifications(box):
                found += _read(box, key)
    except (imaplib.IMAP4.error, OSError) as failure:
        logger.warning("Return box out of reach: %s", failure)
    return found


def bounce_in(content: bytes) -> Bounce | None:
    """The failure that a notification tells of one of our mails; none for anything else."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    if message.get_content_type() != "multipart/report":
        return None
    identity = OUR_IDENTITY.search(content.decode("ascii", errors="replace"))
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and identity:
            for block in part.iter_parts():
                if str(block.get("Action", "")).strip().lower() == "failed":
                    return Bounce(identity[1], int(identity[2]), _words(block))
    return None


def _words(block: MIMEPart) -> str:
    """The reason in French, then the server's own words."""
    status = re.search(r"[45]\.(\d{1,3})\.(\d{1,3})", str(block.get("Status", "")))
    reason = OTHERWISE
    if status:
        subject, detail = status[1], status[2]
        reason = REASONS.get(f"{subject}.{detail}") or REASONS.get(subject) or OTHERWISE
    said = clean_line(str(block.get("Diagnostic-Code", ""))).partition(";")[2].strip()
    said = said or (status[0] if status else "")
    return f"{reason} ({said[:LONGEST_WORDS]})" if said else reason


def _keep(bounce: Bounce) -> bool:
    """Write the refusal down; a mail that is not ours, or not sent, is left alone. Two queries."""
    sent = Mail.objects.filter(
        pk=bounce.mail_pk, state__in=[MailState.SENT, MailState.UNCERTAIN]
    ).first()
    if sent is None or f"{sent.created_at:%Y%m%d%H%M%S%f}" != bounce.sent:
        return False
    logger.warning("Mail %s came back", sent.pk)
    return bool(
        Mail.objects.filter(pk=sent.pk, state=sent.state).update(
            state=MailState.REFUSED, refusal=bounce.words, settled_at=timezone.now()
        )
    )


@contextlib.contextmanager
def _opened_box() -> Iterator[imaplib.IMAP4]:
    """The return box, signed in: imaps is TLS from the first byte, imap STARTTLS where offered."""
    url = urlsplit(settings.BOUNCE_IMAP_URL)
    host = url.hostname or "localhost"
    box: imaplib.IMAP4
    if url.scheme == "imaps":
        box = imaplib.IMAP4_SSL(host, url.port or TLS_PORT, timeout=TIMEOUT)
    else:
        box = imaplib.IMAP4(host, url.port or PLAIN_PORT, timeout=TIMEOUT)
    try:
        if url.scheme == "imap" and "STARTTLS" in box.capabilities:
            box.starttls()
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        _said(box.select(f'"{unquote(url.path.strip("/")) or "INBOX"}"'))
        yield box
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            box.logout()
        with contextlib.suppress(OSError):
            box.shutdown()


def _notifications(box: imaplib.IMAP4) -> list[str]:
    """The keys of those not read yet, the oldest first."""
    asked = ("UNSEEN", "HEADER", "Content-Type", "delivery-status")
    found = _said(box.uid("SEARCH", *asked))
    keys = found[0].decode().split() if found and isinstance(found[0], bytes) else []
    return keys[:MESSAGES_A_READING]


def _read(box: imaplib.IMAP4, key: str) -> bool:
    """Read one notification, and mark it so once what it says is kept.

    One that cannot be understood stops no other; when the base does not answer, it is read again.
    """
    fetched = _said(box.uid("FETCH", key, f"(BODY.PEEK[]<0.{LONGEST}>)"))
    contents = [piece[1] for piece in fetched if isinstance(piece, tuple)]
    bounce = None
    try:
        bounce = bounce_in(contents[0]) if contents else None
    except Exception:
        # The parser of mails meets anything at all: malformed, it says nothing of ours.
        logger.exception("Notification %s of the return box cannot be read", key)
    is_kept = bounce is not None and _keep(bounce)
    _said(box.uid("STORE", key, "+FLAGS", r"(\Seen)"))
    return is_kept


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the box answers; its refusal is an error."""
    status, content = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the return box answers {status}")
    return content
