"""What the home and territory pages say in figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from documents.models import Pin
from roadmap.enums import Status
from roadmap.models import Action, RoadmapVersion
from roadmap.summaries import Facet
from territories.models import Project, Territory


@dataclass(frozen=True)
class TerritoryCard:
    """One territory on the home page; no project or no count for who does not work on it.

    For them, the version to read: the latest official one, else the latest.
    """

    territory: Territory
    project: Project | None
    version: RoadmapVersion | None
    sheet_count: int
    statuses: tuple[Facet, ...]
    # Its « livret en vigueur », where the page does not show it first of all.
    booklet: Pin | None = None


def territory_cards(user: User) -> list[TerritoryCard]:
    """The territories a user reaches, in order of region then code: five queries at most."""
    territories = list(
        Territory.objects.visible_to(user).for_list().order_by("region__name", "code")
    )
    latest = _latest_projects(user)
    counts = _status_counts(latest.values())
    others = [territory for territory in territories if territory.pk not in latest]
    versions = _versions_to_read(user, others) if others else {}
    return [
        _card(territory, latest.get(territory.pk), versions.get(territory.pk), counts)
        for territory in territories
    ]


def _versions_to_read(user: User, territories: Iterable[Territory]) -> dict[int, RoadmapVersion]:
    """By territory, the latest official version that the user reads, else the latest."""
    found = RoadmapVersion.objects.visible_to(user).filter(project__territory__in=territories)
    chosen: dict[int, RoadmapVersion] = {}
    for version in found.for_list().select_related("project").latest_generation_first():
        known = chosen.setdefault(version.project.territory_id, version)
        if version.is_official and not known.is_official and known.project == version.project:
            chosen[version.project.territory_id] = version
    return chosen


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
    territory: Territory,
    project: Project | None,
    version: RoadmapVersion | None,
    counts: dict[int, Counter[str]],
) -> TerritoryCard:
    of_project = counts.get(project.pk, Counter()) if project else Counter()
    return TerritoryCard(
        territory=territory,
        project=project,
        version=version,
        sheet_count=of_project.total(),
        statuses=tuple(
            Facet(status.value, str(status.label), of_project[status.value])
            for status in Status
            if of_project[status.value]
        ),
    )
