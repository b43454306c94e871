"""The « fiche action » alone: the sheet as its page shows it, on paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.quarters import Quarter
from core.text import NBSP, euros
from documents.kinds import PaperRefused
from roadmap.exports.imprint import Imprint, imprint_of
from roadmap.exports.plannings import (
    WIDEST_UPRIGHT,
    DrawnGrid,
    drawn_grids,
    marked_quarter,
)
from roadmap.exports.selection import chosen_state, title_of
from roadmap.models import Action
from roadmap.summaries import (
    SheetSummary,
    is_done_with_leaves_undone,
    role_groups_of,
    summarise,
)
from territories.models import Project

KIND = "Fiche action"


@dataclass(frozen=True)
class Passage:
    """One field of the sheet; its paragraphs as typed."""

    title: str
    text: str


@dataclass(frozen=True)
class Money:
    """One funding line."""

    funder: str
    year: str
    state: str
    amount: str
    objective: str


@dataclass(frozen=True)
class Measure:
    """One indicator."""

    label: str
    kind: str
    value: str
    target: str
    due: str
    objective: str


@dataclass(frozen=True)
class SheetPaper:
    """Everything that the paper says of one sheet."""

    imprint: Imprint
    number: int
    title: str
    planning_title: str
    # « Anciennement fiche 12 (jusqu’au 3 mars 2026) », for whoever holds an earlier paper.
    formerly: str
    priority: int | None
    # « Priorité 2 · Parcours… », then its other places: axis, themes, secondary priorities.
    heading: str
    places: tuple[tuple[str, str], ...]
    status: str
    status_label: str
    reason: str
    # « Objectifs faits » and « 2 sur 6 »…
    facts: tuple[tuple[str, str], ...]
    warning: str
    missing: str
    passages: tuple[Passage, ...]
    # The grid is too wide for a portrait page: it has a landscape one, at the end.
    has_wide_page: bool
    is_undated: bool
    marked_quarter: str
    grids: tuple[DrawnGrid, ...]
    # « Partenaires »: those of the whole sheet on one line, then those of one objective each.
    who: tuple[tuple[str, tuple[str, ...]], ...]
    money: tuple[Money, ...]
    sums: tuple[tuple[str, str], ...]
    measures: tuple[Measure, ...]
    remarks: str


def unknown_sheet(number: object, version: str = "") -> str:
    """The sentence of a number that the project, or that version of it, does not have."""
    return f"La fiche {number} n’existe pas dans {'cette version' if version else 'ce projet'}."


def sheet_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Fiche action 13 · PTSM Mayenne »."""
    return title_of(f"{KIND} {choices.get('number')}", project, choices)


def sheet_context(project: Project, choices: Mapping[str, Any]) -> dict[str, SheetPaper]:
    """The sheet with this number; `PaperRefused` when there is none. About 16 queries."""
    number = int(choices["number"])
    state = chosen_state(project, choices)
    action, on = state.sheet(number), state.quarter
    if action is None:
        raise PaperRefused(unknown_sheet(number, state.name))
    summary = summarise(action, on=on)
    quarters = state.project.planning_quarters
    passages = tuple(_passages(action))
    return {
        "paper": SheetPaper(
            imprint=imprint_of(state, kind=f"{KIND} {number}", title=f"{number}. {action.title}"),
            number=action.number,
            title=action.title,
            planning_title=action.planning_title,
            formerly=action.formerly,
            priority=action.priority.number if action.priority else None,
            heading=_heading(action),
            places=tuple(_places(action)),
            status=action.status,
            status_label=action.get_status_display(),
            reason=action.status_reason,
            facts=_facts(summary, on=on),
            warning=_warning(action, summary),
            missing=", ".join(point.label for point in summary.completeness.missing),
            passages=passages,
            has_wide_page=len(quarters) > WIDEST_UPRIGHT and bool(action.objectives.all()),
            is_undated=not quarters,
            marked_quarter=marked_quarter(on, quarters),
            grids=_grids(action, quarters, on=on),
            who=tuple(_who(action)),
            money=tuple(_money(action)),
            sums=_sums(summary),
            measures=tuple(_measures(action)),
            remarks=action.remarks,
        )
    }


def _heading(action: Action) -> str:
    if action.priority is None:
        return "Sans priorité du décret"
    return f"Priorité{NBSP}{action.priority.number} · {action.priority.short_label}"


def _places(action: Action) -> Iterable[tuple[str, str]]:
    if action.axis:
        yield "Axe local", str(action.axis)
    if themes := action.themes.all():
        yield "Thèmes de l’ANAP", ", ".join(theme.title for theme in themes)
    if others := action.secondary_priorities.all():
        yield "Autres priorités", ", ".join(str(priority) for priority in others)


def _facts(summary: SheetSummary, *, on: Quarter) -> tuple[tuple[str, str], ...]:
    return (
        ("Objectifs faits", summary.progress.label),
        (f"Calendrier au {on}", summary.calendar),
        ("Pilotes", ", ".join(summary.pilots) or "à désigner"),
        ("Fiche complète à", f"{summary.completeness.percent}{NBSP}%"),
    )


def _warning(action: Action, summary: SheetSummary) -> str:
    if not is_done_with_leaves_undone(action):
        return ""
    return (
        "Cette fiche est dite réalisée alors que des objectifs ne sont pas faits"
        f"{NBSP}: {summary.progress.label}."
    )


def _passages(action: Action) -> Iterable[Passage]:
    for name, title in (
        ("need", "Constat ou besoin"),
        ("aim", "Objectif de l’action"),
        ("audience", "Public concerné"),
        ("area", "Territoire d’application"),
        ("method", "Méthode"),
        ("means", "Moyens"),
    ):
        text = getattr(action, name)
        if text:
            yield Passage(title, text)


def _grids(action: Action, quarters: tuple[Quarter, ...], *, on: Quarter) -> tuple[DrawnGrid, ...]:
    if not action.objectives.all():
        return ()
    return drawn_grids(action, quarters=quarters, on=on, only_planned_rows=False)


def _who(action: Action) -> Iterable[tuple[str, tuple[str, ...]]]:
    for group in role_groups_of(action):
        shared = ", ".join(entry.words for entry in group.entries if not entry.objective)
        own = (
            f"{entry.words} (pour «{NBSP}{entry.objective}{NBSP}»)"
            for entry in group.entries
            if entry.objective
        )
        lines = tuple(line for line in (shared, *own) if line)
        if lines:
            yield group.label, lines


def _money(action: Action) -> Iterable[Money]:
    for line in action.funding_lines.all():
        yield Money(
            funder=line.printed,
            year=str(line.year or ""),
            state=line.get_state_display(),
            amount=euros(line.amount) or "non chiffré",
            objective=str(line.objective or ""),
        )


def _sums(summary: SheetSummary) -> tuple[tuple[str, str], ...]:
    funding = summary.funding
    amounts = (
        ("acquis", funding.granted),
        ("demandés", funding.asked),
        ("envisagés", funding.considered),
    )
    return tuple((label, euros(amount)) for label, amount in amounts if amount)


def _measures(action: Action) -> Iterable[Measure]:
    for indicator in action.indicators.all():
        due = indicator.target_quarter
        yield Measure(
            label=indicator.label,
            kind=indicator.get_kind_display(),
            value=indicator.value,
            target=indicator.target,
            due="" if due is None else str(Quarter(due)),
            objective=str(indicator.objective or ""),
        )
