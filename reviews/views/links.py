"""The mail's link: who comes by it answers without an account (`decisions.md` 14)."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.adapters import refused_secret, too_often
from accounts.enums import LinkPurpose
from accounts.models import AccessLink
from core.http import PageRequest, readonly_view, writes
from core.links import Entrance, led_to
from core.middleware import typed_texts
from reviews.enums import AnsweredFrom
from reviews.forms.answers import NewLinkForm
from reviews.models import Evidence, Respondent, RespondentLink, Update
from reviews.services.new_links import send_new_link, send_new_links
from reviews.summaries.expected import deadline_of, progress_of
from reviews.views.answering import AUTO, answer_page, evidence_page
from reviews.views.passing import hand_over_page, leave_page
from reviews.views.ways import Way

ENTRANCE = Entrance(cookie="revue", salt="reviews.link")
LOST = (
    "Cette page ne sait plus par quel lien vous êtes venu\u00a0: rien n’a été enregistré. Rouvrez "
    "le lien du courriel, puis reprenez votre texte\u00a0: le voici."
)
UNKNOWN_SHEET = (
    "Cette fiche ne fait pas, ou plus, partie des vôtres\u00a0: rien n’a été enregistré. Si vous "
    "l’avez transmise, la personne choisie y répond."
)
# The same words whoever asks: nobody learns which addresses are known.
NEW_LINK_SAID = (
    "Si une réponse est attendue de cette adresse, un nouveau lien vient de lui être envoyé. "
    "Regardez aussi dans les indésirables\u00a0; un lien de plus ne part pas avant dix minutes."
)


@login_not_required
@never_cache
@readonly_view
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    """Moves the secret out of the address, and uses nothing up: mail scanners come here first."""
    link = AccessLink.objects.for_token(token, purpose=LinkPurpose.REVIEW).first()
    known = RespondentLink.objects.filter(link=link).first() if link else None
    if refusal := refused_secret(request, token, is_known=known is not None):
        return refusal
    if known is None:
        return led_to("reviews:link_unknown")
    path = reverse("reviews:link_sheets", args=[known.respondent_id])
    return ENTRANCE.let_in(request, path=path, key=known.link_id)


@login_not_required
@never_cache
@rate_limit(action="review_new_link")  # type: ignore[untyped-decorator]
@writes("POST")
def link_unknown(request: PageRequest) -> HttpResponse:
    """A link that nobody made, or cut by a mail program: offers to send another one.

    Says the same whether the address is known or not.
    """
    form = NewLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        send_new_links(email=form.cleaned_data["email"])
        messages.success(request, NEW_LINK_SAID)
        return redirect("reviews:link_unknown")
    return render(request, "reviews/answer/link_unknown.html", {"form": form})


@dataclass(frozen=True)
class _Came:
    """Whoever came by a link that we made, which may open nothing any more."""

    respondent: Respondent
    link: AccessLink

    @property
    def way(self) -> Way:
        return Way(AnsweredFrom.LINK, respondent=self.respondent, link=self.link.pk)


@login_not_required
@never_cache
@writes("POST")
def link_sheets(request: PageRequest, pk: int) -> HttpResponse:
    """The sheets of one respondent; of a link that expired, the way to another one (POST)."""
    came = _came(request, pk)
    if came is None:
        return _lost(request)
    if request.method == "POST":
        if refusal := too_often(request, "review_own_link", key=str(came.link.pk)):
            return refusal
        send_new_link(respondent=came.respondent)
        messages.success(request, NEW_LINK_SAID)
        return redirect("reviews:link_sheets", pk)
    campaign = came.respondent.campaign
    context = {
        "respondent": came.respondent,
        "campaign": campaign,
        "territory": campaign.project.territory,
        "draft_owner": f"lien-{pk}",
    }
    if not came.link.is_usable():
        context |= {"is_revoked": came.link.revoked_at is not None}
        return render(request, "reviews/answer/link_closed.html", context, status=410)
    updates = list(came.respondent.updates.with_place().in_order())
    context |= {
        "rows": [(row, deadline_of(row), came.way.to("answer", row)) for row in updates],
        "progress": progress_of(updates),
    }
    return render(request, "reviews/answer/link_sheets.html", context)


@login_not_required
@never_cache
@writes("POST")
def link_answer(request: PageRequest, pk: int, update: int) -> HttpResponse:
    """One answer of one respondent."""
    return _with_sheet(request, pk, update, lambda way, row: answer_page(request, way, row))


@login_not_required
@never_cache
@readonly_view
def link_evidence(request: PageRequest, pk: int, update: int, evidence: int) -> HttpResponse:
    """A file joined to one of their answers."""

    def found(way: Way, row: Update) -> HttpResponse:
        pieces = Evidence.objects.filter(update=row).select_related("attachment")
        return evidence_page(way, row, get_object_or_404(pieces, pk=evidence))

    return _with_sheet(request, pk, update, found)


@login_not_required
@never_cache
@writes("POST")
def link_hand_over(request: PageRequest, pk: int, update: int) -> HttpResponse:
    """Pass one of their sheets to a colleague."""
    return _with_sheet(request, pk, update, lambda way, row: hand_over_page(request, way, row))


@login_not_required
@never_cache
@writes("POST")
def link_leave(request: PageRequest, pk: int, update: int) -> HttpResponse:
    """Give one of their sheets back."""
    return _with_sheet(request, pk, update, lambda way, row: leave_page(request, way, row))


def _came(request: HttpRequest, pk: int) -> _Came | None:
    """Who came by a link to the pages of this respondent, within the day. One query."""
    key = ENTRANCE.key_of(request)
    if key is None:
        return None
    known = RespondentLink.objects.select_related(
        "link", "respondent__campaign__project__territory__region", "respondent__campaign__led_by"
    )
    found = known.filter(link_id=key, respondent_id=pk).first()
    return None if found is None else _Came(found.respondent, found.link)


def _with_sheet(
    request: PageRequest, pk: int, update: int, show: Callable[[Way, Update], HttpResponse]
) -> HttpResponse:
    """Load one of the sheets of whoever came by a link; say why not, with what was typed.

    Two queries.
    """
    came = _came(request, pk)
    if came is None or not came.link.is_usable():
        return _lost(request, pk if came else None)
    theirs = came.respondent.updates.with_place()
    row = theirs.select_related("campaign__led_by").filter(pk=update).first()
    if row is None:
        return _refuse(request, UNKNOWN_SHEET, status=404, home=_sheets(pk))
    return show(came.way, row)


def _sheets(pk: int) -> str:
    return reverse("reviews:link_sheets", args=[pk])


def _lost(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """No link, or one that opens nothing any more: what was typed is given back."""
    if typed_texts(request):
        return _refuse(request, LOST, status=401, home=_sheets(pk) if pk else "")
    return led_to(_sheets(pk)) if pk else led_to("reviews:link_unknown")


def _refuse(request: PageRequest, words: str, *, status: int, home: str) -> HttpResponse:
    if request.POST.get("do") == AUTO:
        return JsonResponse({"told": words}, status=409)
    context = {
        "layout": "reviews/answer/by_link.html",
        "told": words,
        "texts": typed_texts(request),
        "home": home or reverse("reviews:link_unknown"),
    }
    return render(request, "reviews/answer/refused.html", context, status=status)
