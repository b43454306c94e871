"""Preparing a campaign, opening it, and thinking better of it."""

import datetime as dt

import pytest
from django.utils import timezone

from core.models import Mail
from core.quarters import Quarter
from journal.models import Change, ChangeSet
from journal.recording import NOT_KEPT
from reviews.enums import CampaignState, ObjectiveAnswer, UpdateState
from reviews.models import Campaign, Charge, Letter, Respondent
from reviews.services.opening import open_due, schedule_opening, stop_opening
from reviews.services.preparing import choose_sheets, discard_campaign, make_campaign, next_quarter
from reviews.summaries.recipients import recipients_of
from reviews.writing import ReviewRefused, writing_campaign
from roadmap.enums import Status
from roadmap.services.lifecycle import retire_sheet
from tests.factories import PersonFactory
from tests.reviews.scene import QUARTER, Scene, draft_of, opened, set_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


def test_a_campaign_asks_about_what_is_neither_done_nor_abandoned(scene: Scene) -> None:
    campaign = draft_of(scene)
    asked = [update.action for update in campaign.updates.select_related("action").in_order()]
    assert asked == [scene.hers, scene.theirs, scene.orphan]
    assert campaign.state == CampaignState.DRAFT
    assert str(campaign) == f"Revue {QUARTER}"


def test_a_quarter_is_reviewed_once(scene: Scene) -> None:
    campaign = draft_of(scene)
    with pytest.raises(ReviewRefused, match="existe déjà"):
        draft_of(scene)
    with pytest.raises(ReviewRefused, match="n’est pas terminée"):
        draft_of(scene, quarter=Quarter(QUARTER.index + 1))
    discard_campaign(campaign=campaign, by=scene.lead)
    assert draft_of(scene).pk != campaign.pk


def test_a_doubled_click_makes_one_campaign(scene: Scene) -> None:
    today = scene.project.territory.today()

    def ask() -> Campaign:
        return make_campaign(
            project=scene.project,
            quarter=QUARTER,
            opens_on=today,
            due_on=today,
            by=scene.lead,
            token="une-page",
        ).campaign

    assert ask() == ask()
    assert Campaign.objects.count() == 1


def test_sheets_are_chosen_while_nothing_has_left(scene: Scene) -> None:
    campaign = draft_of(scene)
    choose_sheets(campaign=campaign, sheets=[scene.hers.pk, scene.ended.pk], by=scene.lead)
    asked = [update.action for update in campaign.updates.select_related("action").in_order()]
    assert asked == [scene.hers, scene.ended]
    with pytest.raises(ReviewRefused, match="au moins une fiche"):
        choose_sheets(campaign=campaign, sheets=[], by=scene.lead)
    assert campaign.updates.count() == 2


def test_recipients_are_pilots_in_person_and_orphans_say_why(scene: Scene) -> None:
    PersonFactory.create(territory=scene.project.territory, email="ailleurs@exemple.fr")
    told = recipients_of(draft_of(scene))
    assert [
        (str(one.person), [update.action.number for update in one.updates]) for one in told.people
    ] == [("Maya Legrand", [1, 2]), ("Noé Petit", [2])]
    (orphan,) = told.orphans
    assert orphan.update.action == scene.orphan
    assert orphan.pilots == ("à déterminer",)


def test_a_pilot_who_left_or_has_no_address_is_not_written_to(scene: Scene) -> None:
    scene.maya.email = ""
    scene.maya.save()
    scene.noe.left_on = dt.date(2026, 1, 1)
    scene.noe.save()
    told = recipients_of(draft_of(scene))
    assert [str(one.person) for one in told.people] == ["Maya Legrand"]
    assert told.reachable == ()
    assert [orphan.update.action.number for orphan in told.orphans] == [1, 2, 3]
    assert told.orphans[1].without_address == (scene.maya,)
    assert told.orphans[1].gone == (scene.noe,)


def test_letters_leave_after_the_time_to_think_better_of_it(scene: Scene) -> None:
    campaign = draft_of(scene)
    planned = schedule_opening(campaign=campaign, by=scene.lead)
    assert planned.is_opening
    assert planned.letters_leave_at is not None
    assert planned.letters_leave_at >= timezone.now() + dt.timedelta(minutes=9)
    assert open_due(at=planned.letters_leave_at - dt.timedelta(seconds=1)) == 0
    assert Mail.objects.count() == 0
    stop_opening(campaign=campaign, by=scene.lead)
    assert open_due(at=planned.letters_leave_at) == 0
    assert Campaign.objects.get().is_draft


def test_an_opening_day_to_come_is_waited_for_until_its_morning(scene: Scene) -> None:
    today = scene.project.territory.today()
    campaign = make_campaign(
        project=scene.project,
        quarter=QUARTER,
        opens_on=today + dt.timedelta(days=3),
        due_on=today + dt.timedelta(days=24),
        by=scene.lead,
    ).campaign
    planned = schedule_opening(campaign=campaign, by=scene.lead).letters_leave_at
    assert planned == campaign.morning_of(today + dt.timedelta(days=3))


def test_opening_writes_to_each_pilot_once_with_their_sheets(scene: Scene) -> None:
    campaign = opened(scene)
    assert campaign.is_open
    letters = {letter.mail.to: letter.mail for letter in Letter.objects.for_list()}
    assert sorted(letters) == ["maya@exemple.fr", "noe@exemple.fr"]
    maya = letters["maya@exemple.fr"]
    assert "Aubrac" in maya.subject
    assert "Fiche 1 : Maison des adolescents" in maya.body.replace("\u00a0", " ")
    assert "Fiche 2" in maya.body
    assert "Fiche 1" not in letters["noe@exemple.fr"].body
    assert maya.reply_to == scene.lead.email
    assert "/reponse/" in maya.body
    assert Respondent.objects.count() == 2
    assert Charge.objects.count() == 3


def test_answers_begin_as_the_sheets_stand(scene: Scene) -> None:
    opened(scene)
    update = scene.update_of(scene.hers)
    assert (update.state, update.status) == (UpdateState.TO_FILL, Status.RUNNING)
    (line,) = update.objectives.all()
    assert (line.objective, line.answer) == (scene.objective, ObjectiveAnswer.TODO)
    assert line.printed == "1) Ouvrir un lieu"
    assert update.basis["objectives"][str(scene.objective.pk)]["state"] == "a_faire"


def test_two_clocks_open_it_once(scene: Scene) -> None:
    campaign = opened(scene)
    before = Mail.objects.count()
    moment = campaign.opened_at
    assert open_due(at=moment) == 0
    assert Mail.objects.count() == before
    with pytest.raises(ReviewRefused, match="déjà partis"):
        stop_opening(campaign=campaign, by=scene.lead)


def test_a_sheet_retired_before_the_opening_is_not_asked_about(scene: Scene) -> None:
    campaign = draft_of(scene)
    planned = schedule_opening(campaign=campaign, by=scene.lead).letters_leave_at
    retire_sheet(action=scene.hers, reason="Fusionnée", by=scene.lead)
    open_due(at=planned)
    assert [update.action for update in campaign.updates.in_order()] == [
        scene.theirs,
        scene.orphan,
    ]


def test_what_was_done_is_in_the_campaigns_own_journal(scene: Scene) -> None:
    campaign = opened(scene)
    words = [gesture.words for gesture in ChangeSet.objects.of(campaign.scope).order_by("pk")]
    assert words == [
        f"a préparé la revue {QUARTER}",
        f"a demandé l’ouverture de la revue {QUARTER}",
        f"a ouvert la revue {QUARTER}\u00a0: 2\u00a0courriels demandés",
    ]


def test_the_next_review_is_about_the_quarter_after_the_last(scene: Scene) -> None:
    present = Quarter.on(scene.project.territory.today())
    assert next_quarter(scene.project) == present
    draft_of(scene, quarter=present)
    assert next_quarter(scene.project).index == present.index + 1


def test_the_journal_says_that_an_address_changed_and_never_which(scene: Scene) -> None:
    campaign = opened(scene)
    maya = Respondent.objects.get(person=scene.maya)
    with writing_campaign(campaign, by=scene.lead):
        maya.email = "maya.legrand@exemple.fr"
        maya.save(update_fields=["email"])
    changes = Change.objects.filter(changeset__scope=campaign.scope)
    changed = changes.get(row=maya.pk, field="email")
    assert changed.old == changed.new == NOT_KEPT
    assert not any("@exemple.fr" in f"{change.old} {change.new}" for change in changes)
