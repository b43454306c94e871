"""Minutes: written by several hands, proposed, validated for good; who was there."""

import datetime as dt

import pytest

from core.models import Mail
from governance.enums import DecisionState, MeetingState, MinutesState, Presence, Reply
from governance.forms.minutes import AttendanceForm, NotesForm
from governance.models import AgendaItem, Attendee, Decision, Meeting, Person
from governance.permissions import can_read_minutes, can_take_minutes
from governance.services.agendas import add_item, remove_item
from governance.services.attendance import (
    add_attendee,
    hold_meeting,
    keep_attendance,
    note_the_others,
)
from governance.services.decisions import Decided, write_decision
from governance.services.hands import hands_at
from governance.services.minutes import (
    MinutesClosed,
    propose_minutes,
    take_minutes_back,
    validate_minutes,
    writing_minutes,
)
from governance.services.ties import TieChanges
from governance.summaries.minutes import attendance_of, counted_in_words, minutes_of
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from territories.models import Membership
from tests.cast import Cast
from tests.factories import ActionFactory, unsigned
from tests.governance.held import Held, convene, decide, fresh, hold, meet, note, proposed


@pytest.fixture
def held(cast: Cast) -> Held:
    return hold(cast.project)


def type_notes(item: AgendaItem, words: str, *, drawn_at: int, by: object) -> NotesForm:
    """A page drawn at that revision, sent now."""
    with writing_minutes(item.meeting, by=by) as written:  # type: ignore[arg-type]
        present = AgendaItem.objects.get(pk=item.pk)
        data = {"notes": words, "revision": str(drawn_at)}
        form = NotesForm(data, instance=present, revision=written.meeting.revision)
        if form.is_valid():
            present.save(update_fields=["notes"])
    return form


# --- Several hands ---


def test_first_words_begin_the_minutes_and_are_one_gesture(cast: Cast, held: Held) -> None:
    note(held.item, "La fiche 3 avance.", cast.agnes)
    meeting = fresh(held.last)
    assert meeting.minutes_state == MinutesState.DRAFT
    assert meeting.revision == 1
    assert ChangeSet.objects.of(meeting.scope).get().words.startswith("a écrit le compte rendu")


def test_two_people_write_two_points_at_once(cast: Cast, held: Held) -> None:
    drawn = fresh(held.last).revision
    type_notes(held.item, "D’Agnès", drawn_at=drawn, by=cast.agnes)
    form = type_notes(held.second, "D’Émile", drawn_at=drawn, by=cast.emile)
    assert not form.conflicts
    notes = AgendaItem.objects.filter(meeting=held.last).order_by("rank")
    assert list(notes.values_list("notes", flat=True)) == ["D’Agnès", "D’Émile"]


def test_two_people_write_the_same_point_and_neither_loses(cast: Cast, held: Held) -> None:
    drawn = fresh(held.last).revision
    type_notes(held.item, "D’Agnès", drawn_at=drawn, by=cast.agnes)
    form = type_notes(held.item, "D’Émile", drawn_at=drawn, by=cast.emile)
    assert [conflict.theirs for conflict in form.conflicts] == ["D’Agnès"]
    assert form["notes"].value() == "D’Émile"
    assert AgendaItem.objects.get(pk=held.item.pk).notes == "D’Agnès"
    # Sent again, knowing the other text, it is kept.
    now = fresh(held.last).revision
    assert not type_notes(held.item, "Les deux", drawn_at=now, by=cast.emile).conflicts


def test_who_writes_where_is_told_and_forgotten(
    cast: Cast, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hands_at(meeting=held.last, user=cast.agnes, item=held.item.pk) == {}
    told = hands_at(meeting=held.last, user=cast.emile, item=held.second.pk)
    assert told == {held.item.pk: [cast.agnes.get_full_name()]}
    monkeypatch.setattr("governance.services.hands.FRESH", -1)
    assert hands_at(meeting=held.last, user=cast.emile, item=None) == {}


def test_point_added_in_the_meeting_comes_last(cast: Cast, held: Held) -> None:
    item = AgendaItem(title="Point ajouté")
    add_item(meeting=held.last, item=item, by=cast.agnes)
    assert item.rank == 3


# --- Proposed, validated ---


def test_nothing_is_proposed_before_the_meeting_was_held_or_when_nothing_is_written(
    cast: Cast, held: Held
) -> None:
    with pytest.raises(GovernanceRefused, match="présences"):
        propose_minutes(meeting=held.last, tells=False, by=cast.agnes)
    hold_meeting(meeting=held.last, by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="Rien n’est encore écrit"):
        propose_minutes(meeting=held.last, tells=False, by=cast.agnes)


def test_proposed_minutes_are_written_no_more_unless_taken_back(cast: Cast, held: Held) -> None:
    meeting = proposed(held, cast.agnes)
    assert meeting.minutes_state == MinutesState.PROPOSED
    assert meeting.minutes_proposed_on == cast.aubrac.today()
    with pytest.raises(MinutesClosed, match="proposé"):
        note(held.second, "Trop tard", cast.emile)
    for act in (
        lambda: add_item(meeting=meeting, item=AgendaItem(title="Tard"), by=cast.agnes),
        lambda: remove_item(item=held.second, by=cast.agnes),
    ):
        with pytest.raises(MinutesClosed):
            act()
    with pytest.raises(GovernanceRefused, match="déjà proposé"):
        decide(held, "Trop tard", cast.agnes)
    take_minutes_back(meeting=meeting, by=cast.agnes)
    note(held.second, "Encore", cast.emile)
    assert fresh(held.last).minutes_state == MinutesState.DRAFT


def test_those_convened_receive_the_minutes_on_demand(cast: Cast, held: Held) -> None:
    convene(held.last, "Nina Roy", email="nina@exemple.fr")
    convene(held.last, "Nina Roy bis", email="nina@exemple.fr")
    convene(held.last, "Sans adresse")
    note(held.item, "La fiche 3 avance.", cast.agnes)
    decide(held, "Former les équipes", cast.agnes, item=held.item)
    hold_meeting(meeting=held.last, by=cast.agnes)
    assert propose_minutes(meeting=held.last, tells=True, by=cast.agnes) == 1
    mail = Mail.objects.get(to="nina@exemple.fr")
    assert "La fiche 3 avance." in mail.body
    assert "Décision 1" in mail.body
    assert "C’est un projet" in mail.body
    assert mail.reply_to == cast.agnes.email


def test_next_meeting_validates_with_corrections(cast: Cast, held: Held) -> None:
    meeting = proposed(held, cast.agnes)
    validate_minutes(meeting=meeting, at=held.next, corrections="Lire « 12 »", by=cast.agnes)
    kept = fresh(held.last)
    assert kept.minutes_state == MinutesState.VALIDATED
    assert kept.minutes_validated_at == held.next
    assert minutes_of(kept).corrections == "Lire « 12 »"
    assert minutes_of(kept).standing.startswith("Validé dans la réunion du")
    for act in (take_minutes_back, lambda **kw: propose_minutes(tells=False, **kw)):
        with pytest.raises(GovernanceRefused):
            act(meeting=kept, by=cast.agnes)
    with pytest.raises(MinutesClosed, match="ne change plus"):
        note(held.item, "Après coup", cast.agnes)


def test_only_a_later_meeting_of_the_same_body_validates(cast: Cast, held: Held) -> None:
    meeting = proposed(held, cast.agnes)
    other = hold_other(held)
    for at in (meet(held.body, -40), other):
        with pytest.raises(GovernanceRefused, match="réunion suivante"):
            validate_minutes(meeting=meeting, at=at, corrections="", by=cast.agnes)
    validate_minutes(meeting=meeting, at=held.next, corrections="", by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="plus à valider"):
        validate_minutes(meeting=meeting, at=held.next, corrections="", by=cast.agnes)


def hold_other(held: Held) -> Meeting:
    with unsigned():
        body = type(held.body).objects.create(project=held.project, name="COTECH", kind="cotech")
    return meet(body, 40)


def test_validated_minutes_say_the_same_whatever_changes_since(cast: Cast, held: Held) -> None:
    sheet = ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")
    who = convene(held.last, "Maya Legrand", person=held.chair, organisation_name="UNAFAM")
    with unsigned():
        who.presence = Presence.PRESENT
        who.save()
    ties = {"fiche": TieChanges(add=[str(sheet.pk)])}
    decision = decide(held, "Former", cast.agnes, item=held.item, more={"ties": ties})
    meeting = proposed(held, cast.agnes)
    validate_minutes(meeting=meeting, at=held.next, corrections="", by=cast.agnes)
    before = minutes_of(fresh(held.last))
    assert before.items[0].decisions[0].about == ("Fiche\u00a03\u00a0· Pair-aidance",)
    with unsigned():
        Decision.objects.filter(pk=decision.pk).update(text="Autre chose")
        held.body.name = "Ancien COPIL"
        held.body.save()
        sheet.delete()
        Person.objects.filter(pk=held.chair.pk).delete()
        Attendee.objects.filter(meeting=held.last).delete()
    assert minutes_of(fresh(held.last)) == before
    assert before.attendance[0].people[0].told == "Maya Legrand (UNAFAM)"


# --- Attendance ---


def attendance(held: Held, **typed: str) -> AttendanceForm:
    rows = list(Attendee.objects.filter(meeting=held.last).order_by("pk"))
    return AttendanceForm(typed or None, meeting=fresh(held.last), attendees=rows)


def test_replies_are_proposed_as_presences(held: Held) -> None:
    convene(held.last, "Oui", Reply.YES)
    convene(held.last, "Non", Reply.NO)
    convene(held.last, "Par un autre", Reply.REPRESENTED, represented_by="Paul")
    convene(held.last, "Rien")
    found = [row["presence"].value() for row in attendance(held).rows]
    assert found == ["present", "excuse", "represente", "a_noter"]


def test_two_hands_note_the_attendance_row_by_row(cast: Cast, held: Held) -> None:
    one, two = convene(held.last, "Une"), convene(held.last, "Deux")
    drawn = {"revision": "0"}
    first = drawn | {
        f"presence-{one.pk}-presence": "present",
        f"presence-{two.pk}-presence": "a_noter",
    }
    second = drawn | {
        f"presence-{one.pk}-presence": "absent",
        f"presence-{two.pk}-presence": "excuse",
    }

    def send(typed: dict[str, str]) -> AttendanceForm:
        with writing_minutes(held.last, by=cast.agnes) as written:
            form = attendance(held, **typed)
            if form.is_valid():
                keep_attendance(written=written, rows=form.changed)
        return form

    assert not send(first).conflicts
    form = send(second)
    assert [conflict.theirs for conflict in form.conflicts] == ["Présent"]
    assert Attendee.objects.get(pk=one.pk).presence == Presence.PRESENT
    again = second | {"revision": str(fresh(held.last).revision)}
    assert not send(again).conflicts
    assert Attendee.objects.get(pk=one.pk).presence == Presence.ABSENT


def test_somebody_joins_and_the_rest_is_absent(cast: Cast, held: Held) -> None:
    convene(held.last, "Une")
    added = add_attendee(
        meeting=held.last, name="maya legrand", organisation="", capacity="Invitée", by=cast.agnes
    )
    assert added.person == held.chair
    assert added.name == "Maya Legrand"
    with pytest.raises(GovernanceRefused, match="déjà sur la liste"):
        add_attendee(
            meeting=held.last, name="Maya LEGRAND", organisation="", capacity="", by=cast.agnes
        )
    assert note_the_others(meeting=held.last, presence=Presence.ABSENT, by=cast.agnes) == 1
    rows = Attendee.objects.filter(meeting=held.last)
    assert counted_in_words(attendance_of(rows)) == "1\u00a0présent, 1\u00a0absent"


def test_meeting_to_come_is_not_held(cast: Cast, held: Held) -> None:
    with pytest.raises(GovernanceRefused, match="à venir"):
        hold_meeting(meeting=held.next, by=cast.agnes)
    hold_meeting(meeting=held.last, by=cast.agnes)
    assert fresh(held.last).state == MeetingState.HELD


def test_cancelled_meeting_has_no_minutes(cast: Cast, held: Held) -> None:
    meeting = meet(held.body, -10, state=MeetingState.CANCELLED)
    with pytest.raises(GovernanceRefused, match="annulée"):
        add_item(meeting=meeting, item=AgendaItem(title="Point"), by=cast.agnes)


# --- Who ---


def test_chair_with_an_account_writes_as_long_as_they_read_the_project(
    cast: Cast, held: Held
) -> None:
    assert not can_take_minutes(cast.bruno, held.last)
    held.chair.user = cast.bruno
    held.chair.save()
    assert can_take_minutes(cast.bruno, held.last)
    with unsigned():
        held.body.seats.update(ends_on=cast.aubrac.today() - dt.timedelta(days=1))
    assert not can_take_minutes(cast.bruno, held.last)
    with unsigned():
        held.body.seats.update(ends_on=None)
    Membership.objects.filter(user=cast.bruno).delete()
    assert not can_take_minutes(cast.bruno, held.last)


def test_members_read_proposed_minutes_and_not_drafts(cast: Cast, held: Held) -> None:
    note(held.item, "Brouillon", cast.agnes)
    assert not can_read_minutes(cast.bruno, fresh(held.last))
    assert can_read_minutes(cast.emile, fresh(held.last))
    meeting = proposed(held, cast.agnes)
    assert can_read_minutes(cast.bruno, meeting)
    assert not can_read_minutes(cast.chloe, meeting)


# --- Decisions, from the minutes ---


def test_decision_is_numbered_at_once_and_sent_twice_is_one(cast: Cast, held: Held) -> None:
    first = decide(held, "Former", cast.agnes, item=held.item, token="t" * 32)
    again = decide(held, "Former", cast.agnes, item=held.item, token="t" * 32)
    other = decide(held, "Loger", cast.agnes, token="t" * 32)
    assert (first.pk, first.number) == (again.pk, again.number)
    assert (first.number, other.number) == (1, 2)
    assert first.state == DecisionState.OPEN
    assert fresh(held.last).revision == 2


def test_responsible_is_found_in_the_directory_or_stays_words(cast: Cast, held: Held) -> None:
    known = decide(held, "Un", cast.agnes, more={"responsible": "maya legrand"})
    words = decide(held, "Deux", cast.agnes, more={"responsible": "à désigner"})
    assert (known.responsible, words.responsible) == (held.chair, None)
    assert words.responsible_name == "à désigner"


def test_decision_without_a_meeting_has_its_body(cast: Cast, held: Held) -> None:
    decided = Decided(text="Par courriel", body=held.body)
    decision = write_decision(
        project=cast.project, decided=decided, decided_on=cast.aubrac.today(), by=cast.agnes
    )
    assert (decision.body, decision.meeting) == (held.body, None)
