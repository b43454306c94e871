"""What closing a campaign would do, sheet by sheet, before it is done."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.quarters import Quarter
from core.text import NBSP, listed
from reviews.enums import Kept, ObjectiveAnswer, Outcome, UpdateState
from reviews.models import Campaign, ObjectiveUpdate, Update
from reviews.summaries.board import updates_of
from reviews.summaries.freezing import outcome_of
from reviews.summaries.seals import seal_of, slip_in_words
from roadmap.enums import CellState, ObjectiveState, Status
from roadmap.models import Action, Objective
from roadmap.services.reviewed import ReviewedObjective, ReviewedSheet, state_of
from roadmap.summaries import leaves_of

STATE_OF_ANSWER = {
    ObjectiveAnswer.DONE: ObjectiveState.DONE,
    ObjectiveAnswer.RUNNING: ObjectiveState.RUNNING,
    ObjectiveAnswer.TODO: ObjectiveState.TODO,
}


@dataclass(frozen=True)
class ClosingLine:
    """One sheet at the closing."""

    update: Update
    # As the roadmap has it now.
    sheet: Action
    outcome: Outcome
    # What its validated answer would change of it, in words; the météo apart, that nobody types.
    writes: tuple[str, ...]
    weather: str
    # What somebody changed of it since the opening, in words.
    edits: tuple[str, ...]

    @property
    def is_written(self) -> bool:
        """Its answer counts, and the sheet is still in the roadmap."""
        return self.outcome == Outcome.VALIDATED and not self.sheet.is_retired

    @property
    def is_conflict(self) -> bool:
        """Somebody wrote the sheet, its answer says otherwise: the lead chooses."""
        return bool(self.edits and self.writes)

    @property
    def is_begun(self) -> bool:
        """Something was typed that was never sent."""
        return self.update.state in {UpdateState.DRAFT, UpdateState.RETURNED}

    def reviewed(self, kept: Kept) -> ReviewedSheet | None:
        """What is written on the sheet: nothing unless validated, nor once it is retired.

        A sheet that stands as it is still keeps the météo, which nobody types.
        """
        if not self.is_written:
            return None
        stands = self.sheet if kept == Kept.SHEET else self.update
        return ReviewedSheet(
            action=self.sheet.pk,
            status=Status(stands.status),
            status_reason=stands.status_reason,
            weather=self.update.weather,
            objectives=() if kept == Kept.SHEET else tuple(self._objectives()),
        )

    def _objectives(self) -> Iterator[ReviewedObjective]:
        """Those that the sheet still has."""
        states = {leaf.pk: leaf.state for leaf in leaves_of(self.sheet)}
        for line in self.update.objectives.all():
            if line.objective_id in states:
                yield _reviewed_objective(line, states[line.objective_id])


@dataclass(frozen=True)
class Closing:
    """The whole closing, announced; `seal` changes with anything that it would write."""

    lines: tuple[ClosingLine, ...]
    seal: str

    def with_outcome(self, outcome: Outcome) -> tuple[ClosingLine, ...]:
        return tuple(line for line in self.lines if line.outcome == outcome)

    @property
    def validated(self) -> tuple[ClosingLine, ...]:
        return self.with_outcome(Outcome.VALIDATED)

    @property
    def received(self) -> tuple[ClosingLine, ...]:
        return self.with_outcome(Outcome.RECEIVED)

    @property
    def silent(self) -> tuple[ClosingLine, ...]:
        return self.with_outcome(Outcome.SILENT)

    @property
    def conflicts(self) -> tuple[ClosingLine, ...]:
        return tuple(line for line in self.lines if line.is_conflict)


def closing_of(campaign: Campaign) -> Closing:
    """What closing it now would do. Expects the place; seven queries, however many sheets."""
    updates = updates_of(campaign)
    sheets = {
        sheet.pk: sheet
        for sheet in Action.objects.filter(pk__in=[each.action_id for each in updates]).for_counts()
    }
    for sheet in sheets.values():
        sheet.project = campaign.project
    lines = tuple(_line(update, sheets[update.action_id]) for update in updates)
    return Closing(lines, _seal(lines))


def _line(update: Update, sheet: Action) -> ClosingLine:
    outcome = outcome_of(update)
    is_written = outcome == Outcome.VALIDATED and not sheet.is_retired
    return ClosingLine(
        update=update,
        sheet=sheet,
        outcome=outcome,
        writes=tuple(_writes(update, sheet)) if is_written else (),
        weather=update.get_weather_display() if is_written else "",
        edits=edits_of(update, sheet) if is_written else (),
    )


def edits_of(update: Update, sheet: Action) -> tuple[str, ...]:
    """What was changed of a sheet since the opening, in words. Expects `for_counts()`; no query."""
    return tuple(_edits(update.basis, state_of(sheet), sheet))


def _reviewed_objective(line: ObjectiveUpdate, state: str) -> ReviewedObjective:
    """What one line writes; what is put off is not done, and goes on if it had begun."""
    answer = ObjectiveAnswer(line.answer)
    if answer != ObjectiveAnswer.SLIPPED:
        return ReviewedObjective(line.objective_id or 0, STATE_OF_ANSWER[answer])
    goes_on = state == ObjectiveState.RUNNING
    return ReviewedObjective(
        line.objective_id or 0,
        ObjectiveState.RUNNING if goes_on else ObjectiveState.TODO,
        slipped_to=line.slipped_to,
    )


def _writes(update: Update, sheet: Action) -> Iterator[str]:
    """What a validated answer would change of its sheet."""
    if update.status != sheet.status:
        yield _from_to("avancement", sheet.get_status_display(), update.get_status_display())
    if update.status_reason != sheet.status_reason:
        yield f"motif{NBSP}: {update.status_reason or 'retiré'}"
    leaves = {leaf.pk: leaf for leaf in leaves_of(sheet)}
    for line in update.objectives.all():
        leaf = leaves.get(line.objective_id or 0)
        if leaf is None:
            continue
        if line.has_slipped:
            yield f"{_quoted(line.printed)}{NBSP}: {slip_in_words(line)}"
        elif STATE_OF_ANSWER[ObjectiveAnswer(line.answer)] != leaf.state:
            yield _from_to(
                _quoted(line.printed), leaf.get_state_display(), line.get_answer_display()
            )


def _edits(basis: Mapping[str, Any], now: Mapping[str, Any], sheet: Action) -> Iterator[str]:
    """What was changed of a sheet since the opening, by whoever wrote it."""
    if not basis or basis == now:
        return
    if basis["status"] != now["status"]:
        before = Status(basis["status"]).label
        yield _from_to("avancement", str(before), sheet.get_status_display())
    if basis["status_reason"] != now["status_reason"]:
        yield f"motif{NBSP}: {sheet.status_reason or 'retiré'}"
    leaves = {str(leaf.pk): leaf for leaf in leaves_of(sheet)}
    for key, was in basis["objectives"].items():
        if key not in leaves:
            yield "un objectif a été retiré"
        else:
            yield from _objective_edits(was, now["objectives"][key], leaves[key])
    for key in now["objectives"].keys() - basis["objectives"].keys():
        yield f"{_quoted(leaves[key].printed)}{NBSP}: objectif ajouté"


def _objective_edits(
    was: Mapping[str, Any], now: Mapping[str, Any], leaf: Objective
) -> Iterator[str]:
    if was["state"] != now["state"]:
        before = str(ObjectiveState(was["state"]).label)
        yield _from_to(_quoted(leaf.printed), before, leaf.get_state_display())
    changed = [
        quarter
        for quarter in sorted(was["cells"].keys() | now["cells"].keys(), key=int)
        if was["cells"].get(quarter) != now["cells"].get(quarter)
    ]
    if changed:
        told = [_cell_in_words(quarter, now["cells"].get(quarter)) for quarter in changed]
        yield f"{_quoted(leaf.printed)}{NBSP}: {listed(told)}"


def _cell_in_words(quarter: str, state: str | None) -> str:
    said = CellState(state).label if state else "effacé"
    return f"{Quarter(int(quarter))} {said}"


def _from_to(what: str, before: str, after: str) -> str:
    return f"{what}{NBSP}: {before.lower()} → {after.lower()}"


def _quoted(words: str) -> str:
    return f"«{NBSP}{words}{NBSP}»"


def _seal(lines: Iterable[ClosingLine]) -> str:
    """What was announced: what is being typed, and never sent, does not change it."""
    told = [
        [
            line.update.pk,
            line.outcome.value,
            *([seal_of(line.update), state_of(line.sheet)] if line.is_written else []),
        ]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
