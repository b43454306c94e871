"""The home of the governance of a project, and every composition on a day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view
from documents.workbooks import WorkbookRefused, taken_away
from governance.exports.composition_workbook import composition_workbook
from governance.imports.proposals import body_proposals
from governance.permissions import can_lead_governance
from governance.summaries.compositions import compositions
from governance.summaries.home import governance_of
from governance.views.body_doors import asked_day, governance_page, readable_project


@readonly_view
def governance_home(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The bodies, their meetings, what is missing, the decisions that are late."""
    project = readable_project(request, project_pk)
    context = governance_page(project) | {
        "summary": governance_of(project, on=project.territory.today()),
        "can_lead": can_lead_governance(request.user, project),
        "proposals": body_proposals(),
    }
    return render(request, "governance/governance_home.html", context)


@readonly_view
def composition_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Who sat in each body on a day, today by default, and what is missing today."""
    project = readable_project(request, project_pk)
    today = project.territory.today()
    on = asked_day(request, today=today)
    found = compositions(project, on=on)
    context = governance_page(project) | {
        "on": on,
        "today": today,
        "is_past": on < today,
        "compositions": found,
        "seat_count": sum(len(one.lines) for one in found),
        "can_lead": can_lead_governance(request.user, project),
    }
    return render(request, "governance/composition_list.html", context)


@readonly_view
def composition_export(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The same as a workbook: exactly what is read on that day."""
    project = readable_project(request, project_pk)
    on = asked_day(request, today=project.territory.today())
    try:
        contents = composition_workbook(project, compositions(project, on=on))
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("governance:composition_list", project_pk)
    return taken_away(contents, name=f"composition-{project.territory.code}-{on.isoformat()}.xlsx")
