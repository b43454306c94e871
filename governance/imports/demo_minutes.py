"""What was said in the past meetings of « Territoire de démonstration », by anybody's services.

Of each body, the minutes of the last past meeting wait for the next one; those before are
validated. Decisions end in every way: done, dropped, open, late.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from accounts.models import User
from governance.enums import PRESENCE_OF_REPLY, DecisionState, MeetingState, MinutesState, Presence
from governance.models import AgendaItem, Attendee, Decision, Meeting, Seat
from governance.services.agendas import add_item
from governance.services.attendance import hold_meeting, keep_attendance
from governance.services.decisions import Decided, close_decision, write_decision
from governance.services.minutes import (
    keep_notes,
    propose_minutes,
    validate_minutes,
    writing_minutes,
)
from governance.services.ties import TieChanges
from governance.ties import providers
from territories.models import Project

SOURCE = Path(__file__).resolve().parent.parent / "data" / "demo_minutes.json"
# In turn, of those of whom no answer says anything.
SHOWN = (Presence.PRESENT, Presence.PRESENT, Presence.PRESENT, Presence.EXCUSED)
MOST_PEOPLE = 14


def load_demo_minutes(project: Project, *, lead: User, on: dt.date, path: Path = SOURCE) -> int:
    """Write the minutes of the past meetings; gives how many. Expects the place.

    Nothing when a meeting has minutes already: visitors' work stays.
    """
    past = Meeting.objects.of(project).exclude(state=MeetingState.CANCELLED)
    past = past.filter(starts_at__date__lt=on)
    if past.exclude(minutes_state=MinutesState.NONE).exists():
        return 0
    told = json.loads(path.read_text(encoding="utf-8"))
    meetings = list(past.with_place().order_by("body", "starts_at", "pk"))
    story = _Story(project, lead, on, told)
    for _, together in groupby(meetings, key=lambda meeting: meeting.body_id):
        story.write(list(together))
    return len(meetings)


class _Story:
    """One body after the other, from its first meeting on."""

    def __init__(self, project: Project, lead: User, on: dt.date, told: Mapping[str, Any]) -> None:
        self.project, self.lead, self.on, self.told = project, lead, on, told
        self.written = 0
        offered = [(one.code, one.choices(project, lead)) for one in providers()]
        self.offered = [(code, choices) for code, choices in offered if choices]

    def write(self, meetings: Sequence[Meeting]) -> None:
        earlier: Meeting | None = None
        for meeting in meetings:
            self._gather(meeting)
            self._say(meeting)
            self._decide(meeting)
            hold_meeting(meeting=meeting, by=self.lead, on=self.on)
            if earlier is not None:
                words = self.told["corrections"] if len(meetings) == 2 else ""
                validate_minutes(meeting=earlier, at=meeting, corrections=words, by=self.lead)
            propose_minutes(meeting=meeting, tells=False, by=self.lead)
            earlier = meeting

    def _gather(self, meeting: Meeting) -> None:
        """Who came: those convened, or the seats of that day."""
        with writing_minutes(meeting, by=self.lead) as written:
            if not Attendee.objects.filter(meeting=meeting).exists():
                self._convene(meeting)
            rows = list(Attendee.objects.filter(meeting=meeting).order_by("pk"))
            for rank, row in enumerate(rows):
                row.presence = PRESENCE_OF_REPLY.get(row.reply, SHOWN[rank % len(SHOWN)])
            keep_attendance(written=written, rows=rows)

    def _convene(self, meeting: Meeting) -> None:
        seats = Seat.objects.filter(body=meeting.body).on(meeting.starts_on).with_people()
        held = seats.exclude(person_name="").in_order()[:MOST_PEOPLE]
        known: set[int | None] = set()
        for seat in held:
            if seat.person_id in known and seat.person_id is not None:
                continue
            known.add(seat.person_id)
            Attendee.objects.create(
                meeting=meeting,
                person=seat.person,
                name=seat.person_name,
                organisation_name=seat.organisation_name,
                capacity=str(seat.get_role_display()),
            )

    def _say(self, meeting: Meeting) -> None:
        if not AgendaItem.objects.filter(meeting=meeting).exists():
            for title in ("Point d’étape", self.told["added"]):
                add_item(meeting=meeting, item=AgendaItem(title=title), by=self.lead)
        notes = self.told["notes"]
        items = AgendaItem.objects.filter(meeting=meeting).order_by("rank", "pk")
        for rank, item in enumerate(items):
            with writing_minutes(meeting, by=self.lead) as written:
                item.notes = notes[rank % len(notes)]
                keep_notes(written=written, item=item)

    def _decide(self, meeting: Meeting) -> None:
        """Two decisions a meeting, under its points."""
        items = list(AgendaItem.objects.filter(meeting=meeting).order_by("rank", "pk"))
        people = list(Attendee.objects.filter(meeting=meeting).order_by("pk"))
        for item in items[:2]:
            told = self.told["decisions"][self.written % len(self.told["decisions"])]
            due_on = meeting.starts_on + dt.timedelta(days=told["due"]) if told["due"] else None
            responsible = people[self.written % len(people)].name if people else ""
            decision = write_decision(
                project=self.project,
                decided=Decided(
                    text=told["text"],
                    responsible=responsible,
                    due_on=due_on,
                    ties=self._ties(),
                ),
                decided_on=meeting.starts_on,
                meeting=meeting,
                item=item,
                by=self.lead,
            )
            self._end(decision, told)
            self.written += 1

    def _ties(self) -> dict[str, TieChanges]:
        """One sheet in turn, from the rooms that offer some."""
        return {
            code: TieChanges(add=[choices[self.written * 3 % len(choices)].key])
            for code, choices in self.offered
        }

    def _end(self, decision: Decision, told: Mapping[str, Any]) -> None:
        if told["end"]:
            end = decision.decided_on + dt.timedelta(days=told["due"])
            close_decision(
                decision=decision,
                state=DecisionState(told["end"]),
                words=told["words"],
                on=min(end, self.on),
                by=self.lead,
            )
