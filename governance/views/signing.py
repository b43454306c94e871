"""The life of a framing letter once written: proposed, sent back, signed, its scan."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from documents.attachments import AttachmentRefused, serve_attachment
from governance.enums import LetterState
from governance.forms.letters import ReopenForm, SignForm
from governance.services.letters import propose_letter, reopen_letter, sign_letter
from governance.summaries.letters import letter_summary
from governance.views.letters import letter_page, letter_to_lead, readable_letter
from governance.writing import GovernanceRefused


@writes("POST")
def letter_propose(request: SignedInRequest, project_pk: int, number: int) -> HttpResponse:
    """Freeze the letter to be signed, once confirmed."""
    letter = letter_to_lead(request, project_pk, number)
    if request.method == "POST":
        try:
            propose_letter(letter=letter, by=request.user)
            messages.success(request, "La lettre est proposée à la signature.")
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    if request.method == "POST" or not letter.is_draft:
        return redirect("governance:letter_version", project_pk, number)
    context = letter_page(letter.project) | {"letter": letter, "summary": letter_summary(letter)}
    return render(request, "governance/letters/letter_propose.html", context)


@writes("POST")
def letter_reopen(request: SignedInRequest, project_pk: int, number: int) -> HttpResponse:
    """Send a proposed letter back to its writing, with a reason."""
    letter = letter_to_lead(request, project_pk, number)
    if letter.state != LetterState.PROPOSED:
        return redirect("governance:letter_version", project_pk, number)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        try:
            reopen_letter(letter=letter, reason=form.cleaned_data["reason"], by=request.user)
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La lettre est de nouveau en rédaction.")
            return redirect("governance:letter_version", project_pk, number)
    context = letter_page(letter.project) | {"letter": letter, "form": form}
    return render(request, "governance/letters/letter_reopen.html", context)


@writes("POST")
def letter_sign(request: SignedInRequest, project_pk: int, number: int) -> HttpResponse:
    """Keep the signed scan, its date and its place."""
    letter = letter_to_lead(request, project_pk, number)
    if letter.state != LetterState.PROPOSED:
        return redirect("governance:letter_version", project_pk, number)
    today = letter.project.territory.today()
    form = SignForm(request.POST or None, request.FILES or None, today=today)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            sign_letter(
                letter=letter,
                on=typed["signed_on"],
                place=typed["place"],
                upload=typed["upload"],
                by=request.user,
            )
        except AttachmentRefused as refusal:
            form.add_error("upload", str(refusal))
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La lettre signée est gardée\u00a0: elle ne changera plus.")
            return redirect("governance:letter_version", project_pk, number)
    context = letter_page(letter.project) | {"letter": letter, "form": form}
    return render(request, "governance/letters/letter_sign.html", context)


@readonly_view
def letter_scan(request: SignedInRequest, project_pk: int, number: int) -> HttpResponse:
    """The signed copy, as it was kept."""
    letter = readable_letter(request, project_pk, number)
    if letter.scan is None:
        raise Http404
    return serve_attachment(letter.scan)  # type: ignore[return-value]
