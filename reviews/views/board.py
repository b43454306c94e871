"""The board of an open campaign, and what its lead does with each answer."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.http import SignedInRequest, address_with, readonly_view, render_part, require, writes
from core.text import NBSP, counted, day_in_words, listed
from reviews.forms.following import BoardFilterForm, ExtendForm, ReturnForm, read_ticked
from reviews.models import Campaign, Update
from reviews.models.updates import UpdateQuerySet
from reviews.permissions import can_lead_review
from reviews.services.following import (
    Told,
    extend_deadline,
    return_answer,
    take_back_validation,
    validate_answers,
)
from reviews.summaries.board import board_of, can_be_told
from reviews.summaries.reading import reading_of
from reviews.views.around import campaign_page
from reviews.views.doors import campaign_to_lead, readable_campaign
from reviews.writing import ReviewRefused


@readonly_view
def campaign_board(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who answered and who did not; asks again by itself while the campaign is open.

    `?vu=` is the revision that the page shows: nothing (204) when nothing was written since.
    """
    campaign = readable_campaign(request, pk)
    seen = request.GET.get("vu")
    if campaign.is_closed:
        return _to_report(request, campaign)
    if not campaign.is_open:
        raise Http404
    if request.htmx and seen == str(campaign.revision):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    leads = can_lead_review(request.user, campaign.project)
    form = BoardFilterForm(request.GET, people=campaign.respondents.in_order())
    form.is_valid()
    choices = form.choices_made
    board = board_of(campaign, leads=leads, choices=choices)
    context = campaign_page(campaign) | {
        "board": board,
        "form": form,
        "choices": choices,
        "is_filtered": bool(choices),
        "filters": urlencode(choices),
        "facets": [
            (facet, address_with(choices, "etat", facet.code))
            for facet in board.states
            if facet.count or choices.get("etat") == facet.code
        ],
        "leads": leads,
        "days_left": campaign.days_left(),
    }
    response = render_part(request, "reviews/board/campaign_board.html", "live", context)
    if request.htmx:
        address = "?".join(filter(None, [request.path, urlencode(choices)]))
        response["HX-Push-Url"] = "false" if seen else address
    return response


def _to_report(request: SignedInRequest, campaign: Campaign) -> HttpResponse:
    """Where a closed campaign is read; a page left open goes there by itself."""
    address = reverse("reviews:campaign_report", args=[campaign.pk])
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@writes("POST")
def board_validate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Validate the answers ticked, or the one that is read; then the next one to read."""
    campaign = campaign_to_lead(request, pk)
    if request.method == "POST":
        seen = read_ticked(request.POST.getlist("reponse"))
        try:
            validated = validate_answers(campaign=campaign, seen=seen, by=request.user)
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
        else:
            count = counted(len(validated.done), "réponse validée", "réponses validées")
            messages.success(request, f"{count}.")
            for sentence in validated.left:
                messages.warning(request, sentence)
            if "suivante" in request.POST:
                return redirect(_next_to_read(campaign))
    filters = request.POST.get("retour", "")
    address = reverse("reviews:campaign_board", args=[pk])
    return redirect(f"{address}?{filters}" if filters else address)


def _next_to_read(campaign: Campaign) -> str:
    """The next answer received, or the board when none waits."""
    waiting = campaign.updates.received().in_order().first()
    if waiting is None:
        return reverse("reviews:campaign_board", args=[campaign.pk])
    return reverse("reviews:answer_detail", args=[waiting.pk])


@readonly_view
def answer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One answer, beside what was said a quarter ago and what the sheet says now."""
    update = get_object_or_404(_asked(request).for_reading(), pk=pk)
    leads = can_lead_review(request.user, update.campaign.project)
    if not can_be_told(update, leads=leads):
        messages.info(request, f"La réponse sur la fiche{NBSP}{update.action.number} est attendue.")
        if not leads:
            return redirect("reviews:campaign_board", update.campaign_id)
    context = _answer_page(update) | {
        "reading": reading_of(update),
        "leads": leads,
        "late_texts": list(update.late_texts.in_order()) if leads else [],
    }
    return render(request, "reviews/board/answer_detail.html", context)


@writes("POST")
def answer_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send an answer back, with a word that reaches its pilots by mail."""
    update = _answer_to_lead(request, pk)
    form = ReturnForm(request.POST or None, initial={"seen": request.GET.get("vu", "")})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            told = return_answer(update=update, by=request.user, **typed)
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, update, "La réponse est renvoyée", told)
            return redirect("reviews:campaign_board", update.campaign_id)
    return render(
        request, "reviews/board/answer_return.html", _answer_page(update) | {"form": form}
    )


@writes("POST")
def answer_extend(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give one sheet more time, and say why."""
    update = _answer_to_lead(request, pk)
    form = ExtendForm(request.POST or None, initial={"due_on": update.due_on})
    if form.is_valid():
        try:
            told = extend_deadline(update=update, by=request.user, **form.cleaned_data)
        except ReviewRefused as refusal:
            form.add_error("due_on", str(refusal))
        else:
            until = day_in_words(form.cleaned_data["due_on"])
            _say(request, update, f"Réponse attendue jusqu’au {until}", told)
            return redirect("reviews:campaign_board", update.campaign_id)
    return render(
        request, "reviews/board/answer_extend.html", _answer_page(update) | {"form": form}
    )


@writes("POST")
def answer_unvalidate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back the validation of an answer, while the campaign is open."""
    update = _answer_to_lead(request, pk)
    if request.method == "POST":
        try:
            take_back_validation(update=update, by=request.user)
            messages.success(
                request, "La validation est reprise\u00a0: la réponse est à nouveau reçue."
            )
        except ReviewRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("reviews:answer_detail", pk)


def _say(request: SignedInRequest, update: Update, words: str, told: Told) -> None:
    """What was done, and whether anybody hears of it by mail."""
    about = f"Fiche{NBSP}{update.action.number}{NBSP}"
    if told.names:
        messages.success(
            request, f"{about}: {words.lower()}, {listed(list(told.names))} en reçoit le courriel."
        )
    else:
        messages.warning(
            request,
            f"{about}: {words.lower()}, mais personne n’a d’adresse électronique pour cette "
            f"fiche{NBSP}: prévenez vous-même.",
        )


def _asked(request: SignedInRequest) -> UpdateQuerySet:
    """The answers of the campaigns that this person reads, once the letters have left."""
    return (
        Update.objects.visible_to(request.user)
        .filter(campaign__opened_at__isnull=False)
        .with_place()
    )


def _answer_to_lead(request: SignedInRequest, pk: int) -> Update:
    """An answer of a campaign that this person leads. Two queries."""
    update = get_object_or_404(_asked(request), pk=pk)
    require(can_lead_review(request.user, update.campaign.project))
    return update


def _answer_page(update: Update) -> dict[str, Any]:
    return campaign_page(update.campaign) | {"update": update}
