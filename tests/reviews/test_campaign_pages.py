"""The pages that prepare a review: what they refuse, in words, and what they show before."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.enums import MailState
from core.models import Mail
from core.quarters import Quarter
from reviews.enums import LetterKind
from reviews.forms.campaigns import RemindersField
from reviews.models import Campaign, Letter
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import choose_sheets
from roadmap.enums import RoleKind
from territories.enums import Role
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
)
from tests.reviews.answered import close
from tests.reviews.scene import QUARTER, Scene, draft_of, opened, set_scene

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def lead(scene: Scene, sign_in: SignIn) -> Client:
    return sign_in(scene.lead)


def at(name: str, *args: Any) -> str:
    return reverse(f"reviews:{name}", args=args)


def words(answer: Any) -> str:
    """The page, its unbreakable spaces as plain ones."""
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def typed(campaign: Campaign, **changes: str) -> dict[str, str]:
    fields = {
        "revision": str(campaign.revision),
        "opens_on": f"{campaign.opens_on}",
        "due_on": f"{campaign.due_on}",
        "reminder_days": "J−14, J−3, J+7",
        "letter_subject": "",
        "letter_text": "",
        "reminder_text": "",
    }
    return fields | changes


# --- The list, and the beginning ---


def test_nothing_yet_says_what_to_do_first(scene: Scene, lead: Client) -> None:
    page = words(lead.get(at("review_list", scene.project.pk)))
    assert "Aucune revue pour le moment" in page
    assert at("campaign_add", scene.project.pk) in page


def test_list_costs_the_same_whatever_its_rows(
    scene: Scene, lead: Client, queries: Callable[[Callable[[], object]], int]
) -> None:
    first = draft_of(scene)
    address = at("review_list", scene.project.pk)
    with_one = queries(lambda: lead.get(address))
    open_due(at=schedule_opening(campaign=first, by=scene.lead).letters_leave_at)
    close(first)
    draft_of(scene, quarter=Quarter(QUARTER.index + 1))
    assert queries(lambda: lead.get(address)) == with_one <= 15


def test_a_quarter_and_dates_are_proposed(scene: Scene, lead: Client) -> None:
    form = lead.get(at("campaign_add", scene.project.pk)).context["form"]
    today = scene.project.territory.today()
    assert form.initial["quarter"] == Quarter.on(today).index
    opens_on = form.initial["opens_on"]
    assert today <= opens_on <= today + dt.timedelta(days=2)
    assert opens_on.weekday() < 5
    assert form.initial["due_on"] == opens_on + dt.timedelta(days=21)


def test_sent_twice_it_is_one_review(scene: Scene, lead: Client) -> None:
    address = at("campaign_add", scene.project.pk)
    form = lead.get(address).context["form"]
    sent = {name: str(value) for name, value in form.initial.items()} | {"token": "abc"}
    first = lead.post(address, sent)
    assert lead.post(address, sent).headers["Location"] == first.headers["Location"]
    refused = lead.post(address, sent | {"token": "def"})
    assert "existe déjà" in words(refused)


@pytest.mark.parametrize(
    ("opens_in", "due_in", "field", "said"),
    [
        (-1, 10, "opens_on", "Ce jour est passé"),
        (500, 510, "opens_on", "plus d’un an"),
        (5, 4, "due_on", "ne peut pas précéder l’ouverture"),
        (0, 400, "due_on", "vérifiez l’année"),
        (None, 5, "opens_on", "Donnez cette date"),
    ],
)
def test_dates_are_refused_by_field(
    scene: Scene, lead: Client, opens_in: int | None, due_in: int, field: str, said: str
) -> None:
    today = scene.project.territory.today()

    def day(offset: int | None) -> str:
        return "" if offset is None else f"{today + dt.timedelta(days=offset)}"

    sent = {"quarter": str(QUARTER.index), "opens_on": day(opens_in), "due_on": day(due_in)}
    answer = lead.post(at("campaign_add", scene.project.pk), sent)
    assert said in " ".join(answer.context["form"].errors[field])
    assert not Campaign.objects.exists()


# --- The page of a draft ---


def test_every_mail_is_read_before_it_leaves_as_it_leaves(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    answer = lead.get(at("campaign_detail", campaign.pk))
    shown = {preview.mail.to: preview.mail for preview, _ in answer.context["previews"]}
    planned = schedule_opening(campaign=campaign, by=scene.lead)
    open_due(at=planned.letters_leave_at)
    sent = {mail.to: mail for mail in Mail.objects.all()}
    assert shown.keys() == sent.keys()
    for to, mail in sent.items():
        link = next(line for line in mail.body.splitlines() if "/reponse/" in line)
        as_shown = next(line for line in shown[to].body.splitlines() if "/reponse/" in line)
        assert shown[to].body.replace(as_shown, link) == mail.body
        assert (shown[to].subject, shown[to].reply_to) == (mail.subject, mail.reply_to)


def test_sheets_without_a_recipient_say_how_to_mend_it(scene: Scene, lead: Client) -> None:
    scene.noe.email = ""
    scene.noe.save()
    alone = ActionFactory.create(project=scene.project, number=9, title="Seule")
    ActionRoleFactory.create(action=alone, kind=RoleKind.PILOT, person=scene.noe, label="")
    page = words(lead.get(at("campaign_detail", draft_of(scene).pk)))
    assert "« à déterminer », qui n’est pas une personne de l’annuaire" in page
    assert f"{reverse('roadmap:action_detail', args=[scene.orphan.pk])}#partie-roles" in page
    territory = scene.project.territory
    assert reverse("governance:person_edit", args=[territory.code, scene.noe.pk]) in page
    assert "l’annuaire n’a pas son adresse" in page


def test_an_address_that_refused_is_told_beside_the_person(scene: Scene, lead: Client) -> None:
    Mail.objects.create(
        to="maya@exemple.fr",
        subject="Invitation",
        state=MailState.REFUSED,
        refusal="550 Adresse inconnue",
        settled_at=timezone.now(),
    )
    page = words(lead.get(at("campaign_detail", draft_of(scene).pk)))
    assert "550 Adresse inconnue" in page
    assert "Corriger l’adresse" in page


def test_page_of_a_draft_costs_the_same_whatever_its_rows(
    scene: Scene, lead: Client, queries: Callable[[Callable[[], object]], int]
) -> None:
    campaign = draft_of(scene)
    address = at("campaign_detail", campaign.pk)
    with_few = queries(lambda: lead.get(address))
    for number in range(20, 40):
        sheet = ActionFactory.create(project=scene.project, number=number)
        person = PersonFactory.create(
            territory=scene.project.territory, email=f"p{number}@exemple.fr"
        )
        ActionRoleFactory.create(action=sheet, kind=RoleKind.PILOT, person=person, label="")
    everything = scene.project.actions.values_list("pk", flat=True)
    choose_sheets(campaign=campaign, sheets=list(everything), by=scene.lead)
    assert queries(lambda: lead.get(address)) == with_few <= 15


def test_a_reader_does_not_see_what_is_being_prepared(scene: Scene, sign_in: SignIn) -> None:
    campaign = draft_of(scene)
    reader = UserFactory.create()
    MembershipFactory.create(user=reader, territory=scene.project.territory, role=Role.MEMBER)
    client = sign_in(reader)
    assert client.get(at("campaign_detail", campaign.pk)).status_code == 403
    assert str(campaign) not in words(client.get(at("review_list", scene.project.pk)))


# --- Its settings ---


def test_a_text_left_as_proposed_follows_what_is_proposed(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    address = at("campaign_settings", campaign.pk)
    form = lead.get(address).context["form"]
    proposed = {name: form[name].value() for name in ("letter_text", "reminder_text")}
    assert "Aubrac" in proposed["letter_text"]
    sent = typed(campaign, **proposed, letter_subject="Le point d’automne")
    assert lead.post(address, sent).status_code == 302
    campaign = Campaign.objects.get()
    assert campaign.letter_subject == "Le point d’automne"
    assert (campaign.letter_text, campaign.reminder_text) == ("", "")
    assert campaign.reminder_days == [-14, -3, 7]


def test_the_proposed_text_comes_back_and_what_was_typed_stays(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    answer = lead.post(
        at("campaign_settings", campaign.pk),
        typed(campaign, letter_text="À moi", reminder_text="Encore", revenir="letter_text"),
    )
    form = answer.context["form"]
    assert "fait le point" in form["letter_text"].value()
    assert form["reminder_text"].value() == "Encore"
    assert form.restorable == ["reminder_text"]
    assert Campaign.objects.get().reminder_text == ""


def test_two_leads_writing_the_same_text_both_read_it(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    address = at("campaign_settings", campaign.pk)
    assert lead.post(address, typed(campaign, letter_text="Le mien")).status_code == 302
    answer = lead.post(address, typed(campaign, letter_text="Le sien", letter_subject="Objet"))
    assert "Le mien" in words(answer)
    assert "choisissez celui à garder" in words(answer)
    assert Campaign.objects.get().letter_text == "Le mien"
    fresh = Campaign.objects.get()
    assert lead.post(address, typed(fresh, letter_text="Le sien")).status_code == 302
    assert Campaign.objects.get().letter_text == "Le sien"


def test_settings_of_a_review_already_opening_are_refused_and_kept(
    scene: Scene, lead: Client
) -> None:
    campaign = draft_of(scene)
    schedule_opening(campaign=campaign, by=scene.lead)
    sent = typed(campaign, letter_text="Trop tard")
    answer = lead.post(at("campaign_settings", campaign.pk), sent, follow=True)
    assert "Arrêter l’ouverture" in words(answer)
    assert Campaign.objects.get().letter_text == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("J−14, J−3, J+7", [-14, -3, 7]),
        ("j-3; J + 7 ,-14", [-14, -3, 7]),
        ("7, +7, J7", [7]),
        ("", []),
        ("J−0", [0]),
    ],
)
def test_days_of_reminders_are_read_as_typed(said: str, kept: list[int]) -> None:
    assert RemindersField(required=False).clean(said) == kept


@given(st.text(max_size=100) | st.lists(st.integers(-60, 60), max_size=6))
def test_days_of_reminders_are_kept_in_bounds_or_refused(given_days: Any) -> None:
    field = RemindersField(required=False)
    try:
        kept = field.clean(field.prepare_value(given_days))
    except ValidationError:
        return
    assert kept == sorted(set(kept))
    assert len(kept) <= 6
    assert all(-60 <= day <= 60 for day in kept)
    assert field.clean(field.prepare_value(kept)) == kept


@pytest.mark.parametrize("said", ["demain", "J−61", "J−1.5", "1,2,3,4,5,6,7"])
def test_days_of_reminders_are_refused_in_words(scene: Scene, lead: Client, said: str) -> None:
    campaign = draft_of(scene)
    answer = lead.post(at("campaign_settings", campaign.pk), typed(campaign, reminder_days=said))
    assert answer.context["form"].errors["reminder_days"]
    assert Campaign.objects.get().reminder_days == [-14, -3, 7]


# --- Its sheets ---


def test_what_another_lead_ticked_meanwhile_stays(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    address = at("campaign_sheets", campaign.pk)
    seen = lead.get(address).context["form"]["seen"].value()
    everything = [scene.hers.pk, scene.theirs.pk, scene.orphan.pk, scene.ended.pk]
    choose_sheets(campaign=campaign, sheets=everything, by=scene.lead)
    lead.post(address, {"sheets": [scene.hers.pk, scene.theirs.pk], "seen": seen})
    kept = set(campaign.updates.values_list("action", flat=True))
    assert kept == {scene.hers.pk, scene.theirs.pk, scene.ended.pk}


@pytest.mark.parametrize("sent", [{}, {"sheets": ["999999"]}, {"sheets": ["x"]}])
def test_no_sheet_or_a_strange_one_is_refused(
    scene: Scene, lead: Client, sent: dict[str, Any]
) -> None:
    campaign = draft_of(scene)
    answer = lead.post(at("campaign_sheets", campaign.pk), sent)
    assert answer.status_code == 200
    assert answer.context["form"].errors["sheets"]
    assert campaign.updates.count() == 3


# --- A test, the opening, and thinking better of it ---


def test_a_test_mail_comes_to_oneself_once(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    for _ in range(2):
        lead.post(at("campaign_test", campaign.pk), {"token": "une-page"})
    letter = Letter.objects.select_related("mail").get()
    assert (letter.kind, letter.mail.to) == (LetterKind.TEST, scene.lead.email)
    assert letter.mail.subject.startswith("Essai : ")
    assert at("campaign_detail", campaign.pk) in letter.mail.body
    assert "/reponse/" not in letter.mail.body


def test_opening_says_how_many_mails_leave_and_when(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    page = words(lead.get(at("campaign_open", campaign.pk)))
    assert "2 courriels" in page
    assert "1 fiche sans destinataire" in page
    for _ in range(2):
        assert lead.post(at("campaign_open", campaign.pk)).status_code == 302
    page = words(lead.get(at("campaign_detail", campaign.pk)))
    assert "2 courriels, dans" in page
    part = lead.get(at("campaign_detail", campaign.pk), headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="compte-a-rebours"')
    lead.post(at("campaign_stop", campaign.pk))
    assert Campaign.objects.get().is_draft
    assert not Mail.objects.exists()


def test_a_page_that_counts_down_is_left_once_the_letters_have_gone(
    scene: Scene, lead: Client
) -> None:
    campaign = opened(scene)
    part = lead.get(at("campaign_detail", campaign.pk), headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    answer = lead.post(at("campaign_stop", campaign.pk), follow=True)
    assert "Les courriels sont déjà partis" in words(answer)


def test_a_draft_is_withdrawn(scene: Scene, lead: Client) -> None:
    campaign = draft_of(scene)
    assert "seront perdus" in words(lead.get(at("campaign_discard", campaign.pk)))
    answer = lead.post(at("campaign_discard", campaign.pk), follow=True)
    assert "est retirée" in words(answer)
    assert not Campaign.objects.exists()
