"""Mail: nothing is lost, nothing is sent twice, and the server's answer is kept."""

import datetime as dt
import logging
from collections.abc import Iterator
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown
from pytest_django import DjangoCaptureOnCommitCallbacks as Commit
from pytest_django import Settings

from core import delivery, tasks
from core.enums import MailState
from core.mail import send_on_commit
from core.models import Mail
from tests.core.post_office import PostOffice, post_office

__all__ = ["post_office"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published() -> Iterator[mock.Mock]:
    """The broker, watched: no test speaks to a real one."""
    with mock.patch.object(tasks.send_mail, "apply_async") as apply_async:
        yield apply_async


def order(**changes: str) -> Mail:
    fields = {"to": "zoe@exemple.fr", "subject": "Réunion du COPIL", "body": "À bientôt, œuvre."}
    return send_on_commit(**(fields | changes))


def later(**delta: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(**delta)


def test_order_of_an_undone_transaction_sends_nothing(
    published: mock.Mock, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(LookupError):
        order_then_fail()
    assert not Mail.objects.exists()
    published.assert_not_called()


@transaction.atomic
def order_then_fail() -> None:
    order()
    raise LookupError


def test_kept_order_is_told_to_a_worker_once(
    published: mock.Mock, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        mail = order()
        published.assert_not_called()
    published.assert_called_once_with(args=[mail.pk], retry=False)


@pytest.mark.parametrize("failure", [BrokerDown("down"), ConnectionRefusedError()])
def test_broker_that_is_down_does_not_stop_the_order(
    published: mock.Mock,
    django_capture_on_commit_callbacks: Commit,
    post_office: PostOffice,
    failure: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    published.side_effect = failure
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        mail = order()
    assert "waits for the sweep" in caplog.text
    delivery.sweep()
    assert post_office.received == []  # left a moment to the worker
    delivery.sweep(at=later(seconds=31))
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert len(post_office.received) == 1


def test_sent_mail_is_french_plain_and_answerable(
    post_office: PostOffice, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "PTSM <ptsm@exemple.fr>"
    mail = order(reply_to="agnes@exemple.fr", body="Bonjour,\n\nÀ bientôt.\n")
    tasks.send_mail(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.refusal) == (MailState.SENT, 1, "")
    assert mail.settled_at is not None
    [received] = post_office.received
    assert received["From"] == "PTSM <ptsm@exemple.fr>"
    assert received["To"] == "zoe@exemple.fr"
    assert received["Reply-To"] == "agnes@exemple.fr"
    assert received["Subject"] == "Réunion du COPIL"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Content-Language"] == "fr"
    assert received["Date"]
    assert received["Message-ID"].endswith(f".{mail.pk}@exemple.fr>")
    assert received.get_content_type() == "text/plain"
    assert received.get_content_charset() == "utf-8"
    assert received.get_content() == "Bonjour,\n\nÀ bientôt.\n"


def test_two_workers_send_it_once(post_office: PostOffice) -> None:
    mail = order()
    tasks.send_mail(mail.pk)
    tasks.send_mail(mail.pk)
    delivery.sweep(at=later(days=2))
    assert len(post_office.received) == 1


def test_secret_text_does_not_outlive_its_sending(
    post_office: PostOffice, settings: Settings
) -> None:
    mail = order(body="https://exemple.fr/invitation/secret/")
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.body == ""
    settings.IS_DEMO = True
    shown = order(body="https://exemple.fr/invitation/secret/")
    delivery.deliver(shown.pk)
    shown.refresh_from_db()
    assert shown.body == "https://exemple.fr/invitation/secret/"


def test_refused_recipient_keeps_the_server_words(post_office: PostOffice) -> None:
    post_office.answers_to["zoe@exemple.fr"] = "550 5.1.1 Adresse inconnue ici"
    mail = order()
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED
    assert mail.refusal == "550 5.1.1 Adresse inconnue ici"
    delivery.sweep(at=later(days=2))
    mail.refresh_from_db()
    assert mail.attempts == 1


def test_server_that_says_later_is_asked_again(post_office: PostOffice) -> None:
    post_office.answers_to["zoe@exemple.fr"] = "450 4.2.0 Greylisted"
    mail = order()
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.refusal) == (MailState.WAITING, "450 4.2.0 Greylisted")
    post_office.answers_to.clear()
    delivery.sweep(at=later(minutes=1))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.refusal) == (MailState.SENT, 2, "")


def test_one_recipient_that_waits_stops_no_other_mail(post_office: PostOffice) -> None:
    post_office.answers_to["zoe@exemple.fr"] = "450 4.2.0 Greylisted"
    greylisted, behind = order(), order(to="yann@exemple.fr")
    delivery.sweep(at=later(minutes=1))
    states = dict(Mail.objects.values_list("pk", "state"))
    assert states == {greylisted.pk: MailState.WAITING, behind.pk: MailState.SENT}


def test_server_down_then_back_receives_it(post_office: PostOffice) -> None:
    post_office.close()
    first, second = order(), order(to="yann@exemple.fr")
    assert delivery.deliver(first.pk) is False
    first.refresh_from_db()
    assert first.state == MailState.WAITING
    assert first.refusal == "Le serveur de courriel refuse la connexion."
    delivery.sweep(at=later(minutes=1))
    second.refresh_from_db()
    assert second.attempts == 0  # one refusal a sweep is enough to know
    post_office.open()
    delivery.sweep(at=later(minutes=5))
    assert {message["To"] for message in post_office.received} == {
        "zoe@exemple.fr",
        "yann@exemple.fr",
    }
    assert not Mail.objects.exclude(state=MailState.SENT).exists()


def test_server_that_never_comes_back_ends_in_a_french_refusal(post_office: PostOffice) -> None:
    post_office.close()
    mail = order()
    for hours in range(0, 24 * 20, 9):
        delivery.sweep(at=later(hours=hours))
        Mail.objects.filter(state=MailState.WAITING).update(claimed_at=later(hours=hours))
    mail.refresh_from_db()
    assert mail.state == MailState.REFUSED
    assert mail.attempts == len(delivery.WAITS) + 1
    assert mail.refusal.startswith("Le serveur de courriel reste injoignable après 12 essais.")


def test_worker_killed_after_the_yes_leaves_it_uncertain(post_office: PostOffice) -> None:
    mail = order()
    with (
        mock.patch.object(delivery, "_settle", side_effect=SystemExit),
        pytest.raises(SystemExit),
    ):
        delivery.deliver(mail.pk)
    assert len(post_office.received) == 1
    delivery.sweep(at=later(minutes=9))
    mail.refresh_from_db()
    assert mail.state == MailState.SENDING
    delivery.sweep(at=later(minutes=11))
    mail.refresh_from_db()
    assert mail.state == MailState.UNCERTAIN
    assert mail.get_state_display() == "Envoi incertain"
    assert "peut-être" in mail.refusal
    delivery.sweep(at=later(days=30))
    assert len(post_office.received) == 1


def test_server_that_hangs_up_on_the_content_leaves_it_uncertain(post_office: PostOffice) -> None:
    post_office.hangs_up_on_content = True
    mail = order()
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.UNCERTAIN
    delivery.sweep(at=later(days=30))
    assert len(post_office.received) == 1


def test_late_answer_does_not_rewrite_what_the_sweep_said(post_office: PostOffice) -> None:
    mail = order()
    Mail.objects.update(state=MailState.SENDING, claimed_at=later(minutes=-11))
    delivery.sweep()
    delivery._settle(mail, MailState.SENT)
    mail.refresh_from_db()
    assert mail.state == MailState.UNCERTAIN


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Bonjour\nBcc: tous@exemple.fr", "Bonjour Bcc: tous@exemple.fr"),
        ("Bonjour\r\n\r\nContenu", "Bonjour Contenu"),
        ("Nul\x00 ici\t!", "Nul ici !"),
        ("été " * 100, ("été " * 100)[:199] + "…"),
    ],
)
def test_subject_is_one_safe_line(post_office: PostOffice, typed: str, kept: str) -> None:
    mail = order(subject=typed)
    delivery.deliver(mail.pk)
    assert post_office.received[-1]["Subject"].strip() == kept
    assert post_office.received[-1]["Bcc"] is None
