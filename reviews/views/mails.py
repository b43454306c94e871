"""The log of the mails of a review, and what is done about those that did not arrive."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP
from reviews.models import Letter
from reviews.services.resending import resend, write_first
from reviews.summaries.mails import mail_log
from reviews.views.around import campaign_page
from reviews.views.doors import campaign_to_lead
from reviews.writing import ReviewRefused


@readonly_view
def mail_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every mail sent or failed, what went wrong first."""
    campaign = campaign_to_lead(request, pk)
    context = campaign_page(campaign) | {"log": mail_log(campaign)}
    return render(request, "reviews/campaign/mail_list.html", context)


@writes("POST")
def mail_resend(request: SignedInRequest, pk: int, letter_pk: int) -> HttpResponse:
    """Send a letter again, with a new link, to the address that the directory gives now."""
    campaign = campaign_to_lead(request, pk)
    letter = get_object_or_404(campaign.letters.select_related("campaign"), pk=letter_pk)
    if request.method == "POST":
        _say(request, lambda: resend(letter=letter, by=request.user))
    return redirect("reviews:mail_list", pk)


@writes("POST")
def mail_write(request: SignedInRequest, pk: int, respondent_pk: int) -> HttpResponse:
    """Send the first letter to somebody whose address was not known when the review opened."""
    campaign = campaign_to_lead(request, pk)
    respondent = get_object_or_404(campaign.respondents, pk=respondent_pk)
    if request.method == "POST":
        _say(request, lambda: write_first(respondent=respondent, by=request.user))
    return redirect("reviews:mail_list", pk)


def _say(request: SignedInRequest, send: Callable[[], Letter]) -> None:
    try:
        letter = send()
    except ReviewRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            f"Un nouveau courriel part vers {letter.mail.to}{NBSP}: il porte un nouveau lien.",
        )
