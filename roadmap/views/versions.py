"""Versions: their list, one of them read as the present state is, two of them compared."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, writes
from documents.models import Document
from roadmap.drawings import draw_grid, draw_lines
from roadmap.forms.versions import PRESENT, ComparisonForm, OfficialVersionForm
from roadmap.models import Action, RoadmapVersion
from roadmap.permissions import can_lead_roadmap
from roadmap.services.versions import VersionRefused, make_official
from roadmap.summaries import (
    FrozenState,
    PresentState,
    RoadmapState,
    VersionUnreadable,
    group_sheets,
    is_done_with_leaves_undone,
    planning_grid,
    role_groups_of,
    strip_quarters,
    sum_up,
    summarise,
)
from roadmap.summaries.comparisons import compare
from roadmap.views.around import project_page
from roadmap.views.doors import project_to_lead, project_with_versions, reads_present
from roadmap.views.telling import say_done
from territories.enums import ActKind
from territories.models import Project

CONFIRMED = "oui"


@readonly_view
def version_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The versions of a project that this person reads, and what to do with them."""
    project, is_present = project_with_versions(request, project_pk)
    context = _around(project, is_present=is_present)
    versions = _versions(request, project)
    context |= {
        "versions": versions,
        "form": ComparisonForm(versions=versions, reads_present=is_present),
        "can_lead": can_lead_roadmap(request.user, project),
    }
    return render(request, "roadmap/versions/version_list.html", context)


@readonly_view
def version_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One version: its sheets, and the papers that were printed of it."""
    version = _version(request, pk)
    state = _state_of(version)
    quarter, sheets = state.quarter, state.sheets()
    strip = strip_quarters(state.project.planning_quarters, on=quarter)
    groups = group_sheets(sheets, by="priorite")
    context = _around_version(request, version, state) | {
        "whole": sum_up(sheets, on=quarter),
        "strip": strip,
        "strip_years": "-".join(dict.fromkeys(str(each.year) for each in strip)),
        "groups": [(group, draw_lines(group, quarters=strip, on=quarter)) for group in groups],
        "papers": _papers(request, version),
    }
    return render(request, "roadmap/versions/version_detail.html", context)


@readonly_view
def version_sheet(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One sheet of a version, read as the present one is."""
    version = _version(request, pk)
    state = _state_of(version)
    action = state.sheet(number)
    if action is None:
        raise Http404
    titles = list(state.titles())
    rank = titles.index(number)
    context = _around_version(request, version, state)
    context |= _sheet(action, state) | {
        "before": titles[rank - 1] if rank else None,
        "after": next(iter(titles[rank + 1 :]), None),
    }
    return render(request, "roadmap/versions/version_sheet.html", context)


@readonly_view
def version_compare(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """What differs between two versions, or between one and the present state."""
    project, is_present = project_with_versions(request, project_pk)
    context = _around(project, is_present=is_present)
    versions = _versions(request, project)
    form = ComparisonForm(request.GET or None, versions=versions, reads_present=is_present)
    context |= {"form": form}
    if form.is_valid():
        old, new = (_chosen(project, form.cleaned_data[name]) for name in ("de", "a"))
        context |= {
            "old": old.name or "État courant",
            "new": new.name or "État courant",
            "found": compare(old, new),
        }
    return render(request, "roadmap/versions/version_compare.html", context)


@writes("POST")
def version_new(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Make the present state official: the order is typed, then read again and confirmed."""
    project = project_to_lead(request, project_pk)
    form = OfficialVersionForm(request.POST or None, project=project, act=_act_offered(project))
    context = _around(project, is_present=True) | {"form": form, "is_confirming": False}
    if form.is_valid():
        confirmed = request.POST.get("confirme") == CONFIRMED
        if confirmed and (version := _made_official(request, form, project)):
            return redirect("roadmap:version_detail", pk=version.pk)
        context["is_confirming"] = form.is_valid() and "corriger" not in request.POST
        context["whole"] = sum_up(
            Action.objects.of(project).for_counts().in_order(), on=PresentState(project).quarter
        )
        context["act_kind"] = ActKind(form.cleaned_data["kind"]).label
    return render(request, "roadmap/versions/version_new.html", context)


def _made_official(
    request: SignedInRequest, form: OfficialVersionForm, project: Project
) -> RoadmapVersion | None:
    """The version; nothing, and a sentence on the form, when it cannot be."""
    typed = form.cleaned_data
    try:
        version = make_official(
            project,
            act_kind=ActKind(typed["kind"]),
            dated_on=typed["dated_on"],
            reference=typed["reference"],
            reason=typed["reason"],
            by=request.user,
            token=typed["token"],
        )
    except VersionRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    say_done(request, f"{version.name} est figée. Ses lecteurs la trouvent dès maintenant.")
    return version


def _act_offered(project: Project) -> Any:
    """The order in force, when no version keeps what it made official; two queries."""
    act = project.act_in_force(on=project.territory.today())
    if act is None or RoadmapVersion.objects.of(project).filter(act=act).exists():
        return None
    return act


# --- What is read -------------------------------------------------------------------------------


def _version(request: SignedInRequest, pk: int) -> RoadmapVersion:
    """A version that this person reads, with its place and what it holds. One query."""
    return get_object_or_404(RoadmapVersion.objects.visible_to(request.user).with_place(), pk=pk)


def _versions(request: SignedInRequest, project: Project) -> list[RoadmapVersion]:
    found = RoadmapVersion.objects.visible_to(request.user).of(project)
    return list(found.for_list().latest_first())


def _state_of(version: RoadmapVersion) -> FrozenState:
    try:
        return FrozenState(version)
    except VersionUnreadable as unreadable:
        raise Http404(str(unreadable)) from unreadable


def _chosen(project: Project, code: str) -> RoadmapState:
    """One of the states that the form offers, and so that this person reads."""
    if code == PRESENT:
        return PresentState(project)
    return _state_of(RoadmapVersion.objects.of(project).get(number=code))


def _papers(request: SignedInRequest, version: RoadmapVersion) -> list[Document]:
    """The papers printed of that version, the latest first; one query."""
    printed = Document.objects.visible_to(request.user).frozen().filter(project=version.project)
    return [
        paper
        for paper in printed.for_list().latest_first()
        if paper.parameters.get("version") == version.number
    ]


def _around(project: Project, *, is_present: bool) -> dict[str, Any]:
    """Around a page of the versions of a project, for who reads its present state or not."""
    return project_page(project) | {
        "section": "roadmap" if is_present else "versions",
        "reads_frozen_only": not is_present,
    }


def _around_version(
    request: SignedInRequest, version: RoadmapVersion, state: RoadmapState
) -> dict[str, Any]:
    is_present = reads_present(request, version.project)
    around = _around(version.project, is_present=is_present)
    return around | {"version": version, "frozen": state.project}


def _sheet(action: Action, state: RoadmapState) -> dict[str, Any]:
    """What the parts of a sheet say of it, none of them to be written."""
    quarter, quarters = state.quarter, state.project.planning_quarters
    grid = planning_grid([action], quarters=quarters, on=quarter)
    caption = f"Objectifs et planning de la fiche {action.number}"
    return {
        "action": action,
        "summary": summarise(action, on=quarter),
        "is_warned": is_done_with_leaves_undone(action),
        "grid": grid,
        "drawing": draw_grid(
            grid, caption=caption, named_sheets=False, current_words="trimestre de cette version"
        ),
        "editor": None,
        "role_groups": role_groups_of(action),
    }
