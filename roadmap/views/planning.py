"""The planning: the whole grid, and what a grid asks and sends."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from core.http import SignedInRequest, readonly_view, writes
from core.quarters import Quarter
from core.text import NBSP, listed, moment_in_words
from roadmap.drawings import draw_rows, draw_sheets
from roadmap.forms.planning import BatchRefused, ShiftOrder, read_batch, read_shift
from roadmap.models import Action, Objective
from roadmap.permissions import (
    can_lead_roadmap,
    can_order_roadmap_papers,
    can_write_sheet,
    can_write_which,
)
from roadmap.services.cells import CellConflict, CellRefused, CellsSaved, set_cells
from roadmap.services.gestures import SheetRefused
from roadmap.services.shifting import shift_objective, shift_sheet
from roadmap.summaries import changed_since, sum_up
from roadmap.views.around import project_page
from roadmap.views.doors import readable_project
from roadmap.views.grids import grid_context, grid_of, pen_of, pen_over, sheets_in_words
from roadmap.views.sheets import sheet_context
from territories.models import Project

NOT_YOURS = "Vous ne pouvez pas écrire dans cette fiche."
UNKNOWN = f"Cet objectif n’existe pas{NBSP}: rechargez la page."


@readonly_view
def planning(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The quarter grid of the whole roadmap, written by whoever writes its sheets."""
    project = readable_project(request, project_pk)
    today = Quarter.on(project.territory.today())
    sheets = list(Action.objects.of(project).for_grid().in_order())
    leads = can_lead_roadmap(request.user, project)
    context = project_page(project) | {
        "notes": project.headings.exclude(planning_note="").order_by("priority__number"),
        "whole": sum_up(sheets, on=today),
        "can_order": can_order_roadmap_papers(request.user, project),
        "can_lead": leads,
        **grid_context(project, sheets, theirs=can_write_which(request.user, project, leads=leads)),
    }
    return render(request, "roadmap/planning.html", context)


# --- What the grid asks and sends ---


@writes("POST")
def planning_cells(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Save one gesture's cells; says which were somebody else's meanwhile."""
    project = readable_project(request, project_pk)
    if request.method != "POST":
        return redirect("roadmap:planning", project_pk)
    try:
        batch = read_batch(request.body)
        saved = set_cells(
            project=project,
            by=request.user,
            cells=batch.cells,
            kind=batch.kind,
            token=batch.token,
        )
    except (BatchRefused, SheetRefused, PermissionDenied, Objective.DoesNotExist) as refusal:
        return _refusal(refusal)
    rows = {cell.objective for cell in batch.cells}
    return JsonResponse(
        _saved(saved, project) | _redrawn(request, project, rows=rows, sheet=batch.sheet)
    )


@writes("POST")
def planning_shift(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Move a row, or a sheet, by one quarter."""
    project = readable_project(request, project_pk)
    if request.method != "POST":
        return redirect("roadmap:planning", project_pk)
    rows: set[int] = set()
    try:
        order = read_shift(request.body)
        action, objective = _what_moves(request, project, order)
        rows = {objective.pk} if objective else set(action.objectives.values_list("pk", flat=True))
        how: dict[str, Any] = {
            "by": request.user,
            "quarters": order.by,
            "revision": order.revision,
            "token": order.token,
            "kind": order.kind,
            "mine": order.mine,
        }
        if objective:
            shift_objective(objective=objective, **how)
        else:
            shift_sheet(action=action, **how)
    except (Objective.DoesNotExist, Action.DoesNotExist, BatchRefused, PermissionDenied) as refusal:
        return _refusal(refusal)
    except SheetRefused as refusal:
        redrawn = _redrawn(request, project, rows=rows, sheet=None)
        return JsonResponse(
            {"sentence": str(refusal), "revision": None, **redrawn}, status=HTTPStatus.CONFLICT
        )
    return JsonResponse(
        {"revision": project.revision, "saved": 1, "conflicts": [], "refused": []}
        | _redrawn(request, project, rows=rows, sheet=order.sheet)
    )


@readonly_view
def planning_since(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The sheets whose rows changed after a revision; nothing (204) when none did.

    `?jeton` asks for a fresh form token instead: the page outlived the session that drew it.
    """
    project = readable_project(request, project_pk)
    if "jeton" in request.GET:
        return JsonResponse({"csrf": get_token(request), "user": request.user.pk})
    revision = request.GET.get("revision", "")
    if not (revision.isascii() and revision.isdecimal() and len(revision) < 10):
        return _refusal(BatchRefused(f"Cette page n’est plus à jour{NBSP}: rechargez-la."))
    if project.revision <= int(revision):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    since = changed_since(project, int(revision), reader=request.user)
    only = request.GET.get("fiche", "")
    sheet = int(only) if only.isascii() and only.isdecimal() and len(only) < 19 else None
    keys = {key for key in since.sheets if sheet in {None, key}}
    sheets = list(Action.objects.of(project).filter(pk__in=keys).for_grid().in_order())
    drawn = draw_sheets(
        grid_of(project, sheets, is_whole=sheet is None),
        pen=pen_of(request.user, project),
        named_sheets=sheet is None,
    )
    return JsonResponse(
        {
            "revision": project.revision,
            "sheets": {str(key): drawn.get(key, "") for key in sorted(keys)},
            "by": listed(list(since.by)),
            "told": _told(since.by, [each.number for each in sheets]),
            "columns": since.has_other_columns,
        }
        | _figures(request, sheet if keys else None)
    )


def _told(names: Iterable[str], numbers: list[int]) -> str:
    """« Bruno Petit vient d’écrire dans la fiche 3. »"""
    if not names or not numbers:
        return ""
    people = list(names)
    verb = "vient" if len(people) == 1 else "viennent"
    return f"{listed(people)} {verb} d’écrire dans {sheets_in_words(numbers)}."


def _what_moves(
    request: SignedInRequest, project: Project, order: ShiftOrder
) -> tuple[Action, Objective | None]:
    """The sheet, and its row when one alone moves; `DoesNotExist` and `PermissionDenied`."""
    objective = None
    if order.objective is not None:
        objective = Objective.objects.select_related("action").get(
            pk=order.objective, action__project=project
        )
    action = objective.action if objective else project.actions.get(pk=order.action or 0)
    action.project = project
    if not can_write_sheet(request.user, action):
        raise PermissionDenied
    return action, objective


def _refusal(refusal: Exception) -> JsonResponse:
    """Why nothing was written, in a sentence that the page shows."""
    if isinstance(refusal, PermissionDenied):
        return JsonResponse({"sentence": NOT_YOURS}, status=HTTPStatus.FORBIDDEN)
    if isinstance(refusal, BatchRefused | SheetRefused):
        return JsonResponse({"sentence": str(refusal)}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse({"sentence": UNKNOWN}, status=HTTPStatus.NOT_FOUND)


def _saved(saved: CellsSaved, project: Project) -> dict[str, Any]:
    return {
        "revision": saved.revision,
        "saved": saved.saved,
        "conflicts": [_conflict(conflict, project) for conflict in saved.conflicts],
        "refused": [_refused(refusal) for refusal in saved.refused],
    }


def _conflict(conflict: CellConflict, project: Project) -> dict[str, Any]:
    at = conflict.at
    return {
        "o": conflict.cell.objective,
        "q": conflict.cell.quarter,
        "now": conflict.now,
        "by": conflict.by,
        "at_words": moment_in_words(at, time_zone=project.territory.time_zone) if at else "",
        "sentence": conflict.sentence,
    }


def _refused(refusal: CellRefused) -> dict[str, Any]:
    return {
        "o": refusal.cell.objective,
        "q": refusal.cell.quarter,
        "sentence": refusal.sentence,
    }


def _redrawn(
    request: SignedInRequest, project: Project, *, rows: set[int], sheet: int | None
) -> dict[str, Any]:
    """These rows as they stand, and the figures of the sheet when its page asks for them.

    For whoever was just let write them: the sheets are theirs.
    """
    found = Action.objects.of(project).filter(objectives__in=rows).distinct()
    sheets = list(found.for_grid().in_order())
    pen = pen_over({sheet.pk for sheet in sheets})
    drawn = draw_rows(grid_of(project, sheets, is_whole=True), pen=pen, only=rows)
    return {"rows": {str(key): row for key, row in drawn.items()}} | _figures(request, sheet)


def _figures(request: SignedInRequest, sheet: int | None) -> dict[str, str]:
    """What the head of a sheet's page says of it, for its own page only."""
    if sheet is None:
        return {}
    visible = Action.objects.visible_to(request.user).for_sheet().with_place()
    action = visible.filter(pk=sheet).first()
    if action is None:
        return {}
    context = sheet_context(request, action)
    return {"figures": render_to_string("roadmap/sheet/_figures.html", context, request)}
