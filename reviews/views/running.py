"""What its lead changes of a review that is open: its calendar and words, its sheets, the links."""

from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.http import SignedInRequest, writes
from core.text import NBSP, counted, listed
from reviews.forms.campaigns import SettingsForm, SheetsForm
from reviews.forms.running import RunningSettingsForm
from reviews.models import Campaign, Respondent
from reviews.services.links import revoke_links, usable_links
from reviews.services.new_links import give_new_link
from reviews.services.running import (
    calendar_in_words,
    calendar_of,
    change_sheets,
    follow_calendar,
    sheet_change,
)
from reviews.services.trying import previews_of
from reviews.summaries.mails import refused_addresses
from reviews.summaries.reminders import reminder_lines
from reviews.views.around import campaign_page
from reviews.views.doors import campaign_to_lead
from reviews.writing import ReviewRefused, writing_open

CONFIRMED = "oui"
AnySettings = TypeVar("AnySettings", bound=SettingsForm)


# --- Dates and words ----------------------------------------------------------------------------


def running_settings(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    """The due date, the reminders and the words of an open review."""
    if request.method != "POST":
        form = RunningSettingsForm(instance=campaign, revision=campaign.revision)
    elif request.POST.get("revenir"):
        form = with_usual_words(RunningSettingsForm, campaign, request.POST)
    else:
        form = _saved_settings(request, campaign)
        if not form.errors:
            return redirect("reviews:campaign_board", campaign.pk)
    present = Campaign.objects.with_place().get(pk=campaign.pk)
    context = campaign_page(present) | {
        "form": form,
        "is_running": True,
        "reminders": reminder_lines(present, at=timezone.now()),
    }
    return render(request, "reviews/campaign/campaign_settings.html", context)


def _saved_settings(request: SignedInRequest, campaign: Campaign) -> RunningSettingsForm:
    """The form once sent; without errors, it is saved, and the calendar followed."""
    try:
        with writing_open(campaign, by=request.user) as writing:
            present = writing.campaign
            before = calendar_of(present)
            form = RunningSettingsForm(request.POST, instance=present, revision=present.revision)
            if form.is_valid():
                form.save()
                follow_calendar(writing=writing, before=before)
                written = ", ".join(form.changed_labels)
                moved = calendar_in_words(before=before, campaign=present)
                writing.made.words = (
                    f"a réglé la revue ouverte {present.reviewed}{NBSP}: {written}{moved}"
                )
    except ReviewRefused as refusal:
        form = RunningSettingsForm(request.POST, instance=campaign, revision=campaign.revision)
        form.add_error(None, str(refusal))
    if not form.errors:
        told = "Enregistré." if form.changed_labels else "Rien n’avait changé."
        messages.success(request, told, extra_tags=f"draft:revue-{campaign.pk}-reglages")
    return form


def with_usual_words(form: type[AnySettings], campaign: Campaign, sent: QueryDict) -> AnySettings:
    """What was typed, one text given back as it is proposed; nothing is saved yet."""
    typed = form(sent, instance=campaign, revision=campaign.revision)
    shown = {field.name: field.value() for field in typed}
    name = sent["revenir"]
    if name in typed.usual:
        shown[name] = typed.usual[name]
    fresh = Campaign.objects.with_place().get(pk=campaign.pk)
    return form(instance=fresh, revision=fresh.revision, initial=shown)


# --- Sheets -------------------------------------------------------------------------------------


def running_sheets(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    """More sheets or fewer: ticked, then read again with every mail that would leave, then done."""
    form = SheetsForm(
        request.POST if request.method == "POST" else None,
        project=campaign.project,
        # One that was retired meanwhile is no tick of the page: it is not taken out by it.
        chosen=campaign.updates.filter(action__retired_at=None).values_list("action", flat=True),
    )
    context = campaign_page(campaign) | {"form": form, "is_running": True}
    if form.is_valid() and "corriger" not in request.POST:
        chosen = {"sheets": form.cleaned_data["sheets"], "seen": form.seen_before}
        try:
            if request.POST.get("confirme") == CONFIRMED:
                return _changed(request, campaign, chosen)
            change = sheet_change(campaign, **chosen)
        except ReviewRefused as refusal:
            form.add_error("sheets", str(refusal))
        else:
            return _preview(request, campaign, context, change)
    return render(request, "reviews/campaign/campaign_sheets.html", context)


def _changed(request: SignedInRequest, campaign: Campaign, chosen: dict[str, Any]) -> HttpResponse:
    done = change_sheets(campaign=campaign, by=request.user, **chosen)
    told = [
        counted(count, one, many)
        for count, one, many in (
            (done.added, "fiche ajoutée", "fiches ajoutées"),
            (done.removed, "fiche retirée", "fiches retirées"),
        )
        if count
    ]
    if not told:
        messages.info(request, "Rien n’avait changé\u00a0: aucun courriel n’est parti.")
    else:
        mails = f" Un courriel part vers {listed(list(done.names))}." if done.names else ""
        messages.success(request, f"{', '.join(told)}.{mails}")
    return redirect("reviews:campaign_board", campaign.pk)


def _preview(
    request: SignedInRequest, campaign: Campaign, context: dict[str, Any], change: Any
) -> HttpResponse:
    if change.is_empty:
        messages.info(request, "Rien n’avait changé.")
        return redirect("reviews:campaign_board", campaign.pk)
    previews = previews_of(campaign, recipients=change.recipients)
    refused = refused_addresses([preview.mail.to for preview in previews])
    context |= {
        "change": change,
        "previews": [(preview, refused.get(preview.mail.to)) for preview in previews],
    }
    return render(request, "reviews/campaign/campaign_sheets_confirm.html", context)


# --- The links of one pilot ---------------------------------------------------------------------


@writes("POST")
def pilot_links(request: SignedInRequest, pk: int, respondent_pk: int) -> HttpResponse:
    """The links that one person received: how many open their sheets, and taking them back."""
    campaign = campaign_to_lead(request, pk)
    if not campaign.is_open:
        return redirect("reviews:campaign_detail", pk)
    respondent = _respondent(campaign, respondent_pk)
    if request.method == "POST":
        try:
            count = revoke_links(respondent=respondent, by=request.user)
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
        else:
            gone = counted(count, "lien retiré", "liens retirés")
            messages.success(
                request, f"{gone}{NBSP}: plus aucun n’ouvre les fiches de {respondent}."
            )
        return redirect("reviews:pilot_links", pk, respondent_pk)
    context = campaign_page(campaign) | {
        "respondent": respondent,
        "usable": usable_links(respondent),
        "sent": respondent.links.count(),
        "asked": respondent.updates.count(),
    }
    return render(request, "reviews/board/pilot_links.html", context)


@writes("POST")
def pilot_new_link(request: SignedInRequest, pk: int, respondent_pk: int) -> HttpResponse:
    """Send one person a new link."""
    campaign = campaign_to_lead(request, pk)
    respondent = _respondent(campaign, respondent_pk)
    if request.method == "POST":
        try:
            to = give_new_link(respondent=respondent, by=request.user)
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Un nouveau lien part vers {to}.")
    return redirect("reviews:pilot_links", pk, respondent_pk)


def _respondent(campaign: Campaign, pk: int) -> Respondent:
    respondent = get_object_or_404(campaign.respondents.select_related("person"), pk=pk)
    respondent.campaign = campaign
    return respondent
