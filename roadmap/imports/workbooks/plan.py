"""A whole file: read, compared with what is there now, then written at once or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from core.quarters import span
from core.text import NBSP, counted
from documents.workbooks import ReadSheet, WorkbookRefused, read_workbook
from journal.models import ChangeSet
from journal.reading import already_made, token_for
from roadmap.imports.workbooks.attached import follow_objectives, plan_attached
from roadmap.imports.workbooks.checks import check_groups, check_notes, check_sheets
from roadmap.imports.workbooks.draft import Draft
from roadmap.imports.workbooks.grid import plan_grid
from roadmap.imports.workbooks.meanwhile import Meanwhile
from roadmap.imports.workbooks.objectives import Arranged
from roadmap.imports.workbooks.references import References
from roadmap.imports.workbooks.report import Choice, Report
from roadmap.imports.workbooks.rows import (
    apply_differences,
    differences_of,
    match_rows,
    read_new,
)
from roadmap.imports.workbooks.tables import FileRow, Table, read_tables
from roadmap.models import Action
from roadmap.services.importing import Batch, Imported, write_import
from roadmap.workbooks.attached import SheetOfFunding, SheetOfIndicators, SheetOfRoles
from roadmap.workbooks.book import Book
from roadmap.workbooks.columns import SheetResource
from roadmap.workbooks.origin import MISSING, NAME, Origin, check_origin, read_origin
from roadmap.workbooks.planning import SheetOfPlanning
from roadmap.workbooks.sheets import SheetOfActions, SheetOfObjectives
from territories.models import Project

ATTACHED = (SheetOfRoles, SheetOfFunding, SheetOfIndicators)


@dataclass(frozen=True)
class ImportPlan:
    """What a file would do, told and ready to be written."""

    report: Report
    batch: Batch
    is_aged: bool = False

    @property
    def can_be_written(self) -> bool:
        return not self.report.errors and not self.report.unsettled


class ImportRefused(Exception):
    """A file of which nothing is written: the plan says why."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__("Rien n’a été importé.")
        self.plan = plan


def check_workbook(project: Project, *, name: str, contents: bytes) -> int:
    """How many rows a workbook of this roadmap tells. No query; `WorkbookRefused` for any other."""
    sent = read_workbook(name, contents)
    tables = read_tables(sent, _sheets_of(_origin(sent, project)), [])
    return sum(len(table.rows) for table in tables.values())


def imported_by(project: Project, token: str) -> ChangeSet | None:
    """The gesture of a file that was imported with that token. One query."""
    return already_made(project.scope, token_for(token, "import"))


def plan_import(
    project: Project,
    *,
    name: str,
    contents: bytes,
    keep: Choice | None = None,
    choices: Mapping[str, Choice] | None = None,
) -> ImportPlan:
    """Compare a file with the roadmap; nothing is written. Twelve queries at most.

    `documents.workbooks.WorkbookRefused` when the file is not read at all.
    """
    return _plan(project, read_workbook(name, contents), keep=keep, choices=choices or {})


def import_workbook(
    project: Project,
    *,
    by: User | None,
    name: str,
    contents: bytes,
    keep: Choice | None = None,
    choices: Mapping[str, Choice] | None = None,
    token: str = "",
    on_read: Callable[[], None] = lambda: None,
) -> tuple[ImportPlan | None, Imported]:
    """Write what a file changes, compared again under the lock; no plan when it was done before.

    `ImportRefused` when something is wrong or is not chosen, `WorkbookRefused` when the file is
    not read: nothing is written then. `on_read` is called once it is, before the base is locked.
    """
    sent = read_workbook(name, contents)
    on_read()
    made: list[ImportPlan] = []

    def make() -> Batch:
        plan = _plan(project, sent, keep=keep, choices=choices or {})
        made.append(plan)
        if not plan.can_be_written:
            raise ImportRefused(plan)
        return plan.batch

    token = token_for(token, "import")
    done = write_import(project=project, by=by, make=make, token=token)
    return (made[0] if made else None), done


def _plan(
    project: Project,
    sent: Mapping[str, ReadSheet],
    *,
    keep: Choice | None,
    choices: Mapping[str, Choice],
) -> ImportPlan:
    origin = _origin(sent, project)
    book = Book(project)
    draft = Draft(book, Meanwhile(book, origin.revision), keep=keep, choices=choices)
    # Read before anything changes in memory: what cells are compared with.
    _ = book.ranks, book.words
    sheets = _sheets_of(origin)
    tables = read_tables(sent, sheets, draft.report.errors)
    if len(tables) == len(sheets) and not any(error.row == 1 for error in draft.report.errors):
        read_all(draft, tables)
    draft.batch.words = f"a importé un classeur{NBSP}: {draft.report.counts_in_words}"
    return ImportPlan(draft.report, draft.batch, is_aged=origin.revision < project.revision)


def _sheets_of(origin: Origin) -> Sequence[SheetResource]:
    """The sheets that such a file is to have."""
    quarters = span(*origin.quarters) if origin.quarters else ()
    return (
        SheetOfActions(),
        SheetOfObjectives(),
        SheetOfPlanning(quarters),
        *(sheet() for sheet in ATTACHED),
    )


def _origin(sent: Mapping[str, ReadSheet], project: Project) -> Origin:
    if NAME not in sent:
        raise WorkbookRefused(MISSING)
    origin = read_origin([row.values for row in sent[NAME].rows])
    check_origin(origin, project)
    return origin


def read_all(draft: Draft, tables: Mapping[str, Table]) -> None:
    """Sheets first, then their objectives, then what names these."""
    for name, table in tables.items():
        if name != SheetOfPlanning.name:
            match_rows(draft, table)
    actions, objectives = tables[SheetOfActions.name], tables[SheetOfObjectives.name]
    for row in actions.rows:
        _read_sheet(draft, row)
    refs = References(draft.book)
    refs.take_sheets(actions.rows, {id(row.row): _number(row) for row in actions.rows})
    check_sheets(draft, actions)
    arranged = Arranged(draft, refs)
    arranged.plan(objectives)
    check_notes(draft, objectives)
    check_groups(draft, objectives)
    plan_grid(draft, arranged, tables[SheetOfPlanning.name])
    for sheet in ATTACHED:
        plan_attached(draft, arranged, tables[sheet.name])
    follow_objectives(draft, arranged)
    _tell_absent(draft, actions)
    draft.report.count(row.outcome for table in tables.values() for row in table.rows)


def _read_sheet(draft: Draft, row: FileRow) -> None:
    if row.is_left or row.row is None:
        return
    if row.is_new:
        row.row.project = draft.book.project
        read_new(draft, row)
        draft.batch.sheets.append(row.row)
        draft.add(row, row.text("title"))
        return
    writer = draft.meanwhile.writer(Action, row.row.pk)
    apply_differences(draft, row, draft.settle(row, differences_of(draft, row), writer))


def _number(row: FileRow) -> int:
    """The number that a sheet has in the file, which the other sheets name."""
    text = row.text("number")
    known: int = row.row.number if row.row is not None else 0
    return int(text) if text.isdecimal() and len(text) < 10 else known


def _tell_absent(draft: Draft, table: Table) -> None:
    told = {id(row.row) for row in table.rows}
    absent = sum(id(action) not in told for action in draft.book.live)
    if absent:
        stay = "reste telle quelle" if absent == 1 else "restent telles quelles"
        draft.report.notices.append(
            f"{counted(absent, 'fiche')} de l’application {stay}{NBSP}: ce fichier n’en parle pas."
        )
