"""The « formulaire papier »: what a pilot fills in by hand, one sheet a page, to be sent back.

It shows what the roadmap says, never an answer that was begun: everybody who reads the project may
read its papers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, day_in_words
from documents.kinds import PaperRefused
from reviews.enums import CampaignState, ObjectiveAnswer
from reviews.models import Campaign, Update
from reviews.services.letters import reply_address
from reviews.summaries.answers import TEXTS, label_of
from roadmap.enums import Status, Weather
from roadmap.exports import Imprint
from roadmap.models import Action
from roadmap.summaries import leaves_of
from territories.models import Project

KIND = "Formulaire papier"
# Room to write under each question.
LINES = {"done": 3, "difficulties": 2, "next_steps": 2, "help_asked": 2}
NO_OPEN_REVIEW = (
    f"Aucune revue n’est ouverte dans ce projet{NBSP}: il n’y a rien à remplir sur papier."
)


@dataclass(frozen=True)
class Question:
    """One text to write, and on how many lines."""

    label: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class BlankSheet:
    """One sheet to be answered: what is known of it, each objective with its present state."""

    number: int
    title: str
    priority: int | None
    status_label: str
    due_on: str
    objectives: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BlankForm:
    """Everything that the form prints."""

    imprint: Imprint
    quarter: str
    # Whose sheets; blank for all of them.
    asked: str
    send_back: str
    statuses: tuple[str, ...]
    weathers: tuple[str, ...]
    answers: tuple[str, ...]
    questions: tuple[Question, ...]
    sheets: tuple[BlankSheet, ...]


def open_campaign(project: Project) -> Campaign | None:
    """The review in which answers are expected, with its lead. One query."""
    opened = Campaign.objects.of(project).filter(state=CampaignState.OPEN)
    return opened.with_place().select_related("led_by").first()


def blank_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Formulaire papier · PTSM Mayenne · Revue T4 2026 · Maya Legrand ». One query."""
    return _title(_open(project), choices)


def blank_context(project: Project, choices: Mapping[str, Any]) -> dict[str, BlankForm]:
    """The sheets of one person, or all of them; about six queries. `PaperRefused` when none."""
    campaign = _open(project)
    asked = choices.get("person", "")
    updates = list(_updates(campaign, asked))
    if not updates:
        raise PaperRefused(f"La {campaign} n’attend aucune réponse de {asked}.")
    sheets = {
        sheet.pk: sheet
        for sheet in Action.objects.filter(pk__in=[one.action_id for one in updates]).for_counts()
    }
    return {
        "paper": BlankForm(
            imprint=_imprint(campaign, choices),
            quarter=str(campaign.reviewed),
            asked=asked,
            send_back=_send_back(campaign),
            statuses=tuple(str(each.label) for each in Status),
            weathers=tuple(str(each.label) for each in Weather),
            answers=tuple(str(each.label) for each in ObjectiveAnswer),
            questions=tuple(Question(label_of(name), (1,) * LINES[name]) for name in TEXTS),
            sheets=tuple(_sheet(update, sheets[update.action_id]) for update in updates),
        )
    }


def _open(project: Project) -> Campaign:
    campaign = open_campaign(project)
    if campaign is None:
        raise PaperRefused(NO_OPEN_REVIEW)
    return campaign


def _updates(campaign: Campaign, asked: str) -> Iterable[Update]:
    updates = Update.objects.filter(campaign=campaign).for_writing().in_order()
    for update in updates:
        update.campaign = campaign
        if not asked or asked in {each.name for each in update.respondents.all()}:
            yield update


def _title(campaign: Campaign, choices: Mapping[str, Any]) -> str:
    territory = campaign.project.territory.name
    words = [KIND, f"PTSM {territory}", str(campaign), choices.get("person", "")]
    return " · ".join(filter(None, words))


def _imprint(campaign: Campaign, choices: Mapping[str, Any]) -> Imprint:
    project = campaign.project
    return Imprint(
        title=_title(campaign, choices),
        kind=KIND,
        territory=project.territory.name,
        is_fictional=project.territory.is_fictional,
        project="",
        author="",
        edition="",
        frozen=str(campaign),
        version="",
        reference="",
        stated_on=day_in_words(project.changed_on),
        stated_iso=project.changed_on.isoformat(),
    )


def _send_back(campaign: Campaign) -> str:
    """« Anne-Lise Morvan, anne-lise@exemple.fr »."""
    known = [campaign.led_by_name or "la coordination du territoire", reply_address(campaign)]
    return ", ".join(filter(None, known))


def _sheet(update: Update, sheet: Action) -> BlankSheet:
    states = {leaf.pk: str(leaf.get_state_display()).lower() for leaf in leaves_of(sheet)}
    return BlankSheet(
        number=sheet.number,
        title=sheet.title,
        priority=sheet.priority.number if sheet.priority else None,
        status_label=str(sheet.get_status_display()).lower(),
        due_on=day_in_words(update.deadline),
        objectives=tuple(
            (line.printed, states.get(line.objective_id or 0, ""))
            for line in update.objectives.all()
        ),
    )
