"""The mail's link: forwarded, expired, revoked, altered, guessed, visited by a scanner."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLink, User
from core.models import Mail
from reviews.enums import LetterKind, UpdateState
from reviews.models import Letter, Respondent, Update
from reviews.services.handing_over import give_back
from reviews.services.links import revoke_links
from reviews.summaries.expected import deadline_of
from reviews.views.links import ENTRANCE
from tests.reviews.answered import close
from tests.reviews.answers import by_link, came_by, drawn, link_of, said_by
from tests.reviews.scene import Scene, opened, set_scene

pytestmark = pytest.mark.django_db
UNKNOWN = "/reponses/lien-inconnu/"
Counted = Callable[[Callable[[], object]], int]


@pytest.fixture
def scene() -> Scene:
    scene = set_scene()
    opened(scene)
    return scene


@pytest.fixture
def hers(scene: Scene) -> Update:
    return scene.update_of(scene.hers)


def maya() -> Respondent:
    return Respondent.objects.get(name="Maya Legrand")


def expire() -> None:
    AccessLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def revoke() -> None:
    respondent = Respondent.objects.select_related("campaign").get(name="Maya Legrand")
    revoke_links(respondent=respondent, by=User.objects.get(first_name="Agnès"))


def new_links() -> list[str]:
    """To whom a new link was sent."""
    letters = Letter.objects.filter(kind=LetterKind.NEW_LINK).select_related("mail")
    return [letter.mail.to for letter in letters.order_by("pk")]


def test_a_link_shows_the_sheets_of_one_person_and_their_deadline(
    scene: Scene, client: Client
) -> None:
    response = client.get(came_by(client, "maya@exemple.fr"))
    words = said_by(response)
    assert "Bonjour Maya Legrand" in words
    assert "0 sur 2" in words
    assert "1. Maison des adolescents" in words
    assert "2. Équipes mobiles" in words
    assert "Logement accompagné" not in words
    assert "(21 jours)" in words
    noe = said_by(client.get(came_by(Client(), "noe@exemple.fr")))
    assert "Maison des adolescents" not in noe


def test_a_link_leads_to_no_page_of_the_application(scene: Scene, client: Client) -> None:
    page = client.get(came_by(client, "maya@exemple.fr")).text
    assert "Navigation principale" not in page
    assert "/projets/" not in page


def test_the_deadline_is_that_of_the_territory(scene: Scene, client: Client) -> None:
    # Wherever the server is: at 22 h in Paris on the eve, it is the very day in Nouméa.
    territory = scene.project.territory
    territory.time_zone = "Pacific/Noumea"
    territory.save()
    update = scene.update_of(scene.hers)
    eve = dt.datetime.combine(update.deadline, dt.time(20), tzinfo=dt.UTC) - dt.timedelta(days=1)
    assert deadline_of(update, at=eve).days_left == 0
    assert deadline_of(update, at=eve - dt.timedelta(hours=10)).days_left == 1


def test_a_scanner_s_visit_consumes_nothing(scene: Scene) -> None:
    link = link_of("maya@exemple.fr")
    for _ in range(5):
        response = Client().get(link)
        assert response.status_code == 303
        assert response["Referrer-Policy"] == "no-referrer"
        assert response.content == b""
    assert Client().head(link).status_code == 303
    assert AccessLink.objects.filter(uses__gt=0).count() == 0
    assert said_by(Client().get(link, follow=True)).startswith("Bonjour Maya")


def test_an_address_copied_without_its_cookie_opens_nothing(scene: Scene, client: Client) -> None:
    address = came_by(client, "maya@exemple.fr")
    for path in (address, f"{address}{scene.update_of(scene.hers).pk}/"):
        response = Client().get(path)
        assert (response.status_code, response["Location"]) == (303, UNKNOWN)


def test_the_cookie_of_one_person_opens_the_pages_of_no_other(scene: Scene, client: Client) -> None:
    came_by(client, "noe@exemple.fr")
    response = client.get(f"/reponses/{maya().pk}/")
    assert (response.status_code, response["Location"]) == (303, UNKNOWN)


def test_a_cookie_that_somebody_wrote_opens_nothing(scene: Scene, client: Client) -> None:
    client.cookies[ENTRANCE.cookie] = str(maya().links.get().link_id)
    response = client.get(f"/reponses/{maya().pk}/")
    assert (response.status_code, response["Location"]) == (303, UNKNOWN)


def test_the_sheet_of_somebody_else_is_not_found(scene: Scene, client: Client) -> None:
    address = came_by(client, "noe@exemple.fr")
    hers = scene.update_of(scene.hers)
    response = client.post(f"{address}{hers.pk}/", {"do": "envoyer", "done": "Pas à moi"})
    assert response.status_code == 404
    assert "Pas à moi" in response.text
    assert client.get(f"{address}999999/").status_code == 404
    assert "Maison des adolescents" not in response.text


def test_an_altered_link_offers_a_new_one(scene: Scene, client: Client) -> None:
    response = client.get(f"{link_of('maya@exemple.fr')[:-3]}x/", follow=True)
    assert response.redirect_chain == [(UNKNOWN, 303)]
    assert "Ce lien n’est pas reconnu" in said_by(response)


@pytest.mark.parametrize(
    "address", ["maya@exemple.fr", "MAYA@exemple.fr ", "inconnue@exemple.fr", "agnes@exemple.fr"]
)
def test_a_new_link_is_promised_in_the_same_words_to_everybody(
    scene: Scene, client: Client, address: str
) -> None:
    response = client.post(UNKNOWN, {"email": address}, follow=True)
    assert "Si une réponse est attendue de cette adresse" in said_by(response)
    known = address.strip().lower() == "maya@exemple.fr"
    assert new_links() == (["maya@exemple.fr"] if known else [])


def test_a_new_link_works_and_the_former_one_too(scene: Scene, client: Client) -> None:
    former = link_of("maya@exemple.fr")
    client.post(UNKNOWN, {"email": "maya@exemple.fr"})
    fresh = link_of("maya@exemple.fr")
    assert fresh != former
    for link in (former, fresh):
        assert "Bonjour Maya" in said_by(Client().get(link, follow=True))


def test_a_new_link_leaves_once_in_ten_minutes(scene: Scene, client: Client) -> None:
    for _ in range(4):
        client.post(UNKNOWN, {"email": "maya@exemple.fr"})
    assert new_links() in (["maya@exemple.fr"], ["maya@exemple.fr"] * 2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Donnez votre adresse"),
        ("maya@", "incomplète ou mal écrite"),
        ("a" * 400, "incomplète"),
    ],
)
def test_a_bad_address_is_told(scene: Scene, client: Client, typed: str, said: str) -> None:
    response = client.post(UNKNOWN, {"email": typed})
    assert response.status_code == 200
    assert said in said_by(response)


@pytest.mark.parametrize(
    ("close_it", "said"),
    [(expire, "Ce lien a expiré"), (revoke, "Ce lien a été retiré")],
    ids=["expired", "revoked"],
)
def test_a_link_that_opens_nothing_any_more_offers_one_to_the_same_address(
    scene: Scene, client: Client, close_it: Callable[[], None], said: str
) -> None:
    close_it()
    response = client.get(link_of("maya@exemple.fr"), follow=True)
    assert response.status_code == 410
    assert said in said_by(response)
    assert "maya@exemple.fr" not in response.text
    assert "Maison des adolescents" not in response.text
    client.post(f"/reponses/{maya().pk}/")
    assert new_links() == ["maya@exemple.fr"]
    assert "Bonjour Maya" in said_by(Client().get(link_of("maya@exemple.fr"), follow=True))


def test_what_was_typed_behind_a_link_that_expired_is_given_back(
    hers: Update, client: Client
) -> None:
    address = f"{came_by(client, 'maya@exemple.fr')}{hers.pk}/"
    sent = drawn(client, address) | {"done": "Trois ateliers", "do": "envoyer"}
    expire()
    response = client.post(address, sent)
    assert response.status_code == 401
    assert "Trois ateliers" in response.text
    auto = client.post(address, sent | {"do": "auto"})
    assert auto.status_code == 409
    assert "Rouvrez le lien" in auto.json()["told"]
    hers.refresh_from_db()
    assert hers.state == UpdateState.TO_FILL


def test_a_closed_review_is_read_and_offers_no_link(hers: Update, client: Client) -> None:
    address = came_by(client, "maya@exemple.fr")
    close(hers.campaign)
    words = said_by(client.get(address))
    assert "est clôturée" in words
    assert "Relire" in words
    assert "Répondre" not in words
    client.post(address)
    client.post(UNKNOWN, {"email": "maya@exemple.fr"})
    assert new_links() == []
    expire()
    assert "on n’y répond plus" in said_by(client.get(address))


def test_whoever_has_no_sheet_left_is_thanked_and_gets_no_link(
    scene: Scene, client: Client
) -> None:
    address = came_by(client, "noe@exemple.fr")
    give_back(update=scene.update_of(scene.theirs), by=by_link("Noé Petit"))
    assert "Plus aucune fiche" in said_by(client.get(address))
    client.post(UNKNOWN, {"email": "noe@exemple.fr"})
    assert new_links() == []


def test_guesses_are_stopped(scene: Scene, client: Client) -> None:
    for number in range(30):
        assert client.get(f"/reponse/devine{number}/").status_code == 303
    assert client.get("/reponse/devine/").status_code == 429
    # Nor does somebody who guesses fill a letter-box.
    for _ in range(5):
        assert client.post(UNKNOWN, {"email": "maya@exemple.fr"}).status_code == 302
    before = Mail.objects.count()
    assert client.post(UNKNOWN, {"email": "maya@exemple.fr"}).status_code == 429
    # From the page of a link, each link has its own count: a whole hospital may ask.
    assert client.post(f"/reponses/{maya().pk}/").status_code == 303
    hers = came_by(client, "noe@exemple.fr")
    before += 1
    answers = [client.post(hers).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert Mail.objects.count() == before


def test_cost_of_the_list(scene: Scene, client: Client, queries: Counted) -> None:
    address = came_by(client, "maya@exemple.fr")
    assert queries(lambda: client.get(address)) <= 4
