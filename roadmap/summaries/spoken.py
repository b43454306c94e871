"""Where a sheet was spoken of: the meetings whose agenda names it, the decisions about it."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from governance.models import Decision, Meeting
from roadmap.models import Action, AgendaSheet, DecisionSheet


@dataclass(frozen=True)
class SpokenAt:
    """One agenda item about the sheet."""

    meeting: Meeting
    item: str

    @property
    def day(self) -> dt.datetime:
        return self.meeting.starts_at


@dataclass(frozen=True)
class Spoken:
    """What governance says of one sheet, the latest first."""

    meetings: tuple[SpokenAt, ...]
    decisions: tuple[Decision, ...]

    @property
    def is_empty(self) -> bool:
        return not self.meetings and not self.decisions


def spoken_of(action: Action, *, reader: User) -> Spoken:
    """Meetings and decisions about a sheet, as far as the reader may see them. Two queries."""
    items = (
        AgendaSheet.objects.filter(
            action=action, item__meeting__in=Meeting.objects.visible_to(reader)
        )
        .select_related("item__meeting__body")
        .order_by("-item__meeting__starts_at", "item__rank", "pk")
    )
    decisions = (
        DecisionSheet.objects.filter(
            action=action, decision__in=Decision.objects.visible_to(reader)
        )
        .select_related("decision__body")
        .order_by("-decision__number", "pk")
    )
    return Spoken(
        meetings=tuple(SpokenAt(tie.item.meeting, tie.item.title) for tie in items),
        decisions=tuple(tie.decision for tie in decisions),
    )
