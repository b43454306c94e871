"""Who enters the letters of engagement, and what is drawn around their pages."""

from typing import Any

from django.shortcuts import get_object_or_404

from core.http import SignedInRequest, require
from governance.models import EngagementItem, EngagementLetter, EngagementRound
from governance.permissions import can_lead_governance
from territories.models import Project


def project_to_read(request: SignedInRequest, pk: int) -> Project:
    """A project whose governance this person reads, with its place. One query."""
    return get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)


def project_to_lead(request: SignedInRequest, pk: int) -> Project:
    """A project whose governance this person leads. Two queries."""
    project = project_to_read(request, pk)
    require(can_lead_governance(request.user, project))
    return project


def round_to_read(request: SignedInRequest, pk: int) -> EngagementRound:
    """A batch that this person reads, with its place. One query."""
    return get_object_or_404(EngagementRound.objects.visible_to(request.user).with_place(), pk=pk)


def round_to_lead(request: SignedInRequest, pk: int) -> EngagementRound:
    """A batch that this person leads. Two queries."""
    batch = round_to_read(request, pk)
    require(can_lead_governance(request.user, batch.project))
    return batch


def item_to_lead(request: SignedInRequest, pk: int, item_pk: int) -> EngagementItem:
    """An engagement of a batch that this person leads. Three queries."""
    batch = round_to_lead(request, pk)
    item = get_object_or_404(EngagementItem.objects.filter(round=batch), pk=item_pk)
    item.round = batch
    return item


def letter_to_read(request: SignedInRequest, pk: int) -> EngagementLetter:
    """A letter that this person reads, with its place. One query."""
    letters = EngagementLetter.objects.visible_to(request.user).with_place()
    return get_object_or_404(letters.select_related("organisation", "scan", "printed"), pk=pk)


def letter_to_lead(request: SignedInRequest, pk: int) -> EngagementLetter:
    """A letter that this person leads. Two queries."""
    letter = letter_to_read(request, pk)
    require(can_lead_governance(request.user, letter.round.project))
    return letter


def engagement_page(project: Project) -> dict[str, Any]:
    """Around these pages. Expects the place."""
    return {"territory": project.territory, "project": project, "section": "governance"}


def round_page(batch: EngagementRound) -> dict[str, Any]:
    """Around a page of one batch. Expects the place."""
    return engagement_page(batch.project) | {"batch": batch}
