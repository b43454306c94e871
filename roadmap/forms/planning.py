"""What is typed in the planning: cells sent by the grid, a row as a form, the window."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from core.forms import NO_PATIENT, LineField
from core.quarters import Quarter, span
from core.text import NBSP
from roadmap.enums import CellState
from roadmap.models import Objective
from roadmap.services.cells import FIRST_QUARTER, LAST_QUARTER, GridGesture, SetCell
from roadmap.services.shifting import Note, note_of
from territories.models import Project

LONGEST_TOKEN = 64
# A page remembers the last gestures that it sent; no more are listened to.
MOST_TOKENS = 500
EMPTY_CHOICE = ("", "—")
STATES = ("", *CellState.values)


class BatchRefused(Exception):
    """What the page sent cannot be read; the message is a French sentence."""


@dataclass(frozen=True)
class CellBatch:
    """One gesture of the grid, as sent."""

    token: str
    kind: GridGesture
    cells: list[SetCell]
    # The sheet whose page it is, whose figures are wanted back.
    sheet: int | None


@dataclass(frozen=True)
class ShiftOrder:
    """A row or a sheet to move by a quarter, as sent."""

    token: str
    kind: GridGesture
    objective: int | None
    action: int | None
    by: int
    revision: int | None
    mine: tuple[str, ...]
    sheet: int | None


def read_batch(body: bytes) -> CellBatch:
    """The cells of a gesture; `BatchRefused` with a sentence otherwise."""
    sent = _read(body)
    cells = sent.get("cells")
    if not isinstance(cells, list) or not cells:
        raise BatchRefused("Aucune case n’a été envoyée.")
    return CellBatch(
        token=_token(sent),
        kind=_kind(sent, GridGesture.PAINT),
        cells=[_cell(cell) for cell in cells],
        sheet=_key(sent, "sheet"),
    )


def read_shift(body: bytes) -> ShiftOrder:
    """What to move; `BatchRefused` with a sentence otherwise."""
    sent = _read(body)
    objective, action = _key(sent, "objective"), _key(sent, "action")
    if (objective is None) == (action is None):
        raise BatchRefused("Il faut dire quel objectif, ou quelle fiche, décaler.")
    if sent.get("by") not in {1, -1}:
        raise BatchRefused("Un planning se décale d’un trimestre à la fois.")
    mine = sent.get("mine", [])
    if not isinstance(mine, list):
        raise BatchRefused(UNREADABLE)
    return ShiftOrder(
        token=_token(sent),
        kind=_kind(sent, GridGesture.SHIFT),
        objective=objective,
        action=action,
        by=int(sent["by"]),
        revision=_key(sent, "revision"),
        mine=tuple(str(token) for token in mine[-MOST_TOKENS:]),
        sheet=_key(sent, "sheet"),
    )


UNREADABLE = f"La page a envoyé des cases illisibles{NBSP}: rechargez-la."
# What a column of keys holds.
LARGEST_KEY = 2**63 - 1


def _read(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BatchRefused(UNREADABLE) from error
    if not isinstance(sent, dict):
        raise BatchRefused(UNREADABLE)
    return sent


def _cell(sent: Any) -> SetCell:
    if not isinstance(sent, dict):
        raise BatchRefused(UNREADABLE)
    objective, quarter = _key(sent, "o"), _key(sent, "q")
    to, was = sent.get("to"), sent.get("was")
    if objective is None or quarter is None or to not in STATES or was not in STATES:
        raise BatchRefused(UNREADABLE)
    if not FIRST_QUARTER <= quarter <= LAST_QUARTER:
        raise BatchRefused("Le planning va de 1990 à 2099.")
    return SetCell(objective=objective, quarter=quarter, to=to, was=was)


def _key(sent: dict[str, Any], name: str) -> int | None:
    value = sent.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_KEY:
        raise BatchRefused(UNREADABLE)
    return value


def _token(sent: dict[str, Any]) -> str:
    token = sent.get("token", "")
    if token == "":
        return ""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not token.isalnum():
        raise BatchRefused(UNREADABLE)
    return token


def _kind(sent: dict[str, Any], usual: GridGesture) -> GridGesture:
    try:
        return GridGesture(sent.get("kind", usual))
    except ValueError as error:
        raise BatchRefused(UNREADABLE) from error


def _quarters_as_choices(first: int, last: int) -> list[tuple[str, Any]]:
    years: dict[str, list[tuple[str, str]]] = {}
    for quarter in span(first, last):
        years.setdefault(str(quarter.year), []).append((str(quarter.index), str(quarter)))
    return list(years.items())


class _AskedAgain(forms.Form):
    """A form that comes back with what others wrote: sending it again is choosing."""

    def now_shows(self, place: str, value: Any) -> None:
        """Give a hidden field what the base holds now."""
        data = cast("Any", self.data).copy()
        data[place] = "" if value is None else str(value)
        self.data = data


class RowForm(_AskedAgain):
    """The planning of one row without a grid: a choice a quarter, the text over them.

    Each field carries what the page showed: a quarter that somebody else wrote meanwhile is told
    alone. Expects the project, and the row `with_cells()`.
    """

    note = LineField(
        label="Texte",
        required=False,
        max_length=300,
        help_text=(f"Par exemple «\u00a0à déterminer par les pilotes\u00a0». {NO_PATIENT}"),
    )
    note_first = forms.TypedChoiceField(
        label="Du trimestre", required=False, coerce=int, empty_value=None
    )
    note_last = forms.TypedChoiceField(
        label="Au trimestre", required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, objective: Objective, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project = objective.action.project
        self.objective = objective
        self.quarters = project.planning_quarters
        for quarter in self.quarters:
            self._add_quarter(quarter, objective.cells.get(quarter.index, ""))
        self._add_note(note_of(objective))

    def _add_quarter(self, quarter: Quarter, state: str) -> None:
        self.fields[f"q{quarter.index}"] = forms.ChoiceField(
            label=str(quarter),
            required=False,
            choices=[EMPTY_CHOICE, *CellState.choices],
            initial=state,
        )
        self.fields[f"was{quarter.index}"] = forms.ChoiceField(
            required=False,
            choices=[EMPTY_CHOICE, *CellState.choices],
            initial=state,
            widget=forms.HiddenInput,
        )

    def _add_note(self, note: Note) -> None:
        """Its edges may lie outside the window: they are offered too."""
        edges = [quarter.index for quarter in self.quarters]
        edges += [edge for edge in (note.first, note.last) if edge is not None]
        choices = _quarters_as_choices(min(edges), max(edges)) if edges else []
        for name in ("note_first", "note_last"):
            field = cast("forms.TypedChoiceField", self.fields[name])
            field.choices = [("", "tous" if name == "note_first" else "jusqu’au bout"), *choices]
        self.fields["was_note"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["was_first"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.fields["was_last"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.initial = {
            **self.initial,
            "note": note.text,
            "note_first": note.first,
            "note_last": note.last,
            "was_note": note.text,
            "was_first": note.first,
            "was_last": note.last,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("note_first"), cleaned.get("note_last")
        if first is not None and last is not None and last < first:
            self.add_error("note_last", "Le texte ne peut pas finir avant de commencer.")
        return cleaned

    @property
    def years(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The fields of the quarters, a year at a time."""
        found: dict[int, list[forms.BoundField]] = {}
        for quarter in self.quarters:
            found.setdefault(quarter.year, []).append(self[f"q{quarter.index}"])
        yield from found.items()

    @property
    def cells(self) -> list[SetCell]:
        """The quarters that this person changed."""
        sent = self.cleaned_data
        everything = [
            SetCell(
                self.objective.pk,
                quarter.index,
                sent[f"q{quarter.index}"],
                sent[f"was{quarter.index}"],
            )
            for quarter in self.quarters
        ]
        return [cell for cell in everything if cell.to != cell.was]

    @property
    def note_sent(self) -> Note:
        sent = self.cleaned_data
        if not sent["note"]:
            return Note()
        return Note(sent["note"], sent["note_first"], sent["note_last"])

    @property
    def note_shown(self) -> Note:
        """The text that the page showed."""
        sent = self.cleaned_data
        return Note(sent["was_note"], sent["was_first"], sent["was_last"])


class WindowForm(_AskedAgain):
    """The first and the last quarter of the planning."""

    first_year = forms.TypedChoiceField(label="Première année", coerce=int)
    first_quarter = forms.TypedChoiceField(label="Premier trimestre", coerce=int)
    last_year = forms.TypedChoiceField(label="Dernière année", coerce=int)
    last_quarter = forms.TypedChoiceField(label="Dernier trimestre", coerce=int)
    was_first = forms.IntegerField(required=False, widget=forms.HiddenInput)
    was_last = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, on: Quarter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = Quarter(project.planning_first or Quarter.of(on.year, 1).index)
        last = Quarter(project.planning_last or Quarter.of(on.year + 4, 4).index)
        years = range(min(first.year, on.year) - 10, max(last.year, on.year) + 11)
        for edge, quarter in (("first", first), ("last", last)):
            self._offer(f"{edge}_year", [(year, str(year)) for year in years], quarter.year)
            numbers = [(number, f"T{number}") for number in range(1, 5)]
            self._offer(f"{edge}_quarter", numbers, quarter.number)
        self.initial = {"was_first": project.planning_first, "was_last": project.planning_last}

    def _offer(self, name: str, choices: list[tuple[int, str]], chosen: int) -> None:
        field = cast("forms.TypedChoiceField", self.fields[name])
        field.choices = choices
        field.initial = chosen

    @property
    def first(self) -> int:
        return Quarter.of(self.cleaned_data["first_year"], self.cleaned_data["first_quarter"]).index

    @property
    def last(self) -> int:
        return Quarter.of(self.cleaned_data["last_year"], self.cleaned_data["last_quarter"]).index

    @property
    def was(self) -> tuple[int | None, int | None]:
        return (self.cleaned_data["was_first"], self.cleaned_data["was_last"])
