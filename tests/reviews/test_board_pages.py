"""The pages of a review that is followed, closed and read: their doors, words and queries."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.text import NBSP
from reviews.enums import Kept, UpdateState
from reviews.models import Campaign, LateText, Update
from reviews.services.reopening import reopen_campaign
from reviews.summaries.closing import closing_of
from roadmap.enums import Status, Weather
from roadmap.models import Action
from territories.enums import Role, Scope
from territories.writing import writing
from tests.factories import ActionFactory, ActionRoleFactory, MembershipFactory, UserFactory
from tests.reviews.answered import answer, close, put_off, seal, validated
from tests.reviews.scene import QUARTER, Scene, draft_of, opened, set_scene

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def campaign(scene: Scene) -> Campaign:
    return opened(scene)


@pytest.fixture
def client_of_lead(scene: Scene, campaign: Campaign, sign_in: SignIn) -> Client:
    return sign_in(scene.lead)


def page(client: Client, name: str, key: int, query: str = "", **options: Any) -> str:
    answered = client.get(reverse(f"reviews:{name}", args=[key]) + query, **options)
    assert answered.status_code == 200, answered.status_code
    return answered.content.decode().replace(NBSP, " ")


def member_of(scene: Scene) -> User:
    member = UserFactory.create()
    MembershipFactory.create(user=member, territory=scene.project.territory, role=Role.MEMBER)
    return member


# --- The board ---


def test_the_lead_types_a_missing_answer_from_the_board_and_comes_back_to_it(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    update = scene.update_of(scene.hers)
    address = reverse("reviews:answer_edit", args=[update.pk])
    board = reverse("reviews:campaign_board", args=[campaign.pk])
    said = page(client_of_lead, "campaign_board", campaign.pk)
    assert f'href="{address}"' in said
    assert reverse("reviews:mail_list", args=[campaign.pk]) in said
    assert reverse("reviews:review_list", args=[scene.project.pk]) in said
    sent = client_of_lead.post(address, {"do": "inchange", "answered_for": "Maya Legrand"})
    assert (sent.status_code, sent["Location"]) == (302, board)
    assert f'href="{address}"' not in page(client_of_lead, "campaign_board", campaign.pk)


def test_only_the_lead_has_the_ways_to_type_and_to_the_mails(
    sign_in: SignIn, scene: Scene, campaign: Campaign
) -> None:
    said = page(sign_in(member_of(scene)), "campaign_board", campaign.pk)
    assert "Saisir la réponse" not in said
    assert "Courriels" not in said


def test_what_came_after_the_closing_is_read_by_the_lead_alone(
    client_of_lead: Client, sign_in: SignIn, scene: Scene, campaign: Campaign
) -> None:
    update = scene.update_of(scene.hers)
    close(campaign)
    LateText.objects.create(update=update, signed="Maya Legrand", text="Le bail est signé.")
    report = page(client_of_lead, "campaign_report", campaign.pk)
    assert "Le bail est signé." in report
    assert "Maya Legrand" in report
    assert "Le bail est signé." in page(client_of_lead, "answer_detail", update.pk)
    assert "Le bail est signé." not in page(
        sign_in(member_of(scene)), "campaign_report", campaign.pk
    )


def test_the_board_says_who_answered(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    answer(scene.update_of(scene.hers), help_asked="Une salle à Espalion")
    said = page(client_of_lead, "campaign_board", campaign.pk)
    assert "1 réponse sur 3" in said
    assert "par Maya Legrand" in said
    assert "Aide demandée : Une salle à Espalion" in said
    assert "Objectifs atteignables" in said
    assert "Clôturer…" in said
    assert said.count('name="reponse"') == 1


def test_a_member_reads_the_board_without_its_gestures_nor_drafts(
    sign_in: SignIn, scene: Scene, campaign: Campaign
) -> None:
    draft = answer(scene.update_of(scene.hers), state=UpdateState.DRAFT, done="Brouillon secret")
    received = answer(scene.update_of(scene.theirs), done="Une formation")
    client = sign_in(member_of(scene))
    said = page(client, "campaign_board", campaign.pk)
    assert "1 réponse sur 3" in said
    assert "Clôturer" not in said
    assert 'name="reponse"' not in said
    assert "maya@exemple.fr" not in said
    assert "Objectifs atteignables" in said
    assert client.get(reverse("reviews:answer_detail", args=[draft.pk])).status_code == 302
    assert "Une formation" in page(client, "answer_detail", received.pk)


def test_the_board_asks_again_and_is_answered_nothing_until_something_is_written(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    address = reverse("reviews:campaign_board", args=[campaign.pk])
    campaign.refresh_from_db()
    seen = f"?vu={campaign.revision}"
    assert f'{address}{seen}"' in page(client_of_lead, "campaign_board", campaign.pk)
    assert client_of_lead.get(address + seen, headers=HTMX).status_code == 204
    answer(scene.update_of(scene.hers))
    answered = client_of_lead.get(address + seen, headers=HTMX)
    said = answered.content.decode()
    assert "1\u00a0réponse sur 3" in said
    assert "<h1" not in said
    assert answered["HX-Push-Url"] == "false"


def test_a_board_left_open_goes_to_the_report_once_closed(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    close(campaign)
    address = reverse("reviews:campaign_board", args=[campaign.pk])
    report = reverse("reviews:campaign_report", args=[campaign.pk])
    assert client_of_lead.get(address + "?vu=1", headers=HTMX)["HX-Redirect"] == report
    assert client_of_lead.get(address).url == report  # type: ignore[attr-defined]


def test_filters_are_in_the_address(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    answer(scene.update_of(scene.hers))
    said = page(client_of_lead, "campaign_board", campaign.pk, "?etat=recue")
    assert "1 fiche sur 3 avec ces filtres" in said
    assert "Équipes mobiles" not in said
    nothing = page(client_of_lead, "campaign_board", campaign.pk, "?meteo=compromis")
    assert "Aucune fiche ne correspond" in nothing
    wrong = page(client_of_lead, "campaign_board", campaign.pk, "?repondant=999999")
    assert "il est laissé de côté" in wrong


def test_the_ticked_are_validated_and_what_moved_is_told(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    hers, theirs = (answer(scene.update_of(each)) for each in (scene.hers, scene.theirs))
    ticked = [f"{each.pk}:{seal(each)}" for each in (hers, theirs)]
    answer(hers, done="Encore un mot")
    answered = client_of_lead.post(
        reverse("reviews:board_validate", args=[campaign.pk]),
        {"reponse": [*ticked, "x", "9" * 40], "retour": "etat=recue"},
        follow=True,
    )
    said = answered.content.decode().replace(NBSP, " ")
    assert "1 réponse validée." in said
    assert "Fiche 1 : la réponse a été corrigée depuis que vous l’avez lue" in said
    assert answered.redirect_chain[-1][0].endswith("?etat=recue")


def test_validating_from_a_page_leads_to_the_next_answer(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    hers, theirs = (answer(scene.update_of(each)) for each in (scene.hers, scene.theirs))
    address = reverse("reviews:board_validate", args=[campaign.pk])
    for each, following in (
        (hers, reverse("reviews:answer_detail", args=[theirs.pk])),
        (theirs, reverse("reviews:campaign_board", args=[campaign.pk])),
    ):
        sent = {"reponse": f"{each.pk}:{seal(each)}", "suivante": "oui"}
        assert client_of_lead.post(address, sent).url == following  # type: ignore[attr-defined]


# --- One answer ---


def test_an_answer_is_read_beside_the_last_one_and_its_sheet(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    put_off(scene.update_of(scene.hers), scene.objective, QUARTER.index + 2)
    validated(scene, scene.hers, done="Premier trimestre")
    close(campaign)
    opened(scene, quarter=type(QUARTER)(QUARTER.index + 1))
    hers = answer(scene.update_of(scene.hers), done="Second trimestre")
    with writing(scene.project, by=scene.lead):
        scene.hers.refresh_from_db()
        scene.hers.status = Status.DONE
        scene.hers.save()
    said = page(client_of_lead, "answer_detail", hers.pk)
    assert "Premier trimestre" in said
    assert "Second trimestre" in said
    assert "décalé à T2 2027" in said
    assert "avancement : en cours → réalisée" in said


def test_an_answer_is_sent_back_with_a_word(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    hers = answer(scene.update_of(scene.hers))
    address = reverse("reviews:answer_return", args=[hers.pk])
    empty = client_of_lead.post(address, {"seen": seal(hers), "words": " "})
    assert "Dites ce qui manque" in empty.content.decode()
    stale = client_of_lead.post(address, {"seen": "autre", "words": "Précisez"})
    assert "a été corrigée" in stale.content.decode()
    assert "Précisez" in stale.content.decode()
    done = client_of_lead.post(address, {"seen": seal(hers), "words": "Précisez"}, follow=True)
    assert "Maya Legrand en reçoit le courriel" in done.content.decode()


def test_a_delay_is_given_to_one_sheet(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    orphan = scene.update_of(scene.orphan)
    address = reverse("reviews:answer_extend", args=[orphan.pk])
    early = client_of_lead.post(address, {"due_on": campaign.due_on, "reason": "Congé"})
    assert "après la date limite" in early.content.decode()
    later = campaign.due_on + dt.timedelta(days=3)
    done = client_of_lead.post(address, {"due_on": later, "reason": "Congé"}, follow=True)
    assert "prévenez vous-même" in done.content.decode()


def test_a_validation_is_taken_back(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    hers = validated(scene, scene.hers)
    address = reverse("reviews:answer_unvalidate", args=[hers.pk])
    for words in ("La validation est reprise", "n’est plus validée"):
        assert words in client_of_lead.post(address, follow=True).content.decode()


def test_nothing_is_followed_nor_closed_before_the_letters_leave(
    sign_in: SignIn, scene: Scene
) -> None:
    draft = draft_of(scene)
    update = draft.updates.get(action=scene.hers)
    client = sign_in(scene.lead)
    for name, key in (
        ("campaign_board", draft.pk),
        ("campaign_close", draft.pk),
        ("answer_detail", update.pk),
        ("answer_return", update.pk),
    ):
        assert client.get(reverse(f"reviews:{name}", args=[key])).status_code == 404, name


# --- Closing and after ---


def test_closing_announces_then_writes(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    hers = validated(scene, scene.hers, status=Status.DONE)
    answer(scene.update_of(scene.theirs))
    answer(scene.update_of(scene.orphan), state=UpdateState.DRAFT)
    with writing(scene.project, by=scene.lead):
        scene.hers.status, scene.hers.status_reason = Status.SUSPENDED, "Vacance"
        scene.hers.save()
    said = page(client_of_lead, "campaign_close", campaign.pk)
    assert "avancement : en cours → suspendue" in said
    assert "Reçu, non validé" in said
    assert "commencée, non envoyée" in said
    address = reverse("reviews:campaign_close", args=[campaign.pk])
    announced = {"seen": closing_of(campaign).seal}
    asked = client_of_lead.post(address, announced).content.decode().replace(NBSP, " ")
    assert "Fiche 1 : choisissez ce qui est gardé." in asked
    moved = client_of_lead.post(
        address, {"seen": "autre", f"choix_{hers.pk}": Kept.SHEET}, follow=True
    )
    assert "pendant que vous lisiez" in moved.content.decode()
    done = client_of_lead.post(
        address, announced | {f"choix_{hers.pk}": Kept.SHEET}, follow=True
    ).content.decode()
    assert "est clôturée" in done
    again = client_of_lead.post(address, announced, follow=True).content.decode()
    assert "voici son rapport" in again


def test_the_report_says_what_the_copil_reads(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    validated(
        scene,
        scene.hers,
        status=Status.SUSPENDED,
        status_reason="Vacance",
        weather=Weather.COMPROMISED,
        help_asked="Un financement",
    )
    draft = answer(scene.update_of(scene.theirs), state=UpdateState.DRAFT)
    with writing(scene.project, by=scene.lead):
        scene.project.planning_first = QUARTER.index
        scene.project.planning_last = QUARTER.index + 3
        scene.project.save()
    close(campaign)
    said = page(client_of_lead, "campaign_report", campaign.pk)
    for words in (
        "Ce qui a changé depuis l’ouverture de la revue",
        "aide demandée : Un financement",
        "objectifs compromis",
        "État d’avancement",
        "Commencées, non envoyées",
        "Avancement par priorité du décret",
        "<svg",
        "Planning au jour de la clôture",
    ):
        assert words in said
    assert reverse("reviews:answer_detail", args=[draft.pk]) in said


def test_a_member_reads_the_report_without_what_was_never_sent(
    sign_in: SignIn, scene: Scene, campaign: Campaign
) -> None:
    answer(scene.update_of(scene.theirs), state=UpdateState.DRAFT)
    close(campaign)
    said = page(sign_in(member_of(scene)), "campaign_report", campaign.pk)
    assert "Commencées, non envoyées" not in said
    assert "Rouvrir" not in said


def test_a_closed_review_is_reopened_and_both_editions_are_read(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    close(campaign)
    address = reverse("reviews:campaign_reopen", args=[campaign.pk])
    today = scene.project.territory.today()
    past = client_of_lead.post(
        address, {"reason": "Erreur", "due_on": today - dt.timedelta(days=1)}
    )
    assert "date limite à venir" in past.content.decode()
    done = client_of_lead.post(address, {"reason": "Erreur", "due_on": today}, follow=True)
    assert "2ᵉ édition" in done.content.decode()
    assert "2ᵉ édition" in page(client_of_lead, "campaign_report", campaign.pk)


def test_what_is_not_closed_is_not_reopened_by_its_address(
    client_of_lead: Client, campaign: Campaign
) -> None:
    answered = client_of_lead.get(reverse("reviews:campaign_reopen", args=[campaign.pk]))
    assert answered.status_code == 302


def test_the_sheet_says_what_its_last_review_found_and_its_history_who_wrote_it(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    validated(scene, scene.hers, weather=Weather.SUPPORT)
    close(campaign)
    said = {
        name: client_of_lead.get(reverse(f"roadmap:{name}", args=[scene.hers.pk]))
        .content.decode()
        .replace(NBSP, " ")
        for name in ("action_detail", "sheet_history")
    }
    assert "Revue T4 2026 : appuis nécessaires" in said["action_detail"]
    for words in (
        "a inscrit la revue T4 2026 sur la feuille de route : 1 fiche",
        "Météo",
        "Appuis nécessaires",
        "Dernière revue",
    ):
        assert words in said["sheet_history"]


# --- Queries ---


def sixty_sheets(scene: Scene) -> Campaign:
    sheets = [ActionFactory.create(project=scene.project, number=100 + rank) for rank in range(57)]
    for sheet in sheets:
        ActionRoleFactory.create(action=sheet, person=scene.maya, kind="pilote", label="")
    campaign = opened(scene)
    for sheet in sheets[:40]:
        answer(scene.update_of(sheet), help_asked="Une salle")
    return campaign


@pytest.mark.parametrize("name", ["campaign_board", "campaign_close"])
def test_sixty_sheets_are_followed_and_closed_within_fifteen_queries(
    sign_in: SignIn, scene: Scene, queries: Callable[[Callable[[], object]], int], name: str
) -> None:
    campaign = sixty_sheets(scene)
    client = sign_in(scene.lead)
    cost = queries(lambda: page(client, name, campaign.pk))
    assert cost <= 15, cost


def test_an_answer_and_a_report_cost_few_queries(
    client_of_lead: Client,
    scene: Scene,
    campaign: Campaign,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    hers = validated(scene, scene.hers)
    assert queries(lambda: page(client_of_lead, "answer_detail", hers.pk)) <= 15
    close(campaign)
    assert queries(lambda: page(client_of_lead, "campaign_report", campaign.pk)) <= 15


def test_the_latest_edition_alone_is_reopened_from_its_page(
    client_of_lead: Client, scene: Scene, campaign: Campaign
) -> None:
    close(campaign)
    assert "Rouvrir…" in page(client_of_lead, "campaign_report", campaign.pk)
    closed = Campaign.objects.with_place().get(pk=campaign.pk)
    reopen_campaign(
        campaign=closed, reason="Erreur", due_on=scene.project.territory.today(), by=scene.lead
    )
    assert "Rouvrir…" not in page(client_of_lead, "campaign_report", campaign.pk)
    assert Update.objects.filter(action=Action.objects.get(pk=scene.hers.pk)).count() == 2


# --- National readers ---


def test_a_national_reader_reads_closed_reviews_and_nothing_else_of_them(
    sign_in: SignIn, scene: Scene, campaign: Campaign
) -> None:
    denis = UserFactory.create()
    MembershipFactory.create(
        user=denis, role=Role.NATIONAL_READER, scope=Scope.NATIONAL, territory=None
    )
    client, update = sign_in(denis), scene.update_of(scene.hers)
    answer(update, state=UpdateState.DRAFT, done="Rien de public")
    for name in ("campaign_detail", "campaign_board", "campaign_report"):
        assert client.get(reverse(f"reviews:{name}", args=[campaign.pk])).status_code == 404
    territory = reverse("overview:territory_detail", args=[scene.project.territory.code])
    assert "Revues clôturées" not in client.get(territory).content.decode()
    assert str(campaign) not in page(client, "review_list", scene.project.pk)

    close(campaign)
    said = page(client, "campaign_report", campaign.pk)
    assert "Maison des adolescents" in said
    for kept in ("Rien de public", "@exemple.fr", "Non envoyées", "Rouvrir", "Courriels"):
        assert kept not in said
    assert scene.lead.get_full_name() not in said
    address = reverse("reviews:campaign_report", args=[campaign.pk])
    assert address in client.get(territory).content.decode()
    assert str(campaign).replace(NBSP, " ") in page(client, "review_list", scene.project.pk)
    for name in ("answer_detail", "answer_edit"):
        assert client.get(reverse(f"reviews:{name}", args=[update.pk])).status_code == 404
    assert client.get(reverse("reviews:mail_list", args=[campaign.pk])).status_code == 403


def test_a_guest_reads_no_review(sign_in: SignIn, scene: Scene, campaign: Campaign) -> None:
    guest = UserFactory.create()
    MembershipFactory.create(user=guest, territory=scene.project.territory, role=Role.GUEST)
    close(campaign)
    client = sign_in(guest)
    for name, key in (("campaign_report", campaign.pk), ("review_list", scene.project.pk)):
        assert client.get(reverse(f"reviews:{name}", args=[key])).status_code == 404
