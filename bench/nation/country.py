"""A country of projects, written in bulk: as many as there are PTSM, as large as usual ones."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import User
from core.quarters import Quarter
from roadmap.models import Action, Objective, PlannedQuarter, Priority
from territories.enums import Role, Scope
from territories.models import Membership, Project, Region, Territory
from tests.factories import ProjectFactory, TerritoryFactory, unsigned

TERRITORIES, SHEETS, OBJECTIVES, QUARTERS, ACCOUNTS = 104, 30, 4, 20, 3_000
# The grids that a target names: so many objectives in one project.
LARGE, LARGEST = 150, 300
FIRST = Quarter.of(2025, 1).index
WORDS = (
    "Développer la pair-aidance dans les équipes de psychiatrie et dans les services sociaux",
    "Prévenir les ruptures de parcours entre l’hôpital, la ville et le médico-social",
    "Former les professionnels de première ligne au repérage précoce des troubles psychiques",
    "Accompagner vers le logement et l’emploi, et maintenir dans l’un comme dans l’autre",
)


@dataclass(frozen=True)
class Country:
    """What the measures ask for: a usual project, the two large ones, who leads them all; and who
    reads every territory.
    """

    usual: Project
    large: Project
    largest: Project
    lead: User
    reader: User


def make_country() -> Country:
    """Write it all. About a minute."""
    users = accounts()
    territories = [
        TerritoryFactory.create(code=f"n{rank}", name=f"Territoire {rank}", region=region)
        for rank, region in zip(
            range(TERRITORIES), itertools.cycle(Region.objects.order_by("pk")), strict=False
        )
    ]
    join(users, territories)
    sizes = [OBJECTIVES] * TERRITORIES
    sizes[1], sizes[2] = LARGE // SHEETS, LARGEST // SHEETS
    projects = [
        furnished(territory, objectives=size)
        for territory, size in zip(territories, sizes, strict=True)
    ]
    lead = users[0]
    Membership.objects.bulk_create(
        Membership(user=lead, scope=Scope.TERRITORY, territory=territory, role=Role.TERRITORY_LEAD)
        for territory in territories[:3]
    )
    reader = User.objects.create(email="pays@exemple.fr", first_name="Dominique", last_name="Roy")
    Membership.objects.bulk_create(
        Membership(user=reader, scope=Scope.REGION, region=region, role=Role.REGIONAL_READER)
        for region in Region.objects.order_by("pk")
    )
    know_the_tables()
    return Country(projects[0], projects[1], projects[2], lead, reader)


def know_the_tables() -> None:
    """What PostgreSQL does by itself within the minute: measure how its tables are filled.

    Asked at once after a bulk load, it plans as if they were empty.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def accounts() -> list[User]:
    password = make_password(None)
    return User.objects.bulk_create(
        User(
            email=f"compte{rank}@exemple.fr",
            first_name="Camille",
            last_name=f"Durand {rank}",
            password=password,
        )
        for rank in range(ACCOUNTS)
    )


def join(users: list[User], territories: list[Territory]) -> None:
    """Everybody but the first, who leads, is a member of one territory."""
    Membership.objects.bulk_create(
        Membership(user=user, scope=Scope.TERRITORY, territory=territory, role=Role.MEMBER)
        for user, territory in zip(users[1:], itertools.cycle(territories), strict=False)
    )


def furnished(territory: Territory, *, objectives: int) -> Project:
    """A project with its sheets, each with so many objectives, planned all along."""
    project = ProjectFactory.create(
        territory=territory, planning_first=FIRST, planning_last=FIRST + QUARTERS - 1
    )
    priorities, words = itertools.cycle(Priority.objects.order_by("number")), itertools.cycle(WORDS)
    with unsigned():
        sheets = Action.objects.bulk_create(
            Action(
                project=project,
                number=number,
                priority=next(priorities),
                title=next(words),
                need=f"{next(words)}. {next(words)}.",
            )
            for number in range(1, SHEETS + 1)
        )
        rows = Objective.objects.bulk_create(
            Objective(action=sheet, position=rank, label=f"{rank})", title=next(words))
            for sheet in sheets
            for rank in range(1, objectives + 1)
        )
        PlannedQuarter.objects.bulk_create(cells_of(rows), batch_size=5_000)
    return project


def cells_of(rows: list[Objective]) -> Iterator[PlannedQuarter]:
    for row in rows:
        for quarter in range(FIRST, FIRST + QUARTERS):
            yield PlannedQuarter(objective=row, quarter=quarter)
