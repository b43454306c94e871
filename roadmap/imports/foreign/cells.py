"""What the cells of one row say of the sheet that it is about."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.quarters import Quarter
from core.text import NBSP, clean_line, fold
from documents.workbooks import Mistake
from roadmap.enums import CellState, RoleKind, Status
from roadmap.imports.foreign.legend import COLOUR, colour_of_cell, meaning_of_colour
from roadmap.imports.foreign.mapping import (
    CELL,
    PRIORITY,
    STATUS,
    Guess,
    letter_of,
    shown_text,
)
from roadmap.imports.foreign.quarters import Span, read_span
from roadmap.imports.foreign.results import ForeignAction, ForeignFunding, Met
from roadmap.imports.foreign.words import cell_state_of, number_of, parts_of_list, status_of

if TYPE_CHECKING:
    # The reader hands its rows over to this module.
    from roadmap.imports.foreign.rows import Reader

ROLES = {
    "pilot": RoleKind.PILOT,
    "copilot": RoleKind.COPILOT,
    "partner": RoleKind.PARTNER,
}
TEXTS = {"need", "aim", "audience", "area", "method", "means"}
ENDS = ("start", "end", "period")
# A line of money names who pays (`roadmap.models.FundingLine`): the table does not.
UNNAMED_FUNDER = "Financeur à préciser"
AMOUNT = re.compile(r"(\d{1,10})(?:[.,](\d{1,2}))?(?:ttc|ht)?")


@dataclass
class CellsOfRow:
    """One row, the sheet that it is about, and what it says of its status and time."""

    reader: "Reader"
    action: ForeignAction
    row: int
    filled: list[int]
    status: Status | None = None
    # The title of the row, when it is an objective of a sheet and not its title.
    step: str = ""

    def guess(self, column: int) -> Guess:
        known = self.reader.mapping.columns.get(column)
        return known or Guess(column, f"Colonne {letter_of(column)}")

    def value(self, column: int) -> Any:
        return self.reader.sheet.value(self.row, column)

    def text(self, column: int) -> str:
        return self.reader.text(self.row, column)

    def once(self, column: int) -> bool:
        return self.reader.take_once(self.action, self.row, column)

    def keep(self, column: int) -> None:
        """Keep a cell as a text, after what its column is called."""
        guess = self.guess(column)
        words = guess.header
        if guess.field:
            words = f"{guess.says[:1].upper()}{guess.says[1:]} (fichier)"
        self.reader.keep(self.action, self.row, column, title=words)

    def meet(self, kind: str, column: int, text: str, *, guess: str, reason: str = "") -> str:
        """What a word means: as somebody told, else as it is guessed; blank for a mere text."""
        found = Met(kind, text, self.row, column, guess=guess, reason=reason)
        self.reader.result.meet(found)
        told = self.reader.mapping.meaning(kind, text)
        return guess if told is None else told

    def columns(self, *codes: str) -> list[int]:
        return [column for column in self.filled if self.guess(column).field in codes]


def read_cells(cells: CellsOfRow) -> None:
    """Every cell of a row, in an order that lets the later ones lean on the former."""
    for column in cells.filled:
        if isinstance(cells.value(column), Mistake):
            cells.keep(column)
    cells.filled = [each for each in cells.filled if not isinstance(cells.value(each), Mistake)]
    _read_names(cells)
    _read_status(cells)
    objectives = _objectives(cells)
    planned = _read_ends(cells) | _read_grid(cells)
    if planned and not objectives:
        title = cells.action.title or cells.action.label
        objectives = [cells.action.objective(cells.row, title)]
    for objective in objectives:
        objective.plan(planned)
        objective.status = cells.status or objective.status
    _read_money(cells)
    _read_texts(cells)


def _read_names(cells: CellsOfRow) -> None:
    """Its number and its title were read to find it; the axis and the priority are its own."""
    action = cells.action
    for column in cells.columns("number"):
        if number_of(cells.text(column)) is None:
            cells.keep(column)
        cells.once(column)
    for column in cells.columns("title"):
        cells.once(column)
    for column in cells.columns("axis", "priority"):
        text, code = clean_line(cells.text(column)), cells.guess(column).field
        if code == "priority":
            text = cells.meet(PRIORITY, column, text, guess=text)
        held = getattr(action, code)
        if not text or (held and fold(held) != fold(text)):
            cells.keep(column)
        else:
            setattr(action, code, text)
            cells.once(column)


def _read_status(cells: CellsOfRow) -> None:
    for column in cells.columns("status"):
        text = _as_percent(cells.value(column))
        told = cells.meet(STATUS, column, text, guess=status_of(text) or "")
        cells.status = Status(told) if told else None
        if cells.status is None:
            cells.keep(column)
            continue
        if cells.once(column):
            cells.reader.told_status(cells.action, cells.status, text)
            if cells.status in {Status.SUSPENDED, Status.DROPPED} or len(text) > len(
                "Non commencée"
            ):
                line = f"Avancement (fichier){NBSP}: {clean_line(text)}"
                cells.reader.keep_words(cells.action, line)


def _as_percent(value: Any) -> str:
    """A part of 1 is a percentage that a format shows as such."""
    if isinstance(value, Decimal) and value.is_finite() and 0 < value < 1:
        return f"{value * 100:.0f} %"
    if value in {0, 1} and not isinstance(value, bool):
        return f"{value * 100} %"
    return shown_text(value)


def _objectives(cells: CellsOfRow) -> list[Any]:
    found = [cells.action.objective(cells.row, cells.step)] if cells.step else []
    for column in cells.columns("objective"):
        titles = [clean_line(part) for part in parts_of_list(cells.text(column))]
        if not titles:
            cells.keep(column)
        cells.once(column)
        found += [cells.action.objective(cells.row, title) for title in titles]
    return found


# --- When ---------------------------------------------------------------------------------------


def _read_ends(cells: CellsOfRow) -> dict[int, str]:
    """From the first quarter told to the last one."""
    spans: dict[str, Span] = {}
    for code in ENDS:
        for column in cells.columns(code):
            year = None
            span = read_span(cells.value(column), year=year)
            if span:
                spans[code] = span
                cells.once(column)
            else:
                cells.keep(column)
    planned = set(spans.get("period", ()))
    first, last = spans.get("start", ()), spans.get("end", ())
    if first and last and first[0] <= last[-1] <= first[0] + 80:
        planned |= set(range(first[0], last[-1] + 1))
    else:
        planned |= {*first, *last}
    return dict.fromkeys(sorted(planned), CellState.PLANNED)


def _read_grid(cells: CellsOfRow) -> dict[int, str]:
    """Crosses, words and colours under the quarters."""
    planned: dict[int, str] = {}
    for column, guess in cells.reader.mapping.columns.items():
        if not guess.quarters:
            continue
        state = _state_under(cells, column, guess)
        if state:
            planned |= dict.fromkeys(guess.quarters, state)
    return planned


def _state_under(cells: CellsOfRow, column: int, guess: Guess) -> str:
    reader = cells.reader
    if column not in cells.filled:
        colour = colour_of_cell(reader.sheet, reader.mapping, cells.row, column)
        return _state_of_colour(cells, column, colour) if colour else ""
    text = cells.text(column)
    known = cell_state_of(text)
    if known == "" and reader.mapping.meaning(CELL, text) is None:
        reader.take(cells.row, column)
        return ""
    reason = "" if known else "et son texte reste dans les remarques"
    state = cells.meet(CELL, column, text, guess=known or CellState.PLANNED, reason=reason)
    if known and state:
        reader.take(cells.row, column)
    else:
        # Words that say more than a state, or that somebody says plan nothing.
        first = str(Quarter(guess.quarters[0]))
        reader.keep(cells.action, cells.row, column, title=f"{first} (fichier)")
    return state


def _state_of_colour(cells: CellsOfRow, column: int, colour: str) -> str:
    """A colour says « prévu » unless a legend, or somebody, says otherwise."""
    guess, reason = meaning_of_colour(cells.reader.legend, colour)
    found = Met(COLOUR, colour, cells.row, column, guess=guess, reason=reason)
    cells.reader.result.meet(found)
    return cells.reader.mapping.colours.get(colour, guess)


# --- Who pays, who acts, what is said -----------------------------------------------------------


def _read_money(cells: CellsOfRow) -> None:
    """Who pays, and each amount under the year that it is about.

    An amount is that of the one funder of its row; shared by several, it stays a text.
    """
    funders: dict[str, str] = {}
    for column in cells.columns("funder"):
        cells.once(column)
        parts = map(clean_line, parts_of_list(cells.text(column)))
        funders |= {fold(who): who for who in parts}
    for who in funders.values():
        cells.action.fund(ForeignFunding(cells.row, who))
    for column in cells.columns("amount"):
        amount = amount_of(cells.text(column))
        if amount is None or len(funders) > 1:
            cells.keep(column)
            continue
        who = next(iter(funders.values()), UNNAMED_FUNDER)
        year = cells.guess(column).year or None
        if not cells.action.fund(ForeignFunding(cells.row, who, amount, year)):
            cells.keep(column)
        cells.once(column)


def amount_of(text: str) -> Decimal | None:
    """« 12 000 € », « 5,5 k€ »; nothing for words."""
    folded = re.sub(r"[\s\u202f\u00a0]|€|euros?", "", fold(text))
    factor = 1
    if folded.endswith("k"):
        folded, factor = folded[:-1], 1000
    found = AMOUNT.fullmatch(folded)
    return Decimal(f"{found[1]}.{(found[2] or '').ljust(2, '0')}") * factor if found else None


def _read_texts(cells: CellsOfRow) -> None:
    action = cells.action
    for column in cells.filled:
        guess = cells.guess(column)
        if guess.quarters or guess.field in READ_BEFORE:
            continue
        if guess.field == "ignore":
            cells.reader._leave_out(cells.row, [column], "colonne laissée de côté à la demande")
        elif not guess.field:
            cells.keep(column)
        elif cells.once(column):
            _add(cells, action, guess, cells.text(column))


READ_BEFORE = {
    "number",
    "title",
    "axis",
    "priority",
    "status",
    "objective",
    "funder",
    "amount",
    *ENDS,
}


def _add(cells: CellsOfRow, action: ForeignAction, guess: Guess, text: str) -> None:
    if guess.field in TEXTS:
        action.add_text(guess.field, text)
    elif guess.field in ROLES:
        known = {(kind, fold(who)) for _, kind, who in action.roles}
        for who in map(clean_line, parts_of_list(text)):
            if (ROLES[guess.field], fold(who)) not in known:
                action.roles.append((cells.row, ROLES[guess.field], who))
    elif guess.field == "indicator":
        known_labels = {fold(label) for _, label in action.indicators}
        action.indicators += [
            (cells.row, clean_line(part))
            for part in parts_of_list(text)
            if fold(clean_line(part)) not in known_labels
        ]
    else:
        many = len(cells.reader.mapping.columns_of("remarks")) > 1
        cells.reader.keep_words(action, f"{guess.header}{NBSP}: {text}" if many else text)
