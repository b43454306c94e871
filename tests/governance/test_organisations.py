"""The organisations of a directory: who reads them, who keeps them, what the frame warns of."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from governance.enums import EthicalDecision, LivedExperience, OrganisationCategory
from governance.models import Organisation, Person
from governance.services.organisations import (
    add_organisation,
    close_organisation,
    correct_organisation,
    decide_on_ethics,
    remove_organisation,
)
from governance.services.people import remove_person
from governance.writing import DirectoryRefused, Homonym, mark_of
from journal.models import Change, ChangeSet
from roadmap.services.attached import Directory
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
LIST = "/territoires/aubrac/annuaire/organisations/"
ADD = f"{LIST}ajouter/"


@pytest.fixture
def gem(cast: Cast) -> Organisation:
    return OrganisationFactory.create(
        territory=cast.aubrac,
        name="GEM Les Tilleuls",
        category=OrganisationCategory.USERS,
        email="gem@exemple.fr",
        telephone="01 02 03",
        town="Laval",
    )


def at(name: str, organisation: Organisation) -> str:
    return reverse(f"governance:organisation_{name}", args=["aubrac", organisation.pk])


def held(client: Client, where: str) -> dict[str, Any]:
    """What the form of a page holds, as a browser would send it back."""
    page = BeautifulSoup(client.get(where).content, "html.parser")
    fields: dict[str, Any] = {}
    for field in page.select("main form[method=post] :is(input, select, textarea)[name]"):
        if field.get("type") in {"checkbox", "radio"} and not field.has_attr("checked"):
            continue
        chosen = field.select_one("option[selected]")
        value = field.get_text() if field.name == "textarea" else (chosen or field).get("value")
        fields[str(field["name"])] = str(value or "").strip()
    return fields


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# --- Read -----------------------------------------------------------------------------------------


def test_member_reads_all_but_how_to_reach_them(
    cast: Cast, sign_in: SignIn, gem: Organisation
) -> None:
    gem.promotes_unrecognised = True
    gem.save()
    PersonFactory.create(territory=cast.aubrac, organisation=gem, last_name="Roy")
    client = sign_in(cast.bruno)
    for where in (LIST, at("detail", gem)):
        page = client.get(where).text
        assert "GEM Les Tilleuls" in page
        assert "Laval" in page
        for hidden in ("gem@exemple.fr", "01 02 03", "cadre éthique ex", "Modifier", "Doublons"):
            assert hidden not in page
    assert "Roy" in client.get(at("detail", gem)).text
    keeper = sign_in(cast.agnes).get(at("detail", gem)).text
    assert "gem@exemple.fr" in keeper
    assert "Le cadre éthique exclurait cette organisation" in keeper


def test_list_is_narrowed_by_category_and_words_kept_in_the_address(
    cast: Cast, sign_in: SignIn, gem: Organisation
) -> None:
    OrganisationFactory.create(
        territory=cast.aubrac, name="Lycée du Val", category=OrganisationCategory.EDUCATION
    )
    client = sign_in(cast.bruno)
    page = client.get(LIST)
    assert "2\u00a0organisations" in page.text
    facets = [
        (link.get_text(" ", strip=True), str(link["href"]))
        for link in BeautifulSoup(page.content, "html.parser").select(
            "main nav.facets a[href^='?']"
        )
    ]
    assert facets == [
        ("Éducation 1", "?categorie=education"),
        ("Usagers et familles 1", "?categorie=usagers"),
    ]
    page = client.get(LIST, {"categorie": "education", "mots": "lycee"})
    assert "Lycée du Val" in page.text
    assert "GEM" not in page.text
    assert "?mots=lycee" in page.text
    assert "Aucune organisation ne répond" in client.get(LIST, {"mots": "zzz"}).text
    assert client.get(LIST, {"categorie": "x\x00", "page": "x"}).status_code == 200


def test_list_costs_the_same_for_many(
    cast: Cast, sign_in: SignIn, queries: Callable[[Callable[[], object]], int], gem: Organisation
) -> None:
    client = sign_in(cast.agnes)
    PersonFactory.create(territory=cast.aubrac, organisation=gem)
    places = (LIST, at("detail", gem), at("edit", gem))
    few = [queries(partial(client.get, where)) for where in places]
    for _ in range(110):
        PersonFactory.create(
            territory=cast.aubrac, organisation=OrganisationFactory.create(territory=cast.aubrac)
        )
        PersonFactory.create(territory=cast.aubrac, organisation=gem)
    assert [queries(partial(client.get, where)) for where in places] == few
    assert max(few) <= 15
    assert "Page 1 sur 2" in client.get(LIST).text


def test_page_tells_where_it_is_named(cast: Cast, sign_in: SignIn, gem: Organisation) -> None:
    sheet = ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")
    ActionRoleFactory.create(action=sheet, organisation=gem)
    page = sign_in(cast.agnes).get(at("detail", gem)).text
    assert "1\u00a0rôle" in page
    assert "Pair-aidance" in page
    assert "Nulle part encore" not in page


# --- Kept -----------------------------------------------------------------------------------------


def test_lead_adds_corrects_and_reads_what_was_done(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    typed = held(client, ADD) | {"name": "CH du Val", "category": "sanitaire", "website": "ch.fr"}
    assert said(client.post(ADD, typed)) == "CH du Val est maintenant dans l’annuaire."
    made = Organisation.objects.get()
    assert made.website == "https://ch.fr"
    where = at("edit", made)
    typed = held(client, where) | {"town": "Laval", "email": "ch@exemple.fr"}
    assert client.post(where, typed).status_code == 302
    page = client.get(at("detail", made)).text
    assert "a corrigé une organisation de l’annuaire" in page
    assert "modifié, sans garder ce qui était écrit" in page
    assert "ch@exemple.fr" not in str(list(Change.objects.values_list("old", "new")))


def test_names_are_asked_about_or_refused(cast: Cast, sign_in: SignIn, gem: Organisation) -> None:
    client = sign_in(cast.agnes)
    typed = held(client, ADD) | {"category": "usagers"}
    again = client.post(ADD, typed | {"name": "Gem les tilleuls"})
    assert "Si c’est bien une autre organisation" in again.text
    assert (
        client.post(ADD, typed | {"name": "Gem les tilleuls", "is_other": "on"}).status_code == 302
    )
    same = client.post(ADD, typed | {"name": gem.name, "is_other": "on"})
    assert "un nom plus précis" in same.text
    with pytest.raises(Homonym):
        add_organisation(
            organisation=Organisation(
                territory=cast.aubrac, name="Groupe d’entraide", short_name=gem.name
            ),
            by=cast.agnes,
        )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": " \x00"}, "Donnez le nom de l’organisation."),
        ({"website": "pas un site"}, "Écrivez l’adresse entière du site"),
        ({"charter_signed_on": "2999-01-01"}, "Cette signature est à venir"),
        ({"category": "rien"}, "Sélectionnez un choix valide"),
        ({"contact": "999999"}, "Sélectionnez un choix valide"),
    ],
)
def test_bad_typing_gets_a_sentence(
    cast: Cast, sign_in: SignIn, typed: dict[str, str], told: str
) -> None:
    response = sign_in(cast.agnes).post(ADD, {"name": "GEM", "category": "usagers"} | typed)
    assert told in response.text
    assert not Organisation.objects.exists()


def test_nobody_overwrites_anybody(cast: Cast, gem: Organisation) -> None:
    seen = mark_of(gem)
    Organisation.objects.filter(pk=gem.pk).update(town="Ernée")
    gem.name = "Autre"
    with pytest.raises(DirectoryRefused, match="pendant que vous écriviez"):
        correct_organisation(organisation=gem, seen=seen, by=cast.agnes)
    gem.refresh_from_db()
    assert (gem.name, gem.town) == ("GEM Les Tilleuls", "Ernée")


def test_what_is_named_closes_and_what_is_not_may_go(
    cast: Cast, sign_in: SignIn, gem: Organisation
) -> None:
    role = ActionRoleFactory.create(
        action=ActionFactory.create(project=cast.project), organisation=gem, label=""
    )
    with pytest.raises(DirectoryRefused, match="notez plutôt sa fermeture"):
        remove_organisation(organisation=gem, by=cast.agnes)
    with pytest.raises(DirectoryRefused, match="à venir"):
        close_organisation(organisation=gem, on=dt.date(2999, 1, 1), by=cast.agnes)
    client = sign_in(cast.agnes)
    client.post(at("close", gem), {"closed_on": "2026-01-05"})
    role.refresh_from_db()
    assert str(role) == "GEM Les Tilleuls"
    assert "fermée le" in client.get(at("detail", gem)).text
    assert "GEM" not in client.get("/territoires/aubrac/annuaire/ajouter/").text
    offered = Directory(cast.aubrac)
    assert gem.name not in offered.all_words
    assert offered.find(gem.name) is not None
    client.post(at("reopen", gem))
    gem.refresh_from_db()
    assert gem.closed_on is None
    free = OrganisationFactory.create(territory=cast.aubrac)
    assert client.post(at("remove", free)).headers["Location"] == LIST
    assert not Organisation.objects.filter(pk=free.pk).exists()
    person = PersonFactory.create(territory=cast.aubrac)
    ActionRoleFactory.create(action=role.action, person=person)
    with pytest.raises(DirectoryRefused, match="notez plutôt son départ"):
        remove_person(person=person, by=cast.agnes)


# --- The ethical frame ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "is_warned"),
    [
        ({"name": "GEM"}, False),
        ({"name": "GEM", "promotes_unrecognised": True}, True),
        ({"name": "COMMISSION des citoyens pour les droits de l'homme"}, True),
        ({"name": "Antenne", "short_name": "CCDH"}, True),
        ({"name": "Les Citoyens (CCDH)"}, True),
        ({"name": "CCDHA"}, False),
        (
            {
                "name": "Collectif des médecins et des citoyens contre les traitements dégradants"
                " de la psychiatrie"
            },
            True,
        ),
    ],
)
def test_frame_warns_of_what_its_source_says(fields: dict[str, Any], *, is_warned: bool) -> None:
    assert Organisation(**fields).would_be_excluded is is_warned


def test_lead_decides_and_says_why(cast: Cast, sign_in: SignIn, gem: Organisation) -> None:
    client = sign_in(cast.agnes)
    assert client.get(at("ethics", gem)).headers["Location"] == at("detail", gem)
    gem.promotes_unrecognised = True
    gem.save()
    assert "Le cadre éthique exclurait 1\u00a0organisation" in client.get(LIST).text
    typed = held(client, at("ethics", gem))
    response = client.post(at("ethics", gem), typed | {"decision": "associee"})
    assert "Dites pourquoi" in response.text
    client.post(at("ethics", gem), typed | {"decision": "associee", "reason": "Sa seule antenne."})
    page = client.get(at("detail", gem)).text
    for words in ("Associée malgré l’avertissement", "Sa seule antenne.", "Agnes Durand"):
        assert words in page
    assert "exclurait 1" not in client.get(LIST).text
    with pytest.raises(DirectoryRefused, match="pendant"):
        decide_on_ethics(
            organisation=gem,
            decision=EthicalDecision.SET_ASIDE,
            reason="Non",
            seen=typed["seen"],
            by=cast.agnes,
        )


# --- What somebody lives --------------------------------------------------------------------------


def test_lived_experience_is_for_who_keeps_the_directory(cast: Cast, sign_in: SignIn) -> None:
    person = PersonFactory.create(
        territory=cast.aubrac, last_name="Roy", lived_experience=LivedExperience.CARER
    )
    where = reverse("governance:person_detail", args=["aubrac", person.pk])
    assert "Proche aidant" in sign_in(cast.agnes).get(where).text
    assert "Proche aidant" not in sign_in(cast.bruno).get(where).text
    assert "aidant" not in sign_in(cast.agnes).get("/territoires/aubrac/annuaire/").text
    client = sign_in(cast.agnes)
    edit = reverse("governance:person_edit", args=["aubrac", person.pk])
    client.post(edit, held(client, edit) | {"lived_experience": "concernee"})
    person.refresh_from_db()
    assert person.lived_experience == LivedExperience.CONCERNED
    kept = Change.objects.get(field="lived_experience")
    assert "concernee" not in f"{kept.old}{kept.new}"
    assert ChangeSet.objects.get(changes=kept).scope == f"annuaire:{cast.aubrac.pk}"
    assert Person.objects.get().lived_experience
