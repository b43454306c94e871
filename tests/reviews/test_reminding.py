"""Reminders over time: at their hour there, to the silent alone, once, whatever the clock does."""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
import time_machine
from django.utils import timezone

from core.enums import MailState
from core.models import Mail
from reviews.enums import LetterKind, UpdateState
from reviews.models import Campaign, Letter, Respondent, Update
from reviews.services import reminding
from reviews.services.letters import write_to
from reviews.services.opening import schedule_opening
from reviews.services.preparing import make_campaign
from reviews.services.reminding import remind_due
from reviews.tasks import tick
from reviews.writing import writing_campaign
from tests.reviews.answered import close
from tests.reviews.scene import QUARTER, Scene, set_scene

pytestmark = pytest.mark.django_db

OPENS = dt.date(2026, 9, 28)
# A month and more after the opening; the hour changes in France on 25 October.
DUE = dt.date(2026, 11, 2)
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(at(OPENS, 6), tick=False) as traveller:
        yield traveller


def at(day: dt.date, hour: int, minute: int = 0, zone: zoneinfo.ZoneInfo = PARIS) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=zone)


def after(days: int) -> dt.date:
    """So many days from the due date."""
    return DUE + dt.timedelta(days=days)


def planned(scene: Scene, *, opens_on: dt.date = OPENS, due_on: dt.date = DUE) -> Campaign:
    """A campaign whose opening is asked for."""
    made = make_campaign(
        project=scene.project, quarter=QUARTER, opens_on=opens_on, due_on=due_on, by=scene.lead
    )
    return schedule_opening(campaign=made.campaign, by=scene.lead)


def running(scene: Scene, clock: time_machine.Traveller) -> Campaign:
    """The campaign, its letters gone on the morning of its opening day."""
    campaign = planned(scene)
    clock.move_to(at(OPENS, 8))
    tick()
    return Campaign.objects.with_place().get(pk=campaign.pk)


def answer(update: Update, state: UpdateState = UpdateState.SUBMITTED) -> None:
    with writing_campaign(update.campaign, by=None):
        update.state = state
        update.submitted_at = timezone.now()
        update.save()


def give_delay(update: Update, due_on: dt.date) -> None:
    with writing_campaign(update.campaign, by=None):
        update.due_on = due_on
        update.save()


def reminders() -> list[tuple[str, str]]:
    """Who was reminded of what, in order."""
    letters = Letter.objects.filter(kind=LetterKind.REMINDER).order_by("written_at", "mail__to")
    return [(letter.mail.to, letter.occasion) for letter in letters.select_related("mail")]


def told(*days: str) -> list[tuple[str, str]]:
    """Both pilots, at each of these days."""
    both = ("maya@exemple.fr", "noe@exemple.fr")
    return [(to, f"{day} {DUE:%Y-%m-%d}") for day in days for to in both]


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Guadeloupe", "Pacific/Noumea"])
def test_a_whole_quarter_goes_by_and_the_silent_hear_three_times_at_eight(
    scene: Scene, clock: time_machine.Traveller, zone: str
) -> None:
    territory = scene.project.territory
    territory.time_zone = zone
    territory.save()
    there = zoneinfo.ZoneInfo(zone)
    clock.move_to(at(OPENS, 6, zone=there))
    planned(scene)
    for day in range((OPENS - DUE).days, 20):
        for hour, minute in ((0, 0), (7, 59), (8, 0), (20, 0)):
            clock.move_to(at(after(day), hour, minute, zone=there))
            tick()
    assert reminders() == told("J-14", "J-3", "J+7")
    moments = {letter.written_at.astimezone(there) for letter in Letter.objects.all()}
    assert sorted(moments) == [
        at(day, 8, zone=there) for day in (OPENS, after(-14), after(-3), after(7))
    ]


def test_only_the_silent_are_reminded_of_what_they_owe(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    answer(scene.update_of(scene.hers))
    clock.move_to(at(after(-14), 8))
    tick()
    maya, noe = Mail.objects.filter(subject__contains="réponse jusqu’au").order_by("to")
    assert (maya.to, noe.to) == ("maya@exemple.fr", "noe@exemple.fr")
    assert "Aubrac" in maya.subject
    assert "(1 fiche)" in maya.subject
    assert "Fiche 2\u00a0: Équipes mobiles\n" in maya.body
    assert "Fiche 1" not in maya.body
    assert "jusqu’au 2\u00a0novembre\u00a02026" in maya.body
    assert maya.reply_to == scene.lead.email
    answer(scene.update_of(scene.theirs))
    clock.move_to(at(after(-3), 8))
    tick()
    assert len(reminders()) == 2
    answer(scene.update_of(scene.hers), UpdateState.RETURNED)
    clock.move_to(at(after(7), 8))
    tick()
    assert reminders()[2:] == [("maya@exemple.fr", f"J+7 {DUE:%Y-%m-%d}")]
    late = Mail.objects.latest("pk")
    assert "réponse attendue" in late.subject
    assert "elle est encore utile" in late.body


def test_one_mail_a_person_however_many_sheets(scene: Scene, clock: time_machine.Traveller) -> None:
    running(scene, clock)
    clock.move_to(at(after(-3), 9))
    tick()
    maya = Mail.objects.get(subject__contains="réponse jusqu’au", to="maya@exemple.fr")
    assert "(2 fiches)" in maya.subject
    assert "Fiche 1" in maya.body
    assert "Fiche 2" in maya.body


def test_a_clock_that_stopped_for_days_sends_the_last_reminder_only(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-1), 15))
    tick()
    assert reminders() == told("J-3")
    clock.move_to(at(after(20), 15))
    tick()
    assert reminders() == told("J-3", "J+7")


def test_a_clock_that_wakes_in_the_night_waits_for_the_morning(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-2), 3))
    tick()
    clock.move_to(at(after(-2), 7, 59))
    tick()
    assert reminders() == []
    clock.move_to(at(after(-2), 8))
    tick()
    assert reminders() == told("J-3")


def test_a_campaign_opened_late_does_not_remind_at_once(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    clock.move_to(at(after(-10), 9))
    planned(scene, opens_on=after(-10))
    for hours in range(0, 24 * 9, 3):
        clock.move_to(at(after(-10), 9, 10) + dt.timedelta(hours=hours))
        tick()
    assert reminders() == told("J-3")


def test_a_sheet_given_a_delay_is_reminded_of_its_own_deadline(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-14), 8))
    tick()
    give_delay(scene.update_of(scene.hers), after(5))
    for day in range(-13, 20):
        clock.move_to(at(after(day), 8))
        tick()
    theirs = [(occasion, day) for to, occasion, day in _dated() if to == "maya@exemple.fr"]
    assert theirs == [
        (f"J-14 {DUE}", after(-14)),
        # Its own fortnight is another hour, of another day.
        (f"J-14 {after(5)}", after(-9)),
        (f"J-3 {DUE}", after(-3)),
        (f"J-3 {after(5)}", after(2)),
        (f"J+7 {DUE}", after(7)),
        (f"J+7 {after(5)}", after(12)),
    ]
    bodies = Mail.objects.filter(to="maya@exemple.fr").order_by("pk").values_list("body", flat=True)
    assert "Fiche 2" not in bodies[4]
    assert "jusqu’au 7\u00a0novembre\u00a02026" in bodies[4]


def _dated() -> list[tuple[str, str, dt.date]]:
    letters = Letter.objects.filter(kind=LetterKind.REMINDER).order_by("written_at", "mail__to")
    return [
        (letter.mail.to, letter.occasion, letter.written_at.astimezone(PARIS).date())
        for letter in letters.select_related("mail")
    ]


def test_a_delay_just_given_is_not_a_reason_to_remind(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-3), 8))
    tick()
    clock.move_to(at(after(-1), 15))
    update = scene.update_of(scene.hers)
    give_delay(update, after(1))
    respondent = Respondent.objects.select_related("campaign__project__territory").get(
        person=scene.maya
    )
    write_to(
        respondent,
        kind=LetterKind.REMINDER,
        subject="Délai",
        context={"text": "", "sheets": [], "due": "", "is_late": False},
        occasion="delai",
    )
    Letter.objects.filter(occasion="delai").update(kind=LetterKind.EXTENDED)
    before = len(reminders())
    tick()
    assert len(reminders()) == before


def test_deadlines_that_fall_together_make_one_mail(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    give_delay(scene.update_of(scene.hers), after(10))
    for day in (-14, -4, -3, 7, 7):
        clock.move_to(at(after(day), 8))
        tick()
    maya = [occasion for to, occasion in reminders() if to == "maya@exemple.fr"]
    assert maya[3:] == [f"J-3 {after(10)}, J+7 {DUE}"]
    body = Mail.objects.filter(to="maya@exemple.fr").latest("pk").body
    assert "Fiche 1\u00a0: Maison des adolescents (jusqu’au 12\u00a0novembre\u00a02026)" in body
    clock.move_to(at(after(6), 8))
    tick()
    assert [occasion for to, occasion in reminders() if to == "maya@exemple.fr"] == maya


@pytest.mark.parametrize("back", [dt.timedelta(hours=3), dt.timedelta(days=2)])
def test_a_clock_that_goes_backwards_says_nothing_twice(
    scene: Scene, clock: time_machine.Traveller, back: dt.timedelta
) -> None:
    running(scene, clock)
    for day in (-14, -3):
        clock.move_to(at(after(day), 9))
        tick()
        clock.move_to(at(after(day), 9) - back)
        tick()
        clock.move_to(at(after(day), 10))
        tick()
    assert reminders() == told("J-14", "J-3")


def test_a_clock_that_ran_ahead_then_came_back_forgets_nobody(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(300), 9))
    tick()
    clock.move_to(at(OPENS, 9))
    for day in (-20, -14, -3, 7, 8):
        clock.move_to(at(after(day), 9))
        tick()
    assert sorted(reminders()) == sorted(told("J-14", "J-3", "J+7"))


def test_two_clocks_remind_once(scene: Scene, clock: time_machine.Traveller) -> None:
    running(scene, clock)
    clock.move_to(at(after(-3), 8))
    found = list(reminding._to_remind(_open(), timezone.now()))
    assert len(found) == 2
    tick()
    # The other one had read the same list before.
    with mock.patch.object(reminding, "_to_remind", return_value=found):
        assert remind_due() == 0
    # And were it to believe that nothing left, the base itself refuses.
    with (
        mock.patch.object(reminding, "_to_remind", return_value=found),
        mock.patch.object(reminding, "_said_to", return_value=set()),
        mock.patch.object(reminding._Written, "covers", return_value=False),
    ):
        assert remind_due() == 0
    assert reminders() == told("J-3")


def _open() -> dict[int, Campaign]:
    return {campaign.pk: campaign for campaign in Campaign.objects.with_place()}


def test_a_worker_killed_between_two_mails_is_taken_over(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-3), 8))
    write = mock.Mock(side_effect=[mock.DEFAULT, KeyboardInterrupt], wraps=write_to)
    with mock.patch.object(reminding, "write_to", write), pytest.raises(KeyboardInterrupt):
        tick()
    assert len(reminders()) == 1
    tick()
    assert reminders() == told("J-3")


def test_one_person_in_trouble_stops_no_other(
    scene: Scene, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-3), 8))
    write = mock.Mock(side_effect=[RuntimeError, mock.DEFAULT], wraps=write_to)
    with mock.patch.object(reminding, "write_to", write):
        tick()
    assert "was not reminded" in caplog.text
    assert len(reminders()) == 1


def test_an_uncertain_letter_is_left_to_the_lead(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    clock.move_to(at(after(-3), 8))
    tick()
    Mail.objects.update(state=MailState.UNCERTAIN)
    clock.move_to(at(after(-3), 12))
    tick()
    assert reminders() == told("J-3")


def test_whoever_left_is_not_reminded_and_a_corrected_address_is_followed(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    running(scene, clock)
    scene.noe.left_on = OPENS
    scene.noe.save()
    scene.maya.email = "maya.legrand@exemple.fr"
    scene.maya.save()
    clock.move_to(at(after(-3), 8))
    tick()
    assert reminders() == [("maya.legrand@exemple.fr", f"J-3 {DUE}")]
    assert Respondent.objects.get(person=scene.maya).email == "maya.legrand@exemple.fr"


def test_a_closed_campaign_reminds_nobody(scene: Scene, clock: time_machine.Traveller) -> None:
    campaign = running(scene, clock)
    close(campaign)
    clock.move_to(at(after(-3), 8))
    tick()
    assert reminders() == []


def test_days_are_the_campaigns_own(scene: Scene, clock: time_machine.Traveller) -> None:
    campaign = running(scene, clock)
    with writing_campaign(campaign, by=None) as writing:
        writing.campaign.reminder_days = [0]
        writing.campaign.save()
    for day in (-14, -3, 0, 7):
        clock.move_to(at(after(day), 8))
        tick()
    assert reminders() == told("J+0")


def test_a_tick_with_nothing_to_do_costs_three_queries(
    scene: Scene, clock: time_machine.Traveller, queries: Callable[[Callable[[], object]], int]
) -> None:
    assert queries(tick) == 2
    running(scene, clock)
    clock.move_to(at(after(-3), 8))
    tick()
    assert queries(tick) == 3
