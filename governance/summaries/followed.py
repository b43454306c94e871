"""The followed lists in figures and in words, and the plan that an empty one proposes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.text import counted, day_in_words
from governance.enums import FollowedList, FollowedState
from governance.models import FollowedLine

SOON = 14


@dataclass(frozen=True)
class Proposal:
    """One line of a starting plan; its date counts from the day when it is taken."""

    words: str
    audience: str = ""
    medium: str = ""
    in_days: int | None = None
    responsible: str = ""


# « Moyens » of the ANAP's framing letter, in its own words: what the first phase settles. The
# content of fiche 1 is not published; nothing here pretends to be it.
PREREQUISITES = (
    Proposal("La faisabilité"),
    Proposal("La clarification des objectifs poursuivis"),
    Proposal("L’identification des moyens"),
    Proposal("La gouvernance du projet\u00a0: copilotage ou pas avec le conseil départemental"),
    Proposal("Le choix du territoire"),
    Proposal("L’identification des interlocuteurs clés et des partenaires"),
    Proposal("L’implication des usagers et de leur entourage"),
    Proposal(
        "La mobilisation des acteurs en suscitant de la curiosité et une envie de participer en "
        "établissant des contacts au préalable"
    ),
)
# Ours: the source asks for a plan from this phase on, with the framing letter as its key step.
COMMUNICATION = (
    Proposal(
        "La démarche est lancée\u00a0: pourquoi, par qui, avec quel calendrier",
        audience="Tous les partenaires du territoire",
        medium="Lettre de cadrage",
        in_days=15,
    ),
    Proposal(
        "Ce que chacun est invité à apporter, et ce qu’il peut en attendre",
        audience="Organisations partenaires",
        medium="Lettre d’engagement",
        in_days=30,
    ),
    Proposal(
        "La méthode, les groupes de travail, la place de chacun",
        audience="Professionnels, personnes concernées, proches",
        medium="Plénière de lancement",
        in_days=60,
    ),
    Proposal(
        "Comment participer, sans être spécialiste",
        audience="Personnes concernées et proches",
        medium="Rencontres dans les associations et les GEM",
        in_days=75,
    ),
    Proposal(
        "Où en est la démarche, ce qui a été décidé",
        audience="Membres des instances et des groupes",
        medium="Lettre d’information",
        in_days=90,
    ),
    Proposal(
        "Le diagnostic partagé et ses priorités",
        audience="Élus, partenaires, presse locale",
        medium="Plénière de restitution",
        in_days=270,
    ),
)
STARTING = {
    FollowedList.COMMUNICATION: COMMUNICATION,
    FollowedList.PREREQUISITES: PREREQUISITES,
}


@dataclass(frozen=True)
class FollowedRow:
    """One line as page, paper and workbook tell it."""

    line: FollowedLine
    due: str
    lateness: str
    is_late: bool

    @property
    def who(self) -> str:
        """Whoever answers for it, by the name that was kept."""
        return self.line.responsible_name


@dataclass(frozen=True)
class StateCount:
    """How many lines are in one state."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class FollowedSummary:
    """A list and its counts; `rows` may be some of them, the counts are of all."""

    rows: tuple[FollowedRow, ...]
    counts: tuple[StateCount, ...]
    total: int
    late: int

    @property
    def label(self) -> str:
        """« 6 lignes, 2 faites, 1 en retard »."""
        done = next(one.count for one in self.counts if one.code == FollowedState.DONE)
        words = [counted(self.total, "ligne")]
        if done:
            words.append(counted(done, "faite"))
        if self.late:
            words.append(f"{self.late} en retard")
        return ", ".join(words)


def followed_summary(
    lines: Sequence[FollowedLine], *, shown: Iterable[FollowedLine], on: dt.date
) -> FollowedSummary:
    """What the page says of `shown`, among all the lines of a list. No query."""
    states = [line.state for line in lines]
    return FollowedSummary(
        rows=tuple(_row(line, on) for line in shown),
        counts=tuple(
            StateCount(state.value, str(state.label), states.count(state))
            for state in FollowedState
        ),
        total=len(lines),
        late=sum(line.days_late(on=on) > 0 for line in lines),
    )


def _row(line: FollowedLine, on: dt.date) -> FollowedRow:
    due = day_in_words(line.due_on) if line.due_on else ""
    return FollowedRow(line, due, lateness_in_words(line, on=on), line.days_late(on=on) > 0)


def lateness_in_words(line: FollowedLine, *, on: dt.date) -> str:
    """« en retard de 12 jours », « dans 3 jours », « aujourd’hui »; nothing when far or settled."""
    if days := line.days_late(on=on):
        return f"en retard de {counted(days, 'jour')}"
    if line.due_on is None or not line.is_open:
        return ""
    left = (line.due_on - on).days
    if left == 0:
        return "aujourd’hui"
    return f"dans {counted(left, 'jour')}" if left <= SOON else ""
