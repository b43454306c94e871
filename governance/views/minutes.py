"""The minutes: read, written item by item by several hands, refreshed every few seconds."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core.http import SignedInRequest, readonly_view, require, writes
from core.text import moment_in_words
from governance.enums import MeetingState, MinutesState
from governance.forms.decisions import DecisionForm, names_offered
from governance.forms.minutes import ItemForm, NotesForm
from governance.models import AgendaItem, Decision, Meeting
from governance.permissions import can_read_minutes, can_take_minutes
from governance.services.hands import hands_at
from governance.services.minutes import keep_notes, writing_minutes
from governance.summaries.minutes import minutes_of
from governance.summaries.register import RegisterLine, lines_of, open_decisions_of
from governance.ties import Tied, tied_to_items
from governance.views.around import meeting_page, readable_meeting
from governance.views.meeting_doors import item_to_write
from governance.writing import GovernanceRefused

AUTO = "auto"


@dataclass(frozen=True)
class ItemLine:
    """One point, as the page of those who write shows it."""

    item: AgendaItem
    form: NotesForm
    ties: list[Tied]
    taken: list[RegisterLine]


@readonly_view
def minutes_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The minutes, to write until they are proposed, then to read. About fourteen queries."""
    return show_minutes(request, readable_meeting(request, pk))


def show_minutes(
    request: SignedInRequest,
    meeting: Meeting,
    *,
    notes: NotesForm | None = None,
    item_form: ItemForm | None = None,
    decision_form: DecisionForm | None = None,
) -> HttpResponse:
    """The page, with the form that came back if one did."""
    takes = can_take_minutes(request.user, meeting)
    reads = takes or can_read_minutes(request.user, meeting)
    can_write = takes and not meeting.minutes_are_out and meeting.state != MeetingState.CANCELLED
    context = meeting_page(meeting) | {
        "can_take": takes,
        "can_write": can_write,
        "reads": reads,
        "is_held": meeting.state == MeetingState.HELD,
        "is_proposed": meeting.minutes_state == MinutesState.PROPOSED,
        "is_validated": meeting.minutes_state == MinutesState.VALIDATED,
    }
    if reads:
        read = minutes_of(meeting) if not can_write else None
        context |= {
            "read": read,
            "still_open": _still_open(request, meeting),
            "to_validate": _to_validate(meeting) if takes else [],
        }
    if can_write:
        context |= {
            "lines": _lines(request, meeting, notes),
            "loose": _loose(request, meeting),
            "item_form": item_form or ItemForm(),
            "decision_form": decision_form or _blank_decision(meeting),
            "decided_at": request.POST.get("item", "") if decision_form else None,
            "names": names_offered(meeting.body.project),
        }
    return render(request, "governance/minutes_detail.html", context)


def _blank_decision(meeting: Meeting) -> DecisionForm:
    project = meeting.body.project
    row = Decision(project=project, meeting=meeting)
    return DecisionForm(instance=row, project=project, revision=project.revision)


def _lines(request: SignedInRequest, meeting: Meeting, notes: NotesForm | None) -> list[ItemLine]:
    rows = AgendaItem.objects.filter(meeting=meeting).select_related("decision", "attachment")
    items = list(rows.order_by("rank", "pk"))
    ties = tied_to_items([item.pk for item in items], request.user)
    taken = _taken(request, meeting)
    sent = notes.instance.pk if notes else None
    lines = []
    for item in items:
        form = notes if notes and sent == item.pk else None
        lines.append(
            ItemLine(
                item=item,
                form=form or NotesForm(instance=item, revision=meeting.revision),
                ties=ties.get(item.pk, []),
                taken=[line for line in taken if line.decision.item_id == item.pk],
            )
        )
    return lines


def _taken(request: SignedInRequest, meeting: Meeting) -> list[RegisterLine]:
    rows = Decision.objects.filter(meeting=meeting).order_by("number")
    today = meeting.body.project.territory.today()
    return lines_of(rows, on=today, reader=request.user)


def _loose(request: SignedInRequest, meeting: Meeting) -> list[RegisterLine]:
    return [line for line in _taken(request, meeting) if line.decision.item_id is None]


def _still_open(request: SignedInRequest, meeting: Meeting) -> list[RegisterLine]:
    """What the body has still to do, this meeting's own decisions aside."""
    rows = open_decisions_of(meeting.body, before=meeting.starts_on).exclude(meeting=meeting)
    today = meeting.body.project.territory.today()
    return lines_of(rows.for_list(), on=today, reader=request.user)


def _to_validate(meeting: Meeting) -> list[Meeting]:
    """The minutes of earlier meetings of the body that wait for this one."""
    if meeting.minutes_are_out or meeting.state == MeetingState.CANCELLED:
        return []
    waiting = Meeting.objects.filter(
        body=meeting.body,
        minutes_state=MinutesState.PROPOSED,
        starts_at__lt=meeting.starts_at,
    )
    return list(waiting.with_place().order_by("starts_at", "pk"))


@writes("POST")
def item_notes(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Keep what was typed under one point: by the page itself, or by its button."""
    point = item_to_write(request, pk, item)
    if request.method != "POST":
        return redirect(_address(point))
    is_auto = request.POST.get("do") == AUTO
    try:
        with writing_minutes(point.meeting, by=request.user) as written:
            rows = AgendaItem.objects.filter(meeting=written.meeting)
            present = rows.filter(pk=point.pk).first()
            if present is None:
                raise GovernanceRefused(
                    "Ce point a été retiré de l’ordre du jour pendant que vous écriviez\u00a0: "
                    "votre texte est gardé sur cet appareil."
                )
            form = NotesForm(request.POST, instance=present, revision=written.meeting.revision)
            if form.is_valid():
                keep_notes(written=written, item=present)
    except GovernanceRefused as refusal:
        return _refused(request, point, str(refusal), is_auto=is_auto)
    if not form.is_valid():
        return _say_wrong(request, written.meeting, form, is_auto=is_auto)
    if is_auto:
        return _saved_by_itself(written.meeting, present)
    messages.success(request, "Le point est enregistré.", extra_tags=f"draft:point-{item}")
    return redirect(_address(point))


def _address(point: AgendaItem) -> str:
    address = reverse("governance:minutes_detail", args=[point.meeting_id])
    return f"{address}#point-{point.pk}"


def _saved_by_itself(meeting: Meeting, item: AgendaItem) -> HttpResponse:
    zone = meeting.body.project.territory.time_zone
    hour = moment_in_words(timezone.now(), time_zone=zone).partition(" à ")[2]
    told = f"Enregistré à {hour}."
    return JsonResponse({"revision": meeting.revision, "notes": item.notes, "told": told})


def _say_wrong(
    request: SignedInRequest, meeting: Meeting, form: NotesForm, *, is_auto: bool
) -> HttpResponse:
    """The page again with what was typed; the script that saves by itself gets both texts."""
    if not is_auto:
        return show_minutes(request, meeting, notes=form)
    if form.conflicts:
        conflict = form.conflicts[0]
        answer = {
            "told": f"{conflict.by} a écrit ici en même temps que vous.",
            "by": conflict.by,
            "theirs": conflict.theirs,
            "revision": meeting.revision,
        }
        return JsonResponse(answer, status=HTTPStatus.CONFLICT)
    told = " ".join(str(said) for errors in form.errors.values() for said in errors)
    return JsonResponse({"told": told}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _refused(
    request: SignedInRequest, point: AgendaItem, told: str, *, is_auto: bool
) -> HttpResponse:
    if is_auto:
        return JsonResponse({"told": told, "is_over": True}, status=HTTPStatus.CONFLICT)
    messages.error(request, told)
    return redirect("governance:minutes_detail", pk=point.meeting_id)


@readonly_view
def minutes_since(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was written since a revision (`?vu=`), and who writes where; `?ou=` says where one is.

    Four queries when nothing was written, three more otherwise.
    """
    meeting = readable_meeting(request, pk)
    require(can_take_minutes(request.user, meeting))
    place = request.GET.get("ou", "")
    item = int(place) if place.isdecimal() and len(place) < 19 else None
    hands = hands_at(meeting=meeting, user=request.user, item=item)
    answer: dict[str, Any] = {
        "revision": meeting.revision,
        "hands": {str(key): names for key, names in hands.items()},
        "is_over": meeting.minutes_are_out,
    }
    if request.GET.get("vu") != str(meeting.revision):
        answer["items"] = _items_now(request, meeting)
    return JsonResponse(answer)


def _items_now(request: SignedInRequest, meeting: Meeting) -> list[dict[str, Any]]:
    taken = _taken(request, meeting)
    items = AgendaItem.objects.filter(meeting=meeting).order_by("rank", "pk")
    return [
        {
            "key": item.pk,
            "notes": item.notes,
            "taken": render_to_string(
                "governance/_taken.html",
                {"taken": [line for line in taken if line.decision.item_id == item.pk]},
            ),
        }
        for item in items
    ]
