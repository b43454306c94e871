"""The « livret synthétique »: recapitulative tables by objective of the decree, then plannings.

Part 1 prints the summary wording, part 2 the planning wording (`decisions.md` 2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.quarters import Quarter
from core.text import NBSP, counted, listed
from documents.kinds import PaperRefused
from roadmap.exports.imprint import Imprint, imprint_of, quarter_stated
from roadmap.exports.plannings import Planning, marked_quarter, planning_of
from roadmap.exports.selection import Selection, chosen_sheets, chosen_state, title_of
from roadmap.models import Action, Priority, PriorityHeading
from roadmap.summaries import rows_of, summarise
from territories.models import Project

KIND = "Livret synthétique"
UNSORTED = "Fiches action sans priorité du décret"
UNSORTED_LAST = 99
DECREE = f"du décret du 27{NBSP}juillet{NBSP}2017"


@dataclass(frozen=True)
class Row:
    """One objective or « Projet » of a sheet, as part 1 words it."""

    label: str
    title: str
    depth: int
    is_project: bool


@dataclass(frozen=True)
class Sheet:
    """One line of a recapitulative table."""

    number: int
    title: str
    status: str
    status_label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """One objective of the decree in part 1."""

    anchor: str
    # 1 to 6 picks the colour; None for sheets under no priority.
    priority: int | None
    # « Objectif 1 du décret : », then what the booklet calls it.
    mark: str
    title: str
    # For the outline of the file, where the words of the decree are too long.
    short_title: str
    count: str
    # « répondent à l’objectif 1 du décret du 27 juillet 2017 ».
    lead: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class PlanningSection:
    """One objective of the decree in part 2."""

    anchor: str
    priority: int | None
    mark: str
    title: str
    # « fiches 2 et 4 », for the contents.
    numbers: str
    note: str
    plannings: tuple[Planning, ...]


@dataclass(frozen=True)
class Booklet:
    """Everything that the booklet says."""

    imprint: Imprint
    # « 30 fiches action », or « 4 fiches action sur 30 » with the choices that kept them.
    count: str
    choices: str
    intro: str
    sections: tuple[Section, ...]
    planning_title: str
    # The quarter of the last change where the grids have it.
    marked_quarter: str
    plannings: tuple[PlanningSection, ...]

    @property
    def has_undated(self) -> bool:
        """Some grid has no column yet."""
        return any(each.is_undated for section in self.plannings for each in section.plannings)


def booklet_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Livret synthétique · PTSM Mayenne », with the choices made."""
    return title_of(KIND, project, choices)


def booklet_context(project: Project, choices: Mapping[str, Any]) -> dict[str, Booklet]:
    """The booklet of these choices; `PaperRefused` when they keep nothing. About 15 queries."""
    selection = Selection.of(choices)
    state = chosen_state(project, choices)
    actions, total = chosen_sheets(state, selection)
    project = state.project
    headings = {heading.priority_id: heading for heading in state.headings()}
    grouped = _by_priority(actions, selection, headings)
    sections = _sections(grouped, headings, project) if selection.has_part("1") else ()
    plannings = _plannings(grouped, headings, project) if selection.has_part("2") else ()
    if not sections and not plannings:
        raise PaperRefused("Aucune des fiches choisies n’a de planning à imprimer.")
    imprint = imprint_of(state, kind=KIND, title=f"{KIND} · PTSM {project.territory.name}")
    booklet = Booklet(
        imprint=imprint,
        count=_count(len(actions), total),
        choices=selection.words,
        intro=_intro(imprint.territory, [priority for priority, _ in grouped], len(actions), total),
        sections=sections,
        planning_title=_planning_title(project.planning_quarters),
        marked_quarter=marked_quarter(quarter_stated(project), project.planning_quarters),
        plannings=plannings,
    )
    return {"paper": booklet}


Grouped = list[tuple[Priority | None, list[Action]]]


def _by_priority(
    actions: list[Action], selection: Selection, headings: Mapping[int, PriorityHeading]
) -> Grouped:
    """Sheets under their priority, in order; whole priorities keep a note without any sheet."""
    groups: dict[Priority | None, list[Action]] = {}
    for heading in headings.values():
        if heading.planning_note and selection.keeps_whole(heading.priority):
            groups[heading.priority] = []
    for action in actions:
        groups.setdefault(action.priority, []).append(action)
    return sorted(groups.items(), key=lambda group: group[0].number if group[0] else UNSORTED_LAST)


# --- Words ---


def _count(kept: int, total: int) -> str:
    if kept == total:
        return counted(total, "fiche action", "fiches action")
    return f"{counted(kept, 'fiche action', 'fiches action')} sur {total}"


def _intro(territory: str, priorities: Iterable[Priority | None], kept: int, total: int) -> str:
    if kept == total:
        sheets = "la fiche action" if total == 1 else f"les {total}{NBSP}fiches action"
    else:
        sheets = f"{'une' if kept == 1 else kept} des {total}{NBSP}fiches action"
    agreed = "restituée" if kept == 1 else "restituées"
    sentence = f"Ce document reprend {sheets} du PTSM {territory}"
    order = _order_of(sorted(priority.number for priority in priorities if priority))
    return f"{sentence}, {agreed} selon {order}." if order else f"{sentence}."


def _order_of(numbers: list[int]) -> str:
    if not numbers:
        return ""
    if len(numbers) == 6:
        return f"les 6{NBSP}objectifs {DECREE}"
    if len(numbers) == 1:
        return f"l’objectif{NBSP}{numbers[0]} {DECREE}"
    return f"les objectifs {listed([str(number) for number in numbers])} {DECREE}"


def _planning_title(quarters: tuple[Quarter, ...]) -> str:
    title = "Plannings prévisionnels des actions"
    if not quarters:
        return title
    first, last = quarters[0].year, quarters[-1].year
    return f"{title}, {first}" if first == last else f"{title}, {first}-{last}"


# --- Part 1 ---


def _sections(
    grouped: Grouped, headings: Mapping[int, PriorityHeading], project: Project
) -> tuple[Section, ...]:
    return tuple(
        _section(priority, actions, headings, project.territory.name)
        for priority, actions in grouped
        if actions
    )


def _section(
    priority: Priority | None,
    actions: list[Action],
    headings: Mapping[int, PriorityHeading],
    territory: str,
) -> Section:
    return Section(
        anchor=f"objectif-{priority.number if priority else 0}",
        priority=priority.number if priority else None,
        mark=f"Objectif{NBSP}{priority.number} du décret{NBSP}:" if priority else "",
        title=_title_of(priority, headings),
        short_title=_short_title(priority),
        count=counted(len(actions), "fiche action", "fiches action"),
        lead=_lead(priority, len(actions), territory),
        sheets=tuple(_sheet(action) for action in actions),
    )


def _lead(priority: Priority | None, count: int, territory: str) -> str:
    if priority is None:
        verb = "n’est rattachée" if count == 1 else "ne sont rattachées"
        return f"du PTSM {territory} {verb} à aucun objectif {DECREE}."
    verb = "répond" if count == 1 else "répondent"
    return f"du PTSM {territory} {verb} à l’objectif{NBSP}{priority.number} {DECREE}."


def _title_of(priority: Priority | None, headings: Mapping[int, PriorityHeading]) -> str:
    if priority is None:
        return UNSORTED
    heading = headings.get(priority.pk)
    # The decree enumerates, in lower case; a heading begins a sentence.
    own_words = heading.title if heading else ""
    return own_words or priority.text[:1].upper() + priority.text[1:]


def _short_title(priority: Priority | None) -> str:
    return f"Objectif{NBSP}{priority.number} · {priority.short_label}" if priority else UNSORTED


def _sheet(action: Action) -> Sheet:
    return Sheet(
        number=action.number,
        title=action.title,
        status=action.status,
        status_label=action.get_status_display(),
        rows=tuple(
            Row(
                label=objective.label_in_summary,
                title=objective.title_in_summary,
                depth=0 if objective.parent_id is None else 1,
                is_project=objective.is_project,
            )
            for objective in rows_of(action)
            if objective.in_summary
        ),
    )


# --- Part 2 ---


def _plannings(
    grouped: Grouped, headings: Mapping[int, PriorityHeading], project: Project
) -> tuple[PlanningSection, ...]:
    sections = (
        _planning_section(priority, actions, headings, project) for priority, actions in grouped
    )
    return tuple(section for section in sections if section.plannings or section.note)


def _planning_section(
    priority: Priority | None,
    actions: list[Action],
    headings: Mapping[int, PriorityHeading],
    project: Project,
) -> PlanningSection:
    on = quarter_stated(project)
    quarters = project.planning_quarters
    plannings = tuple(
        planning_of(action, summarise(action, on=on), quarters=quarters, on=on)
        for action in actions
        if any(objective.in_planning for objective in action.objectives.all())
    )
    heading = headings.get(priority.pk) if priority else None
    return PlanningSection(
        anchor=f"planning-{priority.number if priority else 0}",
        priority=priority.number if priority else None,
        mark=f"Objectif{NBSP}{priority.number}" if priority else "",
        title=priority.short_label if priority else UNSORTED,
        numbers=_numbers([planning.number for planning in plannings]),
        note=heading.planning_note if heading else "",
        plannings=plannings,
    )


def _numbers(numbers: list[int]) -> str:
    if not numbers:
        return ""
    noun = "fiche" if len(numbers) == 1 else "fiches"
    return f"{noun}{NBSP}{listed([str(number) for number in numbers])}"
