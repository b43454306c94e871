"""A closing met by another one, and by an answer: real connections, one after the other."""

import pytest
from django.db import connection

from journal.models import ChangeSet
from reviews.enums import UpdateState
from reviews.models import Campaign
from reviews.services.closing import Closed, close_campaign
from reviews.services.following import Validated, validate_answers
from reviews.summaries.closing import closing_of
from reviews.summaries.frozen import as_read
from reviews.writing import CampaignClosed
from tests.reviews.answered import answer, seal, validated
from tests.reviews.scene import Scene, opened, set_scene
from tests.roadmap.test_at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def campaign(scene: Scene) -> Campaign:
    return opened(scene)


def test_two_leads_close_it_once(scene: Scene, campaign: Campaign) -> None:
    validated(scene, scene.hers)
    announced = closing_of(campaign).seal

    def close() -> Closed:
        return close_campaign(campaign=campaign, choices={}, seen=announced, by=scene.lead)

    outcomes = at_once(scene.project, close, close)
    assert sorted(type(each).__name__ for each in outcomes) == ["CampaignClosed", "Closed"]
    words = ChangeSet.objects.of(scene.project.scope).values_list("words", flat=True)
    assert len([each for each in words if "a inscrit la revue" in each]) == 1


def test_what_comes_as_it_closes_is_in_it_or_refused(scene: Scene, campaign: Campaign) -> None:
    update = answer(scene.update_of(scene.hers), state=UpdateState.DRAFT)
    announced = closing_of(campaign).seal
    typed = scene.update_of(scene.theirs)

    def close() -> Closed:
        return close_campaign(campaign=campaign, choices={}, seen=announced, by=scene.lead)

    def write() -> str:
        return answer(typed, state=UpdateState.DRAFT, done="Je commence").done

    closed, written = at_once(campaign, close, write)
    assert isinstance(closed, Closed)
    typed.refresh_from_db()
    if isinstance(written, CampaignClosed):
        assert typed.done == ""
    else:
        assert typed.done == "Je commence"
    campaign.refresh_from_db()
    told = {sheet.key: sheet.answer for sheet in as_read(campaign.frozen or {}).asked}
    assert told[update.action_id] is None


def test_two_leads_validate_it_once(scene: Scene, campaign: Campaign) -> None:
    update = answer(scene.update_of(scene.hers))
    seen = {update.pk: seal(update)}

    def validate() -> Validated:
        return validate_answers(campaign=campaign, seen=seen, by=scene.lead)

    outcomes = at_once(campaign, validate, validate)
    assert sorted(type(each).__name__ for each in outcomes) == ["ReviewRefused", "Validated"]
