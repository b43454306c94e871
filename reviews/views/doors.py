"""Doors of the review: loading is authorising (404 for what one may not see, 403 for the rest)."""

from django.shortcuts import get_object_or_404

from core.http import SignedInRequest, require
from reviews.models import Campaign
from reviews.permissions import can_lead_review
from territories.models import Project, Territory


def readable_project(request: SignedInRequest, pk: int) -> Project:
    """A project whose reviews this person reads, with its place. One query."""
    return get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)


def reviewed_project(request: SignedInRequest, pk: int) -> Project:
    """A project of which this person reads reviews, were it the closed ones alone. One query."""
    read_nationally = Territory.objects.read_nationally_by(request.user)
    readable = Project.objects.visible_to(request.user)
    nationally = Project.objects.filter(territory__in=read_nationally)
    return get_object_or_404((readable | nationally).with_place(), pk=pk)


def project_to_review(request: SignedInRequest, pk: int) -> Project:
    """A project whose reviews this person leads. Two queries."""
    project = readable_project(request, pk)
    require(can_lead_review(request.user, project))
    return project


def readable_campaign(request: SignedInRequest, pk: int) -> Campaign:
    """A campaign that this person reads, with its place. One query."""
    return get_object_or_404(Campaign.objects.visible_to(request.user).with_place(), pk=pk)


def campaign_to_lead(request: SignedInRequest, pk: int) -> Campaign:
    """A campaign that this person leads. Two queries."""
    campaign = readable_campaign(request, pk)
    require(can_lead_review(request.user, campaign.project))
    return campaign
