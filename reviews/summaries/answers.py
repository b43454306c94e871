"""What an answer says, read by its page, by the receipt and beside the next quarter's answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.quarters import Quarter
from core.text import NBSP
from reviews.enums import CampaignState, ObjectiveAnswer
from reviews.models import Evidence, Update

# The texts of an answer, in the order in which they are asked.
TEXTS = ("done", "difficulties", "next_steps", "help_asked")


@dataclass(frozen=True)
class ObjectiveSaid:
    """What is said of one objective."""

    printed: str
    answer: str
    label: str
    slipped_to: Quarter | None
    reason: str

    @property
    def words(self) -> str:
        """« décalé au T2 2027, salle indisponible »."""
        to = f" au {self.slipped_to}" if self.slipped_to else ""
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.label}{to}{why}"


@dataclass(frozen=True)
class AnswerSaid:
    """One answer, whole; texts by what they are called, those that are empty left out."""

    quarter: Quarter
    status: str
    status_label: str
    reason: str
    weather: str
    objectives: tuple[ObjectiveSaid, ...]
    texts: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    is_unchanged: bool
    signed: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The same in plain lines, for a mail."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.is_unchanged:
            yield "Rien n’a changé depuis la dernière fois."
        yield f"Avancement{NBSP}: {self.status_label}"
        if self.reason:
            yield f"Motif{NBSP}: {self.reason}"
        if self.weather:
            yield f"Météo{NBSP}: {self.weather}"
        for said in self.objectives:
            yield f"{said.printed}{NBSP}: {said.words}"
        for label, text in self.texts:
            yield f"{label}{NBSP}: {text}"
        for piece in self.evidence:
            yield f"Pièce jointe{NBSP}: {piece}"


def answer_said(update: Update) -> AnswerSaid:
    """What an answer says as it stands. Expects `for_reading()` and its campaign; no query."""
    return AnswerSaid(
        quarter=update.campaign.reviewed,
        status=update.status,
        status_label=update.get_status_display(),
        reason=update.status_reason,
        weather=update.get_weather_display(),
        objectives=tuple(
            ObjectiveSaid(
                printed=line.printed,
                answer=line.answer,
                label=ObjectiveAnswer(line.answer).label,
                slipped_to=None if line.slipped_to is None else Quarter(line.slipped_to),
                reason=line.slip_reason,
            )
            for line in update.objectives.all()
        ),
        texts=tuple(
            (label_of(name), getattr(update, name)) for name in TEXTS if getattr(update, name)
        ),
        evidence=tuple(update.evidence.all()),
        is_unchanged=update.is_unchanged,
        signed=update.answered_name,
    )


def last_answer(update: Update) -> AnswerSaid | None:
    """What the latest closed campaign before this one says of the same sheet. Four queries."""
    campaign = update.campaign
    earlier = Update.objects.filter(
        action=update.action_id,
        campaign__project=campaign.project_id,
        campaign__state=CampaignState.CLOSED,
        campaign__quarter__lt=campaign.quarter,
    )
    latest = earlier.order_by("-campaign__quarter", "-campaign__edition").for_reading()
    found = latest.select_related("action", "campaign").first()
    return None if found is None else answer_said(found)


def label_of(name: str) -> str:
    """What one of the texts is called, as a title."""
    label = str(getattr(Update._meta.get_field(name), "verbose_name", name))
    return f"{label[:1].upper()}{label[1:]}"
