"""Batches of letters of engagement: made, worded, given their organisations."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Max

from accounts.models import User
from core.text import NBSP, counted
from governance.models import (
    EngagementItem,
    EngagementLetter,
    EngagementRound,
    Organisation,
)
from governance.summaries.engagement import SOURCE_ITEMS, RoundWords
from governance.writing import GovernanceRefused
from journal.reading import already_made, token_for
from journal.recording import Gesture
from territories.models import Project
from territories.writing import writing

LEFT_ALREADY = (
    "Une lettre de cet envoi est déjà partie\u00a0: son texte ne change plus. Pour d’autres mots, "
    "préparez un nouvel envoi."
)


@dataclass
class RoundGesture:
    """The gesture under way, and the batch as the base holds it now."""

    made: Gesture
    round: EngagementRound


@contextlib.contextmanager
def writing_round(
    *, batch: EngagementRound, by: User | None, words: str = "", rewords: bool = False
) -> Iterator[RoundGesture]:
    """What one person does to one batch, its project locked meanwhile.

    Load inside what is to be changed. `rewords` when the text of the letters is written: refused
    once one of them left. Raises `GovernanceRefused`. Three queries, four more when something
    changed.
    """
    with writing(batch.project, by=by, words=words, on_paper=False) as made:
        present = EngagementRound.objects.with_place().filter(pk=batch.pk).first()
        if present is None:
            raise GovernanceRefused("Cet envoi a été supprimé pendant que vous écriviez.")
        if rewords and present.has_left():
            raise GovernanceRefused(LEFT_ALREADY)
        yield RoundGesture(made, present)


def make_round(
    *, project: Project, words: RoundWords, by: User | None, token: str = ""
) -> EngagementRound:
    """Begin a batch with what is proposed; sent twice with one token, it is one. Ten queries."""
    token = token_for(token, project.pk, words.name)
    with writing(project, by=by, token=token, on_paper=False) as made:
        rounds = EngagementRound.objects.filter(project=project)
        if already_made(project.scope, token):
            return rounds.latest("pk")
        last = rounds.aggregate(last=Max("number"))["last"] or 0
        batch = EngagementRound.objects.create(
            project=project,
            number=last + 1,
            name=words.name,
            heading=words.heading,
            intro=words.intro,
            lead_in=words.lead_in,
            duration=words.duration,
            closing=words.closing,
            signatory_name=words.signatory_name,
            signatory_title=words.signatory_title,
            place=words.place,
            dated_on=words.dated_on,
            answer_by=words.answer_by,
            return_to=words.return_to,
        )
        EngagementItem.objects.bulk_create(
            EngagementItem(round=batch, rank=rank, code=code, text=text)
            for rank, (code, text) in enumerate(words.items, start=1)
        )
        made.words = f"a préparé l’envoi «{NBSP}{batch.name}{NBSP}»"
    return batch


def remove_round(*, batch: EngagementRound, by: User) -> Gesture:
    """Take away a batch of which nothing left. Raises `GovernanceRefused`. Ten queries."""
    with writing_round(batch=batch, by=by, rewords=True) as writing_now:
        writing_now.made.words = f"a supprimé l’envoi «{NBSP}{writing_now.round.name}{NBSP}»"
        EngagementRound.objects.filter(pk=writing_now.round.pk).delete()
    return writing_now.made


# --- What the letters ask for -------------------------------------------------------------------


def add_item(*, batch: EngagementRound, text: str, by: User) -> EngagementItem:
    """One engagement of the lead's own, after the others. Raises `GovernanceRefused`."""
    with writing_round(batch=batch, by=by, rewords=True) as writing_now:
        rows = EngagementItem.objects.filter(round=writing_now.round)
        rank = (rows.aggregate(last=Max("rank"))["last"] or 0) + 1
        item = EngagementItem.objects.create(round=writing_now.round, rank=rank, text=text)
        writing_now.made.words = f"a ajouté un engagement à «{NBSP}{writing_now.round}{NBSP}»"
    return item


def remove_item(*, item: EngagementItem, by: User) -> None:
    """Take an engagement out of the letters; the last one stays. Raises `GovernanceRefused`."""
    with writing_round(batch=item.round, by=by, rewords=True) as writing_now:
        rows = EngagementItem.objects.filter(round=writing_now.round)
        if rows.count() < 2:
            raise GovernanceRefused("Une lettre d’engagement demande au moins un engagement.")
        rows.filter(pk=item.pk).delete()
        writing_now.made.words = f"a retiré un engagement de «{NBSP}{writing_now.round}{NBSP}»"


def move_item(*, item: EngagementItem, up: bool, by: User) -> None:
    """One place up or down among the engagements. Raises `GovernanceRefused`."""
    with writing_round(batch=item.round, by=by, rewords=True) as writing_now:
        rows = list(EngagementItem.objects.filter(round=writing_now.round).in_order())
        place = next((rank for rank, row in enumerate(rows) if row.pk == item.pk), None)
        to = None if place is None else place + (-1 if up else 1)
        if place is None or to is None or not 0 <= to < len(rows):
            return
        rows[place], rows[to] = rows[to], rows[place]
        for rank, row in enumerate(rows, start=1):
            row.rank = rank
        EngagementItem.objects.bulk_update(rows, ["rank"])
        writing_now.made.words = f"a déplacé un engagement de «{NBSP}{writing_now.round}{NBSP}»"


def bring_back_items(*, batch: EngagementRound, by: User) -> int:
    """Those of the seven of the source that were taken out, at the end; says how many.

    Raises `GovernanceRefused`.
    """
    with writing_round(batch=batch, by=by, rewords=True) as writing_now:
        rows = EngagementItem.objects.filter(round=writing_now.round)
        there = set(rows.values_list("code", flat=True))
        last = rows.aggregate(last=Max("rank"))["last"] or 0
        missing = [(code, text) for code, text in SOURCE_ITEMS if code not in there]
        EngagementItem.objects.bulk_create(
            EngagementItem(round=writing_now.round, rank=last + rank, code=code, text=text)
            for rank, (code, text) in enumerate(missing, start=1)
        )
        writing_now.made.words = (
            f"a repris {counted(len(missing), 'engagement')} de la source dans "
            f"«{NBSP}{writing_now.round}{NBSP}»"
        )
    return len(missing)


# --- Whose letters ------------------------------------------------------------------------------


def add_letters(
    *, batch: EngagementRound, organisations: Iterable[Organisation], by: User | None
) -> int:
    """A letter for each organisation that has none in the batch; says how many were added.

    Name, address and person are kept as the directory gives them now. Raises `GovernanceRefused`
    when the batch is gone. Eight queries, whatever the number.
    """
    with writing_round(batch=batch, by=by) as writing_now:
        rows = EngagementLetter.objects.filter(round=writing_now.round)
        there = set(rows.values_list("organisation_id", flat=True))
        last = rows.aggregate(last=Max("number"))["last"] or 0
        new = [one for one in organisations if one.pk not in there]
        EngagementLetter.objects.bulk_create(
            _letter(writing_now.round, one, number)
            for number, one in enumerate(new, start=last + 1)
        )
        writing_now.made.words = (
            f"a ajouté {counted(len(new), 'organisation')} à «{NBSP}{writing_now.round}{NBSP}»"
        )
    return len(new)


def _letter(batch: EngagementRound, organisation: Organisation, number: int) -> EngagementLetter:
    contact = organisation.contact
    lines = [organisation.address, f"{organisation.postcode} {organisation.town}".strip()]
    told = ", ".join(filter(None, [str(contact), contact.function])) if contact else ""
    return EngagementLetter(
        round=batch,
        number=number,
        organisation=organisation,
        name=organisation.name,
        category=organisation.category,
        address="\n".join(filter(None, lines)),
        contact=contact,
        contact_name=told,
        email=(contact.email if contact and contact.email else organisation.email),
    )


def remove_letter(*, letter: EngagementLetter, by: User) -> None:
    """Take an organisation out of a batch; its letter must not have left.

    Raises `GovernanceRefused`.
    """
    with writing_round(batch=letter.round, by=by) as writing_now:
        present = EngagementLetter.objects.filter(pk=letter.pk).first()
        if present is None:
            return
        if not present.is_to_send:
            raise GovernanceRefused(
                f"La lettre de {present.name} est déjà partie\u00a0: elle reste dans l’envoi."
            )
        present.delete()
        writing_now.made.words = f"a retiré {letter.name} de «{NBSP}{writing_now.round}{NBSP}»"
