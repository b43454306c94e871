"""Doors and surroundings of the meetings: loading is authorising (404, then 403)."""

import contextlib
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.http import SignedInRequest, require
from governance.models import AgendaItem, Meeting
from governance.permissions import can_lead_governance
from territories.models import Project


def readable_project(request: SignedInRequest, pk: int) -> Project:
    """A project whose meetings this person reads, with its place. One query."""
    return get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)


def project_to_lead(request: SignedInRequest, pk: int) -> Project:
    """A project whose meetings this person keeps. Two queries."""
    project = readable_project(request, pk)
    require(can_lead_governance(request.user, project))
    return project


def readable_meeting(request: SignedInRequest, pk: int) -> Meeting:
    """A meeting that this person reads, with its place. One query."""
    return get_object_or_404(Meeting.objects.visible_to(request.user).with_place(), pk=pk)


def meeting_to_lead(request: SignedInRequest, pk: int) -> Meeting:
    """A meeting that this person prepares and convenes. Two queries."""
    meeting = readable_meeting(request, pk)
    require(can_lead_governance(request.user, meeting.body.project))
    return meeting


def item_to_lead(request: SignedInRequest, pk: int, item_pk: int) -> AgendaItem:
    """An item of a meeting that this person prepares. Three queries."""
    meeting = meeting_to_lead(request, pk)
    items = AgendaItem.objects.filter(meeting=meeting).select_related("attachment", "decision")
    item: AgendaItem = get_object_or_404(items, pk=item_pk)
    item.meeting = meeting
    return item


def meetings_page(project: Project) -> dict[str, Any]:
    """Around a page of the meetings of a project. Expects the place."""
    return {"territory": project.territory, "project": project, "section": "governance"}


def meeting_page(meeting: Meeting) -> dict[str, Any]:
    """Around a page of one meeting. Expects the place."""
    return meetings_page(meeting.body.project) | {"meeting": meeting}


def clocks_of(project: Project) -> contextlib.AbstractContextManager[None]:
    """Hours are typed and drawn as clocks say them there: overseas, another time than Paris."""
    return timezone.override(project.territory.time_zone)
