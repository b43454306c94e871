"""Closing a campaign: what is announced, what is written, what is frozen for good."""

import copy
import datetime as dt
from collections.abc import Callable

import pytest

from core.models import Mail
from journal.models import ChangeSet
from journal.recording import gesture
from reviews.enums import Kept, ObjectiveAnswer, Outcome, UpdateState
from reviews.models import Campaign, Update
from reviews.models.campaigns import FrozenCampaign
from reviews.services.closing import ClosingMoved, close_campaign
from reviews.services.following import validate_answers
from reviews.services.reopening import reopen_campaign
from reviews.summaries.closing import closing_of
from reviews.summaries.frozen import UnknownSchema, as_kept, as_read
from reviews.writing import CampaignClosed, ReviewRefused
from roadmap.enums import CellState, ObjectiveState, Status, VersionKind, Weather
from roadmap.models import Action, PlannedQuarter
from roadmap.services.lifecycle import retire_sheet
from roadmap.summaries.states import FrozenState
from territories.writing import writing
from tests.reviews.answered import answer, close, put_off, say_of, seal, validate, validated
from tests.reviews.scene import QUARTER, Scene, draft_of, opened, set_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def campaign(scene: Scene) -> Campaign:
    return opened(scene)


def edit(scene: Scene, action: Action, **said: str) -> None:
    """The lead writes the sheet itself."""
    with writing(scene.project, by=scene.lead, words="a modifié l’avancement"):
        for name, value in said.items():
            setattr(action, name, value)
        action.save()


def test_what_was_validated_becomes_the_state_of_the_roadmap(
    scene: Scene, campaign: Campaign
) -> None:
    hers = answer(
        scene.update_of(scene.hers), status=Status.SUSPENDED, status_reason="Bâtiment fermé"
    )
    put_off(hers, scene.objective, QUARTER.index + 2)
    validate(scene, hers)
    closed = close(campaign)
    scene.hers.refresh_from_db()
    assert (scene.hers.status, scene.hers.status_reason) == (Status.SUSPENDED, "Bâtiment fermé")
    assert (scene.hers.weather, scene.hers.reviewed_quarter) == (Weather.REACHABLE, QUARTER.index)
    cells = dict(PlannedQuarter.objects.order_by("quarter").values_list("quarter", "state"))
    assert cells == {QUARTER.index: CellState.SLIPPED, QUARTER.index + 2: CellState.PLANNED}
    assert closed.written == 1
    assert closed.campaign.is_closed


def test_what_was_not_validated_writes_nothing(scene: Scene, campaign: Campaign) -> None:
    answer(scene.update_of(scene.hers), status=Status.DONE)
    close(campaign)
    scene.hers.refresh_from_db()
    assert (scene.hers.status, scene.hers.reviewed_quarter) == (Status.RUNNING, None)


def test_every_sheet_ends_validated_received_or_without_an_answer(
    scene: Scene, campaign: Campaign
) -> None:
    validated(scene, scene.hers, done="Trois réunions")
    answer(scene.update_of(scene.theirs), done="Une formation")
    answer(scene.update_of(scene.orphan), state=UpdateState.DRAFT, done="Brouillon")
    review = as_read(close(campaign).campaign.frozen or {})
    told = {sheet.number: (sheet.outcome, sheet.outcome_label) for sheet in review.sheets}
    assert told == {
        1: ("validee", "Validée"),
        2: ("recue", "Reçue, non validée"),
        3: ("sans_reponse", "Sans réponse"),
        4: ("", ""),
    }
    first, second, third, fourth = review.sheets
    assert first.answer is not None
    assert second.answer is not None
    assert (first.answer.done, second.answer.done) == ("Trois réunions", "Une formation")
    # The last known state; what was never sent is nobody's but the lead's.
    assert (third.status, third.answer, third.silent_for) == (Status.RUNNING, None, 1)
    assert fourth.status == Status.DONE
    assert (review.answered, len(review.asked), review.count(Outcome.VALIDATED)) == (2, 3, 1)


def test_what_is_being_typed_at_the_closing_is_kept(scene: Scene, campaign: Campaign) -> None:
    announced = closing_of(campaign)
    draft = answer(scene.update_of(scene.hers), state=UpdateState.DRAFT, done="Je commence")
    close_campaign(campaign=campaign, choices={}, seen=announced.seal, by=scene.lead)
    draft.refresh_from_db()
    assert (draft.state, draft.done) == (UpdateState.DRAFT, "Je commence")
    with pytest.raises(CampaignClosed, match="a été clôturée"):
        answer(scene.update_of(scene.hers), done="Trop tard")


def test_a_closing_announces_what_it_writes(scene: Scene, campaign: Campaign) -> None:
    hers = answer(scene.update_of(scene.hers), status=Status.DONE, weather=Weather.SECURED)
    say_of(hers, scene.objective, ObjectiveAnswer.DONE)
    validate(scene, hers)
    (line,) = closing_of(campaign).validated
    assert line.writes == (
        "avancement\u00a0: en cours → réalisée",
        "«\u00a01) Ouvrir un lieu\u00a0»\u00a0: à faire → fait",
    )
    assert line.weather == "Objectifs sécurisés"
    assert not line.is_conflict
    close(campaign)
    scene.objective.refresh_from_db()
    assert scene.objective.state == ObjectiveState.DONE


def test_what_changed_since_it_was_announced_is_announced_again(
    scene: Scene, campaign: Campaign
) -> None:
    hers = validated(scene, scene.hers, status=Status.DONE)
    announced = closing_of(campaign)
    validated(scene, scene.theirs)
    with pytest.raises(ClosingMoved, match="Relisez"):
        close_campaign(campaign=campaign, choices={}, seen=announced.seal, by=scene.lead)
    announced = closing_of(campaign)
    edit(scene, scene.hers, status=Status.SUSPENDED, status_reason="Vacance")
    with pytest.raises(ClosingMoved):
        close_campaign(
            campaign=campaign, choices={hers.pk: Kept.ANSWER}, seen=announced.seal, by=scene.lead
        )
    assert not Campaign.objects.closed().exists()


@pytest.mark.parametrize(
    ("keep", "status"), [(Kept.SHEET, Status.SUSPENDED), (Kept.ANSWER, Status.DONE)]
)
def test_a_sheet_written_meanwhile_is_chosen_against_its_answer(
    scene: Scene, campaign: Campaign, keep: Kept, status: Status
) -> None:
    validated(scene, scene.hers, status=Status.DONE, weather=Weather.SECURED)
    edit(scene, scene.hers, status=Status.SUSPENDED, status_reason="Vacance")
    (conflict,) = closing_of(campaign).conflicts
    assert conflict.edits == (
        "avancement\u00a0: en cours → suspendue",
        "motif\u00a0: Vacance",
    )
    with pytest.raises(ReviewRefused, match="Fiche\u00a01"):
        close(campaign, at_once=False)
    closed = close(campaign, keep=keep).campaign
    scene.hers.refresh_from_db()
    assert scene.hers.status == status
    # Nobody types the météo: what the review found stays, whatever the choice.
    assert (scene.hers.weather, scene.hers.reviewed_quarter) == (Weather.SECURED, QUARTER.index)
    sheet = as_read(closed.frozen or {}).sheets[0]
    assert sheet.answer is not None
    assert sheet.answer.is_set_aside == (keep == Kept.SHEET)
    assert sheet.status == status


def test_a_sheet_written_as_its_answer_says_is_no_conflict(
    scene: Scene, campaign: Campaign
) -> None:
    validated(scene, scene.hers, status=Status.DONE)
    edit(scene, scene.hers, status=Status.DONE)
    assert closing_of(campaign).conflicts == ()


def test_a_sheet_retired_meanwhile_keeps_its_answer_and_takes_nothing(
    scene: Scene, campaign: Campaign
) -> None:
    validated(scene, scene.hers, status=Status.DONE)
    retire_sheet(action=scene.hers, reason="Fusionnée", by=scene.lead)
    closed = close(campaign)
    assert closed.written == 0
    sheet = next(each for each in as_read(closed.campaign.frozen or {}).sheets if each.is_retired)
    assert (sheet.number, sheet.outcome, sheet.status) == (1, "validee", Status.RUNNING)


def test_two_leads_close_it_once(scene: Scene, campaign: Campaign) -> None:
    announced = closing_of(campaign)
    close_campaign(campaign=campaign, choices={}, seen=announced.seal, by=scene.lead)
    with pytest.raises(CampaignClosed):
        close_campaign(campaign=campaign, choices={}, seen=announced.seal, by=scene.lead)
    assert ChangeSet.objects.of(campaign.scope).filter(words__contains="clôturé").count() == 1


def test_what_is_not_open_is_not_closed(scene: Scene) -> None:
    draft = draft_of(scene)
    with pytest.raises(ReviewRefused, match="n’est pas ouverte"):
        close_campaign(campaign=draft, choices={}, seen="", by=scene.lead)


def test_the_closing_is_in_both_histories(scene: Scene, campaign: Campaign) -> None:
    validated(scene, scene.hers)
    close(campaign)

    def said(scope: str) -> list[str]:
        return [gesture.words for gesture in ChangeSet.objects.of(scope).latest_first()[:2]]

    assert said(campaign.scope)[0] == f"a clôturé la revue {QUARTER}\u00a0: 1\u00a0fiche à jour"
    assert said(scene.project.scope) == [
        f"a figé la version\u00a01 «\u00a0Revue {QUARTER}\u00a0»",
        f"a inscrit la revue {QUARTER} sur la feuille de route\u00a0: 1\u00a0fiche",
    ]


def test_the_closing_keeps_the_roadmap_as_it_leaves_it(scene: Scene, campaign: Campaign) -> None:
    validated(scene, scene.hers, status=Status.DONE)
    title = scene.hers.title
    version = close(campaign).campaign.version
    assert version is not None
    assert (version.kind, version.label) == (VersionKind.REVIEW, f"Revue {QUARTER}")
    edit(scene, scene.hers, title="Autre titre", status=Status.RUNNING)
    kept = FrozenState(version).sheet(scene.hers.number)
    assert kept is not None
    assert (kept.title, kept.status) == (title, Status.DONE)


def test_a_review_whose_sheets_were_all_retired_closes_without_a_version(
    scene: Scene, campaign: Campaign
) -> None:
    for sheet in (scene.hers, scene.theirs, scene.orphan, scene.ended):
        retire_sheet(action=sheet, reason="Fusionnée", by=scene.lead)
    assert close(campaign).campaign.version is None


# --- Frozen ---


def test_nothing_done_later_changes_what_a_closed_campaign_says(
    scene: Scene, campaign: Campaign
) -> None:
    validated(scene, scene.hers, help_asked="Une salle")
    before = copy.deepcopy(close(campaign).campaign.frozen)
    edit(scene, scene.hers, title="Autre titre", status=Status.DONE)
    retire_sheet(action=scene.theirs, reason="Fusionnée", by=scene.lead)
    scene.maya.last_name = "Durand"
    scene.maya.save()
    with writing(scene.project, by=scene.lead):
        scene.objective.delete()
    campaign.refresh_from_db()
    assert campaign.frozen == before
    assert as_read(campaign.frozen or {}).sheets[0].title == "Maison des adolescents"


def test_what_is_kept_reads_back_the_same(scene: Scene, campaign: Campaign) -> None:
    put_off(scene.update_of(scene.hers), scene.objective, QUARTER.index + 2)
    validated(scene, scene.hers, help_asked="Une salle")
    close(campaign)
    campaign.refresh_from_db()
    review = as_read(campaign.frozen or {})
    assert as_kept(review) == campaign.frozen
    assert review.grid.groups[0].rows[0].cells == {
        QUARTER.index: CellState.SLIPPED,
        QUARTER.index + 2: CellState.PLANNED,
    }
    assert review.closed_on == campaign.closed_on
    assert isinstance(review.due_on, dt.date)


def test_a_later_schema_is_refused(scene: Scene, campaign: Campaign) -> None:
    close(campaign)
    campaign.refresh_from_db()
    with pytest.raises(UnknownSchema):
        as_read({**(campaign.frozen or {}), "schema": 99})


def test_no_way_of_writing_changes_a_closed_campaign(scene: Scene, campaign: Campaign) -> None:
    close(campaign)
    campaign.refresh_from_db()
    rows = Campaign.objects.filter(pk=campaign.pk)
    campaign.letter_subject = "Autre"
    refused(scene, campaign.save)
    refused(scene, campaign.delete)
    refused(scene, rows.delete)
    refused(scene, lambda: rows.update(letter_subject="Autre"))
    refused(scene, lambda: rows.update(frozen=None))
    hers = scene.update_of(scene.hers)
    with pytest.raises(CampaignClosed):
        validate_answers(campaign=campaign, seen={hers.pk: seal(hers)}, by=scene.lead)


def refused(scene: Scene, write: Callable[[], object]) -> None:
    with pytest.raises(FrozenCampaign), gesture(by=scene.lead):
        write()


# --- Again ---


def reopen(scene: Scene, campaign: Campaign, reason: str = "Erreur sur la fiche 1") -> Campaign:
    return reopen_campaign(
        campaign=campaign, reason=reason, due_on=scene.project.territory.today(), by=scene.lead
    )


def test_a_closed_campaign_is_corrected_by_another_edition(
    scene: Scene, campaign: Campaign
) -> None:
    put_off(scene.update_of(scene.hers), scene.objective, QUARTER.index + 2)
    validated(scene, scene.hers, done="Trois réunions")
    before = copy.deepcopy(close(campaign).campaign.frozen)
    mails = Mail.objects.count()
    again = reopen(scene, campaign)
    assert (again.edition, again.follows, again.reopening_reason) == (
        2,
        campaign,
        "Erreur sur la fiche 1",
    )
    assert str(again) == f"Revue {QUARTER} (2ᵉ édition)"
    assert again.led_by_name == scene.lead.get_full_name()
    hers = Update.objects.get(campaign=again, action=scene.hers)
    assert (hers.state, hers.done) == (UpdateState.VALIDATED, "Trois réunions")
    assert hers.objectives.get().slipped_to == QUARTER.index + 2
    assert [each.name for each in hers.respondents.all()] == ["Maya Legrand"]
    assert Mail.objects.count() == mails
    close(again)
    campaign.refresh_from_db()
    assert campaign.frozen == before
    assert as_read(again_frozen(again)).edition == 2


def again_frozen(campaign: Campaign) -> dict[str, object]:
    campaign.refresh_from_db()
    return campaign.frozen or {}


def test_a_campaign_is_reopened_once_and_the_latest_only(scene: Scene, campaign: Campaign) -> None:
    with pytest.raises(ReviewRefused, match="n’est pas clôturée"):
        reopen(scene, campaign)
    close(campaign)
    again = reopen(scene, campaign)
    with pytest.raises(ReviewRefused, match="n’est pas terminée"):
        reopen(scene, campaign)
    close(again)
    with pytest.raises(ReviewRefused, match="plus récente"):
        reopen(scene, campaign)
