"""Random sequences of what may happen to a campaign, and what must hold after each.

A new event is one more rule. Long: `PTSM_MACHINE_EXAMPLES=500 pytest …`.
"""

import contextlib
import copy
import datetime as dt
import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from core.quarters import Quarter
from reviews.enums import (
    ANSWERED_STATES,
    CampaignState,
    Kept,
    ObjectiveAnswer,
    Outcome,
    UpdateState,
)
from reviews.models import Campaign, Update
from reviews.services.closing import close_campaign
from reviews.services.following import (
    extend_deadline,
    return_answer,
    take_back_validation,
    validate_answers,
)
from reviews.services.opening import open_due, schedule_opening, stop_opening
from reviews.services.preparing import choose_sheets, discard_campaign, make_campaign
from reviews.services.reopening import reopen_campaign
from reviews.summaries.board import board_of
from reviews.summaries.closing import closing_of
from reviews.summaries.frozen import as_kept, as_read
from reviews.summaries.report import report_of
from reviews.writing import CampaignClosed, ReviewRefused
from roadmap.enums import Status, Weather
from roadmap.models import Action
from roadmap.services.gestures import SheetRefused
from roadmap.services.lifecycle import restore_sheet, retire_sheet
from territories.writing import writing
from tests.reviews.answered import answer, put_off, seal
from tests.reviews.scene import QUARTER, set_scene

pytestmark = pytest.mark.django_db

# Chosen among those that are there: any number will do.
ANY = st.integers(0, 30)
STATES = st.sampled_from([UpdateState.SUBMITTED, UpdateState.SUBMITTED, UpdateState.DRAFT])
STOPS = {Status.SUSPENDED: "Vacance", Status.DROPPED: "Fusion"}


class Reviews(RuleBasedStateMachine):
    """One project, its lead, quarter after quarter."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.scene = set_scene()
        self.frozen: dict[int, Any] = {}
        self.next = QUARTER.index

    def teardown(self) -> None:
        """The next example starts from an empty stage."""
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # --- What is there ---

    def latest(self, *states: str) -> Campaign:
        found = Campaign.objects.with_place().filter(state__in=states).order_by("-pk").first()
        assume(found is not None)
        assert found is not None
        return found

    def update(self, rank: int) -> Update:
        answers = Update.objects.filter(campaign=self.latest(CampaignState.OPEN))
        found = list(answers.with_place().in_order())
        assume(found)
        return found[rank % len(found)]

    def sheet(self, rank: int) -> Action:
        sheets = list(Action.objects.filter(project=self.scene.project).order_by("pk"))
        return sheets[rank % len(sheets)]

    @property
    def today(self) -> dt.date:
        return self.scene.project.territory.today()

    # --- Events ---

    @rule()
    def prepare(self) -> None:
        with contextlib.suppress(ReviewRefused):
            make_campaign(
                project=self.scene.project,
                quarter=Quarter(self.next),
                opens_on=self.today,
                due_on=self.today + dt.timedelta(days=21),
                by=self.scene.lead,
            )
            self.next += 1

    @rule()
    def open_at_once(self) -> None:
        """The whole way: chance alone opens few."""
        self.prepare()
        self.schedule()
        self.tick(11)

    @rule(ranks=st.lists(ANY, max_size=4))
    def choose(self, ranks: list[int]) -> None:
        sheets = [self.sheet(rank).pk for rank in ranks]
        with contextlib.suppress(ReviewRefused):
            choose_sheets(campaign=self.latest(*CampaignState), sheets=sheets, by=self.scene.lead)

    @rule()
    def schedule(self) -> None:
        with contextlib.suppress(ReviewRefused):
            schedule_opening(campaign=self.latest(*CampaignState), by=self.scene.lead)

    @rule()
    def stop(self) -> None:
        with contextlib.suppress(ReviewRefused):
            stop_opening(campaign=self.latest(*CampaignState), by=self.scene.lead)

    @rule()
    def discard(self) -> None:
        with contextlib.suppress(ReviewRefused):
            discard_campaign(campaign=self.latest(*CampaignState), by=self.scene.lead)
            self.next -= 1

    @rule(minutes=st.sampled_from([0, 11, 60]))
    def tick(self, minutes: int) -> None:
        waiting = Campaign.objects.filter(state=CampaignState.OPENING).first()
        if waiting is not None and waiting.letters_leave_at is not None:
            before = dt.timedelta(minutes=10) - dt.timedelta(minutes=minutes)
            open_due(at=waiting.letters_leave_at - before)

    @rule(
        rank=ANY,
        state=STATES,
        status=st.sampled_from(Status),
        weather=st.sampled_from(Weather),
        has_reason=st.booleans(),
    )
    def reply(
        self, rank: int, state: str, status: Status, weather: Weather, *, has_reason: bool
    ) -> None:
        update = self.update(rank)
        assume(not update.is_validated)
        reason = STOPS.get(status, "") if has_reason else ""
        answer(update, state=state, status=status, status_reason=reason, weather=weather)

    @rule(rank=ANY, later=st.integers(1, 4))
    def slip(self, rank: int, later: int) -> None:
        update = self.update(rank)
        line = update.objectives.exclude(objective=None).first()
        assume(line is not None and not update.is_validated)
        assert line is not None
        assert line.objective is not None
        put_off(update, line.objective, update.campaign.quarter + later)
        line.refresh_from_db()
        assert line.answer == ObjectiveAnswer.SLIPPED

    @rule(rank=ANY, is_stale=st.booleans())
    def validate(self, rank: int, *, is_stale: bool) -> None:
        update = self.update(rank)
        seen = {update.pk: "autre" if is_stale else seal(update)}
        with contextlib.suppress(ReviewRefused):
            validate_answers(campaign=update.campaign, seen=seen, by=self.scene.lead)
            assert not is_stale

    @rule(rank=ANY)
    def send_back(self, rank: int) -> None:
        update = self.update(rank)
        with contextlib.suppress(ReviewRefused):
            return_answer(update=update, words="Précisez", seen=seal(update), by=self.scene.lead)

    @rule(rank=ANY, days=st.integers(-1, 40))
    def extend(self, rank: int, days: int) -> None:
        due_on = self.today + dt.timedelta(days=days)
        with contextlib.suppress(ReviewRefused):
            extend_deadline(
                update=self.update(rank), due_on=due_on, reason="Congé", by=self.scene.lead
            )

    @rule(rank=ANY)
    def take_back(self, rank: int) -> None:
        with contextlib.suppress(ReviewRefused):
            take_back_validation(update=self.update(rank), by=self.scene.lead)

    @rule(rank=ANY, status=st.sampled_from(Status))
    def edit(self, rank: int, status: Status) -> None:
        with writing(self.scene.project, by=self.scene.lead, words="a modifié l’avancement"):
            sheet = self.sheet(rank)
            sheet.status, sheet.status_reason = status, STOPS.get(status, "")
            sheet.save()

    @rule(rank=ANY)
    def retire_or_restore(self, rank: int) -> None:
        sheet = self.sheet(rank)
        with contextlib.suppress(SheetRefused):
            if sheet.is_retired:
                restore_sheet(action=sheet, by=self.scene.lead)
            else:
                retire_sheet(action=sheet, reason="Fusionnée", by=self.scene.lead)

    @rule(kept=st.sampled_from(Kept), is_stale=st.booleans())
    def close(self, kept: Kept, *, is_stale: bool) -> None:
        campaign = self.latest(*CampaignState)
        closing = closing_of(campaign)
        try:
            close_campaign(
                campaign=campaign,
                choices={line.update.pk: kept for line in closing.conflicts},
                seen="autre" if is_stale else closing.seal,
                by=self.scene.lead,
            )
        except ReviewRefused:
            assert is_stale or not campaign.is_open
            return
        assert campaign.is_open
        assert not is_stale
        campaign.refresh_from_db()
        self.frozen[campaign.pk] = copy.deepcopy(campaign.frozen)

    @rule()
    def reopen(self) -> None:
        with contextlib.suppress(ReviewRefused):
            reopen_campaign(
                campaign=self.latest(CampaignState.CLOSED),
                reason="Erreur",
                due_on=self.today,
                by=self.scene.lead,
            )

    @precondition(lambda self: self.frozen)
    @rule(rank=ANY)
    def write_in_a_closed_one(self, rank: int) -> None:
        keys = sorted(self.frozen)
        update = Update.objects.with_place().filter(campaign=keys[rank % len(keys)]).first()
        assume(update is not None)
        assert update is not None
        with pytest.raises(CampaignClosed):
            answer(update, done="Trop tard")

    # --- What holds ---

    @invariant()
    def what_is_frozen_never_changes(self) -> None:
        closed = Campaign.objects.closed()
        assert dict(closed.values_list("pk", "frozen")) == self.frozen

    @invariant()
    def every_sheet_of_a_closed_one_has_its_outcome(self) -> None:
        for campaign in Campaign.objects.filter(pk__in=self.frozen):
            review = as_read(campaign.frozen or {})
            assert as_kept(review) == campaign.frozen
            states = dict(campaign.updates.values_list("action", "state"))
            told = {sheet.key: sheet.outcome for sheet in review.asked}
            assert told.keys() == states.keys()
            assert set(told.values()) <= set(Outcome.values)
            for key, state in states.items():
                assert (told[key] == Outcome.SILENT) == (state not in ANSWERED_STATES)
            report_of(review)

    @invariant()
    def one_at_most_is_under_way(self) -> None:
        pending = Campaign.objects.exclude(state=CampaignState.CLOSED)
        assert pending.count() <= 1

    @invariant()
    def states_are_lawful(self) -> None:
        for update in Update.objects.select_related("campaign"):
            assert update.is_validated == (update.validated_at is not None)
            if update.state in ANSWERED_STATES:
                assert update.submitted_at is not None
                assert update.campaign.state in {CampaignState.OPEN, CampaignState.CLOSED}
            if update.is_validated:
                assert update.status not in STOPS or update.status_reason

    @invariant()
    def the_board_counts_every_sheet(self) -> None:
        for campaign in Campaign.objects.with_place().filter(state=CampaignState.OPEN):
            board = board_of(campaign, leads=True)
            assert sum(facet.count for facet in board.states) == board.total == len(board.lines)


def test_whatever_happens_states_stay_lawful_and_what_is_frozen_stays() -> None:
    run_machine(
        Reviews,
        settings=settings(
            max_examples=int(os.environ.get("PTSM_MACHINE_EXAMPLES", "4")),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
