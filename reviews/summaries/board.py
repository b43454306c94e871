"""The board of a campaign: who answered, about which sheet, and what waits for the lead."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.text import NBSP, fold
from reviews.enums import ANSWERED_STATES, UpdateState
from reviews.models import Campaign, Respondent, Update
from reviews.summaries.seals import seal_of
from roadmap.summaries import Facet


@dataclass(frozen=True)
class BoardLine:
    """One sheet on the board.

    `is_told` is whether this reader reads what was answered: a draft is nobody's but its author's
    and the lead's (`decisions.md` 20).
    """

    update: Update
    asked: tuple[Respondent, ...]
    deadline: dt.date
    is_late: bool
    is_told: bool
    seal: str

    @property
    def asks_help(self) -> bool:
        return self.is_told and bool(self.update.help_asked)

    @property
    def weather(self) -> str:
        """Its code, when this reader reads it."""
        return self.update.weather if self.is_told else ""

    @property
    def can_be_validated(self) -> bool:
        return self.update.is_submitted


@dataclass(frozen=True)
class PilotLine:
    """One person who is asked: how many of their sheets are answered."""

    respondent: Respondent
    answered: int
    begun: int
    total: int

    @property
    def silent(self) -> int:
        """Nothing came, not even a draft."""
        return self.total - self.answered - self.begun


@dataclass(frozen=True)
class Board:
    """Every sheet asked about, and the counts; the filters narrow `lines` alone."""

    total: int
    answered: int
    validated: int
    waiting: int
    helps: int
    states: tuple[Facet, ...]
    lines: tuple[BoardLine, ...]
    pilots: tuple[PilotLine, ...]

    @property
    def label(self) -> str:
        """« 23 réponses sur 30 »."""
        word = "réponse" if self.answered < 2 else "réponses"
        return f"{self.answered}{NBSP}{word} sur {self.total}"

    @property
    def percent(self) -> int:
        return self.answered * 100 // self.total if self.total else 0


def board_of(campaign: Campaign, *, leads: bool, choices: Mapping[str, str] | None = None) -> Board:
    """The board as one reader sees it, narrowed to the filters. Four queries, whatever the sheets.

    Expects the place of the campaign.
    """
    today = campaign.project.territory.today()
    lines = [_line(update, campaign, today, leads=leads) for update in updates_of(campaign)]
    kept = narrowed(lines, choices or {})
    counts = Counter(line.update.state for line in kept["but_state"])
    return Board(
        total=len(lines),
        answered=sum(line.update.state in ANSWERED_STATES for line in lines),
        validated=sum(line.update.is_validated for line in lines),
        waiting=sum(line.update.is_submitted for line in lines),
        helps=sum(line.asks_help for line in lines),
        states=tuple(Facet(state.value, str(state.label), counts[state]) for state in UpdateState),
        lines=tuple(kept["all"]),
        pilots=tuple(_pilots(lines)),
    )


def updates_of(campaign: Campaign) -> list[Update]:
    """The answers of a campaign, by number of sheet, each with that campaign. Four queries."""
    updates = list(campaign.updates.in_order().for_reading())
    for update in updates:
        update.campaign = campaign
    return updates


def narrowed(lines: Iterable[BoardLine], choices: Mapping[str, str]) -> dict[str, list[BoardLine]]:
    """What the filters keep, with that of the state and without it: facets count the second."""
    kept = [
        line
        for line in lines
        if choices.get("meteo") in {None, line.weather}
        and (not choices.get("aide") or line.asks_help)
        and (not choices.get("retard") or line.is_late)
        and _is_asked(line, choices.get("repondant"))
    ]
    state = choices.get("etat")
    return {
        "but_state": kept,
        "all": [line for line in kept if state in {None, line.update.state}],
    }


def _is_asked(line: BoardLine, key: str | None) -> bool:
    return key is None or any(str(respondent.pk) == key for respondent in line.asked)


def _line(update: Update, campaign: Campaign, today: dt.date, *, leads: bool) -> BoardLine:
    return BoardLine(
        update=update,
        asked=tuple(update.respondents.all()),
        deadline=update.deadline,
        is_late=campaign.is_open and update.is_silent and update.deadline < today,
        is_told=can_be_told(update, leads=leads),
        seal=seal_of(update) if leads else "",
    )


def can_be_told(update: Update, *, leads: bool) -> bool:
    """Whether what it says is read: by the lead once begun, by others once it was given."""
    begun = leads and update.state in {UpdateState.DRAFT, UpdateState.RETURNED}
    return begun or update.state in ANSWERED_STATES


def _pilots(lines: Iterable[BoardLine]) -> Iterable[PilotLine]:
    people: dict[int, Respondent] = {}
    theirs: dict[int, list[str]] = {}
    for line in lines:
        for respondent in line.asked:
            people[respondent.pk] = respondent
            theirs.setdefault(respondent.pk, []).append(line.update.state)
    begun = {UpdateState.DRAFT, UpdateState.RETURNED}
    for key in sorted(people, key=lambda key: (fold(people[key].name), key)):
        states = theirs[key]
        yield PilotLine(
            respondent=people[key],
            answered=sum(state in ANSWERED_STATES for state in states),
            begun=sum(state in begun for state in states),
            total=len(states),
        )
