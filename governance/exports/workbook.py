"""The register as a workbook: exactly what is seen."""

from collections.abc import Iterable

from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook, write_workbook
from governance.summaries.register import RegisterLine
from territories.models import Project

COLUMNS = (
    ColumnShape("N°", 7, "number"),
    ColumnShape("Décision", 70),
    ColumnShape("Instance", 30),
    ColumnShape("Décidée le", 14),
    ColumnShape("Responsable", 28),
    ColumnShape("Échéance", 14),
    ColumnShape("État", 14),
    ColumnShape("Retard", 22),
    ColumnShape("Close le", 14),
    ColumnShape("Résultat ou motif", 50),
    ColumnShape("Fiches", 50),
)


def register_workbook(project: Project, lines: Iterable[RegisterLine]) -> bytes:
    """The file. `documents.workbooks.WorkbookRefused` when a text is longer than a cell holds."""
    rows = [[Cell(value) for value in _values(line)] for line in lines]
    for row in rows:
        row[0] = Cell(row[0].value, "number")
    return write_workbook(
        Workbook(
            title=f"Registre des décisions · PTSM {project.territory.name}",
            changed_at=project.changed_at,
            sheets=[SheetShape("Décisions", COLUMNS, rows, fixed_columns=1)],
        )
    )


def _values(line: RegisterLine) -> list[str | int]:
    decision = line.decision
    return [
        decision.number,
        decision.text,
        decision.body.name if decision.body else "",
        f"{decision.decided_on:%d/%m/%Y}",
        decision.responsible_name,
        f"{decision.due_on:%d/%m/%Y}" if decision.due_on else "",
        decision.get_state_display(),
        line.lateness,
        f"{decision.closed_on:%d/%m/%Y}" if decision.closed_on else "",
        decision.closing_words,
        "\n".join(tied.label for tied in line.ties),
    ]
