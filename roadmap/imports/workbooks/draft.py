"""A plan being made: what is known, what was chosen, and where mistakes and differences go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.text import NBSP, fold
from journal.tracing import TracedModel
from roadmap.imports.workbooks.meanwhile import Meanwhile, Writer
from roadmap.imports.workbooks.report import (
    CellChange,
    CellError,
    Choice,
    ConflictCell,
    Outcome,
    Report,
    RowConflict,
)
from roadmap.imports.workbooks.tables import FileRow
from roadmap.models import Axis
from roadmap.services.gestures import named
from roadmap.services.importing import Batch
from roadmap.workbooks.book import Book
from roadmap.workbooks.columns import Column


def sheet_of(row: FileRow) -> str:
    """« (fiche 12) », after a row that is part of a sheet; nothing after a sheet."""
    number = row.text("action")
    return f" (fiche{NBSP}{number})" if number else ""


@dataclass(frozen=True)
class Difference:
    """One cell of a row that is there, and that says something else."""

    name: str
    column: Column
    value: Any
    old: Any
    new: Any
    # What the cell said at the export, when it was written since.
    base: Any = None
    is_stale: bool = False
    is_mine: bool = True


@dataclass
class Draft:
    """What the parts of a plan share."""

    book: Book
    meanwhile: Meanwhile
    keep: Choice | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    batch: Batch = field(default_factory=Batch)
    _axes: dict[str, Axis] = field(default_factory=dict)

    def error(self, row: FileRow, name: str, message: str) -> None:
        """Tell what is wrong in one cell."""
        row.has_error = True
        column = row.sheet.columns.get(name)
        self.report.errors.append(
            CellError(
                message[:1].upper() + message[1:],
                sheet=row.sheet.name,
                row=row.number,
                column=column.title if column else "",
            )
        )

    def chosen(self, conflict: RowConflict) -> Choice | None:
        """Take note of a conflict; gives what was chosen, if anything was."""
        conflict.choice = self.choices.get(conflict.code, self.keep)
        self.report.conflicts.append(conflict)
        return conflict.choice

    def settle(
        self, row: FileRow, differences: Sequence[Difference], writer: Writer
    ) -> Sequence[Difference]:
        """Tell the changes of a row, and give those that are to be written."""
        stale = [each for each in differences if each.is_stale]
        choice, name = None, named(row.row)
        if stale:
            conflict = RowConflict(row.sheet.name, row.number, name, writer.by, writer.at)
            conflict.cells = [
                ConflictCell(each.column.title, each.base, each.old, each.new, each.is_mine)
                for each in stale
            ]
            choice = self.chosen(conflict)
        kept = [each for each in differences if not each.is_stale or choice is not Choice.CURRENT]
        self.report.changes += [
            CellChange(row.sheet.name, row.number, each.column.title, each.old, each.new, name)
            for each in kept
        ]
        if kept:
            row.outcome = Outcome.UPDATED
        return kept

    def add(self, row: FileRow, words: str) -> None:
        """Take note of a row that brings something new."""
        row.outcome = Outcome.CREATED
        self.report.additions.append((row.sheet.name, row.number, f"{words}{sheet_of(row)}"))

    def gone(self, row: FileRow, name: str, model: type[TracedModel], key: int) -> Choice | None:
        """A row that was there at the export, and is not any more."""
        writer = self.meanwhile.writer(model, key)
        conflict = RowConflict(row.sheet.name, row.number, name, writer.by, writer.at, is_gone=True)
        return self.chosen(conflict)

    def axis(self, title: str) -> Axis:
        """An axis that the file adds, once."""
        if fold(title) not in self._axes:
            last = max((axis.position for axis in self.book.axes.values()), default=0)
            position = last + len(self._axes) + 1
            axis = Axis(project=self.book.project, title=title, position=position)
            self._axes[fold(title)] = axis
            self.batch.axes.append(axis)
            self.report.notices.append(f"L’axe «{NBSP}{title}{NBSP}» sera créé.")
        return self._axes[fold(title)]
