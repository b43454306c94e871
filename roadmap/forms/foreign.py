"""A workbook designed elsewhere: the file, then what its sheet, its titles and its columns are."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.quarters import Quarter
from core.text import NBSP, counted, fold
from documents.workbooks import ForeignSheet
from roadmap.enums import CellState, Status
from roadmap.forms.workbooks import WorkbookForm
from roadmap.imports.foreign import ForeignReading, Guess, Mapping
from roadmap.imports.foreign.legend import COLOUR, colour_name, shade_of
from roadmap.imports.foreign.mapping import (
    CELL,
    LAST_HEADER_ROW,
    PRIORITY,
    STATUS,
    code_of_span,
    doubled,
)
from roadmap.imports.foreign.proposal import with_codes
from roadmap.imports.foreign.results import Met
from roadmap.imports.foreign.sent import OpenedFile
from roadmap.imports.foreign.shown import ColumnShown, columns_shown
from roadmap.imports.foreign.words import FIELDS, priority_in
from roadmap.imports.workbooks import Choice
from roadmap.models import Priority
from roadmap.workbooks.widgets import priority_named

Choices = list[tuple[str, Any]]

MOST_HEADER_ROWS = 3
# The rest keep the meaning that is guessed.
MOST_WORDS = 40
# Around the quarters of the project and of the file.
MOST_QUARTERS = 60
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("La fiche", ("number", "title", "axis", "priority", "status", "remarks")),
    ("Son contenu", ("need", "aim", "audience", "area", "method", "means")),
    ("Qui", ("pilot", "copilot", "partner")),
    ("Objectifs et calendrier", ("objective", "start", "end", "period")),
    ("Argent et indicateurs", ("funder", "amount", "indicator")),
)
# What the button that only reads again sends.
READ_AGAIN = "relire"
IN_REMARKS = ("", "Laisser dans les remarques, sous son titre")
LEFT_OUT = ("ignore", "Ne pas reprendre (ses textes seront listés)")
AS_TEXT = ("", "Garder ce texte dans les remarques")
PLANS_NOTHING = ("", "Rien")
NO_TITLE = f"Dites quelle colonne est le titre des fiches{NBSP}: sans lui, aucune ligne ne se lit."


class ForeignWorkbookForm(WorkbookForm):
    """A workbook that does not come from here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].help_text = self.fields["upload"].help_text.replace(
            "exporté d’ici, ou le modèle rempli", "tel qu’il est"
        )


@dataclass(frozen=True)
class WordShown:
    """A word or a colour met in the file, and the choice of what it means."""

    met: Met
    field: forms.BoundField
    guess: str
    name: str = ""
    shade: str = ""


class ColumnsForm(forms.Form):
    """What everything in a file is; begins with what is decided already.

    `quarters` are those of the project. No query.
    """

    sheet = forms.ChoiceField(label="Feuille")
    first = forms.IntegerField(
        label="Première ligne de titres",
        min_value=1,
        max_value=LAST_HEADER_ROW,
        error_messages={
            "required": "Écrivez le numéro de la première ligne de titres.",
            "invalid": "Écrivez le numéro d’une ligne.",
        },
    )
    count = forms.TypedChoiceField(
        label="Lignes de titres",
        coerce=int,
        choices=[(number, counted(number, "ligne")) for number in range(1, MOST_HEADER_ROWS + 1)],
    )
    keep = forms.ChoiceField(
        label="Quand la fiche dit déjà autre chose",
        choices=[
            (Choice.FILE, "Prendre ce que dit le fichier"),
            (Choice.CURRENT, "Garder l’application, et ne remplir que ce qui est vide"),
        ],
        help_text="Une cellule vide du fichier n’efface jamais rien.",
    )

    def __init__(
        self,
        *args: Any,
        opened: OpenedFile,
        reading: ForeignReading,
        priorities: Iterable[Priority],
        quarters: Iterable[Quarter],
        **kwargs: Any,
    ) -> None:
        self.opened, self.reading = opened, reading
        self.priorities = {one.pk: one for one in priorities}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        header = opened.mapping.header
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]
            (sheet.name, _sheet_words(sheet)) for sheet in opened.sheets if sheet.cells
        ]
        for name, value in (
            ("sheet", opened.mapping.sheet),
            ("first", header[0]),
            ("count", len(header)),
            ("keep", opened.keep),
        ):
            self.fields[name].initial = value
        self._add_columns([quarter.index for quarter in quarters])
        self._add_words()

    # --- Fields ---

    def _add_columns(self, quarters: list[int]) -> None:
        choices = column_choices(self.opened, quarters)
        known = {code for _, group in choices for code, _ in group}
        for guess in self.opened.mapping.columns.values():
            guessed = self.opened.guessed.columns[guess.column]
            own = {one.code: one.says for one in (guess, guessed) if one.code not in known}
            self.fields[f"colonne_{guess.letter}"] = forms.ChoiceField(
                label=f"Colonne {guess.letter}, «{NBSP}{guess.header or 'sans titre'}{NBSP}»",
                required=False,
                choices=[("Ce que son titre annonce", list(own.items())), *choices]
                if own
                else choices,
                initial=guess.code,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def _add_words(self) -> None:
        self.shown: dict[str, list[tuple[Met, str]]] = {}
        for kind, choices in self._meanings().items():
            self.shown[kind] = []
            for met in self.reading.met_of(kind)[:MOST_WORDS]:
                name = field_name(kind, met.text)
                if name in self.fields:
                    continue
                self.fields[name] = forms.ChoiceField(
                    label=_word_label(met),
                    required=False,
                    choices=choices,
                    widget=forms.Select(attrs={"class": "form-select"}),
                )
                self.fields[name].initial = self._meaning_now(met)
                self.shown[kind].append((met, name))

    def _meanings(self) -> dict[str, Choices]:
        states = [(str(state), str(state.label).capitalize()) for state in CellState]
        return {
            STATUS: [AS_TEXT, *Status.choices],
            PRIORITY: [
                AS_TEXT,
                *((str(one.number), str(one)) for one in self.priorities.values()),
            ],
            CELL: [("", "Rien, texte dans les remarques"), *states],
            COLOUR: [PLANS_NOTHING, *states],
        }

    def _meaning_now(self, met: Met) -> str:
        mapping = self.opened.mapping
        if met.kind == COLOUR:
            return mapping.colours.get(met.text, met.guess)
        told = mapping.meaning(met.kind, met.text)
        return self._guess_of(met) if told is None else told

    def _guess_of(self, met: Met) -> str:
        if met.kind != PRIORITY:
            return met.guess
        for text in (met.text, priority_in(met.text)):
            if key := priority_named(text, self.priorities):
                return str(self.priorities[key].number)
        return ""

    # --- What the page shows ---

    @property
    def columns(self) -> list[tuple[ColumnShown, forms.BoundField]]:
        """Each column with its choice, but for the calendar."""
        return [pair for pair in self._pairs if not pair[0].guess.quarters]

    @property
    def calendar(self) -> list[tuple[ColumnShown, forms.BoundField]]:
        """The columns that were guessed to be quarters."""
        return [pair for pair in self._pairs if pair[0].guess.quarters]

    @property
    def is_calendar_told(self) -> bool:
        """Whether something was said of the calendar, or is wrong there."""
        return any(column.is_corrected or field.errors for column, field in self.calendar)

    @cached_property
    def _pairs(self) -> list[tuple[ColumnShown, forms.BoundField]]:
        columns = columns_shown(self.opened)
        return [(column, self[f"colonne_{column.letter}"]) for column in columns]

    def _words(self, kind: str) -> list[WordShown]:
        labels = dict(self._meanings()[kind])
        return [
            WordShown(
                met,
                self[name],
                str(labels[self._guess_of(met)]),
                colour_name(met.text) if kind == COLOUR else "",
                shade_of(met.text) if kind == COLOUR else "",
            )
            for met, name in self.shown[kind]
        ]

    @property
    def words(self) -> list[tuple[str, list[WordShown], int]]:
        """The words of each kind, and how many more keep the meaning that is guessed."""
        return [
            (title, found, len(self.reading.met_of(kind)) - len(found))
            for kind, title in WORD_TITLES
            if (found := self._words(kind))
        ]

    @property
    def colours(self) -> list[WordShown]:
        """The colours of cells without a word."""
        return self._words(COLOUR)

    @property
    def more_colours(self) -> int:
        """How many more keep the meaning that is guessed."""
        return len(self.reading.met_of(COLOUR)) - len(self.shown[COLOUR])

    # --- What somebody decided ---

    @property
    def header(self) -> tuple[int, ...]:
        first = self.cleaned_data["first"]
        return tuple(range(first, first + self.cleaned_data["count"]))

    @property
    def is_elsewhere(self) -> bool:
        """Whether another sheet, or other titles, are asked for: columns are to be guessed anew."""
        mapping = self.opened.mapping
        return (self.cleaned_data["sheet"], self.header) != (mapping.sheet, mapping.header)

    @property
    def mapping(self) -> Mapping:
        """The columns and the words as they are told now, where they stood."""
        codes = {
            guess.letter: self.cleaned_data.get(f"colonne_{guess.letter}", guess.code)
            for guess in self.opened.mapping.columns.values()
        }
        mapping = with_codes(self.opened.guessed, codes, "dite à la main")
        values = {kind: dict(words) for kind, words in self.opened.mapping.values.items()}
        colours = dict(self.opened.mapping.colours)
        for kind, found in self.shown.items():
            for met, name in found:
                meaning = self.cleaned_data.get(name, "")
                told = colours if kind == COLOUR else values.setdefault(kind, {})
                key = met.text if kind == COLOUR else fold(met.text)
                told.pop(key, None)
                if meaning != self._guess_of(met):
                    told[key] = meaning
        return Mapping(mapping.sheet, mapping.header, mapping.columns, values, colours)

    def clean(self) -> dict[str, Any]:
        """Titles that are in the sheet, and one column for what one column alone may hold."""
        super().clean()
        chosen = [one for one in self.opened.sheets if one.name == self.cleaned_data.get("sheet")]
        if (
            "first" in self.cleaned_data
            and chosen
            and self.cleaned_data["first"] > chosen[0].height
        ):
            rows = counted(chosen[0].height, "ligne")
            self.add_error("first", f"Cette feuille n’a que {rows}.")
        if self.errors or self.is_elsewhere or self.data.get("etape") == READ_AGAIN:
            return self.cleaned_data
        mapping = self.mapping
        if mapping.column_of("title") is None:
            raise forms.ValidationError(NO_TITLE)
        for letters in doubled(mapping).values():
            says = next(one.says for one in mapping.columns.values() if one.letter == letters[0])
            for letter in letters[1:]:
                self.add_error(
                    f"colonne_{letter}",
                    f"«{NBSP}{says[:1].upper()}{says[1:]}{NBSP}» est déjà la colonne "
                    f"{letters[0]}{NBSP}: gardez l’une des deux.",
                )
        return self.cleaned_data


WORD_TITLES = (
    (STATUS, "Mots de l’avancement"),
    (PRIORITY, "Priorités"),
    (CELL, "Mots des trimestres"),
)


def field_name(kind: str, text: str) -> str:
    """The same from one page to the next, whatever the word."""
    return f"sens_{kind}_{hashlib.sha256(fold(text).encode()).hexdigest()[:12]}"


def _word_label(met: Met) -> str:
    if met.kind == COLOUR:
        return f"Ce que veut dire la couleur «{NBSP}{colour_name(met.text)}{NBSP}» ({met.place})"
    return f"Ce que veut dire «{NBSP}{met.text}{NBSP}»"


def _sheet_words(sheet: ForeignSheet) -> str:
    rows = counted(len({row for row, _ in sheet.cells}), "ligne")
    hidden = ", masquée" if sheet.is_hidden else ""
    return f"{sheet.name} ({rows}{hidden})"


def column_choices(opened: OpenedFile, quarters: list[int]) -> list[tuple[str, Choices]]:
    """Everything that a column may be, by group; the quarters of the project and of the file."""
    told = {index for guess in opened.guessed.columns.values() for index in guess.quarters}
    known = sorted({*quarters, *told})[:MOST_QUARTERS]
    years = sorted({Quarter(index).year for index in known})
    groups: list[tuple[str, Choices]] = [("Aucun champ de la fiche", [IN_REMARKS, LEFT_OUT])]
    for title, codes in GROUPS:
        groups.append((title, [(code, _capital(FIELDS[code].says)) for code in codes]))
    groups.append(("Montant d’une année", [_choice(f"amount {year}") for year in years]))
    groups.append(("Trimestre du planning", [_choice(code_of_span((one,))) for one in known]))
    whole = [tuple(Quarter.of(year, 1).index + rank for rank in range(4)) for year in years]
    groups.append(("Année du planning", [_choice(code_of_span(span)) for span in whole]))
    return [(title, choices) for title, choices in groups if choices]


def _choice(code: str) -> tuple[str, str]:
    guess = Guess.told(1, "", code, "")
    return code, _capital(guess.says if guess else code)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
