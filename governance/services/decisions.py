"""Keeping the register: a decision is numbered as it is written, followed until it is closed."""

import contextlib
import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Max

from accounts.models import User
from core.text import NBSP, fold
from governance.enums import DecisionState, MeetingState
from governance.models import AgendaItem, Body, Decision, Meeting, Person
from governance.services.ties import TieChanges, tie_decision
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from journal.reading import already_made, token_for
from journal.recording import Gesture
from territories.models import Project
from territories.writing import writing

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decided:
    """What a decision says as it is written, and what it is about."""

    text: str
    responsible: str = ""
    due_on: dt.date | None = None
    body: Body | None = None
    ties: Mapping[str, TieChanges] = field(default_factory=dict)


def write_decision(
    *,
    project: Project,
    decided: Decided,
    decided_on: dt.date,
    by: User,
    meeting: Meeting | None = None,
    item: AgendaItem | None = None,
    token: str = "",
) -> Decision:
    """Write a decision under the next number of the project, which no other will have.

    Sent twice with one token, it is one. The pages of its meeting see it come. Raises
    `GovernanceRefused`. About nine queries, three more a tie.
    """
    token = token_for(token, decided.text, item.pk if item else "")
    with writing(project, by=by, token=token, on_paper=False) as made:
        again = already_made(project.scope, token)
        if again is not None:
            return _made_before(project, again)
        if meeting is not None:
            _refuse_closed(meeting)
            made.concerns(meeting.scope, meeting.revise)
        last = Decision.objects.filter(project=project).aggregate(last=Max("number"))["last"]
        decision = Decision(
            project=project,
            number=(last or 0) + 1,
            text=decided.text,
            body=meeting.body if meeting else decided.body,
            meeting=meeting,
            item=item,
            decided_on=decided_on,
            due_on=decided.due_on,
        )
        name_responsible(decision, name=decided.responsible)
        decision.save()
        made.words = f"a écrit la décision{NBSP}{decision.number}"
        tie_decision(decision=decision, changes=decided.ties, by=by)
    logger.info("Decision %s written by %s", decision.pk, by.pk)
    return decision


def _made_before(project: Project, again: ChangeSet) -> Decision:
    """What the same gesture wrote the first time."""
    label = Decision._meta.label_lower
    rows = again.changes.filter(model=label).values("row")
    kept = Decision.objects.filter(project=project, pk__in=rows).first()
    if kept is None:
        raise GovernanceRefused("Cette décision a déjà été enregistrée.")
    return kept


def _refuse_closed(meeting: Meeting) -> None:
    """A cancelled meeting decided nothing; what its minutes say out is not added to."""
    present = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if present.state == MeetingState.CANCELLED:
        raise GovernanceRefused("Cette réunion a été annulée\u00a0: elle n’a rien décidé.")
    if present.minutes_are_out:
        raise GovernanceRefused(
            "Le compte rendu de cette réunion est déjà proposé ou validé\u00a0: écrivez cette "
            "décision dans le registre, ou dans la réunion suivante."
        )


def name_responsible(decision: Decision, *, name: str) -> None:
    """Who is to do it: somebody of the directory when one alone is called so, else those words.

    One query when there is a name.
    """
    decision.responsible_name = name
    decision.responsible = None
    if name:
        known = Person.objects.filter(
            territory=decision.project.territory_id, folded=fold(name), left_on=None
        )[:2]
        decision.responsible = known[0] if len(known) == 1 else None


def close_decision(
    *, decision: Decision, state: DecisionState, words: str, on: dt.date, by: User
) -> None:
    """Say that a decision is done, with its result if there is one, or dropped, and why.

    Raises `GovernanceRefused` when somebody closed it meanwhile, or no reason is given.
    """
    with writing(decision.project, by=by, on_paper=False) as made:
        present = _present(decision)
        if not present.is_open:
            raise GovernanceRefused(
                f"La décision{NBSP}{present.number} a déjà été close pendant que vous écriviez "
                f"({present.get_state_display().lower()})."
            )
        if state == DecisionState.DROPPED and not words:
            raise GovernanceRefused("Dites pourquoi cette décision est abandonnée.")
        if on < present.decided_on:
            raise GovernanceRefused("Une décision ne peut pas être close avant d’être prise.")
        present.state, present.closing_words, present.closed_on = state, words, on
        present.save(update_fields=["state", "closing_words", "closed_on"])
        verb = "faite" if state == DecisionState.DONE else "abandonnée"
        made.words = f"a noté la décision{NBSP}{present.number} comme {verb}"


def reopen_decision(*, decision: Decision, reason: str, by: User) -> None:
    """Open again a decision that was closed; the journal keeps why, and how it had been closed.

    Raises `GovernanceRefused` when it is open already.
    """
    with writing(decision.project, by=by, on_paper=False) as made:
        present = _present(decision)
        if present.is_open:
            raise GovernanceRefused(f"La décision{NBSP}{present.number} est déjà en cours.")
        present.state, present.closing_words, present.closed_on = DecisionState.OPEN, "", None
        present.save(update_fields=["state", "closing_words", "closed_on"])
        made.words = f"a rouvert la décision{NBSP}{present.number}{NBSP}: {reason}"


def _present(decision: Decision) -> Decision:
    """The row as the base holds it, under the lock of its project."""
    present = Decision.objects.filter(pk=decision.pk).first()
    if present is None:
        raise GovernanceRefused("Cette décision a été retirée entre-temps.")
    return present


@dataclass
class Correcting:
    """The gesture under way, and the decision as the base holds it now."""

    made: Gesture
    decision: Decision


@contextlib.contextmanager
def correcting_decision(*, decision: Decision, by: User) -> Iterator[Correcting]:
    """What one person corrects in a decision, its project locked meanwhile.

    The form is made inside, of the row given. Raises `GovernanceRefused` when it is gone.
    """
    with writing(decision.project, by=by, on_paper=False) as made:
        present = _present(decision)
        present.project = decision.project
        yield Correcting(made, present)


def keep_correction(
    *, correcting: Correcting, responsible: str, ties: Mapping[str, TieChanges], by: User
) -> None:
    """Keep a decision as the form wrote it on the row. Three queries, three more a tie."""
    present = correcting.decision
    name_responsible(present, name=responsible)
    present.save(update_fields=["text", "responsible", "responsible_name", "due_on"])
    correcting.made.words = f"a corrigé la décision{NBSP}{present.number}"
    tie_decision(decision=present, changes=ties, by=by)
