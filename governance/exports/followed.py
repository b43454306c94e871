"""The followed lists on paper and in Excel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.text import day_in_words
from documents.kinds import PaperRefused
from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook, write_workbook
from governance.enums import FollowedList
from governance.exports.engagement import LetterImprint
from governance.models import FollowedLine
from governance.summaries.followed import FollowedRow, FollowedSummary, followed_summary
from territories.models import Project

PAPERS = {
    FollowedList.COMMUNICATION: (
        "Qui est informé de quoi, comment, quand et par qui\u00a0; ce qui est fait, ce qui tarde."
    ),
    FollowedList.PREREQUISITES: (
        "Ce qui doit être réuni avant de lancer la démarche, et où on en est."
    ),
}
EMPTY = {
    FollowedList.COMMUNICATION: (
        "Le plan de communication est vide\u00a0: il n’y a rien à imprimer."
    ),
    FollowedList.PREREQUISITES: "La liste des prérequis est vide\u00a0: il n’y a rien à imprimer.",
}
CODES = {
    FollowedList.COMMUNICATION: "plan-communication",
    FollowedList.PREREQUISITES: "prerequis",
}
Told = Callable[[Project, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class PrintedLine:
    """One line as the paper prints it."""

    words: str
    audience: str
    medium: str
    due: str
    lateness: str
    is_late: bool
    who: str
    state: str
    state_label: str
    remark: str


@dataclass(frozen=True)
class FollowedPaper:
    """Everything that the paper of a list prints."""

    imprint: LetterImprint
    name: str
    is_plan: bool
    count: str
    told_on: str
    lines: tuple[PrintedLine, ...]


def code_of(which: FollowedList) -> str:
    """How the press knows the paper of a list."""
    return CODES[which]


def title_of(which: FollowedList) -> Told:
    """What the paper of a list is called. No query."""

    def title(project: Project, _chosen: Mapping[str, Any]) -> str:
        return f"{which.label} · {project.territory.name}"

    return title


def context_of(which: FollowedList) -> Told:
    """What the paper of a list says: lateness is told as of the day of the print. Two queries."""

    def context(project: Project, chosen: Mapping[str, Any]) -> dict[str, FollowedPaper]:
        today = project.territory.today()
        lines = list(FollowedLine.objects.of(project, which).for_list())
        if not lines:
            raise PaperRefused(EMPTY[which])
        summary = followed_summary(lines, shown=lines, on=today)
        return {"paper": _paper(project, which, summary, title_of(which)(project, chosen))}

    return context


def _paper(
    project: Project, which: FollowedList, summary: FollowedSummary, title: str
) -> FollowedPaper:
    territory, today = project.territory, project.territory.today()
    return FollowedPaper(
        imprint=LetterImprint(
            title=title,
            territory=territory.name,
            author=project.author,
            is_fictional=territory.is_fictional,
            foot=f"PTSM {territory.name} · {which.label} · Au {day_in_words(today)}",
            stated_iso=today.isoformat(),
        ),
        name=str(which.label),
        is_plan=which == FollowedList.COMMUNICATION,
        count=summary.label,
        told_on=day_in_words(today),
        lines=tuple(_printed(row) for row in summary.rows),
    )


def _printed(row: FollowedRow) -> PrintedLine:
    line = row.line
    return PrintedLine(
        words=line.words,
        audience=line.audience,
        medium=line.medium,
        due=row.due,
        lateness=row.lateness,
        is_late=row.is_late,
        who=row.who,
        # The signs that papers draw are those of the objectives.
        state=line.state,
        state_label=str(line.get_state_display()),
        remark=line.remark,
    )


def list_workbook(project: Project, which: FollowedList, summary: FollowedSummary) -> bytes:
    """The lines that the page shows, one a row. No query."""
    is_plan = which == FollowedList.COMMUNICATION
    aims = [ColumnShape("Public visé", width=30), ColumnShape("Support", width=30)]
    columns = [
        ColumnShape("Message" if is_plan else "Prérequis", width=50),
        *(aims if is_plan else []),
        ColumnShape("Échéance", width=18),
        ColumnShape("Retard", width=22),
        ColumnShape("Responsable", width=26),
        ColumnShape("État", width=14),
        ColumnShape("Remarque", width=50),
    ]
    rows = [_cells(row, is_plan=is_plan) for row in summary.rows]
    sheet = SheetShape(str(which.label), columns, rows, fixed_columns=1)
    title = f"{which.label} · {project.territory.name}"
    return write_workbook(Workbook(title, project.changed_at, [sheet]))


def _cells(row: FollowedRow, *, is_plan: bool) -> list[Cell]:
    line = row.line
    aims = [Cell(line.audience), Cell(line.medium)] if is_plan else []
    state = str(line.get_state_display())
    words = [row.due, row.lateness, row.who, state, line.remark]
    return [Cell(line.words), *aims, *(Cell(text) for text in words)]
