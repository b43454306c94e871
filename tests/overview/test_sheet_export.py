"""« Exporter ce que je vois »: the workbook of several territories, for whom, and what it says."""

import io
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from documents.models import Document
from documents.tasks import produce
from documents.workbooks import WorkbookRefused
from roadmap.enums import ObjectiveState, Status
from roadmap.exports.workbook import export_workbook
from roadmap.imports.workbooks import check_workbook
from roadmap.models import Action
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    MembershipFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectFactory,
    ProjectGroupFactory,
)

SignIn = Callable[[User | None], Client]
ADDRESS = "/fiches/excel/"
MOST_QUERIES = 15
SHEETS, ROWS = "Fiches", "Objectifs"


@pytest.fixture
def margeride(cast: Cast) -> Project:
    """Another territory of the région that Émile leads, with one sheet."""
    project: Project = ProjectFactory.create(
        territory__code="margeride",
        territory__name="Margeride",
        territory__region=cast.aubrac.region,
    )
    ActionFactory.create(project=project, number=1, title="Accès aux soins", priority=None)
    return project


@pytest.fixture
def sheet(cast: Cast, margeride: Project) -> Action:
    """A sheet of Aubrac with everything that the workbook tells."""
    ActionFactory.create(project=cast.elsewhere, title="Fiche d’un autre")
    sheet = ActionFactory.create(
        project=cast.project,
        number=3,
        title="=1+1",
        need="Premier\nsecond",
        axis=AxisFactory.create(project=cast.project, title="Prévenir"),
        status=Status.SUSPENDED,
        status_reason="Faute de poste",
    )
    ActionRoleFactory.create(action=sheet)
    group = ProjectGroupFactory.create(action=sheet, position=1)
    row = ObjectiveFactory.create(action=sheet, position=2, parent=group, state=ObjectiveState.DONE)
    PlannedQuarterFactory.create(objective=row)
    return sheet


def exported(client: Client, query: str = "") -> Document:
    """Ordered as the button does, and produced."""
    answer = client.post(f"{ADDRESS}{query}")
    document = Document.objects.latest_first()[0]
    assert answer["Location"] == reverse("documents:document_detail", args=[document.pk])
    produce(document.pk)
    document.refresh_from_db()
    assert document.is_ready, document.failure
    return document


def read(client: Client, document: Document) -> dict[str, list[dict[str, Any]]]:
    """Each sheet, its rows by title of column."""
    answer = client.get(reverse("documents:document_file", args=[document.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    contents = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    book = load_workbook(io.BytesIO(contents))
    return {name: by_title(book[name].iter_rows(values_only=True)) for name in book.sheetnames}


def by_title(lines: Any) -> list[dict[str, Any]]:
    titles, *rows = lines
    return [dict(zip(titles, row, strict=True)) for row in rows]


# --- What it says -------------------------------------------------------------------------------


def test_it_holds_the_sheets_of_the_list_in_its_order(
    cast: Cast, sheet: Action, sign_in: SignIn
) -> None:
    client = sign_in(cast.emile)
    listed = BeautifulSoup(client.get("/fiches/").text, "html.parser").select("a.t")
    told = read(client, exported(client))
    assert [row["Titre"] for row in told[SHEETS]] == [link.text for link in listed]
    assert [row["Territoire"] for row in told[SHEETS]] == ["Aubrac", "Margeride"]


@pytest.mark.parametrize(
    "query", ["?territoire=margeride", "?statut=suspendue", "?mots=soins&tri=titre", "?retard=non"]
)
def test_filters_are_those_of_the_list(
    cast: Cast, sheet: Action, sign_in: SignIn, query: str
) -> None:
    client = sign_in(cast.emile)
    listed = BeautifulSoup(client.get(f"/fiches/{query}").text, "html.parser").select("a.t")
    told = read(client, exported(client, query))
    assert [row["Titre"] for row in told[SHEETS]] == [link.text for link in listed]
    assert listed


def test_its_cells_are_those_of_the_workbook_of_the_roadmap(
    cast: Cast, sheet: Action, sign_in: SignIn
) -> None:
    client = sign_in(cast.emile)
    told = read(client, exported(client))
    book = load_workbook(io.BytesIO(export_workbook(cast.project)))
    for name in (SHEETS, ROWS):
        here = [row for row in told[name] if row["Territoire"] == "Aubrac"]
        there = [row for row in by_title(book[name].iter_rows(values_only=True)) if row.get("Clé")]
        assert len(here) == len(there)
        for one, other in zip(here, there, strict=True):
            shared = one.keys() & other.keys()
            assert len(shared) > 7
            assert {key: one[key] for key in shared} == {key: other[key] for key in shared}


def test_figures_and_origin_are_told(cast: Cast, sheet: Action, sign_in: SignIn) -> None:
    client = sign_in(cast.emile)
    told = read(client, exported(client, "?statut=suspendue"))
    (line,) = told[SHEETS]
    assert line["Région"] == cast.aubrac.region.name
    figures = ("Objectifs faits", "Objectifs comptés", "Retard en trimestres")
    assert [line[name] for name in figures] == [1, 1, 0]
    assert line["Pilotes"]
    group, row = told[ROWS]
    assert group["Dernier trimestre prévu"] is None
    assert row["Dernier trimestre prévu"].startswith("T")
    about = " ".join(next(iter(line.values())) for line in told["À lire d’abord"])
    assert "il ne se renvoie pas dans l’application" in about
    assert "avancement\u00a0: Suspendue" in about
    assert "1\u00a0fiche action" in about


def test_it_is_not_taken_for_the_workbook_of_a_roadmap(
    cast: Cast, sheet: Action, sign_in: SignIn
) -> None:
    document = exported(sign_in(cast.emile))
    assert document.printed_file is not None
    with pytest.raises(WorkbookRefused, match="Origine"):
        check_workbook(cast.project, name="fiches.xlsx", contents=document.printed_file.read())


def test_an_order_costs_few_queries(
    cast: Cast, sheet: Action, sign_in: SignIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    client = sign_in(cast.emile)
    assert queries(lambda: client.post(ADDRESS)) <= MOST_QUERIES


def test_nothing_found_orders_nothing(cast: Cast, sheet: Action, sign_in: SignIn) -> None:
    client = sign_in(cast.emile)
    answer = client.post(f"{ADDRESS}?mots=introuvable", follow=True)
    assert "il n’y a rien à exporter" in answer.text
    assert not Document.objects.exists()


def test_the_same_content_is_found_again_and_a_change_is_seen(
    cast: Cast, sheet: Action, sign_in: SignIn
) -> None:
    client = sign_in(cast.emile)
    first = exported(client)
    client.post(ADDRESS)
    again = Document.objects.latest_first()[0]
    assert again.is_ready
    assert again.printed_file_id == first.printed_file_id
    with writing(cast.project, by=cast.agnes, words="a réécrit"):
        sheet.title = "Titre neuf"
        sheet.save()
    later = exported(client)
    assert later.printed_file_id != first.printed_file_id
    assert read(client, later)[SHEETS][0]["Titre"] == "Titre neuf"


# --- For whom -----------------------------------------------------------------------------------


def test_nobody_else_finds_it(cast: Cast, sheet: Action, sign_in: SignIn) -> None:
    document = exported(sign_in(cast.emile))
    title = document.title
    for name in ("agnes", "bruno", "denis"):
        client = sign_in(cast.named(name))
        for part in ("detail", "state", "file"):
            answer = client.get(reverse(f"documents:document_{part}", args=[document.pk]))
            assert answer.status_code == HTTPStatus.NOT_FOUND
        assert title not in client.get("/fiches/").text
    for page in (
        reverse("documents:document_list", args=[cast.project.pk]),
        reverse("overview:territory_detail", args=["aubrac"]),
    ):
        assert title not in sign_in(cast.emile).get(page).text
    assert title in sign_in(cast.emile).get("/fiches/").text


def test_it_closes_with_any_of_its_territories(
    cast: Cast, margeride: Project, sheet: Action, sign_in: SignIn
) -> None:
    """A member of two territories, suspended from the second one since."""
    MembershipFactory.create(user=cast.bruno, territory=margeride.territory)
    client = sign_in(cast.bruno)
    document = exported(client)
    address = reverse("documents:document_file", args=[document.pk])
    assert client.get(address).status_code == HTTPStatus.OK
    cast.bruno.memberships.filter(territory=margeride.territory).update(suspended_at=timezone.now())
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_what_is_written_is_what_they_read_when_it_is_written(
    cast: Cast, margeride: Project, sheet: Action, sign_in: SignIn
) -> None:
    MembershipFactory.create(user=cast.bruno, territory=margeride.territory)
    client = sign_in(cast.bruno)
    client.post(ADDRESS)
    document = Document.objects.get()
    cast.bruno.memberships.filter(territory=margeride.territory).update(suspended_at=timezone.now())
    produce(document.pk)
    document.refresh_from_db()
    assert document.printed_file is not None
    book = load_workbook(io.BytesIO(document.printed_file.read()))
    places = {row[1] for row in book[SHEETS].iter_rows(min_row=2, values_only=True)}
    assert places == {"Aubrac"}


def test_it_is_ordered_from_its_own_page_only(cast: Cast, sheet: Action, sign_in: SignIn) -> None:
    address = reverse("documents:document_order", args=[cast.project.pk, "fiches"])
    assert sign_in(cast.agnes).get(address).status_code == HTTPStatus.NOT_FOUND
    page = sign_in(cast.agnes).get(reverse("documents:document_list", args=[cast.project.pk]))
    assert "Fiches de plusieurs territoires" not in page.text
    with pytest.raises(CommandError, match="que depuis sa page"):
        call_command("print_document", "fiches", territory="aubrac", output="/nowhere/x.pdf")
