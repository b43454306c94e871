"""The « tableau de synthèse »: where every sheet stands, one line each, with the totals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.text import NBSP, counted, euros
from roadmap.exports.imprint import Imprint, imprint_of
from roadmap.exports.selection import Selection, chosen_sheets, chosen_state, title_of
from roadmap.models import Action
from roadmap.summaries import SheetGroup, SheetSummary, group_sheets, statuses_of, summarise
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
    return title_of(KIND, project, choices)


def table_context(project: Project, choices: Mapping[str, Any]) -> dict[str, Table]:
    """The table of these choices; `PaperRefused` when they keep nothing. About 15 queries."""
    selection = Selection.of(choices)
    state = chosen_state(project, choices)
    actions, total = chosen_sheets(state, selection)
    territory, on = state.project.territory, state.quarter
    by = "axe" if choices.get("group") == "axe" else "priorite"
    summaries = {action.pk: summarise(action, on=on) for action in actions}
    kept = counted(len(actions), "fiche action", "fiches action")
    return {
        "paper": Table(
            imprint=imprint_of(state, kind=KIND, title=f"{KIND} · PTSM {territory.name}"),
            choices=selection.words,
            count=kept if len(actions) == total else f"{kept} sur {total}",
            quarter=str(on),
            statuses=tuple(
                Total(facet.code, str(facet.count), facet.label) for facet in statuses_of(actions)
            ),
            totals=_totals(summaries.values()),
            groups=tuple(_group(group, summaries) for group in group_sheets(actions, by=by)),
        )
    }


def _totals(summaries: Collection[SheetSummary]) -> tuple[Total, ...]:
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


def _group(group: SheetGroup, summaries: Mapping[int, SheetSummary]) -> Group:
    mark = f"Priorité{NBSP}{group.number}" if group.priority else group.number
    return Group(
        priority=group.priority,
        mark=mark,
        title=group.title,
        count=counted(len(group.sheets), "fiche action", "fiches action"),
        lines=tuple(_line(sheet, summaries[sheet.pk]) for sheet in group.sheets),
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
