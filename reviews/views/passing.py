"""The pages by which somebody passes a sheet to a colleague, or gives it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import PageRequest
from core.text import NBSP
from reviews.forms.answers import HandOverForm, LeaveForm
from reviews.models import Update
from reviews.services.handing_over import give_back, hand_over
from reviews.views.ways import Way
from reviews.writing import ReviewRefused


def hand_over_page(request: PageRequest, way: Way, update: Update) -> HttpResponse:
    """« Transmettre à un collègue »: who, and their address."""
    form = HandOverForm(request.POST if request.method == "POST" else None)

    def done(typed: dict[str, Any]) -> str:
        hand_over(update=update, by=way.answerer(update), **typed)
        return (
            f"La fiche {update.action.number} est transmise à {typed['name']}, qui reçoit un "
            "courriel. La coordination est prévenue."
        )

    return _page(request, way, update, form, "reviews/answer/hand_over.html", done)


def leave_page(request: PageRequest, way: Way, update: Update) -> HttpResponse:
    """« Je ne pilote plus cette fiche »: asked first, then the lead is told."""
    form = LeaveForm(request.POST if request.method == "POST" else None)

    def done(typed: dict[str, Any]) -> str:
        give_back(update=update, by=way.answerer(update), **typed)
        return (
            f"C’est noté{NBSP}: on ne vous demande plus rien sur la fiche {update.action.number}. "
            "La coordination est prévenue."
        )

    return _page(request, way, update, form, "reviews/answer/leave.html", done)


def _page(
    request: PageRequest,
    way: Way,
    update: Update,
    form: HandOverForm | LeaveForm,
    template: str,
    done: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, done(form.cleaned_data))
            return redirect(way.home(update))
        except ReviewRefused as refusal:
            form.add_error(None, str(refusal))
    context = way.around(update) | {
        "form": form,
        "is_over": update.is_validated or not update.campaign.is_open,
        "others": [one for one in update.respondents.all() if one != way.respondent],
    }
    return render(request, template, context)
