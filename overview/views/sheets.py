"""The action sheets of every territory that one reads, in one list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.http import SignedInRequest, push_address, readonly_view, render_part, writes
from core.text import grouped
from documents.kinds import PaperRefused, kind_of
from documents.models import Document
from documents.services import order_document
from overview.drawings import draw_rows
from overview.exports import CODE, parameters_of
from overview.forms import EverySheetForm
from overview.summaries import (
    chosen_sheets,
    current_projects,
    facets_of,
    in_order_of,
    rows_of,
)
from roadmap.models import Action
from roadmap.models.actions import ActionQuerySet

if TYPE_CHECKING:
    # Generic for the type checker alone.
    from django.core.paginator import Page

ROWS_PER_PAGE = 100
EXPORTS_SHOWN = 3


@writes("POST")
def sheet_export(request: SignedInRequest) -> HttpResponse:
    """Order what the filters keep as a workbook, and follow it. About fifteen queries."""
    projects = current_projects(request.user)
    form = EverySheetForm(request.GET, projects=projects)
    form.is_valid()
    address = "?".join(filter(None, [reverse("overview:sheet_list"), urlencode(form.choices_made)]))
    if request.method != "POST" or not projects:
        return redirect(address)
    try:
        document = order_document(
            kind=kind_of(CODE),
            # It is kept with the first of them, and shown to nobody else.
            project=projects[0],
            parameters=parameters_of(request.user, projects, form.choices_made),
            by=request.user,
        )
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    return redirect("documents:document_detail", pk=document.pk)


@readonly_view
def sheet_list(request: SignedInRequest) -> HttpResponse:
    """The sheets of every territory, filtered, sorted, a hundred to a page. Eleven queries."""
    projects = current_projects(request.user)
    whole = Action.objects.live().filter(project__in=projects).count()
    form = EverySheetForm(request.GET, projects=projects)
    form.is_valid()
    choices = form.choices_made
    filters = {name: value for name, value in choices.items() if name != "tri"}
    found = chosen_sheets(projects, {**filters, "statut": ""})
    facets = facets_of(found)
    status = choices.get("statut")
    count = sum(facet.count for facet in facets if status in {None, facet.code})
    shown = found.with_status(status) if status else found
    ordered = in_order_of(shown, choices.get("tri", "")).for_rows()
    page = _page(ordered, request.GET.get("page"), count=count)
    rows = rows_of(page.object_list, {project.pk: project for project in projects})
    has_regions = "region" in form.fields
    kept = urlencode(choices)
    context = {
        "section": "sheets",
        "form": form,
        "choices": choices,
        "facets": [
            (facet, grouped(facet.count), _address(choices, statut=facet.code)) for facet in facets
        ],
        "has_territories": bool(projects),
        "has_sheets": bool(whole),
        "whole": grouped(whole),
        "count": count,
        "is_filtered": bool(filters),
        "drawn": draw_rows(rows, with_regions=has_regions),
        "page": page,
        "kept": kept,
        "exports": _exports(request),
    }
    response = render_part(request, "overview/sheet_list.html", "results", context)
    return push_address(request, response, kept)


def _exports(request: SignedInRequest) -> list[Document]:
    """The latest workbooks that they ordered here. One query."""
    ordered = Document.objects.visible_to(request.user).filter(kind=CODE)
    return list(ordered.for_list().latest_first()[:EXPORTS_SHOWN])


def _address(choices: Mapping[str, str], **wanted: str) -> str:
    """The same list with another choice; the same filter again takes it away."""
    kept = {name: value for name, value in choices.items() if name not in wanted}
    kept |= {name: value for name, value in wanted.items() if choices.get(name) != value}
    return "?" + urlencode(kept)


def _page(sheets: ActionQuerySet, wanted: str | None, *, count: int) -> "Page[Action]":
    """One page of sheets that are counted already."""
    pages = Paginator(sheets, ROWS_PER_PAGE)
    pages.count = count
    return pages.get_page(wanted)
