"""A foreign workbook: read by a mapping, compared with the roadmap, written at once or not."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from core.text import NBSP
from documents.workbooks import ForeignSheet, read_foreign, sheet_names
from roadmap.imports.foreign.guessing import guess_mapping
from roadmap.imports.foreign.mapping import Mapping, read_mapping
from roadmap.imports.foreign.matching import Matched, match_actions
from roadmap.imports.foreign.results import ForeignAction, ForeignReading
from roadmap.imports.foreign.rows import read_rows
from roadmap.imports.foreign.tables import Tables
from roadmap.imports.workbooks.draft import Draft, sheet_of
from roadmap.imports.workbooks.meanwhile import Meanwhile
from roadmap.imports.workbooks.plan import ImportPlan, ImportRefused, read_all
from roadmap.imports.workbooks.report import Choice, Outcome, Report
from roadmap.services.importing import Batch, Imported, write_import
from roadmap.workbooks.attached import SheetOfFunding, SheetOfIndicators, SheetOfRoles
from roadmap.workbooks.book import Book
from roadmap.workbooks.origin import NAME
from roadmap.workbooks.planning import SheetOfPlanning
from roadmap.workbooks.sheets import SheetOfActions, SheetOfObjectives
from territories.models import Project


@dataclass(frozen=True)
class ForeignPlan(ImportPlan):
    """What a foreign file would do, and what was understood of it."""

    reading: ForeignReading | None = None


def is_foreign(contents: bytes, name: str) -> bool:
    """Whether a workbook was designed elsewhere. `WorkbookRefused` when it is not one."""
    return not {NAME, SheetOfActions.name} <= set(sheet_names(name, contents))


def plan_foreign(
    project: Project,
    *,
    name: str,
    contents: bytes,
    mapping: bytes | None = None,
    keep: Choice | None = None,
) -> ForeignPlan:
    """Compare a foreign file with the roadmap; nothing is written. Twelve queries at most.

    Without mapping, the guessed one. `documents.workbooks.WorkbookRefused` when either is not
    read.
    """
    sheets = read_foreign(name, contents)
    return plan_reading(project, read_rows(sheets, _mapping(sheets, mapping)), keep)


def import_foreign(
    project: Project,
    *,
    by: User | None,
    name: str,
    contents: bytes,
    mapping: bytes | None = None,
    keep: Choice | None = None,
    token: str = "",
) -> tuple[ForeignPlan | None, Imported]:
    """Write what a foreign file says, compared again under the lock: one gesture.

    `ImportRefused` when something is wrong, `WorkbookRefused` when it is not read.
    """
    sheets = read_foreign(name, contents)
    told = _mapping(sheets, mapping)
    return import_sheets(project, by=by, sheets=sheets, mapping=told, keep=keep, token=token)


def import_sheets(
    project: Project,
    *,
    by: User | None,
    sheets: tuple[ForeignSheet, ...],
    mapping: Mapping,
    keep: Choice | None = None,
    token: str = "",
) -> tuple[ForeignPlan | None, Imported]:
    """The same, of a file that is read and of which the columns are decided."""
    made: list[ForeignPlan] = []

    def make() -> Batch:
        plan = plan_reading(project, read_rows(sheets, mapping), keep)
        made.append(plan)
        if not plan.can_be_written:
            raise ImportRefused(plan)
        return plan.batch

    done = write_import(project=project, by=by, make=make, token=token)
    return (made[0] if made else None), done


def _mapping(sheets: tuple[ForeignSheet, ...], told: bytes | None) -> Mapping:
    return guess_mapping(sheets) if told is None else read_mapping(told, sheets)


def plan_reading(
    project: Project, reading: ForeignReading, keep: Choice | None = None
) -> ForeignPlan:
    """Compare what was read with the roadmap. Twelve queries at most."""
    book = Book(project)
    draft = Draft(book, Meanwhile(book, project.revision), keep=keep)
    # Read before anything changes in memory: what cells are compared with.
    _ = book.ranks, book.words
    quarters = {
        quarter
        for action in reading.actions
        for objective in action.objectives
        for quarter in objective.cells
    }
    tables = Tables(draft, reading.mapping, sorted(quarters))
    pairs = match_actions(reading.actions, book, reading.notices)
    for told, matched in pairs:
        tables.add(told, matched)
    reading.left += tables.left
    read_all(draft, tables.tables)
    for row, cells in tables.cells:
        if row.row is not None:
            draft.batch.cells += [(row.row, quarter, state) for quarter, state in cells.items()]
    _settle(draft.report, reading, _outcomes(pairs, tables))
    _name_additions(draft.report, tables)
    draft.batch.words = f"a importé un classeur de suivi{NBSP}: {draft.report.counts_in_words}"
    return ForeignPlan(draft.report, draft.batch, reading=reading)


def _outcomes(pairs: Sequence[tuple[ForeignAction, Matched]], tables: Tables) -> dict[int, Outcome]:
    """What becomes of each row of the file, which may tell several rows of ours.

    One that changes a cell of what is there is `UPDATED`, even when it also adds something.
    """
    found: dict[int, set[Outcome]] = defaultdict(set)
    for told, matched in pairs:
        is_new = matched.action is None
        for number in (told.row, *told.rows):
            found[number].add(Outcome.CREATED if is_new else Outcome.UNCHANGED)
    for table in tables.tables.values():
        for row in table.rows:
            found[row.number].add(row.outcome)
    strongest = (Outcome.UPDATED, Outcome.CREATED, Outcome.UNCHANGED)
    return {
        number: next(outcome for outcome in strongest if outcome in outcomes)
        for number, outcomes in found.items()
    }


def _settle(report: Report, reading: ForeignReading, outcomes: dict[int, Outcome]) -> None:
    """Told in the rows and the columns of the file: what it counts, and where."""
    headers = {
        guess.field: guess.header for guess in reading.mapping.columns.values() if guess.field
    }
    titles = {OURS[code]: header for code, header in headers.items() if code in OURS and header}
    report.changes[:] = [
        replace(change, column=titles.get(change.column, change.column))
        for change in report.changes
    ]
    report.count(outcomes.values())
    report.notices += reading.notices


def _name_additions(report: Report, tables: Tables) -> None:
    """One row of the file adds a sheet, its pilot, its money: which is said of each."""
    added: dict[tuple[int, str], list[str]] = defaultdict(list)
    for kind, table in tables.tables.items():
        for row in table.rows:
            if row.is_new:
                words = row.text("title") or row.text("who") or row.text("label")
                what = (row.text("kind") or ADDED[kind]).lower()
                told = f"{what} «{NBSP}{words}{NBSP}»{sheet_of(row)}"
                added[row.number, f"{words}{sheet_of(row)}"].append(told)
    for rank, (sheet, number, words) in enumerate(report.additions):
        if kinds := added[number, words]:
            report.additions[rank] = (sheet, number, kinds.pop(0))


ADDED = {
    SheetOfActions.name: "fiche",
    SheetOfObjectives.name: "objectif",
    SheetOfPlanning.name: "planning",
    SheetOfRoles.name: "rôle",
    SheetOfFunding.name: "financement",
    SheetOfIndicators.name: "indicateur",
}
# What our columns are called, for what the file calls them.
OURS = {
    "number": "N°",
    "title": "Titre",
    "priority": "Priorité",
    "axis": "Axe",
    "need": "Constat ou besoin",
    "aim": "Objectif de l’action",
    "audience": "Public concerné",
    "area": "Territoire d’application",
    "method": "Méthode",
    "means": "Moyens",
    "remarks": "Remarques",
    "status": "Avancement",
    "amount": "Montant en euros",
}
