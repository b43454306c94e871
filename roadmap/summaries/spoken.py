"""Where a sheet was spoken of: the meetings whose agenda names it, the decisions about it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, DateField, DateTimeField, F, IntegerField, Value

from governance.enums import DecisionState
from roadmap.models import Action, AgendaSheet, DecisionSheet


@dataclass(frozen=True)
class SpokenAt:
    """One agenda item about the sheet."""

    meeting: int
    body: str
    starts_at: dt.datetime
    words: str


@dataclass(frozen=True)
class Decided:
    """One decision about the sheet."""

    decision: int
    number: int
    body: str
    decided_on: dt.date
    state: DecisionState
    words: str


@dataclass(frozen=True)
class Spoken:
    """What governance says of one sheet, the latest first."""

    meetings: tuple[SpokenAt, ...]
    decisions: tuple[Decided, ...]

    @property
    def is_empty(self) -> bool:
        return not self.meetings and not self.decisions


def spoken_of(action: Action) -> Spoken:
    """Meetings and decisions about a sheet, which whoever reads the sheet reads. One query."""
    items = AgendaSheet.objects.filter(action=action).values_list(
        F("item__meeting_id"),
        Value(0, output_field=IntegerField()),
        F("item__meeting__body__name"),
        F("item__meeting__starts_at"),
        Value(None, output_field=DateField()),
        Value("", output_field=CharField()),
        F("item__title"),
    )
    decisions = DecisionSheet.objects.filter(action=action).values_list(
        F("decision_id"),
        F("decision__number"),
        F("decision__body__name"),
        Value(None, output_field=DateTimeField()),
        F("decision__decided_on"),
        F("decision__state"),
        F("decision__text"),
    )
    met, decided = [], []
    for key, number, body, starts_at, decided_on, state, words in items.union(decisions, all=True):
        if starts_at is None:
            told = Decided(key, number, body or "", decided_on, DecisionState(state), words)
            decided.append(told)
        else:
            met.append(SpokenAt(key, body, starts_at, words))
    return Spoken(
        meetings=tuple(sorted(met, key=lambda one: one.starts_at, reverse=True)),
        decisions=tuple(sorted(decided, key=lambda one: one.number, reverse=True)),
    )
