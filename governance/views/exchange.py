"""The directory as a workbook: taken away, sent back, looked at, imported."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, require, writes
from core.text import NBSP
from documents.models import SentWorkbook
from documents.workbooks import WorkbookRefused, keep_workbook, read_upload, taken_away, token_of
from governance.exports.directory import blank_directory, export_directory, workbook_name
from governance.forms.exchange import DirectoryFileForm, KeepForm
from governance.imports.directory import (
    ImportPlan,
    ImportRefused,
    check_directory,
    import_directory,
    plan_directory,
)
from governance.permissions import can_manage_people
from governance.views.doors import directory_page, territory_to_keep, territory_to_read
from territories.models import Project, Territory

# More are in the file itself.
SHOWN = 300
BLANK = "vide"
NO_PROJECT = (
    f"Ce territoire n’a pas encore de projet{NBSP}: créez-le d’abord, puis envoyez le classeur."
)


@writes("POST")
def directory_workbook(request: SignedInRequest, code: str) -> HttpResponse:
    """What can be taken away, and, for who keeps the directory, what is sent back."""
    territory = territory_to_read(request, code)
    can_manage = can_manage_people(request.user, territory)
    form = DirectoryFileForm()
    if request.method == "POST":
        require(can_manage)
        form = DirectoryFileForm(request.POST, request.FILES)
        if form.is_valid() and (sent := _kept(request, form, territory)):
            return redirect("governance:directory_preview", territory.code, sent.pk)
    context = directory_page(territory) | {"form": form, "can_manage": can_manage}
    return render(request, "governance/directory_workbook.html", context)


def _kept(
    request: SignedInRequest, form: DirectoryFileForm, territory: Territory
) -> SentWorkbook | None:
    """The file, once it is seen to be one of this directory; else a sentence on the form."""
    name, contents = read_upload(form.cleaned_data["upload"])
    project = Project.objects.of(territory).first()
    try:
        if project is None:
            raise WorkbookRefused(NO_PROJECT)
        row_count = check_directory(territory, name=name, contents=contents)
        return keep_workbook(
            project=project, by=request.user, name=name, contents=contents, row_count=row_count
        )
    except WorkbookRefused as refusal:
        form.add_error("upload", str(refusal))
        return None


@readonly_view
def directory_download(request: SignedInRequest, code: str) -> HttpResponse:
    """The whole directory, or its template; contacts are for who keeps it. Ten queries at most."""
    territory = territory_to_read(request, code)
    can_manage = can_manage_people(request.user, territory)
    is_blank = request.GET.get("contenu") == BLANK
    try:
        contents = (
            blank_directory(territory)
            if is_blank
            else export_directory(territory, with_contacts=can_manage)
        )
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("governance:directory_workbook", territory.code)
    return taken_away(contents, name=workbook_name(territory, is_blank=is_blank))


@writes("POST")
def directory_preview(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """What the file would change; sent, it is imported."""
    territory = territory_to_keep(request, code)
    theirs = SentWorkbook.objects.filter(sent_by=request.user, project__territory=territory)
    sent = theirs.filter(pk=pk).first()
    if sent is None:
        messages.warning(request, "Ce fichier n’est plus gardé\u00a0: envoyez-le de nouveau.")
        return redirect("governance:directory_workbook", territory.code)
    form = KeepForm(request.POST if request.method == "POST" else {})
    try:
        if request.method == "POST":
            return _imported(request, territory, sent, form)
        plan = plan_directory(territory, name=sent.name, contents=bytes(sent.contents))
    except ImportRefused as refusal:
        plan = refusal.plan
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("governance:directory_workbook", territory.code)
    context = directory_page(territory) | _plan_page(plan)
    context |= {"sent": sent, "form": form, "refused": request.method == "POST"}
    return render(request, "governance/directory_preview.html", context)


def _imported(
    request: SignedInRequest, territory: Territory, sent: SentWorkbook, form: KeepForm
) -> HttpResponse:
    plan, done = import_directory(
        territory,
        by=request.user,
        name=sent.name,
        contents=bytes(sent.contents),
        keep=form.choice,
        token=token_of(sent),
    )
    if done.was_made_before or plan is None:
        messages.info(request, "Ce fichier est déjà importé\u00a0: il ne l’a pas été deux fois.")
    elif done.changeset is None:
        messages.info(request, "Rien n’a changé\u00a0: l’annuaire dit déjà ce que dit le fichier.")
    else:
        messages.success(request, f"Import fait{NBSP}: {plan.report.counts_in_words}.")
    return redirect("governance:person_list", territory.code)


def _plan_page(plan: ImportPlan) -> dict[str, object]:
    """What the page shows of a plan, no more than it can."""
    report = plan.report
    return {
        "report": report,
        "errors": report.errors[:SHOWN],
        "more_errors": max(len(report.errors) - SHOWN, 0),
        "changes": report.changes[:SHOWN],
        "more_changes": max(len(report.changes) - SHOWN, 0),
        "additions": report.additions[:SHOWN],
        "more_additions": max(len(report.additions) - SHOWN, 0),
        "conflicts": report.conflicts[:SHOWN],
        "is_idle": not (report.changes or report.additions or report.errors or report.conflicts),
    }
