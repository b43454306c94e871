"""What one person holds in every room of a project: what is passed on when they leave."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.quarters import Quarter
from core.text import NBSP, day_in_words, moment_in_words
from governance.enums import MeetingState, SeatRole
from governance.models import Attendee, Decision, Person, Seat
from reviews.enums import SILENT_STATES, CampaignState, UpdateState
from reviews.models import Charge, Update
from roadmap.enums import ANSWERING_ROLES
from roadmap.models import Action, ActionRole
from roadmap.summaries.sheets import lateness_of, schedule_of
from territories.models import Project

LONGEST_NEWS = 240


class HeldKind(StrEnum):
    """What may be passed on, in the order in which it is read."""

    SEAT = "siege"
    SUBSTITUTE = "suppleance"
    ROLE = "fiche"
    ANSWER = "reponse"
    DECISION = "decision"
    MEETING = "reunion"


TITLES = {
    HeldKind.SEAT: "Sièges",
    HeldKind.SUBSTITUTE: "Suppléances",
    HeldKind.ROLE: "Fiches action",
    HeldKind.ANSWER: "Réponses attendues",
    HeldKind.DECISION: "Décisions à suivre",
    HeldKind.MEETING: "Réunions à venir",
}
# What becomes of each, told by the preview.
WHAT_CHANGES = {
    HeldKind.SEAT: (
        "Le mandat finit au jour dit. Le suivant commence le lendemain, au nom de la même "
        "organisation, sauf pour qui siège déjà."
    ),
    HeldKind.SUBSTITUTE: "La suppléance change de nom.",
    HeldKind.ROLE: "La fiche imprime le nouveau nom ; son compte pourra l’écrire.",
    HeldKind.ANSWER: "La réponse lui est demandée, avec ce qui est déjà écrit.",
    HeldKind.DECISION: "La décision change de responsable ; son échéance reste.",
    HeldKind.MEETING: "La personne est ajoutée aux convoqués : envoyez-lui la convocation.",
}


@dataclass(frozen=True)
class Held:
    """One thing that somebody holds: in words, until when, and where it is read."""

    kind: HeldKind
    row: models.Model = field(repr=False)
    words: str
    more: str = ""
    # « échéance le … », « en retard … ».
    deadline: str = ""
    is_late: bool = False
    news: str = ""
    address: str = ""

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def change(self) -> str:
        """What becomes of it when it is passed on."""
        return WHAT_CHANGES[self.kind]

    @property
    def key(self) -> str:
        """How a form names it: « siege-12 »."""
        return f"{self.kind}-{self.row.pk}"


@dataclass(frozen=True)
class Holdings:
    """All that somebody holds in a project."""

    person: Person
    project: Project
    lines: tuple[Held, ...]

    @property
    def groups(self) -> list[tuple[str, list[Held]]]:
        """Under the titles of the page."""
        return [
            (TITLES[kind], found)
            for kind in HeldKind
            if (found := [line for line in self.lines if line.kind == kind])
        ]

    @property
    def seal(self) -> str:
        """Changes with what is held: a preview that is not of the present is drawn again."""
        keys = "\n".join(sorted(f"{line.key} {line.words}" for line in self.lines))
        return hashlib.sha256(keys.encode()).hexdigest()[:16]


def holdings_of(person: Person, project: Project, *, with_news: bool = False) -> Holdings:
    """What that person holds; six queries, and five more `with_news`."""
    found = [
        *_seats(person, project),
        *_sheets(person, project, with_news=with_news),
        *_answers(person, project),
        *_decisions(person, project),
        *_meetings(person, project),
    ]
    return Holdings(person, project, tuple(found))


def people_who_hold(project: Project) -> models.QuerySet[Person]:
    """Whoever sits, pilots or answers for something in a project, by name. One query."""
    today = project.territory.today()
    seats = Seat.objects.filter(body__project=project, body__ended_on=None).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )
    roles = ActionRole.objects.filter(action__project=project, kind__in=ANSWERING_ROLES)
    decisions = Decision.objects.of(project).open().order_by()
    return Person.objects.of(project.territory).filter(
        Q(pk__in=seats.order_by().values("person"))
        | Q(pk__in=seats.order_by().values("substitute"))
        | Q(pk__in=roles.order_by().values("person"))
        | Q(pk__in=decisions.values("responsible"))
    )


def _seats(person: Person, project: Project) -> Iterator[Held]:
    today = project.territory.today()
    seats = Seat.objects.filter(body__project=project, body__ended_on=None).with_people()
    current = seats.select_related("body").filter(Q(ends_on=None) | Q(ends_on__gte=today))
    for seat in current.filter(person=person).order_by("body__rank", "rank", "pk"):
        role = "" if seat.role == SeatRole.MEMBER else f", {seat.get_role_display().lower()}"
        yield _of_seat(HeldKind.SEAT, seat, f"{seat.body}{role}", seat.organisation_name)
    for seat in current.filter(substitute=person).order_by("body__rank", "rank", "pk"):
        yield _of_seat(
            HeldKind.SUBSTITUTE, seat, f"{seat.body}", f"suppléance de {seat.person_name}"
        )


def _of_seat(kind: HeldKind, seat: Seat, words: str, more: str) -> Held:
    return Held(
        kind,
        seat,
        words,
        more=more,
        deadline=f"jusqu’au {day_in_words(seat.ends_on)}" if seat.ends_on else "",
        address=reverse("governance:body_detail", args=[seat.body_id]),
    )


def _sheets(person: Person, project: Project, *, with_news: bool) -> Iterator[Held]:
    roles = (
        ActionRole.objects.filter(
            action__project=project,
            action__retired_at=None,
            kind__in=ANSWERING_ROLES,
            person=person,
        )
        .select_related("action", "objective", "person", "organisation")
        .order_by("action__number", "position", "pk")
    )
    keys = {role.action_id for role in roles} if with_news else set()
    deadlines, news = _deadlines(keys, project), _news(keys)
    for role in roles:
        about = f", pour «{NBSP}{role.objective.printed}{NBSP}»" if role.objective else ""
        late, deadline = deadlines.get(role.action_id, (False, ""))
        yield Held(
            HeldKind.ROLE,
            role,
            f"Fiche {role.action.number}{NBSP}: {role.action.title}",
            more=f"{role.get_kind_display().lower()}{about}",
            deadline=deadline,
            is_late=late,
            news=news.get(role.action_id, ""),
            address=reverse("roadmap:action_detail", args=[role.action_id]),
        )


def _deadlines(keys: set[int], project: Project) -> dict[int, tuple[bool, str]]:
    """By sheet, whether it is late, and what comes next; three queries for those asked."""
    if not keys:
        return {}
    today = Quarter.on(project.territory.today())
    found = {}
    for action in Action.objects.filter(pk__in=keys).for_counts():
        lateness, schedule = lateness_of(action, on=today), schedule_of(action, on=today)
        said = [lateness.label] if lateness.is_late else []
        if schedule.upcoming:
            said.append(f"prochaine échéance {schedule.upcoming}")
        if schedule.deadline:
            said.append(f"fin prévue {schedule.deadline}")
        found[action.pk] = (lateness.is_late, ", ".join(said))
    return found


def _news(keys: set[int]) -> dict[int, str]:
    """By sheet, what its last validated answer said; one query for those asked."""
    news: dict[int, str] = {}
    if not keys:
        return news
    told = Update.objects.filter(action__in=keys, state=UpdateState.VALIDATED)
    rows = told.select_related("campaign").defer("campaign__frozen", "basis")
    for update in rows.order_by("-campaign__quarter", "-pk"):
        said = " ".join((update.done or update.next_steps or update.difficulties).split())
        if said and update.action_id not in news:
            short = said if len(said) <= LONGEST_NEWS else f"{said[: LONGEST_NEWS - 1].rstrip()}…"
            news[update.action_id] = f"Revue {update.campaign.reviewed}{NBSP}: {short}"
    return news


def _answers(person: Person, project: Project) -> Iterator[Held]:
    charges = Charge.objects.filter(
        respondent__person=person,
        update__campaign__project=project,
        update__campaign__state=CampaignState.OPEN,
        update__state__in=SILENT_STATES,
    ).select_related("respondent", "update__action", "update__campaign")
    today = project.territory.today()
    for charge in charges.order_by("update__action__number", "pk"):
        update = charge.update
        yield Held(
            HeldKind.ANSWER,
            charge,
            f"Fiche {update.action.number}{NBSP}: {update.action.title}",
            more=f"revue {update.campaign.reviewed}, {update.get_state_display().lower()}",
            deadline=f"attendue le {day_in_words(update.deadline)}",
            is_late=update.deadline < today,
            address=reverse("reviews:answer_edit", args=[update.pk]),
        )


def _decisions(person: Person, project: Project) -> Iterator[Held]:
    today = project.territory.today()
    rows = Decision.objects.of(project).open().filter(responsible=person).select_related("body")
    for decision in rows:
        due = decision.due_on
        yield Held(
            HeldKind.DECISION,
            decision,
            f"Décision {decision.number}{NBSP}: {decision.text}",
            more=str(decision.body or ""),
            deadline=f"échéance le {day_in_words(due)}" if due else "",
            is_late=due is not None and due < today,
            address=reverse("governance:decision_detail", args=[decision.pk]),
        )


def _meetings(person: Person, project: Project) -> Iterator[Held]:
    rows = Attendee.objects.filter(
        person=person,
        meeting__body__project=project,
        meeting__starts_at__gt=timezone.now(),
        meeting__state__in=[MeetingState.DRAFT, MeetingState.CONVENED],
    ).select_related("meeting__body", "link")
    for attendee in rows.order_by("meeting__starts_at", "pk"):
        meeting = attendee.meeting
        yield Held(
            HeldKind.MEETING,
            attendee,
            str(meeting.body) if not meeting.title else f"{meeting.body}, {meeting.title}",
            more=str(meeting.get_state_display()).lower(),
            deadline=moment_in_words(meeting.starts_at, time_zone=project.territory.time_zone),
            address=reverse("governance:meeting_detail", args=[meeting.pk]),
        )


def counted_by_title(lines: Iterable[Held]) -> list[tuple[str, int]]:
    """« Fiches action », 4: what a confirmation sums up. No query."""
    every = list(lines)
    counts = [(TITLES[kind], sum(line.kind == kind for line in every)) for kind in HeldKind]
    return [(title, number) for title, number in counts if number]
