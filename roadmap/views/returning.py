"""Going back to an earlier state: what would change, then the gesture."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.http import SignedInRequest, require, writes
from core.text import NBSP
from journal.models import Change, ChangeSet
from journal.reading import new_token
from journal.undoing import UndoRefused
from roadmap.permissions import can_take_back, can_write_sheet
from roadmap.services.returning import (
    FieldReturn,
    ReturnStale,
    SheetReturn,
    WayBack,
    return_to,
    way_back,
)
from roadmap.services.returning.ways import Way
from roadmap.summaries.history import told_backwards
from roadmap.summaries.history_words import field_label, row_words
from roadmap.views.around import project_page
from roadmap.views.doors import readable_sheet
from roadmap.views.history import next_address_of, readable_gesture
from roadmap.views.telling import say_done
from territories.models import Project

SHOWN_CHANGES = 200
NOT_THEIRS = (
    "Ce retour toucherait au numéro, aux priorités, aux rôles ou au retrait de la fiche\u00a0: "
    "demandez-le à la coordination."
)


@writes("POST")
def field_return(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring a value back as a gesture left it, or with « ?avant=1 » as it found it."""
    change = get_object_or_404(Change.objects.select_related("changeset"), pk=pk)
    _, project = readable_gesture(request, change.changeset_id)
    require(can_take_back(request.user, project, [change]))
    way = FieldReturn(change, before="avant" in request.GET)
    what = f"{field_label(change, change.field)}{NBSP}: {row_words(change)}"
    return _ask_or_return(request, project, way, what)


@writes("POST")
def sheet_return(request: SignedInRequest, pk: int, gesture_pk: int) -> HttpResponse:
    """Bring a whole sheet back as a gesture left it."""
    action = readable_sheet(request, pk)
    touched = ChangeSet.objects.of(action.project.scope).about(action.subject)
    gesture = get_object_or_404(touched, pk=gesture_pk)
    require(can_write_sheet(request.user, action))
    return _ask_or_return(request, action.project, SheetReturn(action, gesture), str(action))


def _ask_or_return(request: SignedInRequest, project: Project, way: Way, what: str) -> HttpResponse:
    """Go back when what was read is sent; otherwise, or when refused, the page that asks."""
    back, refusal = _read(request, project, way)
    if request.method == "POST" and back and not refusal:
        try:
            made = return_to(
                way=way,
                seen=request.POST.get("seen", ""),
                project=project,
                by=request.user,
                token=request.POST.get("token", "")[:64],
            )
        except ReturnStale as error:
            back, refusal = _read(request, project, way)
            refusal = refusal or str(error)
        except UndoRefused as error:
            refusal = str(error)
        else:
            words = "C’est fait\u00a0: l’état demandé est revenu."
            say_done(request, words, made)
            return redirect(_next(request, project, way))
    return render(
        request,
        "roadmap/history/state_return.html",
        _context(request, project, way, back) | {"what": what, "refusal": refusal},
    )


def _read(request: SignedInRequest, project: Project, way: Way) -> tuple[WayBack | None, str]:
    """What would change, or why nothing may. Two to five queries."""
    try:
        back = way_back(way)
    except UndoRefused as error:
        return None, str(error)
    if back.changes and not can_take_back(request.user, project, back.changes):
        return None, NOT_THEIRS
    return back, ""


def _context(
    request: SignedInRequest, project: Project, way: Way, back: WayBack | None
) -> dict[str, Any]:
    changes = back.changes if back else ()
    return project_page(project) | {
        "is_sheet": isinstance(way, SheetReturn),
        "is_before": isinstance(way, FieldReturn) and way.before,
        "gesture": way.gesture,
        "back": back,
        "rows": told_backwards(changes[:SHOWN_CHANGES], project=project) if changes else (),
        "more_count": max(0, len(changes) - SHOWN_CHANGES),
        "token": new_token(),
        "next": _next(request, project, way),
    }


def _next(request: SignedInRequest, project: Project, way: Way) -> str:
    if isinstance(way, SheetReturn):
        return next_address_of(request, reverse("roadmap:action_detail", args=[way.action.pk]))
    return next_address_of(request, reverse("roadmap:project_history", args=[project.pk]))
