"""Closing a campaign, reading what it froze, correcting it by another edition."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP, counted
from reviews.drawings import draw_key, draw_statuses
from reviews.forms.following import ClosingForm, ReopenForm
from reviews.models import Campaign, LateText
from reviews.permissions import can_lead_review, can_read_review
from reviews.services.closing import ClosingMoved, close_campaign
from reviews.services.reopening import reopen_campaign
from reviews.summaries.closing import closing_of
from reviews.summaries.frozen import as_read
from reviews.summaries.report import report_of
from reviews.views.around import campaign_page
from reviews.views.doors import campaign_to_lead, readable_campaign
from reviews.writing import CampaignClosed, ReviewRefused
from roadmap.drawings import draw_grid


@writes("POST")
def campaign_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """What closing would write, sheet by sheet; then all of it in one gesture."""
    campaign = campaign_to_lead(request, pk)
    if campaign.is_closed:
        messages.info(
            request, f"La revue {campaign.reviewed} est clôturée\u00a0: voici son rapport."
        )
        return redirect("reviews:campaign_report", pk)
    if not campaign.is_open:
        raise Http404
    closing = closing_of(campaign)
    form = ClosingForm(request.POST or None, closing=closing)
    if form.is_valid():
        try:
            return _close(request, campaign, form)
        except CampaignClosed as refusal:
            messages.info(request, str(refusal))
            return redirect("reviews:campaign_report", pk)
        except ClosingMoved as refusal:
            messages.warning(request, str(refusal))
            return redirect("reviews:campaign_close", pk)
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
    context = campaign_page(campaign) | {"closing": closing, "form": form}
    return render(request, "reviews/board/campaign_close.html", context)


def _close(request: SignedInRequest, campaign: Campaign, form: ClosingForm) -> HttpResponse:
    closed = close_campaign(
        campaign=campaign,
        choices=form.choices_made,
        seen=form.cleaned_data["seen"],
        by=request.user,
    )
    written = counted(closed.written, "fiche mise à jour", "fiches mises à jour")
    messages.success(request, f"La revue {campaign.reviewed} est clôturée{NBSP}: {written}.")
    return redirect("reviews:campaign_report", campaign.pk)


@readonly_view
def campaign_report(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a closed campaign says: what changed, what to examine, the follow-up table, figures."""
    campaign = readable_campaign(request, pk)
    if not campaign.is_closed:
        return redirect("reviews:campaign_board", pk)
    report = report_of(as_read(campaign.frozen or {}))
    leads = can_lead_review(request.user, campaign.project)
    known = Campaign.objects.of(campaign.project).visible_to(request.user)
    editions = known.filter(quarter=campaign.quarter)
    others = [each for each in editions if each.pk != campaign.pk]
    context = campaign_page(campaign) | {
        "report": report,
        "review": report.review,
        "charts": [
            (code, title, rows, draw_statuses(rows, title=title), draw_key(rows))
            for code, title, rows in (
                ("priorites", "Avancement par priorité du décret", report.by_priority),
                ("axes", "Avancement par axe local", report.by_axis),
            )
            if rows
        ],
        "planning": draw_grid(
            report.review.grid,
            caption="Planning au jour de la clôture",
            current_words="trimestre examiné",
        )
        if report.review.grid.quarters
        else "",
        "others": others,
        "begun": campaign.updates.begun().in_order().select_related("action") if leads else [],
        "late_texts": LateText.objects.of(campaign) if leads else [],
        "leads": leads,
        "reads_frozen_only": not can_read_review(request.user, campaign.project),
        "can_reopen": leads and all(each.edition < campaign.edition for each in others),
    }
    return render(request, "reviews/board/campaign_report.html", context)


@writes("POST")
def campaign_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a closed review by another edition of it, and say why."""
    campaign = campaign_to_lead(request, pk)
    if not campaign.is_closed:
        return redirect("reviews:campaign_board", pk)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        try:
            again = reopen_campaign(campaign=campaign, by=request.user, **form.cleaned_data)
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"La {again} est ouverte, avec les réponses telles qu’elles étaient. "
                "Aucun courriel n’est parti.",
            )
            return redirect("reviews:campaign_board", again.pk)
    context = campaign_page(campaign) | {"form": form}
    return render(request, "reviews/board/campaign_reopen.html", context)
