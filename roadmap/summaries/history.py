"""The journal as people tell it: who did what and when, what changed, what was taken back."""

import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from core.differences import Piece, word_differences
from core.text import NBSP, counted, day_in_words, moment_in_words
from journal.enums import ChangeKind, Source
from journal.models import Change, ChangeSet
from journal.reading import Undos, undos_since
from roadmap.models import Action
from roadmap.summaries.history_names import CELL, OBJECTIVE, links_to_a_person, names_of
from roadmap.summaries.history_words import (
    DID,
    NOBODY,
    NOTHING,
    REDONE,
    UNDONE,
    Names,
    column_of,
    field_label,
    quoted,
    row_words,
    sentence_of,
    value_words,
)
from territories.models import Project

SHOWN_CHANGES = 20
# Shorter, both values are read at a glance.
SHORT_TEXT = 40
# Where a row belongs and stands: said by the sentence, or by nothing.
UNSAID_FIELDS = {"action", "project", "position", "author_name", "written_at"}
# Of a version: who froze it and when are those of the gesture.
UNSAID_FIELDS |= {"made_at", "made_by_name", "schema"}
# Their name says all that they hold.
NAMES_ALONE = {
    "roadmap.actiontheme",
    "roadmap.agendasheet",
    "roadmap.decisionsheet",
    "roadmap.secondarypriority",
}
TOLD_SOURCES = {
    Source.COMMAND: "chargement",
    Source.ADMIN: "réparation",
    Source.IMPORT: "import",
    Source.LINK: "lien reçu par courriel",
    Source.CLOCK: "horloge",
}
# A workbook that nobody sent from the page.
BY_COMMAND = "import par commande"
SHEET = Action._meta.label_lower


@dataclass(frozen=True)
class SheetName:
    """A sheet of the history, whatever became of it."""

    pk: int
    words: str
    is_retired: bool = False
    is_gone: bool = False

    @property
    def subject(self) -> str:
        """As changes name it."""
        return f"{SHEET}:{self.pk}"

    @property
    def choice(self) -> str:
        """« 3. Développer la pair-aidance (retirée) »."""
        told = " (supprimée)" if self.is_gone else " (retirée)" if self.is_retired else ""
        return f"{self.words}{told}"

    @property
    def short(self) -> str:
        """« fiche 3 »."""
        return f"fiche{NBSP}{self.words.partition('.')[0]}"


@dataclass(frozen=True)
class ToldField:
    """One value, before and after; `pieces` when both are texts to compare."""

    label: str
    old: str
    new: str
    change: Change
    pieces: tuple[Piece, ...] = ()
    taken_back: str = ""


@dataclass(frozen=True)
class ToldRow:
    """What became of one row; `change` when it was added or removed as a whole."""

    words: str
    kind: str
    fields: tuple[ToldField, ...]
    change: Change | None = None
    taken_back: str = ""

    @property
    def told(self) -> str:
        """« a ajouté l’objectif « … » »."""
        return f"a {self.kind} {self.words}"


@dataclass(frozen=True)
class ToldGesture:
    """One gesture, as a sentence and in detail."""

    changeset: ChangeSet
    who: str
    words: str
    day: str
    hour: str
    source: str
    rows: tuple[ToldRow, ...]
    changes: tuple[Change, ...]
    change_count: int
    sheets: tuple[SheetName, ...]
    taken_back: str = ""
    takes_back: str = ""

    @property
    def more_count(self) -> int:
        """How many changes are told on the gesture's own page only."""
        return self.change_count - len(self.changes)

    @property
    def is_undo(self) -> bool:
        """Taking it back is doing again what it had taken back."""
        return self.words.startswith(UNDONE)

    @property
    def sentence(self) -> str:
        """« Agnès Martin a déplacé l’objectif… »."""
        return f"{self.who} {self.words}"


def sheets_of_history(project: Project) -> dict[int, SheetName]:
    """Every sheet that the project has or had, by key; one query."""
    words = Concat(
        Cast("number", models.CharField()), Value(". "), "title", output_field=models.TextField()
    )
    kept: Any = Action.objects.filter(project=project).annotate(
        words=words,
        is_out=models.Case(models.When(retired_at=None, then=Value(0)), default=Value(1)),
        is_gone=Value(0),
    )
    gone: Any = Change.objects.filter(
        model=SHEET, kind=ChangeKind.REMOVED, changeset__scope=project.scope
    ).annotate(is_out=Value(0), is_gone=Value(1))
    found: dict[int, SheetName] = {}
    columns = kept.order_by().values_list("pk", "words", "is_out", "is_gone")
    rows = columns.union(gone.order_by().values_list("row", "name", "is_out", "is_gone"))
    for key, name, is_out, is_gone in sorted(rows, key=lambda row: (row[3], _rank(row[1]))):
        sheet = SheetName(key, name, is_retired=bool(is_out), is_gone=bool(is_gone))
        found.setdefault(key, sheet)
    return found


def _rank(words: str) -> tuple[int, str]:
    number = words.partition(".")[0]
    return (int(number) if number.isdecimal() else 0, words)


def for_history(
    gestures: models.QuerySet[ChangeSet],
    *,
    subject: str = "",
    shown: int = SHOWN_CHANGES,
    after: int = 0,
) -> models.QuerySet[ChangeSet]:
    """With how many changes each made, and the first ones: one query more.

    With a subject, the changes of that sheet alone are shown.
    """
    counts = Change.objects.filter(changeset=OuterRef("pk")).order_by().values("changeset")
    changes = Change.objects.filter(subject=subject) if subject else Change.objects.all()
    return (
        gestures.select_related("undoes")
        .annotate(change_count=Subquery(counts.annotate(found=Count("pk")).values("found")))
        .prefetch_related(
            Prefetch("changes", changes.order_by("rank")[after : after + shown], to_attr="shown")
        )
    )


def tell(
    gestures: Sequence[ChangeSet], *, project: Project, sheets: dict[int, SheetName]
) -> tuple[ToldGesture, ...]:
    """Gestures in sentences. Expects `for_history()`.

    Two queries, and one more for each kind of row that the changes name without holding it.
    """
    if not gestures:
        return ()
    changes = [change for gesture in gestures for change in _shown(gesture)]
    teller = _Teller(
        project=project,
        sheets=sheets,
        undos=undos_since(project.scope, min(gesture.pk for gesture in gestures)),
        names=names_of(changes),
    )
    return tuple(teller.gesture(gesture) for gesture in gestures)


def told_backwards(changes: Iterable[Change], *, project: Project) -> tuple[ToldRow, ...]:
    """What taking these changes back would do: from what is there now to what was before.

    One query, and one more for each kind of row that they name without holding it.
    """
    back = [_backwards(change) for change in changes]
    teller = _Teller(project=project, sheets={}, undos=Undos({}, {}), names=names_of(back))
    return teller.rows(back)


def _backwards(change: Change) -> Change:
    swapped = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    kind = ChangeKind(change.kind)
    back = copy(change)
    back.kind, back.old, back.new = swapped.get(kind, kind), change.new, change.old
    return back


def kinds_of_changes(gestures: Sequence[ChangeSet]) -> dict[int, list[Change]]:
    """What each of these gestures touched, one line for changes alike, without the values.

    It says who may take them back, however long they are; one query.
    """
    if not gestures:
        return {}
    found: dict[int, list[Change]] = {gesture.pk: [] for gesture in gestures}
    by_key = {gesture.pk: gesture for gesture in gestures}
    alike = Change.objects.filter(changeset__in=by_key).order_by()
    columns = ("changeset", "kind", "model", "field", "subject")
    for key, kind, model, field, subject in alike.values_list(*columns).distinct():
        found[key].append(
            Change(changeset=by_key[key], kind=kind, model=model, field=field, subject=subject)
        )
    return found


def days_of(told: Iterable[ToldGesture]) -> Iterator[tuple[str, list[ToldGesture]]]:
    """Gestures under the day on which they were made."""
    for day, found in groupby(told, key=lambda gesture: gesture.day):
        yield day, list(found)


def _shown(gesture: ChangeSet) -> list[Change]:
    shown: list[Change] = gesture.shown  # type: ignore[attr-defined]
    return shown


@dataclass(frozen=True)
class _Teller:
    """What every sentence of one page needs."""

    project: Project
    sheets: dict[int, SheetName]
    undos: Undos
    names: Names

    @property
    def _time_zone(self) -> str:
        return self.project.territory.time_zone

    def gesture(self, gesture: ChangeSet) -> ToldGesture:
        changes = _shown(gesture)
        local = timezone.localtime(gesture.at, zoneinfo.ZoneInfo(self._time_zone))
        undo = self.undos.gestures.get(gesture.pk)
        return ToldGesture(
            changeset=gesture,
            who=gesture.by_name or NOBODY,
            words=words_of(gesture, changes),
            day=day_in_words(local.date()),
            hour=f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}",
            source=_source_of(gesture),
            rows=self.rows(changes),
            changes=tuple(changes),
            change_count=gesture.change_count,  # type: ignore[attr-defined]
            sheets=tuple(self._sheets(changes)),
            taken_back=self._undone_by(undo),
            takes_back=self._undoes(gesture),
        )

    def rows(self, changes: Sequence[Change]) -> tuple[ToldRow, ...]:
        return tuple(self._rows(changes))

    def _sheets(self, changes: Iterable[Change]) -> Iterator[SheetName]:
        for subject in dict.fromkeys(change.subject for change in changes):
            model, _, key = subject.partition(":")
            if model == SHEET and int(key) in self.sheets:
                yield self.sheets[int(key)]

    def _rows(self, changes: Iterable[Change]) -> Iterator[ToldRow]:
        for _, found in groupby(changes, key=lambda change: (change.model, change.row)):
            lines = list(found)
            whole = None if lines[0].kind == ChangeKind.CHANGED else lines[0]
            yield ToldRow(
                words=self._row_words(lines[0]),
                kind=DID[ChangeKind(lines[0].kind)],
                fields=tuple(self._held(whole) if whole else map(self._field, lines)),
                change=whole,
                taken_back=self._undone_by(self.undos.changes.get(whole.pk)) if whole else "",
            )

    def _row_words(self, change: Change) -> str:
        """The row, and for a quarter its objective."""
        told = row_words(change)
        if change.model != CELL:
            return told
        held = change.values_after or change.values_before
        at = (OBJECTIVE, held["objective"]) if "objective" in held else (CELL, change.row)
        return f"{told} de {quoted(self.names[at])}" if at in self.names else told

    def _held(self, change: Change) -> Iterator[ToldField]:
        """What a row held that says something when it was added or removed."""
        if change.model in NAMES_ALONE:
            return
        # A quarter names its objective.
        told = self._row_words(change) if change.model == CELL else change.name
        for name, value in (change.values_after or change.values_before).items():
            column = column_of(change, name)
            is_usual = column is not None and value == column.get_default()
            is_unsaid = name in UNSAID_FIELDS or links_to_a_person(column)
            if is_unsaid or is_usual or value in (None, ""):
                continue
            words = self._value(change, name, value)
            if words in told:
                continue
            added = change.kind == ChangeKind.ADDED
            yield ToldField(
                label=field_label(change, name),
                old=NOTHING if added else words,
                new=words if added else NOTHING,
                change=change,
            )

    def _field(self, change: Change) -> ToldField:
        old, new = (self._value(change, change.field, value) for value in (change.old, change.new))
        is_text = isinstance(change.old, str) and isinstance(change.new, str)
        compares = is_text and old and new and max(len(old), len(new)) > SHORT_TEXT
        return ToldField(
            label=field_label(change, change.field),
            old=old,
            new=new,
            change=change,
            pieces=word_differences(old, new) if compares and change.old and change.new else (),
            taken_back=self._undone_by(self.undos.changes.get(change.pk)),
        )

    def _value(self, change: Change, name: str, value: Any) -> str:
        return value_words(
            column_of(change, name),
            value,
            names=self.names,
            time_zone=self._time_zone,
        )

    def _moment(self, gesture: ChangeSet) -> str:
        return moment_in_words(gesture.at, time_zone=self._time_zone)

    def _undone_by(self, undo: ChangeSet | None) -> str:
        if undo is None:
            return ""
        return f"annulé par {undo.by_name or NOBODY} le {self._moment(undo)}"

    def _undoes(self, gesture: ChangeSet) -> str:
        if gesture.undoes is None:
            return ""
        what = "revient sur l’annulation" if gesture.words.startswith(REDONE) else "annule le geste"
        return f"{what} du {self._moment(gesture.undoes)}"


def _source_of(gesture: ChangeSet) -> str:
    """Where it was made, when it was not on screen."""
    if gesture.source == Source.IMPORT and not gesture.by_name:
        return BY_COMMAND
    return TOLD_SOURCES.get(Source(gesture.source), "")


def words_of(gesture: ChangeSet, changes: Sequence[Change]) -> str:
    """The sentence of a gesture, made from its first changes when nobody wrote one."""
    if gesture.words:
        return gesture.words
    more = gesture.change_count - len(changes) if hasattr(gesture, "change_count") else 0
    told = sentence_of(changes)
    return f"{told}, et {counted(more, 'autre changement', 'autres changements')}" if more else told
