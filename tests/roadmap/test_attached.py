"""What hangs on a sheet, written row by row: roles, money, indicators."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.quarters import Quarter
from core.text import euros
from journal.models import ChangeSet
from roadmap.enums import FundingState, IndicatorKind, RoleKind
from roadmap.forms.attached import AmountField
from roadmap.models import Action, ActionIndicator, ActionRole, FundingLine
from roadmap.services.attached import KINDS, Directory, Homonyms, remove_row
from roadmap.services.gestures import writing_sheet
from territories.enums import Role
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    MembershipFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    UserFactory,
    unsigned,
)

SignIn = Callable[[User | None], Client]
IN_PLACE: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
TYPED: dict[str, dict[str, Any]] = {
    "roles": {"kind": RoleKind.PARTNER, "who": "MDA"},
    "financement": {"who": "ARS", "state": FundingState.ASKED, "amount": "24 000,50"},
    "indicateurs": {"label": "Nombre de rencontres", "kind": IndicatorKind.OUTPUT},
}
FACTORIES: dict[str, Any] = {
    "roles": ActionRoleFactory,
    "financement": FundingLineFactory,
    "indicateurs": ActionIndicatorFactory,
}
OK, FORBIDDEN, UNSEEN, ASKED = (
    HTTPStatus.OK, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.FOUND,
)  # fmt: skip
DOORS = [
    ("agnes", OK), ("emile", OK), ("pilot", OK), ("bruno", FORBIDDEN),
    ("gael", UNSEEN), ("chloe", UNSEEN), ("denis", UNSEEN), ("personne", ASKED),
]  # fmt: skip


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=7, title="Développer la pair-aidance")


@pytest.fixture
def pilot(cast: Cast, sheet: Action) -> User:
    user = UserFactory.create(first_name="Paul", last_name="Pilote")
    MembershipFactory.create(user=user, territory=cast.aubrac, role=Role.PILOT)
    person = PersonFactory.create(territory=cast.aubrac, user=user)
    ActionRoleFactory.create(action=sheet, person=person, kind=RoleKind.PILOT, label="")
    return user


def add_address(sheet: Action, kind: str) -> str:
    return reverse("roadmap:attached_add", args=[sheet.pk, kind])


def row_address(row: Any, kind: str, verb: str = "edit") -> str:
    return reverse(f"roadmap:attached_{verb}", args=[row.action_id, kind, row.pk])


def revision(sheet: Action) -> int:
    sheet.project.refresh_from_db()
    return sheet.project.revision


def add(client: Client, sheet: Action, slug: str = "roles", /, **typed: Any) -> Any:
    sent = {"token": uuid.uuid4().hex, "revision": revision(sheet), **TYPED[slug], **typed}
    return client.post(add_address(sheet, slug), sent, **IN_PLACE)


def edit(
    client: Client, row: Any, slug: str = "roles", /, *, drawn_at: int | None = None, **typed: Any
) -> Any:
    known = revision(row.action) if drawn_at is None else drawn_at
    sent = {"revision": known, "token": uuid.uuid4().hex, **TYPED[slug], **typed}
    return client.post(row_address(row, slug), sent, **IN_PLACE)


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


# --- Doors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), DOORS)
@pytest.mark.parametrize("kind", KINDS)
def test_doors(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    pilot: User,
    kind: str,
    name: str,
    status: HTTPStatus,
) -> None:
    client = sign_in(pilot if name == "pilot" else cast.named(name))
    if (kind, name) == ("roles", "pilot"):
        status = FORBIDDEN
    row = FACTORIES[kind].create(action=sheet)
    done = ASKED if status == OK else status
    before = ChangeSet.objects.count()
    assert client.get(add_address(sheet, kind)).status_code == status
    assert client.get(row_address(row, kind)).status_code == status
    assert client.post(row_address(row, kind), {**TYPED[kind], "who": "B"}).status_code == done
    assert client.post(add_address(sheet, kind), TYPED[kind]).status_code == done
    assert client.post(row_address(row, kind, "remove")).status_code == done
    assert (ChangeSet.objects.count() - before >= 2) is (status == OK)


def test_the_row_of_another_sheet_and_an_unknown_kind_are_not_found(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client, row = sign_in(cast.agnes), ActionRoleFactory.create()
    address = reverse("roadmap:attached_edit", args=[sheet.pk, "roles", row.pk])
    assert client.get(address).status_code == UNSEEN
    assert client.post(address, TYPED["roles"]).status_code == UNSEEN
    removal = reverse("roadmap:attached_remove", args=[sheet.pk, "roles", row.pk])
    assert client.post(removal).status_code == UNSEEN
    assert ActionRole.objects.filter(pk=row.pk).exists()
    assert client.get(add_address(sheet, "secrets")).status_code == UNSEEN


# --- Added, written, removed ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_added_written_and_removed_each_by_one_signed_gesture(
    cast: Cast, sign_in: SignIn, sheet: Action, kind: str
) -> None:
    client, model = sign_in(cast.agnes), KINDS[kind].model
    before = ChangeSet.objects.count()
    added = add(client, sheet, kind)
    assert "Ajouté\u00a0: «\u00a0" in added.text
    row = model._base_manager.get()
    changed: dict[str, Any] = {"label": "Autre"} if kind == "indicateurs" else {"who": "Autre"}
    assert "Enregistré\u00a0: " in edit(client, row, kind, **changed).text
    removed = client.post(row_address(row, kind, "remove"), **IN_PLACE)
    way_back = soup(removed).select_one(f"#dit-{kind} form[action*='annuler']")
    assert way_back is not None
    assert "Retiré" in removed.text
    assert not model._base_manager.exists()
    gestures = list(ChangeSet.objects.order_by("pk")[before:])
    assert [gesture.by for gesture in gestures] == [cast.agnes] * 3
    verbs = [gesture.words.split()[1] for gesture in gestures]
    assert verbs == ["ajouté", "modifié", "retiré"]
    client.post(str(way_back["action"]))
    assert model._base_manager.get().pk == row.pk


def test_a_double_click_adds_one_row(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client, token = sign_in(cast.agnes), uuid.uuid4().hex
    for _ in range(2):
        assert add(client, sheet, token=token).status_code == OK
    assert ActionRole.objects.count() == 1
    assert "C’était déjà enregistré" in add(client, sheet, token=token).text


def test_after_the_back_button_another_row_is_added(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client, token = sign_in(cast.agnes), uuid.uuid4().hex
    for who in ("Le Nymphéa", "Vivre avec"):
        add(client, sheet, who=who, token=token)
    assert {role.label for role in ActionRole.objects.all()} == {"Le Nymphéa", "Vivre avec"}


def test_rows_keep_the_order_of_their_adding(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    for who in ("C", "A", "B"):
        add(client, sheet, who=who)
    rows = ActionRole.objects.order_by("position")
    assert [role.label for role in rows] == ["C", "A", "B"]


def test_removed_twice_is_told(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client, row = sign_in(cast.agnes), ActionRoleFactory.create(action=sheet)
    client.post(row_address(row, "roles", "remove"), **IN_PLACE)
    again = client.post(row_address(row, "roles", "remove"), **IN_PLACE)
    assert "Le rôle a été retiré entre-temps par Agnes Durand" in again.text


# --- Who ------------------------------------------------------------------------------------------


def test_the_words_of_one_entry_link_it_and_others_stay_a_text(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    person = PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    hospital = OrganisationFactory.create(
        territory=cast.aubrac, name="Centre hospitalier du Val", short_name="CH du Val"
    )
    PersonFactory.create(first_name="Jean", last_name="Ailleurs")
    for who in ("eve  ROY", "Centre hospitalier du val", "Jean Ailleurs"):
        assert add(client, sheet, who=who).status_code == OK
    linked = [(r.label, r.organisation, r.person) for r in ActionRole.objects.order_by("position")]
    assert linked == [("", None, person), ("", hospital, None), ("Jean Ailleurs", None, None)]


def test_homonyms_are_told_apart_and_never_guessed(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    laval = OrganisationFactory.create(territory=cast.aubrac, name="CH de Laval")
    marie = {"territory": cast.aubrac, "first_name": "Marie", "last_name": "Martin"}
    wanted = PersonFactory.create(**marie, organisation=laval)
    PersonFactory.create(**marie, function="infirmière")
    options = [o["value"] for o in soup(client.get(add_address(sheet, "roles"))).select("option")]
    assert {"Marie Martin (CH de Laval)", "Marie Martin (infirmière)"} <= set(options)
    refused = add(client, sheet, who="marie martin")
    assert "Plusieurs entrées de l’annuaire portent ce nom" in refused.text
    add(client, sheet, who="Marie Martin (CH de Laval)")
    assert ActionRole.objects.get().person == wanted


def test_two_entries_alike_in_all_still_have_two_names(cast: Cast) -> None:
    twins = {"territory": cast.aubrac, "first_name": "Marie", "last_name": "Martin"}
    first, second = PersonFactory.create(**twins), PersonFactory.create(**twins)
    directory = Directory(cast.aubrac)
    assert len(set(directory.all_words)) == 2
    with pytest.raises(Homonyms):
        directory.find("Marie Martin")
    found = {directory.find(words).person for words in directory.all_words}  # type: ignore[union-attr]
    assert found == {first.pk, second.pk}


def test_somebody_is_named_in_the_place_of_a_text_that_is_still_printed(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    person = PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    role = ActionRoleFactory.create(action=sheet, label="à déterminer par les pilotes")
    page = soup(client.get(f"{row_address(role, 'roles')}?associer=1"))
    printed, who = page.select_one("[name=printed]"), page.select_one("[name=who]")
    assert printed is not None
    assert who is not None
    assert (printed["value"], who.get("value"), who.has_attr("autofocus")) == (
        "à déterminer par les pilotes", None, True,
    )  # fmt: skip
    typed: dict[str, Any] = {"kind": RoleKind.PILOT, "printed": printed["value"]}
    refused = edit(client, role, who="Eve Roi", **typed)
    assert "«\u00a0Eve Roi\u00a0» n’est pas dans l’annuaire du territoire" in refused.text
    edit(client, role, who="Ève Roy", **typed)
    role.refresh_from_db()
    assert (role.person, role.printed) == (person, "à déterminer par les pilotes")


# --- Money and indicators -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("24 000,50", "24000.50"), ("24\u202f000,5 €", "24000.50"), ("24000.5", "24000.50"),
        ("0", "0.00"), ("9999999999,99", "9999999999.99"), ("", None),
    ],
)  # fmt: skip
def test_an_amount_is_typed_as_french_people_do(
    cast: Cast, sign_in: SignIn, sheet: Action, typed: str, amount: str | None
) -> None:
    add(sign_in(cast.agnes), sheet, "financement", amount=typed)
    assert FundingLine.objects.get().amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "24k",
            "«\u00a024k\u00a0» n’est pas un montant\u00a0: écrivez par exemple 24\u00a0000,50.",
        ),
        ("24.000,50", "n’est pas un montant"),
        ("-5", "Un montant ne peut pas être négatif."),
        ("1" + "0" * 10, "Ce montant est trop grand\u00a0: vérifiez les zéros."),
        ("٣", "n’est pas un montant"),
    ],
)
def test_a_wrong_amount_is_told_and_what_else_was_typed_stays(
    cast: Cast, sign_in: SignIn, sheet: Action, typed: str, sentence: str
) -> None:
    response = add(sign_in(cast.agnes), sheet, "financement", amount=typed, source="FIR")
    assert sentence in soup(response).get_text()
    source = soup(response).select_one("[name=source]")
    assert source is not None
    assert source["value"] == "FIR"
    assert not FundingLine.objects.exists()


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_an_amount_shown_is_read_again_as_itself(amount: Decimal) -> None:
    field = AmountField(required=False)
    assert field.clean(field.prepare_value(amount)) == amount
    assert field.clean(euros(amount)) == amount


def test_sums_by_state_add_up_under_the_table(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    add(client, sheet, "financement", amount="24 000")
    FundingLineFactory.create(action=sheet, amount=15000, state=FundingState.GRANTED)
    response = add(client, sheet, "financement", amount="0,50")
    words = " ".join(soup(response).select_one("#corps-financement").get_text().split())  # type: ignore[union-attr]
    assert "24\u202f000,50\u00a0€ demandés" in soup(response).get_text()
    assert "acquis" in words


def test_an_unchanged_amount_is_no_change(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    add(client, sheet, "financement")
    row = FundingLine.objects.get()
    shown = soup(client.get(row_address(row, "financement"))).select_one("[name=amount]")
    assert shown is not None
    response = edit(client, row, "financement", amount=shown["value"])
    assert "Rien n’avait changé." in response.text


def test_an_indicator_aims_at_a_quarter(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client, aim = sign_in(cast.agnes), Quarter.of(2027, 4)
    objective = ObjectiveFactory.create(action=sheet)
    page = soup(client.get(add_address(sheet, "indicateurs")))
    assert str(aim) in [option.get_text() for option in page.select("option")]
    add(
        client, sheet, "indicateurs",
        target="6", target_quarter=aim.index, objective=objective.pk,
    )  # fmt: skip
    kept = ActionIndicator.objects.get()
    assert (kept.target, kept.target_quarter, kept.objective) == ("6", aim.index, objective)


def test_the_objective_of_another_sheet_is_refused(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    other = ObjectiveFactory.create()
    add(sign_in(cast.agnes), sheet, "indicateurs", objective=other.pk)
    assert not ActionIndicator.objects.exists()


# --- Nobody overwrites anybody --------------------------------------------------------------------


def test_two_people_who_name_somebody_see_both_names(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    person = PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    role = ActionRoleFactory.create(action=sheet, kind=RoleKind.PARTNER, label="MDA")
    drawn_at = revision(sheet)
    with writing_sheet(sheet, by=cast.bruno):
        role.person, role.label = person, ""
        role.save()
    # Left alone, the name is theirs.
    edit(client, role, who="MDA", kind=RoleKind.FUNDER, drawn_at=drawn_at)
    role.refresh_from_db()
    assert (role.kind, role.person) == (RoleKind.FUNDER, person)
    # Written by both, it is asked.
    page = soup(edit(client, role, who="UNAFAM", kind=RoleKind.FUNDER, drawn_at=drawn_at))
    theirs = page.select_one(".theirs")
    assert theirs is not None
    assert "Écrit par Bruno Durand" in theirs.get_text()
    assert "Ève Roy" in theirs.get_text()
    role.refresh_from_db()
    assert role.person == person
    edit(client, role, who="UNAFAM", kind=RoleKind.FUNDER, theirs_who="1")
    role.refresh_from_db()
    assert role.person == person
    edit(client, role, who="UNAFAM", kind=RoleKind.FUNDER)
    role.refresh_from_db()
    assert role.code == "texte:UNAFAM"


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_removed_meanwhile_keeps_the_typed_text_and_may_be_added_again(
    cast: Cast, sign_in: SignIn, sheet: Action, kind: str
) -> None:
    client, row = sign_in(cast.agnes), FACTORIES[kind].create(action=sheet)
    remove_row(action=sheet, kind=KINDS[kind], key=row.pk, by=cast.bruno)
    name = "label" if kind == "indicateurs" else "who"
    typed: dict[str, Any] = {name: "Un texte tapé"}
    response = edit(client, row, kind, **typed)
    assert "entre-temps par Bruno Durand" in response.text
    assert "Un texte tapé" in response.text
    again = soup(response).select_one("button[name=again]")
    token = soup(response).select_one("input[name=token]")
    assert again is not None
    assert token is not None
    assert again.get_text() == "L’ajouter à nouveau"
    for _ in range(2):
        edit(client, row, kind, **typed, again="1", token=token["value"])
    assert str(KINDS[kind].model._base_manager.get()) == "Un texte tapé"
    assert "entre-temps par Bruno Durand" in client.get(row_address(row, kind), **IN_PLACE).text


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_retired_meanwhile_gives_the_text_back(
    cast: Cast, sign_in: SignIn, sheet: Action, kind: str
) -> None:
    client, row = sign_in(cast.agnes), FACTORIES[kind].create(action=sheet)
    with unsigned():
        sheet.retired_at = timezone.now()
        sheet.save()
    name = "label" if kind == "indicateurs" else "who"
    typed: dict[str, Any] = {name: "Tapé"}
    for response in (
        add(client, sheet, kind, **typed),
        edit(client, row, kind, **typed),
    ):
        assert "rien n’a été enregistré" in response.text
        assert "Tapé" in response.text
    assert "retirée" in client.post(row_address(row, kind, "remove"), **IN_PLACE).text
    assert KINDS[kind].model._base_manager.get().pk == row.pk


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"who": "x" * 201}, "le vôtre en a 201"),
        ({"who": "\x00  \n"}, "Dites qui."),
        ({"kind": ""}, "Choisissez le rôle."),
    ],
)
def test_what_no_row_holds_is_told(
    cast: Cast, sign_in: SignIn, sheet: Action, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in add(sign_in(cast.agnes), sheet, **typed).text
    assert not ActionRole.objects.exists()


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_opening_a_row_costs_few_queries(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    kind: str,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    client = sign_in(cast.agnes)
    rows = FACTORIES[kind].create_batch(5, action=sheet)
    PersonFactory.create_batch(5, territory=cast.aubrac)
    for address in (add_address(sheet, kind), row_address(rows[0], kind)):
        assert queries(partial(client.get, address)) <= 15
        assert queries(partial(client.get, address, **IN_PLACE)) <= 15
