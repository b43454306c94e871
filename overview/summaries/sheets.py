"""The action sheets of every territory that somebody reads: which ones, in which order."""

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import StrIndex, Substr

from accounts.models import User
from core.quarters import Quarter
from core.text import fold
from roadmap.enums import PILOTING_ROLES, Status
from roadmap.models import Action, Axis
from roadmap.models.actions import ActionQuerySet
from roadmap.models.many import is_late
from roadmap.summaries import Facet, Lateness, Progress, lateness_of, named, progress_of
from territories.models import Project

BY_TERRITORY = "territoire"
# Of the folded words, which begin with the number: enough of the title to sort by.
TITLE_SORTED = 80
# Filters that every list of sheets offers (`roadmap.forms.SheetFilters`).
SHARED = ("mots", "priorite", "statut")
READ_OF_PLACE = (
    "generation",
    "revision",
    "changed_at",
    "territory__code",
    "territory__name",
    "territory__time_zone",
    "territory__region__code",
    "territory__region__name",
)
PLACE = ("project__territory__region__name", "project__territory__code", "number", "pk")
# As the form words them.
ORDER_LABELS = {
    BY_TERRITORY: "Territoire",
    "titre": "Titre",
    "avancement": "Avancement",
    "priorite": "Priorité",
}
ORDERS = {
    "titre": (
        Substr("folded", StrIndex("folded", Value(" ")) + 1, TITLE_SORTED),
        *PLACE,
    ),
    "avancement": (
        Case(*(When(status=status, then=rank) for rank, status in enumerate(Status))),
        *PLACE,
    ),
    "priorite": (F("priority__number").asc(nulls_last=True), *PLACE),
    BY_TERRITORY: PLACE,
}


@dataclass(frozen=True)
class SheetRow:
    """One sheet among those of other territories."""

    action: Action
    progress: Progress
    lateness: Lateness
    pilots: tuple[str, ...]


def current_projects(user: User) -> list[Project]:
    """The latest project of each territory whose current state the user reads: one query."""
    latest = Project.objects.visible_to(user).latest_of_each().with_place().only(*READ_OF_PLACE)
    return list(latest.order_by("territory__region__name", "territory__code", "pk"))


def chosen_sheets(projects: Iterable[Project], choices: Mapping[str, str]) -> ActionQuerySet:
    """The sheets that the filters keep (`overview.forms.EverySheetForm`). One query for an axis."""
    kept = [project for project in projects if _is_chosen(project, choices)]
    sheets = Action.objects.live().filter(project__in=[project.pk for project in kept])
    sheets = sheets.narrowed_to({name: choices.get(name, "") for name in SHARED})
    if words := choices.get("axe"):
        sheets = sheets.filter(axis__in=_axes_named(words, kept))
    if words := choices.get("pilote"):
        sheets = sheets.piloted_by_named(words)
    if lateness := choices.get("retard"):
        late = _late_in(kept)
        sheets = sheets.filter(late if lateness == "oui" else ~late)
    return sheets


def _is_chosen(project: Project, choices: Mapping[str, str]) -> bool:
    territory = project.territory
    return choices.get("region") in {None, territory.region.code} and choices.get("territoire") in {
        None,
        territory.code,
    }


def _axes_named(words: str, projects: Sequence[Project]) -> list[int]:
    """Axes whose printed title bears every word: they are few, and not folded in the base."""
    wanted = fold(words).split()
    axes = Axis.objects.filter(project__in=[project.pk for project in projects]).order_by("pk")
    return [axis.pk for axis in axes if all(word in fold(str(axis)) for word in wanted)]


def _late_in(projects: Sequence[Project]) -> Q:
    """Late in the quarter that it is there: the same everywhere, but for some hours a year."""
    places: dict[Quarter, list[int]] = {}
    for project in projects:
        places.setdefault(quarter_of(project), []).append(project.pk)
    if len(places) == 1:
        return is_late(next(iter(places)).index)
    late = [Q(project__in=there) & is_late(quarter.index) for quarter, there in places.items()]
    return functools.reduce(operator.or_, late, Q(pk__in=[]))


def quarter_of(project: Project) -> Quarter:
    """The quarter that it is there."""
    return Quarter.on(project.territory.today())


def facets_of(sheets: ActionQuerySet) -> tuple[Facet, ...]:
    """How many sheets stand at each status: one query."""
    counts = dict(sheets.order_by("status").values_list("status").annotate(number=Count("pk")))
    return tuple(
        Facet(status.value, str(status.label), counts.get(status.value, 0)) for status in Status
    )


def in_order_of(sheets: ActionQuerySet, column: str) -> ActionQuerySet:
    """Sorted by one column, and where that one says the same, by place."""
    return sheets.order_by(*ORDERS[column or BY_TERRITORY])


def rows_of(sheets: Iterable[Action], projects: Mapping[int, Project]) -> list[SheetRow]:
    """Rows of sheets loaded by `for_rows()`; no query."""
    there = functools.cache(lambda key: quarter_of(projects[key]))
    rows = []
    for sheet in sheets:
        sheet.project = projects[sheet.project_id]
        rows.append(
            SheetRow(
                action=sheet,
                progress=progress_of(sheet),
                lateness=lateness_of(sheet, on=there(sheet.project_id)),
                pilots=named(sheet, PILOTING_ROLES),
            )
        )
    return rows
