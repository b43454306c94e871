"""The directory goes out to Excel and comes back: nothing lost, nothing half-written."""

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from documents.workbooks import WorkbookRefused
from governance.enums import LivedExperience
from governance.exports.directory import blank_directory, export_directory
from governance.imports.directory import (
    Choice,
    ImportPlan,
    ImportRefused,
    import_directory,
    plan_directory,
)
from governance.models import Organisation, Person
from governance.services.people import correct_person, remove_person
from governance.writing import mark_of
from journal.models import Change, ChangeSet
from tests.cast import Cast
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
EXCEL = "/territoires/aubrac/annuaire/excel/"


@pytest.fixture
def directory(cast: Cast) -> Person:
    """Two organisations, one closed, and a person with everything that a cell may twist."""
    ch = OrganisationFactory.create(
        territory=cast.aubrac,
        name="=CH du Val",
        short_name="CH",
        category="sanitaire",
        address="- Bâtiment B\n1, rue du Clos",
        postcode="01234",
        town="L’Aubrac",
        email="ch@exemple.fr",
        website="https://ch.exemple.fr",
        charter_signed_on=dt.date(2025, 12, 31),
    )
    OrganisationFactory.create(territory=cast.aubrac, closed_on=dt.date(2026, 1, 5))
    OrganisationFactory.create(territory=cast.elsewhere.territory, name="Étrangère")
    person: Person = PersonFactory.create(
        territory=cast.aubrac,
        first_name="Élodie",
        last_name="Roy",
        function="+ directrice",
        organisation=ch,
        email="elodie@exemple.fr",
        telephone="0102030405",
        user=cast.bruno,
        left_on=dt.date(2026, 1, 4),
        lived_experience=LivedExperience.CARER,
    )
    return person


def book(cast: Cast, *, with_contacts: bool = True) -> Any:
    contents = export_directory(cast.aubrac, with_contacts=with_contacts)
    return openpyxl.load_workbook(io.BytesIO(contents))


def saved(workbook: Any) -> bytes:
    kept = io.BytesIO()
    workbook.save(kept)
    return kept.getvalue()


def put(workbook: Any, sheet: str, row: int, **cells: Any) -> None:
    """Write in the columns of these titles; « _ » stands for a blank."""
    page = workbook[sheet]
    titles = {str(cell.value): cell.column for cell in page[1]}
    for title, value in cells.items():
        page.cell(row, titles[title.replace("_", " ")]).value = value


def plan(cast: Cast, workbook: Any, **options: Any) -> ImportPlan:
    return plan_directory(cast.aubrac, name="a.xlsx", contents=saved(workbook), **options)


def sentences(made: ImportPlan) -> list[str]:
    return [error.sentence for error in made.report.errors]


def test_what_goes_out_and_comes_back_changes_nothing(cast: Cast, directory: Person) -> None:
    for with_contacts in (True, False):
        contents = export_directory(cast.aubrac, with_contacts=with_contacts)
        before = list(Person.objects.values()) + list(Organisation.objects.values())
        made, done = import_directory(cast.aubrac, by=cast.agnes, name="a.xlsx", contents=contents)
        assert made is not None
        assert sentences(made) == []
        assert (made.report.created, made.report.updated, made.report.unchanged) == (0, 0, 3)
        assert done.changeset is None
        assert before == list(Person.objects.values()) + list(Organisation.objects.values())


def test_same_directory_is_the_same_bytes(cast: Cast, directory: Person) -> None:
    twice = [export_directory(cast.aubrac, with_contacts=True) for _ in range(2)]
    assert twice[0] == twice[1]


def test_cells_are_compared_and_written_in_one_gesture(cast: Cast, directory: Person) -> None:
    workbook = book(cast)
    put(workbook, "Personnes", 2, Fonction="Cadre", Organisation="GEM", Partie_le=None)
    put(workbook, "Organisations", 4, Nom="GEM", Catégorie="usagers et familles")
    put(workbook, "Personnes", 3, Nom="Neuve", Organisation="gem", Téléphone=102030405)
    made, done = import_directory(
        cast.aubrac, by=cast.agnes, name="a.xlsx", contents=saved(workbook)
    )
    assert made is not None
    told = [(one.column, one.old, one.new) for one in made.report.changes]
    assert told == [
        ("Fonction", "+ directrice", "Cadre"),
        ("Partie le", "04/01/2026", ""),
        ("Organisation", "=CH du Val", "GEM"),
    ]
    directory.refresh_from_db()
    gem = Organisation.objects.get(name="GEM")
    assert (directory.organisation, directory.function, directory.left_on) == (gem, "Cadre", None)
    assert directory.lived_experience == LivedExperience.CARER
    new = Person.objects.get(last_name="Neuve")
    assert (new.organisation, new.telephone, new.folded) == (gem, "102030405", "neuve")
    assert gem.category == "usagers"
    assert done.changeset is not None
    assert str(done.changeset) == (
        "Agnes Durand a importé l’annuaire d’un classeur\u00a0: 2\u00a0lignes créées et "
        "1\u00a0ligne modifiée"
    )
    assert ChangeSet.objects.filter(source="import").count() == 1
    assert "102030405" not in str(list(Change.objects.values_list("new", flat=True)))


def test_mistakes_are_told_by_sheet_row_and_column(cast: Cast, directory: Person) -> None:
    workbook = book(cast)
    put(workbook, "Organisations", 2, Catégorie="Sanitair", Site_internet="pas un site")
    put(workbook, "Organisations", 4, Nom="=CH du Val", Charte_signée_le="32/01/2026")
    put(workbook, "Personnes", 2, Nom=None, Adresse_électronique="zoe", Partie_le="01/01/2999")
    put(workbook, "Personnes", 3, Nom="A", Organisation="CH du Vla", Clé=999999)
    put(workbook, "Personnes", 4, Nom="B", Organisation="CH du Vla", Fonction="x" * 121)
    put(workbook, "Personnes", 5, Prénom="=1+1")
    made = plan(cast, workbook)
    told = sentences(made)
    for start in (
        "Feuille «\u00a0Organisations\u00a0», ligne\u00a02, colonne «\u00a0Catégorie\u00a0»\u00a0: "
        "«\u00a0Sanitair\u00a0» n’existe pas\u00a0; le plus proche est «\u00a0Sanitaire\u00a0».",
        "Feuille «\u00a0Organisations\u00a0», ligne\u00a02, colonne «\u00a0Site internet",
        "Feuille «\u00a0Organisations\u00a0», ligne\u00a04, colonne «\u00a0Charte signée le",
        "Feuille «\u00a0Organisations\u00a0», ligne\u00a04, colonne «\u00a0Nom\u00a0»",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a02, colonne «\u00a0Nom\u00a0»",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a02, colonne «\u00a0Adresse électronique",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a02, colonne «\u00a0Partie le\u00a0»",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a03, colonne «\u00a0Clé\u00a0»",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a04, colonne «\u00a0Organisation\u00a0»",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a04, colonne «\u00a0Fonction\u00a0»",
        "Feuille «\u00a0Personnes\u00a0», ligne\u00a05, colonne «\u00a0Prénom\u00a0»",
    ):
        assert any(sentence.startswith(start) for sentence in told), start
    before = Person.objects.count()
    with pytest.raises(ImportRefused):
        import_directory(cast.aubrac, by=cast.agnes, name="a.xlsx", contents=saved(workbook))
    assert Person.objects.count() == before


def test_broken_shapes_are_told(cast: Cast, directory: Person) -> None:
    workbook = book(cast)
    workbook["Personnes"]["D1"].value = "Autre chose"
    workbook["Organisations"]["B1"].value = "Nom d’usage"
    made = plan(cast, workbook)
    assert any("sans colonne «\u00a0Fonction\u00a0»" in notice for notice in made.report.notices)
    assert any("«\u00a0Nom\u00a0» manque" in sentence for sentence in sentences(made))
    assert any("est là 2 fois" in sentence for sentence in sentences(made))
    workbook = book(cast)
    del workbook["Personnes"]
    assert "La feuille «\u00a0Personnes\u00a0» manque" in sentences(plan(cast, workbook))[0]
    workbook = book(cast)
    del workbook["Origine"]
    with pytest.raises(WorkbookRefused, match="ne vient pas de l’annuaire"):
        plan(cast, workbook)
    foreign = export_directory(cast.elsewhere.territory, with_contacts=True)
    with pytest.raises(WorkbookRefused, match="celui de"):
        plan_directory(cast.aubrac, name="a.xlsx", contents=foreign)


def test_what_was_written_meanwhile_is_asked_about(cast: Cast, directory: Person) -> None:
    workbook, aged = book(cast), book(cast)
    put(workbook, "Personnes", 2, Fonction="Du fichier")
    seen = mark_of(directory)
    directory.function = "De l’application"
    correct_person(person=directory, seen=seen, by=cast.agnes)
    # A file that has aged, and says nothing of its own there, changes nothing.
    assert not plan(cast, aged).report.does_something
    made = plan(cast, workbook)
    assert not made.can_be_written
    assert [one.by for one in made.report.conflicts] == ["Agnes Durand"]
    for keep, said in ((Choice.CURRENT, "De l’application"), (Choice.FILE, "Du fichier")):
        contents = saved(workbook)
        import_directory(cast.aubrac, by=cast.agnes, name="a", contents=contents, keep=keep)
        directory.refresh_from_db()
        assert directory.function == said


def test_who_was_removed_meanwhile_is_named(cast: Cast, directory: Person) -> None:
    stray = PersonFactory.create(territory=cast.aubrac, last_name="Zed")
    workbook = book(cast)
    remove_person(person=stray, by=cast.agnes)
    told = sentences(plan(cast, workbook))
    assert len(told) == 1
    assert "retirée de l’annuaire depuis l’export par Agnes Durand" in told[0]


def test_lead_sends_a_template_back_by_the_page(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.agnes)
    workbook = openpyxl.load_workbook(io.BytesIO(blank_directory(cast.aubrac)))
    put(workbook, "Organisations", 2, Nom="GEM")
    put(workbook, "Personnes", 2, Nom="Roy", Organisation="GEM")
    upload = SimpleUploadedFile("annuaire.xlsx", saved(workbook))
    response = client.post(EXCEL, {"upload": upload})
    preview = response.headers["Location"]
    page = client.get(preview).text
    assert "Personnes, ligne 2\u00a0: Roy" in page
    assert not Person.objects.exists()
    for _ in range(2):
        assert client.post(preview).headers["Location"] == "/territoires/aubrac/annuaire/"
    person = Person.objects.get()
    assert str(person.organisation) == "GEM"
    bad = client.post(EXCEL, {"upload": SimpleUploadedFile("a.xlsx", b"PK")})
    assert "a.xlsx" in bad.text
    assert sign_in(cast.emile).get(preview).status_code == 302


def test_pages_cost_the_same_for_many(
    cast: Cast,
    sign_in: SignIn,
    queries: Callable[[Callable[[], object]], int],
    directory: Person,
) -> None:
    client = sign_in(cast.agnes)

    def cost() -> tuple[int, int]:
        contents = export_directory(cast.aubrac, with_contacts=True)
        told = queries(lambda: plan_directory(cast.aubrac, name="a.xlsx", contents=contents))
        return queries(lambda: client.get(f"{EXCEL}telecharger/")), told

    few = cost()
    for _ in range(20):
        organisation = OrganisationFactory.create(territory=cast.aubrac)
        PersonFactory.create(territory=cast.aubrac, organisation=organisation)
    assert cost() == few
    assert max(few) <= 10


def test_commands_go_round(
    cast: Cast, directory: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "annuaire.xlsx"
    call_command("export_directory", territory="aubrac", output=str(path))
    assert "2\u00a0organisations, 1\u00a0personne" in capsys.readouterr().out
    workbook = openpyxl.load_workbook(path)
    put(workbook, "Personnes", 2, Fonction="Cadre")
    workbook.save(path)
    call_command("import_directory", str(path), territory="aubrac", dry_run=True, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 1, 2)
    assert told["changes"] == [
        {
            "sheet": "Personnes",
            "row": 2,
            "column": "Fonction",
            "old": "+ directrice",
            "new": "Cadre",
        }
    ]
    call_command("import_directory", str(path), territory="aubrac")
    assert "Import fait" in capsys.readouterr().out
    put(workbook, "Personnes", 2, Nom=None)
    workbook.save(path)
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        call_command("import_directory", str(path), territory="aubrac", json=True)
    assert json.loads(capsys.readouterr().out)["errors"][0]["column"] == "Nom"
    with pytest.raises(CommandError, match="ne se laisse pas lire"):
        call_command("import_directory", str(tmp_path / "x"), territory="aubrac")


# --- What somebody lives goes nowhere ------------------------------------------------------------


def test_no_workbook_says_what_somebody_lives(
    cast: Cast, sign_in: SignIn, directory: Person
) -> None:
    contents = sign_in(cast.agnes).get(f"{EXCEL}telecharger/").content
    read = openpyxl.load_workbook(io.BytesIO(contents))
    words = [
        str(cell.value).lower() for sheet in read for row in sheet for cell in row if cell.value
    ]
    assert "elodie@exemple.fr" in words
    assert [word for word in words if "aidant" in word or "concern" in word] == []


def test_member_takes_it_without_how_to_reach_people(
    cast: Cast, sign_in: SignIn, directory: Person
) -> None:
    contents = sign_in(cast.bruno).get(f"{EXCEL}telecharger/").content
    read = openpyxl.load_workbook(io.BytesIO(contents))
    words = [
        str(cell.value).lower() for sheet in read for row in sheet for cell in row if cell.value
    ]
    assert "roy" in words
    hidden = ("exemple.fr", "0102", "adresse électronique", "téléphone", "aidant", "concern")
    found = [word for word in words if any(one in word for one in hidden)]
    assert sorted(found) == ["https://ch.exemple.fr", "par exemple https://www.exemple.fr."]
