"""Reads the rows of a foreign sheet: which sheet each is about, and what its cells say of it.

Every cell that holds something ends in one of three places: understood, kept as a text, left out
with a word. A last sweep lists what nobody took.
"""

from core.text import NBSP, clean_line, fold
from documents.workbooks import ForeignSheet, Mistake
from roadmap.enums import Status
from roadmap.imports.foreign.cells import CellsOfRow, read_cells
from roadmap.imports.foreign.legend import read_legend
from roadmap.imports.foreign.mapping import Mapping, shown_text
from roadmap.imports.foreign.results import ForeignAction, ForeignReading, LeftText
from roadmap.imports.foreign.words import NUMBER_AND_TITLE, is_section, is_total, number_of

Place = tuple[int, int]
MOST_TOLD = 20
KEPT = "gardé dans les remarques de la fiche"


def read_rows(sheets: tuple[ForeignSheet, ...], mapping: Mapping) -> ForeignReading:
    """Everything that the mapped sheet says; pure, and never raises whatever the cells are."""
    sheet = next(one for one in sheets if one.name == mapping.sheet)
    reader = Reader(sheet, mapping)
    reader.read()
    hidden = sorted(
        sheet.hidden_rows & {row for action in reader.result.actions for row in action.rows}
    )
    if hidden:
        numbers = ", ".join(map(str, hidden[:MOST_TOLD]))
        reader.result.notices.append(f"Des lignes masquées ont été lues aussi{NBSP}: {numbers}.")
    for other in sheets:
        if other is not sheet and other.cells:
            rows = len({row for row, _ in other.cells})
            why = f"feuille laissée de côté ({rows}{NBSP}lignes)"
            reader.result.left.append(LeftText(other.name, 0, 0, other.name, why, is_out=True))
    return reader.result


class Reader:
    """One sheet, from its first row under the titles to its last one."""

    def __init__(self, sheet: ForeignSheet, mapping: Mapping) -> None:
        self.sheet, self.mapping = sheet, mapping
        self.legend = read_legend(sheet, mapping)
        self.legend_rows = {entry.row for entry in self.legend.values()}
        self.result = ForeignReading(mapping)
        self._headers = {column: fold(guess.header) for column, guess in mapping.columns.items()}
        self.taken: set[Place] = set()
        self.current: ForeignAction | None = None
        self.section = ""
        self._sections: list[tuple[int, int, str]] = []
        self._axis = ""
        self._statuses: dict[int, list[tuple[Status, str]]] = {}
        self._by_label: dict[str, list[ForeignAction]] = {}
        self._by_title: dict[str, ForeignAction] = {}
        # Cells of a merged range, by sheet: what they say is said once.
        self._said: set[tuple[int, Place]] = set()
        self.carries_axis = self._carries_axis()

    def read(self) -> None:
        for row in range(self.mapping.first_row, self.sheet.height + 1):
            self._read_row(row)
        for action in self.result.actions:
            action.settle_status(self._statuses.get(id(action), []))
        self._sweep()

    # --- What a row is ---

    def _read_row(self, row: int) -> None:
        filled = self.filled(row)
        if not filled:
            return
        first = self.text(row, filled[0])
        if self._is_title_again(row, filled):
            self._leave_out(row, filled, "titres répétés")
        elif is_total(first) or is_total(self.text_of(row, "title")):
            self._leave_out(row, filled, "ligne de total")
        elif row in self.legend_rows:
            self._leave_out(row, filled, "légende des couleurs")
        elif not self._read_section(row, filled):
            self._read_data(row, filled)

    def filled(self, row: int) -> list[int]:
        """The columns that say something in that row, merged cells included."""
        return [
            column
            for column in range(1, self.sheet.width + 1)
            if self.sheet.anchor(row, column) in self.sheet.cells
        ]

    def text(self, row: int, column: int | None) -> str:
        return shown_text(self.sheet.value(row, column)) if column else ""

    def text_of(self, row: int, code: str) -> str:
        """What a field says in that row; nothing for a formula without result."""
        column = self.mapping.column_of(code)
        value = self.sheet.value(row, column) if column else None
        return "" if isinstance(value, Mistake) else shown_text(value)

    def take(self, row: int, column: int) -> None:
        self.taken.add(self.sheet.anchor(row, column))

    def take_once(self, action: ForeignAction, row: int, column: int) -> bool:
        """Whether a cell says something that this sheet was not told yet."""
        self.take(row, column)
        key = (id(action), self.sheet.anchor(row, column))
        is_new = key not in self._said
        self._said.add(key)
        return is_new

    def keep(self, action: ForeignAction, row: int, column: int, *, title: str) -> None:
        """What is not understood goes to the remarks, and is listed."""
        if not self.take_once(action, row, column):
            return
        text = self.text(row, column)
        self.keep_words(action, f"{title}{NBSP}: {text}" if title else text)
        self.result.left.append(LeftText(self.sheet.name, row, column, text, KEPT))

    def keep_words(self, action: ForeignAction, line: str) -> None:
        if line not in action.remarks:
            action.remarks.append(line)

    def told_status(self, action: ForeignAction, status: Status, words: str) -> None:
        self._statuses.setdefault(id(action), []).append((status, words))

    def _leave_out(self, row: int, columns: list[int], why: str) -> None:
        for column in columns:
            anchor = self.sheet.anchor(row, column)
            if anchor not in self.taken:
                self.taken.add(anchor)
                text = self.text(row, column)
                place = (self.sheet.name, *anchor)
                self.result.left.append(LeftText(*place, text, f"{why}, non repris", is_out=True))

    def _is_title_again(self, row: int, filled: list[int]) -> bool:
        same = [
            column for column in filled if self._headers.get(column) == fold(self.text(row, column))
        ]
        return len(same) > 1 and len(same) * 2 >= len(filled)

    # --- Titles of groups ---

    def _read_section(self, row: int, filled: list[int]) -> bool:
        """A row of one cell that is the title of those below: an axis, or a whole sheet."""
        anchors = {self.sheet.anchor(row, column) for column in filled}
        if len(anchors) != 1 or next(iter(anchors))[0] != row:
            return False
        column, text = filled[0], clean_line(self.text(row, filled[0]))
        is_wide = len(filled) > 1
        named = NUMBER_AND_TITLE.match(text)
        if named and (is_wide or column != self.mapping.column_of("title")):
            self.current = self._found(row, f"Fiche {named[1]}", clean_line(named[2]))
            self.take(row, column)
            return True
        has_axis = self.mapping.column_of("axis") is not None
        if is_section(text) or (is_wide and not has_axis):
            self.section, self.current = text, None
            self._sections.append((row, column, text))
            self.take(row, column)
            return True
        if is_wide:
            self._leave_out(row, filled, "ligne de titre")
        return is_wide

    def _carries_axis(self) -> bool:
        """Whether a blank cell means « the same axis »: never when a file repeats its axes."""
        column = self.mapping.column_of("axis")
        if column is None:
            return False
        rows = range(self.mapping.first_row, self.sheet.height)
        cells = self.sheet.cells
        return not any(
            (row, column) in cells and cells.get((row, column)) == cells.get((row + 1, column))
            for row in rows
        )

    def axis_of(self, row: int) -> str:
        """The axis of a row: its own, the one above, or the title of the group."""
        own = clean_line(self.text_of(row, "axis"))
        if own:
            self._axis = own
        return own or (self._axis if self.carries_axis else "") or self.section

    # --- Sheets ---

    def _read_data(self, row: int, filled: list[int]) -> None:
        label, title = self.text_of(row, "number"), clean_line(self.text_of(row, "title"))
        named = None if label else NUMBER_AND_TITLE.match(title)
        if named:
            label, title = f"Fiche {named[1]}", clean_line(named[2])
        action = self._under_merged_number(row, label, title)
        step = title if action is not None else ""
        if action is None:
            action = self._found(row, label, title) if label or title else self.current
        if action is None:
            self._leave_out(row, filled, "ligne sans titre ni numéro de fiche")
            return
        self.current = action
        self.result.rows_read += 1
        action.rows.append(row)
        if axis := self.axis_of(row):
            action.axis = action.axis or axis
        read_cells(CellsOfRow(self, action, row, filled, step=step))

    def _under_merged_number(self, row: int, label: str, title: str) -> ForeignAction | None:
        """The sheet of a number merged over several rows, of which this one is an objective."""
        column = self.mapping.column_of("number")
        current = self.current
        if column is None or current is None or not (label and title):
            return None
        is_merged = self.sheet.anchor(row, column)[0] < row
        is_same = fold(current.label) == fold(label) and current.title
        return current if is_merged and is_same and fold(current.title) != fold(title) else None

    def _found(self, row: int, label: str, title: str) -> ForeignAction:
        """The sheet of that number and title, or a new one."""
        alike = self._by_label.get(fold(label), []) if label else []
        for action in alike:
            if not title or not action.title or fold(action.title) == fold(title):
                action.title = action.title or title
                return action
        if not label and fold(title) in self._by_title:
            return self._by_title[fold(title)]
        action = ForeignAction(row, label, number_of(label), title, is_doubled=bool(alike))
        self._by_label.setdefault(fold(label), []).append(action)
        if title:
            self._by_title.setdefault(fold(title), action)
        self.result.actions.append(action)
        return action

    # --- Nothing is lost ---

    def _sweep(self) -> None:
        """What nobody took: what stands over the titles, and whatever was missed."""
        axes = {action.axis for action in self.result.actions}
        for row, column, text in self._sections:
            if text not in axes:
                why = "titre d’un groupe sans fiche, non repris"
                self.result.left.append(LeftText(self.sheet.name, row, column, text, why, True))  # noqa: FBT003
        for place in sorted(self.sheet.cells):
            if place in self.taken:
                continue
            if place[0] in self.mapping.header:
                if self._is_told_of(place):
                    continue
                why = "titre d’une colonne sans rien dessous"
            elif place[0] < self.mapping.first_row:
                why = "au-dessus du tableau, non repris"
            else:
                why = "non compris, non repris"
            text = shown_text(self.sheet.cells[place])
            self.result.left.append(LeftText(self.sheet.name, *place, text, why, is_out=True))

    def _is_told_of(self, place: Place) -> bool:
        """A title of a column that is listed with what it was taken for."""
        text = shown_text(self.sheet.cells[place])
        return any(text in guess.header for guess in self.mapping.columns.values())
