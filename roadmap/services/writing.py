"""Making the base hold exactly what a draft says."""

from collections.abc import Iterable
from typing import Any

from django.db.models import ProtectedError, QuerySet
from django.utils import timezone

from accounts.models import User
from governance.models import Organisation, Person
from journal.enums import Source
from journal.recording import gesture_under_way
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    Axis,
    FundingLine,
    Objective,
    PlannedQuarter,
    Priority,
    PriorityHeading,
    Theme,
)
from roadmap.services.drafts import (
    TEXTS_OF_ROW,
    TEXTS_OF_SHEET,
    Attached,
    AxisDraft,
    HeadingDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoadmapRefused,
    SheetDraft,
)
from territories.models import Project
from territories.writing import writing

LEFT_OUT = "Absente de la feuille de route chargée."


def write_roadmap(
    *,
    project: Project,
    roadmap: RoadmapDraft,
    by: User | None = None,
    source: Source = Source.COMMAND,
    words: str = "a chargé la feuille de route",
) -> None:
    """Make the project's roadmap exactly this one.

    A sheet that keeps its number keeps its address; all the rest is written afresh. One that goes
    is deleted, or retired when a review has asked about it. Raises
    `RoadmapRefused` when the draft names what the base does not know, and then writes nothing.
    """
    with writing(project, by=by, source=source, words=words):
        known = Known(project)
        _write_headings(project, roadmap.headings, known)
        _write_axes(project, roadmap.axes, known)
        numbers = [sheet.number for sheet in roadmap.sheets]
        _leave_out(Action.objects.of(project).exclude(number__in=numbers))
        for sheet in roadmap.sheets:
            write_sheet(project, sheet=sheet, known=known)
        named = [axis.pk for axis in known.axes]
        remove_axes(Axis.objects.filter(project=project).exclude(pk__in=named))


def _leave_out(sheets: QuerySet[Action]) -> None:
    """Delete these sheets; what was said of one in a review stays, and the sheet, retired."""
    for sheet in sheets:
        try:
            with gesture_under_way().part():
                sheet.delete()
        except ProtectedError:
            sheet.retired_at, sheet.retired_reason = timezone.now(), LEFT_OUT
            sheet.save(update_fields=["retired_at", "retired_reason"])


def remove_axes(axes: QuerySet[Axis]) -> None:
    """Remove axes under which no sheet of the roadmap is; retired ones are untied. Six queries.

    Call it inside a gesture.
    """
    Action.objects.filter(axis__in=axes).exclude(retired_at=None).update(axis=None)
    axes.delete()


class Known:
    """What a draft may name: reference data, the axes just written, the directory."""

    def __init__(self, project: Project) -> None:
        directory = {"territory": project.territory_id}
        self.priorities = {row.number: row for row in Priority.objects.all()}
        self.themes = {row.position: row for row in Theme.objects.all()}
        self.organisations = {row.name: row for row in Organisation.objects.filter(**directory)}
        self.people = {str(row): row for row in Person.objects.filter(**directory)}
        self.axes_by_title: dict[str, Axis] = {}

    @property
    def axes(self) -> Iterable[Axis]:
        return self.axes_by_title.values()

    def priority(self, number: int) -> Priority:
        if number not in self.priorities:
            raise RoadmapRefused(
                f"La priorité n°\u00a0{number} n’est pas dans la base\u00a0: "
                "lancez d’abord «\u00a0manage.py migrate\u00a0»."
            )
        return self.priorities[number]

    def theme(self, position: int) -> Theme:
        if position not in self.themes:
            raise RoadmapRefused(
                f"Le thème n°\u00a0{position} n’est pas dans la base\u00a0: "
                "lancez d’abord «\u00a0manage.py migrate\u00a0»."
            )
        return self.themes[position]

    def axis(self, title: str) -> Axis | None:
        if title and title not in self.axes_by_title:
            raise RoadmapRefused(f"L’axe «\u00a0{title}\u00a0» n’est pas dans la feuille de route.")
        return self.axes_by_title.get(title)

    def organisation(self, name: str) -> Organisation | None:
        if name and name not in self.organisations:
            raise RoadmapRefused(f"L’organisation «\u00a0{name}\u00a0» n’est pas dans l’annuaire.")
        return self.organisations.get(name)

    def person(self, name: str) -> Person | None:
        if name and name not in self.people:
            raise RoadmapRefused(f"La personne «\u00a0{name}\u00a0» n’est pas dans l’annuaire.")
        return self.people.get(name)


def _write_headings(project: Project, headings: Iterable[HeadingDraft], known: Known) -> None:
    project.headings.all().delete()
    for heading in headings:
        PriorityHeading.objects.create(
            project=project,
            priority=known.priority(heading.priority),
            title=heading.title,
            planning_note=heading.planning_note,
        )


def _write_axes(project: Project, axes: Iterable[AxisDraft], known: Known) -> None:
    for position, axis in enumerate(axes, start=1):
        known.axes_by_title[axis.title], _ = Axis.objects.update_or_create(
            project=project,
            title=axis.title,
            defaults={"label": axis.label, "position": position},
        )


def write_sheet(project: Project, *, sheet: SheetDraft, known: Known) -> Action:
    """Make the sheet of that number exactly this one, or make it. Call it inside a gesture.

    Raises `RoadmapRefused` when the draft names what the base does not know.
    """
    texts = {name: getattr(sheet, name) for name in TEXTS_OF_SHEET}
    action, _ = Action.objects.update_or_create(
        project=project,
        number=sheet.number,
        retired_at=None,
        defaults={
            **texts,
            "priority": (None if sheet.priority is None else known.priority(sheet.priority)),
            "axis": known.axis(sheet.axis),
        },
    )
    action.secondary_priorities.set(
        [known.priority(number) for number in sheet.secondary_priorities]
    )
    action.themes.set([known.theme(position) for position in sheet.themes])
    for written_before in (action.roles, action.funding_lines, action.indicators):
        written_before.all().delete()
    action.objectives.all().delete()
    _attach(action, None, sheet.attached, known)
    _write_rows(action, sheet.objectives, known)
    return action


def _write_rows(action: Action, rows: Iterable[ObjectiveDraft], known: Known) -> None:
    """Ranks follow the reading order of the whole sheet."""
    position = 0
    for top in rows:
        parent = None
        for row in top.with_children():
            position += 1
            texts = {name: getattr(row, name) for name in TEXTS_OF_ROW}
            written = Objective.objects.create(
                action=action, parent=parent, position=position, **texts
            )
            PlannedQuarter.objects.bulk_create(
                PlannedQuarter(objective=written, quarter=cell.quarter, state=cell.state)
                for cell in row.cells
            )
            _attach(action, written, row.attached, known)
            parent = parent or written


def _attach(action: Action, row: Objective | None, attached: Attached, known: Known) -> None:
    holder: dict[str, Any] = {"action": action, "objective": row}
    for position, role in enumerate(attached.roles, start=1):
        ActionRole.objects.create(
            **holder,
            position=position,
            kind=role.kind,
            label=role.label,
            organisation=known.organisation(role.organisation),
            person=known.person(role.person),
        )
    for position, line in enumerate(attached.funding, start=1):
        FundingLine.objects.create(
            **holder,
            position=position,
            state=line.state,
            label=line.label,
            organisation=known.organisation(line.organisation),
            source=line.source,
            year=line.year,
            amount=line.amount,
        )
    for position, indicator in enumerate(attached.indicators, start=1):
        ActionIndicator.objects.create(
            **holder,
            position=position,
            kind=indicator.kind,
            label=indicator.label,
            value=indicator.value,
            target=indicator.target,
            target_quarter=indicator.target_quarter,
        )
