"""Preparing a review and opening it: from the first choice to the letters that leave."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.http import SignedInRequest, readonly_view, render_part, writes
from core.text import NBSP, counted
from journal.reading import new_token
from reviews.forms.campaigns import CampaignForm, SettingsForm, SheetsForm
from reviews.models import Campaign
from reviews.permissions import can_lead_review, can_read_review
from reviews.services.opening import leaving_moment, schedule_opening, stop_opening
from reviews.services.preparing import (
    choose_sheets,
    discard_campaign,
    make_campaign,
    writing_draft,
)
from reviews.services.trying import previews_of, send_test
from reviews.summaries.campaigns import campaign_lines
from reviews.summaries.mails import refused_addresses
from reviews.summaries.recipients import recipients_of
from reviews.views.around import campaign_page, reviews_page
from reviews.views.doors import (
    campaign_to_lead,
    project_to_review,
    readable_campaign,
    reviewed_project,
)
from reviews.views.running import running_settings, running_sheets, with_usual_words
from reviews.writing import ReviewRefused


@readonly_view
def review_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Every review of a project, the latest first; the way to prepare the next one."""
    project = reviewed_project(request, project_pk)
    leads = can_lead_review(request.user, project)
    lines = campaign_lines(project, user=request.user, leads=leads)
    context = reviews_page(project) | {
        "lines": lines,
        "can_lead": leads,
        "reads_frozen_only": not can_read_review(request.user, project),
        "can_prepare": leads and all(line.campaign.is_closed for line in lines),
    }
    return render(request, "reviews/campaign/review_list.html", context)


@writes("POST")
def campaign_add(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Begin the review of a quarter."""
    project = project_to_review(request, project_pk)
    form = CampaignForm(request.POST or None, project=project)
    if form.is_valid():
        try:
            made = make_campaign(project=project, by=request.user, **form.cleaned_data)
        except ReviewRefused as refusal:
            form.add_error("quarter", str(refusal))
        else:
            return redirect("reviews:campaign_detail", made.campaign.pk)
    context = reviews_page(project) | {"form": form}
    return render(request, "reviews/campaign/campaign_add.html", context)


@readonly_view
def campaign_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a review stands: prepared, about to open, then followed on its board."""
    if not readable_campaign(request, pk).is_pending:
        response: HttpResponse = redirect("reviews:campaign_board", pk)
        if request.htmx:
            response = HttpResponse(headers={"HX-Refresh": "true"})
        return response
    campaign = campaign_to_lead(request, pk)
    if campaign.is_opening:
        return _opening(request, campaign)
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    recipients = recipients_of(campaign)
    addresses = [one.person.email for one in recipients.reachable]
    refused = refused_addresses(addresses)
    context = campaign_page(campaign) | {
        "recipients": recipients,
        "previews": [
            (preview, refused.get(preview.mail.to))
            for preview in previews_of(campaign, recipients=recipients, by=request.user)
        ],
        "asked": campaign.updates.count(),
        "reminders": campaign.reminders_on,
        "days": (campaign.due_on - campaign.opens_on).days,
        "token": new_token(),
    }
    return render(request, "reviews/campaign/campaign_detail.html", context)


def _opening(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    """The letters are about to leave: when, how many, and how to stop them."""
    leave_at = campaign.letters_leave_at or timezone.now()
    context = campaign_page(campaign) | {
        "letters": counted(len(recipients_of(campaign).reachable), "courriel"),
        "left": _time_left(leave_at - timezone.now()),
    }
    return render_part(request, "reviews/campaign/campaign_opening.html", "countdown", context)


def _time_left(left: dt.timedelta) -> str:
    """« dans 9 minutes »; nothing when it is a matter of seconds."""
    minutes = -(left // dt.timedelta(minutes=-1))
    if minutes <= 0:
        return ""
    if minutes <= 90:
        return f"dans {counted(minutes, 'minute')}"
    hours = round(left / dt.timedelta(hours=1))
    return f"dans {counted(hours, 'heure')}" if hours <= 48 else f"dans {left.days}{NBSP}jours"


@writes("POST")
def campaign_settings(request: SignedInRequest, pk: int) -> HttpResponse:
    """The dates, the reminders and the words of the mails."""
    campaign = campaign_to_lead(request, pk)
    if campaign.is_open:
        return running_settings(request, campaign)
    if not campaign.is_draft:
        return redirect("reviews:campaign_detail", pk)
    if request.method != "POST":
        form = SettingsForm(instance=campaign, revision=campaign.revision)
    elif request.POST.get("revenir"):
        form = with_usual_words(SettingsForm, campaign, request.POST)
    else:
        form = _saved_settings(request, campaign)
        if not form.errors:
            return redirect("reviews:campaign_detail", pk)
    context = campaign_page(campaign) | {"form": form}
    return render(request, "reviews/campaign/campaign_settings.html", context)


def _saved_settings(request: SignedInRequest, campaign: Campaign) -> SettingsForm:
    """The form once sent; without errors, it is saved."""
    try:
        with writing_draft(campaign, by=request.user) as writing:
            present = writing.campaign
            form = SettingsForm(request.POST, instance=present, revision=present.revision)
            if form.is_valid():
                form.save()
                written = ", ".join(form.changed_labels)
                writing.made.words = f"a réglé la revue {present.reviewed}{NBSP}: {written}"
    except ReviewRefused as refusal:
        form = SettingsForm(request.POST, instance=campaign, revision=campaign.revision)
        form.add_error(None, str(refusal))
    if not form.errors:
        told = "Enregistré." if form.changed_labels else "Rien n’avait changé."
        messages.success(request, told, extra_tags=f"draft:revue-{campaign.pk}-reglages")
    return form


@writes("POST")
def campaign_sheets(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sheets that the review asks about, ticked in the roadmap."""
    campaign = campaign_to_lead(request, pk)
    if campaign.is_open:
        return running_sheets(request, campaign)
    if not campaign.is_draft:
        return redirect("reviews:campaign_detail", pk)
    form = SheetsForm(
        request.POST if request.method == "POST" else None,
        project=campaign.project,
        chosen=campaign.updates.values_list("action", flat=True),
    )
    if form.is_valid():
        try:
            choose_sheets(
                campaign=campaign,
                sheets=form.cleaned_data["sheets"],
                seen=form.seen_before,
                by=request.user,
            )
        except ReviewRefused as refusal:
            form.add_error("sheets", str(refusal))
        else:
            messages.success(request, "Les fiches de la revue sont enregistrées.")
            return redirect("reviews:campaign_detail", pk)
    context = campaign_page(campaign) | {"form": form}
    return render(request, "reviews/campaign/campaign_sheets.html", context)


@writes("POST")
def campaign_test(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send oneself the first mail, as an example."""
    campaign = campaign_to_lead(request, pk)
    if request.method == "POST":
        token = request.POST.get("token", "")[:64]
        try:
            mail = send_test(campaign=campaign, by=request.user, token=token)
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                f"Un courriel d’essai part vers {mail.to}{NBSP}: lisez-le sur votre téléphone "
                "aussi.",
            )
    return redirect("reviews:campaign_detail", pk)


@writes("POST")
def campaign_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open the review, once it is known how many mails leave and when."""
    campaign = campaign_to_lead(request, pk)
    if not campaign.is_draft:
        return redirect("reviews:campaign_detail", pk)
    refused = ""
    if request.method == "POST":
        try:
            schedule_opening(campaign=campaign, by=request.user)
        except ReviewRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("reviews:campaign_detail", pk)
    context = campaign_page(campaign) | {
        "recipients": recipients_of(campaign),
        "asked": campaign.updates.count(),
        "leave_at": leaving_moment(campaign, at=timezone.now()),
        "reminders": campaign.reminders_on,
        "refused": refused,
    }
    return render(request, "reviews/campaign/campaign_open.html", context)


@writes("POST")
def campaign_stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the letters from leaving, while there is time."""
    campaign = campaign_to_lead(request, pk)
    if request.method == "POST":
        try:
            stop_opening(campaign=campaign, by=request.user)
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "L’ouverture est arrêtée. Aucun courriel n’est parti, tout est gardé."
            )
    return redirect("reviews:campaign_detail", pk)


@writes("POST")
def campaign_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give up a review of which nothing has left."""
    campaign = campaign_to_lead(request, pk)
    if not campaign.is_draft:
        return redirect("reviews:campaign_detail", pk)
    if request.method == "POST":
        try:
            discard_campaign(campaign=campaign, by=request.user)
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("reviews:campaign_detail", pk)
        messages.success(request, f"La revue {campaign.reviewed} est retirée.")
        return redirect("reviews:review_list", campaign.project_id)
    return render(request, "reviews/campaign/campaign_discard.html", campaign_page(campaign))
