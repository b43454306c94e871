"""Doors of the roadmap: loading is authorising (404 for what one may not see, 403 for the rest)."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.http import SignedInRequest, require
from roadmap.models import Action, RoadmapVersion
from roadmap.permissions import can_lead_roadmap, can_write_sheet
from territories.models import Project


def readable_project(request: SignedInRequest, pk: int) -> Project:
    """A project whose current state this person reads, with its place. One query."""
    return get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)


def reads_present(request: SignedInRequest, project: Project) -> bool:
    """Whether this person reads the present state, and not only what is frozen. One query."""
    return Project.objects.visible_to(request.user).filter(pk=project.pk).exists()


def project_with_versions(request: SignedInRequest, pk: int) -> tuple[Project, bool]:
    """A project that this person reads, or of which they read a version; whether they read its
    present state. One query, two for who reads versions only.
    """
    present = Project.objects.visible_to(request.user).filter(pk=pk).with_place().first()
    if present is not None:
        return present, True
    versions = RoadmapVersion.objects.visible_to(request.user).values("project")
    found = Project.objects.filter(pk__in=versions).with_place()
    return get_object_or_404(found, pk=pk), False


def project_to_lead(request: SignedInRequest, pk: int) -> Project:
    """A project whose roadmap this person re-arranges. Two queries."""
    project = readable_project(request, pk)
    require(can_lead_roadmap(request.user, project))
    return project


def readable_sheet(request: SignedInRequest, pk: int) -> Action:
    """A sheet that this person reads, with its place. One query."""
    return get_object_or_404(Action.objects.visible_to(request.user).with_place(), pk=pk)


def sheet_to_write(request: SignedInRequest, pk: int) -> Action:
    """A sheet that this person writes. Two or three queries.

    A sheet that is retired is told by the service, not here: the text typed must come back.
    """
    action = readable_sheet(request, pk)
    require(can_write_sheet(request.user, action))
    return action


def sheet_to_lead(request: SignedInRequest, pk: int) -> Action:
    """A sheet whose number, priority, roles and life this person decides. Two queries."""
    action = readable_sheet(request, pk)
    require(can_lead_roadmap(request.user, action.project))
    return action


def sheet_address(action: Action) -> str:
    """The page of a sheet."""
    return reverse("roadmap:action_detail", args=[action.pk])
