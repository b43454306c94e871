"""The agenda of a meeting: its items, their order, what is put there in one click."""

from typing import TYPE_CHECKING

from django.db.models import F

from accounts.models import User
from core.text import NBSP, counted
from documents.attachments import attach
from governance.models import AgendaItem, Decision, Meeting
from governance.services.meetings import day_told
from governance.services.minutes import refuse_closed_minutes
from governance.summaries.agendas import MINUTES_VALIDATED, proposals_for
from governance.writing import GovernanceRefused, writing_meeting
from journal.reading import already_made, token_for

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TITLE_LENGTH = 250
VALIDATION_MINUTES = 5


def add_item(*, meeting: Meeting, item: AgendaItem, by: User, token: str = "") -> None:
    """Put an item at the end; sent twice with one token, it is one. Seven queries."""
    token = token_for(token, "point", item.title)
    with writing_meeting(meeting, by=by, token=token) as writing:
        if already_made(writing.meeting.scope, token):
            return
        _refuse_closed(writing.meeting)
        item.meeting, item.rank = writing.meeting, _next_rank(writing.meeting)
        item.save()
        writing.made.words = f"a ajouté à l’ordre du jour «{NBSP}{item}{NBSP}»"


def add_decision(*, meeting: Meeting, decision: Decision, by: User) -> None:
    """Put a decision that is open on the agenda; nothing when it is there. Seven queries."""
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        _refuse_closed(present)
        if AgendaItem.objects.filter(meeting=present, decision=decision).exists():
            return
        text = " ".join(decision.text.split())
        title = f"Suivi de la décision {decision.number}{NBSP}: {text}"
        short = title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
        AgendaItem.objects.create(
            meeting=present,
            rank=_next_rank(present),
            title=short,
            speaker=decision.responsible_name,
            decision=decision,
        )
        writing.made.words = f"a mis à l’ordre du jour la décision {decision.number}"


def add_validation(*, meeting: Meeting, by: User) -> None:
    """Put the validation of the last minutes first; nothing when none wait. Ten queries."""
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        _refuse_closed(present)
        earlier = proposals_for(present).minutes_of
        if earlier is None:
            return
        earlier.body = present.body
        AgendaItem.objects.filter(meeting=present).update(rank=F("rank") + 1)
        AgendaItem.objects.create(
            meeting=present,
            rank=1,
            title=f"{MINUTES_VALIDATED} {day_told(earlier)}",
            minutes=VALIDATION_MINUTES,
        )
        writing.made.words = "a mis à l’ordre du jour la validation du dernier compte rendu"


def copy_agenda(*, meeting: Meeting, by: User) -> None:
    """Take the items of the last meeting that has some, without what was followed or joined.

    Raises `GovernanceRefused` when items are there already. Ten queries.
    """
    with writing_meeting(meeting, by=by) as writing:
        present = writing.meeting
        _refuse_closed(present)
        source = proposals_for(present).copied_from
        if source is None:
            raise GovernanceRefused("Rien à reprendre\u00a0: l’ordre du jour n’est plus vide.")
        items = AgendaItem.objects.filter(meeting=source, decision=None).order_by("rank", "pk")
        kept = [item for item in items if not item.title.startswith(MINUTES_VALIDATED)]
        AgendaItem.objects.bulk_create(
            AgendaItem(
                meeting=present,
                rank=rank,
                title=item.title,
                minutes=item.minutes,
                speaker=item.speaker,
            )
            for rank, item in enumerate(kept, start=1)
        )
        writing.made.words = f"a repris {counted(len(kept), 'point')} de la réunion précédente"


def move_item(*, item: AgendaItem, up: bool, by: User) -> None:
    """One place up or down; nothing at either end. A query an item."""
    with writing_meeting(item.meeting, by=by) as writing:
        _refuse_closed(writing.meeting)
        items = list(AgendaItem.objects.filter(meeting=writing.meeting).order_by("rank", "pk"))
        keys = [each.pk for each in items]
        if item.pk not in keys:
            raise GovernanceRefused("Ce point a été retiré entre-temps.")
        at = keys.index(item.pk)
        other = at - 1 if up else at + 1
        if 0 <= other < len(items):
            items[at], items[other] = items[other], items[at]
        _ranked(items)
        writing.made.words = f"a déplacé «{NBSP}{item}{NBSP}» dans l’ordre du jour"


def remove_item(*, item: AgendaItem, by: User) -> None:
    """Take an item away; the others close up. Raises `GovernanceRefused` once it has minutes."""
    with writing_meeting(item.meeting, by=by) as writing:
        _refuse_closed(writing.meeting)
        present = AgendaItem.objects.filter(pk=item.pk).first()
        if present is None:
            return
        if present.notes or present.decisions_taken.exists():
            raise GovernanceRefused("Le compte rendu parle de ce point\u00a0: il reste.")
        writing.made.words = f"a retiré de l’ordre du jour «{NBSP}{present}{NBSP}»"
        present.delete()
        left = AgendaItem.objects.filter(meeting=writing.meeting).order_by("rank", "pk")
        _ranked(list(left))


def join_document(
    *, item: AgendaItem, upload: "UploadedFile[bytes] | None", url: str, name: str, by: User
) -> None:
    """Hang a file or a link on an item, in place of the one before. Eight queries.

    Raises `documents.attachments.AttachmentRefused`.
    """
    with writing_meeting(item.meeting, by=by) as writing:
        _refuse_closed(writing.meeting)
        present = AgendaItem.objects.get(pk=item.pk)
        present.attachment = attach(upload=upload, url=url, name=name, by=by)
        present.save(update_fields=["attachment"])
        writing.made.words = f"a joint un document au point «{NBSP}{present}{NBSP}»"


def take_document_away(*, item: AgendaItem, by: User) -> None:
    """Take the document of an item away; nothing when there is none. Six queries."""
    with writing_meeting(item.meeting, by=by) as writing:
        _refuse_closed(writing.meeting)
        present = AgendaItem.objects.get(pk=item.pk)
        if present.attachment_id is None:
            return
        present.attachment = None
        present.save(update_fields=["attachment"])
        writing.made.words = f"a retiré le document du point «{NBSP}{present}{NBSP}»"


def _refuse_closed(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise GovernanceRefused(
            "Cette réunion est annulée\u00a0: son ordre du jour ne change plus."
        )
    refuse_closed_minutes(meeting)


def _next_rank(meeting: Meeting) -> int:
    ranks = AgendaItem.objects.filter(meeting=meeting).values_list("rank", flat=True)
    return max(ranks, default=0) + 1


def _ranked(items: list[AgendaItem]) -> None:
    for rank, item in enumerate(items, start=1):
        if item.rank != rank:
            item.rank = rank
            item.save(update_fields=["rank"])
