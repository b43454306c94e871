"""The rows of governance, one file a subject."""

from governance.models.bodies import Body, Seat
from governance.models.decisions import Decision
from governance.models.directory import Organisation, Person, PersonQuerySet
from governance.models.engagement import EngagementItem, EngagementLetter, EngagementRound
from governance.models.followed import FollowedLine
from governance.models.letters import FramingCheck, FramingLetter, LetterSection
from governance.models.meetings import (
    AgendaItem,
    Attendee,
    CalendarFeed,
    Meeting,
    MeetingLetter,
)

__all__ = [
    "AgendaItem",
    "Attendee",
    "Body",
    "CalendarFeed",
    "Decision",
    "EngagementItem",
    "EngagementLetter",
    "EngagementRound",
    "FollowedLine",
    "FramingCheck",
    "FramingLetter",
    "LetterSection",
    "Meeting",
    "MeetingLetter",
    "Organisation",
    "Person",
    "PersonQuerySet",
    "Seat",
]
