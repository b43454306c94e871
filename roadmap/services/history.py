"""Taking back a gesture, or one of its changes; that too is a gesture, and can be taken back."""

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence

from accounts.models import User
from core.text import NBSP, moment_in_words
from journal.enums import ChangeKind, Source
from journal.models import Change, ChangeSet
from journal.reading import Undos, part_token, undos_since
from journal.tracing import TracedModel
from journal.undoing import UndoRefused, undo
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    Axis,
    FundingLine,
    Objective,
    RoadmapVersion,
)
from roadmap.services.margins import are_on_paper
from roadmap.services.objectives import settle_order
from roadmap.summaries.history_words import NOBODY, REDONE, UNDONE, sentence_of
from territories.models import Project
from territories.writing import writing

SHEET = Action._meta.label_lower
VERSION = RoadmapVersion._meta.label_lower
RANK = "position"
RANKED: dict[str, type[TracedModel]] = {
    model._meta.label_lower: model
    for model in (ActionIndicator, ActionRole, Axis, FundingLine, Objective)
}


class AlreadyTakenBack(UndoRefused):
    """The same gesture taken back twice, by a double click or by two people."""


def take_back(*, gesture: ChangeSet, project: Project, by: User | None) -> ChangeSet:
    """Give everything that a gesture changed its earlier value; what was taken back alone stays so.

    All or nothing: raises `UndoRefused` when somebody wrote over it since, `AlreadyTakenBack` when
    it is done already. A few queries a kind of row.
    """
    changes = list(gesture.changes.order_by("rank"))
    with writing(
        project, by=by, source=Source.UNDO, undoes=gesture, on_paper=are_on_paper(changes)
    ) as made:
        undos = undos_since(project.scope, gesture.pk)
        if undone := undos.gestures.get(gesture.pk):
            raise AlreadyTakenBack(_told_already(undone, project))
        made.words = _opposite(gesture, gesture.words or sentence_of(changes))
        undo_on_sheets([change for change in changes if change.pk not in undos.changes])
    return _done(made.changeset)


def take_back_change(*, change: Change, project: Project, by: User | None) -> ChangeSet:
    """Give one value, or one row, what it was before a gesture that did more. As `take_back`."""
    gesture = change.changeset
    if gesture.changes.count() == 1:
        return take_back(gesture=gesture, project=project, by=by)
    with writing(
        project,
        by=by,
        source=Source.UNDO,
        undoes=gesture,
        token=part_token(change),
        on_paper=are_on_paper([change]),
    ) as made:
        undos: Undos = undos_since(project.scope, gesture.pk)
        undone = undos.gestures.get(gesture.pk) or undos.changes.get(change.pk)
        if undone:
            raise AlreadyTakenBack(_told_already(undone, project))
        made.words = _opposite(gesture, sentence_of([change]))
        undo_on_sheets([change])
    return _done(made.changeset)


def _done(changeset: ChangeSet | None) -> ChangeSet:
    if changeset is None:
        raise UndoRefused("Il n’y a plus rien à annuler dans ce geste.")
    return changeset


def _told_already(undo: ChangeSet, project: Project) -> str:
    at = moment_in_words(undo.at, time_zone=project.territory.time_zone)
    who = undo.by_name or "quelqu’un d’autre"
    return f"Ce geste a déjà été annulé par {who} le {at}. Rien n’a été fait une deuxième fois."


def _opposite(gesture: ChangeSet, words: str) -> str:
    """What is said of a gesture taken back; an undo taken back is a gesture done again."""
    if words.startswith(UNDONE):
        return REDONE + words.removeprefix(UNDONE)
    if words.startswith(REDONE):
        return UNDONE + words.removeprefix(REDONE)
    return f"{UNDONE}{gesture.by_name or NOBODY} {words}"


def undo_on_sheets(changes: Sequence[Change]) -> None:
    """Undo under the lock, then set the rows of each sheet in order again.

    Call it inside a gesture. Raises `UndoRefused`, as `journal.undoing.undo` does, when a version
    was frozen by it, and when a sheet is out of the roadmap.
    """
    _refuse_on_frozen(changes)
    _refuse_on_retired(changes)
    undo(_but_ranks(changes))
    touched = [change for change in changes if change.model == Objective._meta.label_lower]
    for action in Action.objects.filter(pk__in=_sheets_of(touched)).order_by("pk"):
        settle_order(action)


def _refuse_on_frozen(changes: Iterable[Change]) -> None:
    frozen = next((one for one in changes if one.model == VERSION), None)
    if frozen is not None:
        raise UndoRefused(
            f"Ce geste a figé la «{NBSP}{frozen.name}{NBSP}»{NBSP}: une version figée ne s’annule "
            "pas."
        )


def _sheets_of(changes: Iterable[Change]) -> set[int]:
    subjects = {change.subject.partition(":") for change in changes}
    return {int(key) for model, _, key in subjects if model == SHEET}


def _refuse_on_retired(changes: Sequence[Change]) -> None:
    """A sheet that is retired is not written, but to bring it back."""
    lives = {change.row for change in changes if change.model == SHEET} & {
        change.row
        for change in changes
        if change.field == "retired_at" or change.kind != ChangeKind.CHANGED
    }
    written = _but_ties_of_axes(changes)
    retired = Action.objects.filter(pk__in=_sheets_of(written) - lives).exclude(retired_at=None)
    if sheet := retired.order_by("number", "pk").first():
        raise UndoRefused(
            f"La fiche {sheet.number} est retirée de la feuille de route{NBSP}: rétablissez-la "
            "d’abord, ce geste pourra ensuite être annulé."
        )


def _but_ties_of_axes(changes: Sequence[Change]) -> list[Change]:
    """An axis that goes, or comes back, ties its sheets again: that is not writing on them."""
    axis = Axis._meta.label_lower
    if all(change.model != axis or change.kind == ChangeKind.CHANGED for change in changes):
        return list(changes)
    return [change for change in changes if (change.model, change.field) != (SHEET, "axis")]


def _but_ranks(changes: Sequence[Change]) -> list[Change]:
    """The same changes, ranks aside where others moved rows since: order is settled anyway.

    A gesture that only moved rows is kept whole: it has nothing else to give back.
    """
    if all(change.field == RANK for change in changes):
        return list(changes)
    ranks = _present_ranks(changes)
    kept = []
    for change in changes:
        present = ranks.get((change.model, change.row))
        if change.field == RANK and present != change.new:
            continue
        if change.kind == ChangeKind.ADDED and present is not None:
            # The journal itself is never rewritten.
            change = copy.copy(change)
            change.new = {**change.values_after, RANK: present}
        kept.append(change)
    return kept


def _present_ranks(changes: Iterable[Change]) -> dict[tuple[str, int], int]:
    """The ranks that rows have now; a query a kind of row that has some."""
    keys: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        keys[change.model].add(change.row)
    return {
        (label, key): rank
        for label, model in RANKED.items()
        if keys[label]
        for key, rank in model._base_manager.filter(pk__in=keys[label]).values_list("pk", RANK)
    }
