"""What the lead does of the « livret en vigueur »: put in force, taken away, opened by a link."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, require, writes
from core.text import NBSP
from documents.forms import PinLinkForm
from documents.models import Document, Pin, PinLink
from documents.permissions import can_pin_paper
from documents.services.pins import (
    PinRefused,
    address_of,
    make_pin_link,
    pin_document,
    revoke_pin_link,
    unpin,
    why_not_in_force,
)
from territories.models import Project


@writes("POST")
def document_pin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put one booklet in force, once it is known in place of which and who will read it."""
    readable = Document.objects.visible_to(request.user).shared().for_list()
    document = get_object_or_404(readable, pk=pk)
    require(can_pin_paper(request.user, document.project))
    refused = why_not_in_force(document)
    if request.method == "POST":
        try:
            pin_document(document=document, seen=_seen(request), by=request.user)
        except PinRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"«{NBSP}{document.title}{NBSP}» est le livret en vigueur.")
            return redirect("documents:pin_detail", document.project_id)
    pin = Pin.objects.with_file().filter(project=document.project).first()
    context = _place_of(document.project) | {
        "document": document,
        "pin": pin,
        "seen": str(pin.document_id or "") if pin else "",
        "cannot": why_not_in_force(document),
        "refused": refused,
        "links": PinLink.objects.usable().filter(project=document.project).count(),
    }
    return render(request, "documents/document_pin.html", context)


@readonly_view
def pin_detail(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The booklet in force, and the addresses that open it without an account."""
    project = _project_to_lead(request, project_pk)
    return render(request, "documents/pin_detail.html", _pin_page(project, PinLinkForm()))


@writes("POST")
def pin_remove(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Leave the project without a booklet in force."""
    project = _project_to_lead(request, project_pk)
    refused = ""
    if request.method == "POST":
        try:
            unpin(project=project, seen=_seen(request), by=request.user)
        except PinRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request, "Plus aucun livret n’est en vigueur. Le fichier reste parmi les documents."
            )
            return redirect("documents:pin_detail", project_pk)
    pin = Pin.objects.in_force().with_file().filter(project=project).first()
    if pin is None:
        return redirect("documents:pin_detail", project_pk)
    context = _place_of(project) | {
        "pin": pin,
        "refused": refused,
        "links": PinLink.objects.usable().filter(project=project).count(),
    }
    return render(request, "documents/pin_remove.html", context)


@writes("POST")
def pin_link_add(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Make an address for people without an account."""
    project = _project_to_lead(request, project_pk)
    if request.method != "POST":
        return redirect("documents:pin_detail", project_pk)
    form = PinLinkForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        made = make_pin_link(
            project=project,
            meant_for=typed["meant_for"],
            valid_for=dt.timedelta(days=typed["days"]),
            token=typed["token"],
            by=request.user,
        )
        messages.success(request, f"Le lien pour «{NBSP}{made.meant_for}{NBSP}» est prêt à copier.")
        return redirect("documents:pin_detail", project_pk)
    return render(request, "documents/pin_detail.html", _pin_page(project, form))


@writes("POST")
def pin_link_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make one of these addresses open nothing any more."""
    visible = Project.objects.visible_to(request.user)
    links = PinLink.objects.with_place().filter(project__in=visible)
    pin_link = get_object_or_404(links, pk=pk)
    require(can_pin_paper(request.user, pin_link.project))
    if request.method == "POST":
        if revoke_pin_link(pin_link=pin_link, by=request.user):
            words = f"Le lien pour «{NBSP}{pin_link.meant_for}{NBSP}» n’ouvre plus rien."
            messages.success(request, words)
        else:
            messages.info(request, "Ce lien était déjà retiré.")
        return redirect("documents:pin_detail", pin_link.project_id)
    context = _place_of(pin_link.project) | {"pin_link": pin_link}
    return render(request, "documents/pin_link_revoke.html", context)


def _project_to_lead(request: SignedInRequest, pk: int) -> Project:
    """A project whose booklet this person puts in force. Two queries."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)
    require(can_pin_paper(request.user, project))
    return project


def _seen(request: SignedInRequest) -> str:
    """What the page showed as in force."""
    return str(request.POST.get("seen", ""))[:20]


def _pin_page(project: Project, form: PinLinkForm) -> dict[str, Any]:
    """The page of the booklet in force; three queries."""
    pin = Pin.objects.in_force().with_file().filter(project=project).first()
    rows = PinLink.objects.for_list().filter(project=project)
    return _place_of(project) | {
        "pin": pin,
        "is_lost": bool(pin and pin.document and why_not_in_force(pin.document)),
        "links": [(row, address_of(row) if row.link.is_usable() else "") for row in rows],
        "form": form,
    }


def _place_of(project: Project) -> dict[str, Any]:
    return {"territory": project.territory, "project": project, "section": "documents"}
