"""The bodies of a project: proposed, added once, put in order, ended, brought back."""

import datetime as dt
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from governance.enums import BodyKind
from governance.imports.demo_bodies import load_demo_bodies
from governance.imports.proposals import body_proposals, proposal_of
from governance.models import Body, Seat
from governance.services.bodies import add_body, bring_back_body, end_body, place_body
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from tests.cast import Cast
from tests.factories import PersonFactory
from tests.french import faults
from tests.governance.bodies_scene import make_body, make_seat

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]
DAY = dt.date(2026, 1, 5)


@pytest.fixture
def copil(cast: Cast) -> Body:
    return make_body(cast.project, rank=1)


def home(cast: Cast) -> str:
    return f"/ptsm/{cast.project.pk}/gouvernance/"


# --- Rules ----------------------------------------------------------------------------------------


def test_proposals_are_french_and_complete() -> None:
    kinds = {proposal.kind for proposal in body_proposals()}
    assert kinds == set(BodyKind)
    for proposal in body_proposals():
        for words in (proposal.name, proposal.purpose, proposal.mission, proposal.rhythm):
            assert faults(words) == []
        assert proposal.mission or proposal.code == "autre"
    assert proposal_of("inconnu").code == "autre"


def test_a_body_sent_twice_is_one_and_off_the_papers(cast: Cast) -> None:
    before = cast.project.changed_at
    for _ in range(2):
        body = Body(project=cast.project, kind=BodyKind.COPIL, name="Copil")
        add_body(cast.project, body=body, by=cast.agnes, token="page")
    assert Body.objects.count() == 1
    cast.project.refresh_from_db()
    assert cast.project.changed_at == before
    assert ChangeSet.objects.latest("pk").words == "a ajouté l’instance «\u00a0Copil\u00a0»"


def test_two_bodies_have_two_names(cast: Cast, copil: Body) -> None:
    with pytest.raises(GovernanceRefused, match="porte déjà le nom"):
        add_body(cast.project, body=Body(name=copil.name), by=cast.agnes)
    assert Body.objects.count() == 1


def test_bodies_are_put_in_order(cast: Cast, copil: Body) -> None:
    team = make_body(cast.project, "Équipe projet", rank=2)
    group = make_body(cast.project, "Groupe", rank=3)
    place_body(body=group, rank=1, by=cast.agnes)
    assert list(Body.objects.of(cast.project)) == [group, copil, team]
    place_body(body=group, rank=99, by=cast.agnes)
    assert list(Body.objects.of(cast.project)) == [copil, team, group]


def test_an_ended_body_keeps_its_seats_and_comes_back(cast: Cast, copil: Body) -> None:
    seat = make_seat(copil, PersonFactory.create(territory=cast.aubrac))
    end_body(body=copil, on=DAY, by=cast.agnes)
    copil.refresh_from_db()
    assert copil.ended_on == DAY
    assert Seat.objects.get().ends_on is None
    with pytest.raises(GovernanceRefused, match="déjà terminée"):
        end_body(body=copil, on=DAY, by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="est terminée"):
        place_body(body=copil, rank=1, by=cast.agnes)
    bring_back_body(body=copil, by=cast.agnes)
    copil.refresh_from_db()
    assert copil.ended_on is None
    assert list(copil.seats.all()) == [seat]
    with pytest.raises(GovernanceRefused, match="n’est pas terminée"):
        bring_back_body(body=copil, by=cast.agnes)


def test_a_body_does_not_end_before_it_began(cast: Cast) -> None:
    body = make_body(cast.project, created_on=DAY)
    with pytest.raises(GovernanceRefused, match="avant son installation"):
        end_body(body=body, on=DAY - dt.timedelta(days=1), by=cast.agnes)
    body.refresh_from_db()
    assert body.ended_on is None


def test_the_demonstration_is_installed_once(cast: Cast) -> None:
    assert load_demo_bodies(cast.project, lead=cast.agnes, on=DAY)
    assert Body.objects.filter(kind=BodyKind.GROUP).exclude(gate="").count() == 4
    assert Body.objects.filter(kind=BodyKind.COPIL).count() == 1
    assert Body.objects.exclude(ended_on=None).exists()
    assert Seat.objects.filter(ends_on__lt=DAY).exists()
    assert not load_demo_bodies(cast.project, lead=cast.agnes, on=DAY)


# --- Screens --------------------------------------------------------------------------------------


def test_an_empty_governance_says_what_to_do_first(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.agnes).get(home(cast)).content.decode()
    assert "Installez le comité de pilotage" in page
    assert "?modele=copil" in page
    read = sign_in(cast.bruno).get(home(cast)).content.decode()
    assert "La coordination n’a encore installé aucune instance." in read


def test_a_copil_is_installed_from_its_proposal(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    address = f"{home(cast)}instances/ajouter/?modele=copil"
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    mission = soup.select_one("textarea[name=mission]")
    assert mission is not None
    assert "valide collectivement le diagnostic" in mission.text
    sent = {"kind": "copil", "name": "Comité de pilotage", "mission": mission.text, "token": "x"}
    answer = client.post(address, sent, follow=True)
    assert "est installée" in answer.content.decode()
    assert Body.objects.get().mission.startswith("Le comité de pilotage fixe le cap")
    again = client.post(address, sent | {"token": "y"})
    assert "porte déjà le nom" in again.content.decode()


def test_what_another_wrote_meanwhile_is_not_written_over(
    cast: Cast, copil: Body, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    address = f"/instances/{copil.pk}/modifier/"
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    drawn = soup.select_one("input[name=revision]")
    assert drawn is not None
    sent = {"kind": "copil", "name": copil.name, "revision": str(drawn["value"])}
    assert sign_in(cast.emile).post(address, sent | {"rhythm": "Tous les mois"}).status_code == 302
    answer = sign_in(cast.agnes).post(address, sent | {"rhythm": "Deux fois par an"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Tous les mois" in page
    assert "Deux fois par an" in page
    copil.refresh_from_db()
    assert copil.rhythm == "Tous les mois"


def test_ending_asks_for_a_day_that_is_not_to_come(
    cast: Cast, copil: Body, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    address = f"/instances/{copil.pk}/terminer/"
    assert "Ce jour est à venir" in client.post(address, {"on": "2999-01-01"}).content.decode()
    assert client.post(address, {"on": "2026-01-05"}).status_code == 302
    assert "Reprendre" in client.get(f"{home(cast)}instances/").content.decode()


def test_home_and_compositions_cost_the_same_whatever_the_bodies(
    cast: Cast, copil: Body, sign_in: SignIn, queries: Queries
) -> None:
    client = sign_in(cast.agnes)
    pages = [home(cast), f"{home(cast)}composition/", f"{home(cast)}instances/"]
    pages.append(f"/instances/{copil.pk}/")
    counts = [queries(lambda page=page: client.get(page)) for page in pages]  # type: ignore[misc]
    for number in range(5):
        body = make_body(cast.project, f"Groupe {number}", kind=BodyKind.GROUP)
        for one in (body, copil):
            make_seat(one, PersonFactory.create(territory=cast.aubrac))
    assert [queries(lambda page=page: client.get(page)) for page in pages] == counts  # type: ignore[misc]
    assert max(counts) <= 15
