"""The Mayenne booklet in the base: every word of the JSON, and nothing that it does not say."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.quarters import Quarter
from roadmap.enums import ObjectiveKind, ObjectiveState, RoleKind, Status
from roadmap.imports.ptsm53 import SOURCE, read_booklet
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    FundingLine,
    Objective,
    PlannedQuarter,
    Priority,
)
from roadmap.services import RoadmapRefused, describe_roadmap
from territories.enums import Stage
from territories.models import Project, Region, Territory
from tests.factories import unsigned

pytestmark = pytest.mark.django_db

BOOKLET: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))
PLANNINGS = {item["action_number"]: item for item in BOOKLET["planning"]["plannings"]}
DIFFERENCES = {
    item["action_number"]: item for item in BOOKLET["planning"]["differences_with_part1"]
}
NUMBERS = [item["number"] for item in BOOKLET["actions"]]


def load(**options: bool) -> str:
    said = io.StringIO()
    call_command("load_ptsm53", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def mayenne(db: None) -> Project:
    load()
    return Project.objects.get(territory__code="53")


def rows_of(project: Project, number: int) -> list[Objective]:
    """As a reader meets them: rows of no Projet by rank, each followed by its own."""
    objectives = list(
        Objective.objects.filter(action__project=project, action__number=number).order_by(
            "position", "pk"
        )
    )
    tops = [row for row in objectives if row.parent_id is None]
    return [row for top in tops for row in [top, *(x for x in objectives if x.parent_id == top.pk)]]


def number_label(number: int | None) -> str:
    return "" if number is None else f"{number})"


def summary_of(action: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, text) of part 1, in the booklet's order."""
    objectives = action["operational_objectives"]

    def under(label: str | None) -> list[tuple[str, str]]:
        return [
            (number_label(item["source_number"]), item["text"])
            for item in objectives
            if item["parent"] == label
        ]

    found = under(None)
    for project in action["projects"]:
        found += [(project["label"], project["text"]), *under(project["label"])]
    return found


def planning_of(number: int) -> list[tuple[str, str]]:
    """(label, text) of part 2, in the booklet's order."""
    return [
        (row["project"] or number_label(row["source_number"]), row["text"])
        for row in PLANNINGS.get(number, {"rows": []})["rows"]
    ]


def test_project_says_what_the_cover_says(mayenne: Project) -> None:
    assert mayenne.title == "Projet Territorial en Santé Mentale 53"
    assert mayenne.edition == "JANVIER 2019"
    assert mayenne.author == "PAR LE GROUPE PROJET"
    assert "Livret synthétique du projet" in mayenne.source
    assert mayenne.stage == Stage.RUNNING
    assert (mayenne.starts_on, mayenne.ends_on) == (None, None)
    assert [quarter.code for quarter in mayenne.planning_quarters] == [
        f"{year}-T{number}" for year in (2019, 2020) for number in (1, 2, 3, 4)
    ]


def test_territory_is_the_whole_departement(mayenne: Project) -> None:
    territory = mayenne.territory
    assert (territory.name, territory.region.name) == ("Mayenne", "Pays de la Loire")
    assert [(p.department.code, p.is_whole) for p in territory.parts.all()] == [("53", True)]
    assert not territory.is_fictional


def test_thirty_sheets_by_priority_and_thirteen_plannings(mayenne: Project) -> None:
    sheets = Action.objects.of(mayenne)
    by_priority = [sheets.under_priority(number).count() for number in range(1, 7)]
    assert by_priority == [4, 11, 3, 5, 4, 3]
    planned = sheets.filter(objectives__in_planning=True).distinct()
    assert sorted(planned.values_list("number", flat=True)) == sorted(PLANNINGS)
    assert len(PLANNINGS) == 13


def test_part_1_is_printed_as_in_the_booklet(mayenne: Project) -> None:
    for action in BOOKLET["actions"]:
        number = action["number"]
        sheet = Action.objects.select_related("priority").get(project=mayenne, number=number)
        assert sheet.title == action["title"]
        assert sheet.priority is not None
        assert sheet.priority.number == action["decree_objective"]
        assert sheet.remarks == "\n".join(action["notes"])
        printed = [
            (row.label_in_summary, row.title_in_summary)
            for row in rows_of(mayenne, number)
            if row.in_summary
        ]
        assert printed == summary_of(action), f"fiche {number}"


def test_part_2_is_printed_as_in_the_booklet(mayenne: Project) -> None:
    for number in NUMBERS:
        printed = [(row.label, row.title) for row in rows_of(mayenne, number) if row.in_planning]
        assert printed == planning_of(number), f"fiche {number}"


def test_ranks_follow_the_reading_order(mayenne: Project) -> None:
    for number in NUMBERS:
        ranks = [row.position for row in rows_of(mayenne, number)]
        assert ranks == list(range(1, len(ranks) + 1)), f"fiche {number}"


def test_both_wordings_are_paired_as_the_file_pairs_them(mayenne: Project) -> None:
    for number, differences in DIFFERENCES.items():
        told = [
            (
                item["kind"],
                number_label(item["part1"]) if item["kind"] == "number" else item.get("part1"),
                number_label(item["part2"]) if item["kind"] == "number" else item.get("part2"),
            )
            for item in differences["rows"]
        ]
        found = differences_of(rows_of(mayenne, number))
        assert sorted(found, key=str) == sorted(told, key=str), f"fiche {number}"


def differences_of(rows: list[Objective]) -> list[tuple[str, object, object]]:
    found: list[tuple[str, object, object]] = []
    for row in rows:
        in_both = row.in_summary and row.in_planning
        if in_both and row.summary_title:
            found.append(("wording", row.title_in_summary, row.title))
        if in_both and row.summary_label:
            found.append(("number", row.label_in_summary, row.label))
        if not row.in_planning:
            found.append(("only_in_part1", row.title, None))
        if not row.in_summary:
            found.append(("only_in_part2", None, row.title))
    return found


def test_four_sheets_have_a_second_title(mayenne: Project) -> None:
    second = Action.objects.of(mayenne).exclude(planning_title="").in_order()
    assert [sheet.number for sheet in second] == [12, 17, 18, 23]
    for number, planning in PLANNINGS.items():
        sheet = Action.objects.get(project=mayenne, number=number)
        assert sheet.title_in_planning == planning["title_in_planning"]


def test_rows_of_one_part_only_are_marked(mayenne: Project) -> None:
    assert [row.title for row in rows_of(mayenne, 12) if not row.in_summary] == [
        "Evaluer le dispositif"
    ]
    rows = rows_of(mayenne, 22)
    assert [(row.title, row.in_summary, row.in_planning) for row in rows if not row.label] == [
        ("Créer un groupe pilotes chargé de la mise en œuvre", False, True),
        ("Etablir une carte soins somatiques et psychiatriques", True, False),
    ]
    card = next(row for row in rows if not row.in_planning)
    assert card.parent is not None
    assert card.parent.label == "Projet 2"


def test_fiche_18_keeps_both_numberings(mayenne: Project) -> None:
    rows = rows_of(mayenne, 18)
    assert [row.label_in_summary for row in rows] == ["1)", "2)", "4)", "5)", "6)"]
    assert [row.label for row in rows] == ["1)", "2)", "3)", "4)", "5)"]
    assert "mmédecins" in rows[3].title
    assert "mmédecins" not in rows[3].title_in_summary


def test_fiche_3_keeps_its_sentence_without_number(mayenne: Project) -> None:
    labels = [row.label for row in rows_of(mayenne, 3)]
    assert labels == ["1)", "2)", "", "3)", "4)"]


@pytest.mark.parametrize("number", [6, 22, 29])
def test_rows_of_no_projet_come_first(mayenne: Project, number: int) -> None:
    first, *others = rows_of(mayenne, number)
    assert not first.is_project
    assert all(row.is_project or row.parent_id for row in others)


def test_fiche_6_has_its_text_across_the_quarters(mayenne: Project) -> None:
    span = (Quarter.of(2019, 1).index, Quarter.of(2020, 4).index)
    noted = Objective.objects.exclude(planning_note="").order_by("position")
    assert [(row.action.number, row.label) for row in noted] == [
        (6, f"Projet {number}") for number in (1, 2, 3, 4)
    ]
    for row in noted:
        assert row.planning_note == "à déterminer par les pilotes"
        assert (row.note_first, row.note_last) == span


def test_fiche_28_has_what_its_pilotage_columns_say(mayenne: Project) -> None:
    roles = ActionRole.objects.order_by("position")
    assert [(role.kind, role.label) for role in roles] == [
        (RoleKind.PILOT_GROUP, "cf fiche action"),
        (RoleKind.PARTNER, "Fiche pour voir l'ensemble"),
    ]
    for role in roles:
        assert role.action.number == 28
        assert role.objective is not None
        assert role.objective.label == "1)"
        assert (role.organisation, role.person) == (None, None)


def test_headings_are_the_booklet_s_own_words(mayenne: Project) -> None:
    headings = mayenne.headings.order_by("priority__number").select_related("priority")
    assert [(heading.priority.number, heading.title) for heading in headings] == [
        (item["number"], item["title"]) for item in BOOKLET["decree_objectives"]
    ]
    assert {h.priority.number: h.planning_note for h in headings if h.planning_note} == {
        5: "Objectif 5 : Fiches actions 26 et 27 : démarrage groupes pilotes en 2020"
    }


def test_nothing_is_invented(mayenne: Project) -> None:
    assert not PlannedQuarter.objects.exists()
    assert not FundingLine.objects.exists()
    assert not ActionIndicator.objects.exists()
    assert set(Action.objects.values_list("status", flat=True)) == {Status.NOT_STARTED}
    assert set(Objective.objects.values_list("state", flat=True)) == {ObjectiveState.TODO}
    assert not Action.objects.exclude(need="", aim="", audience="", method="").exists()


def test_command_says_what_it_did(db: None) -> None:
    rows = sum(len(set(summary_of(item))) for item in BOOKLET["actions"]) + 2
    said = load()
    projects = Objective.objects.filter(kind=ObjectiveKind.PROJECT).count()
    assert Objective.objects.count() == rows
    assert said.startswith("Mayenne\u00a0: feuille de route chargée (30\u00a0fiches action")
    assert "soit 4, 11, 3, 5, 4 et 3 par priorité" in said
    assert f"{rows - projects}\u00a0objectifs et {projects}\u00a0projets" in said
    assert "13\u00a0plannings" in said


def test_second_run_changes_nothing(mayenne: Project) -> None:
    keys = set(Objective.objects.values_list("pk", flat=True))
    assert "rien n’a changé" in load()
    again = Project.objects.get(pk=mayenne.pk)
    assert (again.revision, again.changed_at) == (mayenne.revision, mayenne.changed_at)
    assert set(Objective.objects.values_list("pk", flat=True)) == keys


def edit_title(project: Project) -> None:
    with unsigned():
        Action.objects.filter(project=project, number=3).update(title="Renforcer le dispositif")


def edit_quarter(project: Project) -> None:
    with unsigned():
        PlannedQuarter.objects.create(
            objective=Objective.objects.filter(action__project=project).earliest("pk"),
            quarter=Quarter.of(2019, 2).index,
        )


def edit_project(project: Project) -> None:
    with unsigned():
        Project.objects.filter(pk=project.pk).update(author="Le groupe projet")


def edit_order(project: Project) -> None:
    with unsigned():
        Objective.objects.filter(action__project=project, action__number=1, label="3)").update(
            position=0
        )


@pytest.mark.parametrize("edit", [edit_title, edit_quarter, edit_project, edit_order])
def test_somebody_s_work_is_not_destroyed(
    mayenne: Project, edit: Callable[[Project], None]
) -> None:
    edit(mayenne)
    edited = describe_roadmap(mayenne)
    with pytest.raises(CommandError, match=r"modifiée dans l’application.*--force"):
        load()
    assert describe_roadmap(mayenne) == edited
    assert Project.objects.get(pk=mayenne.pk).revision == mayenne.revision


@pytest.mark.parametrize("edit", [edit_title, edit_quarter, edit_project, edit_order])
def test_force_brings_the_booklet_back(mayenne: Project, edit: Callable[[Project], None]) -> None:
    sheets = dict(Action.objects.values_list("number", "pk"))
    edit(mayenne)
    assert "feuille de route remplacée" in load(force=True)
    assert describe_roadmap(mayenne) == read_booklet().roadmap
    assert dict(Action.objects.values_list("number", "pk")) == sheets
    assert Project.objects.get(pk=mayenne.pk).revision > mayenne.revision
    assert "rien n’a changé" in load()


def test_without_regions_the_command_says_what_to_run(db: None) -> None:
    Region.objects.get(code="52").departments.all().delete()
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        load()


def test_without_priorities_nothing_is_left_half_written(db: None) -> None:
    Priority.objects.filter(number=4).delete()
    with pytest.raises(CommandError, match="priorité n°\u00a04"):
        load()
    assert not Territory.objects.exists()
    assert not Project.objects.exists()


def broken(tmp_path: Path, breaks: Callable[[dict[str, Any]], None]) -> Path:
    booklet = json.loads(SOURCE.read_text(encoding="utf-8"))
    breaks(booklet)
    path = tmp_path / "livret.json"
    path.write_text(json.dumps(booklet), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("breaks", "sentence"),
    [
        (
            lambda b: b["actions"][2].update(decree_objective=9),
            "livret.json, decree_objectives\u00a0: la fiche 3 relève d’une priorité inconnue.",
        ),
        (
            lambda b: b["actions"][2].pop("title"),
            "livret.json, actions[3]\u00a0: il manque «\u00a0title\u00a0».",
        ),
        (
            lambda b: b["actions"][2].update(number="trois"),
            "livret.json, actions[3], number\u00a0: un nombre entier est attendu.",
        ),
        (
            lambda b: b["actions"].pop(),
            "livret.json, decree_objectives\u00a0: l’objectif 6 du décret annonce 3 fiches, "
            "le fichier en porte 2.",
        ),
        (
            lambda b: b["planning"]["plannings"][0]["rows"][4].update(text="Autre chose"),
            "livret.json, actions[2], operational_objectives[3]\u00a0: "
            "cette ligne n’a pas sa pareille au planning.",
        ),
        (
            lambda b: b["planning"]["plannings"][-1]["rows"][0]["cells"][0].update(column="?"),
            "livret.json, planning, plannings[13], rows[1], cells[1], column\u00a0: "
            "la colonne «\u00a0?\u00a0» est inconnue.",
        ),
        (
            lambda b: b["actions"][1]["operational_objectives"][0].update(parent="Projet 9"),
            "livret.json, actions[2]\u00a0: un objectif est rangé sous un projet qui n’existe pas.",
        ),
        (
            lambda b: b.update(actions={}),
            "livret.json, actions\u00a0: une liste est attendue.",
        ),
    ],
)
def test_a_broken_file_is_refused_with_the_place(
    tmp_path: Path, breaks: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    with pytest.raises(RoadmapRefused) as refusal:
        read_booklet(broken(tmp_path, breaks))
    assert str(refusal.value) == sentence


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "livret.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(RoadmapRefused, match="n’est pas du JSON valide"):
        read_booklet(path)
    with pytest.raises(RoadmapRefused, match="ne se laisse pas lire"):
        read_booklet(tmp_path / "absent.json")
