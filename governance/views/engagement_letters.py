"""Whose letters a batch has, and the page of one of them."""

from itertools import groupby
from typing import TYPE_CHECKING

from csp.decorators import csp_exempt
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP, counted
from documents.attachments import serve_attachment
from governance.enums import OrganisationCategory
from governance.exports.engagement import LETTER, file_name, parameters_of
from governance.forms.engagement import LetterForm, OrganisationsForm, RefuseForm, SignForm
from governance.models import EngagementLetter, EngagementRound, Organisation
from governance.permissions import can_lead_governance
from governance.services.engagement import add_letters, remove_letter, writing_round
from governance.summaries.engagement import directory_says
from governance.views.engagement_doors import (
    letter_to_lead,
    letter_to_read,
    round_page,
    round_to_lead,
)
from governance.views.engagement_files import letter_file
from governance.writing import GovernanceRefused

if TYPE_CHECKING:
    from django.db.models import QuerySet


@writes("POST")
def engagement_choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tick the organisations to write to, by category, one by one or all."""
    batch = round_to_lead(request, pk)
    offered = _offered(batch)
    form = OrganisationsForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_valid():
        chosen = form.cleaned_data["organisations"].select_related("contact")
        try:
            added = add_letters(batch=batch, organisations=chosen, by=request.user)
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = counted(added, "lettre ajoutée", "lettres ajoutées")
            messages.success(request, f"{said} à l’envoi.")
            return redirect("governance:engagement_detail", pk)
    rows = sorted(offered, key=lambda one: (_rank(one.category), one.folded, one.pk))
    groups = [(key, list(some)) for key, some in groupby(rows, key=lambda one: one.category)]
    labels = dict(OrganisationCategory.choices)
    context = round_page(batch) | {
        "form": form,
        "groups": [(code, labels.get(code, code), some) for code, some in groups],
        "ticked": set(request.POST.getlist("organisations")),
        "only": request.GET.get("categorie", ""),
    }
    return render(request, "governance/engagement_choose.html", context)


def _offered(batch: EngagementRound) -> "QuerySet[Organisation]":
    """The organisations that are open, and have no letter in the batch yet. One query."""
    there = EngagementLetter.objects.filter(round=batch).values("organisation_id")
    rows = Organisation.objects.filter(territory=batch.project.territory, closed_on=None)
    return rows.exclude(pk__in=there.filter(organisation__isnull=False)).order_by("folded", "pk")


def _rank(category: str) -> int:
    return OrganisationCategory.values.index(category)


@writes("POST")
def engagement_letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """One letter: whom it is for, where it stands; written and answered by the lead."""
    letter = letter_to_read(request, pk)
    can_lead = can_lead_governance(request.user, letter.round.project)
    form = LetterForm(instance=letter, revision=letter.round.project.revision)
    if request.method == "POST":
        letter_to_lead(request, pk)
        form = _written(request, letter)
        if not form.errors:
            return redirect("governance:engagement_letter", pk)
    today = letter.round.project.territory.today()
    context = round_page(letter.round) | {
        "letter": letter,
        "form": form,
        "sign": SignForm(today=today),
        "refuse": RefuseForm(today=today),
        "can_lead": can_lead,
        "directory_says": directory_says(letter),
        "is_late": letter.is_late(on=today),
        "orders": _orders(letter) if can_lead else [],
    }
    return render(request, "governance/engagement_letter.html", context)


def _orders(letter: EngagementLetter) -> object:
    """The last print of that letter alone. One query."""
    orders = letter.round.project.documents.filter(kind=LETTER, parameters=parameters_of(letter))
    return orders.for_list().latest_first()[:1]


def _written(request: SignedInRequest, letter: EngagementLetter) -> LetterForm:
    try:
        with writing_round(batch=letter.round, by=request.user) as writing_now:
            present = EngagementLetter.objects.filter(pk=letter.pk).first()
            if present is None:
                raise GovernanceRefused("Cette lettre a été retirée de l’envoi entre-temps.")
            present.round = writing_now.round
            form = LetterForm(
                request.POST, instance=present, revision=writing_now.round.project.revision
            )
            if form.is_valid():
                form.save()
                written = ", ".join(form.changed_labels)
                writing_now.made.words = f"a corrigé la lettre de {letter.name}{NBSP}: {written}"
    except GovernanceRefused as refusal:
        form = LetterForm(request.POST, instance=letter, revision=letter.round.project.revision)
        form.add_error(None, str(refusal))
    if not form.errors:
        messages.success(request, "Enregistré." if form.changed_labels else "Rien n’avait changé.")
    return form


@writes("POST")
def engagement_letter_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take an organisation out of the batch; read, it is the page of its letter."""
    letter = letter_to_lead(request, pk)
    if request.method != "POST":
        return redirect("governance:engagement_letter", pk)
    try:
        remove_letter(letter=letter, by=request.user)
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("governance:engagement_letter", pk)
    messages.success(request, f"{letter.name} n’est plus dans cet envoi.")
    return redirect("governance:engagement_detail", letter.round_id)


# The browser's own reader draws the file with styles of its own, which our policy would refuse.
@csp_exempt()  # type: ignore[arg-type]
@readonly_view
def engagement_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The letter as it left."""
    letter = letter_to_read(request, pk)
    if letter.printed is None:
        raise Http404
    return letter_file(letter.printed, name=file_name(letter))  # type: ignore[return-value]


@readonly_view
def engagement_scan(request: SignedInRequest, pk: int) -> HttpResponse:
    """The letter as it came back signed."""
    letter = letter_to_read(request, pk)
    if letter.scan is None:
        raise Http404
    return serve_attachment(letter.scan)  # type: ignore[return-value]
