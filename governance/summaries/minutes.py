"""What the minutes of a meeting say: one reading, for page, paper and mail.

Validated, they are read from what was kept that day, whatever became of people, decisions and
bodies since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, counted, day_in_words, moment_in_words
from governance.enums import DecisionState, MinutesState, Presence
from governance.models import AgendaItem, Attendee, Decision, Meeting
from governance.ties import tied_to_decisions, tied_to_items


@dataclass(frozen=True)
class Named:
    """One line of the attendance, as that day's papers name them."""

    name: str
    organisation: str = ""
    capacity: str = ""
    represented_by: str = ""

    @property
    def told(self) -> str:
        """« Maya Legrand (UNAFAM), avec pouvoir à Paul Roux »."""
        where = f" ({self.organisation})" if self.organisation else ""
        by = f", par {self.represented_by}" if self.represented_by else ""
        return f"{self.name}{where}{by}"


@dataclass(frozen=True)
class Attendance:
    """Those who were in one way."""

    code: str
    label: str
    people: tuple[Named, ...]


@dataclass(frozen=True)
class Decided:
    """One decision, as the minutes print it."""

    number: int
    text: str
    responsible: str = ""
    due: str = ""
    about: tuple[str, ...] = ()

    @property
    def follow_up(self) -> str:
        """« Responsable : Nina Roy. Échéance : 3 mars 2026. »"""
        told = [
            f"Responsable{NBSP}: {self.responsible}." if self.responsible else "",
            f"Échéance{NBSP}: {self.due}." if self.due else "",
        ]
        return " ".join(filter(None, told))


@dataclass(frozen=True)
class Item:
    """One point: what was said, what was decided."""

    title: str
    speaker: str = ""
    notes: str = ""
    about: tuple[str, ...] = ()
    follows: str = ""
    decisions: tuple[Decided, ...] = ()


@dataclass(frozen=True)
class MinutesRead:
    """The whole minutes, in plain values."""

    body: str
    title: str
    day: str
    hours: str
    place: str
    # « Projet », « Validé dans la réunion du 3 mars 2026 »: what a reader must know first.
    standing: str
    is_validated: bool
    corrections: str
    attendance: tuple[Attendance, ...]
    items: tuple[Item, ...]
    # Taken in the meeting, under no point.
    decisions: tuple[Decided, ...]

    @property
    def counts(self) -> str:
        """« 12 présents, 2 excusés »."""
        return counted_in_words(self.attendance)


LABELS = {
    Presence.PRESENT: "Présents",
    Presence.REPRESENTED: "Représentés",
    Presence.EXCUSED: "Excusés",
    Presence.ABSENT: "Absents",
    Presence.UNKNOWN: "Présence non notée",
}


def minutes_of(meeting: Meeting) -> MinutesRead:
    """What the minutes say now, or for good once validated.

    Expects the place. Three queries, and two a kind of tie; none when they were validated.
    """
    if meeting.minutes_state == MinutesState.VALIDATED and meeting.minutes_kept:
        return _as_kept(meeting.minutes_kept)
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("decision")
    items = list(rows.order_by("rank", "pk"))
    taken = list(Decision.objects.filter(meeting=meeting).order_by("number"))
    about_items = tied_to_items([item.pk for item in items], None)
    about = tied_to_decisions([decision.pk for decision in taken], None)
    decided = [
        (decision.item_id, _decided(decision, [tied.label for tied in about.get(decision.pk, [])]))
        for decision in taken
    ]
    return MinutesRead(
        body=meeting.body.name,
        title=meeting.title,
        day=day_in_words(meeting.starts_on),
        hours=hours_told(meeting),
        place=meeting.place,
        standing=standing_of(meeting),
        is_validated=meeting.minutes_state == MinutesState.VALIDATED,
        corrections=meeting.minutes_corrections,
        attendance=attendance_of(Attendee.objects.filter(meeting=meeting).order_by("pk")),
        items=tuple(
            Item(
                title=item.title,
                speaker=item.speaker,
                notes=item.notes,
                about=tuple(tied.label for tied in about_items.get(item.pk, [])),
                follows=follows_told(item.decision),
                decisions=tuple(one for place, one in decided if place == item.pk),
            )
            for item in items
        ),
        decisions=tuple(one for place, one in decided if place is None),
    )


def attendance_of(attendees: Iterable[Attendee]) -> tuple[Attendance, ...]:
    """In the order of the papers; ways in which nobody was are left out. One query at most."""
    rows = list(attendees)
    groups = []
    for presence, label in LABELS.items():
        people = tuple(_named(row) for row in rows if row.presence == presence)
        if people:
            groups.append(Attendance(presence.value, label, people))
    return tuple(groups)


def counted_in_words(groups: Iterable[Attendance]) -> str:
    """« 12 présents, 2 excusés, 1 présence à noter »."""
    told = []
    for group in groups:
        if group.code == Presence.UNKNOWN:
            told.append(counted(len(group.people), "présence à noter", "présences à noter"))
        else:
            told.append(counted(len(group.people), Presence(group.code).label.lower()))
    return ", ".join(told)


def hours_told(meeting: Meeting) -> str:
    """« de 14 h 00 à 16 h 30 », on the clocks of the place."""
    zone = meeting.body.project.territory.time_zone
    first, last = (
        moment_in_words(at, time_zone=zone).partition(" à ")[2]
        for at in (meeting.starts_at, meeting.ends_at)
    )
    return f"de {first} à {last}"


def standing_of(meeting: Meeting) -> str:
    """What the minutes are worth, in words. Expects the meeting that validated them."""
    if meeting.minutes_state == MinutesState.VALIDATED:
        at = meeting.minutes_validated_at
        return f"Validé dans la réunion du {day_in_words(at.starts_on)}" if at else "Validé"
    return "Projet, à valider par une prochaine réunion"


def follows_told(decision: Decision | None) -> str:
    """« Suite de la décision 12 : … », of a point that follows one."""
    if decision is None:
        return ""
    state = DecisionState(decision.state).label.lower()
    return f"Suite de la décision{NBSP}{decision.number} ({state}){NBSP}: {decision.text}"


def _decided(decision: Decision, about: Sequence[str]) -> Decided:
    return Decided(
        number=decision.number,
        text=decision.text,
        responsible=decision.responsible_name,
        due=day_in_words(decision.due_on) if decision.due_on else "",
        about=tuple(about),
    )


def _named(row: Attendee) -> Named:
    is_represented = row.presence == Presence.REPRESENTED
    return Named(
        name=row.name,
        organisation=row.organisation_name,
        capacity=row.capacity,
        represented_by=row.represented_by if is_represented else "",
    )


def _as_kept(kept: Mapping[str, Any]) -> MinutesRead:
    """The minutes as their validation kept them."""
    return MinutesRead(
        **{
            **kept,
            "attendance": tuple(
                Attendance(
                    group["code"], group["label"], tuple(Named(**row) for row in group["people"])
                )
                for group in kept["attendance"]
            ),
            "items": tuple(
                Item(
                    **{
                        **row,
                        "about": tuple(row["about"]),
                        "decisions": _decided_as_kept(row["decisions"]),
                    }
                )
                for row in kept["items"]
            ),
            "decisions": _decided_as_kept(kept["decisions"]),
        }
    )


def _decided_as_kept(rows: Iterable[Mapping[str, Any]]) -> tuple[Decided, ...]:
    return tuple(Decided(**{**row, "about": tuple(row["about"])}) for row in rows)
