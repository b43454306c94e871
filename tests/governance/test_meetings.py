"""Meetings: made alone or in a series, moved with those that follow, cancelled, removed."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import tasks
from governance.enums import MeetingState, MinutesState, Repeat, Reply
from governance.models import AgendaItem, Attendee, Decision, Meeting
from governance.services.agendas import add_validation, copy_agenda, move_item, remove_item
from governance.services.convocations import Sender
from governance.services.meetings import cancel_meetings, make_meetings, remove_meetings
from governance.summaries.agendas import agenda_of, proposals_for
from governance.summaries.dates import days_of, series_in_words
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from tests.cast import Cast
from tests.factories import unsigned
from tests.governance.meetings_scene import PARIS, Sitting, make_item, make_meeting, set_sitting

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _no_broker() -> Any:
    with mock.patch.object(tasks.send_mail, "apply_async") as published:
        yield published


@pytest.fixture
def sitting(cast: Cast) -> Sitting:
    return set_sitting(cast.project, cast.agnes)


def day(year: int, month: int, number: int) -> dt.date:
    return dt.date(year, month, number)


def model(sitting: Sitting, first: dt.date) -> Meeting:
    starts = dt.datetime.combine(first, dt.time(14), tzinfo=PARIS)
    return Meeting(body=sitting.body, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))


def typed(sitting: Sitting, **changes: str) -> dict[str, Any]:
    """The form of a new meeting, as a browser sends it."""
    first = sitting.project.territory.today() + dt.timedelta(days=30)
    usual = {
        "token": "a" * 32,
        "body": str(sitting.body.pk),
        "title": "",
        "starts_at": f"{first}T14:00",
        "duration": "120",
        "repeat": "jamais",
    }
    return usual | changes


def told(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\u00a0", " ").replace("&#x27;", "'")


# --- Days ---------------------------------------------------------------------------------------


def test_weeks_follow_each_other() -> None:
    found = days_of(day(2026, 3, 17), repeat=Repeat.WEEKS, every=2, until=day(2026, 4, 20))
    assert found == [day(2026, 3, 17), day(2026, 3, 31), day(2026, 4, 14)]


def test_second_tuesday_of_each_month() -> None:
    found = days_of(day(2026, 1, 13), repeat=Repeat.RANK, every=1, until=day(2026, 4, 30))
    assert found == [day(2026, 1, 13), day(2026, 2, 10), day(2026, 3, 10), day(2026, 4, 14)]
    said = series_in_words(day(2026, 1, 13), repeat=Repeat.RANK, every=1)
    assert said == "le 2ᵉ mardi, chaque mois"


def test_fifth_weekday_is_the_last_one() -> None:
    found = days_of(day(2026, 1, 30), repeat=Repeat.RANK, every=1, until=day(2026, 3, 31))
    assert found == [day(2026, 1, 30), day(2026, 2, 27), day(2026, 3, 27)]


def test_the_31st_comes_back_where_there_is_one() -> None:
    found = days_of(day(2026, 1, 31), repeat=Repeat.MONTHS, every=1, until=day(2026, 3, 31))
    assert found == [day(2026, 1, 31), day(2026, 2, 28), day(2026, 3, 31)]


def test_a_series_has_at_most_sixty_days() -> None:
    found = days_of(day(2026, 1, 1), repeat=Repeat.WEEKS, every=1, until=day(2036, 1, 1))
    assert len(found) == 60


# --- Made ---------------------------------------------------------------------------------------


def test_series_keeps_its_hour_across_the_change(sitting: Sitting) -> None:
    days = [day(2027, 3, 16), day(2027, 3, 30)]
    made = make_meetings(model=model(sitting, days[0]), days=days, by=sitting.lead, token="t" * 32)
    hours = [(one.starts_at.astimezone(PARIS).hour, one.starts_at.utcoffset()) for one in made]
    assert hours == [(14, dt.timedelta(hours=1)), (14, dt.timedelta(hours=2))]
    assert made[0].series == made[1].series != ""
    assert made[0].uid != made[1].uid


def test_sent_twice_it_is_made_once(sitting: Sitting) -> None:
    for _ in range(2):
        make_meetings(
            model=model(sitting, day(2027, 3, 16)),
            days=[day(2027, 3, 16)],
            by=sitting.lead,
            token="t" * 32,
        )
    assert Meeting.objects.filter(starts_at__year=2027).count() == 1


def test_series_is_shown_before_it_is_made(sitting: Sitting, sign_in: SignIn) -> None:
    client = sign_in(sitting.lead)
    address = reverse("governance:meeting_add", args=[sitting.project.pk])
    first = sitting.project.territory.today() + dt.timedelta(days=30)
    sent = typed(sitting, repeat="semaines", every="1", until=str(first + dt.timedelta(days=15)))
    page = told(client.post(address, sent))
    assert "3 dates" in page
    assert "Ajouter ces réunions" in page
    assert Meeting.objects.count() == 1
    ticked = [str(first), str(first + dt.timedelta(days=14))]
    answer = client.post(address, sent | {"do": "creer", "jour": ticked}, follow=True)
    assert "2 réunions ajoutées" in told(answer)
    assert Meeting.objects.exclude(series="").count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": ""}, "Choisissez l’instance qui se réunit."),
        ({"starts_at": "demain"}, "Écrivez un jour et une heure"),
        ({"starts_at": "1026-12-01T14:00"}, "vérifiez l’année"),
        ({"repeat": "semaines"}, "Donnez la fin de la série."),
        ({"repeat": "rang", "until": "2020-01-01"}, "finirait avant sa première réunion"),
        ({"repeat": "rang", "until": "2090-01-01"}, "vérifiez l’année"),
        ({"distance_url": "pas une adresse"}, "Copiez l’adresse entière"),
    ],
)
def test_what_is_wrong_is_said(
    sitting: Sitting, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    address = reverse("governance:meeting_add", args=[sitting.project.pk])
    page = told(sign_in(sitting.lead).post(address, typed(sitting, **changes)))
    assert words in page
    assert Meeting.objects.count() == 1


def test_hours_overseas_are_those_of_there(sitting: Sitting, sign_in: SignIn) -> None:
    territory = sitting.project.territory
    territory.time_zone = "Indian/Reunion"
    territory.save()
    client = sign_in(sitting.lead)
    answer = client.post(
        reverse("governance:meeting_add", args=[sitting.project.pk]), typed(sitting), follow=True
    )
    made = Meeting.objects.latest("pk")
    assert made.starts_at.astimezone(zoneinfo.ZoneInfo("Indian/Reunion")).hour == 14
    assert "14 h 00" in told(answer)
    page = told(client.get(reverse("governance:meeting_edit", args=[made.pk])))
    assert "T14:00" in page


# --- Changed ------------------------------------------------------------------------------------


def series_of_three(sitting: Sitting) -> list[Meeting]:
    first = sitting.project.territory.today() + dt.timedelta(days=30)
    days = [first + dt.timedelta(days=7 * rank) for rank in range(3)]
    return make_meetings(model=model(sitting, first), days=days, by=sitting.lead, token="s" * 32)


def test_this_one_and_the_following(sitting: Sitting, sign_in: SignIn) -> None:
    first, second, third = series_of_three(sitting)
    moved = second.starts_at + dt.timedelta(days=1)
    answer = sign_in(sitting.lead).post(
        reverse("governance:meeting_edit", args=[second.pk]),
        {
            "title": "",
            "starts_at": f"{moved:%Y-%m-%d}T15:30",
            "duration": "90",
            "place": "Mairie",
            "following": "on",
            "revision": str(Meeting.objects.get(pk=second.pk).revision),
        },
        follow=True,
    )
    assert "2 réunions modifiées." in told(answer)
    kept = {one.pk: one for one in Meeting.objects.all()}
    assert kept[first.pk].starts_at == first.starts_at
    there = kept[third.pk].starts_at.astimezone(PARIS)
    assert there.date() == third.starts_at.date() + dt.timedelta(days=1)
    assert (there.hour, there.minute) == (15, 30)
    assert kept[third.pk].length == dt.timedelta(minutes=90)
    assert kept[third.pk].place == "Mairie"
    # Each has its own story.
    assert ChangeSet.objects.of(kept[third.pk].scope).count() == 2


def test_stale_form_shows_both_texts(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = sitting.meeting
    client = sign_in(sitting.lead)
    address = reverse("governance:meeting_edit", args=[meeting.pk])
    sent = {"starts_at": f"{meeting.starts_at:%Y-%m-%d}T14:00", "duration": "120", "revision": "0"}
    assert client.post(address, sent | {"place": "Mairie"}).status_code == 302
    page = told(client.post(address, sent | {"place": "Préfecture"}))
    assert "Mairie" in page
    assert "Préfecture" in page
    assert Meeting.objects.get(pk=meeting.pk).place == "Mairie"


def test_cancelled_keeps_its_reason_and_can_take_the_following(sitting: Sitting) -> None:
    first, second, third = series_of_three(sitting)
    sender = Sender(sitting.lead)
    said = cancel_meetings(meeting=second, reason="Neige", following=True, sender=sender)
    assert (said.meetings, said.letters) == (2, 0)
    states = dict(Meeting.objects.values_list("pk", "state"))
    assert states[first.pk] == MeetingState.DRAFT
    assert {states[second.pk], states[third.pk]} == {MeetingState.CANCELLED}
    with pytest.raises(GovernanceRefused, match="annulée"):
        cancel_meetings(meeting=second, reason="Encore", following=False, sender=sender)


def test_removed_only_while_nobody_knows(sitting: Sitting) -> None:
    first, _, third = series_of_three(sitting)
    with unsigned():
        Meeting.objects.filter(pk=third.pk).update(state=MeetingState.CONVENED)
    assert remove_meetings(meeting=first, following=True, by=sitting.lead) == 2
    assert Meeting.objects.filter(pk=third.pk).exists()
    with pytest.raises(GovernanceRefused, match="annulez-la"):
        remove_meetings(meeting=third, following=False, by=sitting.lead)


# --- Agenda -------------------------------------------------------------------------------------


def test_clock_runs_until_a_length_is_missing(sitting: Sitting) -> None:
    for title, minutes in (("Accueil", 10), ("Budget", 100), ("Divers", None), ("Fin", 30)):
        make_item(sitting.meeting, title, minutes=minutes)
    agenda = agenda_of(sitting.meeting)
    hours = [
        f"{line.begins_at.astimezone(PARIS):%H:%M}" if line.begins_at else ""
        for line in agenda.lines
    ]
    assert hours == ["14:00", "14:10", "15:50", ""]
    assert (agenda.minutes, agenda.length, agenda.over, agenda.untimed) == (140, 120, 20, 1)


def test_items_move_and_close_up(sitting: Sitting) -> None:
    one, two, three = (make_item(sitting.meeting, title) for title in "ABC")
    for item in (one, two, three):
        item.meeting = sitting.meeting
    move_item(item=three, up=True, by=sitting.lead)
    assert [line.item.title for line in agenda_of(sitting.meeting).lines] == ["A", "C", "B"]
    move_item(item=one, up=True, by=sitting.lead)
    remove_item(item=three, by=sitting.lead)
    items = AgendaItem.objects.filter(meeting=sitting.meeting).order_by("rank")
    assert list(items.values_list("title", "rank")) == [("A", 1), ("B", 2)]


def test_item_that_the_minutes_speak_of_stays(sitting: Sitting) -> None:
    item = make_item(sitting.meeting, "Budget", notes="Adopté.")
    with pytest.raises(GovernanceRefused, match="il reste"):
        remove_item(item=item, by=sitting.lead)


def test_what_is_proposed(sitting: Sitting, sign_in: SignIn) -> None:
    earlier = make_meeting(sitting.body, days=-20, minutes_state=MinutesState.PROPOSED)
    make_item(earlier, "Tour de table", minutes=15, speaker="Nina Roy")
    with unsigned():
        decision = Decision.objects.create(
            project=sitting.project,
            body=sitting.body,
            number=7,
            text="Ouvrir une permanence\nà Rodez",
            decided_on=earlier.starts_at.date(),
            responsible_name="Omar Diop",
        )
    proposals = proposals_for(sitting.meeting)
    assert proposals.decisions == (decision,)
    assert proposals.minutes_of == proposals.copied_from == earlier
    copy_agenda(meeting=sitting.meeting, by=sitting.lead)
    add_validation(meeting=sitting.meeting, by=sitting.lead)
    address = reverse("governance:agenda_edit", args=[sitting.meeting.pk])
    client = sign_in(sitting.lead)
    for _ in range(2):
        client.post(address, {"do": "decision", "decision": str(decision.pk)})
    titles = [line.item.title for line in agenda_of(sitting.meeting).lines]
    assert titles[0].startswith("Validation du compte rendu de la réunion du")
    assert titles[1:] == [
        "Tour de table",
        "Suivi de la décision 7\u00a0: Ouvrir une permanence à Rodez",
    ]
    assert not proposals_for(sitting.meeting).are_some
    with pytest.raises(GovernanceRefused, match="n’est plus vide"):
        copy_agenda(meeting=sitting.meeting, by=sitting.lead)


def test_document_hangs_on_an_item_and_is_read(sitting: Sitting, sign_in: SignIn) -> None:
    item = make_item(sitting.meeting, "Budget")
    client = sign_in(sitting.lead)
    address = reverse("governance:agenda_item_edit", args=[sitting.meeting.pk, item.pk])
    link = {"do": "joindre", "url": "https://exemple.fr/budget", "name": "Budget 2027"}
    assert client.post(address, link).status_code == 302
    page = told(client.get(reverse("governance:meeting_detail", args=[sitting.meeting.pk])))
    assert "Budget 2027" in page
    assert "https://exemple.fr/budget" in page
    client.post(address, {"do": "retirer-document"})
    assert AgendaItem.objects.get(pk=item.pk).attachment_id is None


@pytest.mark.parametrize("name", ["meeting_list", "meeting_calendar"])
def test_lists_stay_flat(
    sitting: Sitting, sign_in: SignIn, queries: Callable[[Any], int], name: str
) -> None:
    client = sign_in(sitting.lead)
    address = reverse(f"governance:{name}", args=[sitting.project.pk])
    client.get(address)
    before = queries(lambda: client.get(address))
    for days in range(12):
        make_meeting(sitting.body, days=days)
    assert queries(lambda: client.get(address)) == before <= 15


def test_page_of_a_meeting_stays_flat(
    sitting: Sitting, sign_in: SignIn, queries: Callable[[Any], int]
) -> None:
    client = sign_in(sitting.lead)
    address = reverse("governance:meeting_detail", args=[sitting.meeting.pk])
    client.get(address)
    before = queries(lambda: client.get(address))
    with unsigned():
        for rank in range(8):
            make_item(sitting.meeting, f"Point {rank}")
            Attendee.objects.create(meeting=sitting.meeting, name=f"N{rank}", reply=Reply.YES)
    assert queries(lambda: client.get(address)) == before <= 15


def test_page_tells_who_did_what(sitting: Sitting, sign_in: SignIn) -> None:
    item = make_item(sitting.meeting, "Budget")
    item.meeting = sitting.meeting
    remove_item(item=item, by=sitting.lead)
    page = told(
        sign_in(sitting.lead).get(reverse("governance:meeting_detail", args=[item.meeting_id]))
    )
    assert "a retiré de l’ordre du jour « Budget »" in page
