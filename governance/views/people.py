"""The directory of a territory: who is in it, and keeping it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from governance.forms.people import LeaveForm, PersonForm, SearchForm
from governance.models import Person
from governance.permissions import can_manage_people
from governance.services.people import (
    PersonRefused,
    add_person,
    correct_person,
    remove_person,
    say_back,
    say_gone,
)
from governance.summaries.history import history_of
from governance.summaries.uses import uses_of
from governance.views.doors import (
    directory_page,
    person_of,
    person_to_keep,
    territory_to_keep,
    territory_to_read,
)
from governance.writing import Homonym
from territories.services import MembershipRefused

PEOPLE_PER_PAGE = 100


@readonly_view
def person_list(request: SignedInRequest, code: str) -> HttpResponse:
    """The people of the territory; how to reach them, for whoever keeps the directory."""
    territory = territory_to_read(request, code)
    form = SearchForm(request.GET or None)
    words = form.cleaned_data["mots"] if form.is_valid() else ""
    people = Person.objects.of(territory).with_words(words).for_list()
    context = directory_page(territory) | {
        "form": form,
        "words": words,
        "query": urlencode({"mots": words} if words else {}),
        "page": Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
        "can_manage": can_manage_people(request.user, territory),
    }
    return render(request, "governance/person_list.html", context)


@readonly_view
def person_detail(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Somebody: what they do and where; how to reach them, for who keeps the directory."""
    territory = territory_to_read(request, code)
    person = person_of(territory, pk)
    can_manage = can_manage_people(request.user, territory)
    uses = uses_of(person, named=can_manage)
    context = directory_page(territory) | {
        "person": person,
        "uses": uses,
        "can_manage": can_manage,
        "can_remove": can_manage and not uses,
        "history": history_of(person) if can_manage else [],
    }
    return render(request, "governance/person_detail.html", context)


@writes("POST")
def person_add(request: SignedInRequest, code: str) -> HttpResponse:
    """Add somebody to the directory."""
    territory = territory_to_keep(request, code)
    person = Person(territory=territory)
    form = PersonForm(request.POST or None, instance=person, territory=territory)
    if form.is_valid():
        try:
            add_person(person=person, by=request.user, is_other=form.cleaned_data["is_other"])
        except Homonym as refusal:
            form.ask_whether_other()
            form.add_error(None, str(refusal))
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person} est maintenant dans l’annuaire.")
            return redirect("governance:person_list", code=territory.code)
    context = directory_page(territory) | {"form": form, "person": None}
    return render(request, "governance/person_edit.html", context)


@writes("POST")
def person_edit(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Correct somebody, or tie them to an account."""
    territory, person = person_to_keep(request, code, pk)
    name = str(person)
    form = PersonForm(request.POST or None, instance=person, territory=territory)
    if form.is_valid():
        try:
            correct_person(person=person, seen=form.cleaned_data["seen"], by=request.user)
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person} : enregistré.")
            return redirect("governance:person_list", code=territory.code)
    context = directory_page(territory) | {"form": form, "person": person, "name": name}
    return render(request, "governance/person_edit.html", context)


@writes("POST")
def person_leave(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Note that somebody left, once confirmed."""
    territory, person = person_to_keep(request, code, pk)
    has_access = person.user != request.user and territory.place_of(person.user) is not None
    form = LeaveForm(request.POST or None, today=territory.today(), has_access=has_access)
    if form.is_valid():
        try:
            is_suspended = say_gone(
                person=person,
                on=form.cleaned_data["left_on"],
                suspends=form.cleaned_data.get("suspends", False),
                by=request.user,
            )
        except (PersonRefused, MembershipRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            more = " Son accès est suspendu." if is_suspended else ""
            messages.success(request, f"{person} est notée comme partie.{more}")
            return redirect("governance:person_list", code=territory.code)
    context = directory_page(territory) | {"form": form, "person": person}
    return render(request, "governance/person_leave.html", context)


@writes("POST")
def person_return(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Take back somebody who was noted as gone; a reading goes back to the list."""
    territory, person = person_to_keep(request, code, pk)
    if request.method == "POST":
        try:
            say_back(person=person, by=request.user)
            messages.success(request, f"{person} est de nouveau dans l’annuaire.")
        except PersonRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("governance:person_list", code=territory.code)


@writes("POST")
def person_remove(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Take somebody out of the directory whom nothing names, once confirmed."""
    territory, person = person_to_keep(request, code, pk)
    if request.method == "POST":
        try:
            remove_person(person=person, by=request.user)
        except PersonRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("governance:person_detail", code=territory.code, pk=pk)
        messages.success(request, f"{person} n’est plus dans l’annuaire.")
        return redirect("governance:person_list", code=territory.code)
    context = directory_page(territory) | {"person": person}
    return render(request, "governance/person_remove.html", context)
