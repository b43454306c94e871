"""The parts of a sheet written in place: doors, words, nobody overwritten, nothing typed lost."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journal.models import ChangeSet
from roadmap.enums import ObjectiveState, RoleKind, Status
from roadmap.forms.sections import LONGEST_TEXT, SECTIONS
from roadmap.models import Action, Axis, Priority, Theme
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.services.gestures import writing_sheet
from territories.enums import Role
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    MembershipFactory,
    ObjectiveFactory,
    PersonFactory,
    UserFactory,
    unsigned,
)

SignIn = Callable[[User | None], Client]
IN_PLACE: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}

DOORS = [
    ("agnes", HTTPStatus.OK),
    ("emile", HTTPStatus.OK),
    ("pilot", HTTPStatus.OK),
    ("bruno", HTTPStatus.FORBIDDEN),
    ("gael", HTTPStatus.NOT_FOUND),
    ("chloe", HTTPStatus.NOT_FOUND),
    ("denis", HTTPStatus.NOT_FOUND),
    ("personne", HTTPStatus.FOUND),
]
WRITTEN: dict[str, dict[str, Any]] = {
    "identite": {"title": "Un autre titre"},
    "classement": {},
    "pourquoi": {"need": "On sort seul."},
    "comment": {"method": "À plusieurs."},
    "remarques": {"remarks": "Une remarque."},
    "avancement": {"status": Status.RUNNING},
}


def written(section: str) -> dict[str, Any]:
    """What is sent of a part; the key of a theme is not the same in every base."""
    if section == "classement":
        return {"themes": Theme.objects.order_by("position")[0].pk}
    return WRITTEN[section]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=7, title="Développer la pair-aidance")


@pytest.fixture
def pilot(cast: Cast, sheet: Action) -> User:
    user = UserFactory.create(first_name="Paul", last_name="Pilote")
    MembershipFactory.create(user=user, territory=cast.aubrac, role=Role.PILOT)
    person = PersonFactory.create(territory=cast.aubrac, user=user)
    ActionRoleFactory.create(action=sheet, person=person, kind=RoleKind.PILOT)
    return user


def address(sheet: Action, section: str = "pourquoi") -> str:
    return reverse("roadmap:sheet_section", args=[sheet.pk, section])


def write(
    client: Client,
    sheet: Action,
    section: str = "pourquoi",
    *,
    drawn_at: int | None = None,
    **typed: Any,
) -> Any:
    """Send a part as its page would."""
    sheet.project.refresh_from_db()
    revision = sheet.project.revision if drawn_at is None else drawn_at
    return client.post(address(sheet, section), {"revision": revision, **typed}, **IN_PLACE)


def meanwhile(sheet: Action, **written: Any) -> None:
    """What somebody else writes."""
    with unsigned():
        other = Action.objects.get(pk=sheet.pk)
        for name, value in written.items():
            setattr(other, name, value)
        other.save()


def by_bruno(sheet: Action, cast: Cast, **written: Any) -> int:
    """What Bruno writes in the sheet; gives the revision at which the page was drawn before."""
    sheet.project.refresh_from_db()
    drawn_at = sheet.project.revision
    with writing_sheet(sheet, by=cast.bruno) as gesture:
        for name, value in written.items():
            setattr(gesture.action, name, value)
        gesture.action.save()
    return drawn_at


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def kept(sheet: Action) -> Action:
    return Action.objects.get(pk=sheet.pk)


# --- Doors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "status"), DOORS)
@pytest.mark.parametrize("section", SECTIONS)
def test_doors(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    pilot: User,
    section: str,
    name: str,
    status: HTTPStatus,
) -> None:
    client = sign_in(pilot if name == "pilot" else cast.named(name))
    assert client.get(address(sheet, section)).status_code == status
    response = client.post(address(sheet, section), {"title": "X", **written(section)})
    assert response.status_code == (HTTPStatus.FOUND if status == HTTPStatus.OK else status)
    assert ChangeSet.objects.filter(by__isnull=False).exists() is (status == HTTPStatus.OK)


@pytest.mark.parametrize(("name", "status"), [*DOORS[:2], ("bruno", 200), *DOORS[4:-1]])
def test_a_part_is_read_by_whoever_reads_the_sheet(
    cast: Cast, sign_in: SignIn, sheet: Action, name: str, status: int
) -> None:
    part = reverse("roadmap:sheet_part", args=[sheet.pk, "pourquoi"])
    assert sign_in(cast.named(name)).get(part, **IN_PLACE).status_code == status


def test_an_unknown_part_is_not_found(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    assert client.get(address(sheet, "secrets")).status_code == HTTPStatus.NOT_FOUND
    unknown = reverse("roadmap:sheet_part", args=[sheet.pk, "secrets"])
    assert client.get(unknown).status_code == HTTPStatus.NOT_FOUND


def test_a_reader_is_offered_no_form(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    page = sign_in(cast.bruno).get(reverse("roadmap:action_detail", args=[sheet.pk]))
    assert soup(page).select("a[href*='modifier'], a[href*='ajouter']") == []


def test_a_pilot_writes_neither_priorities_nor_new_axes(
    sign_in: SignIn, sheet: Action, pilot: User
) -> None:
    client = sign_in(pilot)
    fields = soup(client.get(address(sheet, "classement"))).select("[name]")
    assert {field["name"] for field in fields} >= {"axis", "themes"}
    assert not {"priority", "secondary_priorities", "new_axis_title"} & {f["name"] for f in fields}
    second = Priority.objects.get(number=2)
    write(
        client,
        sheet,
        "classement",
        priority=second.pk,
        new_axis_title="Intrus",
        secondary_priorities=second.pk,
    )
    assert kept(sheet).priority == sheet.priority
    assert not kept(sheet).secondary_priorities.exists()
    assert not Axis.objects.exists()


# --- Saved --------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_each_part_is_one_signed_gesture(
    cast: Cast, sign_in: SignIn, sheet: Action, section: str
) -> None:
    priority = {"priority": sheet.priority_id} if section == "classement" else {}
    before = ChangeSet.objects.count()
    write(sign_in(cast.agnes), sheet, section, **{**written(section), **priority})
    made = ChangeSet.objects.order_by("-pk")[0]
    assert ChangeSet.objects.count() == before + 1
    assert made.by == cast.agnes
    assert "la fiche\u00a07" in made.words
    sheet.project.refresh_from_db()
    assert made.revision == sheet.project.revision


def test_what_was_saved_is_said_beside_and_the_figures_follow(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    response = write(sign_in(cast.agnes), sheet, need="On sort seul.", audience="Adultes")
    page = soup(response)
    said = page.select_one("#dit-pourquoi[hx-swap-oob]")
    assert said is not None
    assert "Enregistré\u00a0: constat ou besoin, public concerné." in said.get_text()
    figures = page.select_one("#chiffres[hx-swap-oob]")
    assert figures is not None
    assert "30\u00a0%" in figures.get_text()
    assert "le constat" not in figures.get_text()
    assert page.select_one("#corps-pourquoi a[autofocus]") is not None
    assert f'"fiche-{sheet.pk}-pourquoi"' in response["HX-Trigger"]


def test_without_javascript_the_page_of_the_sheet_says_it(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    typed = {"need": "On sort seul.", "revision": sheet.project.revision}
    response = client.post(address(sheet), typed)
    assert response["Location"].endswith(f"/fiches/{sheet.pk}/#partie-pourquoi")
    page = soup(client.get(response["Location"]))
    assert "Enregistré\u00a0: constat ou besoin." in page.get_text()
    meta = page.select_one("meta[name=draft-saved]")
    assert meta is not None
    assert str(meta["content"]).split() == [f"fiche-{sheet.pk}-pourquoi"]
    assert "draft:" not in page.get_text()


def test_a_missing_point_leads_to_its_field(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client = sign_in(cast.agnes)
    page = soup(client.get(reverse("roadmap:action_detail", args=[sheet.pk])))
    links = {a.get_text(): str(a["href"]) for a in page.select("ul.missing-points a")}
    opened = soup(client.get(links["le public concerné"]))
    assert opened.select_one("textarea[name=audience][autofocus]") is not None
    opened = soup(client.get(links["un partenaire"]))
    chosen = opened.select_one("select[name=kind] option[selected]")
    assert chosen is not None
    assert chosen["value"] == RoleKind.PARTNER
    assert links["un objectif opérationnel"] == "#objectifs"
    assert links["un trimestre prévu"] == "#planning"
    assert page.select_one("#objectifs")
    assert page.select_one("#planning")


def test_a_pilot_is_not_led_to_what_only_leads_write(
    sign_in: SignIn, sheet: Action, pilot: User
) -> None:
    page = soup(sign_in(pilot).get(reverse("roadmap:action_detail", args=[sheet.pk])))
    links = {a.get_text(): str(a["href"]) for a in page.select("ul.missing-points a")}
    assert links["un partenaire"] == "#partenaires"
    assert "/modifier/pourquoi/" in links["le public concerné"]


def test_nothing_written_is_nothing_journalled(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    before = ChangeSet.objects.count()
    response = write(sign_in(cast.agnes), sheet)
    assert "Rien n’avait changé." in response.text
    assert ChangeSet.objects.count() == before


def test_the_same_edit_sent_twice_is_one(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client, drawn_at = sign_in(cast.agnes), sheet.project.revision
    before = ChangeSet.objects.count()
    for _ in range(2):
        response = write(client, sheet, need="On sort seul.", drawn_at=drawn_at)
        assert "conflit" not in response.text
    assert ChangeSet.objects.count() == before + 1


# --- Nobody overwrites anybody --------------------------------------------------------------------


def test_a_field_left_alone_keeps_what_somebody_else_wrote(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    drawn_at = by_bruno(sheet, cast, audience="Adultes isolés")
    response = write(sign_in(cast.agnes), sheet, need="On sort seul.", drawn_at=drawn_at)
    assert (kept(sheet).need, kept(sheet).audience) == ("On sort seul.", "Adultes isolés")
    assert "Enregistré\u00a0: constat ou besoin." in response.text


def test_two_tabs_of_one_person_add_up(cast: Cast, sign_in: SignIn, sheet: Action) -> None:
    client, drawn_at = sign_in(cast.agnes), sheet.project.revision
    write(client, sheet, need="Premier onglet", drawn_at=drawn_at)
    write(client, sheet, audience="Second onglet", drawn_at=drawn_at)
    assert (kept(sheet).need, kept(sheet).audience) == ("Premier onglet", "Second onglet")
    response = write(client, sheet, need="Troisième onglet", drawn_at=drawn_at)
    assert "Écrit par vous, dans une autre page" in soup(response).get_text()


def test_two_texts_are_shown_side_by_side_with_whose_it_is(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    drawn_at = by_bruno(sheet, cast, need="On sort <b>vraiment</b> seul.")
    response = write(sign_in(cast.agnes), sheet, need="On sort très seul.", drawn_at=drawn_at)
    page = soup(response)
    mine, theirs = page.select_one("textarea[name=need]"), page.select_one(".theirs")
    assert mine is not None
    assert theirs is not None
    assert mine.get_text().strip() == "On sort très seul."
    assert "Écrit par Bruno Durand" in theirs.get_text()
    assert "<b>vraiment</b>" in theirs.select_one("ins").get_text()  # type: ignore[union-attr]
    assert "très" in theirs.select_one("del").get_text()  # type: ignore[union-attr]
    assert theirs.select("b") == theirs.select(".theirs-head b")
    assert kept(sheet).need == "On sort <b>vraiment</b> seul."


@pytest.mark.parametrize(("ticked", "wanted"), [({}, "Le mien"), ({"theirs_need": "1"}, "Le sien")])
def test_one_gesture_keeps_either(
    cast: Cast, sign_in: SignIn, sheet: Action, ticked: dict[str, str], wanted: str
) -> None:
    client = sign_in(cast.agnes)
    drawn_at = by_bruno(sheet, cast, need="Le sien")
    page = soup(write(client, sheet, need="Le mien", drawn_at=drawn_at))
    revision = page.select_one("input[name=revision]")
    assert revision is not None
    write(client, sheet, need="Le mien", drawn_at=int(str(revision["value"])), **ticked)
    assert kept(sheet).need == wanted


def test_themes_ticked_by_two_people_are_all_there(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    first, second, third = Theme.objects.order_by("position")[:3]
    with unsigned():
        sheet.themes.set([first])
    sheet.project.refresh_from_db()
    drawn_at = sheet.project.revision
    client, mine = sign_in(cast.agnes), {"priority": sheet.priority_id}
    write(client, sheet, "classement", themes=[first.pk, second.pk], **mine)
    # The other page still shows the first one alone, and unticks it for the third.
    response = write(client, sheet, "classement", themes=[third.pk], drawn_at=drawn_at, **mine)
    assert set(kept(sheet).themes.all()) == {second, third}
    assert "Enregistré" in response.text


# --- Sorted, stopped ------------------------------------------------------------------------------


def test_a_new_axis_is_made_once_and_found_by_its_name(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    AxisFactory.create(project=cast.project, title="Aller vers", position=4)
    write(client, sheet, "classement", new_axis_title="  Pouvoir d’agir ")
    assert str(kept(sheet).axis) == "Pouvoir d’agir"
    assert kept(sheet).axis.position == 5  # type: ignore[union-attr]
    write(client, sheet, "classement", new_axis_title="ALLER VERS")
    assert str(kept(sheet).axis) == "Aller vers"
    assert Axis.objects.count() == 2


def test_the_main_priority_is_not_a_secondary_one_too(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    second, third = Priority.objects.filter(number__in=[2, 3]).order_by("number")
    write(
        sign_in(cast.agnes), sheet, "classement",
        priority=second.pk, secondary_priorities=[second.pk, third.pk],
    )  # fmt: skip
    assert kept(sheet).priority == second
    assert list(kept(sheet).secondary_priorities.all()) == [third]


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.DROPPED])
def test_a_stop_says_why(cast: Cast, sign_in: SignIn, sheet: Action, status: str) -> None:
    client = sign_in(cast.agnes)
    refused = write(client, sheet, "avancement", status=status)
    assert "dit pourquoi\u00a0: remplissez le motif" in refused.text
    assert kept(sheet).status == Status.NOT_STARTED
    write(client, sheet, "avancement", status=status, status_reason="Poste vacant")
    assert (kept(sheet).status, kept(sheet).status_reason) == (status, "Poste vacant")
    made = ChangeSet.objects.order_by("-pk")[0]
    assert made.words.startswith("a passé la fiche\u00a07 de «\u00a0Non commencée\u00a0»")


def test_done_with_leaves_undone_is_warned_and_allowed(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    ObjectiveFactory.create(action=sheet, state=ObjectiveState.RUNNING)
    response = write(sign_in(cast.agnes), sheet, "avancement", status=Status.DONE)
    assert kept(sheet).status == Status.DONE
    assert "dite réalisée alors que des objectifs ne sont pas faits" in response.text


# --- Bad luck -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["Des pairs 🫶 aidants", "مرحبا et bonjour", "Un NUL\x00 caché", "Tab\tet fin\r\nde ligne"],
)
def test_anything_typed_is_kept_but_for_what_no_base_holds(
    cast: Cast, sign_in: SignIn, sheet: Action, typed: str
) -> None:
    write(sign_in(cast.agnes), sheet, need=typed)
    assert kept(sheet).need == typed.replace("\x00", "").replace("\r\n", "\n")


def test_a_title_of_4000_characters_is_kept_and_a_longer_one_told(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    write(client, sheet, "identite", title="a" * LONGEST_TITLE)
    assert len(kept(sheet).title) == LONGEST_TITLE
    refused = write(client, sheet, "identite", title="b" * (LONGEST_TITLE + 1))
    assert "le vôtre en a 4001" in refused.text
    assert "b" * (LONGEST_TITLE + 1) in refused.text
    refused = write(client, sheet, need="c" * (LONGEST_TEXT + 1))
    assert "c" * (LONGEST_TEXT + 1) in refused.text


def test_a_sheet_retired_while_somebody_types_gives_the_text_back(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    client = sign_in(cast.agnes)
    meanwhile(sheet, retired_at=timezone.now(), retired_reason="Fusionnée")
    response = write(client, sheet, need="Un long texte.")
    assert "rien n’a été enregistré" in response.text
    assert "Un long texte." in response.text
    assert kept(sheet).need == ""
    page = client.get(reverse("roadmap:action_detail", args=[sheet.pk]))
    assert soup(page).select("a.edit-open") == []
    opened = client.get(address(sheet), **IN_PLACE)
    assert "retirée" in opened.text
    assert not soup(opened).select("textarea")


def test_a_session_that_ended_asks_for_the_page_again(client: Client, sheet: Action) -> None:
    response = client.post(address(sheet), {"need": "Un texte"}, **IN_PLACE)
    assert response["HX-Refresh"] == "true"
    assert kept(sheet).need == ""


def test_a_draft_knows_its_form_and_its_revision(
    cast: Cast, sign_in: SignIn, sheet: Action
) -> None:
    form = soup(sign_in(cast.agnes).get(address(sheet))).select_one("form[data-draft]")
    assert form is not None
    sheet.project.refresh_from_db()
    assert form["data-draft"] == f"fiche-{sheet.pk}-pourquoi"
    assert form["data-draft-version"] == str(sheet.project.revision)
    assert form.has_attr("data-once")
    assert form.get_text().count("Aucune donnée de patient.") == 4


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_opening_a_part_costs_few_queries(
    cast: Cast,
    sign_in: SignIn,
    sheet: Action,
    section: str,
    queries: Callable[[Callable[[], object]], int],
) -> None:
    client = sign_in(cast.agnes)
    assert queries(lambda: client.get(address(sheet, section))) <= 15
    assert queries(lambda: client.get(address(sheet, section), **IN_PLACE)) <= 15


def test_saving_costs_the_same_whatever_the_sheet_holds(
    cast: Cast, sign_in: SignIn, sheet: Action, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.agnes)
    ObjectiveFactory.create(action=sheet)
    first = queries(lambda: write(client, sheet, need="Un"))
    ObjectiveFactory.create_batch(12, action=sheet)
    assert queries(lambda: write(client, sheet, need="Deux")) == first
    assert first <= 40
