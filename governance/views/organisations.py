"""The organisations of a territory: found, known, kept."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, address_with, readonly_view, writes
from governance.enums import EthicalDecision, OrganisationCategory
from governance.forms.organisations import (
    CloseForm,
    EthicsForm,
    OrganisationFilterForm,
    OrganisationForm,
)
from governance.models import Organisation, Person
from governance.permissions import can_manage_people
from governance.services.organisations import (
    add_organisation,
    close_organisation,
    correct_organisation,
    decide_on_ethics,
    remove_organisation,
    reopen_organisation,
)
from governance.summaries.history import history_of
from governance.summaries.uses import uses_of
from governance.views.doors import (
    directory_page,
    organisation_of,
    territory_to_keep,
    territory_to_read,
)
from governance.writing import DirectoryRefused, Homonym
from territories.models import Territory

PER_PAGE = 100


@readonly_view
def organisation_list(request: SignedInRequest, code: str) -> HttpResponse:
    """The organisations of the territory, by category and by words; the address keeps both."""
    territory = territory_to_read(request, code)
    can_manage = can_manage_people(request.user, territory)
    form = OrganisationFilterForm(request.GET)
    everything = Organisation.objects.of(territory)
    found = everything.with_words(form.words)
    counts = found.counts_by_category()
    if form.category:
        found = found.filter(category=form.category)
    page = Paginator(found.with_people_count(), PER_PAGE).get_page(request.GET.get("page"))
    choices = {"mots": form.words, "categorie": form.category}
    chosen = {name: value for name, value in choices.items() if value}
    context = directory_page(territory) | {
        "form": form,
        "words": form.words,
        "category": form.category,
        "facets": _facets(counts, chosen),
        "query": urlencode(chosen),
        "page": page,
        "total": sum(counts.values()),
        "waiting": _waiting(territory) if can_manage else [],
        "can_manage": can_manage,
    }
    return render(request, "governance/organisation_list.html", context)


def _facets(counts: dict[str, int], chosen: dict[str, str]) -> list[tuple[str, str, int, str]]:
    """Each category that holds something: its code, its label, how many, and its address."""
    return [
        (code, str(label), counts[code], address_with(chosen, "categorie", code))
        for code, label in OrganisationCategory.choices
        if counts.get(code)
    ]


def _waiting(territory: Territory) -> list[Organisation]:
    """Those that the ethical frame would exclude, before anything was decided. One query.

    The two that the source names are found by their words, and looked at one by one.
    """
    words = Q(folded__contains="citoyens") | Q(folded__contains="ccdh")
    rows = Organisation.objects.of(territory).filter(ethical_decision="")
    return [
        row for row in rows.filter(words | Q(promotes_unrecognised=True)) if row.awaits_decision
    ]


@readonly_view
def organisation_detail(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """One organisation: its people, where it is named, and for who keeps it how to reach it."""
    territory = territory_to_read(request, code)
    organisation = organisation_of(territory, pk)
    can_manage = can_manage_people(request.user, territory)
    people = list(Person.objects.of(territory).filter(organisation=organisation))
    uses = uses_of(organisation, named=can_manage)
    context = directory_page(territory) | {
        "organisation": organisation,
        "people": people,
        "uses": uses,
        "can_manage": can_manage,
        "can_remove": can_manage and not uses and not people,
        "history": history_of(organisation) if can_manage else [],
    }
    return render(request, "governance/organisation_detail.html", context)


@writes("POST")
def organisation_add(request: SignedInRequest, code: str) -> HttpResponse:
    """Add an organisation to the directory."""
    territory = territory_to_keep(request, code)
    organisation = Organisation(territory=territory)
    form = OrganisationForm(request.POST or None, instance=organisation, territory=territory)
    if form.is_valid():
        try:
            add_organisation(
                organisation=organisation,
                by=request.user,
                is_other=form.cleaned_data["is_other"],
            )
        except Homonym as refusal:
            form.ask_whether_other()
            form.add_error(None, str(refusal))
        except DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{organisation} est maintenant dans l’annuaire.")
            return _to(organisation)
    context = directory_page(territory) | {"form": form, "organisation": None}
    return render(request, "governance/organisation_edit.html", context)


@writes("POST")
def organisation_edit(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Correct an organisation."""
    territory = territory_to_keep(request, code)
    organisation = organisation_of(territory, pk)
    name = str(organisation)
    form = OrganisationForm(request.POST or None, instance=organisation, territory=territory)
    if form.is_valid():
        try:
            correct_organisation(
                organisation=organisation, seen=form.cleaned_data["seen"], by=request.user
            )
        except DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{organisation}\u00a0: enregistré.")
            return _to(organisation)
    context = directory_page(territory) | {
        "form": form,
        "organisation": organisation,
        "name": name,
    }
    return render(request, "governance/organisation_edit.html", context)


@writes("POST")
def organisation_close(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Note that an organisation closed, once confirmed."""
    territory = territory_to_keep(request, code)
    organisation = organisation_of(territory, pk)
    form = CloseForm(request.POST or None, today=territory.today())
    if form.is_valid():
        try:
            close_organisation(
                organisation=organisation, on=form.cleaned_data["closed_on"], by=request.user
            )
        except DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{organisation} est notée comme fermée.")
            return _to(organisation)
    context = directory_page(territory) | {"form": form, "organisation": organisation}
    return render(request, "governance/organisation_close.html", context)


@writes("POST")
def organisation_reopen(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Take back an organisation that was noted as closed; a reading goes back to its page."""
    organisation = organisation_of(territory_to_keep(request, code), pk)
    if request.method == "POST":
        try:
            reopen_organisation(organisation=organisation, by=request.user)
            messages.success(request, f"{organisation} est de nouveau dans l’annuaire.")
        except DirectoryRefused as refusal:
            messages.error(request, str(refusal))
    return _to(organisation)


@writes("POST")
def organisation_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Take out an organisation that nothing names, once confirmed."""
    territory = territory_to_keep(request, code)
    organisation = organisation_of(territory, pk)
    if request.method == "POST":
        try:
            remove_organisation(organisation=organisation, by=request.user)
        except DirectoryRefused as refusal:
            messages.error(request, str(refusal))
            return _to(organisation)
        messages.success(request, f"{organisation} n’est plus dans l’annuaire.")
        return redirect("governance:organisation_list", code=territory.code)
    context = directory_page(territory) | {"organisation": organisation}
    return render(request, "governance/organisation_remove.html", context)


@writes("POST")
def organisation_ethics(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Decide of an organisation that the ethical frame would exclude, and say why."""
    territory = territory_to_keep(request, code)
    organisation = organisation_of(territory, pk)
    if not organisation.would_be_excluded:
        messages.info(request, f"Rien dans le cadre éthique n’exclut {organisation}.")
        return _to(organisation)
    form = EthicsForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        try:
            decide_on_ethics(
                organisation=organisation,
                decision=EthicalDecision(form.cleaned_data["decision"]),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
        except DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre décision et son motif sont gardés.")
            return _to(organisation)
    context = directory_page(territory) | {"form": form, "organisation": organisation}
    return render(request, "governance/organisation_ethics.html", context)


def _to(organisation: Organisation) -> HttpResponse:
    """Back to its page."""
    code = organisation.territory.code
    return redirect("governance:organisation_detail", code=code, pk=organisation.pk)
