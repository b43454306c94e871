"""Saying what the base holds in the words of a draft."""

from collections.abc import Iterable
from typing import TypeVar

from roadmap.models import Action, ActionIndicator, ActionRole, Axis, FundingLine, Objective
from roadmap.services.drafts import (
    TEXTS_OF_ROW,
    TEXTS_OF_SHEET,
    Attached,
    AxisDraft,
    CellDraft,
    FundingDraft,
    HeadingDraft,
    IndicatorDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoleDraft,
    SheetDraft,
)
from territories.models import Project

Row = TypeVar("Row", ActionRole, FundingLine, ActionIndicator)


def describe_roadmap(project: Project) -> RoadmapDraft:
    """The roadmap that the base holds; a dozen queries, whatever its size."""
    return RoadmapDraft(
        sheets=tuple(
            describe_sheet(action) for action in Action.objects.of(project).in_order().for_sheet()
        ),
        axes=tuple(
            AxisDraft(title=axis.title, label=axis.label)
            for axis in Axis.objects.filter(project=project).order_by("position", "pk")
        ),
        headings=tuple(
            HeadingDraft(
                priority=heading.priority.number,
                title=heading.title,
                planning_note=heading.planning_note,
            )
            for heading in project.headings.select_related("priority").order_by("priority__number")
        ),
    )


def describe_sheet(action: Action) -> SheetDraft:
    """One sheet that the base holds. Expects `for_sheet()`; no query."""
    texts = {name: getattr(action, name) for name in TEXTS_OF_SHEET}
    rows = list(action.objectives.all())
    return SheetDraft(
        number=action.number,
        priority=action.priority.number if action.priority else None,
        secondary_priorities=tuple(p.number for p in action.secondary_priorities.all()),
        axis=action.axis.title if action.axis else "",
        themes=tuple(theme.position for theme in action.themes.all()),
        objectives=_describe_rows(action, rows, parent=None),
        attached=_describe_attached(action, None),
        **texts,
    )


def _describe_rows(
    action: Action, rows: list[Objective], *, parent: int | None
) -> tuple[ObjectiveDraft, ...]:
    return tuple(
        ObjectiveDraft(
            cells=tuple(
                CellDraft(quarter=quarter, state=state) for quarter, state in row.cells.items()
            ),
            attached=_describe_attached(action, row.pk),
            children=_describe_rows(action, rows, parent=row.pk),
            **{name: getattr(row, name) for name in TEXTS_OF_ROW},
        )
        for row in rows
        if row.parent_id == parent
    )


def _describe_attached(action: Action, row: int | None) -> Attached:
    return Attached(
        roles=tuple(
            RoleDraft(
                kind=role.kind,
                label=role.label,
                organisation=role.organisation.name if role.organisation else "",
                person=str(role.person) if role.person else "",
            )
            for role in _held_by(action.roles.all(), row)
        ),
        funding=tuple(
            FundingDraft(
                state=line.state,
                label=line.label,
                organisation=line.organisation.name if line.organisation else "",
                source=line.source,
                year=line.year,
                amount=line.amount,
            )
            for line in _held_by(action.funding_lines.all(), row)
        ),
        indicators=tuple(
            IndicatorDraft(
                label=indicator.label,
                kind=indicator.kind,
                value=indicator.value,
                target=indicator.target,
                target_quarter=indicator.target_quarter,
            )
            for indicator in _held_by(action.indicators.all(), row)
        ),
    )


def _held_by(rows: Iterable[Row], objective: int | None) -> list[Row]:
    """Those of that row of the planning, or of the sheet itself."""
    return [row for row in rows if row.objective_id == objective]
