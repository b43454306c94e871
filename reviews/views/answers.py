"""The answers of whoever signs in: a pilot for their own sheets, a lead for everybody."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from core.http import SignedInRequest, readonly_view, require, writes
from reviews.enums import AnsweredFrom, CampaignState
from reviews.models import Evidence, Update
from reviews.permissions import can_answer, can_lead_review
from reviews.views.answering import answer_page, evidence_page
from reviews.views.passing import hand_over_page, leave_page
from reviews.views.ways import Way


@writes("POST")
def answer_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One answer of a review that is open or closed; a lead types it for a pilot."""
    update, way = _load(request, pk)
    return answer_page(request, way, update)


@readonly_view
def answer_evidence(request: SignedInRequest, pk: int, evidence: int) -> HttpResponse:
    """A file joined to an answer."""
    update, way = _load(request, pk)
    pieces = Evidence.objects.filter(update=update).select_related("attachment")
    return evidence_page(way, update, get_object_or_404(pieces, pk=evidence))


@writes("POST")
def answer_hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pass a sheet to a colleague: whoever is asked about it."""
    update, way = _load(request, pk)
    require(way.can_pass_on)
    return hand_over_page(request, way, update)


@writes("POST")
def answer_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a sheet back: whoever is asked about it."""
    update, way = _load(request, pk)
    require(way.can_pass_on)
    return leave_page(request, way, update)


def _load(request: SignedInRequest, pk: int) -> tuple[Update, Way]:
    """An answer that this person gives, and as whom: themselves, or the lead. Five queries."""
    begun = Update.objects.visible_to(request.user).filter(
        campaign__state__in=[CampaignState.OPEN, CampaignState.CLOSED]
    )
    update = get_object_or_404(begun.with_place().select_related("campaign__led_by"), pk=pk)
    leads = can_lead_review(request.user, update.campaign.project)
    require(can_answer(request.user, update, leads=leads))
    asked = update.respondents.filter(person__user=request.user, person__left_on=None)
    respondent = asked.in_order().first()
    origin = AnsweredFrom.ACCOUNT if respondent else AnsweredFrom.LEAD
    return update, Way(origin, respondent=respondent, user=request.user)
