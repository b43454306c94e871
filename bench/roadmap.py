"""The largest roadmap that the screens must carry, written with the words of a real one."""

import itertools
from typing import Any

from accounts.models import User
from core.quarters import Quarter
from roadmap.models import Action, Objective, PlannedQuarter, Priority
from territories.enums import Role
from territories.models import Project
from tests.factories import (
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    MembershipFactory,
    ProjectFactory,
    UserFactory,
    unsigned,
)

SHEETS = 60
OBJECTIVES = 300
QUARTERS = 21
FIRST = Quarter.of(2026, 1).index
TEXTS = ("title", "need", "aim", "audience", "area", "method", "means")


def large_project(model: Project) -> tuple[Project, User]:
    """60 sheets, 300 objectives, 21 quarters, and who leads them; texts taken from `model`."""
    project = ProjectFactory.create(
        territory__name="Banc d’essai", planning_first=FIRST, planning_last=FIRST + QUARTERS - 1
    )
    lead = UserFactory.create()
    MembershipFactory.create(user=lead, territory=project.territory, role=Role.TERRITORY_LEAD)
    sources = itertools.cycle(Action.objects.of(model).in_order())
    wordings = itertools.cycle(
        Objective.objects.filter(action__project=model)
        .order_by("pk")
        .values_list("title", flat=True)
    )
    priorities = itertools.cycle(Priority.objects.order_by("number"))
    for number, source in zip(range(1, SHEETS + 1), sources, strict=False):
        texts: dict[str, Any] = {name: getattr(source, name) for name in TEXTS}
        with unsigned():
            action = Action.objects.create(
                project=project, number=number, priority=next(priorities), **texts
            )
        furnish(action)
        for position in range(OBJECTIVES // SHEETS):
            plan(action, position, next(wordings))
    return project, lead


def furnish(action: Action) -> None:
    """A pilot, a partner text, money and an indicator."""
    ActionRoleFactory.create(action=action)
    FundingLineFactory.create(action=action)
    ActionIndicatorFactory.create(action=action)


def plan(action: Action, position: int, title: str) -> None:
    """One objective, planned in a run of quarters that starts later from row to row."""
    start = FIRST + (action.number + position * 3) % (QUARTERS - 6)
    with unsigned():
        objective = Objective.objects.create(
            action=action, position=position, label=f"{position + 1})", title=title
        )
        PlannedQuarter.objects.bulk_create(
            PlannedQuarter(objective=objective, quarter=quarter)
            for quarter in range(start, start + 6)
        )
