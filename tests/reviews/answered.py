"""Answers that came, without the pages by which they come."""

from typing import Any

from django.utils import timezone

from reviews.enums import AnsweredFrom, Kept, ObjectiveAnswer, UpdateState
from reviews.models import Campaign, Update
from reviews.services.closing import Closed, close_campaign
from reviews.services.following import validate_answers
from reviews.summaries.closing import closing_of
from reviews.summaries.seals import seal_of
from reviews.writing import writing_campaign
from roadmap.enums import Status, Weather
from roadmap.models import Action, Objective
from tests.reviews.scene import Scene


def answer(
    update: Update, *, state: str = UpdateState.SUBMITTED, by: str = "Maya Legrand", **said: Any
) -> Update:
    """What somebody says of one sheet, submitted unless told otherwise."""
    with writing_campaign(update.campaign, by=None, signed=by):
        present = Update.objects.get(pk=update.pk)
        said = {"status": Status.RUNNING, "weather": Weather.REACHABLE, **said}
        for name, value in said.items():
            setattr(present, name, value)
        present.state = state
        present.answered_from, present.answered_name = AnsweredFrom.LINK, by
        present.submitted_at = timezone.now() if state == UpdateState.SUBMITTED else None
        present.save()
    return present


def put_off(update: Update, objective: Objective, to: int, reason: str = "Recrutement") -> None:
    """Say that one objective slips."""
    with writing_campaign(update.campaign, by=None, signed="Maya Legrand"):
        line = update.objectives.get(objective=objective)
        line.answer, line.slipped_to, line.slip_reason = ObjectiveAnswer.SLIPPED, to, reason
        line.save()


def say_of(update: Update, objective: Objective, said: ObjectiveAnswer) -> None:
    """Say where one objective stands."""
    with writing_campaign(update.campaign, by=None, signed="Maya Legrand"):
        line = update.objectives.get(objective=objective)
        line.answer = said
        line.save()


def seal(update: Update) -> str:
    """The answer as a page shows it."""
    return seal_of(Update.objects.for_reading().get(pk=update.pk))


def validate(scene: Scene, *updates: Update) -> None:
    """The lead validates them as they are."""
    seen = {update.pk: seal(update) for update in updates}
    validate_answers(campaign=updates[0].campaign, seen=seen, by=scene.lead)


def validated(scene: Scene, action: Action, **said: Any) -> Update:
    """An answer that came and was validated."""
    update = answer(scene.update_of(action), **said)
    validate(scene, update)
    return update


def close(campaign: Campaign, *, keep: Kept = Kept.ANSWER, at_once: bool = True) -> Closed:
    """Its lead closes it as announced, each conflict settled in the same way."""
    campaign = Campaign.objects.with_place().get(pk=campaign.pk)
    lead, closing = campaign.led_by, closing_of(campaign)
    assert lead is not None
    choices = {line.update.pk: keep for line in closing.conflicts} if at_once else {}
    return close_campaign(campaign=campaign, choices=choices, seen=closing.seal, by=lead)
