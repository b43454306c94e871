"""The register of decisions: what the filters keep, counted once for page, paper and workbook."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from core.text import day_in_words
from governance.enums import DecisionState
from governance.models import Body, Decision
from governance.models.decisions import DecisionQuerySet
from governance.ties import Tied, tied_to_decisions
from territories.models import Project

LATE = "retard"


@dataclass(frozen=True)
class RegisterLine:
    """One decision, as a list says it."""

    decision: Decision
    ties: tuple[Tied, ...]
    lateness: str

    @property
    def due(self) -> str:
        return day_in_words(self.decision.due_on) if self.decision.due_on else ""


@dataclass(frozen=True)
class StateCount:
    """How many decisions stand there."""

    code: str
    label: str
    count: int


def chosen_decisions(
    project: Project, choices: Mapping[str, str], *, on: dt.date
) -> DecisionQuerySet:
    """The decisions of a project that these filters keep, the latest first."""
    found = Decision.objects.of(project)
    if choices.get("etat") == LATE:
        found = found.late(on=on)
    elif choices.get("etat"):
        found = found.filter(state=choices["etat"])
    if choices.get("instance"):
        found = found.filter(body=int(choices["instance"]))
    if choices.get("responsable"):
        found = found.filter(responsible_name=choices["responsable"])
    if choices.get("mots"):
        found = found.with_words(choices["mots"])
    return found


def lines_of(
    decisions: Iterable[Decision], *, on: dt.date, reader: User | None
) -> list[RegisterLine]:
    """With what each is about, and its lateness in words. A query a kind of tie."""
    rows = list(decisions)
    ties = tied_to_decisions([row.pk for row in rows], reader)
    return [RegisterLine(row, tuple(ties.get(row.pk, ())), row.lateness_told(on)) for row in rows]


def states_of(decisions: Iterable[Decision], *, on: dt.date) -> list[StateCount]:
    """Counts by state, and of those that are late. No query."""
    rows = list(decisions)
    counts = [
        StateCount(state.value, state.label, sum(row.state == state for row in rows))
        for state in DecisionState
    ]
    late = StateCount(LATE, "En retard", sum(row.days_late(on) > 0 for row in rows))
    return [counts[0], late, *counts[1:]]


def open_decisions_of(body: Body, *, before: dt.date) -> DecisionQuerySet:
    """What a body decided by that day and has not closed: it is shown them at each meeting."""
    rows = Decision.objects.of_body(body).open().filter(decided_on__lte=before)
    return rows.order_by("number")
