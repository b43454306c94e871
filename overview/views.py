"""Home and territory page: everything in two clicks."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from core.http import SignedInRequest, readonly_view
from core.quarters import Quarter
from documents.models import Document
from overview.summaries import territory_cards
from roadmap.models import Action
from roadmap.permissions import can_order_roadmap_papers
from roadmap.summaries import sum_up
from territories.enums import Stage
from territories.models import Project, Territory
from territories.permissions import can_see_members

RECENT_PAPERS = 5


@readonly_view
def home(request: SignedInRequest) -> HttpResponse:
    """The sheets one pilots, then the territories one reaches."""
    sheets = Action.objects.visible_to(request.user).live().with_place()
    my_sheets = sheets.answered_by(request.user)
    context = {
        "section": "home",
        "my_sheets": my_sheets.order_by("project__territory__code", "number", "pk"),
        "cards": territory_cards(request.user),
        "suspended": list(Territory.objects.suspended_for(request.user)),
    }
    return render(request, "overview/home.html", context)


@readonly_view
def territory_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """One territory: where its project stands, and the way to each of its screens."""
    territories = Territory.objects.visible_to(request.user).for_list()
    territory = get_object_or_404(territories, code=code)
    projects = list(Project.objects.visible_to(request.user).of(territory).with_place())
    project = projects[0] if projects else None
    context = {
        "section": "territory",
        "territory": territory,
        "project": project,
        "earlier": projects[1:],
        "stages": Stage.choices,
        "can_see_members": can_see_members(request.user, territory),
        **(_project_context(request, territory, project) if project else {}),
    }
    return render(request, "overview/territory_detail.html", context)


def _project_context(
    request: SignedInRequest, territory: Territory, project: Project
) -> dict[str, object]:
    today = Quarter.on(territory.today())
    sheets = list(Action.objects.of(project).for_counts().in_order())
    papers = Document.objects.visible_to(request.user).filter(project=project)
    return {
        "whole": sum_up(sheets, on=today),
        "acts": project.acts.order_by("-dated_on", "-pk"),
        "papers": papers.for_list().latest_first()[:RECENT_PAPERS],
        "can_order": can_order_roadmap_papers(request.user, project),
        "quarter": today,
    }
