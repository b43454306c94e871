"""The screens that are measured. One more is one more line."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from django.urls import reverse

from bench.nation.country import Country
from roadmap.models import Action
from territories.models import Project

Address = Callable[[Country], str]

SCREENS: Mapping[str, Address] = {
    "home": lambda _: reverse("overview:home"),
    "territory": lambda it: reverse("overview:territory_detail", args=[it.usual.territory.code]),
    "list of 30 sheets": lambda it: reverse("roadmap:action_list", args=[it.usual.pk]),
    "one sheet": lambda it: reverse("roadmap:action_detail", args=[sheet_of(it.usual).pk]),
    "grid of 120 × 20": lambda it: reverse("roadmap:planning", args=[it.usual.pk]),
    "grid of 150 × 20": lambda it: reverse("roadmap:planning", args=[it.large.pk]),
    "grid of 300 × 20": lambda it: reverse("roadmap:planning", args=[it.largest.pk]),
    "history of a project": lambda it: reverse("roadmap:project_history", args=[it.usual.pk]),
    "documents": lambda it: reverse("documents:document_list", args=[it.usual.pk]),
    "members": lambda it: reverse("territories:member_list", args=[it.usual.territory.code]),
}
# The same, for whoever reads every territory.
EVERYWHERE: Mapping[str, Address] = {
    "every sheet": lambda _: reverse("overview:sheet_list"),
    "every sheet, filtered": lambda _: every_sheet(statut="non_commencee", priorite="2"),
    "every sheet, late": lambda _: every_sheet(retard="oui"),
    "every sheet, by words": lambda _: every_sheet(mots="pair-aidance"),
}


def every_sheet(**choices: str) -> str:
    """The list of every sheet with these filters."""
    return f"{reverse('overview:sheet_list')}?{urlencode(choices)}"


def sheet_of(project: Project) -> Action:
    """A sheet in the middle of a project."""
    return Action.objects.of(project).in_order()[15]
