"""A workbook designed elsewhere: sent, its columns decided, looked at, imported."""

import json
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from documents.models import SentWorkbook
from documents.workbooks import WorkbookRefused, read_upload
from documents.workbooks.keeping import DONE, is_waiting
from roadmap.forms.foreign import READ_AGAIN, ColumnsForm, ForeignWorkbookForm
from roadmap.imports.foreign import ForeignPlan, is_foreign, read_rows
from roadmap.imports.foreign.sent import (
    TAKEN_UP,
    OpenedFile,
    decide,
    import_kept,
    is_from_elsewhere,
    keep_foreign,
    look_elsewhere,
    open_sent,
    plan_sent,
    remember,
    start_again,
)
from roadmap.imports.foreign.shown import first_rows, letters_shown
from roadmap.imports.workbooks import Choice, ImportRefused
from roadmap.models import ColumnMapping, Priority
from roadmap.services.columns import forget_columns
from roadmap.tasks import order_import
from roadmap.views import workbooks
from roadmap.views.around import project_page
from roadmap.views.doors import project_to_lead
from territories.models import Project

OURS = (
    "Ce classeur vient de l’application\u00a0: envoyez-le par «\u00a0Renvoyer\u00a0», sur la page "
    "Excel, où il est reconnu ligne par ligne."
)
LOOK_AGAIN = (
    "La feuille ou les titres ont changé\u00a0: les colonnes ont été devinées de nouveau. "
    "Vérifiez-les avant de continuer."
)
FORGOTTEN = "Cette correspondance est oubliée\u00a0: les colonnes ont été devinées de nouveau."
MAPPING_NAME = "correspondance.json"


@writes("POST")
def foreign_workbook(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The file, as it is; sent, it leads to what its columns are."""
    project = project_to_lead(request, project_pk)
    form = ForeignWorkbookForm()
    if request.method == "POST":
        form = ForeignWorkbookForm(request.POST, request.FILES)
    if form.is_valid() and (sent := _kept(request, form, project)):
        return redirect("roadmap:foreign_columns", project.pk, sent.pk)
    context = project_page(project) | {"form": form}
    return render(request, "roadmap/exchange/foreign_workbook.html", context)


def _kept(
    request: SignedInRequest, form: ForeignWorkbookForm, project: Project
) -> SentWorkbook | None:
    """The file, once it is read; else a sentence on the form."""
    name, contents = read_upload(form.cleaned_data["upload"])
    try:
        if not is_foreign(contents, name):
            raise WorkbookRefused(OURS)
        return keep_foreign(project, by=request.user, name=name, contents=contents)
    except WorkbookRefused as refusal:
        form.add_error("upload", str(refusal))
        return None


def _sent(request: SignedInRequest, project: Project, pk: int) -> SentWorkbook | None:
    """A file of this person's, still free; else they are told, and sent to its page. One query."""
    found = SentWorkbook.objects.filter(pk=pk, project=project, sent_by=request.user).first()
    if found is None or not is_from_elsewhere(found):
        messages.warning(request, "Ce fichier n’est plus gardé\u00a0: envoyez-le de nouveau.")
        return None
    # Known already, and read by everything that follows.
    found.project, found.sent_by = project, request.user
    return found


def _is_taken(sent: SentWorkbook) -> bool:
    """A worker has it, or had it: its page says how far it is."""
    return is_waiting(sent) or sent.progress == DONE


@writes("POST")
def foreign_columns(request: SignedInRequest, project_pk: int, pk: int) -> HttpResponse:
    """What the sheet, its titles, its columns, its words and its colours are."""
    project = project_to_lead(request, project_pk)
    if (sent := _sent(request, project, pk)) is None:
        return redirect("roadmap:foreign_workbook", project.pk)
    if _is_taken(sent):
        return redirect("roadmap:workbook_preview", project.pk, sent.pk)
    opened = open_sent(sent)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        opened=opened,
        reading=read_rows(opened.sheets, opened.mapping),
        priorities=Priority.objects.order_by("number"),
        quarters=project.planning_quarters,
    )
    if form.is_valid():
        return _decided(request, project, opened, form)
    context = project_page(project) | {"form": form, "sent": sent} | _columns_page(opened, form)
    return render(request, "roadmap/exchange/foreign_columns.html", context)


def _decided(
    request: SignedInRequest, project: Project, opened: OpenedFile, form: ColumnsForm
) -> HttpResponse:
    decided = decide(opened, form.mapping, keep=Choice(form.cleaned_data["keep"]))
    if form.is_elsewhere:
        look_elsewhere(decided, form.cleaned_data["sheet"], form.header)
        messages.info(request, LOOK_AGAIN)
    elif request.POST.get("etape") != READ_AGAIN:
        remember(decided)
        return redirect("roadmap:foreign_preview", project.pk, opened.sent.pk)
    return redirect("roadmap:foreign_columns", project.pk, opened.sent.pk)


def _columns_page(opened: OpenedFile, form: ColumnsForm) -> dict[str, Any]:
    reading = form.reading
    return {
        "kept": _taken_up(opened.sent),
        "letters": letters_shown(opened.sheet),
        "table": first_rows(opened.sheet, opened.mapping.header),
        "mapping": opened.mapping,
        "sheet_count": len(reading.actions),
        "objective_count": sum(len(action.objectives) for action in reading.actions),
    }


def _taken_up(sent: SentWorkbook) -> ColumnMapping | None:
    """What was decided at an earlier import, and begins this page; at most one query."""
    key = sent.choices[TAKEN_UP]
    return ColumnMapping.objects.filter(project=sent.project, pk=key).first() if key else None


@readonly_view
def foreign_mapping(request: SignedInRequest, project_pk: int, pk: int) -> HttpResponse:
    """What was decided of a file, as `import_roadmap --mapping` takes it."""
    project = project_to_lead(request, project_pk)
    if (sent := _sent(request, project, pk)) is None:
        return redirect("roadmap:foreign_workbook", project.pk)
    told = json.dumps(open_sent(sent).mapping.as_json, ensure_ascii=False, indent=2)
    response = HttpResponse(told, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{MAPPING_NAME}"'
    response["Cache-Control"] = "private, no-store"
    return response


@writes("POST")
def foreign_forget(request: SignedInRequest, project_pk: int, pk: int) -> HttpResponse:
    """Forget what was decided of such titles, and guess the columns of this file again."""
    project = project_to_lead(request, project_pk)
    if (sent := _sent(request, project, pk)) is None:
        return redirect("roadmap:foreign_workbook", project.pk)
    if request.method == "POST" and not _is_taken(sent):
        if (kept := _taken_up(sent)) is not None:
            kept.project = project
            forget_columns(mapping=kept, by=request.user)
        start_again(project, sent)
        messages.success(request, FORGOTTEN)
    return redirect("roadmap:foreign_columns", project.pk, sent.pk)


@writes("POST")
def foreign_preview(request: SignedInRequest, project_pk: int, pk: int) -> HttpResponse:
    """What the file would change, what stays a text, what is left out; sent, it is imported."""
    project = project_to_lead(request, project_pk)
    if (sent := _sent(request, project, pk)) is None:
        return redirect("roadmap:foreign_workbook", project.pk)
    is_sent = request.method == "POST"
    if _is_taken(sent) or (is_sent and sent.row_count > workbooks.ROWS_AT_ONCE):
        if not _is_taken(sent):
            order_import(sent=sent, choices=sent.choices)
        return redirect("roadmap:workbook_preview", project.pk, sent.pk)
    try:
        if is_sent:
            return workbooks.imported_page(request, project, *import_kept(sent))
        plan = plan_sent(project, sent)
    except ImportRefused as refusal:
        plan = cast("ForeignPlan", refusal.plan)
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("roadmap:foreign_columns", project.pk, sent.pk)
    is_refused = is_sent or bool(sent.failure)
    context = project_page(project) | workbooks.plan_page(plan, {}) | _texts(plan)
    context |= {"sent": sent, "refused": is_refused}
    return render(request, "roadmap/exchange/foreign_preview.html", context)


def _texts(plan: ForeignPlan) -> dict[str, Any]:
    """What was not understood, and what is not taken up, no more than the page can show."""
    reading = plan.reading
    left = reading.left if reading else []
    kept, out = ([one for one in left if one.is_out is is_out] for is_out in (False, True))
    return {
        "understood": reading.understood if reading else [],
        "texts": [
            ("titre-textes", "Gardé en texte", kept[: workbooks.SHOWN], len(kept)),
            ("titre-ecarte", "Laissé de côté", out[: workbooks.SHOWN], len(out)),
        ],
    }
