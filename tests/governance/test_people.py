"""The directory of a territory: who reads it, who keeps it, and what becomes of whoever leaves."""

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from governance.forms.people import PersonForm
from governance.models import Person
from governance.permissions import can_manage_people, can_see_people
from governance.services.people import (
    PersonRefused,
    add_person,
    correct_person,
    say_back,
    say_gone,
)
from governance.summaries.history import scope_of
from governance.writing import Homonym, mark_of
from journal.models import Change, ChangeSet
from roadmap.models import Action, ActionRole
from roadmap.permissions import can_write_sheet
from roadmap.services.attached import Directory
from territories.enums import Role
from territories.models import Membership, Project
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    UserFactory,
)
from tests.french import faults

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
LIST = "/territoires/aubrac/annuaire/"
ADD = f"{LIST}ajouter/"
YESTERDAY = dt.date(2026, 1, 5)


@pytest.fixture
def marie(cast: Cast) -> Person:
    return PersonFactory.create(
        territory=cast.aubrac,
        first_name="Marie",
        last_name="Roy",
        function="directrice",
        email="marie@exemple.fr",
        telephone="01 02 03 04 05",
        organisation=OrganisationFactory.create(territory=cast.aubrac, name="CH du Val"),
    )


def at(name: str, person: Person) -> str:
    return reverse(f"governance:{name}", args=["aubrac", person.pk])


def held(client: Client, where: str) -> dict[str, Any]:
    """What the form of a page holds, as a browser would send it back."""
    page = BeautifulSoup(client.get(where).content, "html.parser")
    form = page.select_one("main form[method=post]")
    assert form is not None
    fields: dict[str, Any] = {}
    for field in form.select("input[name], select[name]"):
        chosen = field.select_one("option[selected]")
        is_box = field.get("type") == "checkbox"
        if not is_box or field.has_attr("checked"):
            value = (chosen or field).get("value", "on" if is_box else "")
            fields[str(field["name"])] = value
    return fields


def words(response: Any) -> str:
    said = " ".join(str(message) for message in get_messages(response.wsgi_request))
    assert faults(said) == []
    return said


def refusals(response: Any) -> str:
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    said = " ".join(alert.get_text(" ", strip=True) for alert in page.select(".alert-danger"))
    assert "À corriger" in said
    return said


# --- Who ------------------------------------------------------------------------------------------


def test_rules_say_who_reads_and_who_keeps(cast: Cast) -> None:
    people = ("agnes", "bruno", "gael", "chloe", "denis", "emile")
    sees = {name for name in people if can_see_people(getattr(cast, name), cast.aubrac)}
    keeps = {name for name in people if can_manage_people(getattr(cast, name), cast.aubrac)}
    assert sees == {"agnes", "bruno", "emile"}
    assert keeps == {"agnes", "emile"}


def test_people_of_elsewhere_are_not_reached_from_here(cast: Cast, sign_in: SignIn) -> None:
    other = PersonFactory.create(territory=cast.elsewhere.territory)
    client = sign_in(cast.agnes)
    for name in ("person_edit", "person_leave", "person_return"):
        assert client.post(at(name, other), {"last_name": "Volé"}).status_code == 404
    assert str(other) not in client.get(LIST).text


def test_member_reads_names_and_no_way_to_reach_them(
    cast: Cast, sign_in: SignIn, marie: Person
) -> None:
    page = sign_in(cast.bruno).get(LIST).text
    assert "Marie Roy" in page
    assert "directrice" in page
    assert "CH du Val" in page
    for hidden in ("marie@exemple.fr", "01 02 03", "Coordonnées", "Ajouter une personne"):
        assert hidden not in page


def test_lead_reads_how_to_reach_them(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    Person.objects.filter(pk=marie.pk).update(user=cast.bruno)
    page = sign_in(cast.agnes).get(LIST).text
    for shown in (
        "marie@exemple.fr",
        "01 02 03 04 05",
        "bruno@exemple.fr",
        at("person_edit", marie),
    ):
        assert shown in page


def test_empty_directory_says_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    assert "Ajoutez les personnes" in sign_in(cast.agnes).get(LIST).text
    assert "n’y a encore inscrit personne" in sign_in(cast.bruno).get(LIST).text


def test_name_is_found_without_its_accents(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    PersonFactory.create(territory=cast.aubrac, first_name="Élodie", last_name="Lefèvre")
    client = sign_in(cast.bruno)
    page = client.get(LIST, {"mots": "LEFEVRE elo"}).text
    assert "Élodie Lefèvre" in page
    assert "Marie Roy" not in page
    assert "Personne ne porte ce nom" in client.get(LIST, {"mots": "zzz"}).text
    assert client.get(LIST, {"mots": "\x00" * 300, "page": "x"}).status_code == 200


def test_list_costs_the_same_for_one_and_for_many(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int], marie: Person
) -> None:
    client = sign_in(cast.agnes)
    few = queries(lambda: client.get(LIST))
    for _ in range(120):
        PersonFactory.create(territory=cast.aubrac, organisation=marie.organisation)
    PersonFactory.create(territory=cast.aubrac, user=cast.bruno)
    assert queries(lambda: client.get(LIST)) == few <= 15
    assert "Page 1 sur 2" in client.get(LIST).text
    for where in (ADD, at("person_edit", marie), at("person_leave", marie)):
        assert queries(partial(client.get, where)) <= 15


# --- Adding ---------------------------------------------------------------------------------------


def test_lead_adds_somebody(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    typed = held(client, ADD) | {"first_name": "Marie", "last_name": " Roy ", "function": "IDE"}
    response = client.post(ADD, typed)
    assert response.headers["Location"] == LIST
    assert words(response) == "Marie Roy est maintenant dans l’annuaire."
    person = Person.objects.get()
    assert (person.territory, person.last_name, person.folded) == (cast.aubrac, "Roy", "marie roy")


def test_same_name_is_asked_about_then_taken(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    client = sign_in(cast.agnes)
    typed = held(client, ADD) | {"first_name": "MARIE", "last_name": "roy"}
    response = client.post(ADD, typed)
    assert "«\u00a0Marie Roy (CH du Val)\u00a0» figure déjà dans l’annuaire." in refusals(response)
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("input[type=checkbox][name=is_other]")
    assert client.post(ADD, typed | {"is_other": "on"}).status_code == 302
    assert Person.objects.filter(folded="marie roy").count() == 2


def test_namesake_of_elsewhere_is_no_namesake(cast: Cast) -> None:
    PersonFactory.create(territory=cast.elsewhere.territory, last_name="Roy")
    add_person(person=Person(territory=cast.aubrac, last_name="Roy"), by=cast.agnes)
    with pytest.raises(Homonym):
        add_person(person=Person(territory=cast.aubrac, last_name="ROY"), by=cast.agnes)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"last_name": " \x00 "}, "Donnez au moins un nom."),
        ({"last_name": "x" * 81}, "80"),
        ({"email": "zoe"}, "adresse"),
        ({"organisation": "999999999"}, "Organisation"),
        ({"user": "999999999"}, "Compte"),
        ({"telephone": "0" * 31}, "30"),
    ],
)
def test_bad_typing_gets_a_sentence(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], said: str
) -> None:
    assert said in refusals(sign_in(cast.agnes).post(ADD, {"last_name": "Roy"} | typed))
    assert not Person.objects.exists()


def test_rows_of_elsewhere_are_not_chosen(cast: Cast, sign_in: SignIn) -> None:
    foreign = OrganisationFactory.create(territory=cast.elsewhere.territory)
    client = sign_in(cast.agnes)
    for name, key in (("organisation", foreign.pk), ("user", cast.chloe.pk)):
        refusals(client.post(ADD, {"last_name": "Roy", name: key}))
    assert not Person.objects.exists()
    page = client.get(ADD).text
    assert foreign.name not in page
    assert "chloe@exemple.fr" not in page


@given(
    typed=st.fixed_dictionaries(
        {name: st.text(max_size=90) for name in ("first_name", "last_name", "function")}
    )
)
def test_whatever_is_typed_is_kept_clean_or_refused(typed: dict[str, str]) -> None:
    form = PersonForm(typed, instance=Person(), territory=STAGE["territory"])
    if form.is_valid():
        name = form.cleaned_data["last_name"]
        assert 0 < len(name) <= 80
        assert not re.search(r"[\x00-\x1f]", name + form.cleaned_data["function"])
    else:
        assert form.errors


STAGE: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def _on_stage(cast: Cast) -> None:
    STAGE["territory"] = cast.aubrac


# --- Correcting -----------------------------------------------------------------------------------


def test_name_corrected_marks_what_prints_it(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    client = sign_in(cast.agnes)
    where = at("person_edit", marie)
    before = Project.objects.get(pk=cast.project.pk)
    assert words(client.post(where, held(client, where) | {"telephone": "06"})) == (
        "Marie Roy\u00a0: enregistré."
    )
    assert Project.objects.get(pk=cast.project.pk).revision == before.revision
    client.post(where, held(client, where) | {"last_name": "Royer"})
    marie.refresh_from_db()
    assert (str(marie), marie.folded, marie.telephone) == ("Marie Royer", "marie royer", "06")
    after = Project.objects.get(pk=cast.project.pk)
    assert after.revision == before.revision + 1
    assert after.changed_at > before.changed_at
    # What was told of it stays in the directory's own journal, which its keepers alone read.
    told = ChangeSet.objects.filter(words__contains="annuaire")
    assert {gesture.scope for gesture in told} == {scope_of(cast.aubrac)}
    assert "06" not in str(list(Change.objects.values_list("old", "new")))


def test_nobody_overwrites_anybody(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    client = sign_in(cast.agnes)
    where = at("person_edit", marie)
    typed = held(client, where) | {"function": "cadre"}
    Person.objects.filter(pk=marie.pk).update(telephone="07")
    assert "pendant que vous écriviez" in refusals(client.post(where, typed))
    marie.refresh_from_db()
    assert (marie.function, marie.telephone) == ("directrice", "07")
    assert client.post(where, held(client, where) | {"function": "cadre"}).status_code == 302


def test_somebody_removed_meanwhile_is_said(cast: Cast, marie: Person) -> None:
    seen = mark_of(marie)
    Person.objects.filter(pk=marie.pk).delete()
    with pytest.raises(PersonRefused, match="retirée de l’annuaire entre-temps"):
        correct_person(person=marie, seen=seen, by=cast.agnes)


def test_account_is_tied_to_one_person_only(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    client = sign_in(cast.agnes)
    where = at("person_edit", marie)
    assert client.post(where, held(client, where) | {"user": cast.bruno.pk}).status_code == 302
    marie.refresh_from_db()
    assert marie.user == cast.bruno
    said = refusals(client.post(ADD, {"last_name": "Autre", "user": cast.bruno.pk}))
    assert "Ce compte est déjà celui de Marie Roy dans l’annuaire." in said


def test_tying_an_account_lets_its_pilot_write(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    sheet = ActionFactory.create(project=cast.project)
    user = make_pilot(UserFactory.create(), sheet)
    ActionRole.objects.get(action=sheet)
    theirs = Person.objects.get(user=user)
    client = sign_in(cast.agnes)
    where = at("person_edit", theirs)
    client.post(where, held(client, where) | {"user": ""})
    assert not can_write_sheet(user, Action.objects.get(pk=sheet.pk))
    client.post(where, held(client, where) | {"user": user.pk})
    assert can_write_sheet(user, Action.objects.get(pk=sheet.pk))


def test_account_that_lost_its_place_stays_tied(cast: Cast, sign_in: SignIn, marie: Person) -> None:
    gone = UserFactory.create(email="parti@exemple.fr")
    Person.objects.filter(pk=marie.pk).update(user=gone)
    client = sign_in(cast.agnes)
    where = at("person_edit", marie)
    assert client.post(where, held(client, where) | {"function": "cadre"}).status_code == 302
    marie.refresh_from_db()
    assert (marie.user, marie.function) == (gone, "cadre")


# --- Leaving --------------------------------------------------------------------------------------


def test_departure_is_confirmed_noted_and_taken_back(
    cast: Cast, sign_in: SignIn, marie: Person
) -> None:
    client = sign_in(cast.agnes)
    where = at("person_leave", marie)
    typed = held(client, where)
    assert "suspends" not in typed, "no account, no access to suspend"
    assert Person.objects.get().left_on is None
    said = words(client.post(where, typed | {"left_on": "2026-01-05"}))
    assert said == "Marie Roy est notée comme partie."
    assert "partie le 5\u00a0janvier\u00a02026" in client.get(LIST).text
    assert "déjà notée" in refusals(client.post(where, typed))
    back = at("person_return", marie)
    assert client.get(back).status_code == 302
    assert words(client.post(back)) == "Marie Roy est de nouveau dans l’annuaire."
    assert "n’est pas notée comme partie" in words(client.post(back))


def test_departure_to_come_or_without_date_is_refused(
    cast: Cast, sign_in: SignIn, marie: Person
) -> None:
    client = sign_in(cast.agnes)
    where = at("person_leave", marie)
    assert "Donnez la date" in refusals(client.post(where, {"left_on": ""}))
    assert "à venir" in refusals(client.post(where, {"left_on": "2090-01-01"}))
    assert refusals(client.post(where, {"left_on": "31/02/2026"}))
    assert Person.objects.get().left_on is None


@pytest.mark.parametrize("suspends", [True, False])
def test_whoever_left_pilots_nothing_and_may_lose_access(
    cast: Cast, sign_in: SignIn, suspends: bool
) -> None:
    sheet = ActionFactory.create(project=cast.project)
    user = make_pilot(UserFactory.create(), sheet)
    person = Person.objects.get(user=user)
    client = sign_in(cast.agnes)
    typed = held(client, at("person_leave", person))
    assert typed["suspends"] == "on"
    if not suspends:
        del typed["suspends"]
    said = words(client.post(at("person_leave", person), typed))
    assert ("Son accès est suspendu." in said) is suspends
    assert Membership.objects.get(user=user).is_suspended is suspends
    assert not can_write_sheet(user, Action.objects.get(pk=sheet.pk))
    assert str(person) in client.get(reverse("roadmap:action_detail", args=[sheet.pk])).text
    directory = Directory(cast.aubrac)
    assert str(person) not in directory.all_words
    found = directory.find(str(person))
    assert found is not None
    assert found.person == person.pk


def test_refused_suspension_keeps_the_departure_from_being_noted(cast: Cast) -> None:
    person = PersonFactory.create(territory=cast.aubrac, user=cast.agnes)
    with pytest.raises(Exception, match="la dernière personne"):
        say_gone(person=person, on=YESTERDAY, suspends=True, by=cast.agnes)
    person.refresh_from_db()
    assert person.left_on is None
    say_gone(person=person, on=YESTERDAY, suspends=False, by=cast.agnes)
    say_back(person=person, by=cast.agnes)


def test_seat_of_the_region_is_left_alone(cast: Cast, sign_in: SignIn) -> None:
    person = PersonFactory.create(territory=cast.aubrac, user=cast.emile)
    client = sign_in(cast.agnes)
    assert "suspends" not in held(client, at("person_leave", person))
    assert not say_gone(person=person, on=YESTERDAY, suspends=True, by=cast.agnes)


def test_lists_of_people_lead_to_each_other(cast: Cast, sign_in: SignIn) -> None:
    MembershipFactory.create(territory=cast.aubrac, role=Role.GUEST)
    client = sign_in(cast.bruno)
    members = reverse("territories:member_list", args=["aubrac"])
    assert f'href="{members}"' in client.get(LIST).text
    assert f'href="{LIST}"' in client.get(members).text
