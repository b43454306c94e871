"""Reading the whole roadmap: its list."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from core.http import SignedInRequest, readonly_view, render_part
from core.quarters import Quarter
from roadmap.drawings import draw_strip
from roadmap.forms import FilterForm
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap, can_order_roadmap_papers, can_write_which
from roadmap.summaries import (
    group_sheets,
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
    groups = list(group_sheets(shown, by=choices.get("par", "priorite"), quarters=strip, on=today))
    # In the order of the page: what « Tout choisir » means.
    written = can_write_which(request.user, project, leads=leads)
    theirs = [
        line.action.pk for group in groups for line in group.lines if line.action.pk in written
    ]
    context = project_page(project) | {
        "form": form,
        "choices": choices,
        "grouping": choices.get("par", "priorite"),
        "facets": [
            (facet, _address_with(choices, "statut", facet.code))
            for facet in sum_up(found, on=today).statuses
        ],
        "whole": sum_up(everything, on=today),
        "shown": sum_up(shown, on=today),
        "is_filtered": bool(set(choices) - {"par"}),
        "strip": strip,
        "strip_years": "-".join(dict.fromkeys(str(quarter.year) for quarter in strip)),
        "groups": [
            (group, [(line, draw_strip(line.strip, current=today)) for line in group.lines])
            for group in groups
        ],
        "can_choose": any(sheet.pk in written for sheet in everything),
        "theirs": frozenset(theirs),
        "theirs_shown": ",".join(map(str, theirs)),
        "filters": urlencode(choices),
        "by_priority": _address_with(choices, "par", "priorite"),
        "by_axis": _address_with(choices, "par", "axe"),
        "has_axes": "axe" in form.fields,
        "can_order": can_order_roadmap_papers(request.user, project),
        "can_lead": leads,
        "seen_workbook": _seen_workbook(project, choices),
        "in_force": project.act_in_force(on=project.territory.today()),
    }
    response = render_part(request, "roadmap/action_list.html", "results", context)
    # The address keeps the filters chosen, not the empty fields; the same twice is one step back.
    address = "?".join(filter(None, [request.path, urlencode(choices)]))
    is_there = request.htmx.current_url_abs_path == address
    response["HX-Push-Url"] = "false" if is_there else address
    return response


def _seen_workbook(project: Project, choices: dict[str, str]) -> str:
    """Where what these filters keep is taken away as a workbook."""
    address = reverse("roadmap:workbook_download", args=[project.pk])
    return f"{address}?{urlencode({'contenu': 'vu', **choices})}"


def _address_with(choices: dict[str, str], name: str, value: str) -> str:
    """The same filters with one more; the same one again takes it away."""
    others = {key: kept for key, kept in choices.items() if key != name}
    if choices.get(name) != value:
        others[name] = value
    return "?" + urlencode(others)
