"""Convening: who, what leaves, what calendars do of it; answers, a move, a cancellation."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from core import delivery, tasks
from core.enums import MailState
from core.models import Mail
from governance.enums import ConvocationKind, MeetingState, Reply
from governance.models import Attendee, Meeting, MeetingLetter, Person
from governance.services.convening import add_guest, convene, resend
from governance.services.convocations import Sender
from governance.services.meetings import cancel_meetings
from governance.services.replies import Answering, answer
from governance.summaries.convocations import recipients_of
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.governance.meetings_scene import PARIS, Sitting, make_item, set_sitting

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _no_broker() -> Any:
    with mock.patch.object(tasks.send_mail, "apply_async") as published:
        yield published


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    return set_sitting(cast.project, cast.agnes)


def present(sitting: Sitting) -> Meeting:
    return Meeting.objects.with_place().get(pk=sitting.meeting.pk)


def convened(sitting: Sitting, *, with_substitutes: bool = False) -> Meeting:
    seen = recipients_of(sitting.meeting, with_substitutes=with_substitutes).seal
    convene(meeting=sitting.meeting, with_substitutes=with_substitutes, seen=seen, by=sitting.lead)
    return present(sitting)


def nina_of(meeting: Meeting) -> Attendee:
    return Attendee.objects.select_related("meeting__body__project__territory").get(
        meeting=meeting, name="Nina Roy"
    )


def last_mail() -> Mail:
    return Mail.objects.latest("pk")


def event_in(mail: Mail) -> Any:
    return Calendar.from_ical(mail.calendar).walk("VEVENT")[0]


def told(answered: Any) -> str:
    text: str = answered.content.decode()
    return text.replace("\u00a0", " ")


def move(sitting: Sitting, sign_in: SignIn, **changes: str) -> Any:
    meeting = present(sitting)
    starts = meeting.starts_at.astimezone(PARIS)
    sent = {
        "title": meeting.title,
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "duration": "120",
        "place": meeting.place,
        "revision": str(meeting.revision),
    }
    address = reverse("governance:meeting_edit", args=[meeting.pk])
    return sign_in(sitting.lead).post(address, sent | changes, follow=True)


# --- Who ----------------------------------------------------------------------------------------


def test_seats_of_that_day_and_what_is_wrong_with_some(sitting: Sitting) -> None:
    recipients = recipients_of(sitting.meeting, with_substitutes=False)
    assert [one.name for one in recipients.reachable] == ["Nina Roy"]
    assert [one.name for one in recipients.without_address] == ["Omar Diop"]
    assert recipients.vacant == 1
    more = recipients_of(sitting.meeting, with_substitutes=True)
    assert [one.name for one in more.reachable] == ["Nina Roy", "Zoé Martin"]


def test_whoever_left_is_not_convened(sitting: Sitting) -> None:
    Person.objects.filter(pk=sitting.nina.pk).update(left_on=dt.date(2026, 1, 1))
    recipients = recipients_of(sitting.meeting, with_substitutes=False)
    assert [one.name for one in recipients.gone] == ["Nina Roy"]
    assert [one.name for one in recipients.convened] == ["Omar Diop"]


def test_preview_is_what_leaves(sitting: Sitting, sign_in: SignIn) -> None:
    make_item(sitting.meeting, "Budget", minutes=30)
    client = sign_in(sitting.lead)
    address = reverse("governance:convocation", args=[sitting.meeting.pk])
    page = told(client.get(address))
    assert "nina@exemple.fr" in page
    assert "Omar Diop" in page
    assert "1. Budget, 14 h 00" in page
    assert not Mail.objects.exists()
    seal = recipients_of(sitting.meeting, with_substitutes=False).seal
    answered = client.post(address, {"seen": seal}, follow=True)
    assert "La réunion est convoquée : 1 courriel part." in told(answered)
    mail = last_mail()
    assert (mail.to, mail.reply_to) == ("nina@exemple.fr", sitting.lead.email)
    assert "1. Budget, 14 h 00" in mail.body.replace("\u00a0", " ")
    assert present(sitting).state == MeetingState.CONVENED
    words = ChangeSet.objects.of(sitting.meeting.scope).latest("pk")
    assert words.by == sitting.lead
    assert words.words.startswith("a convoqué 2\u00a0personnes")


def test_list_that_changed_is_read_again(sitting: Sitting) -> None:
    seen = recipients_of(sitting.meeting, with_substitutes=False).seal
    guest = {"person": None, "name": "Ana Sol", "email": "ana@exemple.fr"}
    add_guest(meeting=sitting.meeting, by=sitting.lead, **guest)  # type: ignore[arg-type]
    with pytest.raises(GovernanceRefused, match="a changé"):
        convene(meeting=sitting.meeting, with_substitutes=False, seen=seen, by=sitting.lead)
    assert not Mail.objects.exists()


def test_convened_once(sitting: Sitting) -> None:
    convened(sitting)
    with pytest.raises(GovernanceRefused, match="déjà convoquée"):
        convene(meeting=sitting.meeting, with_substitutes=False, seen="", by=sitting.lead)
    assert Mail.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": " "}, "ou écrivez son nom"),
        ({"name": "Zoé", "email": "zoe"}, "Cette adresse n’est pas complète"),
        ({"person": "Nina Roy", "name": "Zoé"}, "pas les deux"),
        ({"person": "Inconnue"}, "n’est pas dans l’annuaire"),
    ],
)
def test_guest_wrongly_typed(
    sitting: Sitting, sign_in: SignIn, sent: dict[str, str], words: str
) -> None:
    address = reverse("governance:guest_add", args=[sitting.meeting.pk])
    assert words in told(sign_in(sitting.lead).post(address, sent))


def test_guest_of_a_convened_meeting_is_written_to_at_once(sitting: Sitting) -> None:
    meeting = convened(sitting)
    guest = PersonFactory.create(
        territory=sitting.project.territory, first_name="Ana", last_name="Sol", email="ana@a.fr"
    )
    said = add_guest(meeting=meeting, person=guest, name="", email="", by=sitting.lead)
    assert "ana@a.fr" in said
    assert last_mail().to == "ana@a.fr"
    with pytest.raises(GovernanceRefused, match="déjà sur la liste"):
        add_guest(meeting=meeting, person=guest, name="", email="", by=sitting.lead)


# --- What calendars read ------------------------------------------------------------------------


def test_event_names_its_reader_alone(sitting: Sitting) -> None:
    meeting = convened(sitting, with_substitutes=True)
    mails = {mail.to: mail for mail in Mail.objects.all()}
    assert set(mails) == {"nina@exemple.fr", "zoe@exemple.fr"}
    read = event_in(mails["nina@exemple.fr"])
    assert read["uid"] == meeting.uid
    assert read["attendee"] == "mailto:nina@exemple.fr"
    assert read["dtstart"].dt == meeting.starts_at
    assert "Europe/Paris" in mails["nina@exemple.fr"].calendar
    # The link that answers is in the mail, not in an agenda that others read.
    assert "/convocation/" in mails["nina@exemple.fr"].body
    assert "/convocation/" not in mails["nina@exemple.fr"].calendar.replace("\r\n ", "")


def test_move_keeps_the_identity_and_asks_again(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = convened(sitting)
    first = event_in(last_mail())
    nina = nina_of(meeting)
    answer(attendee=nina, reply=Reply.YES, represented_by="", answering=Answering(signed="Nina"))
    was = meeting.starts_at
    later = (was + dt.timedelta(days=7)).astimezone(PARIS)
    answered = move(sitting, sign_in, starts_at=f"{later:%Y-%m-%dT%H:%M}")
    assert "1 courriel part vers les convoqués." in told(answered)
    assert "avait répondu « sera présent » pour le" in told(answered)
    mail = last_mail()
    second = event_in(mail)
    assert second["uid"] == first["uid"]
    assert second["sequence"] > first["sequence"]
    assert second["dtstart"].dt == later
    assert "est déplacée au" in mail.body
    kept = Attendee.objects.get(pk=nina.pk)
    assert (kept.reply, kept.former_reply) == (Reply.NONE, Reply.YES)
    assert kept.former_starts_at == was


def test_another_place_is_told_and_answers_stay(sitting: Sitting, sign_in: SignIn) -> None:
    nina = nina_of(convened(sitting))
    answer(attendee=nina, reply=Reply.NO, represented_by="", answering=Answering(signed="Nina"))
    move(sitting, sign_in, place="Mairie, salle ; « bleue »")
    assert MeetingLetter.objects.latest("pk").kind == ConvocationKind.UPDATE
    assert event_in(last_mail())["location"] == "Mairie, salle ; « bleue »"
    assert Attendee.objects.get(pk=nina.pk).reply == Reply.NO


def test_nothing_that_matters_changed_and_nobody_is_told(sitting: Sitting, sign_in: SignIn) -> None:
    convened(sitting)
    move(sitting, sign_in, words="Venez nombreux")
    assert Mail.objects.count() == 1
    assert present(sitting).words == "Venez nombreux"


def test_cancellation_takes_it_out_of_agendas(sitting: Sitting) -> None:
    meeting = convened(sitting)
    uid = event_in(last_mail())["uid"]
    said = cancel_meetings(
        meeting=meeting,
        reason="Neige, routes fermées",
        following=False,
        sender=Sender(sitting.lead),
    )
    assert said.letters == 1
    mail = last_mail()
    assert Calendar.from_ical(mail.calendar)["method"] == "CANCEL"
    assert (event_in(mail)["uid"], event_in(mail)["status"]) == (uid, "CANCELLED")
    assert "Neige, routes fermées" in mail.body
    assert "/convocation/" not in mail.body


def test_meeting_on_the_day_of_the_change(sitting: Sitting, sign_in: SignIn) -> None:
    convened(sitting)
    year = present(sitting).starts_at.year + 1
    sunday = max(
        dt.date(year, 3, day) for day in range(25, 32) if dt.date(year, 3, day).weekday() == 6
    )
    move(sitting, sign_in, starts_at=f"{sunday}T14:00")
    mail = last_mail()
    assert f"DTSTART;TZID=Europe/Paris:{sunday:%Y%m%d}T140000" in mail.calendar
    assert event_in(mail)["dtstart"].dt.utcoffset() == dt.timedelta(hours=2)
    assert "à 14\u00a0h\u00a000" in mail.body


# --- The log ------------------------------------------------------------------------------------


def test_log_says_what_failed_and_sends_again(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = convened(sitting)
    Mail.objects.update(state=MailState.REFUSED, refusal="550 inconnu")
    client = sign_in(sitting.lead)
    log = reverse("governance:meeting_mail_list", args=[meeting.pk])
    page = told(client.get(log))
    assert "À traiter" in page
    assert "550 inconnu" in page
    assert "n’a reçu aucun courriel : son adresse n’est pas connue" in page
    Person.objects.filter(pk=sitting.nina.pk).update(email="nina@nouvelle.fr")
    nina = nina_of(meeting)
    again = reverse("governance:meeting_mail_resend", args=[meeting.pk, nina.pk])
    page = told(client.post(again, follow=True))
    assert "Un nouveau courriel part vers nina@nouvelle.fr." in page
    assert "550 inconnu" in page
    assert 'class="late"' not in page
    assert Attendee.objects.get(pk=nina.pk).email == "nina@nouvelle.fr"


def test_nobody_is_written_to_without_an_address(sitting: Sitting) -> None:
    meeting = convened(sitting)
    omar = Attendee.objects.get(meeting=meeting, name="Omar Diop")
    omar.meeting = meeting
    with pytest.raises(GovernanceRefused, match="n’a pas d’adresse"):
        resend(attendee=omar, by=sitting.lead)


def test_everybody_receives_the_new_agenda(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = convened(sitting)
    make_item(meeting, "Un point de plus")
    address = reverse("governance:meeting_mail_all", args=[meeting.pk])
    page = told(sign_in(sitting.lead).post(address, follow=True))
    assert "1 courriel part." in page
    assert "Un point de plus" in last_mail().body


def test_settled_mail_forgets_its_link(sitting: Sitting) -> None:
    convened(sitting)
    mail = last_mail()
    delivery.deliver(mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.body, mail.calendar) == (MailState.SENT, "", "")


def test_convening_costs_so_many_queries_a_person(
    sitting: Sitting, queries: Callable[[Any], int]
) -> None:
    for rank in range(10):
        add_guest(
            meeting=sitting.meeting,
            person=None,
            name=f"N{rank}",
            email=f"n{rank}@exemple.fr",
            by=sitting.lead,
        )
    assert queries(lambda: convened(sitting)) < 30 + 8 * 12
    assert Mail.objects.count() == 11


def test_change_follows_the_directory(sitting: Sitting, sign_in: SignIn) -> None:
    convened(sitting)
    Person.objects.filter(pk=sitting.omar.pk).update(email="omar@exemple.fr")
    move(sitting, sign_in, place="Mairie")
    assert set(Mail.objects.values_list("to", flat=True)) == {"nina@exemple.fr", "omar@exemple.fr"}
    assert Mail.objects.count() == 3
