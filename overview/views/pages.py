"""Home and territory page: everything in two clicks."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from core.http import SignedInRequest, readonly_view
from core.quarters import Quarter
from documents.models import Document
from governance.summaries.meetings import my_next_meetings
from overview.summaries import booklets_in_force, territory_cards, with_booklets
from reviews.models import Campaign
from reviews.permissions import can_lead_review
from reviews.summaries.campaigns import campaign_lines
from reviews.summaries.expected import answers_expected
from roadmap.models import Action, RoadmapVersion
from roadmap.permissions import can_order_roadmap_papers
from roadmap.summaries import sum_up
from territories.enums import Stage
from territories.models import Project, Territory
from territories.permissions import can_see_members

RECENT_PAPERS = 5
RECENT_VERSIONS = 3
RECENT_REPORTS = 4
# The rest is one click away.
MEETINGS_AT_HOME = 4
# Above everything else on the home page; whoever reads more finds each one on its territory.
BOOKLETS_FIRST = 3


@readonly_view
def home(request: SignedInRequest) -> HttpResponse:
    """What one is asked, the sheets one pilots, then the territories one reaches."""
    sheets = Action.objects.visible_to(request.user).live().with_place()
    my_sheets = sheets.answered_by(request.user)
    cards = territory_cards(request.user)
    booklets = booklets_in_force(request.user, [card.territory for card in cards])
    are_first = len(booklets) <= BOOKLETS_FIRST
    context = {
        "section": "home",
        "my_sheets": my_sheets.order_by("project__territory__code", "number", "pk"),
        "cards": cards if are_first else with_booklets(cards, booklets),
        "booklets": booklets if are_first else [],
        "reads_several": sum(card.project is not None for card in cards) > 1,
        "expected": answers_expected(request.user),
        "next_meetings": my_next_meetings(request.user, most=MEETINGS_AT_HOME),
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
        "booklets": booklets_in_force(request.user, [territory]),
        "versions": _versions(request, territory)[:RECENT_VERSIONS],
        "reads_frozen_only": project is None,
        "reports": [] if project else _reports(request, territory),
        "stages": Stage.choices,
        "can_see_members": can_see_members(request.user, territory),
        **(_project_context(request, territory, project) if project else {}),
    }
    return render(request, "overview/territory_detail.html", context)


def _versions(request: SignedInRequest, territory: Territory) -> QuerySet[RoadmapVersion]:
    """The versions that this person reads there, the latest first."""
    found = RoadmapVersion.objects.visible_to(request.user).filter(project__territory=territory)
    return found.for_list().select_related("project").latest_generation_first()


def _reports(request: SignedInRequest, territory: Territory) -> QuerySet[Campaign]:
    """The closed reviews that this person reads there, the latest first."""
    found = Campaign.objects.visible_to(request.user).filter(project__territory=territory)
    return found.closed().latest_first().defer("frozen")[:RECENT_REPORTS]


def _project_context(
    request: SignedInRequest, territory: Territory, project: Project
) -> dict[str, object]:
    today = Quarter.on(territory.today())
    sheets = list(Action.objects.of(project).for_counts().in_order())
    papers = Document.objects.visible_to(request.user).shared().filter(project=project)
    return {
        "whole": sum_up(sheets, on=today),
        "acts": project.acts.order_by("-dated_on", "-pk"),
        "papers": papers.for_list().latest_first()[:RECENT_PAPERS],
        "can_order": can_order_roadmap_papers(request.user, project),
        "quarter": today,
        "reviews": campaign_lines(
            project, user=request.user, leads=can_lead_review(request.user, project)
        )[:1],
    }
