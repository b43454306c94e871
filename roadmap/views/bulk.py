"""Several sheets changed at once: what to change, what it would do, the gesture."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.http import SignedInRequest, require, writes
from roadmap.forms.bulk import (
    BulkForm,
    chosen_keys,
    codes_seen,
    drawn_at,
    filters_kept,
    left_out,
)
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap, can_write_sheets, can_write_which
from roadmap.services.attached import Directory
from roadmap.services.axes import axes_in_order
from roadmap.services.bulk import BulkRefused, edit_sheets, plan_bulk
from roadmap.views.around import project_page
from roadmap.views.doors import readable_project
from roadmap.views.telling import say_done
from territories.models import Project

ALREADY = "C’était déjà fait\u00a0: rien n’a été écrit une deuxième fois."


@dataclass(frozen=True)
class _Batch:
    """The sheets chosen, and who chose them."""

    project: Project
    keys: list[int]
    leads: bool
    back: str

    @property
    def draft(self) -> str:
        return f"lot-{self.project.pk}"


@writes("POST")
def bulk_edit(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Change the sheets ticked in the list: what to change, then what it would do, then do it."""
    project = readable_project(request, project_pk)
    require(can_write_sheets(request.user, project))
    batch = _Batch(
        project=project,
        keys=chosen_keys(request.POST),
        leads=can_lead_roadmap(request.user, project),
        back=_list_address(project, filters_kept(request.POST)),
    )
    if not batch.keys:
        messages.warning(request, "Cochez d’abord, dans la liste, les fiches à modifier.")
        return redirect(batch.back)
    if request.POST.get("etape") not in {"voir", "confirmer"}:
        return _show_form(request, batch, _form(request, batch, is_sent=False))
    form = _form(request, batch)
    if not form.is_valid():
        return _show_form(request, batch, form)
    if request.POST["etape"] == "voir":
        return _show_plan(request, batch, form)
    return _write(request, batch, form)


def _write(request: SignedInRequest, batch: _Batch, form: BulkForm) -> HttpResponse:
    try:
        done = edit_sheets(
            project=batch.project,
            keys=batch.keys,
            asked=form.asked,
            seen=codes_seen(request.POST),
            left_out=left_out(request.POST),
            drawn_at=drawn_at(request.POST),
            by=request.user,
            token=form.cleaned_data["token"],
        )
    except BulkRefused as refused:
        return _show_plan(request, batch, form, refused)
    say_done(request, done.said or ALREADY, done.made, draft=batch.draft, back=batch.back)
    return redirect(batch.back)


def _form(request: SignedInRequest, batch: _Batch, *, is_sent: bool = True) -> BulkForm:
    """The form as sent, or as it was left by whoever goes back to it. Three queries."""
    return BulkForm(
        request.POST if is_sent else None,
        # A blank token is no token.
        initial={name: value for name, value in request.POST.items() if value},
        axes=axes_in_order(batch.project) if batch.leads else [],
        directory=Directory(batch.project.territory) if batch.leads else None,
    )


def _show_form(request: SignedInRequest, batch: _Batch, form: BulkForm) -> HttpResponse:
    """What to change. One query."""
    sheets = Action.objects.filter(project=batch.project, pk__in=batch.keys).in_order()
    context = _around(request, batch) | {"form": form, "sheets": list(sheets)}
    return render(request, "roadmap/bulk/bulk_edit.html", context)


def _show_plan(
    request: SignedInRequest, batch: _Batch, form: BulkForm, refused: BulkRefused | None = None
) -> HttpResponse:
    """What it would do. Five queries or so."""
    plan = plan_bulk(
        batch.project,
        keys=batch.keys,
        asked=form.asked,
        theirs=can_write_which(request.user, batch.project, leads=batch.leads),
    )
    aside = set(left_out(request.POST))
    context = _around(request, batch) | {
        "form": form,
        "plan": plan,
        "aside": aside,
        "refused": refused,
    }
    return render(request, "roadmap/bulk/bulk_plan.html", context)


def _around(request: SignedInRequest, batch: _Batch) -> dict[str, Any]:
    return project_page(batch.project) | {
        "keys": ",".join(map(str, batch.keys)),
        "retour": filters_kept(request.POST),
        "back": batch.back,
        "draft": batch.draft,
    }


def _list_address(project: Project, filters: str) -> str:
    address = reverse("roadmap:action_list", args=[project.pk])
    return "?".join(filter(None, [address, filters]))
