"""The roadmap as a workbook: taken away, sent back, looked at, imported."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django_htmx.http import HttpResponseClientRedirect

from core.http import SignedInRequest, readonly_view, render_part, require, writes
from core.text import NBSP
from documents.models import SentWorkbook
from documents.workbooks import WorkbookRefused, keep_workbook, read_upload, taken_away, token_of
from documents.workbooks.keeping import DONE, is_waiting, is_writing
from journal.models import ChangeSet
from roadmap.exports.workbook import (
    blank_workbook,
    export_seen,
    export_workbook,
    workbook_name,
)
from roadmap.forms import FilterForm
from roadmap.forms.workbooks import WorkbookForm, choices_sent, with_choices
from roadmap.imports.foreign.sent import is_from_elsewhere
from roadmap.imports.workbooks import (
    Choice,
    ImportPlan,
    ImportRefused,
    check_workbook,
    import_workbook,
    imported_by,
    plan_import,
)
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap
from roadmap.services.importing import Imported
from roadmap.tasks import order_import
from roadmap.views.around import project_page
from roadmap.views.doors import project_to_lead, readable_project
from roadmap.workbooks.book import Book
from territories.models import Project, Territory

# More are in the file itself.
SHOWN = 300
# A longer file is imported by a worker, while its page shows how far it is.
ROWS_AT_ONCE = 1_000
NOTHING_NEW = "Rien n’a changé\u00a0: l’application dit déjà ce que vous avez choisi."
WHOLE, SEEN, BLANK = "tout", "vu", "vide"


@writes("POST")
def workbook(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """What can be taken away, and, for whoever leads the roadmap, what is sent back."""
    project = readable_project(request, project_pk)
    leads = can_lead_roadmap(request.user, project)
    form = WorkbookForm()
    if request.method == "POST":
        require(leads)
        form = WorkbookForm(request.POST, request.FILES)
        if form.is_valid() and (sent := _kept(request, form, project)):
            return redirect("roadmap:workbook_preview", project.pk, sent.pk)
    context = project_page(project) | {"form": form, "can_lead": leads}
    return render(request, "roadmap/exchange/workbook.html", context)


def _kept(request: SignedInRequest, form: WorkbookForm, project: Project) -> SentWorkbook | None:
    """The file, once it is seen to be one of this roadmap; else a sentence on the form."""
    name, contents = read_upload(form.cleaned_data["upload"])
    try:
        row_count = check_workbook(project, name=name, contents=contents)
        return keep_workbook(
            project=project, by=request.user, name=name, contents=contents, row_count=row_count
        )
    except WorkbookRefused as refusal:
        form.add_error("upload", str(refusal))
        return None


@readonly_view
def workbook_download(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The whole roadmap, what the filters of the list keep, or the template.

    Fifteen queries at most.
    """
    project = readable_project(request, project_pk)
    kind = request.GET.get("contenu", WHOLE)
    if kind not in {WHOLE, SEEN, BLANK}:
        raise Http404
    try:
        contents = _contents(request, project, kind)
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("roadmap:workbook", project.pk)
    return taken_away(contents, name=workbook_name(project, kind=kind))


def _contents(request: SignedInRequest, project: Project, kind: str) -> bytes:
    if kind == WHOLE:
        return export_workbook(project)
    if kind == BLANK:
        return blank_workbook(project)
    book = Book(project)
    form = FilterForm(request.GET, project=project, actions=book.live)
    form.is_valid()
    kept = Action.objects.of(project).narrowed_to(form.choices_made)
    return export_seen(book, only=set(kept.values_list("pk", flat=True)))


@writes("POST")
def workbook_preview(request: SignedInRequest, project_pk: int, pk: int) -> HttpResponse:
    """What the file would change; sent, it is imported. Fifteen queries at most, to show it."""
    sent = _sent_file(request, project_pk, pk)
    if sent is None:
        project_to_lead(request, project_pk)
        messages.warning(request, "Ce fichier n’est plus gardé\u00a0: envoyez-le de nouveau.")
        return redirect("roadmap:workbook", project_pk)
    project = sent.project
    chosen = choices_sent(request.POST)
    if is_waiting(sent) or sent.progress == DONE:
        return _order_page(request, project, sent)
    if request.htmx or is_from_elsewhere(sent):
        # The order has failed: the whole page says why.
        return _whole_page(request, project, sent)
    if request.method == "POST" and sent.row_count > ROWS_AT_ONCE:
        order_import(sent=sent, choices=chosen)
        return redirect("roadmap:workbook_preview", project.pk, sent.pk)
    try:
        if request.method != "POST":
            plan = plan_import(project, name=sent.name, contents=bytes(sent.contents))
        else:
            return _imported(request, project, sent, chosen)
    except ImportRefused as refusal:
        plan = refusal.plan
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("roadmap:workbook", project.pk)
    is_refused = request.method == "POST" or bool(sent.failure)
    context = (
        project_page(project) | plan_page(plan, chosen) | {"sent": sent, "refused": is_refused}
    )
    return render(request, "roadmap/exchange/workbook_preview.html", context)


def _sent_file(request: SignedInRequest, project_pk: int, pk: int) -> SentWorkbook | None:
    """A file that this person sent for a roadmap that they lead, with its place. One query.

    The rule is that of `can_lead_roadmap`.
    """
    led = Territory.objects.led_by(request.user)
    theirs = SentWorkbook.objects.filter(sent_by=request.user, project__territory__in=led)
    found = theirs.select_related("project__territory__region")
    return found.filter(pk=pk, project=project_pk).first()


def _whole_page(request: SignedInRequest, project: Project, sent: SentWorkbook) -> HttpResponse:
    """The preview of a file, by its own page."""
    name = "foreign_preview" if is_from_elsewhere(sent) else "workbook_preview"
    address = reverse(f"roadmap:{name}", args=[project.pk, sent.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _order_page(request: SignedInRequest, project: Project, sent: SentWorkbook) -> HttpResponse:
    """How far a long import is; once it is done, what it changed."""
    if sent.progress < DONE:
        seen = request.GET.get("vu", str(sent.progress))
        context = project_page(project) | {
            "sent": sent,
            "is_writing": is_writing(sent),
            "is_next_step": seen != str(sent.progress),
        }
        return render_part(request, "roadmap/exchange/workbook_progress.html", "state", context)
    made = imported_by(project, token_of(sent))
    address = reverse("roadmap:action_list", args=[project.pk])
    if made is None:
        messages.info(request, NOTHING_NEW)
    else:
        _say_imported(request, "Import fait.", made)
        address = reverse("roadmap:gesture_detail", args=[made.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _imported(
    request: SignedInRequest, project: Project, sent: SentWorkbook, chosen: Mapping[str, Choice]
) -> HttpResponse:
    plan, done = import_workbook(
        project,
        by=request.user,
        name=sent.name,
        contents=bytes(sent.contents),
        choices=chosen,
        token=token_of(sent),
    )
    return imported_page(request, project, plan, done)


def imported_page(
    request: SignedInRequest, project: Project, plan: ImportPlan | None, done: Imported
) -> HttpResponse:
    """Where one goes once a file is imported, and what is said there."""
    if done.changeset is None:
        messages.info(request, NOTHING_NEW)
        return redirect("roadmap:action_list", project.pk)
    if plan is None:
        messages.info(request, "Ce fichier est déjà importé\u00a0: il ne l’a pas été deux fois.")
    else:
        words = f"Import fait{NBSP}: {plan.report.counts_in_words}."
        _say_imported(request, words, done.changeset)
    return redirect("roadmap:gesture_detail", done.changeset.pk)


def _say_imported(request: SignedInRequest, words: str, changeset: ChangeSet) -> None:
    address = reverse("roadmap:take_back", args=[changeset.pk])
    link = format_html('<a class="alert-link" href="{}">Annuler cet import</a>', address)
    messages.success(request, format_html("{} {}", words, link))


def plan_page(plan: ImportPlan, chosen: Mapping[str, Choice]) -> dict[str, Any]:
    """What the page shows of a plan, no more than it can."""
    report = plan.report
    aside = {
        (conflict.sheet, conflict.row, cell.column)
        for conflict in report.conflicts
        for cell in conflict.cells
    }
    changes = [
        change
        for change in report.changes
        if (change.sheet, change.row, change.column) not in aside
    ]
    rows = [
        (place, list(cells))
        for place, cells in groupby(changes[:SHOWN], lambda one: (one.sheet, one.row, one.about))
    ]
    return {
        "report": report,
        "is_aged": plan.is_aged,
        "errors": report.errors[:SHOWN],
        "more_errors": max(len(report.errors) - SHOWN, 0),
        "rows": rows,
        "more_changes": max(len(changes) - SHOWN, 0),
        "additions": report.additions[:SHOWN],
        "more_additions": max(len(report.additions) - SHOWN, 0),
        "conflicts": with_choices(report.conflicts, chosen),
        "is_idle": not (changes or report.conflicts or report.created or report.errors),
    }
