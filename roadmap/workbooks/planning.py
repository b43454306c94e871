"""The quarter grid as a sheet, which looks like the one of the screen."""

from collections.abc import Callable, Iterable
from typing import Any

from core.quarters import Quarter
from documents.workbooks import Cell
from roadmap.enums import CellState
from roadmap.models import Action, Objective
from roadmap.summaries import GridRow, planning_grid
from roadmap.workbooks.book import Book
from roadmap.workbooks.columns import Column, SheetResource
from roadmap.workbooks.parts import key_column, number_column
from roadmap.workbooks.widgets import LETTERS, ChoiceWidget, FrenchWidget, quarter_title

# Stands in place of a key where a line is the title of a sheet.
GROUP = "fiche"
BEFORE = "q"


class SheetOfPlanning(SheetResource):
    """Objectives in rows, quarters in columns."""

    name = "Planning"
    model = Objective
    about = (
        "Les objectifs en lignes, les trimestres en colonnes, comme à l’écran. Dans une "
        "case\u00a0: "
        "«\u00a0prévu\u00a0», «\u00a0fait\u00a0», «\u00a0décalé\u00a0» (ou p, f, d), ou rien."
    )

    key = key_column()
    action = number_column()
    objective = Column(
        "Objectif",
        FrenchWidget(),
        value=lambda row: row.printed,
        writes=(),
        width=56,
        is_reminder=True,
        help_text=(
            "Pour mémoire\u00a0: l’intitulé s’écrit dans la feuille «\u00a0Objectifs\u00a0». "
            "Sur une ligne sans "
            "clé, le rang ou l’intitulé d’un objectif nouveau."
        ),
    )

    def __init__(self, quarters: Iterable[Quarter]) -> None:
        super().__init__()
        for quarter in quarters:
            self.fields[f"{BEFORE}{quarter.index}"] = quarter_column(quarter.index)
        self.fields["state"] = Column(
            "État",
            FrenchWidget(),
            value=lambda row: row.get_state_display(),
            width=12,
            is_reminder=True,
            help_text="Pour mémoire\u00a0: l’état s’écrit dans la feuille «\u00a0Objectifs\u00a0».",
        )

    def grid(self, actions: Iterable[Action], book: Book) -> list[list[Cell]]:
        """A line for the title of each sheet, then its objectives; texts lie over their cells."""
        drawn = planning_grid(
            actions,
            quarters=book.project.planning_quarters,
            on=Quarter.on(book.project.territory.today()),
        )
        lines = []
        for group in drawn.groups:
            title = f"{group.number}. {group.title}"
            wide = len(drawn.quarters) + 2
            lines.append(
                [Cell(GROUP, "group"), Cell(group.number, "group"), Cell(title, "group", wide)]
            )
            lines.extend(self._line(group.number, row) for row in group.rows)
        return lines

    def _line(self, number: int, row: GridRow) -> list[Cell]:
        told = "\n".join([f"{'    ' * row.depth}{row.printed}", *row.remarks])
        look = "group" if row.is_project else "reminder"
        return [
            Cell(row.key, "key"),
            Cell(number, "number"),
            Cell(told, look),
            *(
                Cell(segment.text, LOOKS.get(segment.state, segment.state or "text"), segment.span)
                for segment in row.segments
            ),
            Cell(row.state_label, "reminder"),
        ]


LOOKS = {"texte": "note"}


def quarter_column(index: int) -> Column:
    """One quarter; its value is a state of `CellState`, blank for none."""
    return Column(
        quarter_title(index),
        ChoiceWidget(CellState, LETTERS),
        value=_state_in(index),
        writes=("cells",),
        width=8,
        choices="Cases du planning",
        is_free=True,
        help_text="«\u00a0prévu\u00a0», «\u00a0fait\u00a0», «\u00a0décalé\u00a0» ou rien.",
    )


def _state_in(index: int) -> Callable[[Any], str]:
    return lambda row: row.cells.get(index, "")


def quarter_of(name: str) -> int | None:
    """The quarter that a column is about, by the name that the code gives it."""
    return int(name.removeprefix(BEFORE)) if name[1:].isdecimal() else None
