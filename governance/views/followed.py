"""The communication plan and the prerequisites: one list each, the same screens."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from core.http import SignedInRequest, address_with, readonly_view, require, writes
from core.text import counted
from documents.workbooks import taken_away
from governance.enums import FollowedList, FollowedState
from governance.exports.followed import code_of, list_workbook
from governance.forms.followed import FollowedFilterForm, LineForm
from governance.models import FollowedLine
from governance.permissions import can_lead_governance
from governance.services.followed import (
    GONE,
    add_line,
    move_line,
    remove_line,
    say_state,
    start_list,
    take_back_lines,
)
from governance.summaries.followed import STARTING, FollowedSummary, followed_summary
from governance.views.engagement_doors import engagement_page, project_to_lead, project_to_read
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from journal.recording import Gesture
from journal.undoing import UndoRefused
from territories.models import Project
from territories.writing import writing


@readonly_view
def followed_list(request: SignedInRequest, project_pk: int, listed: str) -> HttpResponse:
    """One of the lists, filtered, in its order or by date. Four queries."""
    which = _which(listed)
    project = project_to_read(request, project_pk)
    form = FollowedFilterForm(request.GET)
    chosen = form.choices_made
    summary = _summary(project, which, chosen)
    context = _page(project, which) | {
        "summary": summary,
        "form": form,
        "choices": chosen,
        "facets": [(one, address_with(chosen, "etat", one.code)) for one in summary.counts],
        "query": request.GET.urlencode(),
        "can_move": not chosen,
        "can_lead": can_lead_governance(request.user, project),
        "starting": STARTING[which],
        "states": FollowedState.choices,
        "paper": code_of(which),
    }
    return render(request, "governance/followed_list.html", context)


@readonly_view
def followed_export(request: SignedInRequest, project_pk: int, listed: str) -> HttpResponse:
    """What the list shows, in Excel. Three queries."""
    which = _which(listed)
    project = project_to_read(request, project_pk)
    summary = _summary(project, which, FollowedFilterForm(request.GET).choices_made)
    return taken_away(
        list_workbook(project, which, summary), name=f"{which.value}-{project.territory.code}.xlsx"
    )


@writes("POST")
def followed_add(request: SignedInRequest, project_pk: int, listed: str) -> HttpResponse:
    """One more line."""
    which = _which(listed)
    project = project_to_lead(request, project_pk)
    line = FollowedLine(project=project, listed=which)
    form = LineForm(
        request.POST if request.method == "POST" else None,
        instance=line,
        which=which,
        project=project,
        revision=project.revision,
    )
    if form.is_valid():
        form.instance.responsible_name = form.cleaned_data["responsible_name"]
        made = add_line(
            project=project, line=form.instance, by=request.user, token=form.cleaned_data["token"]
        )
        _say(request, project, made, "La ligne est ajoutée.")
        return redirect("governance:followed_list", project.pk, which.value)
    context = _page(project, which) | {"form": form, "line": None}
    return render(request, "governance/followed_edit.html", context)


@writes("POST")
def followed_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write a line; what somebody else wrote meanwhile is shown beside."""
    line = _line_to_lead(request, pk)
    which = FollowedList(line.listed)
    form = LineForm(
        instance=line, which=which, project=line.project, revision=line.project.revision
    )
    if request.method == "POST":
        form = _written(request, line, which)
        if not form.errors:
            return redirect("governance:followed_list", line.project_id, line.listed)
    context = _page(line.project, which) | {"form": form, "line": line}
    return render(request, "governance/followed_edit.html", context)


def _written(request: SignedInRequest, line: FollowedLine, which: FollowedList) -> LineForm:
    project = line.project
    place: dict[str, Any] = {"which": which, "project": project}
    with writing(project, by=request.user, on_paper=False) as made:
        present = FollowedLine.objects.filter(pk=line.pk).first()
        form = LineForm(request.POST, instance=present or line, revision=project.revision, **place)
        if present is None:
            form.add_error(None, GONE)
        elif form.is_valid():
            present.project = project
            form.save()
            made.words = f"a modifié «\u00a0{present}\u00a0»"
    if not form.errors:
        _say(request, project, made, "Enregistré." if form.changed_labels else "Rien à changer.")
    return form


@writes("POST")
def followed_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a line away; the message holds the way back. Read, it is the list."""
    line = _line_to_lead(request, pk)
    if request.method == "POST":
        made = remove_line(line=line, by=request.user)
        _say(request, line.project, made, "La ligne est retirée.")
    return redirect("governance:followed_list", line.project_id, line.listed)


@writes("POST")
def followed_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """One place up, or down. Read, it is the list."""
    line = _line_to_lead(request, pk)
    if request.method == "POST":
        move_line(line=line, up=request.POST.get("vers") == "haut", by=request.user)
    address = reverse("governance:followed_list", args=[line.project_id, line.listed])
    return redirect(f"{address}#ligne-{line.pk}")


@writes("POST")
def followed_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say where a line stands, from the list. Read, it is the list."""
    line = _line_to_lead(request, pk)
    state = request.POST.get("state", "")
    if request.method == "POST":
        if state in FollowedState.values:
            _try(request, lambda: _state_said(request, line, FollowedState(state)))
        else:
            messages.error(request, "Cet état n’existe pas\u00a0: rien n’a changé.")
    return redirect("governance:followed_list", line.project_id, line.listed)


def _state_said(request: SignedInRequest, line: FollowedLine, state: FollowedState) -> None:
    made = say_state(line=line, state=state, by=request.user)
    _say(request, line.project, made, f"C’est noté\u00a0: {state.label.lower()}.")


@writes("POST")
def followed_start(request: SignedInRequest, project_pk: int, listed: str) -> HttpResponse:
    """Fill an empty list with what is proposed. Read, it is the list."""
    which = _which(listed)
    project = project_to_lead(request, project_pk)
    if request.method == "POST":
        today = project.territory.today()
        added = start_list(project=project, which=which, by=request.user, on=today)
        said = counted(added, "ligne ajoutée", "lignes ajoutées")
        told = f"{said}\u00a0: adaptez-les." if added else "La liste n’est plus vide."
        messages.success(request, told)
    return redirect("governance:followed_list", project_pk, listed)


@writes("POST")
def followed_take_back(request: SignedInRequest, project_pk: int, pk: int) -> HttpResponse:
    """Undo what was just done on these lists; asked, then done."""
    project = project_to_lead(request, project_pk)
    gesture = get_object_or_404(ChangeSet.objects.of(project.scope), pk=pk)
    change = gesture.changes.filter(model=FollowedLine._meta.label_lower).first()
    if change is None:
        raise Http404
    values = {**change.values_before, **change.values_after}
    which = values.get("listed") or _listed_of(change.row)
    if request.method == "POST":
        _try(request, lambda: _taken_back(request, project, gesture))
        return redirect("governance:followed_list", project_pk, which)
    context = _page(project, FollowedList(which)) | {"gesture": gesture}
    return render(request, "governance/followed_take_back.html", context)


def _taken_back(request: SignedInRequest, project: Project, gesture: ChangeSet) -> None:
    take_back_lines(project=project, gesture=gesture, by=request.user)
    messages.success(request, "C’est annulé.")


def _listed_of(row: int) -> str:
    found = FollowedLine.objects.filter(pk=row).values_list("listed", flat=True).first()
    return found or FollowedList.COMMUNICATION.value


def _try(request: SignedInRequest, act: Callable[[], None]) -> None:
    try:
        act()
    except (GovernanceRefused, UndoRefused) as refusal:
        messages.error(request, str(refusal))


def _say(request: SignedInRequest, project: Project, made: Gesture, words: str) -> None:
    """What was done, and the way back."""
    if made.changeset is None:
        messages.success(request, words)
        return
    address = reverse("governance:followed_take_back", args=[project.pk, made.changeset.pk])
    messages.success(request, format_html('{} <a href="{}">Annuler</a>', words, address))


def _which(listed: str) -> FollowedList:
    if listed not in FollowedList.values:
        raise Http404
    return FollowedList(listed)


def _line_to_lead(request: SignedInRequest, pk: int) -> FollowedLine:
    """A line that this person keeps. Two queries."""
    lines = FollowedLine.objects.visible_to(request.user).with_place()
    line = get_object_or_404(lines, pk=pk)
    require(can_lead_governance(request.user, line.project))
    return line


def _summary(project: Project, which: FollowedList, chosen: dict[str, str]) -> FollowedSummary:
    """What the filters leave, in the order asked. One query."""
    today = project.territory.today()
    rows = FollowedLine.objects.of(project, which)
    rows = rows.by_date() if chosen.get("ordre") == "date" else rows
    lines = list(rows)
    shown = [
        line
        for line in lines
        if chosen.get("etat", line.state) == line.state
        and (not chosen.get("retard") or line.days_late(on=today))
    ]
    return followed_summary(lines, shown=shown, on=today)


def _page(project: Project, which: FollowedList) -> dict[str, Any]:
    is_plan = which == FollowedList.COMMUNICATION
    return engagement_page(project) | {"which": which, "is_plan": is_plan}
