"""What the home and territory pages say in figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from roadmap.enums import Status
from roadmap.models import Action
from roadmap.summaries import Facet
from territories.models import Project, Territory


@dataclass(frozen=True)
class TerritoryCard:
    """One territory on the home page; no project or no count for who does not work on it."""

    territory: Territory
    project: Project | None
    sheet_count: int
    statuses: tuple[Facet, ...]


def territory_cards(user: User) -> list[TerritoryCard]:
    """The territories a user reaches, in order of region then code: four queries."""
    territories = list(
        Territory.objects.visible_to(user).for_list().order_by("region__name", "code")
    )
    latest = _latest_projects(user)
    counts = _status_counts(latest.values())
    return [_card(territory, latest.get(territory.pk), counts) for territory in territories]


def _latest_projects(user: User) -> dict[int, Project]:
    """The latest generation by territory, of those whose current state the user reads."""
    latest: dict[int, Project] = {}
    for project in Project.objects.visible_to(user).latest_first():
        latest.setdefault(project.territory_id, project)
    return latest


def _status_counts(projects: Iterable[Project]) -> dict[int, Counter[str]]:
    counts: dict[int, Counter[str]] = {}
    rows = (
        Action.objects.live()
        .filter(project__in=[project.pk for project in projects])
        .values("project", "status")
        .annotate(number=Count("pk"))
        .order_by("project", "status")
    )
    for row in rows:
        counts.setdefault(row["project"], Counter())[row["status"]] = row["number"]
    return counts


def _card(
    territory: Territory, project: Project | None, counts: dict[int, Counter[str]]
) -> TerritoryCard:
    of_project = counts.get(project.pk, Counter()) if project else Counter()
    return TerritoryCard(
        territory=territory,
        project=project,
        sheet_count=of_project.total(),
        statuses=tuple(
            Facet(status.value, str(status.label), of_project[status.value])
            for status in Status
            if of_project[status.value]
        ),
    )
