"""A foreign workbook: read by a mapping, compared with the roadmap, written at once or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from core.text import NBSP, fold
from documents.workbooks import ForeignSheet, read_foreign, sheet_names
from roadmap.imports.foreign.guessing import guess_mapping
from roadmap.imports.foreign.mapping import read_mapping
from roadmap.imports.foreign.matching import Matched, match_actions
from roadmap.imports.foreign.results import ForeignAction, ForeignReading
from roadmap.imports.foreign.rows import read_rows
from roadmap.imports.foreign.tables import Tables
from roadmap.imports.workbooks.draft import Draft
from roadmap.imports.workbooks.meanwhile import Meanwhile
from roadmap.imports.workbooks.plan import ImportPlan, ImportRefused, read_all
from roadmap.imports.workbooks.report import Choice, Report
from roadmap.services.importing import Batch, Imported, write_import
from roadmap.workbooks.book import Book
from roadmap.workbooks.origin import NAME
from roadmap.workbooks.sheets import SheetOfActions
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
    """Compare a foreign file with the roadmap; nothing is written. About twenty queries.

    Without mapping, the guessed one. `documents.workbooks.WorkbookRefused` when either is not
    read.
    """
    sheets = read_foreign(name, contents)
    return plan_reading(project, _reading(sheets, mapping), keep)


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
    made: list[ForeignPlan] = []

    def make() -> Batch:
        plan = plan_reading(project, _reading(sheets, mapping), keep)
        made.append(plan)
        if not plan.can_be_written:
            raise ImportRefused(plan)
        return plan.batch

    done = write_import(project=project, by=by, make=make, token=token)
    return (made[0] if made else None), done


def _reading(sheets: tuple[ForeignSheet, ...], told: bytes | None) -> ForeignReading:
    mapping = guess_mapping(sheets) if told is None else read_mapping(told, sheets)
    return read_rows(sheets, mapping)


def plan_reading(
    project: Project, reading: ForeignReading, keep: Choice | None = None
) -> ForeignPlan:
    """Compare what was read with the roadmap. About twenty queries."""
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
    _settle(draft.report, reading, _created(pairs, tables))
    draft.batch.words = f"a importé un classeur de suivi{NBSP}: {draft.report.counts_in_words}"
    return ForeignPlan(draft.report, draft.batch, reading=reading)


def _created(pairs: Sequence[tuple[ForeignAction, Matched]], tables: Tables) -> set[int]:
    """The rows of the file that add a sheet, or an objective of one."""
    rows: set[int] = set()
    named = {fold(told.title) for told, _ in pairs}
    for told, matched in pairs:
        if matched.action is None:
            rows |= {told.row, *told.rows}
    for row, _ in tables.cells:
        if fold(row.text("title")) not in named:
            rows.add(row.number)
    return rows


def _settle(report: Report, reading: ForeignReading, created: set[int]) -> None:
    """Told in the rows and the columns of the file: what it counts, and where."""
    headers = {
        guess.field: guess.header for guess in reading.mapping.columns.values() if guess.field
    }
    titles = {OURS[code]: header for code, header in headers.items() if code in OURS and header}
    report.changes[:] = [
        replace(change, column=titles.get(change.column, change.column))
        for change in report.changes
    ]
    rows = {row for action in reading.actions for row in action.rows} | created
    added = {row for _, row, _ in report.additions}
    updated = ({change.row for change in report.changes} | added) - created
    report.created, report.updated = len(created), len(updated)
    report.unchanged = len(rows - created - updated)
    report.notices += reading.notices


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
