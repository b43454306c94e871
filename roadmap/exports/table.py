"""The « tableau de synthèse »: where every sheet stands, one line each, with the totals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.quarters import Quarter
from core.text import NBSP, counted, euros
from roadmap.exports.imprint import Imprint, imprint_of
from roadmap.exports.selection import Selection, chosen_sheets
from roadmap.models import Action
from roadmap.summaries import (
    SheetGroup,
    SheetLine,
    SheetSummary,
    group_sheets,
    sum_up,
)
from territories.models import Project

KIND = "Tableau de synthèse"


@dataclass(frozen=True)
class Total:
    """One figure of the line of totals; `status` picks its sign, blank for the others."""

    status: str
    figure: str
    label: str


@dataclass(frozen=True)
class Line:
    """One sheet."""

    number: int
    title: str
    pilots: str
    status: str
    status_label: str
    reason: str
    progress: str
    lateness: str
    is_late: bool
    upcoming: str
    deadline: str
    granted: str
    asked: str


@dataclass(frozen=True)
class Group:
    """The sheets of one priority or of one axis."""

    priority: int | None
    mark: str
    title: str
    count: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Everything that the table says."""

    imprint: Imprint
    choices: str
    count: str
    # The quarter in which lateness is counted: it grows without any change.
    quarter: str
    statuses: tuple[Total, ...]
    totals: tuple[Total, ...]
    groups: tuple[Group, ...]


def table_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Tableau de synthèse · PTSM Mayenne », with the choices made."""
    words = Selection.of(choices).words
    title = f"{KIND} · PTSM {project.territory.name}"
    return f"{title} · {words}" if words else title


def table_context(project: Project, choices: Mapping[str, Any]) -> dict[str, Table]:
    """The table of these choices; `PaperRefused` when they keep nothing. About 15 queries."""
    selection = Selection.of(choices)
    actions, total = chosen_sheets(project, selection)
    on = Quarter.on(project.territory.today())
    by = "axe" if choices.get("group") == "axe" else "priorite"
    groups = group_sheets(actions, by=by, quarters=(), on=on)
    lines = [line for group in groups for line in group.lines]
    kept = counted(len(actions), "fiche action", "fiches action")
    return {
        "paper": Table(
            imprint=imprint_of(project, kind=KIND, title=f"{KIND} · PTSM {project.territory.name}"),
            choices=selection.words,
            count=kept if len(actions) == total else f"{kept} sur {total}",
            quarter=str(on),
            statuses=_statuses(actions, on=on),
            totals=_totals(lines),
            groups=tuple(_group(group) for group in groups),
        )
    }


def _statuses(actions: Iterable[Action], *, on: Quarter) -> tuple[Total, ...]:
    facets = sum_up(actions, on=on).statuses
    return tuple(Total(facet.code, str(facet.count), facet.label) for facet in facets)


def _totals(lines: list[SheetLine]) -> tuple[Total, ...]:
    summaries = [line.summary for line in lines]
    done = sum(summary.progress.done for summary in summaries)
    leaves = sum(summary.progress.total for summary in summaries)
    late = sum(summary.lateness.is_late for summary in summaries)
    granted = sum((summary.funding.granted for summary in summaries), Decimal())
    asked = sum((summary.funding.asked for summary in summaries), Decimal())
    return (
        Total("", f"{done} sur {leaves}", "objectifs faits"),
        Total("", str(late), "fiche en retard" if late < 2 else "fiches en retard"),
        *(
            Total("", euros(amount), label)
            for label, amount in (("acquis", granted), ("demandés", asked))
            if amount
        ),
    )


def _group(group: SheetGroup) -> Group:
    mark = f"Priorité{NBSP}{group.number}" if group.priority else group.number
    return Group(
        priority=group.priority,
        mark=mark,
        title=group.title,
        count=counted(len(group.lines), "fiche action", "fiches action"),
        lines=tuple(_line(line.action, line.summary) for line in group.lines),
    )


def _line(action: Action, summary: SheetSummary) -> Line:
    return Line(
        number=action.number,
        title=action.title,
        pilots=", ".join(summary.pilots),
        status=action.status,
        status_label=action.get_status_display(),
        reason=action.status_reason,
        progress=summary.progress.label,
        lateness=summary.lateness.label,
        is_late=summary.lateness.is_late,
        upcoming=str(summary.schedule.upcoming or ""),
        deadline=str(summary.schedule.deadline or ""),
        granted=_amount(summary.funding.granted),
        asked=_amount(summary.funding.asked),
    )


def _amount(amount: Decimal) -> str:
    return euros(amount) if amount else ""
