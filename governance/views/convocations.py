"""Convening: the list and the mails before they leave, then the log of those that left."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.enums import MailState
from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP, counted
from governance.forms.convocations import GuestForm, ReplyForm
from governance.models import Attendee, Meeting, MeetingLetter
from governance.services.convening import (
    add_guest,
    convene,
    remove_guest,
    resend,
    send_again_to_everybody,
)
from governance.services.convocations import Sender, preview_of
from governance.services.replies import Answering, answer
from governance.summaries.agendas import agenda_of
from governance.summaries.convocations import recipients_of
from governance.views.around import meeting_page, meeting_to_lead
from governance.writing import GovernanceRefused

TROUBLES = frozenset({MailState.REFUSED, MailState.UNCERTAIN})
SUBSTITUTES = "suppleants"


@writes("POST")
def convocation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Who is going to be convened and what each will read; then the mails leave."""
    meeting = meeting_to_lead(request, pk)
    if not meeting.is_draft:
        return redirect("governance:meeting_mail_list", pk)
    chosen = request.POST if request.method == "POST" else request.GET
    with_substitutes = bool(chosen.get(SUBSTITUTES))
    refusal = ""
    if request.method == "POST":
        try:
            letters = convene(
                meeting=meeting,
                with_substitutes=with_substitutes,
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except GovernanceRefused as refused:
            refusal = str(refused)
        else:
            leaving = counted(letters, "courriel part", "courriels partent")
            messages.success(request, f"La réunion est convoquée{NBSP}: {leaving}.")
            return redirect("governance:meeting_detail", pk)
    recipients = recipients_of(meeting, with_substitutes=with_substitutes)
    agenda, sender = agenda_of(meeting), Sender(request.user)
    context = meeting_page(meeting) | {
        "refusal": refusal,
        "recipients": recipients,
        "with_substitutes": with_substitutes,
        "agenda": agenda,
        "previews": [
            (one, preview_of(meeting, recipient=one, sender=sender, agenda=agenda))
            for one in recipients.reachable
        ],
        "guest_form": GuestForm(territory=meeting.body.project.territory),
    }
    return render(request, "governance/meetings/convocation.html", context)


@writes("POST")
def guest_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put somebody who has no seat on the list, of the directory or not."""
    meeting = meeting_to_lead(request, pk)
    form = GuestForm(request.POST or None, territory=meeting.body.project.territory)
    if form.is_valid():
        try:
            said = add_guest(meeting=meeting, by=request.user, **form.cleaned_data)
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            back = "convocation" if meeting.is_draft else "meeting_detail"
            return redirect(f"governance:{back}", pk)
    context = meeting_page(meeting) | {"form": form}
    return render(request, "governance/meetings/guest_add.html", context)


@writes("POST")
def guest_remove(request: SignedInRequest, pk: int, attendee_pk: int) -> HttpResponse:
    """Take a guest from the list before the mails leave; a reading goes back to the list."""
    attendee = _attendee(meeting_to_lead(request, pk), attendee_pk)
    if request.method == "POST":
        try:
            remove_guest(attendee=attendee, by=request.user)
            messages.success(request, f"{attendee} n’est plus sur la liste.")
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("governance:convocation", pk)


@readonly_view
def meeting_mail_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every mail of the meeting, sent or failed, and who was never written to."""
    meeting = meeting_to_lead(request, pk)
    letters = list(MeetingLetter.objects.filter(attendee__meeting=meeting).for_list())
    latest: dict[int, int] = {}
    for letter in letters:
        latest.setdefault(letter.attendee_id, letter.pk)
    people = Attendee.objects.filter(meeting=meeting).select_related("person").order_by("pk")
    context = meeting_page(meeting) | {
        "letters": letters,
        # What went wrong and was not sent again since.
        "to_mend": [
            one
            for one in letters
            if one.mail.state in TROUBLES and one.pk == latest[one.attendee_id]
        ],
        "unwritten": [one for one in people if one.pk not in latest and meeting.is_convened],
    }
    return render(request, "governance/meetings/meeting_mail_list.html", context)


@writes("POST")
def meeting_mail_resend(request: SignedInRequest, pk: int, attendee_pk: int) -> HttpResponse:
    """Write again to one person, with a new link; a reading goes back to the log."""
    attendee = _attendee(meeting_to_lead(request, pk), attendee_pk)
    if request.method == "POST":
        try:
            letter = resend(attendee=attendee, by=request.user)
            messages.success(request, f"Un nouveau courriel part vers {letter.mail.to}.")
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("governance:meeting_mail_list", pk)


@writes("POST")
def meeting_mail_all(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send everybody the meeting as it is now, its agenda included; a reading goes to the log."""
    meeting = meeting_to_lead(request, pk)
    if request.method == "POST":
        try:
            letters = send_again_to_everybody(meeting=meeting, by=request.user)
            messages.success(request, f"{counted(letters, 'courriel part', 'courriels partent')}.")
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("governance:meeting_mail_list", pk)


@writes("POST")
def reply_for(request: SignedInRequest, pk: int, attendee_pk: int) -> HttpResponse:
    """Write down what somebody told the lead otherwise."""
    meeting = meeting_to_lead(request, pk)
    attendee = _attendee(meeting, attendee_pk)
    initial = {"reply": attendee.reply, "represented_by": attendee.represented_by}
    form = ReplyForm(request.POST or None, initial=initial, is_lead=True)
    if form.is_valid():
        try:
            answer(
                attendee=attendee,
                answering=Answering(by=request.user, is_lead=True),
                **form.cleaned_data,
            )
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"La réponse de {attendee} est notée.")
            return redirect("governance:meeting_detail", pk)
    context = meeting_page(meeting) | {"form": form, "attendee": attendee}
    return render(request, "governance/replies/reply_for.html", context)


def _attendee(meeting: Meeting, pk: int) -> Attendee:
    """Somebody on the list of that meeting. One query."""
    people = Attendee.objects.filter(meeting=meeting).select_related("person")
    attendee: Attendee = get_object_or_404(people, pk=pk)
    attendee.meeting = meeting
    return attendee
