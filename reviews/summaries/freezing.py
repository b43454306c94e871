"""Making what a closed campaign will say, from the base as it stands at that moment."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.text import NBSP
from reviews.enums import Outcome, UpdateState
from reviews.models import Campaign, ObjectiveUpdate, Update
from reviews.summaries.board import updates_of
from reviews.summaries.frozen import (
    FrozenAnswer,
    FrozenBefore,
    FrozenEvidence,
    FrozenObjective,
    FrozenPerson,
    FrozenPriority,
    FrozenReview,
    FrozenSheet,
    as_read,
)
from roadmap.enums import ANSWERING_ROLES, PILOTING_ROLES, Status
from roadmap.models import Action, Priority
from roadmap.summaries import lateness_of, named, planning_grid, progress_of

OUTCOMES = {UpdateState.VALIDATED: Outcome.VALIDATED, UpdateState.SUBMITTED: Outcome.RECEIVED}


@dataclass(frozen=True)
class Past:
    """What earlier reviews left to remember."""

    review: FrozenReview | None
    sheets: dict[int, FrozenSheet]
    slips: dict[str, int]

    def slips_of(self, line: ObjectiveUpdate, *, counts: bool) -> int:
        """How many reviews put that objective off, this one too if it does and `counts`."""
        before = self.slips.get(str(line.objective_id), 0)
        return before + (1 if counts and line.has_slipped else 0)


def outcome_of(update: Update) -> Outcome:
    """What comes of an answer when the campaign closes: what is not received is silence."""
    return OUTCOMES.get(UpdateState(update.state), Outcome.SILENT)


def freeze(campaign: Campaign, *, set_aside: Collection[int], on: dt.date) -> FrozenReview:
    """What the campaign says from that day on; `set_aside` are answers that the sheet won over.

    Call it once the roadmap is written. Expects the place; about twenty queries, however many
    sheets.
    """
    updates = {update.action_id: update for update in updates_of(campaign)}
    project = campaign.project
    live = list(Action.objects.of(project).for_list().in_order())
    retired = Action.objects.retired_from(project).filter(pk__in=updates)
    actions = [*live, *retired.order_by("number", "pk").for_list()]
    past = past_of(campaign)
    sheets = tuple(
        _sheet(each, updates.get(each.pk), campaign, past, set_aside) for each in actions
    )
    return FrozenReview(
        quarter=campaign.quarter,
        edition=campaign.edition,
        territory=project.territory.name,
        project=project.title_and_period,
        opened_on=campaign.opened_on,
        due_on=campaign.due_on,
        closed_on=on,
        led_by=campaign.led_by_name,
        reopening_reason=campaign.reopening_reason,
        previous_quarter=past.review.quarter if past.review else None,
        priorities=_priorities(campaign),
        sheets=sheets,
        gone=tuple(_gone(past, sheets)),
        grid=planning_grid(live, quarters=project.planning_quarters, on=campaign.reviewed),
        slips=_slips(past, sheets),
    )


def past_of(campaign: Campaign) -> Past:
    """What the review before left, in its last edition. One query."""
    before = Campaign.objects.before(campaign).first()
    review = as_read(before.frozen) if before and before.frozen else None
    if review is None:
        return Past(None, {}, {})
    return Past(review, {sheet.key: sheet for sheet in review.sheets}, review.slips)


def _sheet(
    action: Action,
    update: Update | None,
    campaign: Campaign,
    past: Past,
    set_aside: Collection[int],
) -> FrozenSheet:
    outcome = outcome_of(update) if update else None
    before = past.sheets.get(action.pk)
    lateness, progress = lateness_of(action, on=campaign.reviewed), progress_of(action)
    heard = update if update and outcome != Outcome.SILENT else None
    return FrozenSheet(
        key=action.pk,
        number=action.number,
        title=action.title,
        priority=action.priority.number if action.priority else None,
        axis=str(action.axis or ""),
        axis_rank=action.axis.position if action.axis else 0,
        pilots=named(action, PILOTING_ROLES),
        people=tuple(_people(action)),
        status=action.status,
        status_label=str(action.get_status_display()),
        status_reason=action.status_reason,
        weather=action.weather,
        weather_label=str(action.get_weather_display()),
        status_at_opening=str(update.basis.get("status", "")) if update else action.status,
        lateness=lateness.quarters,
        lateness_label=lateness.label,
        objectives_done=progress.done,
        objectives_total=progress.total,
        is_retired=action.is_retired,
        outcome=outcome.value if outcome else "",
        outcome_label=str(outcome.label) if outcome else "",
        silent_for=(before.silent_for if before else 0) + 1 if outcome == Outcome.SILENT else 0,
        answer=_answer(heard, campaign, past, set_aside) if heard else None,
        before=_before(before) if before else None,
    )


def _answer(
    update: Update, campaign: Campaign, past: Past, set_aside: Collection[int]
) -> FrozenAnswer:
    day = campaign.project.territory.today
    is_set_aside = update.pk in set_aside
    return FrozenAnswer(
        status=update.status,
        status_label=str(Status(update.status).label),
        status_reason=update.status_reason,
        weather=update.weather,
        weather_label=str(update.get_weather_display()),
        done=update.done,
        difficulties=update.difficulties,
        next_steps=update.next_steps,
        help_asked=update.help_asked,
        is_unchanged=update.is_unchanged,
        answered_name=update.answered_name,
        answered_from=str(update.get_answered_from_display()),
        submitted_on=day(at=update.submitted_at) if update.submitted_at else None,
        validated_on=day(at=update.validated_at) if update.validated_at else None,
        is_set_aside=is_set_aside,
        objectives=tuple(
            FrozenObjective(
                key=line.objective_id,
                printed=line.printed,
                answer=line.answer,
                answer_label=str(line.get_answer_display()),
                slipped_to=line.slipped_to if line.has_slipped else None,
                slip_reason=line.slip_reason if line.has_slipped else "",
                slips=past.slips_of(line, counts=not is_set_aside),
            )
            for line in update.objectives.all()
        ),
        evidence=tuple(
            FrozenEvidence(each.attachment_id, str(each)) for each in update.evidence.all()
        ),
    )


def _before(sheet: FrozenSheet) -> FrozenBefore:
    return FrozenBefore(
        status=sheet.status,
        status_label=sheet.status_label,
        weather=sheet.weather,
        weather_label=sheet.weather_label,
        outcome=sheet.outcome,
    )


def _people(action: Action) -> Iterable[FrozenPerson]:
    """Those who answer in person, each once. Expects `for_list()`."""
    people = {
        role.person.pk: role.person
        for role in action.roles.all()
        if role.person and role.kind in ANSWERING_ROLES
    }
    for key, person in people.items():
        yield FrozenPerson(key=key, name=str(person), is_gone=person.left_on is not None)


def _priorities(campaign: Campaign) -> tuple[FrozenPriority, ...]:
    """The six of the decree, as this booklet words them; two queries."""
    titles = {
        heading.priority_id: heading.title
        for heading in campaign.project.headings.exclude(title="").order_by("priority")
    }
    return tuple(
        FrozenPriority(each.number, titles.get(each.pk, each.short_label))
        for each in Priority.objects.order_by("number")
    )


def _gone(past: Past, sheets: Iterable[FrozenSheet]) -> Iterable[str]:
    """In the roadmap at the review before, out of it since."""
    live = {sheet.key for sheet in sheets if not sheet.is_retired}
    for sheet in past.sheets.values():
        if sheet.key not in live and not sheet.is_retired:
            yield f"Fiche{NBSP}{sheet.number}{NBSP}: {sheet.title}"


def _slips(past: Past, sheets: Iterable[FrozenSheet]) -> dict[str, int]:
    """The count of each objective ever put off."""
    now = {
        str(line.key): line.slips
        for sheet in sheets
        for line in sheet.slipped
        if line.key is not None
    }
    return {**past.slips, **now}
