"""Answering: the rules, without a page."""

import pytest

from core.models import Mail
from documents.attachments import AttachmentRefused
from journal.models import Change, ChangeSet
from reviews.enums import AnsweredFrom, LetterKind, ObjectiveAnswer, UpdateState
from reviews.models import LateText, Letter, Respondent, Update
from reviews.services.answering import (
    MOST_EVIDENCE,
    AnswerElsewhere,
    Answerer,
    Answering,
    add_evidence,
    answering,
    keep_draft,
    keep_late_text,
    page_token,
    send_answer,
    send_unchanged,
)
from reviews.services.handing_over import give_back, hand_over
from reviews.summaries.answers import last_answer
from reviews.writing import CampaignClosed, ReviewRefused, writing_campaign
from roadmap.enums import Status, Weather
from tests.factories import PersonFactory
from tests.reviews.answered import close
from tests.reviews.answers import by_link
from tests.reviews.scene import QUARTER, Scene, opened, set_scene

pytestmark = pytest.mark.django_db
PAGE = "p" * 32


@pytest.fixture
def scene() -> Scene:
    scene = set_scene()
    opened(scene)
    return scene


@pytest.fixture
def hers(scene: Scene) -> Update:
    return scene.update_of(scene.hers)


def typed(update: Update, by: Answerer, **values: object) -> Answering:
    """What is typed, kept as a draft."""
    with answering(update, by=by) as writing:
        for name, value in values.items():
            setattr(writing.update, name, value)
        keep_draft(writing)
    return writing


def sent(update: Update, by: Answerer, *, token: str = "", **values: object) -> bool:
    """What is typed, sent."""
    with answering(update, by=by, token=token) as writing:
        for name, value in values.items():
            setattr(writing.update, name, value)
        return send_answer(writing)


def set_state(update: Update, state: UpdateState) -> None:
    """What the lead does with an answer."""
    with writing_campaign(update.campaign, by=None):
        update.refresh_from_db()
        update.state = state
        update.save(update_fields=["state"])


# --- Drafts ---------------------------------------------------------------------------------------


def test_the_first_word_makes_a_draft_signed_by_whoever_typed_it(hers: Update) -> None:
    typed(hers, by_link("Maya Legrand"), done="Deux sessions")
    hers.refresh_from_db()
    assert (hers.state, hers.done) == (UpdateState.DRAFT, "Deux sessions")
    assert (hers.answered_from, hers.answered_name) == (AnsweredFrom.LINK, "Maya Legrand")
    assert hers.answered_by == Respondent.objects.get(name="Maya Legrand")
    gesture = ChangeSet.objects.order_by("-pk")[:1].get()
    assert (gesture.by, gesture.by_name, gesture.source) == (None, "Maya Legrand", "lien")
    assert gesture.words == "a commencé la réponse sur la fiche\u00a01"


def test_nothing_typed_is_no_draft(hers: Update) -> None:
    before = ChangeSet.objects.count()
    typed(hers, by_link("Maya Legrand"))
    hers.refresh_from_db()
    assert hers.state == UpdateState.TO_FILL
    assert ChangeSet.objects.count() == before


def test_a_draft_may_lack_its_reason(hers: Update) -> None:
    typed(hers, by_link("Maya Legrand"), status=Status.SUSPENDED)
    hers.refresh_from_db()
    assert (hers.status, hers.status_reason) == (Status.SUSPENDED, "")


def test_an_answer_sent_back_stays_so_until_it_is_sent_again(hers: Update) -> None:
    sent(hers, by_link("Maya Legrand"), done="Un")
    set_state(hers, UpdateState.RETURNED)
    typed(hers, by_link("Maya Legrand"), done="Un et deux")
    hers.refresh_from_db()
    assert (hers.state, hers.done) == (UpdateState.RETURNED, "Un et deux")
    assert sent(hers, by_link("Maya Legrand"))
    hers.refresh_from_db()
    assert hers.state == UpdateState.SUBMITTED


def test_an_answer_sent_is_not_corrected_by_half(hers: Update) -> None:
    sent(hers, by_link("Maya Legrand"), done="Un")
    with pytest.raises(ReviewRefused, match="déjà envoyée"):
        typed(hers, by_link("Maya Legrand"), done="Deux")


# --- Sending --------------------------------------------------------------------------------------


def test_sending_gives_a_receipt_that_says_what_was_said(hers: Update) -> None:
    by = by_link("Maya Legrand")
    with answering(hers, by=by) as writing:
        writing.update.status, writing.update.status_reason = Status.SUSPENDED, "Poste vacant"
        writing.update.weather, writing.update.help_asked = Weather.SUPPORT, "Un local"
        (line,) = writing.objectives
        line.answer, line.slipped_to = ObjectiveAnswer.SLIPPED, QUARTER.index + 2
        line.slip_reason = "Travaux"
        send_answer(writing)
    hers.refresh_from_db()
    assert hers.state == UpdateState.SUBMITTED
    assert hers.submitted_at is not None
    (letter,) = Letter.objects.filter(kind=LetterKind.RECEIPT)
    body = letter.mail.body.replace("\u00a0", " ")
    assert letter.mail.to == "maya@exemple.fr"
    for said in (
        "Avancement : Suspendue",
        "Motif : Poste vacant",
        "Météo : Appuis nécessaires",
        "1) Ouvrir un lieu : Décalé au T2 2027 (Travaux)",
        "Aide demandée au COPIL : Un local",
    ):
        assert said in body


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.DROPPED])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_stop_says_why(hers: Update, status: Status, reason: str) -> None:
    with pytest.raises(ReviewRefused, match="remplissez le motif"):
        sent(hers, by_link("Maya Legrand"), status=status, status_reason=reason)
    hers.refresh_from_db()
    assert hers.state == UpdateState.TO_FILL


def slipped(update: Update) -> None:
    with answering(update, by=by_link("Maya Legrand")) as writing:
        writing.objectives[0].answer = ObjectiveAnswer.SLIPPED
        send_answer(writing)


def test_a_slip_says_to_when_and_why(hers: Update) -> None:
    with pytest.raises(ReviewRefused, match=r"choisissez un trimestre.*remplissez le motif"):
        slipped(hers)


def test_a_stop_thought_better_of_leaves_no_reason(hers: Update) -> None:
    typed(hers, by_link("Maya Legrand"), status=Status.SUSPENDED, status_reason="Non")
    sent(hers, by_link("Maya Legrand"), status=Status.RUNNING)
    hers.refresh_from_db()
    assert hers.status_reason == ""


def test_sent_twice_it_is_sent_once(hers: Update) -> None:
    by, token = by_link("Maya Legrand"), page_token(PAGE, "envoyer")
    assert sent(hers, by, token=token, done="Un")
    assert not sent(hers, by, token=token, done="Un")
    assert Letter.objects.filter(kind=LetterKind.RECEIPT).count() == 1


def test_a_correction_is_another_sending_with_its_receipt(hers: Update) -> None:
    by = by_link("Maya Legrand")
    sent(hers, by, done="Un")
    assert not sent(hers, by)
    assert sent(hers, by, done="Deux")
    assert Letter.objects.filter(kind=LetterKind.RECEIPT).count() == 2
    assert ChangeSet.objects.order_by("-pk")[:1].get().words.startswith("a corrigé la réponse")


def test_a_validated_answer_is_corrected_no_more(hers: Update) -> None:
    by = by_link("Maya Legrand")
    sent(hers, by, done="Un")
    set_state(hers, UpdateState.VALIDATED)
    for act in (typed, sent):
        with pytest.raises(ReviewRefused, match="a validé cette réponse"):
            act(hers, by, done="Deux")
    with pytest.raises(ReviewRefused, match="a validé"):
        send_unchanged(update=hers, by=by)
    with pytest.raises(ReviewRefused, match="a validé"):
        hand_over(update=hers, by=by, name="Zoé", email="zoe@exemple.fr")


def test_uses_of_the_link_are_counted_by_answers(hers: Update) -> None:
    maya = Respondent.objects.get(name="Maya Legrand")
    link = maya.links.select_related("link").get().link
    typed(hers, Answerer(AnsweredFrom.LINK, respondent=maya, link=link.pk), done="Un")
    link.refresh_from_db()
    assert (link.uses, link.last_used_at) == (0, None)
    sent(hers, Answerer(AnsweredFrom.LINK, respondent=maya, link=link.pk))
    link.refresh_from_db()
    assert link.uses == 1
    assert link.last_used_at is not None
    assert link.is_usable()


def test_nothing_changed_is_said_in_one_gesture(hers: Update) -> None:
    send_unchanged(update=hers, by=by_link("Maya Legrand"), token=PAGE)
    send_unchanged(update=hers, by=by_link("Maya Legrand"), token=PAGE)
    hers.refresh_from_db()
    assert (hers.state, hers.is_unchanged) == (UpdateState.SUBMITTED, True)
    assert hers.status == Status.RUNNING
    (letter,) = Letter.objects.filter(kind=LetterKind.RECEIPT)
    assert "Rien n’a changé" in letter.mail.body
    # A slip of the thumb: corrected as any other.
    sent(hers, by_link("Maya Legrand"), done="En fait, si")
    hers.refresh_from_db()
    assert not hers.is_unchanged


def test_nothing_changed_is_refused_once_somebody_began(hers: Update) -> None:
    typed(hers, by_link("Maya Legrand"), done="Un")
    with pytest.raises(ReviewRefused, match="déjà commencée"):
        send_unchanged(update=hers, by=by_link("Maya Legrand"))


def test_a_lead_types_for_a_pilot_and_it_says_so(scene: Scene, hers: Update) -> None:
    maya = Respondent.objects.get(name="Maya Legrand")
    by = Answerer(AnsweredFrom.LEAD, scene.lead, respondent=maya, on_behalf="Maya Legrand")
    sent(hers, by, done="Dit au téléphone")
    hers.refresh_from_db()
    lead = scene.lead.get_full_name()
    assert hers.answered_name == f"{lead} pour Maya Legrand"
    assert (hers.answered_from, hers.answered_by) == (AnsweredFrom.LEAD, maya)
    assert ChangeSet.objects.order_by("-pk")[:1].get().by == scene.lead
    (letter,) = Letter.objects.filter(kind=LetterKind.RECEIPT)
    assert f"{lead} a saisi pour vous" in letter.mail.body


# --- Evidence -------------------------------------------------------------------------------------


def joined(update: Update, url: str) -> None:
    with answering(update, by=by_link("Maya Legrand")) as writing:
        add_evidence(writing, upload=None, url=url, name="")


def test_evidence_is_signed_and_there_are_ten_at_most(hers: Update) -> None:
    for number in range(MOST_EVIDENCE):
        joined(hers, f"https://exemple.fr/{number}")
    first = hers.evidence.select_related("attachment").order_by("pk")[:1].get()
    assert first.attachment.author == "Maya Legrand"
    with pytest.raises(AttachmentRefused, match="retirez-en une"):
        joined(hers, "https://exemple.fr/de-trop")


# --- The closing ----------------------------------------------------------------------------------


def test_what_is_typed_when_the_review_closes_is_kept_for_the_lead(
    scene: Scene, hers: Update
) -> None:
    by = by_link("Maya Legrand")
    typed(hers, by, done="Enregistré à temps")
    close(hers.campaign)
    before = Change.objects.count()
    with pytest.raises(CampaignClosed):
        typed(hers, by, done="Trop tard")
    for words in ("Trop", "Trop tard", ""):
        keep_late_text(update=hers, by=by, text=words)
    hers.refresh_from_db()
    assert (hers.state, hers.done) == (UpdateState.DRAFT, "Enregistré à temps")
    (late,) = LateText.objects.all()
    assert (late.text, late.signed, late.update) == ("Trop tard", "Maya Legrand", hers)
    (told,) = Letter.objects.filter(kind=LetterKind.TO_LEAD)
    assert told.mail.to == scene.lead.email
    assert Change.objects.count() == before


# --- Passing on -----------------------------------------------------------------------------------


def test_a_sheet_handed_over_has_its_own_link_and_the_lead_knows(
    scene: Scene, hers: Update
) -> None:
    by = by_link("Maya Legrand")
    typed(hers, by, done="Commencé")
    hand_over(update=hers, by=by, name="Zoé Roy", email="zoe@exemple.fr", words="À toi", token=PAGE)
    hand_over(update=hers, by=by, name="Zoé Roy", email="zoe@exemple.fr", words="À toi", token=PAGE)
    (taker,) = hers.respondents.all()
    assert (taker.name, taker.handed_by, taker.person) == ("Zoé Roy", by.respondent, None)
    (letter,) = Letter.objects.filter(kind=LetterKind.HANDED_OVER)
    assert (letter.mail.to, letter.mail.reply_to) == ("zoe@exemple.fr", scene.lead.email)
    assert "/reponse/" in letter.mail.body
    assert "À toi" in letter.mail.body
    (told,) = Letter.objects.filter(kind=LetterKind.TO_LEAD)
    assert (told.mail.to, told.mail.reply_to) == (scene.lead.email, "maya@exemple.fr")
    assert "zoe@exemple.fr" in told.mail.body
    with pytest.raises(AnswerElsewhere):
        typed(hers, by, done="Encore moi")
    hers.refresh_from_db()
    assert hers.done == "Commencé"


def test_a_colleague_who_is_asked_already_is_the_same_respondent(scene: Scene) -> None:
    theirs, hers = scene.update_of(scene.theirs), scene.update_of(scene.hers)
    before = Respondent.objects.count()
    hand_over(update=hers, by=by_link("Maya Legrand"), name="Noé", email="NOE@exemple.fr")
    hand_over(update=theirs, by=by_link("Maya Legrand"), name="Noé", email="noe@exemple.fr")
    assert Respondent.objects.count() == before
    for update in (hers, theirs):
        assert [one.name for one in update.respondents.all()] == ["Noé Petit"]


def test_a_colleague_of_the_directory_is_that_person(scene: Scene, hers: Update) -> None:
    person = PersonFactory.create(territory=scene.project.territory, email="lea@exemple.fr")
    gone = PersonFactory.create(
        territory=scene.project.territory, email="ana@exemple.fr", left_on="2026-01-01"
    )
    by = by_link("Maya Legrand")
    hand_over(update=hers, by=by, name="Léa", email="lea@exemple.fr")
    assert hers.respondents.get().person == person
    hand_over(update=scene.update_of(scene.theirs), by=by, name="Ana", email=gone.email)
    assert Respondent.objects.get(email=gone.email).person is None


def test_a_sheet_is_not_handed_to_oneself(hers: Update) -> None:
    with pytest.raises(ReviewRefused, match="est la vôtre"):
        hand_over(update=hers, by=by_link("Maya Legrand"), name="Moi", email="Maya@exemple.fr ")


def test_a_sheet_is_never_left_without_the_lead_knowing(scene: Scene, hers: Update) -> None:
    theirs = scene.update_of(scene.theirs)
    by = by_link("Maya Legrand")
    give_back(update=hers, by=by, words="J’ai changé de poste", token=PAGE)
    give_back(update=hers, by=by, words="J’ai changé de poste", token=PAGE)
    give_back(update=theirs, by=by)
    alone, shared = (
        letter.mail for letter in Letter.objects.filter(kind=LetterKind.TO_LEAD).order_by("pk")
    )
    assert "Plus personne n’y répond" in alone.body
    assert "J’ai changé de poste" in alone.body
    assert "Noé Petit" in shared.body
    assert not hers.respondents.exists()
    assert scene.hers.roles.count() == 1
    assert Mail.objects.filter(to=scene.lead.email).count() == 2


def test_a_sheet_stays_when_nobody_can_be_told(scene: Scene, hers: Update) -> None:
    with writing_campaign(hers.campaign, by=None) as writing:
        writing.campaign.led_by = None
        writing.campaign.save(update_fields=["led_by"])
    with pytest.raises(ReviewRefused, match="vous reste confiée"):
        give_back(update=hers, by=by_link("Maya Legrand"))
    assert hers.respondents.count() == 1
    hand_over(update=hers, by=by_link("Maya Legrand"), name="Zoé", email="zoe@exemple.fr")
    assert hers.respondents.get().name == "Zoé"


# --- Last quarter ---------------------------------------------------------------------------------


def test_last_answer_is_that_of_the_latest_closed_review(scene: Scene, hers: Update) -> None:
    assert last_answer(hers) is None
    sent(hers, by_link("Maya Legrand"), done="À l’automne")
    close(hers.campaign)
    opened(scene, quarter=type(QUARTER)(QUARTER.index + 1))
    said = last_answer(scene.update_of(scene.hers))
    assert said is not None
    assert said.quarter == QUARTER
    assert ("Ce qui a été fait", "À l’automne") in said.texts
