"""Where one goes back to, and what stands between: the later changes, as if they were one gesture.

What comes back is undone by `journal.undoing`, as any gesture is: all of it or nothing.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.text import NBSP, listed, moment_in_words
from journal.enums import ChangeKind
from journal.models import Change, ChangeSet
from journal.reading import last_changes, net_of
from journal.undoing import UndoRefused
from roadmap.models import Action, ActionTheme, Axis, PlannedQuarter, SecondaryPriority
from roadmap.services.gestures import named
from roadmap.services.margins import MARGINS
from roadmap.summaries.history_words import field_label, row_words
from territories.models import Project

SHEET = Action._meta.label_lower
# Rows on which nothing hangs, and which say all that they are.
LEAVES = {model._meta.label_lower for model in (ActionTheme, PlannedQuarter, SecondaryPriority)}
# Where a row stands and what it is: not a value that comes back without the rest.
NOT_ALONE = {
    "action",
    "kind",
    "number",
    "objective",
    "parent",
    "position",
    "project",
    "quarter",
    "retired_at",
    "retired_reason",
}
# Values that say one thing together: one without the others would be wrong, or refused.
TOGETHER = (
    {"status", "status_reason"},
    {"label", "organisation", "person"},
    {"planning_note", "note_first", "note_last"},
    {"planning_first", "planning_last"},
)


@dataclass(frozen=True)
class FieldReturn:
    """One value as a gesture left it, or as it found it; those that go with it come too."""

    change: Change
    before: bool = False

    @property
    def gesture(self) -> ChangeSet:
        return self.change.changeset

    def changes(self) -> list[Change]:
        """What happened since to that value. One query; `UndoRefused` when it cannot come back."""
        if not may_return_alone(self.change):
            raise UndoRefused(
                "Cette valeur ne revient pas seule\u00a0: ramenez toute la fiche à cet état, ou "
                "annulez le geste."
            )
        found = _net_since(
            Change.objects.to_row(self.change.model, self.change.row),
            self.gesture,
            with_it=self.before,
        )
        if any(change.kind != ChangeKind.CHANGED for change in found):
            raise UndoRefused(
                f"{_capital(row_words(self.change))} n’existe plus{NBSP}: annulez d’abord son "
                "retrait, dans l’historique."
            )
        return [change for change in found if change.field in self._names]

    @property
    def _names(self) -> set[str]:
        together = (names for names in TOGETHER if self.change.field in names)
        return next(together, {self.change.field})

    def words(self, project: Project, changes: Sequence[Change]) -> str:
        """« a ramené la fiche « 3. … » à ses valeurs du 3 mars 2026 à 10 h 03 : motif »."""
        fields = [field_label(change, change.field) for change in changes]
        told = listed([f"{words[:1].lower()}{words[1:]}" for words in fields])
        when = f"{'d’avant le ' if self.before else 'du '}{_moment(self.gesture, project)}"
        return f"a ramené {row_words(self.change)} à ses valeurs {when}{NBSP}: {told}"


@dataclass(frozen=True)
class SheetReturn:
    """A sheet, with all that hangs on it, as a gesture left it; its margins stay as they are."""

    action: Action
    gesture: ChangeSet

    def changes(self) -> list[Change]:
        """What happened since to the sheet. One to three queries; `UndoRefused` with a reason."""
        later = Change.objects.filter(subject=self.action.subject).exclude(model__in=MARGINS)
        found = _net_since(later, self.gesture)
        if any((one.model, one.kind) == (SHEET, ChangeKind.ADDED) for one in found):
            raise UndoRefused(
                f"La fiche{NBSP}{self.action.number} n’existait pas à ce moment{NBSP}: il n’y a "
                "pas d’état auquel revenir."
            )
        own = {change.field: change for change in found if change.model == SHEET}
        self._check_number(own)
        self._check_axis(own)
        return _but_same_again(found)

    def _check_number(self, own: dict[str, Change]) -> None:
        """Its number may be another sheet's by now."""
        if not {"number", "retired_at"} & set(own):
            return
        present = Action.objects.get(pk=self.action.pk)
        number = own["number"].old if "number" in own else present.number
        is_out = own["retired_at"].old if "retired_at" in own else present.retired_at
        holder = (
            Action.objects.filter(project=present.project_id)
            .live()
            .filter(number=int(number or 0))
            .exclude(pk=present.pk)
            .first()
        )
        if holder and not is_out:
            raise UndoRefused(
                f"La fiche portait alors le numéro{NBSP}{number}, qui est maintenant celui de la "
                f"fiche {named(holder.title)}{NBSP}: donnez d’abord un autre numéro à celle-ci."
            )

    def _check_axis(self, own: dict[str, Change]) -> None:
        key = own["axis"].old if "axis" in own else None
        if key is None or Axis.objects.filter(pk=key).exists():
            return
        last = last_changes(Axis._meta.label_lower, [key]).get(key)
        raise UndoRefused(
            f"La fiche était alors sous l’axe {named(last.name if last else '?')}, qui a été "
            f"retiré depuis{NBSP}: annulez d’abord ce retrait, dans l’historique."
        )

    def words(self, project: Project, changes: Sequence[Change]) -> str:  # noqa: ARG002
        """« a ramené la fiche 3 à son état du 3 mars 2026 à 10 h 03 »."""
        number, when = self.action.number, _moment(self.gesture, project)
        return f"a ramené la fiche{NBSP}{number} {named(self.action.title)} à son état du {when}"


Way = FieldReturn | SheetReturn


@dataclass(frozen=True)
class WayBack:
    """What going back would undo, as the base is now."""

    way: Way
    changes: tuple[Change, ...]

    @property
    def code(self) -> str:
        """What a page sends back, to be sure that it was this that was read."""
        facts = [
            (one.kind, one.model, one.row, one.field, one.old, one.new) for one in self.changes
        ]
        return hashlib.sha256(json.dumps(facts, cls=DjangoJSONEncoder).encode()).hexdigest()


def way_back(way: Way) -> WayBack:
    """Read the journal from there to now. One to three queries. Raises `UndoRefused`."""
    return WayBack(way, tuple(way.changes()))


def may_return_alone(change: Change) -> bool:
    """Whether that value means something by itself. No query."""
    return change.kind == ChangeKind.CHANGED and change.field not in NOT_ALONE


def _net_since(
    changes: models.QuerySet[Change], gesture: ChangeSet, *, with_it: bool = False
) -> list[Change]:
    later = {"changeset__gte" if with_it else "changeset__gt": gesture.pk}
    in_order: Iterable[Change] = (
        changes.filter(**later).select_related("changeset").order_by("changeset", "rank")
    )
    return net_of(in_order)


def _but_same_again(changes: Sequence[Change]) -> list[Change]:
    """Without the rows that went and came back alike under another key: nobody sees a change."""
    removed: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind == ChangeKind.REMOVED and change.model in LEAVES:
            removed.setdefault(_alike(change), []).append(change)
    left_out: list[Change] = []
    for change in changes:
        is_added = change.kind == ChangeKind.ADDED and change.model in LEAVES
        if is_added and (twins := removed.get(_alike(change))):
            left_out += [change, twins.pop()]
    return [change for change in changes if change not in left_out]


def _alike(change: Change) -> str:
    return repr((change.model, sorted((change.old or change.new or {}).items())))


def _moment(gesture: ChangeSet, project: Project) -> str:
    return moment_in_words(gesture.at, time_zone=project.territory.time_zone)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
