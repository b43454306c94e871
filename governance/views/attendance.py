"""Who is there, noted in the meeting: on a phone, by several hands."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from core.text import counted
from governance.enums import MeetingState, Presence
from governance.forms.decisions import names_offered
from governance.forms.minutes import AddAttendeeForm, AttendanceForm
from governance.models import Attendee, Meeting
from governance.permissions import can_take_minutes
from governance.services.attendance import (
    add_attendee,
    hold_meeting,
    keep_attendance,
    note_the_others,
)
from governance.services.minutes import writing_minutes
from governance.summaries.minutes import attendance_of, counted_in_words
from governance.views.around import meeting_page, readable_meeting
from governance.views.meeting_doors import meeting_to_write
from governance.writing import GovernanceRefused


def attendees_of(meeting: Meeting) -> list[Attendee]:
    """The list, as it was made; one query."""
    return list(Attendee.objects.filter(meeting=meeting).order_by("pk"))


@writes("POST")
def attendance(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note who is there; whoever only reads the meeting reads it. About eight queries."""
    if request.method != "POST":
        meeting = readable_meeting(request, pk)
        form = AttendanceForm(meeting=meeting, attendees=attendees_of(meeting))
        return _show(request, meeting, form)
    meeting = meeting_to_write(request, pk)
    try:
        with writing_minutes(meeting, by=request.user) as written:
            form = AttendanceForm(
                request.POST, meeting=written.meeting, attendees=attendees_of(written.meeting)
            )
            if not form.is_valid():
                return _show(request, written.meeting, form)
            noted = keep_attendance(written=written, rows=form.changed)
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))
    else:
        told = f"{counted(noted, 'présence notée', 'présences notées')}."
        messages.success(request, told if noted else "Rien n’a changé.")
    return redirect("governance:attendance", pk=pk)


def _show(
    request: SignedInRequest,
    meeting: Meeting,
    form: AttendanceForm,
    add_form: AddAttendeeForm | None = None,
) -> HttpResponse:
    people = [row.instance for row in form.rows]
    groups = attendance_of(attendees_of(meeting) if form.conflicts else people)
    can_take = can_take_minutes(request.user, meeting)
    context = meeting_page(meeting) | {
        "form": form,
        "add_form": add_form or AddAttendeeForm(),
        "groups": groups,
        "counts": counted_in_words(groups),
        "can_take": can_take and not meeting.minutes_are_out,
        "is_held": meeting.state == MeetingState.HELD,
        "waiting": sum(one.presence == Presence.UNKNOWN for one in people),
        "names": names_offered(meeting.body.project) if can_take else [],
    }
    return render(request, "governance/attendance.html", context)


@writes("POST")
def attendee_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add somebody who came without being convened; a reading goes back to the list."""
    meeting = meeting_to_write(request, pk)
    form = AddAttendeeForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            rows = AttendanceForm(meeting=meeting, attendees=attendees_of(meeting))
            return _show(request, meeting, rows, form)
        try:
            added = add_attendee(meeting=meeting, by=request.user, **form.cleaned_data)
        except GovernanceRefused as refusal:
            form.add_error("name", str(refusal))
            rows = AttendanceForm(meeting=meeting, attendees=attendees_of(meeting))
            return _show(request, meeting, rows, form)
        messages.success(request, f"{added} est sur la liste.")
    return redirect("governance:attendance", pk=pk)


@writes("POST")
def attendance_rest(request: SignedInRequest, pk: int) -> HttpResponse:
    """Note at once all those of whom nothing is noted; a reading goes back to the list."""
    meeting = meeting_to_write(request, pk)
    presence = request.POST.get("presence", "")
    if request.method == "POST" and presence in {Presence.PRESENT, Presence.ABSENT}:
        try:
            noted = note_the_others(meeting=meeting, presence=Presence(presence), by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{counted(noted, 'présence notée', 'présences notées')}.")
    return redirect("governance:attendance", pk=pk)


@writes("POST")
def attendance_held(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say that the meeting took place; a reading goes back to the list."""
    meeting = meeting_to_write(request, pk)
    if request.method == "POST":
        try:
            hold_meeting(meeting=meeting, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "La réunion est tenue. Son compte rendu peut être proposé.")
    return redirect("governance:attendance", pk=pk)


@readonly_view
def meeting_papers(request: SignedInRequest, pk: int) -> HttpResponse:
    """The papers of one meeting, each ordered in a tap."""
    meeting = readable_meeting(request, pk)
    context = meeting_page(meeting) | {"can_take": can_take_minutes(request.user, meeting)}
    return render(request, "governance/meeting_papers.html", context)
