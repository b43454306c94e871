"""The screens that are measured. One more is one more line."""

from collections.abc import Callable, Mapping

from django.urls import reverse

from bench.nation.country import Country
from roadmap.models import Action
from territories.models import Project

SCREENS: Mapping[str, Callable[[Country], str]] = {
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


def sheet_of(project: Project) -> Action:
    """A sheet in the middle of a project."""
    return Action.objects.of(project).in_order()[15]
