"""Handing over: what somebody held in every room goes to whoever takes it on, in one gesture."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from core.mail import composed, send_on_commit
from core.models import Mail
from core.text import NBSP, counted, listed
from governance.models import Person
from governance.services.handover import (
    pass_attendance_on,
    pass_decision_on,
    pass_seat_on,
    pass_substitution_on,
)
from governance.writing import GovernanceRefused
from journal.reading import already_made, token_for
from overview.summaries.holdings import Held, HeldKind, Holdings, counted_by_title, holdings_of
from reviews.services.reassigning import reassign_answer
from reviews.writing import ReviewRefused
from roadmap.services.passing import pass_role_on
from territories.models import Project
from territories.writing import writing

logger = logging.getLogger(__name__)


class HandoverRefused(Exception):
    """What cannot be handed over; the message is a French sentence."""


@dataclass(frozen=True)
class Passed:
    """One thing, and who takes it on."""

    held: Held
    to: Person


@dataclass(frozen=True)
class Plan:
    """What changes hands, and what stays where it is."""

    holdings: Holdings
    on: dt.date
    passed: tuple[Passed, ...]
    kept: tuple[Held, ...]

    @property
    def successors(self) -> list[Person]:
        """Who takes something on, once each, in the order of what is passed."""
        return list({one.to.pk: one.to for one in self.passed}.values())

    def to(self, person: Person) -> list[Held]:
        """What that person takes on."""
        return [one.held for one in self.passed if one.to == person]


def plan_of(holdings: Holdings, *, choices: Mapping[str, Person | None], on: dt.date) -> Plan:
    """Who takes what, by key of what is held; nobody, or no choice, leaves it where it is."""
    passed = [Passed(line, person) for line in holdings.lines if (person := choices.get(line.key))]
    taken = {one.held.key for one in passed}
    kept = tuple(line for line in holdings.lines if line.key not in taken)
    return Plan(holdings, on, tuple(passed), kept)


def hand_over(
    project: Project,
    *,
    person: Person,
    choices: Mapping[str, Person | None],
    on: dt.date,
    seen: str,
    tells: bool = False,
    by: User,
    token: str = "",
) -> Plan:
    """Give each thing to whoever was chosen, all or nothing; sent twice with one token, once.

    `seen` is the seal of what the preview showed; `tells` writes to each who takes something on.
    Raises `HandoverRefused` when it is not what is held any more, or when a room refuses. About ten
    queries, and ten for each thing.
    """
    token = token_for(token, "passer la main", person.pk, seen)
    try:
        with writing(project, by=by, token=token, on_paper=False) as made:
            holdings = holdings_of(person, project)
            plan = plan_of(holdings, choices=choices, on=on)
            if already_made(project.scope, token):
                return plan
            if holdings.seal != seen:
                raise HandoverRefused(
                    f"Ce que tient {person} a changé pendant que vous prépariez la reprise{NBSP}: "
                    "rien n’a été enregistré. Relisez la liste ci-dessous."
                )
            for one in plan.passed:
                _pass_on(one, project=project, on=on, by=by, tells=tells)
            made.words = words_of(plan)
            if tells:
                for mail in mails_of(plan, by=by):
                    send_on_commit(
                        to=mail.to, subject=mail.subject, body=mail.body, reply_to=mail.reply_to
                    )
    except (GovernanceRefused, ReviewRefused) as refusal:
        raise HandoverRefused(str(refusal)) from refusal
    logger.info("Person %s handed over by %s", person.pk, by.pk)
    return plan


def _pass_on(one: Passed, *, project: Project, on: dt.date, by: User, tells: bool) -> None:
    """Each room does its own part."""
    row, kind = one.held.row, one.held.kind
    # The rows come from one list: the kind tells which room knows them.
    if kind == HeldKind.SEAT:
        pass_seat_on(row, person=one.to, on=on)  # type: ignore[arg-type]
    elif kind == HeldKind.SUBSTITUTE:
        pass_substitution_on(row, person=one.to)  # type: ignore[arg-type]
    elif kind == HeldKind.ROLE:
        with writing(project, by=by):
            pass_role_on(row, person=one.to)  # type: ignore[arg-type]
    elif kind == HeldKind.ANSWER:
        reassign_answer(row, person=one.to, by=by, tells=tells)  # type: ignore[arg-type]
    elif kind == HeldKind.DECISION:
        pass_decision_on(row, person=one.to)  # type: ignore[arg-type]
    else:
        pass_attendance_on(row, person=one.to)  # type: ignore[arg-type]


def words_of(plan: Plan) -> str:
    """« a passé la main de Marie Roy à Hugo Petit : 2 sièges… », for the journal."""
    counts = [f"{title.lower()} ({number})" for title, number in summed_up(plan)]
    names = listed([str(one) for one in plan.successors]) or "personne"
    more = f"{NBSP}: {listed(counts)}" if counts else ""
    return f"a passé la main de {plan.holdings.person} à {names}{more}"


def summed_up(plan: Plan) -> Sequence[tuple[str, int]]:
    """What is passed, counted under the titles of the page."""
    return counted_by_title(one.held for one in plan.passed)


def mails_of(plan: Plan, *, by: User) -> list[Mail]:
    """What each successor would receive: as it leaves, not ordered yet. No query.

    Whoever has no address receives nothing: the preview says so.
    """
    territory = plan.holdings.project.territory
    leaver = plan.holdings.person
    return [
        composed(
            to=person.email,
            subject=f"{territory.name}{NBSP}: vous prenez la suite de {leaver}",
            body=render_to_string(
                "overview/mail/handover.txt",
                {
                    "person": person,
                    "leaver": leaver,
                    "territory": territory,
                    "groups": _groups(plan.to(person)),
                    "count": counted(len(plan.to(person)), "élément"),
                    "by": by.get_full_name(),
                    "url": settings.SITE_URL
                    + reverse("overview:handover_summary", args=[territory.code, person.pk]),
                },
            ),
            reply_to=by.email,
        )
        for person in plan.successors
        if person.email
    ]


def _groups(lines: Sequence[Held]) -> list[tuple[str, list[Held]]]:
    return [
        (title, [line for line in lines if line.title == title])
        for title, _ in counted_by_title(lines)
    ]
