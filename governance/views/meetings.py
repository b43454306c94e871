"""The meetings of a project: listed, read, made, changed, cancelled."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP, counted, day_in_words, weekday_in_words
from governance.forms.meetings import CancelForm, MeetingForm, NewMeetingForm
from governance.models import Attendee, Body, Meeting
from governance.permissions import can_lead_governance
from governance.services.convocations import Sender
from governance.services.meetings import (
    Said,
    cancel_meetings,
    change_following,
    day_told,
    make_meetings,
    refuse_settled,
    remove_meetings,
    settle_change,
)
from governance.summaries.agendas import agenda_of
from governance.summaries.convocations import answers_to
from governance.summaries.dates import series_in_words
from governance.summaries.meetings import meeting_lines, month_of, read_month
from governance.views.around import (
    clocks_of,
    meeting_page,
    meeting_to_lead,
    meetings_page,
    project_to_lead,
    readable_meeting,
    readable_project,
)
from governance.writing import GovernanceRefused, writing_meeting
from journal.models import ChangeSet

PREVIEW = "voir"
# Without a script, a long past stays readable.
MOST_LINES = 200
MOST_GESTURES = 30


@readonly_view
def meeting_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The meetings to come, then the past ones; of one body when one is chosen."""
    project = readable_project(request, project_pk)
    bodies = list(Body.objects.of(project))
    chosen = next((one for one in bodies if str(one.pk) == request.GET.get("instance")), None)
    context = meetings_page(project) | {
        "bodies": bodies,
        "chosen": chosen,
        "coming": meeting_lines(project, past=False, body=chosen)[:MOST_LINES],
        "past": meeting_lines(project, past=True, body=chosen)[:MOST_LINES],
        "can_lead": can_lead_governance(request.user, project),
    }
    return render(request, "governance/meetings/meeting_list.html", context)


@readonly_view
def meeting_calendar(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """A month of meetings, in a grid; in a list on a telephone."""
    project = readable_project(request, project_pk)
    today = project.territory.today()
    year, month = read_month(request.GET.get("mois", ""), today=today)
    context = meetings_page(project) | {
        "month": month_of(project, year=year, month=month),
        "can_lead": can_lead_governance(request.user, project),
    }
    return render(request, "governance/meetings/meeting_calendar.html", context)


@readonly_view
def meeting_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One meeting: when and where, its agenda, who is convened and what they answered."""
    meeting = readable_meeting(request, pk)
    mine = Attendee.objects.filter(meeting=meeting, person__user=request.user).first()
    context = meeting_page(meeting) | {
        "agenda": agenda_of(meeting),
        "answers": answers_to(meeting),
        "mine": mine,
        "is_over": meeting.starts_at <= timezone.now(),
        "later": Meeting.objects.following(meeting).count(),
        "gestures": ChangeSet.objects.of(meeting.scope).latest_first()[:MOST_GESTURES],
        "can_lead": can_lead_governance(request.user, meeting.body.project),
    }
    return render(request, "governance/meetings/meeting_detail.html", context)


@writes("POST")
def meeting_add(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Add a meeting, or a series whose days are shown before they are made."""
    project = project_to_lead(request, project_pk)
    with clocks_of(project):
        initial = {"body": request.GET.get("instance")}
        form = NewMeetingForm(request.POST or None, project=project, initial=initial)
        context = meetings_page(project) | {"form": form, "days": None}
        if form.is_valid():
            days = form.days
            is_series = len(days) > 1 or form.cleaned_data["repeat"] != "jamais"
            if not is_series:
                return _made(request, form, context)
            context |= _previewed(form, request)
            if request.POST.get("do") != PREVIEW and "jour" in request.POST:
                return _made(request, form, context)
        return render(request, "governance/meetings/meeting_add.html", context)


def _previewed(form: NewMeetingForm, request: SignedInRequest) -> dict[str, object]:
    """The days of the series, ticked; those that were unticked stay so."""
    typed = form.cleaned_data
    ticked = set(request.POST.getlist("jour"))
    is_first = not ticked or request.POST.get("do") == PREVIEW
    return {
        "days": [
            (day, weekday_in_words(day), is_first or day.isoformat() in ticked) for day in form.days
        ],
        "rhythm": series_in_words(
            typed["starts_at"].date(), repeat=typed["repeat"], every=typed["every"] or 1
        ),
    }


def _made(
    request: SignedInRequest, form: NewMeetingForm, context: dict[str, object]
) -> HttpResponse:
    days = form.ticked(request.POST.getlist("jour")) if context["days"] else form.days
    try:
        made = make_meetings(
            model=form.meeting, days=days, by=request.user, token=form.cleaned_data["token"]
        )
    except GovernanceRefused as refusal:
        form.add_error("body", str(refusal))
        return render(request, "governance/meetings/meeting_add.html", context)
    if not made:
        form.add_error(None, "Cochez au moins une date.")
        return render(request, "governance/meetings/meeting_add.html", context)
    if len(made) == 1:
        messages.success(request, "La réunion est ajoutée. Préparez son ordre du jour.")
        return redirect("governance:meeting_detail", made[0].pk)
    first, last = (day_in_words(each.starts_at.date()) for each in (made[0], made[-1]))
    messages.success(request, f"{counted(len(made), 'réunion')} ajoutées, du {first} au {last}.")
    return redirect("governance:meeting_list", made[0].body.project_id)


@writes("POST")
def meeting_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a meeting, and the following ones of its series; those convened are told."""
    meeting = meeting_to_lead(request, pk)
    if not meeting.may_change:
        messages.error(request, "Une réunion tenue ou annulée ne change plus.")
        return redirect("governance:meeting_detail", pk)
    later = Meeting.objects.following(meeting).count()
    with clocks_of(meeting.body.project):
        if request.method == "POST":
            form, said = _changed(request, meeting, later)
            if not form.errors:
                _say_changed(request, said)
                return redirect("governance:meeting_detail", pk)
        else:
            form = MeetingForm(instance=meeting, revision=meeting.revision, later=later)
        told = answers_to(meeting).attendees if meeting.is_convened else ()
        context = meeting_page(meeting) | {
            "form": form,
            "told": sum(1 for one in told if one.email),
        }
        return render(request, "governance/meetings/meeting_edit.html", context)


def _changed(request: SignedInRequest, meeting: Meeting, later: int) -> tuple[MeetingForm, Said]:
    """The form once sent; without errors, all is kept and the mails are ordered."""
    sender = Sender(request.user)
    try:
        with transaction.atomic():
            return _written(request, meeting, later, sender)
    except GovernanceRefused as refusal:
        form = MeetingForm(request.POST, instance=meeting, revision=meeting.revision, later=later)
        form.add_error(None, str(refusal))
        return form, Said()


def _written(
    request: SignedInRequest, meeting: Meeting, later: int, sender: Sender
) -> tuple[MeetingForm, Said]:
    """All of it, or nothing: the meeting, then the following ones, each in its own story."""
    with writing_meeting(meeting, by=request.user) as writing:
        present = writing.meeting
        refuse_settled(present)
        before = Meeting.objects.with_place().get(pk=present.pk)
        form = MeetingForm(request.POST, instance=present, revision=present.revision, later=later)
        if not form.is_valid():
            return form, Said()
        form.save()
        written = ", ".join(form.changed_labels)
        writing.made.words = f"a modifié la réunion du {day_told(present)}{NBSP}: {written}"
        letters = settle_change(writing, before=before, sender=sender)
    if not form.cleaned_data.get("following"):
        return form, Said(1, letters)
    others = change_following(meeting=present, before=before, sender=sender)
    return form, Said(1 + others.meetings, letters + others.letters)


def _say_changed(request: SignedInRequest, said: Said) -> None:
    what = (
        "La réunion est modifiée."
        if said.meetings < 2
        else f"{counted(said.meetings, 'réunion')} modifiées."
    )
    messages.success(request, f"{what} {_told(said)}".strip())


def _told(said: Said) -> str:
    if not said.letters:
        return ""
    return f"{counted(said.letters, 'courriel part', 'courriels partent')} vers les convoqués."


@writes("POST")
def meeting_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Cancel a meeting, once confirmed, with its reason; those convened are told."""
    meeting = meeting_to_lead(request, pk)
    later = Meeting.objects.following(meeting).count()
    form = CancelForm(request.POST or None, later=later)
    if form.is_valid():
        try:
            said = cancel_meetings(
                meeting=meeting,
                reason=form.cleaned_data["reason"],
                following=form.cleaned_data.get("following", False),
                sender=Sender(request.user),
            )
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La réunion est annulée. {_told(said)}".strip())
            return redirect("governance:meeting_detail", pk)
    told = answers_to(meeting).attendees if meeting.is_convened else ()
    context = meeting_page(meeting) | {
        "form": form,
        "later": later,
        "told": sum(1 for one in told if one.email),
    }
    return render(request, "governance/meetings/meeting_cancel.html", context)


@writes("POST")
def meeting_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a meeting that nobody was told of, once confirmed."""
    meeting = meeting_to_lead(request, pk)
    if not meeting.is_draft:
        messages.error(request, "Cette réunion n’est plus en préparation\u00a0: annulez-la plutôt.")
        return redirect("governance:meeting_detail", pk)
    if request.method == "POST":
        following = bool(request.POST.get("following"))
        try:
            count = remove_meetings(meeting=meeting, following=following, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("governance:meeting_detail", pk)
        messages.success(request, f"{counted(count, 'réunion supprimée', 'réunions supprimées')}.")
        return redirect("governance:meeting_list", meeting.body.project_id)
    context = meeting_page(meeting) | {"later": Meeting.objects.following(meeting).count()}
    return render(request, "governance/meetings/meeting_delete.html", context)
