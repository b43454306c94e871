"""Duplicates of the directory: found, looked at, made one; nothing that names them is lost."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from governance.enums import LivedExperience
from governance.models import Organisation, Person
from governance.services.merging import merge
from governance.summaries.duplicates import duplicates_of, near_names
from governance.writing import DirectoryRefused, marks_of
from journal.models import Change, ChangeSet
from journal.undoing import UndoRefused, undo
from reviews.models import Campaign, Respondent
from reviews.services.preparing import make_campaign
from roadmap.enums import RoleKind
from roadmap.models import ActionRole
from territories.models import Project
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    FundingLineFactory,
    OrganisationFactory,
    PersonFactory,
    unsigned,
)
from tests.reviews.scene import QUARTER

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def twins(cast: Cast) -> tuple[Person, Person]:
    ch = OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    one = PersonFactory.create(
        territory=cast.aubrac, first_name="Marie", last_name="Roy", telephone="01", organisation=ch
    )
    other = PersonFactory.create(
        territory=cast.aubrac, first_name="Marie", last_name="Roi", email="marie@exemple.fr"
    )
    return one, other


def make_one(kept: Any, gone: Any, by: User, *names: str) -> None:
    merge(kept=kept, gone=gone, seen=marks_of(kept, gone), from_gone=names, by=by)


def campaign_of(cast: Cast) -> Campaign:
    day = dt.date(2026, 12, 1)
    return make_campaign(
        project=cast.project,
        quarter=QUARTER,
        opens_on=day,
        due_on=day + dt.timedelta(days=21),
        by=cast.agnes,
    ).campaign


def test_looks_alike_is_told_surest_first(cast: Cast) -> None:
    def person(first: str, last: str, email: str = "") -> None:
        PersonFactory.create(territory=cast.aubrac, first_name=first, last_name=last, email=email)

    person("Élodie", "Lefèvre")
    person("elodie", "LEFEVRE")
    person("Zoé", "Un", "z@exemple.fr")
    person("Zoé", "Deux", "Z@exemple.fr")
    person("Philippe", "Martin")
    person("Martin", "Filipe")
    person("Anne", "Durand")
    person("Jean-Luc", "Petitjean")
    person("Jean Luc", "Petit-Jean")
    PersonFactory.create(territory=cast.elsewhere.territory, first_name="Anne", last_name="Durand")
    found = duplicates_of(cast.aubrac, Person)
    told = [(str(pair.one), str(pair.other), pair.reason) for pair in found.pairs]
    assert [*told[:2], *sorted(told[2:])] == [
        ("Élodie Lefèvre", "elodie LEFEVRE", "même nom"),
        ("Zoé Un", "Zoé Deux", "même adresse électronique"),
        ("Jean-Luc Petitjean", "Jean Luc Petit-Jean", "noms voisins"),
        ("Philippe Martin", "Martin Filipe", "noms voisins"),
    ]
    assert near_names(["marie-lise roy", "phillipe"]) == ["marie lise roi", "filipe"]


def test_organisations_are_alike_by_either_name(cast: Cast) -> None:
    OrganisationFactory.create(territory=cast.aubrac, name="GEM Les Tilleuls")
    OrganisationFactory.create(
        territory=cast.aubrac, name="Groupe d’entraide", short_name="GEM les tilleuls"
    )
    assert duplicates_of(cast.aubrac, Organisation).count == 1


def test_everything_that_named_the_one_names_the_other(
    cast: Cast, twins: tuple[Person, Person]
) -> None:
    kept, gone = twins
    role = ActionRoleFactory.create(
        action=ActionFactory.create(project=cast.project), person=gone, kind=RoleKind.PILOT
    )
    campaign = campaign_of(cast)
    Organisation.objects.update(contact=gone)
    with unsigned():
        asked = Respondent.objects.create(campaign=campaign, person=gone, name="Marie")
    before = Project.objects.get(pk=cast.project.pk).revision
    make_one(kept, gone, cast.agnes, "email")
    role.refresh_from_db()
    asked.refresh_from_db()
    assert (role.person, asked.person) == (kept, kept)
    assert Organisation.objects.get().contact == kept
    assert not Person.objects.filter(pk=gone.pk).exists()
    kept.refresh_from_db()
    assert (kept.email, kept.telephone, str(kept)) == ("marie@exemple.fr", "01", "Marie Roy")
    assert Project.objects.get(pk=cast.project.pk).revision == before + 1
    gestures = ChangeSet.objects.filter(words__contains="a réuni")
    assert gestures.count() == 2
    assert "marie@exemple.fr" not in str(list(Change.objects.values_list("old", "new")))


def test_the_same_role_twice_is_one(cast: Cast, twins: tuple[Person, Person]) -> None:
    kept, gone = twins
    sheet = ActionFactory.create(project=cast.project)
    for person in twins:
        ActionRoleFactory.create(action=sheet, person=person, kind=RoleKind.PILOT)
    ActionRoleFactory.create(action=sheet, person=gone, kind=RoleKind.PARTNER)
    make_one(kept, gone, cast.agnes)
    roles = ActionRole.objects.filter(action=sheet).values_list("kind", "person")
    assert sorted(roles) == [(RoleKind.PARTNER, kept.pk), (RoleKind.PILOT, kept.pk)]


def test_undo_never_leads_back_to_who_is_gone(cast: Cast, twins: tuple[Person, Person]) -> None:
    kept, gone = twins
    role = ActionRoleFactory.create(
        action=ActionFactory.create(project=cast.project), person=gone, label="La pilote"
    )
    make_one(kept, gone, cast.agnes)
    made = ChangeSet.objects.get(words__contains="a réuni", scope=cast.project.scope)
    with pytest.raises(UndoRefused, match="n’est plus gardé"), unsigned():
        undo(list(made.changes.all()))
    role.refresh_from_db()
    assert role.person == kept


def test_one_place_for_two_is_refused(
    cast: Cast, sign_in: SignIn, twins: tuple[Person, Person]
) -> None:
    kept, gone = twins
    campaign = campaign_of(cast)
    with unsigned():
        for person in twins:
            Respondent.objects.create(campaign=campaign, person=person, name=str(person))
    with pytest.raises(DirectoryRefused, match="nommées au même endroit"):
        make_one(kept, gone, cast.agnes)
    assert Person.objects.filter(pk=gone.pk).exists()
    page = sign_in(cast.agnes).get(address(kept, gone)).text
    assert "ne peuvent pas être réunies" in page
    assert "Réunir les deux fiches</button>" not in page


def test_two_accounts_are_refused(cast: Cast, twins: tuple[Person, Person]) -> None:
    kept, gone = twins
    kept.user, gone.user = cast.bruno, cast.agnes
    kept.save()
    gone.save()
    with pytest.raises(DirectoryRefused, match="chacun leur compte"):
        make_one(kept, gone, cast.agnes)
    kept.user = None
    kept.save()
    make_one(kept, gone, cast.agnes)
    kept.refresh_from_db()
    assert kept.user == cast.agnes


def test_meanwhile_and_elsewhere_are_refused(cast: Cast, twins: tuple[Person, Person]) -> None:
    kept, gone = twins
    seen = marks_of(kept, gone)
    Person.objects.filter(pk=gone.pk).update(telephone="07")
    with pytest.raises(DirectoryRefused, match="entre-temps"):
        merge(kept=kept, gone=gone, seen=seen, from_gone=[], by=cast.agnes)
    foreign = PersonFactory.create(territory=cast.elsewhere.territory)
    with pytest.raises(DirectoryRefused, match="même annuaire"):
        make_one(kept, foreign, cast.agnes)
    Person.objects.filter(pk=gone.pk).delete()
    with pytest.raises(DirectoryRefused, match="retirée"):
        make_one(kept, gone, cast.agnes)


def test_organisations_become_one_with_their_people(cast: Cast) -> None:
    kept = OrganisationFactory.create(territory=cast.aubrac, name="GEM", town="Laval")
    gone = OrganisationFactory.create(
        territory=cast.aubrac,
        name="G.E.M.",
        promotes_unrecognised=True,
        ethical_decision="associee",
        ethical_reason="Vu ensemble",
        ethical_decided_on=dt.date(2026, 1, 5),
    )
    person = PersonFactory.create(territory=cast.aubrac, organisation=gone)
    line = FundingLineFactory.create(
        action=ActionFactory.create(project=cast.project), organisation=gone
    )
    make_one(kept, gone, cast.agnes, "ethical_decision")
    person.refresh_from_db()
    line.refresh_from_db()
    kept.refresh_from_db()
    assert person.organisation == line.organisation == kept
    assert (kept.name, kept.town, kept.ethical_reason) == ("GEM", "Laval", "Vu ensemble")
    assert kept.promotes_unrecognised


def address(kept: Person, gone: Person) -> str:
    return reverse("governance:duplicate_merge", args=["aubrac", "personnes", kept.pk, gone.pk])


def test_page_shows_what_would_change_then_does_it(
    cast: Cast, sign_in: SignIn, twins: tuple[Person, Person]
) -> None:
    kept, gone = twins
    gone.lived_experience = LivedExperience.CARER
    gone.save()
    sheet = ActionFactory.create(project=cast.project, number=7, title="Pair-aidance")
    ActionRoleFactory.create(action=sheet, person=gone, kind=RoleKind.PILOT)
    client = sign_in(cast.agnes)
    response = client.get(address(kept, gone))
    assert "Pair-aidance" in response.text
    assert "changera de nom" in response.text
    page = BeautifulSoup(response.content, "html.parser")
    typed = {
        str(field["name"]): str(field["value"])
        for field in page.select("form[method=post] input[name]")
        if field.get("type") != "radio" or field.has_attr("checked")
    }
    # What one says and the other does not is proposed; of two names, that of who stays.
    assert typed["email"] == typed["lived_experience"] == "autre"
    assert typed["last_name"] == typed["telephone"] == "garde"
    assert client.post(address(kept, gone), {"seen": typed["seen"]}).status_code == 200
    response = client.post(address(kept, gone), typed)
    assert response.headers["Location"] == f"/territoires/aubrac/annuaire/{kept.pk}/"
    kept.refresh_from_db()
    assert (kept.last_name, kept.email, kept.lived_experience) == (
        "Roy",
        "marie@exemple.fr",
        "aidant",
    )
    assert client.get(address(kept, kept)).status_code == 404


def test_pages_cost_the_same_for_many(
    cast: Cast,
    sign_in: SignIn,
    queries: Callable[[Callable[[], object]], int],
    twins: tuple[Person, Person],
) -> None:
    kept, gone = twins
    client = sign_in(cast.agnes)
    listed = reverse("governance:duplicate_list", args=["aubrac", "personnes"])

    def rows(count: int) -> None:
        for number in range(count):
            PersonFactory.create(territory=cast.aubrac, last_name=f"Double {number % 2}")
            sheet = ActionFactory.create(project=cast.project)
            ActionRoleFactory.create(action=sheet, person=gone)

    rows(2)
    few = [queries(partial(client.get, where)) for where in (listed, address(kept, gone))]
    rows(8)
    many = [queries(partial(client.get, where)) for where in (listed, address(kept, gone))]
    assert many == few
    assert max(many) <= 15
