"""What was done, by whom, and the way back: the history of a project, of a sheet, one gesture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from core.http import SignedInRequest, push_address, readonly_view, render_part, require, writes
from journal.enums import ChangeKind
from journal.models import Change, ChangeSet, ChangeSetQuerySet
from journal.undoing import UndoRefused
from roadmap.forms.history import HistoryForm, people_of
from roadmap.permissions import can_take_back, can_take_back_each
from roadmap.services import history
from roadmap.services.returning import may_return_alone
from roadmap.summaries.history import (
    SHEET,
    SHOWN_CHANGES,
    SheetName,
    ToldGesture,
    days_of,
    for_history,
    kinds_of_changes,
    sheets_of_history,
    tell,
)
from roadmap.summaries.history_words import REDONE, UNDONE
from roadmap.views.around import project_page, sheet_page
from roadmap.views.doors import readable_project, readable_sheet
from territories.models import Project

GESTURES_PER_PAGE = 50
CHANGES_PER_PAGE = 200
LONGEST_ADDRESS = 2_000


@readonly_view
def project_history(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Every gesture of a roadmap, the latest first; a dozen queries."""
    project = readable_project(request, project_pk)
    sheets = sheets_of_history(project)
    gestures = ChangeSet.objects.of(project.scope)
    form = HistoryForm(
        request.GET, project=project, people=people_of(gestures), sheets=sheets.values()
    )
    form.is_valid()
    subject = f"{SHEET}:{form.sheet}" if form.sheet else ""
    page = _page(request, form.narrow(gestures), subject)
    return _history(request, project_page(project), form, page, sheets)


@readonly_view
def sheet_history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every gesture that touched one sheet, the latest first; a dozen queries."""
    action = readable_sheet(request, pk)
    gestures = ChangeSet.objects.of(action.project.scope).about(action.subject)
    form = HistoryForm(request.GET, project=action.project, people=people_of(gestures))
    form.is_valid()
    page = _page(request, form.narrow(gestures), action.subject)
    sheets = sheets_of_history(action.project)
    return _history(request, sheet_page(action), form, page, sheets)


def _page(request: SignedInRequest, gestures: ChangeSetQuerySet, subject: str) -> Any:
    """One page of gestures; of a sheet, those that touched it, and what they did to it."""
    if subject:
        gestures = gestures.about(subject)
    found = for_history(gestures.latest_first(), subject=subject)
    return Paginator(found, GESTURES_PER_PAGE).get_page(request.GET.get("page"))


def _history(
    request: SignedInRequest,
    around: dict[str, Any],
    form: HistoryForm,
    page: Any,
    sheets: dict[int, SheetName],
) -> HttpResponse:
    told = tell(list(page), project=around["project"], sheets=sheets)
    kept = urlencode(form.choices_made)
    address = "?".join(filter(None, [request.path, kept]))
    context = around | {
        "form": form,
        "page": page,
        "kept": kept,
        "here": address,
        # Its state is the present one: there is nothing to go back to.
        "newest": told[0].changeset.pk if told and page.number == 1 and not kept else None,
        "days": list(days_of(told)),
        **vars(_ways(request, around["project"], told)),
    }
    response = render_part(request, "roadmap/history/history.html", "results", context)
    return push_address(request, response, kept)


@dataclass(frozen=True)
class _Ways:
    """What this person may take back, or bring back: the links of a page of history."""

    # Gestures, by key.
    ways_back: frozenset[int]
    # Changes whose value may come back alone.
    field_returns: frozenset[int]
    # Sheets that they write.
    sheet_returns: frozenset[int]


def _ways(request: SignedInRequest, project: Project, told: Sequence[ToldGesture]) -> _Ways:
    """Asked at once: one query, two when some gestures are not wholly told."""
    whole = kinds_of_changes([gesture.changeset for gesture in told if gesture.more_count])
    gestures = [whole.get(gesture.changeset.pk, gesture.changes) for gesture in told]
    alone = [one for gesture in told for one in gesture.changes if may_return_alone(one)]
    sheets = list({sheet.pk: sheet for gesture in told for sheet in gesture.sheets}.values())
    questions = [*gestures, *([one] for one in alone), *([_write_on(sheet)] for sheet in sheets)]
    answers = iter(can_take_back_each(request.user, project, questions))
    return _Ways(
        ways_back=frozenset(
            gesture.changeset.pk
            for gesture, is_theirs in zip(told, answers, strict=False)
            if is_theirs and not gesture.taken_back
        ),
        field_returns=frozenset(
            one.pk for one, is_theirs in zip(alone, answers, strict=False) if is_theirs
        ),
        sheet_returns=frozenset(
            sheet.pk
            for sheet, is_theirs in zip(sheets, answers, strict=False)
            if is_theirs and not sheet.is_gone
        ),
    )


def _write_on(sheet: SheetName) -> Change:
    """What whoever writes the sheet could have written."""
    return Change(
        kind=ChangeKind.CHANGED, model=SHEET, row=sheet.pk, field="title", subject=sheet.subject
    )


@readonly_view
def gesture_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One gesture and all its changes, a page of them at a time."""
    gesture, project = readable_gesture(request, pk)
    page = Paginator(gesture.changes.order_by("rank"), CHANGES_PER_PAGE).get_page(
        request.GET.get("page")
    )
    told = _told(gesture, project, shown=CHANGES_PER_PAGE, after=page.start_index() - 1)
    context = project_page(project) | {
        "told": told,
        "page": page,
        "here": request.path,
        **vars(_ways(request, project, [told])),
    }
    return render(request, "roadmap/history/gesture_detail.html", context)


@writes("POST")
def take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back a gesture; the page says first what will come back."""
    gesture, project = readable_gesture(request, pk)
    require(can_take_back(request.user, project, list(gesture.changes.all())))

    def undo() -> ChangeSet:
        return history.take_back(gesture=gesture, project=project, by=request.user)

    return _ask_or_undo(request, _told(gesture, project), project, undo)


@writes("POST")
def take_back_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take back one change of a gesture; the page says first what will come back."""
    change = get_object_or_404(Change.objects.select_related("changeset"), pk=pk)
    gesture, project = readable_gesture(request, change.changeset_id)
    require(can_take_back(request.user, project, [change]))

    def undo() -> ChangeSet:
        return history.take_back_change(change=change, project=project, by=request.user)

    told = _told(gesture, project, shown=1, after=change.rank - 1)
    return _ask_or_undo(request, told, project, undo, is_part=told.change_count > 1)


def readable_gesture(request: SignedInRequest, pk: int) -> tuple[ChangeSet, Project]:
    """A gesture made in a project that this person reads. Two queries."""
    gesture = get_object_or_404(ChangeSet, pk=pk)
    label, _, key = gesture.scope.partition(":")
    if label != Project._meta.label_lower:
        raise Http404
    return gesture, readable_project(request, int(key))


def _told(
    gesture: ChangeSet, project: Project, *, shown: int = SHOWN_CHANGES, after: int = 0
) -> ToldGesture:
    wanted = for_history(ChangeSet.objects.filter(pk=gesture.pk), shown=shown, after=after)
    (told,) = tell(list(wanted), project=project, sheets=sheets_of_history(project))
    return told


def _ask_or_undo(
    request: SignedInRequest,
    told: ToldGesture,
    project: Project,
    undo: Callable[[], ChangeSet],
    *,
    is_part: bool = False,
) -> HttpResponse:
    """Undo what is sent; otherwise, or when it is refused, the page that asks."""
    refusal, next_address = "", next_address_of(request, _usual_next(told, project))
    if request.method == "POST":
        try:
            done = undo()
        except UndoRefused as error:
            refusal = str(error)
        else:
            _say_undone(request, done)
            return _go(request, _unless_gone(next_address, done, project))
        if request.htmx:
            messages.error(request, refusal)
            return _go(request, next_address)
    context = project_page(project) | {
        "told": told,
        "is_part": is_part,
        "refusal": refusal,
        "instead": _instead(told, is_part=is_part) if refusal else None,
        "next": next_address,
    }
    return render(request, "roadmap/history/take_back.html", context)


def _instead(told: ToldGesture, *, is_part: bool) -> Change | None:
    """The one value that was to come back: it may, over what was written since."""
    if told.change_count > 1 and not is_part:
        return None
    return next(filter(may_return_alone, told.changes), None)


def _say_undone(request: SignedInRequest, done: ChangeSet) -> None:
    """« C’est annulé : Agnès Martin a… », or « C’est rétabli » of an undo, and the way back."""
    is_redone = done.words.startswith(REDONE)
    said = done.words.replace(REDONE if is_redone else UNDONE, "", 1)
    opening, label = ("C’est rétabli", "Annuler") if is_redone else ("C’est annulé", "Rétablir")
    way_back = reverse("roadmap:take_back", args=[done.pk])
    messages.success(
        request,
        format_html(
            '{}\u00a0: {}. <a class="alert-link" href="{}">{}</a>', opening, said, way_back, label
        ),
    )


def _go(request: SignedInRequest, address: str) -> HttpResponse:
    kind = HttpResponseClientRedirect if request.htmx else HttpResponseRedirect
    return kind(address)


def _unless_gone(address: str, done: ChangeSet, project: Project) -> str:
    """The address, unless it is that of a sheet that went with the undo of its making."""
    path = urlsplit(address).path
    removed = done.changes.filter(model=SHEET, kind=ChangeKind.REMOVED).values_list(
        "row", flat=True
    )
    if any(path.startswith(reverse("roadmap:action_detail", args=[key])) for key in removed):
        return reverse("roadmap:project_history", args=[project.pk])
    return address


def next_address_of(request: SignedInRequest, usual: str) -> str:
    """Where the person came from, when it is one of our pages; otherwise the usual address."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_a_path = asked.startswith("/") and len(asked) <= LONGEST_ADDRESS
    return asked if is_a_path and url_has_allowed_host_and_scheme(asked, None) else usual


def _usual_next(told: ToldGesture, project: Project) -> str:
    """The sheet that the gesture touched, or the history."""
    for sheet in told.sheets:
        if not sheet.is_gone:
            return reverse("roadmap:action_detail", args=[sheet.pk])
    return reverse("roadmap:project_history", args=[project.pk])
