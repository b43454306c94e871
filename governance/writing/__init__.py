"""Writing in the places of governance: one transaction, one gesture, one journal place each."""

from governance.writing.directory import (
    DirectoryRefused,
    Entry,
    Homonym,
    alone_in,
    keep,
    keeping,
    mark_of,
    mark_printed,
    marks_of,
    take_out,
)
from governance.writing.meetings import GovernanceRefused, MeetingGesture, writing_meeting

__all__ = [
    "DirectoryRefused",
    "Entry",
    "GovernanceRefused",
    "Homonym",
    "MeetingGesture",
    "alone_in",
    "keep",
    "keeping",
    "mark_of",
    "mark_printed",
    "marks_of",
    "take_out",
    "writing_meeting",
]
