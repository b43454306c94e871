"""Screens of the papers: what can be ordered, what was, where it stands, and the file."""

from typing import Any
from urllib.parse import urlencode

from csp.decorators import csp_exempt
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.http import SignedInRequest, readonly_view, require, writes
from documents.enums import Format
from documents.forms import FormatForm, prefilled_form
from documents.kinds import Kind, PaperRefused, shared_kind, shared_kinds
from documents.models import Document, Pin
from documents.permissions import (
    can_order_paper,
    can_pin_paper,
    can_read_document,
    can_retry_document,
)
from documents.services import order_document, retry_document
from documents.services.pins import why_not_in_force
from documents.views.files import file_response
from territories.models import Project

ORDERS_PER_PAGE = 50


@readonly_view
def document_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The papers of a project: those that can be ordered, and every one that was."""
    project, kinds = _project(request, project_pk)
    orders = project.documents.visible_to(request.user).shared().for_list().latest_first()
    page = Paginator(orders, ORDERS_PER_PAGE).get_page(request.GET.get("page"))
    context = _place_of(request, project) | {
        "kinds": kinds,
        "page": page,
        # Rows of one project share their rights: asked once for each kind, not for each row.
        "can_retry_kinds": {kind.code for kind in kinds},
        "pin": Pin.objects.in_force()
        .read_by(request.user)
        .with_file()
        .filter(project=project)
        .first(),
        "can_pin": can_pin_paper(request.user, project),
    }
    return render(request, "documents/document_list.html", context)


@writes("POST")
def document_order(request: SignedInRequest, project_pk: int, kind: str) -> HttpResponse:
    """Choose what a paper shows, and order it."""
    project, kinds = _project(request, project_pk)
    paper = _kind_or_404(kind)
    require(paper in kinds)
    form = prefilled_form(paper, project, request.GET, reader=request.user)
    format_form = FormatForm(kind=paper, initial={"format": _format_typed(request, paper)})
    if request.method == "POST":
        form = paper.form(request.POST, project=project, reader=request.user)
        format_form = FormatForm(request.POST, kind=paper)
        # Both, so that all that is to be corrected is said at once.
        if all([form.is_valid(), format_form.is_valid()]):
            try:
                document = order_document(
                    kind=paper,
                    project=project,
                    parameters=form.parameters,
                    by=request.user,
                    asked=format_form.chosen,
                )
            except PaperRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("documents:document_detail", pk=document.pk)
    context = {"kind": paper, "form": form, "format_form": format_form}
    return render(request, "documents/document_order.html", _place_of(request, project) | context)


@readonly_view
def document_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where one order stands, followed until it is settled, then its file."""
    document = _document(request, pk)
    return render(request, "documents/document_detail.html", _state_of(request, document))


@readonly_view
def document_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """The part of the page that changes; 204 when it would say what is already on screen."""
    document = _document(request, pk)
    if not request.htmx:
        return redirect("documents:document_detail", pk=document.pk)
    if request.GET.get("vu") == document.progress_mark:
        return HttpResponse(status=204)
    return render(request, "documents/document_detail.html#state", _state_of(request, document))


# The browser's own reader draws the file with styles of its own, which our policy would refuse.
@csp_exempt()  # type: ignore[arg-type]
@readonly_view
def document_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file, read in the browser; asked for again, it is sent only if it changed."""
    document = _document(request, pk)
    if document.printed_file is None:
        raise Http404
    response = file_response(request, document)
    return response or redirect("documents:document_detail", pk=document.pk)


@writes("POST")
def document_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Print again what failed, or what the storage has lost."""
    document = _document(request, pk)
    require(can_retry_document(request.user, document))
    if request.method == "POST" and not retry_document(document=document):
        messages.info(request, "Ce document n’a pas besoin d’être imprimé à nouveau.")
    return redirect("documents:document_detail", pk=document.pk)


def _project(request: SignedInRequest, pk: int) -> tuple[Project, list[Kind]]:
    """A project that this person reads, or of which they may order something; and what."""
    known = Project.objects.known_to(request.user).select_related("territory")
    project = get_object_or_404(known, pk=pk)
    # Papers of one subject have one rule: asked once.
    rules = {kind.may_order: kind for kind in shared_kinds()}
    granted = {rule for rule, kind in rules.items() if can_order_paper(request.user, project, kind)}
    kinds = [kind for kind in shared_kinds() if kind.may_order in granted]
    if not kinds and not _reads_present(request, project):
        raise Http404
    return project, kinds


def _reads_present(request: SignedInRequest, project: Project) -> bool:
    return Project.objects.visible_to(request.user).filter(pk=project.pk).exists()


def _document(request: SignedInRequest, pk: int) -> Document:
    document = get_object_or_404(Document.objects.visible_to(request.user).for_list(), pk=pk)
    if document.is_personal and not can_read_document(request.user, document):
        raise Http404
    return document


def _format_typed(request: SignedInRequest, kind: Kind) -> str:
    """What an address already chooses, when the kind has it: `?format=word`."""
    typed = request.GET.get("format", "")
    return typed if typed in kind.offered_formats else kind.offered_formats[0].value


def _kind_or_404(code: str) -> Kind:
    try:
        return shared_kind(code)
    except PaperRefused as unknown:
        raise Http404 from unknown


def _place_of(request: SignedInRequest, project: Project) -> dict[str, Any]:
    """Around a page of the papers of a project; one query."""
    return {
        "territory": project.territory,
        "project": project,
        "section": "documents",
        "reads_frozen_only": not _reads_present(request, project),
    }


def _state_of(request: SignedInRequest, document: Document) -> dict[str, Any]:
    can_retry = can_retry_document(request.user, document)
    place = {"section": "sheets"} if document.is_personal else _place_of(request, document.project)
    return place | {
        "document": document,
        "time_zone": document.project.territory.time_zone,
        "is_lost": document.is_ready and document.is_worth_printing_again(),
        "can_retry": can_retry,
        "again_url": _order_url(document) if can_retry and not document.is_personal else "",
        **_in_force(request, document),
    }


def _in_force(request: SignedInRequest, document: Document) -> dict[str, Any]:
    """Whether it is the « livret en vigueur », and whether this person may make it so."""
    return {
        "is_in_force": Pin.objects.filter(document=document).exists(),
        "can_pin": not why_not_in_force(document) and can_pin_paper(request.user, document.project),
    }


def _order_url(document: Document) -> str:
    """The page of the choices, filled in as for this order."""
    address = reverse("documents:document_order", args=[document.project_id, document.kind])
    chosen = {name: value for name, value in document.parameters.items() if value is not None}
    if document.format != Format.PDF:
        chosen["format"] = document.format
    return f"{address}?{urlencode(chosen, doseq=True)}".rstrip("?")
