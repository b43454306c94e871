"""Sample roadmaps for the tests of papers."""

import datetime as dt
from typing import Any

from core.quarters import Quarter
from documents.kinds import kind_of
from documents.press import render_html
from roadmap.enums import FundingState, RoleKind
from roadmap.exports import booklet_context
from roadmap.models import Action, Priority
from territories.models import Project
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectFactory,
    ProjectGroupFactory,
)

STATED = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("livret", {}),
    ("fiche", {"number": 1}),
    ("synthese", {}),
]


def aubrac() -> Project:
    """The PTSM of Aubrac, last changed on 22 November 2026."""
    project: Project = ProjectFactory.create(territory__name="Aubrac", title="PTSM de l’Aubrac")
    project.mark_changed(at=STATED)
    return project


def priority(number: int) -> Priority:
    return Priority.objects.get(number=number)


def rich_sheet(project: Project, number: int, **fields: Any) -> Action:
    """A sheet with a bit of everything."""
    action: Action = ActionFactory.create(
        project=project, number=number, title=f"Fiche {number}", need="Un besoin", **fields
    )
    group = ProjectGroupFactory.create(action=action, label="Projet 1", title="Un projet")
    for rank in range(3):
        row = ObjectiveFactory.create(
            action=action,
            position=rank,
            label=f"{rank})",
            title=f"Objectif {rank}",
            parent=group if rank else None,
        )
        PlannedQuarterFactory.create(objective=row, quarter=Quarter.of(2026, 1).index + rank)
    territory = project.territory
    organisation, _ = territory.organisations.get_or_create(name="UNAFAM")
    ActionRoleFactory.create(action=action, label="", organisation=organisation)
    ActionRoleFactory.create(action=action, kind=RoleKind.PARTNER, label="Mairie", objective=row)
    FundingLineFactory.create(action=action, amount=15000, state=FundingState.GRANTED)
    ActionIndicatorFactory.create(action=action, target="3")
    return action


def booklet(project: Project, **choices: list[str]) -> Any:
    return booklet_context(project, choices)["paper"]


def html_of(code: str, project: Project, **choices: Any) -> str:
    return render_html(kind_of(code), project, choices)


def form_of(code: str, project: Project, data: dict[str, Any]) -> Any:
    return kind_of(code).form(data, project=project, reader=None)
