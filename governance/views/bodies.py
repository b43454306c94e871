"""The bodies of a project: listed, added from a proposal, kept, put in order, ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP
from governance.forms.bodies import BodyForm, EndBodyForm
from governance.imports.proposals import body_proposals, proposal_of
from governance.models import Body, Seat
from governance.permissions import can_lead_governance
from governance.services.bodies import (
    add_body,
    bring_back_body,
    end_body,
    place_body,
    quoted,
    write_body,
)
from governance.summaries.compositions import composition_of, sat
from governance.views.body_doors import (
    asked_day,
    body_page,
    body_to_keep,
    governance_page,
    project_to_govern,
    readable_body,
    readable_project,
)
from governance.writing import GovernanceRefused
from territories.writing import writing


@readonly_view
def body_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Every body in order, those that ended after them; what may be added."""
    project = readable_project(request, project_pk)
    bodies = list(Body.objects.of(project))
    context = governance_page(project) | {
        "sitting": [body for body in bodies if body.ended_on is None],
        "ended": [body for body in bodies if body.ended_on is not None],
        "proposals": body_proposals(),
        "can_lead": can_lead_governance(request.user, project),
    }
    return render(request, "governance/body_list.html", context)


@writes("POST")
def body_add(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """A new body, from the proposal of the address (`?modele=copil`)."""
    project = project_to_govern(request, project_pk)
    proposal = proposal_of(request.GET.get("modele", ""))
    body = Body(
        project=project,
        kind=proposal.kind,
        name=proposal.name,
        mission=proposal.mission,
        rhythm=proposal.rhythm,
    )
    form = BodyForm(request.POST or None, instance=body, revision=project.revision)
    if form.is_valid():
        try:
            token = form.cleaned_data["token"]
            body = add_body(project, body=form.instance, by=request.user, token=token)
        except GovernanceRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(
                request,
                f"L’instance {quoted(body)} est installée{NBSP}: dites maintenant qui y siège.",
                extra_tags=f"draft:instance-nouvelle-{project.pk}",
            )
            return redirect("governance:body_detail", body.pk)
    context = governance_page(project) | {"form": form, "proposal": proposal}
    return render(request, "governance/body_add.html", context)


@readonly_view
def body_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a body is for, and who sat there on a day; what its composition lacks today."""
    body = readable_body(request, pk)
    today = body.project.territory.today()
    on = asked_day(request, today=today)
    seats = Seat.objects.filter(body=body).with_people().in_order()
    composition = composition_of(body, seats, on=on, judges=on >= today)
    context = body_page(body) | {
        "composition": composition,
        "on": on,
        "today": today,
        "is_past": on < today,
        "was_sitting": sat(body, on=on),
        "can_lead": can_lead_governance(request.user, body.project),
    }
    return render(request, "governance/body_detail.html", context)


@writes("POST")
def body_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a body is; what somebody else wrote meanwhile is not written over."""
    body = body_to_keep(request, pk)
    project = body.project
    if request.method != "POST":
        form = BodyForm(instance=body, revision=project.revision)
    else:
        form = _saved_body(request, body)
        if not form.errors:
            messages.success(
                request,
                f"L’instance {quoted(form.instance)} est enregistrée.",
                extra_tags=f"draft:instance-{pk}",
            )
            return redirect("governance:body_detail", pk)
    return render(request, "governance/body_edit.html", body_page(body) | {"form": form})


def _saved_body(request: SignedInRequest, body: Body) -> BodyForm:
    """The form once sent; without errors, it is saved."""
    with writing(body.project, by=request.user, on_paper=False) as made:
        present = Body.objects.with_place().get(pk=body.pk)
        form = BodyForm(request.POST, instance=present, revision=body.project.revision)
        if form.is_valid():
            try:
                made.words = write_body(form.instance)
            except GovernanceRefused as refusal:
                form.add_error("name", str(refusal))
    return form


@writes("POST")
def body_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another rank for a body; a reading goes back to the list."""
    body = body_to_keep(request, pk)
    rank = request.POST.get("rang", "")
    if request.method == "POST" and rank.isdecimal():
        try:
            place_body(body=body, rank=int(rank[:4]), by=request.user)
            messages.success(request, f"L’instance {quoted(body)} est déplacée.")
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    address = reverse("governance:body_list", args=[body.project_id])
    return redirect(f"{address}#instance-{body.pk}")


@writes("POST")
def body_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say from which day a body sits no more, once confirmed."""
    body = body_to_keep(request, pk)
    today = body.project.territory.today()
    form = EndBodyForm(request.POST or None, today=today)
    if form.is_valid():
        try:
            end_body(body=body, on=form.cleaned_data["on"], by=request.user)
        except GovernanceRefused as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, f"L’instance {quoted(body)} est terminée.")
            return redirect("governance:body_list", body.project_id)
    context = body_page(body) | {
        "form": form,
        "seat_count": Seat.objects.filter(body=body).on(today).count(),
    }
    return render(request, "governance/body_end.html", context)


@writes("POST")
def body_bring_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let an ended body sit again; a reading goes back to it."""
    body = body_to_keep(request, pk)
    if request.method == "POST":
        try:
            bring_back_body(body=body, by=request.user)
            messages.success(
                request,
                f"L’instance {quoted(body)} siège de nouveau{NBSP}: vérifiez sa composition.",
            )
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("governance:body_detail", pk)
