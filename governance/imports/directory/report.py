"""What is told of a file: its mistakes, what it changes, what somebody else wrote meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.text import NBSP, counted, listed


class Choice(StrEnum):
    """What becomes of the cells written in the application after the export."""

    FILE = "file"
    CURRENT = "current"


@dataclass(frozen=True)
class CellError:
    """What is wrong, and where; no row when it is the sheet, no sheet when it is the file."""

    message: str
    sheet: str = ""
    row: int | None = None
    column: str = ""

    @property
    def sentence(self) -> str:
        """« Feuille « Personnes », ligne 3, colonne « Nom » : … »."""
        places = [f"feuille «{NBSP}{self.sheet}{NBSP}»"] if self.sheet else []
        places += [f"ligne{NBSP}{self.row}"] if self.row else []
        places += [f"colonne «{NBSP}{self.column}{NBSP}»"] if self.column else []
        words = ", ".join(places)
        return f"{words[:1].upper()}{words[1:]}{NBSP}: {self.message}" if words else self.message

    @property
    def plain(self) -> Mapping[str, Any]:
        """For a JSON."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "message": self.message,
        }


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
        """For a JSON."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "old": self.old,
            "new": self.new,
        }


@dataclass(frozen=True)
class Conflict:
    """A cell that the file changes, and that somebody wrote in the application since its export."""

    change: CellChange
    by: str

    @property
    def error(self) -> CellError:
        """For whoever sees no page."""
        return CellError(
            f"cette cellule a été modifiée depuis l’export par {self.by}{NBSP}: choisissez ce qui "
            "est gardé, le fichier ou l’application.",
            self.change.sheet,
            self.change.row,
            self.change.column,
        )


@dataclass
class Report:
    """What a file would do, before anything is written."""

    errors: list[CellError] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    # The rows that are added: their sheet, their row and their name.
    additions: list[tuple[str, int, str]] = field(default_factory=list)
    # What whoever sends the file should know besides.
    notices: list[str] = field(default_factory=list)
    updated: int = 0
    unchanged: int = 0

    @property
    def created(self) -> int:
        return len(self.additions)

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
