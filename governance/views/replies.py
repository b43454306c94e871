"""Answers to a convocation: by the mail's link without an account, or signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.adapters import refused_secret
from accounts.enums import LinkPurpose
from accounts.models import AccessLink
from accounts.services import count_use
from core.http import PageRequest, SignedInRequest, readonly_view, writes
from core.links import Entrance, led_to
from core.middleware import typed_texts
from governance.enums import Reply
from governance.forms.convocations import ReplyForm
from governance.models import Attendee, MeetingLetter
from governance.services.replies import Answering, TooLate, answer, refuse_late
from governance.summaries.agendas import agenda_of
from governance.views.around import clocks_of
from governance.writing import GovernanceRefused

ENTRANCE = Entrance(cookie="reunion", salt="governance.reply")
THANKS = {
    Reply.YES: "C’est noté\u00a0: vous venez. Merci.",
    Reply.NO: "C’est noté\u00a0: vous ne venez pas. Merci d’avoir prévenu.",
    Reply.REPRESENTED: "C’est noté\u00a0: vous serez représenté. Merci.",
}


@login_not_required
@never_cache
@readonly_view
def reply_open(request: HttpRequest, token: str) -> HttpResponse:
    """Moves the secret out of the address, and uses nothing up: mail scanners come here first."""
    link = AccessLink.objects.for_token(token, purpose=LinkPurpose.MEETING).first()
    known = MeetingLetter.objects.filter(link=link).first() if link else None
    if refusal := refused_secret(request, token, is_known=known is not None):
        return refusal
    if known is None:
        return led_to("governance:reply_unknown")
    path = reverse("governance:reply_page", args=[known.attendee_id])
    return ENTRANCE.let_in(request, path=path, key=known.link_id or 0)


@login_not_required
@never_cache
@readonly_view
def reply_unknown(request: PageRequest) -> HttpResponse:
    """A link that nobody made, or cut by a mail program: says what to do."""
    return render(request, "governance/replies/reply_unknown.html")


@login_not_required
@never_cache
@writes("POST")
def reply_page(request: PageRequest, pk: int) -> HttpResponse:
    """Yes, no, represented: changed until the meeting, by whoever came by the mail's link."""
    letter = _came(request, pk)
    if letter is None:
        return _lost(request)
    attendee = letter.attendee
    link = letter.link
    if link is None or not link.is_usable():
        context = _page(attendee) | {"is_revoked": link is None or link.revoked_at is not None}
        return render(request, "governance/replies/reply_closed.html", context, status=410)
    answering = Answering(signed=attendee.name)
    with clocks_of(attendee.meeting.body.project):
        response = _reply(
            request,
            attendee,
            answering,
            layout="governance/replies/by_link.html",
            back=reverse("governance:reply_page", args=[pk]),
        )
    if request.method == "POST" and response.status_code == 302:
        count_use(link_pk=link.pk)
    return response


@writes("POST")
def my_reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same, signed in, for a meeting to which one's own account is convened."""
    mine = Attendee.objects.filter(person__user=request.user).select_related(
        "person", "meeting__body__project__territory__region"
    )
    attendee: Attendee = get_object_or_404(mine, pk=pk)
    project = attendee.meeting.body.project
    with clocks_of(project):
        return _reply(
            request,
            attendee,
            Answering(by=request.user),
            layout="base.html",
            back=reverse("governance:my_meetings"),
        )


def _reply(
    request: PageRequest, attendee: Attendee, answering: Answering, *, layout: str, back: str
) -> HttpResponse:
    """The page of one answer. About five queries to read, ten to save."""
    too_late = _too_late(attendee)
    initial = {"represented_by": attendee.represented_by}
    if attendee.reply != Reply.NONE:
        initial["reply"] = attendee.reply
    form = ReplyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = answer(attendee=attendee, answering=answering, **form.cleaned_data)
        except TooLate as refusal:
            too_late = str(refusal)
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, THANKS[Reply(kept.reply)])
            return redirect(back)
    context = _page(attendee) | {
        "form": form,
        "layout": layout,
        "too_late": too_late,
        "agenda": agenda_of(attendee.meeting),
        "by_account": answering.by is not None,
    }
    return render(request, "governance/replies/reply_page.html", context)


def _too_late(attendee: Attendee) -> str:
    try:
        refuse_late(attendee)
    except TooLate as refusal:
        return str(refusal)
    return ""


def _page(attendee: Attendee) -> dict[str, object]:
    meeting = attendee.meeting
    return {
        "attendee": attendee,
        "meeting": meeting,
        "territory": meeting.body.project.territory,
        "draft_owner": f"convocation-{attendee.pk}",
    }


def _came(request: HttpRequest, pk: int) -> MeetingLetter | None:
    """The letter by whose link somebody came to that page, within the day. One query."""
    key = ENTRANCE.key_of(request)
    if key is None:
        return None
    letters = MeetingLetter.objects.select_related(
        "link", "attendee__meeting__body__project__territory__region"
    )
    return letters.filter(link_id=key, attendee_id=pk).first()


def _lost(request: PageRequest) -> HttpResponse:
    """No link any more: what was typed is given back."""
    texts = typed_texts(request)
    if texts:
        context = {"texts": texts}
        return render(request, "governance/replies/reply_unknown.html", context, status=401)
    return led_to("governance:reply_unknown")
