"""A year of reviews of the fictional territory, made once, and written to nobody."""

import datetime as dt
from collections import Counter

import pytest

from accounts.models import User
from core.models import Mail
from core.quarters import Quarter
from overview.imports import LEAD, load_demo
from reviews.enums import ObjectiveAnswer, UpdateState
from reviews.exports import report_context
from reviews.imports.demo import load_demo_reviews
from reviews.models import Campaign, Letter, ObjectiveUpdate, Update
from roadmap.enums import CellState
from roadmap.imports.demo import read_demo
from roadmap.models import Action
from roadmap.services import describe_roadmap
from territories.models import Project
from tests.factories import unsigned

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 20)
PASSWORD = "correct cheval pile agrafe"


def loaded(on: dt.date = ON, *, force: bool = False) -> Project:
    load_demo(on=on, password=PASSWORD, force=force)
    return Project.objects.with_place().get(territory__code="demo")


@pytest.mark.parametrize("on", [dt.date(2026, 10, 1), ON, dt.date(2027, 5, 31)], ids=str)
def test_a_year_is_closed_the_present_quarter_is_open_and_the_roadmap_stands(on: dt.date) -> None:
    project = loaded(on)
    campaigns = list(Campaign.objects.of(project).with_place())
    present = Quarter.on(on).index
    assert [each.quarter for each in campaigns] == [present - rank for rank in range(5)]
    assert [each.is_open for each in campaigns] == [True, False, False, False, False]
    for earlier in campaigns[1:]:
        assert earlier.closed_on is not None
        assert earlier.opens_on < earlier.due_on < earlier.closed_on < on
        assert Quarter.on(earlier.closed_on) == earlier.reviewed
    assert describe_roadmap(project) == read_demo(on=on).roadmap


def test_every_state_of_an_answer_is_shown_and_the_pilot_is_asked() -> None:
    campaign = Campaign.objects.of(loaded()).first()
    assert campaign is not None
    states = Counter(campaign.updates.values_list("state", flat=True))
    assert set(states) == set(UpdateState.values)
    assert campaign.updates.received().exclude(help_asked="").exists()
    theirs = Update.objects.filter(
        campaign=campaign, respondents__person__user__email="pilote@demo.example"
    )
    assert set(theirs.values_list("state", flat=True)) >= {UpdateState.TO_FILL, UpdateState.DRAFT}


def test_closed_reviews_tell_different_quarters() -> None:
    project = loaded()
    closed = Campaign.objects.of(project).closed()
    for campaign in closed:
        assert campaign.updates.filter(state=UpdateState.VALIDATED).count() >= 15
        assert campaign.updates.silent().exists()
        assert campaign.updates.exclude(help_asked="").exists()
    said = Update.objects.filter(campaign__in=closed, state=UpdateState.VALIDATED)
    for number in (1, 10, 18):
        texts = said.filter(action__number=number).values_list("done", flat=True)
        assert len(set(texts)) == len(texts) >= 3


def test_an_objective_slips_with_its_reason_on_the_report_and_in_the_grid() -> None:
    project = loaded()
    last = Campaign.objects.of(project).closed().defer(None).first()
    assert last is not None
    line = ObjectiveUpdate.objects.get(update__campaign=last, answer=ObjectiveAnswer.SLIPPED)
    assert line.slipped_to == Quarter.on(ON).index
    assert "étude de sol" in line.slip_reason
    told = str(report_context(project, {"review": last.code})).replace("\\xa0", " ")
    assert "décalé à T4 2026" in told
    assert line.slip_reason.replace("\u00a0", " ") in told
    assert line.objective is not None
    cells = dict(line.objective.planned_quarters.values_list("quarter", "state"))
    assert cells[last.quarter] == CellState.SLIPPED
    assert cells[line.slipped_to] == CellState.PLANNED
    open_one = Campaign.objects.running().get()
    assert ObjectiveUpdate.objects.filter(
        update__campaign=open_one, answer=ObjectiveAnswer.SLIPPED
    ).exists()


def test_nobody_is_written_to() -> None:
    loaded()
    assert not Mail.objects.exists()
    assert not Letter.objects.exists()
    open_one = Campaign.objects.running().get()
    assert open_one.reminder_days == []


def test_the_demonstration_writes_of_the_open_review_alone(
    settings: pytest.FixtureRequest,
) -> None:
    settings.IS_DEMO = True  # type: ignore[attr-defined]
    loaded()
    assert 0 < Mail.objects.count() <= 40
    assert set(Letter.objects.values_list("campaign__state", flat=True)) == {"ouverte"}


def test_reviews_are_made_once_and_stay_whatever_the_roadmap_becomes() -> None:
    project = loaded()
    before = list(Campaign.objects.order_by("pk").values("pk", "state", "revision", "frozen"))
    lines = ObjectiveUpdate.objects.count()
    loaded()
    loaded(dt.date(2027, 11, 20))
    with unsigned():
        Action.objects.filter(project=project, number=1).update(title="Réécrit")
    loaded(force=True)
    after = list(Campaign.objects.order_by("pk").values("pk", "state", "revision", "frozen"))
    assert after == before
    assert ObjectiveUpdate.objects.count() == lines


def test_force_leaves_out_a_sheet_that_a_review_asked_about() -> None:
    project = loaded()
    with unsigned():
        Action.objects.filter(project=project, number=1).update(number=99)
    loaded(force=True)
    sheet = Action.objects.get(project=project, number=99)
    assert sheet.is_retired
    assert sheet.updates.count() == 5
    assert describe_roadmap(project) == read_demo(on=ON).roadmap


def test_nothing_is_made_over_a_review_that_somebody_began() -> None:
    project = loaded()
    assert load_demo_reviews(project, lead=User.objects.get(email=LEAD), on=ON) is None
