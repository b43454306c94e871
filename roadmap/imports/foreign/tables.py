"""From what a foreign file says to rows of ours, which are then compared like those of an export.

What the file does not tell of a row that is there is given as the row has it: no difference.
A blank cell erases nothing.
"""

from collections.abc import Iterable
from typing import Any

from core.quarters import Quarter
from core.text import NBSP, clean_line, fold
from documents.workbooks import as_kept
from roadmap.enums import STATUSES_WITH_REASON, CellState, RoleKind, Status
from roadmap.imports.foreign.mapping import Mapping
from roadmap.imports.foreign.matching import Matched
from roadmap.imports.foreign.results import (
    ForeignAction,
    ForeignFunding,
    ForeignObjective,
    LeftText,
)
from roadmap.imports.foreign.words import priority_in
from roadmap.imports.workbooks.draft import Draft
from roadmap.imports.workbooks.report import Choice
from roadmap.imports.workbooks.rows import read_cell
from roadmap.imports.workbooks.tables import FileRow, Table
from roadmap.models import Action, ActionIndicator, ActionRole, FundingLine, Objective
from roadmap.services.attached import Homonyms
from roadmap.workbooks.attached import SheetOfFunding, SheetOfIndicators, SheetOfRoles
from roadmap.workbooks.columns import SheetResource
from roadmap.workbooks.parts import LONGEST_HOLDER, LONGEST_TEXT
from roadmap.workbooks.planning import BEFORE, SheetOfPlanning
from roadmap.workbooks.sheets import SheetOfActions, SheetOfObjectives
from roadmap.workbooks.widgets import text_of

TEXTS = ("need", "aim", "audience", "area", "method", "means")
LONGEST_ROLES = 200


class Tables:
    """The rows of ours that a foreign file comes down to, made one sheet at a time."""

    def __init__(self, draft: Draft, mapping: Mapping, quarters: Iterable[int]) -> None:
        self.draft, self.book, self.mapping = draft, draft.book, mapping
        self.left: list[LeftText] = []
        resources: tuple[SheetResource, ...] = (
            SheetOfActions(),
            SheetOfObjectives(),
            SheetOfPlanning(Quarter(index) for index in quarters),
            SheetOfRoles(),
            SheetOfFunding(),
            SheetOfIndicators(),
        )
        self.tables = {resource.name: Table(resource) for resource in resources}
        for resource in resources:
            # What is told names the sheet of the file.
            resource.name = mapping.sheet
        # The row of the file that is told.
        self.at = 0
        # Lines of money of which the amount is told by the file.
        self.filled: set[int] = set()
        # Cells of objectives that are added, written once these are made.
        self.cells: list[tuple[FileRow, dict[int, str]]] = []

    def add(self, told: ForeignAction, matched: Matched) -> None:
        """Everything that the file says of one sheet."""
        self.at = told.row
        values, remarks = self._values(told, matched), list(told.remarks)
        action = matched.action
        for name in ("priority", "axis", *TEXTS):
            sent = self._sent(name, told)
            self._put(values, name, sent, action, remarks)
        self._put_status(values, told, action)
        for column, who in self._add_attached(told, matched):
            remarks.append(f"{column} (fichier){NBSP}: {who}")
        self._put_remarks(values, remarks, action)
        self._row(SheetOfActions, told.row, values)
        for objective in told.objectives:
            self._add_objective(objective, matched)

    def _row(self, kind: type[SheetResource], number: int, values: dict[str, Any]) -> FileRow:
        table = self.tables[kind.name]
        row = FileRow(table.sheet, number, values)
        table.rows.append(row)
        return row

    def _present(self, kind: type[SheetResource], row: Any) -> dict[str, Any]:
        """A row that is there, as its sheet shows it."""
        columns = self.tables[kind.name].sheet.columns
        shown = {
            name: column.shown(column.get_value(row), self.book)
            for name, column in columns.items()
            if not name.startswith(BEFORE) or not name[1:].isdecimal()
        }
        return {name: None if value == "" else value for name, value in shown.items()}

    # --- Sheets ---

    def _values(self, told: ForeignAction, matched: Matched) -> dict[str, Any]:
        if matched.action is None:
            return {"number": matched.number, "title": self._short(told.title, told)}
        values = self._present(SheetOfActions, matched.action)
        if told.title and not self._is_kept(values.get("title")):
            values["title"] = self._short(told.title, told)
        return values

    def _short(self, title: str, told: ForeignAction) -> str:
        column = self.tables[SheetOfActions.name].sheet.columns["title"]
        longest = column.widget.longest
        if len(title) <= longest:
            return title
        told.remarks.append(f"Titre (fichier){NBSP}: {title}")
        return title[: longest - 1] + "…"

    def _is_kept(self, present: Any) -> bool:
        """« --keep current »: what the application says stays; the file fills what is blank."""
        return self.draft.keep is Choice.CURRENT and text_of(present) != ""

    def _sent(self, name: str, told: ForeignAction) -> str:
        if name in {"priority", "axis"}:
            return str(getattr(told, name))
        return as_kept("\n".join(told.texts.get(name, [])))

    def _put(
        self,
        values: dict[str, Any],
        name: str,
        sent: str,
        action: Action | None,
        remarks: list[str],
    ) -> None:
        """One column of a sheet; a text that it does not hold goes to the remarks."""
        if not sent or (action is not None and self._is_kept(values.get(name))):
            return
        column = self.tables[SheetOfActions.name].sheet.columns[name]
        for candidate in (sent, priority_in(sent) if name == "priority" else ""):
            try:
                value = read_cell(self.draft, column, candidate)
            except ValueError:
                continue
            if value not in {None, ""}:
                values[name] = column.shown(value, self.book)
                return
        remarks.append(f"{column.title} (fichier){NBSP}: {sent}")
        self._leave(name, sent, "gardé dans les remarques de la fiche")

    def _put_status(
        self, values: dict[str, Any], told: ForeignAction, action: Action | None
    ) -> None:
        if told.status is None or (action is not None and self._is_kept(values.get("status"))):
            return
        values["status"] = str(told.status.label)
        if told.status in STATUSES_WITH_REASON and not values.get("status_reason"):
            words = told.status_words or str(Status(told.status).label)
            values["status_reason"] = f"«{NBSP}{words}{NBSP}» dans le classeur importé"

    def _put_remarks(
        self, values: dict[str, Any], remarks: list[str], action: Action | None
    ) -> None:
        """Added below those that are there, once."""
        kept = action.remarks if action is not None else ""
        for line in map(as_kept, remarks):
            if line and line not in kept:
                kept = f"{kept}\n{line}" if kept else line
        if len(kept) <= LONGEST_TEXT:
            values["remarks"] = kept or None
            return
        values["remarks"] = kept[: LONGEST_TEXT - 1] + "…"
        rest = kept[LONGEST_TEXT - 1 :]
        self._leave("remarks", rest, "trop long pour les remarques", is_out=True)

    def _leave(self, code: str, text: str, where: str, *, is_out: bool = False) -> None:
        column = (self.mapping.column_of(code) if code else None) or 0
        self.left.append(LeftText(self.mapping.sheet, self.at, column, text, where, is_out=is_out))

    # --- Objectives ---

    def _add_objective(self, told: ForeignObjective, matched: Matched) -> None:
        found = matched.objective(told.title)
        if found is None:
            longest = self.tables[SheetOfObjectives.name].sheet.columns["title"].widget.longest
            title = told.title if len(told.title) <= longest else told.title[: longest - 1] + "…"
            values = {"action": matched.number, "title": title, "state": told.state or None}
            row = self._row(SheetOfObjectives, told.row, values)
            self.cells.append((row, told.cells))
            return
        values = self._present(SheetOfObjectives, found)
        values["action"] = found.action.number
        if told.state and not self._is_kept(values.get("state")):
            values["state"] = told.state
        self._row(SheetOfObjectives, told.row, values)
        self._plan(found, told)

    def _plan(self, found: Objective, told: ForeignObjective) -> None:
        """A cross does not undo what is done or slipped already."""
        if not told.cells:
            return
        states = dict(found.cells)
        for quarter, state in told.cells.items():
            is_known = state == CellState.PLANNED or self.draft.keep is Choice.CURRENT
            states[quarter] = found.cells.get(quarter, state) if is_known else state
        columns = self.tables[SheetOfPlanning.name].sheet.columns
        values: dict[str, Any] = {"key": found.pk, "action": found.action.number}
        for quarter, state in states.items():
            if f"{BEFORE}{quarter}" in columns:
                values[f"{BEFORE}{quarter}"] = str(CellState(state).label)
        self._row(SheetOfPlanning, told.row, values)

    # --- What hangs on a sheet ---

    def _add_attached(self, told: ForeignAction, matched: Matched) -> Iterable[tuple[str, str]]:
        """Rows that are not there yet; gives those that could not be made, to be kept as texts."""
        lost: list[tuple[str, str]] = []
        for number, kind, who in told.roles:
            if not self._add_role(number, kind, who, matched):
                lost.append((str(RoleKind(kind).label), who))
        for line in told.funding:
            if not self._add_funding(line, matched):
                amount = f"{text_of(line.amount)} €" if line.amount is not None else ""
                words = ", ".join(filter(None, (str(line.year or ""), amount)))
                lost.append(("Financeur", f"{line.who} ({words})" if words else line.who))
        lost += self._add_indicators(told, matched)
        for column, who in lost:
            self._leave("", who, f"{column}, gardé dans les remarques de la fiche")
        return lost

    def _add_indicators(self, told: ForeignAction, matched: Matched) -> list[tuple[str, str]]:
        lost: list[tuple[str, str]] = []
        present = {fold(row.label) for row in matched.parts(ActionIndicator)}
        longest = self.tables[SheetOfIndicators.name].sheet.columns["label"].widget.longest
        for number, label in told.indicators:
            if len(label) > longest:
                lost.append(("Indicateur", label))
            elif fold(label) not in present:
                present.add(fold(label))
                values = {"action": matched.number, "label": label}
                self._row(SheetOfIndicators, number, values)
        return lost

    def _holder(self, who: str, directory: Any) -> tuple[int | None, int | None] | None:
        """An entry of the directory, or nobody; nothing when no row can name them."""
        if len(who) > LONGEST_HOLDER or not clean_line(who):
            return None
        try:
            entry = directory.find(who)
        except Homonyms:
            return None
        return (entry.organisation, entry.person) if entry else (None, None)

    def _is_held(self, row: Any, who: str, holder: tuple[int | None, int | None]) -> bool:
        own = (row.organisation_id, getattr(row, "person_id", None))
        return (holder != (None, None) and own == holder) or fold(row.label) == fold(who)

    def _add_role(self, number: int, kind: str, who: str, matched: Matched) -> bool:
        holder = self._holder(who, self.book.directory)
        if holder is None:
            return False
        roles = [row for row in matched.parts(ActionRole) if row.kind == kind]
        if not any(self._is_held(row, who, holder) for row in roles):
            values = {"action": matched.number, "kind": str(RoleKind(kind).label), "who": who}
            self._row(SheetOfRoles, number, values)
        return True

    def _add_funding(self, line: ForeignFunding, matched: Matched) -> bool:
        holder = self._holder(line.who, self.book.funders)
        if holder is None:
            return False
        held = [row for row in matched.parts(FundingLine) if self._is_held(row, line.who, holder)]
        if any(line.amount is None or _is_told(row, line) for row in held):
            return True
        # A line that says neither year nor amount is filled by one amount, not by each year's.
        own = [row for row in held if row.pk not in self.filled and _may_hold(row, line)]
        if len(own) == 1:
            self.filled.add(own[0].pk)
            values = self._present(SheetOfFunding, own[0])
            if not self._is_kept(own[0].amount):
                values |= {"amount": line.amount, "year": line.year or own[0].year}
        else:
            values = {
                "action": matched.number,
                "who": line.who,
                "year": line.year,
                "amount": line.amount,
            }
        self._row(SheetOfFunding, line.row, values)
        return True


def _is_told(row: FundingLine, line: ForeignFunding) -> bool:
    return row.amount == line.amount and line.year in {None, row.year}


def _may_hold(row: FundingLine, line: ForeignFunding) -> bool:
    return line.year in {None, row.year} or (row.year is None and row.amount is None)
