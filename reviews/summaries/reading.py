"""One answer as its lead reads it: what was said a quarter ago, what the sheet says now."""

from dataclasses import dataclass

from core.quarters import Quarter
from reviews.models import ObjectiveUpdate, Respondent, Update
from reviews.summaries.closing import edits_of
from reviews.summaries.freezing import past_of
from reviews.summaries.frozen import FrozenAnswer, FrozenObjective, FrozenSheet
from reviews.summaries.seals import lacks_of, seal_of, slip_in_words
from roadmap.models import Action
from roadmap.summaries import leaves_of


@dataclass(frozen=True)
class ObjectiveReading:
    """One objective: what is said of it, what was said before, what the sheet says."""

    printed: str
    said: str
    before: str
    now: str


@dataclass(frozen=True)
class AnswerReading:
    """One answer and what stands beside it."""

    update: Update
    sheet: Action
    asked: tuple[Respondent, ...]
    objectives: tuple[ObjectiveReading, ...]
    previous: Quarter | None
    before: FrozenSheet | None
    # What was changed of the sheet since the opening, by whoever wrote it.
    edits: tuple[str, ...]
    lacks: tuple[str, ...]
    seal: str

    @property
    def answer_before(self) -> FrozenAnswer | None:
        return self.before.answer if self.before else None


def reading_of(update: Update) -> AnswerReading:
    """The answer and its neighbours. Expects the place and `for_reading()`; four queries."""
    sheet = Action.objects.for_counts().get(pk=update.action_id)
    past = past_of(update.campaign)
    before = past.sheets.get(sheet.pk)
    said_before = {
        line.key: line for line in (before.answer.objectives if before and before.answer else ())
    }
    states = {leaf.pk: leaf.get_state_display() for leaf in leaves_of(sheet)}
    return AnswerReading(
        update=update,
        sheet=sheet,
        asked=tuple(update.respondents.all()),
        objectives=tuple(
            ObjectiveReading(
                printed=line.printed,
                said=_said(line),
                before=_said_before(said_before.get(line.objective_id)),
                now=states.get(line.objective_id or 0, "retiré de la fiche"),
            )
            for line in update.objectives.all()
        ),
        previous=past.review.reviewed if past.review else None,
        before=before,
        edits=edits_of(update, sheet),
        lacks=lacks_of(update),
        seal=seal_of(update),
    )


def _said(line: ObjectiveUpdate) -> str:
    return slip_in_words(line) if line.has_slipped else line.get_answer_display()


def _said_before(line: FrozenObjective | None) -> str:
    if line is None:
        return ""
    if line.slipped_to is None:
        return line.answer_label
    return f"décalé à {Quarter(line.slipped_to)}"
