"""A whole file: read, compared with what is there now, then written at once or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import User
from core.text import NBSP, counted
from documents.workbooks import ReadSheet, WorkbookRefused, read_workbook
from governance.imports.directory.draft import Draft
from governance.imports.directory.report import Choice, Report
from governance.imports.directory.tables import FileRow, read_tables
from governance.models import Organisation, Person
from governance.services.importing import Batch, Imported, import_batch
from governance.workbooks.origin import ELSEWHERE, NAME, Origin, read_origin
from governance.workbooks.sheets import ORGANISATIONS, PEOPLE, sheets_of
from journal.reading import token_for
from territories.models import Territory


@dataclass(frozen=True)
class ImportPlan:
    """What a file would do, told and ready to be written."""

    report: Report
    batch: Batch
    keep: Choice | None = None

    @property
    def can_be_written(self) -> bool:
        """Nothing is wrong, and nothing is left to choose."""
        return not self.report.errors and (self.keep is not None or not self.report.conflicts)


class ImportRefused(Exception):
    """A file of which nothing is written: the plan says why."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__("Rien n’a été importé.")
        self.plan = plan


def check_directory(territory: Territory, *, name: str, contents: bytes) -> int:
    """How many rows a workbook of this directory tells. No query; `WorkbookRefused` otherwise."""
    sent = read_workbook(name, contents)
    _origin(sent, territory)
    return sum(max(len(sheet.rows) - 1, 0) for title, sheet in sent.items() if title in _TITLES)


_TITLES = {ORGANISATIONS, PEOPLE}


def plan_directory(
    territory: Territory, *, name: str, contents: bytes, keep: Choice | None = None
) -> ImportPlan:
    """Compare a file with the directory; nothing is written. Four queries.

    `documents.workbooks.WorkbookRefused` when the file is not read at all.
    """
    return _plan(territory, read_workbook(name, contents), keep=keep)


def import_directory(
    territory: Territory,
    *,
    by: User | None,
    name: str,
    contents: bytes,
    keep: Choice | None = None,
    token: str = "",
) -> tuple[ImportPlan | None, Imported]:
    """Write what a file changes, compared again under the lock; no plan when it was done before.

    `ImportRefused` when something is wrong or is not chosen, `WorkbookRefused` when the file is
    not read: nothing is written then.
    """
    sent = read_workbook(name, contents)
    made: list[ImportPlan] = []

    def make() -> Batch:
        plan = _plan(territory, sent, keep=keep)
        made.append(plan)
        if not plan.can_be_written:
            raise ImportRefused(plan)
        return plan.batch

    done = import_batch(territory=territory, by=by, make=make, token=token_for(token, "annuaire"))
    return (made[0] if made else None), done


def _origin(sent: Mapping[str, ReadSheet], territory: Territory) -> Origin:
    if NAME not in sent:
        raise WorkbookRefused(ELSEWHERE)
    lines = [
        [value if not hasattr(value, "sentence") else None for value in row.values]
        for row in sent[NAME].rows
    ]
    return read_origin(lines, territory)


def _plan(
    territory: Territory, sent: Mapping[str, ReadSheet], *, keep: Choice | None
) -> ImportPlan:
    origin = _origin(sent, territory)
    report = Report()
    tables = read_tables(sent, sheets_of(), report)
    draft = Draft(territory, report, after=origin.after, keep=keep)
    if len(tables) == len(_TITLES) and not any(error.row == 1 for error in report.errors):
        draft.read(tables[ORGANISATIONS], tables[PEOPLE])
        _tell_absent(report, draft, tables[ORGANISATIONS] + tables[PEOPLE])
    draft.batch.words = f"a importé l’annuaire d’un classeur{NBSP}: {report.counts_in_words}"
    return ImportPlan(report, draft.batch, keep)


def _tell_absent(report: Report, draft: Draft, rows: Sequence[FileRow]) -> None:
    told = {(type(row.row), row.row.pk) for row in rows if row.row is not None}
    known = [(Organisation, key) for key in draft.organisations]
    known += [(Person, key) for key in draft.people]  # type: ignore[misc]
    absent = sum(one not in told for one in known)
    if absent:
        stay = "reste telle quelle" if absent == 1 else "restent telles quelles"
        report.notices.append(
            f"{counted(absent, 'ligne')} de l’annuaire {stay}{NBSP}: ce fichier n’en parle pas."
        )
