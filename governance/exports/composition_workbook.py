"""The composition of the bodies as a workbook, to be read: a row a seat."""

from collections.abc import Iterable

from core.text import day_in_words
from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook, write_workbook
from governance.summaries.compositions import Composition
from territories.models import Project

COLUMNS = (
    ColumnShape("Instance", 34),
    ColumnShape("Qualité", 26),
    ColumnShape("Personne", 28),
    ColumnShape("Fonction", 28),
    ColumnShape("Organisation", 34),
    ColumnShape("Rôle", 16),
    ColumnShape("Suppléance", 28),
    ColumnShape("Depuis le", 14),
    ColumnShape("Jusqu’au", 14),
    ColumnShape("À noter", 24),
)


def composition_workbook(project: Project, found: Iterable[Composition]) -> bytes:
    """The file, of one day. `WorkbookRefused` when a text is longer than a cell holds. No query."""
    chosen = list(found)
    day = f" au {day_in_words(chosen[0].on)}" if chosen else ""
    return write_workbook(
        Workbook(
            title=f"Composition des instances{day} · PTSM {project.territory.name}",
            changed_at=project.changed_at,
            sheets=[SheetShape("Composition", COLUMNS, list(_rows(chosen)), fixed_columns=1)],
        )
    )


def _rows(found: Iterable[Composition]) -> Iterable[list[Cell]]:
    for one in found:
        for line in one.lines:
            seat = line.seat
            words = [
                one.body.name,
                line.capacity,
                line.name,
                line.function,
                line.organisation,
                line.role or "Membre",
                line.substitute,
                f"{seat.starts_on:%d/%m/%Y}" if seat.starts_on else "",
                f"{seat.ends_on:%d/%m/%Y}" if seat.ends_on else "",
                "" if line.is_held else line.notice or "siège vacant",
            ]
            yield [Cell(value) for value in words]
