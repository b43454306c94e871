"""Who sits, for whom, from when to when: what is missing, and what was."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from documents.workbooks import read_workbook
from governance.enums import BodyKind, Capacity, LivedExperience, OrganisationCategory, SeatRole
from governance.models import Body, Person, Seat
from governance.services.seats import (
    add_people,
    add_seat,
    capacity_of,
    end_seat,
    remove_seat,
    replace_holder,
)
from governance.summaries.compositions import Composition, LackKind, composition_of, compositions
from governance.writing import GovernanceRefused
from tests.cast import Cast
from tests.factories import OrganisationFactory, PersonFactory
from tests.governance.bodies_scene import make_body, make_seat

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
DAY = dt.date(2026, 1, 5)
NEXT_DAY = dt.date(2026, 1, 6)


@pytest.fixture
def copil(cast: Cast) -> Body:
    return make_body(cast.project)


@pytest.fixture
def marie(cast: Cast) -> Person:
    gem = OrganisationFactory.create(
        territory=cast.aubrac, name="GEM", category=OrganisationCategory.USERS
    )
    return PersonFactory.create(
        territory=cast.aubrac, first_name="Marie", last_name="Roy", organisation=gem
    )


@pytest.fixture
def hugo(cast: Cast) -> Person:
    return PersonFactory.create(territory=cast.aubrac, first_name="Hugo", last_name="Petit")


def composed(body: Body, on: dt.date = DAY) -> Composition:
    return composition_of(body, Seat.objects.filter(body=body).with_people().in_order(), on=on)


def lacks(body: Body, on: dt.date = DAY) -> set[LackKind]:
    return {lack.kind for lack in composed(body, on).lacks}


# --- Rules ----------------------------------------------------------------------------------------


def test_several_people_sit_at_once_and_nobody_twice(
    cast: Cast, copil: Body, marie: Person, hugo: Person
) -> None:
    make_seat(copil, hugo)
    done = add_people(copil, people=[marie, hugo], by=cast.agnes, token="page")
    assert (done.added, done.already) == (("Marie Roy",), ("Hugo Petit",))
    add_people(copil, people=[marie, hugo], by=cast.agnes, token="page")
    assert Seat.objects.count() == 2
    with pytest.raises(GovernanceRefused, match="siège déjà"):
        add_seat(copil, seat=Seat(person=marie), by=cast.agnes)


def test_what_somebody_told_of_their_life_decides_nothing(marie: Person) -> None:
    marie.lived_experience = LivedExperience.CONCERNED
    assert capacity_of(marie) == Capacity.OTHER


def test_a_holder_is_replaced_the_day_after(
    cast: Cast, copil: Body, marie: Person, hugo: Person
) -> None:
    seat = make_seat(
        copil, marie, role=SeatRole.CHAIR, organisation=marie.organisation, capacity="usagers"
    )
    successor = replace_holder(seat=seat, person=hugo, on=DAY, by=cast.agnes, token="x")
    again = replace_holder(seat=seat, person=hugo, on=DAY, by=cast.agnes, token="x")
    assert again == successor
    seat.refresh_from_db()
    assert seat.ends_on == DAY
    assert (successor.starts_on, successor.role) == (NEXT_DAY, SeatRole.CHAIR)
    assert successor.organisation_name == "GEM"
    assert [line.name for line in composed(copil, DAY).lines] == ["Marie Roy"]
    assert [line.name for line in composed(copil, NEXT_DAY).lines] == ["Hugo Petit"]


def test_a_vacant_seat_is_filled(cast: Cast, copil: Body, hugo: Person) -> None:
    seat = make_seat(copil)
    assert lacks(copil) >= {LackKind.VACANT}
    replace_holder(seat=seat, person=hugo, on=DAY, by=cast.agnes)
    assert Seat.objects.get().person == hugo


def test_nobody_replaces_whom_they_sit_with(
    cast: Cast, copil: Body, marie: Person, hugo: Person
) -> None:
    seat = make_seat(copil, marie)
    make_seat(copil, hugo)
    with pytest.raises(GovernanceRefused, match="siège déjà"):
        replace_holder(seat=seat, person=hugo, on=DAY, by=cast.agnes)
    seat.refresh_from_db()
    assert seat.ends_on is None


def test_a_seat_does_not_end_before_it_began(cast: Cast, copil: Body, marie: Person) -> None:
    seat = make_seat(copil, marie, starts_on=NEXT_DAY)
    with pytest.raises(GovernanceRefused, match="avant de commencer"):
        end_seat(seat=seat, on=DAY, by=cast.agnes)
    end_seat(seat=seat, on=NEXT_DAY, by=cast.agnes)
    remove_seat(seat=seat, by=cast.agnes)
    with pytest.raises(GovernanceRefused, match="a été retiré"):
        end_seat(seat=seat, on=NEXT_DAY, by=cast.agnes)


def test_what_is_missing_is_said(cast: Cast, copil: Body, marie: Person, hugo: Person) -> None:
    assert lacks(copil) == {LackKind.NOBODY}
    make_seat(copil, hugo)
    assert lacks(copil) == {LackKind.NO_USERS, LackKind.NO_LIBERAL, LackKind.NO_CHAIR}
    make_seat(copil, marie, capacity=Capacity.CARERS, role=SeatRole.COCHAIR)
    liberal = PersonFactory.create(territory=cast.aubrac)
    make_seat(copil, liberal, capacity=Capacity.LIBERAL)
    assert lacks(copil) == set()
    liberal.left_on = DAY
    liberal.save()
    assert lacks(copil) == {LackKind.GONE, LackKind.NO_LIBERAL}
    assert "partie le 5" in composed(copil).lines[-1].notice + composed(copil).lines[0].notice


def test_a_group_is_led_and_a_team_owes_no_liberal(cast: Cast, marie: Person) -> None:
    team = make_body(cast.project, "Équipe", kind=BodyKind.TEAM)
    make_seat(team, marie, capacity=Capacity.USERS, role=SeatRole.LEAD)
    assert lacks(team) == set()


def test_mandates_that_end_or_ended_ask_for_a_successor(
    copil: Body, marie: Person, hugo: Person
) -> None:
    seat = make_seat(copil, marie, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2026, 2, 1))
    make_seat(copil, hugo)
    assert LackKind.ENDING in lacks(copil)
    assert LackKind.ENDED in lacks(copil, dt.date(2026, 3, 1))
    assert LackKind.ENDED not in lacks(copil, dt.date(2028, 3, 1))
    make_seat(copil, marie, starts_on=dt.date(2026, 2, 2), capacity=seat.capacity)
    assert not lacks(copil) & {LackKind.ENDING, LackKind.ENDED}


def test_the_past_keeps_the_names_of_whoever_was_removed(
    cast: Cast, copil: Body, marie: Person
) -> None:
    make_seat(copil, marie, organisation=marie.organisation, starts_on=dt.date(2025, 1, 1))
    make_body(cast.project, "Ancien groupe", ended_on=dt.date(2025, 6, 1))
    organisation = marie.organisation
    marie.delete()
    assert organisation is not None
    organisation.delete()
    past = compositions(cast.project, on=dt.date(2025, 3, 1))
    assert [one.body.name for one in past] == ["Comité de pilotage", "Ancien groupe"]
    line = past[0].lines[0]
    assert (line.name, line.organisation) == ("Marie Roy", "GEM")
    assert [one.body.name for one in compositions(cast.project, on=DAY)] == ["Comité de pilotage"]


# --- Screens --------------------------------------------------------------------------------------


def test_people_are_searched_ticked_and_seated(
    cast: Cast, copil: Body, marie: Person, hugo: Person, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    address = f"/instances/{copil.pk}/sieges/annuaire/"
    found = client.post(address, {"chercher": "1", "mots": "petit", "personne": [marie.pk]})
    page = client.get(found["Location"]).content.decode()
    assert "Hugo Petit" in page
    assert page.count("checked") == 1
    assert client.post(address, {"token": "a"}).content.decode().count("Cochez au moins") == 1
    sent = {"personne": [marie.pk, hugo.pk], "capacity": "usagers", "token": "b"}
    answer = client.post(address, sent, follow=True).content.decode()
    assert "Marie Roy et Hugo Petit" in answer or "Hugo Petit et Marie Roy" in answer
    assert set(Seat.objects.values_list("capacity", flat=True)) == {"usagers"}


def test_a_name_out_of_the_directory_is_refused_and_kept(
    cast: Cast, copil: Body, marie: Person, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    address = f"/instances/{copil.pk}/sieges/ajouter/"
    sent = {"capacity": "usagers", "role": "membre", "token": "a"}
    page = client.post(address, sent | {"person": "Zoé Inconnue"}).content.decode()
    assert "n’est pas dans l’annuaire" in page
    assert "Zoé Inconnue" in page
    PersonFactory.create(territory=cast.aubrac, first_name="Marie", last_name="Roy", function="x")
    page = client.post(address, sent | {"person": "marie roy"}).content.decode()
    assert "Plusieurs personnes portent ce nom" in page
    assert client.post(address, sent | {"person": "marie roy (gem)"}).status_code == 302
    assert Seat.objects.get().person == marie


def test_a_seat_is_edited_without_writing_over_another(
    cast: Cast, copil: Body, marie: Person, hugo: Person, sign_in: SignIn
) -> None:
    seat = make_seat(copil, marie)
    address = f"/sieges/{seat.pk}/modifier/"
    client = sign_in(cast.agnes)
    assert "Marie Roy (GEM)" in client.get(address).content.decode()
    revision = str(client.get(address).context["form"]["revision"].value())
    sent = {"revision": revision, "capacity": "autre", "role": "membre"}
    kept = sent | {"person": "Marie Roy (GEM)"}
    assert client.post(address, kept | {"role": "presidence"}).status_code == 302
    answer = client.post(address, kept | {"role": "animation", "person": "Hugo Petit"})
    assert "Un autre texte a été enregistré" in answer.content.decode()
    seat.refresh_from_db()
    assert (seat.role, seat.person) == ("presidence", marie)
    assert client.post(address, kept | {"role": "presidence", "person": ""}).status_code == 302
    seat.refresh_from_db()
    assert (seat.person, seat.person_name, seat.is_vacant) == (None, "", True)


def test_a_past_day_is_read_at_its_address(
    cast: Cast, copil: Body, marie: Person, sign_in: SignIn
) -> None:
    make_seat(copil, marie, starts_on=dt.date(2025, 1, 1), ends_on=DAY)
    client = sign_in(cast.bruno)
    address = f"/instances/{copil.pk}/"
    assert "Marie Roy" in client.get(f"{address}?le=2025-06-01").content.decode()
    assert "<td" not in client.get(address).content.decode()
    assert "n’est pas une date" in client.get(f"{address}?le=hier").content.decode()
    listed = client.get(f"/ptsm/{cast.project.pk}/gouvernance/composition/?le=01/06/2025")
    assert "Marie Roy" in listed.content.decode()


def test_a_composition_is_taken_away_in_excel(
    cast: Cast, copil: Body, marie: Person, sign_in: SignIn
) -> None:
    make_seat(copil, marie, capacity=Capacity.USERS, organisation=marie.organisation)
    make_seat(copil)
    answer = sign_in(cast.bruno).get(f"/ptsm/{cast.project.pk}/gouvernance/composition/excel/")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    rows = read_workbook("composition.xlsx", answer.content)["Composition"].rows
    said = [" ".join(str(value) for value in row.values) for row in rows[1:]]
    assert "Marie Roy" in said[0]
    assert "siège vacant" in said[1]


def test_a_seat_typed_by_mistake_is_removed(
    cast: Cast, copil: Body, marie: Person, sign_in: SignIn
) -> None:
    seat = make_seat(copil, marie)
    client = sign_in(cast.agnes)
    assert client.post(f"/sieges/{seat.pk}/terminer/", {"erreur": "1"}).status_code == 302
    assert not Seat.objects.exists()


def test_replacing_by_somebody_who_left_is_refused(
    cast: Cast, copil: Body, marie: Person, hugo: Person, sign_in: SignIn
) -> None:
    hugo.left_on = DAY
    hugo.save()
    seat = make_seat(copil, marie)
    sent = {"person": "Hugo Petit", "on": "2026-01-05", "token": "a"}
    page = sign_in(cast.agnes).post(f"/sieges/{seat.pk}/remplacer/", sent).content.decode()
    assert "est partie" in page
    assert Seat.objects.count() == 1
