"""The log of the mails, by a real mail server: what went wrong, and what is done about it."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import delivery, tasks
from core.enums import MailState
from core.models import Mail
from reviews.enums import LetterKind, UpdateState
from reviews.models import Campaign, Letter, Respondent, RespondentLink
from reviews.summaries.mails import mail_log
from reviews.writing import writing_campaign
from tests.core.post_office import PostOffice, post_office
from tests.reviews.scene import Scene, opened, set_scene

__all__ = ["post_office"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker() -> Any:
    with mock.patch.object(tasks.send_mail, "apply_async") as published:
        yield published


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def lead(scene: Scene, sign_in: Callable[[User | None], Client]) -> Client:
    return sign_in(scene.lead)


def deliver() -> None:
    for mail in Mail.objects.waiting():
        delivery.deliver(mail.pk)


def page(client: Client, campaign: Campaign) -> str:
    answer = client.get(reverse("reviews:mail_list", args=[campaign.pk]))
    return answer.content.decode().replace("\u00a0", " ")


def resend(client: Client, letter: Letter) -> str:
    address = reverse("reviews:mail_resend", args=[letter.campaign_id, letter.pk])
    return client.post(address, follow=True).content.decode().replace("\u00a0", " ")


def to_maya() -> Letter:
    return (
        Letter.objects.filter(respondent__name="Maya Legrand").select_related("mail").latest("pk")
    )


def test_letters_leave_through_a_mail_server_and_are_answered_to_the_lead(
    scene: Scene, lead: Client, post_office: PostOffice
) -> None:
    campaign = opened(scene)
    deliver()
    assert {message["To"] for message in post_office.received} == {
        "maya@exemple.fr",
        "noe@exemple.fr",
    }
    assert {message["Reply-To"] for message in post_office.received} == {scene.lead.email}
    told = page(lead, campaign)
    assert "À traiter" not in told
    assert "2 courriels" in told


def test_a_refused_letter_is_sent_again_to_the_corrected_address_with_a_new_link(
    scene: Scene, lead: Client, post_office: PostOffice
) -> None:
    post_office.answers_to["maya@exemple.fr"] = "550 5.1.1 Adresse inconnue"
    campaign = opened(scene)
    deliver()
    told = page(lead, campaign)
    assert "550 5.1.1 Adresse inconnue" in told
    assert "Vérifiez l’adresse" in told
    territory = scene.project.territory
    assert reverse("governance:person_edit", args=[territory.code, scene.maya.pk]) in told
    scene.maya.email = "maya.legrand@exemple.fr"
    scene.maya.save()
    refused = to_maya()
    assert "part vers maya.legrand@exemple.fr" in resend(lead, refused)
    again = to_maya()
    assert again.kind == LetterKind.OPENING
    assert Respondent.objects.get(name="Maya Legrand").email == "maya.legrand@exemple.fr"
    assert RespondentLink.objects.filter(respondent__name="Maya Legrand").count() == 2
    deliver()
    told = page(lead, campaign)
    assert "À traiter" not in told
    assert "renvoyé depuis" in told
    assert "déjà été envoyé à nouveau" in resend(lead, refused)
    assert len(post_office.received) == 2


def test_an_uncertain_letter_asks_before_it_is_sent_again(
    scene: Scene, lead: Client, post_office: PostOffice
) -> None:
    post_office.hangs_up_on_content = True
    campaign = opened(scene)
    deliver()
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.UNCERTAIN}
    assert "Demandez à cette personne si elle l’a reçu" in page(lead, campaign)


def test_whoever_answered_meanwhile_is_not_written_to_again(scene: Scene, lead: Client) -> None:
    campaign = opened(scene)
    Mail.objects.update(state=MailState.REFUSED, body="")
    with writing_campaign(campaign, by=None):
        for update in campaign.updates.all():
            update.state, update.submitted_at = UpdateState.SUBMITTED, campaign.opened_at
            update.save()
    assert mail_log(campaign).to_mend == ()
    assert "n’a plus de fiche sans réponse" in resend(lead, to_maya())
    assert Letter.objects.count() == 2


def test_whoever_had_no_address_is_written_to_once_it_is_known(scene: Scene, lead: Client) -> None:
    scene.maya.email = ""
    scene.maya.save()
    campaign = opened(scene)
    maya = Respondent.objects.get(name="Maya Legrand")
    address = reverse("reviews:mail_write", args=[campaign.pk, maya.pk])
    assert "Maya Legrand</b> n’a reçu aucun courriel" in page(lead, campaign)
    refused = lead.post(address, follow=True).content.decode()
    assert "n’a pas d’adresse pour Maya Legrand" in refused
    scene.maya.email = "maya@exemple.fr"
    scene.maya.save()
    lead.post(address)
    lead.post(address)
    assert to_maya().mail.to == "maya@exemple.fr"
    assert Letter.objects.count() == 2
    assert "n’a reçu aucun courriel" not in page(lead, campaign)


def test_log_costs_the_same_whatever_its_rows(
    scene: Scene, lead: Client, queries: Callable[[Callable[[], object]], int]
) -> None:
    campaign = opened(scene)
    address = reverse("reviews:mail_list", args=[campaign.pk])
    before = queries(lambda: lead.get(address))
    Mail.objects.update(state=MailState.REFUSED)
    for letter in list(Letter.objects.all()):
        resend(lead, letter)
    assert queries(lambda: lead.get(address)) == before <= 15
