"""Mails that come back: read over a real connection, told in French, whatever else lies there."""

import logging

import pytest
from django.db import OperationalError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from core import bounces, tasks
from core.delivery import _message
from core.enums import MailState
from core.models import Mail
from tests.core.return_box import ReturnBox, return_box

__all__ = ["return_box"]

pytestmark = pytest.mark.django_db


def sent(state: MailState = MailState.SENT) -> Mail:
    return Mail.objects.create(
        to="zoe@exemple.fr", subject="Revue", body="", state=state, settled_at=timezone.now()
    )


def notification(
    mail: Mail,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 No such user",
) -> bytes:
    """What Postfix writes to the sender."""
    identity = str(_message(mail).extra_headers["Message-ID"])
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.exemple.fr",
            "To: ptsm@exemple.fr",
            "Subject: Undelivered Mail Returned to Sender",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status;",
            '\tboundary="B"',
            "",
            "--B",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "I'm sorry to have to inform you that your message could not be delivered.",
            "--B",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.exemple.fr",
            "",
            f"Final-Recipient: rfc822; {mail.to}",
            f"Action: {action}",
            f"Status: {status}",
            f"Diagnostic-Code: {said}",
            "",
            "--B",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {identity}",
            "Subject: Revue",
            "",
            "--B--",
            "",
        ]
    ).encode()


def test_a_mail_that_came_back_is_refused_with_its_reason(return_box: ReturnBox) -> None:
    mail, other = sent(), sent()
    return_box.messages.append(notification(mail))
    tasks.read_bounces()
    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED
    assert mail.refusal == "L’adresse n’existe pas, ou plus. (550 5.1.1 No such user)"
    other.refresh_from_db()
    assert other.state == MailState.SENT
    assert return_box.seen == {1}
    assert 'SELECT "Retours"' in return_box.asked
    assert bounces.read_bounces() == 0


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("5.2.2", "La boîte de cette personne est pleine."),
        ("4.4.7", "Le serveur de courriel de cette personne est resté injoignable."),
        ("5.7.26", "Le serveur de courriel de cette personne refuse nos messages"),
        ("5.0.0", "Le message est revenu"),
        ("", "Le message est revenu"),
    ],
)
def test_reasons_are_told_in_french(return_box: ReturnBox, status: str, reason: str) -> None:
    mail = sent(MailState.UNCERTAIN)
    return_box.messages.append(notification(mail, status=status))
    assert bounces.read_bounces() == 1
    mail.refresh_from_db()
    assert mail.refusal.startswith(reason)


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", ""])
def test_only_a_failure_is_a_refusal(return_box: ReturnBox, action: str) -> None:
    mail = sent()
    return_box.messages.append(notification(mail, action=action))
    assert bounces.read_bounces() == 0
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert return_box.seen == {1}


def test_the_mail_of_somebody_else_or_of_another_moment_is_left_alone(
    return_box: ReturnBox,
) -> None:
    mail = sent()
    forged = notification(mail).replace(f".{mail.pk}@".encode(), b".999999999999999999@")
    elsewhere = notification(mail).replace(f"<{mail.created_at:%Y}".encode(), b"<1999")
    return_box.messages += [forged, elsewhere]
    assert bounces.read_bounces() == 0
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_what_is_no_notification_is_neither_read_nor_marked(return_box: ReturnBox) -> None:
    return_box.messages.append(b"Subject: Bonjour\r\n\r\nUne question\r\n")
    assert bounces.read_bounces() == 0
    assert return_box.seen == set()


def test_malformed_notifications_stop_no_other(
    return_box: ReturnBox, caplog: pytest.LogCaptureFixture
) -> None:
    mail = sent()
    whole = notification(mail)
    head = b"Content-Type: multipart/report; report-type=delivery-status"
    return_box.messages += [
        head + b"\r\n\r\n",
        head + b"; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/report; report-type=delivery-status; charset=\xff\r\n\r\n\x00",
        whole[: len(whole) // 2],
        whole.replace(b"us-ascii", b"no-such-charset").replace(b"Status: 5", b"Status: \xe9\x00"),
        whole,
    ]
    assert bounces.read_bounces() == 1
    assert return_box.seen == {1, 2, 3, 4, 5, 6}
    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED


@given(st.binary(max_size=400), st.integers(0, 1200))
def test_anything_at_all_is_read_without_a_crash(noise: bytes, place: int) -> None:
    mail = Mail(pk=7, to="zoe@exemple.fr", subject="Revue", body="")
    whole = notification(mail)
    spoilt = whole[:place] + noise + whole[place + len(noise) :]
    for content in (noise, spoilt):
        found = bounces.bounce_in(content)
        assert found is None or found.words


@pytest.mark.parametrize("moment", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
def test_a_box_that_hangs_up_is_read_next_time(
    return_box: ReturnBox, caplog: pytest.LogCaptureFixture, moment: str
) -> None:
    mail = sent()
    return_box.messages.append(notification(mail))
    return_box.hangs_up_on = moment
    with caplog.at_level(logging.WARNING):
        bounces.read_bounces()
    assert "out of reach" in caplog.text
    return_box.hangs_up_on = ""
    bounces.read_bounces()
    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED


def test_a_base_that_does_not_answer_leaves_the_mail_to_be_read_again(
    return_box: ReturnBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = sent()
    return_box.messages.append(notification(mail))

    def down(_bounce: bounces.Bounce) -> bool:
        raise OperationalError("the base is down")

    with monkeypatch.context() as broken:
        broken.setattr(bounces, "_keep", down)
        with pytest.raises(OperationalError):
            bounces.read_bounces()
    assert return_box.seen == set()
    assert bounces.read_bounces() == 1
    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED


def test_a_wrong_password_or_no_box_at_all_does_no_harm(
    return_box: ReturnBox, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOUNCE_IMAP_URL = f"imap://retours:faux@127.0.0.1:{return_box.port}"
    assert bounces.read_bounces() == 0
    assert "out of reach" in caplog.text
    assert "faux" not in caplog.text
    settings.BOUNCE_IMAP_URL = "imap://127.0.0.1:9"
    assert bounces.read_bounces() == 0
    settings.BOUNCE_IMAP_URL = ""
    assert bounces.read_bounces() == 0
