"""One sheet, read like the paper and written in place."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from core.http import SignedInRequest, readonly_view
from core.quarters import Quarter
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap, can_write_which
from roadmap.summaries import (
    is_done_with_leaves_undone,
    role_groups_of,
    summarise,
)
from roadmap.summaries.spoken import spoken_of
from roadmap.views.around import sheet_page
from roadmap.views.grids import grid_context
from roadmap.views.margins import margins_of


@readonly_view
def action_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One sheet, read like the paper; what is missing is said."""
    visible = Action.objects.visible_to(request.user)
    action = get_object_or_404(visible.for_sheet().with_place(), pk=pk)
    before, after = Action.objects.neighbours_of(action)
    context = sheet_context(request, action) | {"before": before, "after": after}
    context["spoken"] = spoken_of(action)
    context |= margins_of(
        request, action, leads=context["can_lead"], can_write=context["can_write"]
    )
    return render(request, "roadmap/action_detail.html", context)


def sheet_context(request: SignedInRequest, action: Action) -> dict[str, Any]:
    """What every part of a sheet's page says. Expects `for_sheet().with_place()`; one query,
    two for whoever does not lead.
    """
    project = action.project
    today = Quarter.on(project.territory.today())
    leads = can_lead_roadmap(request.user, project)
    theirs = can_write_which(request.user, project, leads=leads)
    return sheet_page(action) | {
        "summary": summarise(action, on=today),
        "is_warned": is_done_with_leaves_undone(action),
        **grid_context(project, [action], theirs=theirs, sheet=action),
        "role_groups": role_groups_of(action),
        # Whoever reads a sheet may print it; retired, its number may be another one's on paper.
        "can_order": not action.is_retired,
        "can_lead": leads,
        "can_write": not action.is_retired and action.pk in theirs,
    }
