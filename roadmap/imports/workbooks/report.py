"""What is told of a file: its mistakes, what it changes, what somebody else wrote meanwhile."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from core.text import NBSP, counted, listed


class Choice(StrEnum):
    """What becomes of a row that was written in the application after the export."""

    FILE = "file"
    CURRENT = "current"


class Outcome(Enum):
    """What becomes of one row of a file: each has exactly one."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class CellError:
    """What is wrong, and where; no row when it is the sheet, no sheet when it is the file."""

    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""

    @property
    def place(self) -> str:
        """« Feuille « Fiches », ligne 3, colonne « Avancement » », blank for the whole file."""
        places = [f"feuille «{NBSP}{self.sheet}{NBSP}»"] if self.sheet else []
        places += [f"ligne{NBSP}{self.row}"] if self.row else []
        places += [f"colonne «{NBSP}{self.column}{NBSP}»"] if self.column else []
        words = ", ".join(places)
        return words[:1].upper() + words[1:]

    @property
    def sentence(self) -> str:
        return f"{self.place}{NBSP}: {self.message}" if self.place else self.message


@dataclass(frozen=True)
class CellChange:
    """One cell that differs; values as the sheet shows them."""

    sheet: str
    row: int
    column: str
    old: Any
    new: Any
    # What the row is, for a page.
    about: str = ""

    @property
    def plain(self) -> Mapping[str, Any]:
        """For a JSON: numbers stay numbers."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "old": plain(self.old),
            "new": plain(self.new),
        }


@dataclass(frozen=True)
class ConflictCell:
    """One cell that was written in the application since the export."""

    column: str
    base: Any
    current: Any
    # What the file says.
    mine: Any
    # Whether whoever sends the file changed it too.
    is_mine: bool


@dataclass
class RowConflict:
    """A row that was written in the application since the export, and differs from the file."""

    sheet: str
    row: int
    name: str
    by: str
    at: dt.datetime | None
    cells: list[ConflictCell] = field(default_factory=list)
    # The row was removed, or the sheet retired.
    is_gone: bool = False
    choice: Choice | None = None

    @property
    def code(self) -> str:
        """What a form calls the choice."""
        return f"{self.sheet}:{self.row}"

    @property
    def is_mine(self) -> bool:
        """Both wrote: nobody can choose for them."""
        return any(cell.is_mine for cell in self.cells)

    @property
    def offered(self) -> Choice:
        """What is proposed: what the application says, since the file alone has aged."""
        return self.choice or Choice.CURRENT

    @property
    def error(self) -> CellError:
        """For whoever sees no page."""
        who = self.by or "quelqu’un d’autre"
        if self.is_gone:
            told = f"{self.name} a été retiré depuis l’export par {who}"
        else:
            columns = listed([f"«{NBSP}{cell.column}{NBSP}»" for cell in self.cells])
            told = f"{columns} de {self.name} modifié depuis l’export par {who}"
        return CellError(
            f"{told}{NBSP}: choisissez ce qui est gardé, le fichier ou l’application.",
            sheet=self.sheet,
            row=self.row,
            column=self.cells[0].column if self.cells else "",
        )


@dataclass
class Report:
    """What a file would do, before anything is written."""

    errors: list[CellError] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    conflicts: list[RowConflict] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    # What happens besides: axes made, rows set aside.
    notices: list[str] = field(default_factory=list)
    # The rows that are added: their sheet, their row and their name.
    additions: list[tuple[str, int, str]] = field(default_factory=list)

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Every row of the file once: added, changed (its cells are in `changes`), or neither."""
        counts = Counter(outcomes)
        self.created = counts[Outcome.CREATED]
        self.updated = counts[Outcome.UPDATED]
        self.unchanged = counts[Outcome.UNCHANGED]

    @property
    def unsettled(self) -> list[RowConflict]:
        return [conflict for conflict in self.conflicts if conflict.choice is None]

    @property
    def does_something(self) -> bool:
        return bool(self.created or self.updated)

    @property
    def counts_in_words(self) -> str:
        """« 2 lignes créées et 5 lignes modifiées »."""
        told = []
        if self.created:
            told.append(counted(self.created, "ligne créée", "lignes créées"))
        if self.updated:
            told.append(counted(self.updated, "ligne modifiée", "lignes modifiées"))
        return listed(told)


def plain(value: Any) -> Any:
    """A value of a cell as JSON holds it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
