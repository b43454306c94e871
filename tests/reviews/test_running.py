"""What changes once a review is open: its calendar, its sheets, the links of one pilot."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessLink, User
from core.models import Mail
from journal.models import ChangeSet
from reviews.enums import LetterKind, UpdateState
from reviews.models import Campaign, Letter, ObjectiveUpdate, Respondent, Update
from reviews.services.links import link_for
from reviews.services.reminding import remind_due
from reviews.services.running import change_sheets
from reviews.summaries.reminders import reminder_lines
from reviews.writing import ReviewRefused, writing_campaign
from roadmap.services.lifecycle import retire_sheet
from tests.factories import ActionRoleFactory, ObjectiveFactory, PersonFactory
from tests.reviews.answered import close
from tests.reviews.answers import came_by, link_of, said_by
from tests.reviews.scene import Scene, opened, set_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def campaign(scene: Scene) -> Campaign:
    return opened(scene)


@pytest.fixture
def lead(scene: Scene, sign_in: Callable[[User | None], Client]) -> Client:
    return sign_in(scene.lead)


def address(name: str, campaign: Campaign, *more: int) -> str:
    return reverse(f"reviews:{name}", args=[campaign.pk, *more])


def words(response: Any) -> str:
    return said_by(response)


def present(campaign: Campaign) -> Campaign:
    return Campaign.objects.with_place().get(pk=campaign.pk)


def settings_of(campaign: Campaign, **changed: str) -> dict[str, str]:
    """The form as the page draws it, but for what is typed."""
    now = present(campaign)
    return {
        "revision": str(now.revision),
        "due_on": f"{now.due_on}",
        "reminder_days": ", ".join(map(str, now.reminder_days)).replace("7", "+7"),
        "letter_subject": "",
        "letter_text": "",
        "reminder_text": "",
        **changed,
    }


# --- The calendar and the words -----------------------------------------------------------------


def test_the_reminders_past_and_to_come_are_told(campaign: Campaign, lead: Client) -> None:
    with writing_campaign(campaign, by=None) as writing:
        writing.campaign.due_on = campaign.project.territory.today() + dt.timedelta(days=5)
        writing.campaign.save()
    page = words(lead.get(address("campaign_settings", campaign)))
    assert "J−14" in page
    assert "passée, personne n’a été relancé" in page
    assert page.count("à venir, à 8 h") == 2
    assert "Date d’ouverture" not in page


def test_the_due_date_moves_and_everything_follows(
    campaign: Campaign, scene: Scene, lead: Client
) -> None:
    update = scene.update_of(scene.hers)
    longer = scene.update_of(scene.theirs)
    with writing_campaign(campaign, by=None):
        for one, days in ((update, 2), (longer, 200)):
            one.due_on, one.due_reason = campaign.due_on + dt.timedelta(days=days), "Congés"
            one.save()
    moved = campaign.due_on + dt.timedelta(days=100)
    sent = settings_of(campaign, due_on=f"{moved}", reminder_text="Encore un mot.")
    done = lead.post(address("campaign_settings", campaign), sent, follow=True)
    assert "Enregistré." in words(done)
    now = present(campaign)
    assert (now.due_on, now.reminder_text) == (moved, "Encore un mot.")
    assert now.rescheduled_at is None
    update.refresh_from_db()
    longer.refresh_from_db()
    assert update.due_on is None
    assert longer.due_on == campaign.due_on + dt.timedelta(days=200)
    until = now.morning_of(moved) + dt.timedelta(days=60)
    assert set(AccessLink.objects.values_list("expires_at", flat=True)) == {until}
    told = ChangeSet.objects.latest("pk").words
    assert "a réglé la revue ouverte" in told
    assert "portée au" in told
    # The letters not yet sent follow.
    remind_due(at=now.morning_of(moved - dt.timedelta(days=3)))
    letter = Letter.objects.filter(kind=LetterKind.REMINDER).select_related("mail").latest("pk")
    assert "Encore un mot." in letter.mail.body
    assert f"J-3 {moved}" in letter.occasion


def test_a_reminder_put_in_the_past_never_leaves_at_once(campaign: Campaign, lead: Client) -> None:
    """The due date comes nearer: J−14 is past, nobody is written to for it."""
    today = campaign.project.territory.today()
    near = today + dt.timedelta(days=4)
    lead.post(address("campaign_settings", campaign), settings_of(campaign, due_on=f"{near}"))
    now = present(campaign)
    assert now.rescheduled_at is not None
    tomorrow = now.morning_of(today + dt.timedelta(days=1))
    assert remind_due(at=max(timezone.now() + dt.timedelta(minutes=5), now.morning_of(today))) <= 2
    before = Letter.objects.filter(kind=LetterKind.REMINDER).count()
    # J−3 is tomorrow: it leaves, once.
    remind_due(at=tomorrow)
    remind_due(at=tomorrow)
    assert Letter.objects.filter(kind=LetterKind.REMINDER).count() == before + 2
    assert before == 0


def test_days_added_are_kept_and_bad_ones_are_said(campaign: Campaign, lead: Client) -> None:
    page = lead.post(
        address("campaign_settings", campaign), settings_of(campaign, reminder_days="J-7, bientôt")
    )
    assert "n’est pas un jour de relance" in words(page)
    past = campaign.project.territory.today() - dt.timedelta(days=1)
    page = lead.post(
        address("campaign_settings", campaign), settings_of(campaign, due_on=f"{past}")
    )
    assert "Ce jour est passé" in words(page)
    lead.post(
        address("campaign_settings", campaign), settings_of(campaign, reminder_days="J-7, J-1")
    )
    assert present(campaign).reminder_days == [-7, -1]


def test_a_text_changes_after_the_due_date(campaign: Campaign, lead: Client) -> None:
    with writing_campaign(campaign, by=None) as writing:
        writing.campaign.opens_on -= dt.timedelta(days=60)
        writing.campaign.due_on = campaign.project.territory.today() - dt.timedelta(days=2)
        writing.campaign.save()
    lead.post(
        address("campaign_settings", campaign), settings_of(campaign, reminder_text="Dernier mot.")
    )
    assert present(campaign).reminder_text == "Dernier mot."


def test_two_leads_see_both_texts(campaign: Campaign, lead: Client) -> None:
    stale = settings_of(campaign, reminder_text="Le mien")
    fresh = settings_of(campaign, reminder_text="Le sien")
    lead.post(address("campaign_settings", campaign), fresh)
    page = words(lead.post(address("campaign_settings", campaign), stale))
    assert "choisissez celui à garder" in page
    assert present(campaign).reminder_text == "Le sien"


def test_a_closed_review_changes_no_more(campaign: Campaign, lead: Client) -> None:
    close(campaign)
    for name in ("campaign_settings", "campaign_sheets"):
        answer = lead.post(address(name, campaign), settings_of(campaign, reminder_text="Non"))
        assert answer.status_code == 302
    assert present(campaign).reminder_text == ""


# --- Sheets added and taken out -----------------------------------------------------------------


def ticked(scene: Scene, *sheets: Any, seen: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "sheets": [sheet.pk for sheet in sheets],
        "seen": ",".join(str(sheet.pk) for sheet in seen),
    }


def test_a_sheet_is_added_after_its_mails_were_read(
    campaign: Campaign, scene: Scene, lead: Client
) -> None:
    ObjectiveFactory.create(action=scene.ended, title="Publier")
    zoe = PersonFactory.create(
        territory=scene.project.territory, first_name="Zoé", last_name="Roy", email="zoe@exemple.fr"
    )
    for person in (zoe, scene.maya):
        ActionRoleFactory.create(action=scene.ended, person=person, label="", kind="pilote")
    asked = (scene.hers, scene.theirs, scene.orphan)
    typed = ticked(scene, *asked, scene.ended, seen=asked)
    mails = Mail.objects.count()
    page = words(lead.post(address("campaign_sheets", campaign), typed))
    assert "1 fiche ajoutée" in page
    assert "2 courriels partent" in page
    assert "zoe@exemple.fr" in page
    assert "Annuaire des ressources" in page
    assert Mail.objects.count() == mails
    assert campaign.updates.count() == 3

    done = lead.post(address("campaign_sheets", campaign), typed | {"confirme": "oui"}, follow=True)
    assert "1 fiche ajoutée. Un courriel part vers" in words(done)
    assert Mail.objects.count() == mails + 2
    update = scene.update_of(scene.ended)
    assert update.status == scene.ended.status
    assert ObjectiveUpdate.objects.filter(update=update).count() == 1
    assert Respondent.objects.filter(campaign=campaign, person=scene.maya).count() == 1
    body = Mail.objects.get(to="zoe@exemple.fr").body
    assert "Annuaire des ressources" in body
    assert "Maison des adolescents" not in body
    assert "Annuaire des ressources" in words(Client().get(link_of("zoe@exemple.fr"), follow=True))
    assert ChangeSet.objects.filter(words__startswith="a ajouté la fiche").exists()

    # Sent twice, nothing more leaves.
    lead.post(address("campaign_sheets", campaign), typed | {"confirme": "oui"})
    assert Mail.objects.count() == mails + 2


def test_whoever_is_asked_about_a_new_sheet_is_not_reminded_the_same_day(
    campaign: Campaign, scene: Scene
) -> None:
    ActionRoleFactory.create(action=scene.ended, person=scene.noe, label="", kind="pilote")
    asked = [scene.hers.pk, scene.theirs.pk, scene.orphan.pk]
    third = campaign.due_on - dt.timedelta(days=3)
    remind_due(at=campaign.morning_of(third))
    noe = Letter.objects.filter(respondent__name="Noé Petit", kind=LetterKind.REMINDER)
    assert noe.count() == 1
    with writing_campaign(campaign, by=None):
        update = scene.update_of(scene.theirs)
        update.state, update.submitted_at = UpdateState.SUBMITTED, timezone.now()
        update.save()
    noon = campaign.morning_of(third) + dt.timedelta(hours=4)
    change_sheets(
        campaign=campaign, sheets=[*asked, scene.ended.pk], seen=asked, by=scene.lead, at=noon
    )
    remind_due(at=noon + dt.timedelta(minutes=5))
    assert noe.count() == 1
    remind_due(at=campaign.morning_of(campaign.due_on + dt.timedelta(days=7)))
    assert noe.count() == 2


def test_only_what_nobody_answered_is_taken_out(
    campaign: Campaign, scene: Scene, lead: Client
) -> None:
    asked = (scene.hers, scene.theirs, scene.orphan)
    update = scene.update_of(scene.hers)
    with writing_campaign(campaign, by=None):
        update.state = UpdateState.DRAFT
        update.save()
    typed = ticked(scene, scene.theirs, seen=asked) | {"confirme": "oui"}
    page = words(lead.post(address("campaign_sheets", campaign), typed))
    assert "ne se retire pas" in page
    assert campaign.updates.count() == 3
    typed = ticked(scene, scene.hers, scene.theirs, seen=asked)
    assert "ne sont pas prévenus" in words(lead.post(address("campaign_sheets", campaign), typed))
    lead.post(address("campaign_sheets", campaign), typed | {"confirme": "oui"})
    assert campaign.updates.count() == 2
    assert not Update.objects.filter(action=scene.orphan).exists()


def test_what_another_lead_ticked_meanwhile_stays(campaign: Campaign, scene: Scene) -> None:
    asked = [scene.hers.pk, scene.theirs.pk, scene.orphan.pk]
    change_sheets(campaign=campaign, sheets=[*asked, scene.ended.pk], seen=asked, by=scene.lead)
    change_sheets(campaign=campaign, sheets=asked[:2], seen=asked, by=scene.lead)
    left = set(campaign.updates.values_list("action", flat=True))
    assert left == {*asked[:2], scene.ended.pk}


def test_a_sheet_retired_meanwhile_stops_no_change(
    campaign: Campaign, scene: Scene, lead: Client
) -> None:
    update = scene.update_of(scene.orphan)
    with writing_campaign(campaign, by=None):
        update.state, update.submitted_at = UpdateState.SUBMITTED, timezone.now()
        update.save()
    retire_sheet(action=scene.orphan, reason="Doublon", by=scene.lead)
    page = BeautifulSoup(lead.get(address("campaign_sheets", campaign)).content, "html.parser")
    seen = str(page.select_one("input[name=seen]")["value"])  # type: ignore[index]
    typed = {"sheets": [scene.hers.pk, scene.theirs.pk, scene.ended.pk], "seen": seen}
    done = lead.post(address("campaign_sheets", campaign), typed | {"confirme": "oui"}, follow=True)
    assert "1 fiche ajoutée" in words(done)
    assert campaign.updates.count() == 4


def test_a_reminder_that_left_late_is_counted(campaign: Campaign, lead: Client) -> None:
    third = campaign.due_on - dt.timedelta(days=3)
    late = campaign.morning_of(third + dt.timedelta(days=1))
    remind_due(at=late)
    told = reminder_lines(present(campaign), at=late)
    assert [(line.words, line.is_past, line.count) for line in told] == [
        ("J−14", True, 0),
        ("J−3", True, 2),
        ("J+7", False, 0),
    ]


def test_nothing_is_asked_for_a_day_that_is_past(campaign: Campaign, scene: Scene) -> None:
    asked = [scene.hers.pk, scene.theirs.pk, scene.orphan.pk]
    late = campaign.morning_of(campaign.due_on + dt.timedelta(days=1))
    with pytest.raises(ReviewRefused, match="repoussez-la d’abord"):
        change_sheets(
            campaign=campaign, sheets=[*asked, scene.ended.pk], seen=asked, by=scene.lead, at=late
        )


def test_a_review_keeps_a_sheet(campaign: Campaign, scene: Scene) -> None:
    asked = [scene.hers.pk, scene.theirs.pk, scene.orphan.pk]
    with pytest.raises(ReviewRefused, match="au moins une fiche"):
        change_sheets(campaign=campaign, sheets=[], seen=asked, by=scene.lead)


def test_a_pilot_without_any_sheet_left_reads_so(campaign: Campaign, scene: Scene) -> None:
    asked = [scene.hers.pk, scene.theirs.pk, scene.orphan.pk]
    client = Client()
    page = came_by(client, "noe@exemple.fr")
    change_sheets(campaign=campaign, sheets=[asked[0], asked[2]], seen=asked, by=scene.lead)
    assert "Plus aucune fiche n’attend votre réponse" in words(client.get(page))
    remind_due(at=campaign.morning_of(campaign.due_on - dt.timedelta(days=3)))
    assert not Letter.objects.filter(respondent__name="Noé Petit", kind=LetterKind.REMINDER)


# --- The links of one pilot ---------------------------------------------------------------------


def test_the_links_of_a_pilot_are_taken_back_then_one_is_sent(
    campaign: Campaign, scene: Scene, lead: Client
) -> None:
    noe, maya = link_of("noe@exemple.fr"), link_of("maya@exemple.fr")
    respondent = Respondent.objects.get(name="Noé Petit")
    page = address("pilot_links", campaign, respondent.pk)
    assert page in lead.get(address("campaign_board", campaign)).text
    told = words(lead.get(page))
    assert "1 lien ouvre ses fiches" in told
    assert AccessLink.objects.filter(revoked_at=None).count() == 2
    done = words(lead.post(page, follow=True))
    assert "1 lien retiré" in done
    assert "Aucun lien n’ouvre plus ses fiches" in done
    assert "Ce lien a été retiré" in words(Client().get(noe, follow=True))
    assert "Bonjour Maya" in words(Client().get(maya, follow=True))
    assert "a retiré les liens de réponse de Noé Petit" in ChangeSet.objects.latest("pk").words
    again = words(lead.post(page, follow=True))
    assert "n’ouvrent déjà plus rien" in again

    sent = lead.post(address("pilot_new_link", campaign, respondent.pk), follow=True)
    assert "Un nouveau lien part vers noe@exemple.fr." in words(sent)
    assert "1 lien ouvre ses fiches" in words(sent)
    assert "Bonjour Noé" in words(Client().get(link_of("noe@exemple.fr"), follow=True))
    twice = lead.post(address("pilot_new_link", campaign, respondent.pk), follow=True)
    assert "il y a moins de dix minutes" in words(twice)


def test_a_new_link_goes_where_the_directory_says(
    campaign: Campaign, scene: Scene, lead: Client
) -> None:
    scene.noe.email = "noe.petit@exemple.fr"
    scene.noe.save()
    respondent = Respondent.objects.get(name="Noé Petit")
    done = lead.post(address("pilot_new_link", campaign, respondent.pk), follow=True)
    assert "noe.petit@exemple.fr" in words(done)
    assert Mail.objects.filter(to="noe.petit@exemple.fr").count() == 1


def test_the_board_costs_the_same_with_its_links(
    campaign: Campaign, lead: Client, queries: Callable[[Callable[[], object]], int]
) -> None:
    assert queries(lambda: lead.get(address("campaign_board", campaign))) <= 15


# --- Guesses, and a whole hospital --------------------------------------------------------------


def test_two_hundred_pilots_come_from_one_address(campaign: Campaign) -> None:
    link = link_of("maya@exemple.fr")
    respondent = Respondent.objects.get(name="Maya Legrand")
    respondent.campaign = campaign
    tokens = [link_for(respondent).partition("/reponse/")[2] for _ in range(200)]
    answers = {Client().get(f"/reponse/{token}").status_code for token in tokens}
    assert answers == {303}
    assert Client().get(link).status_code == 303


def test_guesses_get_nowhere_and_stop_nobody_until_they_are_an_attack(campaign: Campaign) -> None:
    link = link_of("maya@exemple.fr")
    client = Client()
    answers = [client.get(f"/reponse/essai-{rank}/").status_code for rank in range(60)]
    assert answers[:30] == [303] * 30
    assert answers[30:] == [429] * 30
    # A link cut by a mail program, thirty times in a ward, shuts nobody out.
    assert client.get(link).status_code == 303
    answers = [client.get(f"/reponse/encore-{rank}/").status_code for rank in range(300)]
    assert set(answers) == {429}
    # By then it is an attack: from there a right guess opens nothing either; elsewhere it does.
    assert client.get(link).status_code == 429
    assert client.get(link, REMOTE_ADDR="10.9.8.7").status_code == 303


def test_one_link_is_not_opened_without_end(campaign: Campaign) -> None:
    link = link_of("maya@exemple.fr")
    answers = [Client().get(link).status_code for _ in range(61)]
    assert answers.count(429) == 1
