"""Meetings: made alone or in a series, moved, cancelled, removed while nobody was told."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from core.text import NBSP, moment_in_words
from governance.enums import ConvocationKind, MeetingState, Reply
from governance.models import Attendee, Body, Meeting
from governance.services.convocations import Sender, write_to_everybody
from governance.writing import GovernanceRefused, MeetingGesture, writing_meeting
from journal.reading import new_token, token_for
from journal.recording import gesture

# What somebody convened must know at once.
TOLD = ("title", "starts_at", "ends_at", "place", "distance_url")
# What a change of the series gives the following ones, besides the hours.
SHARED = ("title", "place", "distance_url", "words")


@dataclass(frozen=True)
class Said:
    """What became of a gesture, in figures: meetings written, people written to."""

    meetings: int = 0
    letters: int = 0


def day_told(meeting: Meeting) -> str:
    """« 1er mars 2026 à 14 h 00 », there. Expects the place."""
    return moment_in_words(meeting.starts_at, time_zone=meeting.body.project.territory.time_zone)


@transaction.atomic
def make_meetings(
    *, model: Meeting, days: Iterable[dt.date], by: User, token: str
) -> list[Meeting]:
    """One meeting, or one for each of these days at the hours of the first: each in its journal.

    `model` is a meeting that is not kept, with its body and place. Sent twice with one token, they
    are made once. Five queries each. Raises `GovernanceRefused` for a body that is over.
    """
    body = Body.objects.select_for_update(of=("self",)).with_place().get(pk=model.body_id)
    chosen = sorted(set(days))
    if body.ended_on is not None and chosen and chosen[-1] >= body.ended_on:
        raise GovernanceRefused(
            f"«{NBSP}{body}{NBSP}» est terminée{NBSP}: elle ne se réunit plus à cette date."
        )
    uids = [token_for(token, body.pk, day, model.starts_at, model.title)[:32] for day in chosen]
    known = list(Meeting.objects.with_place().filter(uid__in=uids).order_by("starts_at", "pk"))
    if known:
        return known
    series = new_token() if len(chosen) > 1 else ""
    return [
        _made(model, body, day, series=series, uid=uid, by=by)
        for day, uid in zip(chosen, uids, strict=True)
    ]


def _made(model: Meeting, body: Body, day: dt.date, *, series: str, uid: str, by: User) -> Meeting:
    zone = zoneinfo.ZoneInfo(body.project.territory.time_zone)
    starts_at = on_day(model.starts_at, day=day, zone=zone)
    meeting = Meeting(
        body=body,
        starts_at=starts_at,
        ends_at=starts_at + model.length,
        series=series,
        uid=uid,
        **{name: getattr(model, name) for name in SHARED},
    )
    with gesture(by=by, words=f"a ajouté la réunion du {day_told(meeting)}") as made:
        meeting.save()
        made.concerns(meeting.scope, meeting.revise)
    return meeting


def on_day(moment: dt.datetime, *, day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The same hour of the clocks there, another day, whatever the season."""
    return dt.datetime.combine(day, moment.astimezone(zone).time(), tzinfo=zone)


def settle_change(writing: MeetingGesture, *, before: Meeting, sender: Sender) -> int:
    """Once a form wrote a meeting: tell those convened, ask again for answers if it was moved.

    Gives how many mails leave. Inside the gesture; a few queries, and six for each mail.
    """
    meeting = writing.meeting
    changed = [name for name in TOLD if getattr(before, name) != getattr(meeting, name)]
    if not changed or not meeting.is_convened:
        return 0
    if before.starts_at != meeting.starts_at:
        ask_again(meeting, was=before.starts_at)
    return write_to_everybody(meeting, kind=ConvocationKind.UPDATE, sender=sender, was=before)


def ask_again(meeting: Meeting, *, was: dt.datetime) -> None:
    """Answers given for another moment are kept beside, and asked for anew.

    Two queries a person.
    """
    for one in Attendee.objects.filter(meeting=meeting).exclude(reply=Reply.NONE).order_by("pk"):
        Attendee.objects.filter(pk=one.pk).update(former_reply=one.reply, former_starts_at=was)
        one.reply, one.represented_by, one.replied_at = Reply.NONE, "", None
        one.save(update_fields=["reply", "represented_by", "replied_at"])


def change_following(*, meeting: Meeting, before: Meeting, sender: Sender) -> Said:
    """Give the later meetings of the series what was just given to this one.

    Hours follow, and days by as many; each is a gesture of its own. Some ten queries each.
    """
    zone = zoneinfo.ZoneInfo(meeting.body.project.territory.time_zone)
    shift = meeting.starts_at.astimezone(zone).date() - before.starts_at.astimezone(zone).date()
    fields = [name for name in SHARED if getattr(before, name) != getattr(meeting, name)]
    has_moved = before.starts_at != meeting.starts_at or before.length != meeting.length
    # Those that followed it where it was.
    later = Meeting.objects.with_place().following(before)
    said = Said()
    for each in list(later.exclude(pk=meeting.pk)) if fields or has_moved else []:
        with writing_meeting(each, by=sender.by) as writing:
            present = writing.meeting
            old = Meeting.objects.with_place().get(pk=present.pk)
            for name in fields:
                setattr(present, name, getattr(meeting, name))
            if has_moved:
                day = present.starts_at.astimezone(zone).date() + shift
                present.starts_at = on_day(meeting.starts_at, day=day, zone=zone)
                present.ends_at = present.starts_at + meeting.length
            present.save()
            writing.made.words = (
                f"a modifié la réunion du {day_told(present)}, comme les autres de sa série"
            )
            letters = settle_change(writing, before=old, sender=sender)
        said = Said(said.meetings + 1, said.letters + letters)
    return said


@transaction.atomic
def cancel_meetings(*, meeting: Meeting, reason: str, following: bool, sender: Sender) -> Said:
    """Cancel a meeting, and the later ones of its series when asked; tell those convened.

    Raises `GovernanceRefused` when it was held or cancelled already. Some ten queries each.
    """
    later = list(Meeting.objects.with_place().following(meeting)) if following else []
    said = Said()
    for each in [meeting, *later]:
        letters = _cancelled(each, reason=reason, sender=sender)
        said = Said(said.meetings + 1, said.letters + letters)
    return said


def _cancelled(meeting: Meeting, *, reason: str, sender: Sender) -> int:
    with writing_meeting(meeting, by=sender.by) as writing:
        present = writing.meeting
        refuse_settled(present)
        was_convened = present.is_convened
        present.state, present.cancel_reason = MeetingState.CANCELLED, reason
        present.save(update_fields=["state", "cancel_reason"])
        writing.made.words = f"a annulé la réunion du {day_told(present)}"
        if not was_convened:
            return 0
        return write_to_everybody(present, kind=ConvocationKind.CANCEL, sender=sender)


def remove_meetings(*, meeting: Meeting, following: bool, by: User) -> int:
    """Remove a meeting that nobody was told of, and the later ones likewise; says how many.

    Raises `GovernanceRefused` once somebody was convened.
    """
    with transaction.atomic():
        later = list(Meeting.objects.with_place().following(meeting)) if following else []
        # One that was convened stays: it is cancelled, by its own page.
        chosen = [meeting, *(each for each in later if each.is_draft)]
        for each in chosen:
            _removed(each, by=by)
    return len(chosen)


def _removed(meeting: Meeting, *, by: User) -> None:
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        if not present.is_draft:
            raise GovernanceRefused(
                "Cette réunion n’est plus en préparation\u00a0: annulez-la, pour que les personnes"
                " convoquées le sachent."
            )
        if present.decisions.exists():
            raise GovernanceRefused(
                "Des décisions ont été prises dans cette réunion\u00a0: elle reste."
            )
        writing.made.words = f"a supprimé la réunion du {day_told(present)}"
        present.delete()


def refuse_settled(meeting: Meeting) -> None:
    """Raises `GovernanceRefused` for a meeting that was held or cancelled."""
    if not meeting.may_change:
        state = "annulée" if meeting.is_cancelled else "tenue"
        raise GovernanceRefused(f"Cette réunion est {state}{NBSP}: elle ne change plus.")
