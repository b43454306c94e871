"""The planning written by plain forms: one row, and the window of the columns."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, require, writes
from core.quarters import Quarter
from core.text import NBSP, counted
from journal.reading import new_token, token_for
from roadmap.forms.planning import RowForm, WindowForm
from roadmap.models import Action, Objective
from roadmap.permissions import can_write_sheet
from roadmap.services.gestures import SheetRefused, named
from roadmap.services.shifting import (
    RowSaved,
    cells_outside,
    conflict_in_words,
    set_row,
    set_window,
    shift_objective,
    shift_sheet,
)
from roadmap.views.around import project_page, sheet_page
from roadmap.views.doors import project_to_lead, sheet_address
from territories.models import Project


@writes("POST")
def objective_planning(request: SignedInRequest, pk: int) -> HttpResponse:
    """The planning of one row as a plain form: its quarters, its text, its moves."""
    objective = _objective(request, pk)
    action = objective.action
    require(can_write_sheet(request.user, action))
    form = RowForm(data=request.POST or None, objective=objective)
    if request.method == "POST":
        if "decaler" in request.POST or "decaler_fiche" in request.POST:
            return _move(request, objective)
        if form.is_valid() and _save_row(request, form):
            return redirect(f"{sheet_address(action)}#planning")
    context = sheet_page(action) | {
        "objective": objective,
        "form": form,
        "token": new_token(),
    }
    return render(request, "roadmap/objective_planning.html", context)


def _objective(request: SignedInRequest, pk: int) -> Objective:
    visible = Objective.objects.filter(action__in=Action.objects.visible_to(request.user))
    return get_object_or_404(
        visible.select_related("action__project__territory__region").with_cells(), pk=pk
    )


def _save_row(request: SignedInRequest, form: RowForm) -> bool:
    """Whether all that was sent is now so; what is not is told beside its field."""
    objective = form.objective
    try:
        saved = set_row(
            objective=objective,
            by=request.user,
            cells=form.cells,
            note=form.note_sent,
            was=form.note_shown,
        )
    except SheetRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    _tell_conflicts(form, saved)
    if form.errors:
        return False
    said = "Enregistré" if saved.has_changed else "Rien n’a changé"
    messages.success(request, f"{said}{NBSP}: planning de l’objectif {named(objective)}.")
    return True


def _tell_conflicts(form: RowForm, saved: RowSaved) -> None:
    for conflict in saved.cells.conflicts:
        quarter = conflict.cell.quarter
        form.now_shows(f"was{quarter}", conflict.now)
        form.add_error(f"q{quarter}", conflict.sentence)
    for refusal in saved.cells.refused:
        form.add_error(f"q{refusal.cell.quarter}", refusal.sentence)
    if saved.note is not None:
        theirs = saved.note.theirs
        form.now_shows("was_note", theirs.text)
        form.now_shows("was_first", theirs.first)
        form.now_shows("was_last", theirs.last)
        zone = form.objective.action.project.territory.time_zone
        form.add_error("note", conflict_in_words(saved.note, time_zone=zone))


def _move(request: SignedInRequest, objective: Objective) -> HttpResponse:
    """A quarter earlier or later, by a button; « was » are the tokens and revision of the page."""
    sent = request.POST
    by = -1 if "-1" in {sent.get("decaler"), sent.get("decaler_fiche")} else 1
    drawn_at = sent.get("revision", "")
    same = {
        "by": request.user,
        "quarters": by,
        "revision": int(drawn_at) if drawn_at.isdecimal() and len(drawn_at) < 10 else None,
        "token": token_for(sent.get("token", "")[:64], objective.pk, "decaler_fiche" in sent, by),
    }
    way = "plus tard" if by > 0 else "plus tôt"
    try:
        if "decaler_fiche" in sent:
            shift_sheet(action=objective.action, **same)
            messages.success(request, f"La fiche est décalée d’un trimestre {way}.")
        else:
            shift_objective(objective=objective, **same)
            messages.success(
                request, f"L’objectif {named(objective)} est décalé d’un trimestre {way}."
            )
    except SheetRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("roadmap:objective_planning", objective.pk)


@writes("POST")
def planning_window(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The first and the last quarter of the planning; what would lie outside is said first."""
    project = project_to_lead(request, project_pk)
    today = Quarter.on(project.territory.today())
    form = WindowForm(request.POST or None, project=project, on=today)
    outside = None
    if request.method == "POST" and form.is_valid():
        outside = cells_outside(project, first=form.first, last=form.last)
        if (not outside or "confirme" in request.POST) and _save_window(request, project, form):
            if outside:
                messages.warning(request, _outside_in_words(outside))
            return redirect("roadmap:planning", project.pk)
    context = project_page(project) | {
        "form": form,
        "outside": _outside_in_words(outside) if outside else "",
    }
    return render(request, "roadmap/planning_window.html", context)


def _save_window(request: SignedInRequest, project: Project, form: WindowForm) -> bool:
    try:
        set_window(project=project, by=request.user, first=form.first, last=form.last, was=form.was)
    except SheetRefused as refusal:
        present = Project.objects.get(pk=project.pk)
        form.now_shows("was_first", present.planning_first)
        form.now_shows("was_last", present.planning_last)
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request,
        f"La période du planning va de {Quarter(form.first)} à {Quarter(form.last)}.",
    )
    return True


def _outside_in_words(count: int) -> str:
    kept = "il est gardé" if count == 1 else "ils sont gardés"
    told = counted(count, "trimestre planifié", "trimestres planifiés")
    tense = "est" if count == 1 else "sont"
    return f"{told} {tense} hors de cette période{NBSP}: {kept}, sous le titre de leur objectif."
