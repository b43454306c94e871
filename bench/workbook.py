"""The workbook of one territory: written, then compared with what is there."""

from collections.abc import Iterator

from bench.figures import TARGETS, Figure, median
from roadmap.exports.workbook import export_workbook
from roadmap.imports.workbooks import plan_import
from territories.models import Project


def workbook(mayenne: Project) -> Iterator[Figure]:
    """Both ways, thirty sheets."""
    contents = export_workbook(mayenne)
    target = TARGETS["workbook"]
    yield Figure(
        "workbook written, Mayenne",
        median(lambda: export_workbook(mayenne)),
        target["written"],
        "ms",
    )
    yield Figure(
        "workbook compared, Mayenne",
        median(lambda: plan_import(mayenne, name="mayenne.xlsx", contents=contents)),
        target["compared"],
        "ms",
    )
