"""Answers: by the mail's link on a telephone, by an account, by the lead; links that are over."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.models import AccessLink, User
from core import tasks
from core.models import Mail
from governance.enums import MeetingState, Reply
from governance.models import Attendee, Meeting, MeetingLetter
from governance.services.convening import convene, resend
from governance.services.feeds import make_feed
from governance.summaries.convocations import recipients_of
from journal.enums import Source
from journal.models import ChangeSet
from territories.models import Membership
from tests.cast import Cast
from tests.factories import PersonFactory, UserFactory, unsigned
from tests.governance.bodies_scene import make_seat
from tests.governance.meetings_scene import Sitting, make_meeting, set_sitting

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _no_broker() -> Any:
    with mock.patch.object(tasks.send_mail, "apply_async") as published:
        yield published


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    made = set_sitting(cast.project, cast.agnes)
    seen = recipients_of(made.meeting, with_substitutes=False).seal
    convene(meeting=made.meeting, with_substitutes=False, seen=seen, by=made.lead)
    return made


def link_of_last_mail() -> str:
    found = re.search(r"/convocation/[^/\s]+/", Mail.objects.latest("pk").body)
    assert found
    return found[0]


def told(answered: Any) -> str:
    text: str = answered.content.decode()
    return text.replace("\u00a0", " ")


def nina() -> Attendee:
    return Attendee.objects.select_related("meeting").get(name="Nina Roy")


def come(client: Client) -> str:
    """The address behind the link, and the cookie that opens it."""
    opened = client.get(link_of_last_mail())
    assert opened.status_code == 303
    assert opened["Referrer-Policy"] == "no-referrer"
    address: str = opened["Location"]
    return address


def test_link_opens_a_clean_address_and_uses_nothing_up(sitting: Sitting, client: Client) -> None:
    for _ in range(3):
        address = come(client)
        assert link_of_last_mail().split("/")[2] not in address
    page = told(client.get(address))
    assert "Nina Roy, venez-vous ?" in page
    assert nina().reply == Reply.NONE
    assert client.get(address).headers["Cache-Control"].startswith("max-age=0")


def test_answer_is_kept_and_may_change(sitting: Sitting, client: Client) -> None:
    address = come(client)
    page = told(client.post(address, {"reply": "oui"}, follow=True))
    assert "C’est noté : vous venez." in page
    assert nina().reply == Reply.YES
    changed = client.post(address, {"reply": "represente", "represented_by": "Zoé Martin"})
    assert changed.status_code == 302
    kept = nina()
    assert (kept.reply, kept.represented_by) == (Reply.REPRESENTED, "Zoé Martin")
    gesture = ChangeSet.objects.of(kept.meeting.scope).latest("pk")
    assert (gesture.by, gesture.by_name, gesture.source) == (None, "Nina Roy", Source.LINK)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"represented_by": ""}, "Choisissez une réponse."),
        ({"reply": "peut-etre"}, "Choisissez une des trois réponses."),
        ({"reply": "represente", "represented_by": "  "}, "Dites par qui."),
    ],
)
def test_answer_that_says_nothing(
    sitting: Sitting, client: Client, sent: dict[str, str], words: str
) -> None:
    assert words in told(client.post(come(client), sent))
    assert nina().reply == Reply.NONE


def test_older_links_answer_too(sitting: Sitting, client: Client) -> None:
    older = link_of_last_mail()
    resend(attendee=nina(), by=sitting.lead)
    address = client.get(older)["Location"]
    assert client.post(address, {"reply": "non"}).status_code == 302
    assert nina().reply == Reply.NO


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"revoked_at": timezone.now()}, "Ce lien a été retiré"),
        ({"expires_at": timezone.now()}, "Ce lien a expiré"),
    ],
)
def test_link_that_is_over_explains(
    sitting: Sitting, client: Client, changes: dict[str, Any], words: str
) -> None:
    AccessLink.objects.filter(meeting_letter__isnull=False).update(**changes)
    address = come(client)
    answered = client.get(address)
    assert answered.status_code == 410
    assert words in told(answered)
    assert client.post(address, {"reply": "oui"}).status_code == 410
    assert nina().reply == Reply.NONE


def test_without_its_cookie_the_page_says_how_to_come(sitting: Sitting, client: Client) -> None:
    address = reverse("governance:reply_page", args=[nina().pk])
    assert client.get(address)["Location"] == reverse("governance:reply_unknown")
    sent = client.post(address, {"reply": "represente", "represented_by": "Zoé Martin"})
    assert sent.status_code == 401
    assert "Zoé Martin" in told(sent)
    assert client.get("/convocation/inconnu/").status_code == 303


def test_cookie_of_one_opens_no_other(sitting: Sitting, client: Client) -> None:
    come(client)
    omar = Attendee.objects.get(name="Omar Diop")
    assert client.get(reverse("governance:reply_page", args=[omar.pk])).status_code == 303


def test_too_late(sitting: Sitting, client: Client) -> None:
    address = come(client)
    with unsigned():
        Meeting.objects.update(starts_at=timezone.now() - dt.timedelta(minutes=1))
    page = told(client.post(address, {"reply": "oui"}))
    assert "Cette réunion a commencé" in page
    assert nina().reply == Reply.NONE


def test_cancelled_meeting_says_why(sitting: Sitting, client: Client) -> None:
    address = come(client)
    with unsigned():
        Meeting.objects.update(state=MeetingState.CANCELLED, cancel_reason="Neige")
    page = told(client.get(address))
    assert "Cette réunion est annulée" in page
    assert "Neige" in page
    assert "Envoyer ma réponse" not in page


def test_lead_writes_down_what_they_were_told(sitting: Sitting, sign_in: SignIn) -> None:
    with unsigned():
        Meeting.objects.update(starts_at=timezone.now() - dt.timedelta(minutes=1))
    address = reverse("governance:reply_for", args=[sitting.meeting.pk, nina().pk])
    page = told(sign_in(sitting.lead).post(address, {"reply": "non"}, follow=True))
    assert "La réponse de Nina Roy est notée." in page
    gesture = ChangeSet.objects.of(sitting.meeting.scope).latest("pk")
    assert gesture.by == sitting.lead
    assert gesture.words.endswith("pour Nina Roy")


# --- By an account, in an agenda ----------------------------------------------------------------


def test_account_answers_from_its_own_page(sitting: Sitting, sign_in: SignIn) -> None:
    user = UserFactory.create()
    sitting.nina.user = user
    sitting.nina.save()
    client = sign_in(user)
    mine = told(client.get(reverse("governance:my_meetings")))
    assert "Répondre" in mine
    address = reverse("governance:my_reply", args=[nina().pk])
    page = told(client.post(address, {"reply": "oui"}, follow=True))
    assert "C’est noté : vous venez." in page
    assert nina().reply == Reply.YES


def test_home_says_what_is_next(sitting: Sitting, sign_in: SignIn) -> None:
    user = UserFactory.create()
    sitting.nina.user = user
    sitting.nina.save()
    home = told(sign_in(user).get(reverse("overview:home")))
    assert "Vos prochaines réunions" in home
    assert "COPIL" in home


def path_of(address: str) -> str:
    found = re.search(r"/agenda/[^/\s\"]+/", address)
    assert found
    return found[0]


def test_feed_holds_what_one_sits_in_and_is_convened_to(sitting: Sitting, cast: Cast) -> None:
    bruno = PersonFactory.create(territory=cast.aubrac, user=cast.bruno)
    make_seat(sitting.body, bruno)
    planned = make_meeting(sitting.body, days=40)
    elsewhere = make_meeting(sitting.body, days=-400)
    client = Client()
    answered = client.get(path_of(make_feed(user=cast.bruno)))
    assert answered["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answered.content)
    uids = {event["uid"] for event in calendar.walk("VEVENT")}
    assert uids == {sitting.meeting.uid, planned.uid}
    assert elsewhere.uid not in uids
    assert b"nina@exemple.fr" not in answered.content


def test_feed_is_polite(sitting: Sitting, cast: Cast) -> None:
    path = path_of(make_feed(user=cast.bruno))
    client = Client()
    first = client.get(path)
    assert first["Cache-Control"] == "private, max-age=900"
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_feed_is_renewed_and_revoked_by_its_owner(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.bruno)
    page = told(client.post(reverse("governance:feed_make"), follow=True))
    first = path_of(page)
    assert Client().get(first).status_code == 200
    # Shown once.
    assert "/agenda/" not in told(client.get(reverse("governance:my_meetings")))
    second = path_of(told(client.post(reverse("governance:feed_make"), follow=True)))
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(reverse("governance:feed_revoke"))
    assert Client().get(second).status_code == 404


def test_closed_account_and_lost_access_show_nothing(sitting: Sitting, cast: Cast) -> None:
    bruno = PersonFactory.create(territory=cast.aubrac, user=cast.bruno)
    make_seat(sitting.body, bruno)
    path = path_of(make_feed(user=cast.bruno))
    Membership.objects.filter(user=cast.bruno).delete()
    assert b"VEVENT" not in Client().get(path).content
    User.objects.filter(pk=cast.bruno.pk).update(is_active=False)
    assert Client().get(path).status_code == 404


def test_feed_stays_flat(sitting: Sitting, cast: Cast, queries: Callable[[Any], int]) -> None:
    bruno = PersonFactory.create(territory=cast.aubrac, user=cast.bruno)
    make_seat(sitting.body, bruno)
    path = path_of(make_feed(user=cast.bruno))
    before = queries(lambda: Client().get(path))
    for days in range(10):
        make_meeting(sitting.body, days=days)
    assert queries(lambda: Client().get(path)) == before <= 6


def test_letters_know_their_link(sitting: Sitting) -> None:
    letter = MeetingLetter.objects.get()
    assert letter.link_id == nina().link_id
    assert letter.mail_id == nina().mail_id
