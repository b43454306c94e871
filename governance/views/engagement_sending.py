"""Letters of engagement leave, the silent are reminded, answers are noted."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_exempt
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.adapters import refused_secret
from accounts.enums import LinkPurpose
from accounts.services import count_use, find_link
from core.http import SignedInRequest, readonly_view, writes
from core.links import Entrance, led_to
from core.text import counted
from governance.enums import SendingWay
from governance.exports.engagement import file_name
from governance.forms.engagement import PostForm, RefuseForm, SignForm, read_numbers
from governance.models import EngagementLetter, EngagementRound
from governance.services.engagement_answers import refuse_letter, reopen_letter, sign_letter
from governance.services.engagement_sending import (
    mail_of,
    note_sent,
    printed_letters,
    remind_by_mail,
    send_by_mail,
)
from governance.views.engagement_doors import letter_to_lead, round_page, round_to_lead
from governance.views.engagement_files import letter_file
from governance.writing import GovernanceRefused
from journal.reading import new_token

ENTRANCE = Entrance(cookie="engagement", salt="governance.engagement")
EXAMPLE = "(l’adresse propre à chaque organisation)"


@writes("POST")
def engagement_send(request: SignedInRequest, pk: int) -> HttpResponse:
    """What would leave by mail, read first; then it leaves."""
    batch = round_to_lead(request, pk)
    if request.method == "POST":
        return _leave(request, batch, send_by_mail, "envoyée", "envoyées")
    letters = _ticked(request, batch, EngagementLetter.objects.exclude(email=""))
    letters = [letter for letter in letters if letter.is_to_send]
    printed = printed_letters(batch)
    ready = [letter for letter in letters if letter.number in printed]
    context = _mails(request, batch, ready, reminds=False) | {
        "unprinted": [letter for letter in letters if letter.number not in printed],
        "without_address": [
            letter
            for letter in _ticked(request, batch, EngagementLetter.objects.filter(email=""))
            if letter.is_to_send
        ],
    }
    return render(request, "governance/engagement_send.html", context)


@writes("POST")
def engagement_remind(request: SignedInRequest, pk: int) -> HttpResponse:
    """What would remind the silent, read first; then it leaves."""
    batch = round_to_lead(request, pk)
    if request.method == "POST":
        return _leave(request, batch, remind_by_mail, "relancée", "relancées")
    today = batch.project.territory.today()
    silent = _ticked(request, batch, EngagementLetter.objects.silent())
    ready = [one for one in silent if one.email and one.reminded_on != today]
    context = _mails(request, batch, ready, reminds=True) | {
        "without_address": [one for one in silent if not one.email],
        "reminded_today": [one for one in silent if one.reminded_on == today],
    }
    return render(request, "governance/engagement_remind.html", context)


@writes("POST")
def engagement_post(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that letters left by post, or were handed over."""
    batch = round_to_lead(request, pk)
    today = batch.project.territory.today()
    form = PostForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid():
        try:
            sent = note_sent(
                batch=batch,
                numbers=read_numbers(request.POST.getlist("lettre")),
                way=SendingWay(form.cleaned_data["way"]),
                on=form.cleaned_data["on"],
                by=request.user,
            )
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = counted(sent, "lettre notée", "lettres notées")
            messages.success(request, f"{said} comme envoyée{'s' if sent > 1 else ''}.")
            return redirect("governance:engagement_detail", pk)
    letters = _ticked(request, batch, EngagementLetter.objects.all())
    context = round_page(batch) | {
        "form": form,
        "letters": [letter for letter in letters if letter.is_to_send],
    }
    return render(request, "governance/engagement_post.html", context)


def _ticked(request: SignedInRequest, batch: EngagementRound, rows: Any) -> list[EngagementLetter]:
    """The letters ticked on the board, or all of them when none is. One query."""
    numbers = read_numbers((request.POST or request.GET).getlist("lettre"))
    letters = list(rows.filter(round=batch).in_order())
    for letter in letters:
        letter.round = batch
    return [letter for letter in letters if letter.number in numbers or not numbers]


def _mails(
    request: SignedInRequest,
    batch: EngagementRound,
    ready: list[EngagementLetter],
    *,
    reminds: bool,
) -> dict[str, Any]:
    example = ready[0] if ready else None
    by = request.user
    return round_page(batch) | {
        "letters": ready,
        "example": mail_of(example, url=EXAMPLE, reminds=reminds, by=by) if example else None,
        "token": new_token(),
    }


def _leave(
    request: SignedInRequest,
    batch: EngagementRound,
    leave: Callable[..., int],
    one: str,
    several: str,
) -> HttpResponse:
    numbers = read_numbers(request.POST.getlist("lettre"))
    token = request.POST.get("token", "")[:64]
    try:
        sent = leave(batch=batch, numbers=numbers, by=request.user, token=token)
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if sent:
            said = counted(sent, f"organisation {one}", f"organisations {several}")
            messages.success(request, f"{said} par courriel." if one == "relancée" else _sent(sent))
    return redirect("governance:engagement_detail", batch.pk)


def _sent(number: int) -> str:
    return f"{counted(number, 'lettre envoyée', 'lettres envoyées')} par courriel."


# --- What came back ------------------------------------------------------------------------------


@writes("POST")
def engagement_sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that a letter came back signed, with its scan."""
    letter = letter_to_lead(request, pk)
    today = letter.round.project.territory.today()
    form = SignForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        today=today,
    )
    if form.is_valid():
        typed = form.cleaned_data
        try:
            sign_letter(
                letter=letter,
                on=typed["on"],
                signed_by=typed["signed_by"],
                scan=typed["scan"],
                by=request.user,
            )
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{letter.name} s’est engagée\u00a0: c’est noté.")
            return redirect("governance:engagement_letter", pk)
    context = round_page(letter.round) | {"letter": letter, "form": form}
    return render(request, "governance/engagement_sign.html", context)


@writes("POST")
def engagement_refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note that an organisation does not engage itself, and why."""
    letter = letter_to_lead(request, pk)
    today = letter.round.project.territory.today()
    form = RefuseForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            refuse_letter(letter=letter, on=typed["on"], reason=typed["reason"], by=request.user)
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le refus de {letter.name} est noté.")
            return redirect("governance:engagement_letter", pk)
    context = round_page(letter.round) | {"letter": letter, "form": form}
    return render(request, "governance/engagement_refuse.html", context)


@writes("POST")
def engagement_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back an answer that was noted wrongly; read, it is the page of the letter."""
    letter = letter_to_lead(request, pk)
    if request.method == "POST":
        try:
            reopen_letter(letter=letter, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "La réponse est effacée\u00a0: la lettre en attend une.")
    return redirect("governance:engagement_letter", pk)


# --- By the link of the mail ---------------------------------------------------------------------


@login_not_required
@never_cache
@readonly_view
def engagement_link(request: HttpRequest, token: str) -> HttpResponse:
    """Moves the secret out of the address, and uses nothing up: mail scanners come here first."""
    link = find_link(token=token, purpose=LinkPurpose.ENGAGEMENT)
    letter = EngagementLetter.objects.filter(link=link).first() if link else None
    if refusal := refused_secret(request, token, is_known=letter is not None):
        return refusal
    if letter is None:
        return led_to("governance:engagement_unknown")
    path = reverse("governance:engagement_received", args=[letter.pk])
    return ENTRANCE.let_in(request, path=path, key=letter.link_id or 0)


@login_not_required
@never_cache
@readonly_view
def engagement_unknown(request: HttpRequest) -> HttpResponse:
    """A link that opens nothing, or no longer: says what to do."""
    return render(request, "governance/engagement_unknown.html")


@login_not_required
@never_cache
@readonly_view
def engagement_received(request: HttpRequest, pk: int) -> HttpResponse:
    """What the mail leads to, without an account: whose letter it is, and how to return it."""
    letter = _came(request, pk)
    if letter is None:
        return led_to("governance:engagement_unknown")
    batch = letter.round
    context = {"letter": letter, "batch": batch, "place": batch.project.territory}
    return render(request, "governance/engagement_received.html", context)


# The browser's own reader draws the file with styles of its own, which our policy would refuse.
@csp_exempt()  # type: ignore[arg-type]
@login_not_required
@never_cache
@readonly_view
def engagement_received_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter itself, as it left; each time that it is sent is counted."""
    letter = _came(request, pk)
    if letter is None:
        return led_to("governance:engagement_unknown")
    if letter.printed is None:
        raise Http404
    if request.method == "GET":
        count_use(link_pk=letter.link_id or 0)
    return letter_file(letter.printed, name=file_name(letter))  # type: ignore[return-value]


def _came(request: HttpRequest, pk: int) -> EngagementLetter | None:
    """The letter by whose link somebody came, while the link opens something. One query."""
    key = ENTRANCE.key_of(request)
    if key is None:
        return None
    letters = EngagementLetter.objects.with_place().select_related("printed", "link")
    letter = letters.filter(pk=pk, link_id=key).first()
    return letter if letter and letter.link and letter.link.is_usable() else None
