"""What was read of a foreign sheet: its drafts, what stayed a text, what was left out."""

from dataclasses import dataclass, field
from decimal import Decimal

from core.text import NBSP, fold
from roadmap.enums import CellState, Status
from roadmap.imports.foreign.mapping import Mapping, letter_of
from roadmap.imports.foreign.words import STATE_OF_OBJECTIVE


@dataclass(frozen=True)
class LeftText:
    """What was not understood, and where its text is kept; left out when it is nowhere."""

    sheet: str
    row: int
    column: int
    text: str
    where: str
    is_out: bool = False

    @property
    def sentence(self) -> str:
        place = f"{self.sheet}, {letter_of(self.column)}{self.row}" if self.row else self.sheet
        return f"{place}{NBSP}: «{NBSP}{self.text}{NBSP}», {self.where}"


@dataclass
class Met:
    """A word, or a colour, that a person may tell the meaning of; where it stands first."""

    kind: str
    text: str
    row: int
    column: int
    count: int = 0
    # What it is taken for when nobody says; blank when it is kept as a text, or plans nothing.
    guess: str = ""
    # Why, when it is not by the word itself.
    reason: str = ""

    @property
    def place(self) -> str:
        """« K7 »."""
        return f"{letter_of(self.column)}{self.row}"


@dataclass
class ForeignObjective:
    """A row of the planning of a sheet."""

    row: int
    title: str
    status: Status | None = None
    cells: dict[int, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Blank when the file says nothing of it."""
        known = STATE_OF_OBJECTIVE.get(self.status) if self.status else None
        return str(known.label) if known else ""

    def plan(self, cells: dict[int, str]) -> None:
        """Add quarters; what is more than planned stays so."""
        for quarter, state in cells.items():
            if self.cells.get(quarter, CellState.PLANNED) == CellState.PLANNED:
                self.cells[quarter] = state


@dataclass
class ForeignFunding:
    """Who pays, and how much when it is known."""

    row: int
    who: str
    amount: Decimal | None = None
    year: int | None = None


@dataclass
class ForeignAction:
    """One sheet as the file tells it, in texts; rows are those of the file."""

    row: int
    # As it was written: « FA 3.2 »; `number` is that of « Fiche 12 ».
    label: str = ""
    number: int | None = None
    title: str = ""
    axis: str = ""
    priority: str = ""
    status: Status | None = None
    # The words of the status, for whoever asks why.
    status_words: str = ""
    # Another sheet of the file bears the same number.
    is_doubled: bool = False
    texts: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    roles: list[tuple[int, str, str]] = field(default_factory=list)
    funding: list[ForeignFunding] = field(default_factory=list)
    indicators: list[tuple[int, str]] = field(default_factory=list)
    objectives: list[ForeignObjective] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def add_text(self, code: str, text: str) -> None:
        """One more paragraph, once."""
        held = self.texts.setdefault(code, [])
        if text not in held:
            held.append(text)

    def objective(self, row: int, title: str) -> ForeignObjective:
        """The objective of that title, added when it is new."""
        for known in self.objectives:
            if fold(known.title) == fold(title):
                return known
        made = ForeignObjective(row, title)
        self.objectives.append(made)
        return made

    def fund(self, line: ForeignFunding) -> bool:
        """Add who pays, and how much that year; false when another amount is told already."""
        same = [one for one in self.funding if fold(one.who) == fold(line.who)]
        of_year = [one for one in same if one.year == line.year]
        bare = [one for one in same if one.amount is None and one.year is None]
        for known in of_year or bare:
            if line.amount is not None and known.amount not in {None, line.amount}:
                return False
            known.amount = line.amount if known.amount is None else known.amount
            known.year = known.year or line.year
            return True
        if line.amount is not None or not same:
            self.funding.append(line)
        return True

    def settle_status(self, told: list[tuple[Status, str]]) -> None:
        """One status for the sheet, from those of its rows."""
        found = [status for status, _ in told]
        kinds = set(found)
        if len(kinds) == 1:
            self.status = found[0]
        elif kinds:
            moving = kinds & {Status.RUNNING, Status.DONE}
            self.status = Status.RUNNING if moving else Status.NOT_STARTED
        self.status_words = next((words for status, words in told if status is self.status), "")


@dataclass
class ForeignReading:
    """All that a sheet of a foreign workbook says."""

    mapping: Mapping
    actions: list[ForeignAction] = field(default_factory=list)
    left: list[LeftText] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    # Rows that say something of a sheet.
    rows_read: int = 0
    # By kind and folded text.
    met: dict[tuple[str, str], Met] = field(default_factory=dict)

    def meet(self, found: Met) -> None:
        """Count a word once more."""
        self.met.setdefault((found.kind, fold(found.text)), found).count += 1

    def met_of(self, kind: str) -> list[Met]:
        """The words of a kind, those that are not understood first, then the most frequent."""
        found = [one for one in self.met.values() if one.kind == kind]
        return sorted(
            found,
            key=lambda one: (bool(one.guess) and not one.reason, -one.count, one.row, one.column),
        )

    @property
    def understood(self) -> list[str]:
        """One line a column: what it is taken for, and why."""
        return [
            f"Colonne {guess.letter}, «{NBSP}{guess.header}{NBSP}»{NBSP}: {guess.says} "
            f"({guess.reason})"
            for guess in self.mapping.columns.values()
        ]
