"""The local axes of a roadmap: added, renamed, put in order, removed."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, require, writes
from core.text import NBSP
from journal.enums import ChangeKind
from journal.models import Change
from roadmap.forms.axes import AxisForm, NewAxisForm
from roadmap.models import Axis
from roadmap.permissions import can_lead_roadmap
from roadmap.services.axes import (
    AxisRefused,
    add_axis,
    axes_in_order,
    place_axis,
    remove_axis,
    rename_axis,
)
from roadmap.services.gestures import named
from roadmap.views.around import project_page
from roadmap.views.doors import project_to_lead
from roadmap.views.telling import say_done
from territories.models import Project
from territories.writing import writing


@writes("POST")
def axis_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The axes in order, and a new one after them."""
    project = project_to_lead(request, project_pk)
    form = NewAxisForm(request.POST or None)
    if form.is_valid():
        try:
            made = add_axis(project=project, by=request.user, **form.cleaned_data)
        except AxisRefused as refusal:
            form.add_error("title", str(refusal))
        else:
            say_done(request, "L’axe est ajouté.", made, draft=f"axe-nouveau-{project.pk}")
            return _back(project)
    return _list_page(request, project, form)


def _list_page(request: SignedInRequest, project: Project, form: NewAxisForm) -> HttpResponse:
    live = Count("actions", filter=Q(actions__retired_at=None))
    axes = Axis.objects.filter(project=project).annotate(sheet_count=live)
    context = project_page(project) | {"axes": axes.order_by("position", "pk"), "form": form}
    return render(request, "roadmap/life/axis_list.html", context)


@writes("POST")
def axis_rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """Other names for an axis; what somebody else wrote meanwhile is not written over."""
    axis = _axis_to_lead(request, pk)
    if axis is None:
        return _gone_already(request, pk)
    project = axis.project
    if request.method != "POST":
        form = AxisForm(instance=axis, revision=project.revision)
        return render(
            request, "roadmap/life/axis_rename.html", project_page(project) | {"form": form}
        )
    with writing(project, by=request.user) as made:
        present = Axis.objects.filter(pk=pk).first()
        if present is None:
            return _gone_meanwhile(request, axis)
        form = AxisForm(request.POST, instance=present, revision=project.revision)
        if form.is_valid():
            try:
                made.words = rename_axis(form.instance)
            except AxisRefused as refusal:
                form.add_error("title", str(refusal))
    if form.errors:
        return render(
            request, "roadmap/life/axis_rename.html", project_page(project) | {"form": form}
        )
    say_done(request, "L’axe est enregistré.", made, draft=f"axe-{pk}")
    return _back(project)


@writes("POST")
def axis_place(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another rank for an axis; a reading goes back to the list."""
    axis = _axis_to_lead(request, pk)
    if axis is None:
        return _gone_already(request, pk)
    rank = request.POST.get("rang", "")
    if request.method == "POST" and rank.isdecimal():
        try:
            made = place_axis(axis=axis, rank=int(rank[:4]), by=request.user)
            say_done(request, _placed_words(axis), made)
        except AxisRefused as refusal:
            messages.error(request, str(refusal))
    return _back(axis.project)


@writes("POST")
def axis_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove an empty axis; a reading goes back to the list."""
    axis = _axis_to_lead(request, pk)
    if axis is None:
        return _gone_already(request, pk)
    if request.method == "POST":
        try:
            say_done(request, "L’axe est retiré.", remove_axis(axis=axis, by=request.user))
        except AxisRefused as refusal:
            messages.error(request, str(refusal))
    return _back(axis.project)


def _axis_to_lead(request: SignedInRequest, pk: int) -> Axis | None:
    """An axis of a project that this person re-arranges; None when there is none. Two queries."""
    visible = Axis.objects.filter(project__in=Project.objects.visible_to(request.user))
    axis = visible.select_related("project__territory__region").filter(pk=pk).first()
    if axis is not None:
        require(can_lead_roadmap(request.user, axis.project))
    return axis


def _gone_already(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where the axis was, if this person re-arranges it: a second click says so; 404 otherwise."""
    changes = Change.objects.to_row(Axis._meta.label_lower, pk).filter(kind=ChangeKind.REMOVED)
    removal = get_object_or_404(changes.order_by("-pk")[:1])
    project = project_to_lead(request, int(removal.subject.partition(":")[2]))
    messages.info(request, f"L’axe {named(removal.name)} a déjà été retiré.")
    return _back(project)


def _gone_meanwhile(request: SignedInRequest, axis: Axis) -> HttpResponse:
    """The axis went while it was being renamed: what was typed can make a new one."""
    messages.warning(
        request,
        f"L’axe {named(axis)} a été retiré pendant que vous écriviez. Ce que vous avez écrit est "
        "gardé ci-dessous\u00a0: ajoutez-le s’il convient encore.",
    )
    typed = {name: request.POST.get(name, "") for name in ("label", "title")}
    return _list_page(request, axis.project, NewAxisForm(initial=typed))


def _placed_words(axis: Axis) -> str:
    axes = axes_in_order(axis.project)
    if axis not in axes:
        return f"L’axe {named(axis)} est retiré."
    return f"L’axe {named(axis)} est au rang{NBSP}{axes.index(axis) + 1} sur{NBSP}{len(axes)}."


def _back(project: Project) -> HttpResponse:
    return redirect("roadmap:axis_list", project_pk=project.pk)
