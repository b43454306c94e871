"""Doors of minutes and decisions: 404 for what one may not see, 403 for what one may not do."""

from typing import Any

from django.shortcuts import get_object_or_404

from core.http import SignedInRequest, require
from governance.models import AgendaItem, Decision, Meeting
from governance.permissions import can_follow_decision, can_take_minutes
from governance.views.around import readable_meeting


def meeting_to_write(request: SignedInRequest, pk: int) -> Meeting:
    """A meeting whose attendance and minutes this person writes. Two to four queries."""
    meeting = readable_meeting(request, pk)
    require(can_take_minutes(request.user, meeting))
    return meeting


def item_to_write(request: SignedInRequest, pk: int, item: int) -> AgendaItem:
    """A point of a meeting that this person writes. Three to five queries."""
    meeting = meeting_to_write(request, pk)
    found: AgendaItem = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=item)
    found.meeting = meeting
    return found


def readable_decision(request: SignedInRequest, pk: int) -> Decision:
    """A decision that this person reads, with its place. One query."""
    rows = Decision.objects.visible_to(request.user).with_place().for_list()
    return get_object_or_404(rows, pk=pk)


def decision_to_follow(request: SignedInRequest, pk: int) -> Decision:
    """A decision that this person corrects and closes. Two queries."""
    decision = readable_decision(request, pk)
    require(can_follow_decision(request.user, decision))
    return decision


def typed_in(request: SignedInRequest) -> Any:
    """What was sent, were it nothing at all: a form of boxes left unticked is one."""
    return request.POST if request.method == "POST" else None
