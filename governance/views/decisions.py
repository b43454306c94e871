"""The register of decisions: found, read, corrected, closed, opened again."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, address_with, readonly_view, require, writes
from documents.workbooks import WorkbookRefused, taken_away
from governance.enums import DecisionState
from governance.exports.workbook import register_workbook
from governance.forms.decisions import (
    CloseForm,
    DecisionForm,
    RegisterFilterForm,
    ReopenForm,
    names_offered,
)
from governance.forms.ties import TiesForm
from governance.models import Decision
from governance.permissions import can_follow_decision, can_lead_governance
from governance.services.decisions import (
    close_decision,
    correcting_decision,
    keep_correction,
    reopen_decision,
    write_decision,
)
from governance.summaries.register import (
    chosen_decisions,
    lines_of,
    states_of,
)
from governance.ties import tied_to_decisions
from governance.views.around import meetings_page, readable_project
from governance.views.meeting_doors import (
    decision_to_follow,
    readable_decision,
)
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from territories.models import Project

DECISIONS_PER_PAGE = 100


@readonly_view
def decision_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The register, its filters kept in the address. About ten queries."""
    project = readable_project(request, project_pk)
    form, choices = _filters(request, project)
    today = project.territory.today()
    rows = chosen_decisions(project, choices, on=today).for_list()
    page = Paginator(rows, DECISIONS_PER_PAGE).get_page(request.GET.get("page"))
    but_state = {name: value for name, value in choices.items() if name != "etat"}
    counted = chosen_decisions(project, but_state, on=today).only("state", "due_on")
    states = states_of(counted, on=today)
    context = meetings_page(project) | {
        "form": form,
        "choices": choices,
        "filters": urlencode(choices),
        "states": [(one, address_with(choices, "etat", one.code)) for one in states],
        "page": page,
        "lines": lines_of(page.object_list, on=today, reader=request.user),
        "leads": can_lead_governance(request.user, project),
    }
    return render(request, "governance/decision_list.html", context)


def _filters(
    request: SignedInRequest, project: Project
) -> tuple[RegisterFilterForm, dict[str, str]]:
    form = RegisterFilterForm(request.GET, project=project)
    form.is_valid()
    return form, form.choices_made


@readonly_view
def decision_export(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The workbook of exactly what the filters keep."""
    project = readable_project(request, project_pk)
    choices = _filters(request, project)[1]
    today = project.territory.today()
    rows = chosen_decisions(project, choices, on=today).for_list()
    try:
        contents = register_workbook(project, lines_of(rows, on=today, reader=request.user))
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("governance:decision_list", project_pk)
    return taken_away(contents, name=f"decisions-{project.territory.code}.xlsx")


@writes("POST")
def decision_add(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Write a decision that no meeting of ours took: by mail, by another body."""
    project = readable_project(request, project_pk)
    require(can_lead_governance(request.user, project))
    initial = {"decided_on": project.territory.today()}
    form = DecisionForm(
        request.POST or None,
        instance=Decision(project=project),
        project=project,
        revision=project.revision,
        initial=initial,
    )
    ties = TiesForm(request.POST or None, project=project, reader=request.user, prefix="liens")
    if request.method == "POST" and form.is_valid() & ties.is_valid():
        decided = form.decided
        decision = write_decision(
            project=project,
            decided=type(decided)(**{**vars(decided), "ties": ties.changes}),
            decided_on=form.cleaned_data["decided_on"],
            token=form.cleaned_data["token"],
            by=request.user,
        )
        told = f"Décision {decision.number} enregistrée."
        messages.success(request, told, extra_tags=f"draft:decision-nouvelle-{project_pk}")
        return redirect("governance:decision_detail", pk=decision.pk)
    context = meetings_page(project) | {
        "form": form,
        "ties_form": ties,
        "names": names_offered(project),
        "draft": f"decision-nouvelle-{project_pk}",
    }
    return render(request, "governance/decision_edit.html", context)


@readonly_view
def decision_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One decision, what it is about, and all that was done to it. Six queries."""
    decision = readable_decision(request, pk)
    project = decision.project
    line = lines_of([decision], on=project.territory.today(), reader=request.user)[0]
    context = meetings_page(project) | {
        "decision": decision,
        "line": line,
        "can_follow": can_follow_decision(request.user, decision),
        "history": _history(decision),
    }
    return render(request, "governance/decision_detail.html", context)


def _history(decision: Decision) -> list[ChangeSet]:
    """The gestures that touched it, the latest first; one query."""
    label = Decision._meta.label_lower
    touched = ChangeSet.objects.filter(changes__model=label, changes__row=decision.pk)
    return list(touched.distinct().order_by("-pk"))


@writes("POST")
def decision_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a decision; what somebody else wrote meanwhile is shown beside."""
    decision = decision_to_follow(request, pk)
    project = decision.project
    tied = tied_to_decisions([pk], request.user).get(pk, [])
    ties = TiesForm(
        request.POST or None, project=project, reader=request.user, tied=tied, prefix="liens"
    )
    if request.method == "POST":
        try:
            with correcting_decision(decision=decision, by=request.user) as correcting:
                present = correcting.decision
                form = DecisionForm(
                    request.POST, instance=present, project=project, revision=project.revision
                )
                is_kept = form.is_valid() & ties.is_valid()
                if is_kept:
                    keep_correction(
                        correcting=correcting,
                        responsible=form.cleaned_data["responsible_name"],
                        ties=ties.changes,
                        by=request.user,
                    )
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("governance:decision_list", project.pk)
        if is_kept:
            told = f"Décision {decision.number} corrigée."
            messages.success(request, told, extra_tags=f"draft:decision-{pk}")
            return redirect("governance:decision_detail", pk=pk)
    else:
        form = DecisionForm(instance=decision, project=project, revision=project.revision)
    context = meetings_page(project) | {
        "decision": decision,
        "form": form,
        "ties_form": ties,
        "names": names_offered(project),
        "draft": f"decision-{pk}",
    }
    return render(request, "governance/decision_edit.html", context)


@writes("POST")
def decision_close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that a decision is done, or dropped and why."""
    decision = decision_to_follow(request, pk)
    today = decision.project.territory.today()
    form = CloseForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            close_decision(
                decision=decision,
                state=DecisionState(given["state"]),
                words=given["words"],
                on=given["on"],
                by=request.user,
            )
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Décision {decision.number} close.")
            return redirect("governance:decision_detail", pk=pk)
    context = meetings_page(decision.project) | {"decision": decision, "form": form}
    return render(request, "governance/decision_close.html", context)


@writes("POST")
def decision_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Follow again a decision that was closed, and say why."""
    decision = decision_to_follow(request, pk)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            reopen_decision(decision=decision, reason=reason, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Décision {decision.number} rouverte.")
        return redirect("governance:decision_detail", pk=pk)
    context = meetings_page(decision.project) | {"decision": decision, "form": form}
    return render(request, "governance/decision_reopen.html", context)
