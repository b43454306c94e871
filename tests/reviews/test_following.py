"""What the lead does with the answers as they come."""

import datetime as dt

import pytest

from core.models import Mail
from journal.models import ChangeSet
from reviews.enums import LetterKind, UpdateState
from reviews.models import Campaign, Letter, Update
from reviews.services.following import (
    extend_deadline,
    return_answer,
    take_back_validation,
    validate_answers,
)
from reviews.services.preparing import make_campaign
from reviews.summaries.board import board_of
from reviews.writing import ReviewRefused
from roadmap.enums import Status
from tests.factories import ActionFactory, ProjectFactory
from tests.reviews.answered import answer, put_off, seal, validate
from tests.reviews.scene import QUARTER, Scene, draft_of, opened, set_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def campaign(scene: Scene) -> Campaign:
    return opened(scene)


def letters(kind: LetterKind) -> list[Mail]:
    return [letter.mail for letter in Letter.objects.for_list() if letter.kind == kind]


def test_answers_are_validated_as_they_were_read(scene: Scene, campaign: Campaign) -> None:
    hers, theirs = (answer(scene.update_of(each)) for each in (scene.hers, scene.theirs))
    seen = {each.pk: seal(each) for each in (hers, theirs)}
    done = validate_answers(campaign=campaign, seen=seen, by=scene.lead)
    assert [update.pk for update in done.done] == [hers.pk, theirs.pk]
    assert done.left == ()
    hers.refresh_from_db()
    assert hers.is_validated
    assert hers.validated_at is not None
    last = ChangeSet.objects.of(campaign.scope).order_by("pk").last()
    assert last is not None
    assert last.words == "a validé 2\u00a0réponses"


def test_an_answer_corrected_meanwhile_is_left_and_told(scene: Scene, campaign: Campaign) -> None:
    hers, theirs = (answer(scene.update_of(each)) for each in (scene.hers, scene.theirs))
    seen = {each.pk: seal(each) for each in (hers, theirs)}
    answer(hers, done="Encore une chose")
    done = validate_answers(campaign=campaign, seen=seen, by=scene.lead)
    assert [update.pk for update in done.done] == [theirs.pk]
    assert "corrigée depuis que vous l’avez lue" in done.left[0]
    with pytest.raises(ReviewRefused, match="corrigée"):
        validate_answers(campaign=campaign, seen={hers.pk: seen[hers.pk]}, by=scene.lead)


def test_an_objective_corrected_meanwhile_counts_too(scene: Scene, campaign: Campaign) -> None:
    hers = answer(scene.update_of(scene.hers))
    seen = seal(hers)
    put_off(hers, scene.objective, QUARTER.index + 2)
    with pytest.raises(ReviewRefused, match="corrigée"):
        validate_answers(campaign=campaign, seen={hers.pk: seen}, by=scene.lead)


@pytest.mark.parametrize("state", [UpdateState.TO_FILL, UpdateState.DRAFT, UpdateState.RETURNED])
def test_what_is_not_received_is_not_validated(
    scene: Scene, campaign: Campaign, state: UpdateState
) -> None:
    hers = answer(scene.update_of(scene.hers), state=state)
    with pytest.raises(ReviewRefused, match="n’est pas reçue"):
        validate_answers(campaign=campaign, seen={hers.pk: seal(hers)}, by=scene.lead)


def test_a_stop_without_its_reason_is_not_validated(scene: Scene, campaign: Campaign) -> None:
    hers = answer(scene.update_of(scene.hers), status=Status.SUSPENDED)
    with pytest.raises(ReviewRefused, match="sans motif"):
        validate_answers(campaign=campaign, seen={hers.pk: seal(hers)}, by=scene.lead)


def test_a_slip_without_its_reason_is_not_validated(scene: Scene, campaign: Campaign) -> None:
    hers = answer(scene.update_of(scene.hers))
    put_off(hers, scene.objective, QUARTER.index + 2, reason="")
    with pytest.raises(ReviewRefused, match="est décalé sans motif"):
        validate_answers(campaign=campaign, seen={hers.pk: seal(hers)}, by=scene.lead)


def test_nothing_ticked_is_said(scene: Scene, campaign: Campaign) -> None:
    with pytest.raises(ReviewRefused, match="Cochez"):
        validate_answers(campaign=campaign, seen={}, by=scene.lead)


def test_what_is_not_open_yet_is_not_followed(scene: Scene) -> None:
    with pytest.raises(ReviewRefused, match="pas encore ouverte"):
        validate_answers(campaign=draft_of(scene), seen={}, by=scene.lead)


def test_an_answer_comes_back_with_a_word_to_each_pilot(scene: Scene, campaign: Campaign) -> None:
    theirs = answer(scene.update_of(scene.theirs))
    told = return_answer(
        update=theirs, words="Combien de sessions ?", seen=seal(theirs), by=scene.lead
    )
    theirs.refresh_from_db()
    assert theirs.is_returned
    assert theirs.return_words == "Combien de sessions ?"
    assert told.names == ("Maya Legrand", "Noé Petit")
    mails = letters(LetterKind.RETURNED)
    assert sorted(mail.to for mail in mails) == ["maya@exemple.fr", "noe@exemple.fr"]
    assert all("Combien de sessions ?" in mail.body for mail in mails)
    assert all("Équipes mobiles" in mail.body for mail in mails)
    assert all("/reponse/" in mail.body and "Aubrac" in mail.subject for mail in mails)


def test_an_answer_may_come_back_twice(scene: Scene, campaign: Campaign) -> None:
    for _ in range(2):
        hers = answer(scene.update_of(scene.hers))
        return_answer(update=hers, words="Précisez", seen=seal(hers), by=scene.lead)
    assert len(letters(LetterKind.RETURNED)) == 2
    with pytest.raises(ReviewRefused, match="n’est pas reçue"):
        return_answer(update=hers, words="Précisez", seen=seal(hers), by=scene.lead)


def test_nobody_to_write_to_is_told(scene: Scene, campaign: Campaign) -> None:
    orphan = answer(scene.update_of(scene.orphan))
    told = return_answer(update=orphan, words="Précisez", seen=seal(orphan), by=scene.lead)
    assert told.names == ()


def test_one_sheet_is_given_more_time_with_its_reason(scene: Scene, campaign: Campaign) -> None:
    later = campaign.due_on + dt.timedelta(days=10)
    update = scene.update_of(scene.hers)
    told = extend_deadline(update=update, due_on=later, reason="Congé", by=scene.lead)
    update.refresh_from_db()
    assert (update.deadline, update.due_reason) == (later, "Congé")
    assert told.names == ("Maya Legrand",)
    (mail,) = letters(LetterKind.EXTENDED)
    assert "Congé" in mail.body


def test_no_time_is_given_before_the_due_date(scene: Scene, campaign: Campaign) -> None:
    update = scene.update_of(scene.hers)
    with pytest.raises(ReviewRefused, match="après la date limite"):
        extend_deadline(update=update, due_on=campaign.due_on, reason="Congé", by=scene.lead)


def test_no_time_is_given_for_what_came(scene: Scene, campaign: Campaign) -> None:
    update = answer(scene.update_of(scene.hers))
    later = campaign.due_on + dt.timedelta(days=10)
    with pytest.raises(ReviewRefused, match="est arrivée"):
        extend_deadline(update=update, due_on=later, reason="Congé", by=scene.lead)


def test_a_validation_is_taken_back_once(scene: Scene, campaign: Campaign) -> None:
    hers = answer(scene.update_of(scene.hers))
    validate(scene, hers)
    take_back_validation(update=hers, by=scene.lead)
    hers.refresh_from_db()
    assert hers.is_submitted
    assert hers.validated_at is None
    with pytest.raises(ReviewRefused, match="n’est plus validée"):
        take_back_validation(update=hers, by=scene.lead)


# --- The board ---


def test_the_board_counts_by_sheet_and_by_pilot(scene: Scene, campaign: Campaign) -> None:
    answer(scene.update_of(scene.hers), help_asked="Une salle")
    answer(scene.update_of(scene.theirs), state=UpdateState.DRAFT)
    board = board_of(campaign, leads=True)
    assert board.label == "1\u00a0réponse sur 3"
    assert (board.waiting, board.validated, board.helps) == (1, 0, 1)
    assert [facet.count for facet in board.states] == [1, 1, 1, 0, 0]
    maya, noe = board.pilots
    assert (maya.answered, maya.begun, maya.silent, maya.total) == (1, 1, 0, 2)
    assert (noe.answered, noe.begun, noe.silent, noe.total) == (0, 1, 0, 1)


def test_filters_narrow_the_lines_and_not_the_counts(scene: Scene, campaign: Campaign) -> None:
    answer(scene.update_of(scene.hers), help_asked="Une salle", weather="compromis")
    for choices in ({"etat": "recue"}, {"aide": "1"}, {"meteo": "compromis"}):
        board = board_of(campaign, leads=True, choices=choices)
        assert [line.update.action for line in board.lines] == [scene.hers]
        assert board.total == 3
    noe = campaign.respondents.get(name="Noé Petit")
    board = board_of(campaign, leads=True, choices={"repondant": str(noe.pk)})
    assert [line.update.action for line in board.lines] == [scene.theirs]


def test_a_draft_is_read_by_the_lead_and_by_no_other_reader(
    scene: Scene, campaign: Campaign
) -> None:
    answer(scene.update_of(scene.hers), state=UpdateState.DRAFT, help_asked="Une salle")
    assert board_of(campaign, leads=True).lines[0].asks_help
    line = board_of(campaign, leads=False).lines[0]
    assert not line.asks_help
    assert line.weather == ""
    assert line.update.state == UpdateState.DRAFT


def test_what_is_past_its_own_day_is_late(scene: Scene) -> None:
    campaign = opened(scene, due_in=0)
    with pytest.MonkeyPatch.context() as patched:
        tomorrow = campaign.due_on + dt.timedelta(days=1)
        patched.setattr(type(campaign.project.territory), "today", lambda *_, **__: tomorrow)
        board = board_of(campaign, leads=True)
        assert [line.is_late for line in board.lines] == [True, True, True]
        assert len(board_of(campaign, leads=True, choices={"retard": "1"}).lines) == 3


def test_an_answer_of_another_campaign_is_not_validated(scene: Scene, campaign: Campaign) -> None:
    elsewhere = ActionFactory.create(project=ProjectFactory.create())
    other = make_campaign(
        project=elsewhere.project,
        quarter=QUARTER,
        opens_on=campaign.opens_on,
        due_on=campaign.due_on,
        by=scene.lead,
    ).campaign
    theirs = answer(Update.objects.with_place().get(campaign=other))
    with pytest.raises(ReviewRefused, match="Cochez"):
        validate_answers(campaign=campaign, seen={theirs.pk: seal(theirs)}, by=scene.lead)
