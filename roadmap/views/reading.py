"""Reading the whole roadmap: its list."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from core.http import SignedInRequest, address_with, push_address, readonly_view, render_part
from core.quarters import Quarter
from roadmap.drawings import draw_lines
from roadmap.forms import FilterForm
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap, can_order_roadmap_papers, can_write_which
from roadmap.summaries import (
    group_sheets,
    statuses_of,
    strip_quarters,
    sum_up,
)
from roadmap.views.around import project_page
from roadmap.views.doors import readable_project
from territories.models import Project


@readonly_view
def action_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The sheets in groups, their filters kept in the address, counts that filter."""
    project = readable_project(request, project_pk)
    today = Quarter.on(project.territory.today())
    everything = list(Action.objects.of(project).for_list().in_order())
    form = FilterForm(request.GET, project=project, actions=everything)
    form.is_valid()
    choices = form.choices_made
    but_status = {name: value for name, value in choices.items() if name != "statut"}
    kept = set(Action.objects.of(project).narrowed_to(but_status).values_list("pk", flat=True))
    found = [sheet for sheet in everything if sheet.pk in kept]
    shown = [sheet for sheet in found if choices.get("statut") in {None, sheet.status}]
    strip = strip_quarters(project.planning_quarters, on=today)
    leads = can_lead_roadmap(request.user, project)
    groups = group_sheets(shown, by=choices.get("par", "priorite"))
    # In the order of the page: what « Tout choisir » means.
    written = can_write_which(request.user, project, leads=leads)
    theirs = [sheet.pk for group in groups for sheet in group.sheets if sheet.pk in written]
    context = project_page(project) | {
        "form": form,
        "choices": choices,
        "grouping": choices.get("par", "priorite"),
        "facets": [
            (facet, address_with(choices, "statut", facet.code)) for facet in statuses_of(found)
        ],
        "whole": sum_up(everything, on=today),
        "shown_count": len(shown),
        "is_filtered": bool(set(choices) - {"par"}),
        "strip": strip,
        "strip_years": "-".join(dict.fromkeys(str(quarter.year) for quarter in strip)),
        "groups": [(group, draw_lines(group, quarters=strip, on=today)) for group in groups],
        "can_choose": any(sheet.pk in written for sheet in everything),
        "theirs": frozenset(theirs),
        "theirs_shown": ",".join(map(str, theirs)),
        "filters": urlencode(choices),
        "by_priority": address_with(choices, "par", "priorite"),
        "by_axis": address_with(choices, "par", "axe"),
        "has_axes": "axe" in form.fields,
        "can_order": can_order_roadmap_papers(request.user, project),
        "can_lead": leads,
        "seen_workbook": _seen_workbook(project, choices),
        "in_force": project.act_in_force(on=project.territory.today()),
    }
    response = render_part(request, "roadmap/action_list.html", "results", context)
    return push_address(request, response, urlencode(choices))


def _seen_workbook(project: Project, choices: dict[str, str]) -> str:
    """Where what these filters keep is taken away as a workbook."""
    address = reverse("roadmap:workbook_download", args=[project.pk])
    return f"{address}?{urlencode({'contenu': 'vu', **choices})}"
