"""Workbooks as people send them back: cells changed, rows added, columns lost."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from journal.models import ChangeSet
from roadmap.exports.workbook import export_workbook
from roadmap.imports.workbooks import import_workbook
from territories.models import Project
from tests.journal.states import state_of


def exported(project: Project) -> bytes:
    """The file of a project as the base holds it now."""
    return export_workbook(Project.objects.with_place().get(pk=project.pk))


def assert_changes_nothing(project: Project, contents: bytes) -> None:
    """Imported, this file leaves every row, the journal and the revision as they were."""
    before, gestures = state_of(project), ChangeSet.objects.count()
    revision = Project.objects.get(pk=project.pk).revision
    plan, done = import_workbook(project, by=None, name="retour.xlsx", contents=contents)
    assert plan is not None
    assert [error.sentence for error in plan.report.errors] == []
    assert plan.report.changes == []
    assert (plan.report.created, plan.report.updated) == (0, 0)
    assert done.changeset is None
    assert (state_of(project), ChangeSet.objects.count()) == (before, gestures)
    assert Project.objects.get(pk=project.pk).revision == revision


class Sent:
    """A workbook opened to be changed; `contents` is the file that is sent."""

    def __init__(self, contents: bytes) -> None:
        self.book = load_workbook(io.BytesIO(contents))

    def column(self, sheet: str, title: str) -> int:
        titles = [cell.value for cell in self.book[sheet][1]]
        return titles.index(title) + 1

    def row(self, sheet: str, title: str, value: Any) -> int:
        """The first row whose cell says that."""
        column = self.column(sheet, title)
        rows = range(2, self.book[sheet].max_row + 1)
        return next(row for row in rows if self.book[sheet].cell(row, column).value == value)

    def value(self, sheet: str, row: int, title: str) -> Any:
        return self.book[sheet].cell(row, self.column(sheet, title)).value

    def write(self, sheet: str, row: int, title: str, value: Any) -> "Sent":
        self.book[sheet].cell(row, self.column(sheet, title)).value = value
        return self

    def add(self, sheet: str, **values: Any) -> int:
        """A row below the last one that says something; titles in the order of the sheet."""
        number = self.column(sheet, "Fiche" if sheet != "Fiches" else "N°")
        row = 2
        while self.book[sheet].cell(row, number).value is not None:
            row += 1
        for title, value in values.items():
            self.write(sheet, row, title.replace("_", " "), value)
        return row

    def each(self, do: Callable[["Sent"], object]) -> "Sent":
        do(self)
        return self

    @property
    def contents(self) -> bytes:
        kept = io.BytesIO()
        self.book.save(kept)
        return kept.getvalue()


def repacked(contents: bytes, **parts: bytes | None) -> bytes:
    """The same archive with parts replaced, added, or taken away."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(contents)) as source,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            if content is not None:
                target.writestr(name, content)
    return kept.getvalue()
