"""Writing in a meeting: one transaction, one gesture, in the meeting's own journal place.

Bodies, seats, decisions and letters are written in their project (`territories.writing`), off its
papers: the roadmap's « état au » keeps its day.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from governance.models import Meeting
from journal.enums import Source
from journal.recording import Gesture, gesture


class GovernanceRefused(Exception):
    """What governance cannot take; the message is a French sentence."""


@dataclass
class MeetingGesture:
    """The gesture under way, and the meeting as the base holds it now."""

    made: Gesture
    meeting: Meeting


@contextlib.contextmanager
def writing_meeting(
    meeting: Meeting,
    *,
    by: User | None,
    words: str = "",
    token: str = "",
    source: Source = Source.PAGE,
    signed: str = "",
) -> Iterator[MeetingGesture]:
    """What one person does to one meeting, locked meanwhile.

    Gives the meeting read again under the lock: load inside what is to be changed. `signed` names
    whoever answers without an account. Two queries, and five more when something changed.
    """
    with gesture(by=by, words=words, token=token, source=source, signed=signed) as made:
        locked = Meeting.objects.select_for_update(of=("self",)).with_place()
        present = locked.filter(pk=meeting.pk).first()
        if present is None:
            raise GovernanceRefused("Cette réunion a été supprimée pendant que vous écriviez.")
        made.concerns(present.scope, present.revise)
        yield MeetingGesture(made, present)
