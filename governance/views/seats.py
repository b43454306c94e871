"""The seats of a body: one or several added, kept, ended, passed to somebody else."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from core.http import SignedInRequest, writes
from core.text import NBSP, listed
from governance.enums import Capacity, SeatRole
from governance.forms.seats import EndSeatForm, ManyForm, PickForm, ReplaceForm, SeatForm
from governance.models import Body, Person, PersonQuerySet, Seat
from governance.services.bodies import quoted
from governance.services.seats import (
    SeatsAdded,
    add_people,
    add_seat,
    end_seat,
    present_seat,
    remove_seat,
    replace_holder,
    write_seat,
)
from governance.views.body_doors import body_page, body_to_keep, seat_to_keep
from governance.writing import GovernanceRefused
from territories.writing import writing

PEOPLE_PER_PAGE = 50
MOST_TICKED = 200


@writes("POST")
def seat_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """One seat more, held or vacant; the address may say its capacity and its role."""
    body = body_to_keep(request, pk)
    seat = Seat(
        body=body,
        capacity=_known(request.GET.get("qualite", ""), Capacity.values, Capacity.OTHER),
        role=_known(request.GET.get("role", ""), SeatRole.values, SeatRole.MEMBER),
    )
    form = SeatForm(
        request.POST or None,
        instance=seat,
        revision=body.project.revision,
        territory=body.project.territory,
    )
    if form.is_valid():
        try:
            token = form.cleaned_data["token"]
            add_seat(body, seat=form.instance, by=request.user, token=token)
        except GovernanceRefused as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(
                request, "Le siège est ajouté.", extra_tags=f"draft:siege-nouveau-{body.pk}"
            )
            return redirect("governance:body_detail", body.pk)
    return render(request, "governance/seat_add.html", body_page(body) | {"form": form})


@writes("POST")
def seat_add_many(request: SignedInRequest, pk: int) -> HttpResponse:
    """Several people of the directory at once: looked for, ticked, given a seat each."""
    body = body_to_keep(request, pk)
    sent = request.POST if request.method == "POST" else request.GET
    ticked = [int(key) for key in sent.getlist("personne")[:MOST_TICKED] if key.isdecimal()]
    if request.method == "POST" and "chercher" in request.POST:
        return _search_again(request, body, ticked)
    form = ManyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        people = list(_people(body).filter(pk__in=ticked))
        if not people:
            form.add_error(None, "Cochez au moins une personne de la liste.")
        elif _give_seats(request, body, people, form):
            return redirect("governance:body_detail", body.pk)
    search = PickForm(sent)
    found = _found(body, search, ticked)
    context = body_page(body) | {
        "form": form,
        "search": search,
        "ticked": ticked,
        "page": Paginator(found, PEOPLE_PER_PAGE).get_page(sent.get("page")),
        "seated": set(
            Seat.objects.filter(body=body)
            .on(body.project.territory.today())
            .values_list("person", flat=True)
        ),
    }
    return render(request, "governance/seat_add_many.html", context)


def _people(body: Body) -> PersonQuerySet:
    people = Person.objects.of(body.project.territory).filter(left_on=None)
    return people.select_related("organisation")


def _found(body: Body, search: PickForm, ticked: list[int]) -> PersonQuerySet:
    """Who answers to the search; those ticked already come first, whatever is looked for."""
    chosen = search.cleaned_data if search.is_valid() else {}
    people = _people(body).with_words(chosen.get("mots", ""))
    if category := chosen.get("categorie"):
        people = people.filter(organisation__category=category)
    if ticked:
        people = people | _people(body).filter(pk__in=ticked)
    first = Case(When(pk__in=ticked, then=Value(0)), default=Value(1), output_field=IntegerField())
    return people.order_by(first, "folded", "pk") if ticked else people.order_by("folded", "pk")


def _search_again(request: SignedInRequest, body: Body, ticked: list[int]) -> HttpResponse:
    """The search goes in the address, with what was ticked."""
    words = {name: request.POST.get(name, "") for name in ("mots", "categorie")}
    query = urlencode([*words.items(), *(("personne", key) for key in ticked)])
    address = reverse("governance:seat_add_many", args=[body.pk])
    return HttpResponseRedirect(f"{address}?{query}")


def _give_seats(request: SignedInRequest, body: Body, people: list[Person], form: ManyForm) -> bool:
    try:
        done = add_people(
            body,
            people=people,
            capacity=form.cleaned_data["capacity"],
            starts_on=form.cleaned_data["starts_on"],
            by=request.user,
            token=form.cleaned_data["token"],
        )
    except GovernanceRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _given(done, body))
    return True


def _given(done: SeatsAdded, body: Body) -> str:
    said = []
    if done.added:
        said.append(f"Siègent maintenant dans {quoted(body)}{NBSP}: {listed(list(done.added))}.")
    if done.already:
        said.append(f"Y siégeaient déjà{NBSP}: {listed(list(done.already))}.")
    return " ".join(said)


@writes("POST")
def seat_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who holds a seat, for whom; what somebody else wrote meanwhile is not written over."""
    seat = seat_to_keep(request, pk)
    project = seat.body.project
    if request.method != "POST":
        form = SeatForm(instance=seat, revision=project.revision, territory=project.territory)
    else:
        try:
            form = _saved_seat(request, seat)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("governance:body_detail", seat.body_id)
        if not form.errors:
            messages.success(request, "Le siège est enregistré.", extra_tags=f"draft:siege-{pk}")
            return redirect("governance:body_detail", seat.body_id)
    context = body_page(seat.body) | {"form": form, "seat": seat}
    return render(request, "governance/seat_edit.html", context)


def _saved_seat(request: SignedInRequest, seat: Seat) -> SeatForm:
    """The form once sent; without errors, it is saved."""
    project = seat.body.project
    with writing(project, by=request.user, on_paper=False) as made:
        form = SeatForm(
            request.POST,
            instance=present_seat(seat),
            revision=project.revision,
            territory=project.territory,
        )
        if form.is_valid():
            try:
                made.words = write_seat(form.instance)
            except GovernanceRefused as refusal:
                form.add_error("person", str(refusal))
    return form


@writes("POST")
def seat_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a mandate, or take away a seat typed by mistake, once confirmed."""
    seat = seat_to_keep(request, pk)
    today = seat.body.project.territory.today()
    is_mistake = request.POST.get("erreur") == "1"
    form = EndSeatForm(None if is_mistake else request.POST or None, today=today)
    try:
        if request.method == "POST" and is_mistake:
            remove_seat(seat=seat, by=request.user)
            messages.success(request, "Le siège est retiré.")
            return redirect("governance:body_detail", seat.body_id)
        if form.is_valid():
            end_seat(seat=seat, on=form.cleaned_data["on"], by=request.user)
            messages.success(request, "Le mandat est terminé. Il reste dans l’historique.")
            return redirect("governance:body_detail", seat.body_id)
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))
    context = body_page(seat.body) | {"form": form, "seat": seat}
    return render(request, "governance/seat_end.html", context)


@writes("POST")
def seat_replace(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody takes a seat the day after another one leaves it."""
    seat = seat_to_keep(request, pk)
    form = ReplaceForm(request.POST or None, seat=seat, territory=seat.body.project.territory)
    if form.is_valid():
        try:
            chosen = form.cleaned_data
            replace_holder(
                seat=seat,
                person=chosen["person"],
                on=chosen["on"],
                keeps_organisation=chosen["keeps_organisation"],
                by=request.user,
                token=chosen["token"],
            )
        except GovernanceRefused as refusal:
            form.add_error("person", str(refusal))
        else:
            messages.success(request, f"{chosen['person']} prend le siège.")
            return redirect("governance:body_detail", seat.body_id)
    context = body_page(seat.body) | {"form": form, "seat": seat}
    return render(request, "governance/seat_replace.html", context)


def _known(code: str, codes: list[str], usual: str) -> str:
    return code if code in codes else usual
