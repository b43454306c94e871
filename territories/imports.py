"""What files say of places and projects, checked against the base and written into it.

The rooms above describe a PTSM in a file of their own; its territory and its dates are ours.
"""

import contextlib
import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError

from journal.enums import Source
from journal.recording import gesture
from territories.enums import ActKind, Stage
from territories.models import (
    Department,
    Project,
    Region,
    Territory,
    TerritoryPart,
)

DATA = Path(__file__).resolve().parent / "data"


class ReferenceMissing(Exception):
    """A région or a département that the base does not know; the message is for the reader."""


@dataclass(frozen=True)
class TerritoryDraft:
    """A territory as a file describes it; `region` and `departments` are codes."""

    code: str
    name: str
    region: str
    departments: tuple[str, ...] = ()
    is_fictional: bool = False


@dataclass(frozen=True)
class ActDraft:
    """A formal act as a file describes it."""

    kind: str
    dated_on: dt.date
    reference: str = ""


@dataclass(frozen=True)
class ProjectDraft:
    """One generation of a PTSM as a file describes it; unknown dates are None."""

    title: str
    author: str = ""
    edition: str = ""
    source: str = ""
    stage: str = Stage.FRAMING
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    planning_first: int | None = None
    planning_last: int | None = None
    acts: tuple[ActDraft, ...] = ()


def open_territory(draft: TerritoryDraft) -> Territory:
    """The territory of that code, made from the draft when the base has none.

    One that exists stays as it is, whatever the draft says. Raises `ReferenceMissing`.
    """
    existing = Territory.objects.filter(code=draft.code).first()
    return existing or _make_territory(draft)


@transaction.atomic
def _make_territory(draft: TerritoryDraft) -> Territory:
    region = Region.objects.filter(code=draft.region).first()
    departments = Department.objects.filter(code__in=draft.departments)
    if region is None or len(departments) != len(draft.departments):
        raise ReferenceMissing(
            "Les régions et les départements ne sont pas tous dans la base\u00a0: "
            "lancez d’abord «\u00a0manage.py migrate\u00a0»."
        )
    territory = Territory.objects.create(
        code=draft.code, name=draft.name, region=region, is_fictional=draft.is_fictional
    )
    for department in departments:
        TerritoryPart.objects.create(territory=territory, department=department)
    return territory


def describe_project(project: Project) -> ProjectDraft:
    """The project as the base holds it, to be compared with a file; one query."""
    return ProjectDraft(
        title=project.title,
        author=project.author,
        edition=project.edition,
        source=project.source,
        stage=project.stage,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        planning_first=project.planning_first,
        planning_last=project.planning_last,
        acts=tuple(
            ActDraft(kind=act.kind, dated_on=act.dated_on, reference=act.reference)
            for act in project.acts.order_by("dated_on", "pk")
        ),
    )


def write_project(*, territory: Territory, draft: ProjectDraft) -> Project:
    """The first generation of the territory's PTSM, exactly as the draft says."""
    with gesture(by=None, source=Source.COMMAND, words="a chargé le projet") as made:
        project = _write_project(territory, draft)
        made.concerns(project.scope, project.mark_changed)
    return project


def _write_project(territory: Territory, draft: ProjectDraft) -> Project:
    project, _ = Project.objects.update_or_create(
        territory=territory,
        generation=1,
        defaults={
            "title": draft.title,
            "author": draft.author,
            "edition": draft.edition,
            "source": draft.source,
            "stage": draft.stage,
            "starts_on": draft.starts_on,
            "ends_on": draft.ends_on,
            "planning_first": draft.planning_first,
            "planning_last": draft.planning_last,
        },
    )
    _write_acts(project, draft.acts)
    return project


def _write_acts(project: Project, acts: Iterable[ActDraft]) -> None:
    """The acts of the file; one that is there already stays the same row.

    The others go, unless something rests upon them: a version that was made by it, say.
    """
    kept: set[int] = set()
    for drafted in acts:
        same = {
            "kind": ActKind(drafted.kind),
            "dated_on": drafted.dated_on,
            "reference": drafted.reference,
        }
        found = project.acts.filter(**same).exclude(pk__in=kept).order_by("pk").first()
        kept.add((found or project.acts.create(**same)).pk)
    for act in project.acts.exclude(pk__in=kept).order_by("pk"):
        with contextlib.suppress(ProtectedError):
            act.delete()


@transaction.atomic
def load_reference_data() -> None:
    """Régions and départements as the data migration wrote them, for a base that was emptied."""
    for row in _rows_of("regions.csv"):
        Region.objects.update_or_create(
            code=row["code"], defaults={"name": row["name"], "ars_name": row["ars_name"]}
        )
    regions = {region.code: region for region in Region.objects.all()}
    for row in _rows_of("departments.csv"):
        Department.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "region": regions[row["region_code"]],
                "chef_lieu": row["chef_lieu_name"],
                "population": int(row["population_municipale"]),
                "municipality_count": int(row["communes"]),
            },
        )


def _rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))
