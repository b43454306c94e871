"""What the booklet says, before any printing: wordings, choices, cover, plannings."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command

from core.quarters import Quarter
from documents.kinds import PaperRefused, kind_of
from roadmap.enums import CellState, FundingState, RoleKind, Status
from roadmap.models import PriorityHeading
from territories.enums import ActKind
from territories.models import FormalAct, Project
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlannedQuarterFactory,
    unsigned,
)
from tests.roadmap.papers import KINDS, aubrac, booklet, html_of, priority, rich_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return aubrac()


# --- The booklet ---


def test_part_one_prints_the_summary_wording_and_part_two_the_planning_wording(
    project: Project,
) -> None:
    sheet = ActionFactory.create(project=project, title="Titre", planning_title="Autre titre")
    ObjectiveFactory.create(
        action=sheet,
        label="3)",
        title="Au planning",
        summary_label="4)",
        summary_title="Au tableau",
    )
    ObjectiveFactory.create(action=sheet, title="Seulement au tableau", in_planning=False)
    ObjectiveFactory.create(action=sheet, title="Seulement au planning", in_summary=False)
    paper = booklet(project)
    (table,), (planning,) = paper.sections[0].sheets, paper.plannings[0].plannings

    assert table.title == "Titre"
    assert [(row.label, row.title) for row in table.rows] == [
        ("4)", "Au tableau"),
        ("", "Seulement au tableau"),
    ]
    assert planning.title == "Autre titre"
    drawn = planning.grids[0].table
    assert "Au planning" in drawn
    assert "Seulement au planning" in drawn
    assert "au tableau" not in drawn.lower()


def test_sheet_without_a_planned_row_is_in_part_one_only(project: Project) -> None:
    ObjectiveFactory.create(action__project=project, in_planning=False)
    paper = booklet(project)

    assert len(paper.sections[0].sheets) == 1
    assert paper.plannings == ()


def test_objectives_of_a_projet_are_indented_under_it(project: Project) -> None:
    rich_sheet(project, 1)
    rows = booklet(project).sections[0].sheets[0].rows

    assert [(row.label, row.depth, row.is_project) for row in rows] == [
        ("0)", 0, False),
        ("Projet 1", 0, True),
        ("1)", 1, False),
        ("2)", 1, False),
    ]


def test_heading_is_the_booklets_own_or_the_decrees(project: Project) -> None:
    ActionFactory.create(project=project, priority=priority(1))
    ActionFactory.create(project=project, priority=priority(2))
    with unsigned():
        PriorityHeading.objects.create(
            project=project, priority=priority(1), title="Notre intitulé"
        )
    first, second = booklet(project).sections

    assert (first.mark, first.title) == ("Objectif\u00a01 du décret\u00a0:", "Notre intitulé")
    assert second.title.lower() == priority(2).text.lower()
    assert second.title[0].isupper()


def test_note_of_a_priority_is_printed_without_any_planning(project: Project) -> None:
    ActionFactory.create(project=project, priority=priority(5))
    with unsigned():
        PriorityHeading.objects.create(
            project=project, priority=priority(5), planning_note="Démarrage en 2020"
        )
    (section,) = booklet(project).plannings

    assert (section.note, section.plannings) == ("Démarrage en 2020", ())


def test_counts_are_said_and_agree(project: Project) -> None:
    for number in (1, 2, 3):
        ActionFactory.create(project=project, number=number, priority=priority(1))
    ActionFactory.create(project=project, number=4, priority=priority(2))
    paper = booklet(project)
    alone = booklet(project, priority=["2"])

    assert paper.count == "4\u00a0fiches action"
    assert paper.intro.startswith("Ce document reprend les 4\u00a0fiches action du PTSM Aubrac, ")
    assert "selon les objectifs 1 et 2 du décret" in paper.intro
    assert [section.count for section in paper.sections] == [
        "3\u00a0fiches action",
        "1\u00a0fiche action",
    ]
    assert " répond à l’objectif" in paper.sections[1].lead
    assert alone.count == "1\u00a0fiche action sur 4"
    assert "une des 4\u00a0fiches action" in alone.intro


def test_choices_are_printed_on_the_cover(project: Project) -> None:
    for number in (1, 2, 3):
        ActionFactory.create(
            project=project, number=number, priority=priority(number), status=Status.RUNNING
        )
    choices = {"part": ["1"], "priority": ["1", "3"], "status": [Status.RUNNING.value]}
    words = booklet(project, **choices).choices

    assert words.replace("\u00a0", " ") == (
        "Partie 1 seulement (tableaux récapitulatifs) · priorités 1 et 3 · avancement : En cours"
    )
    assert words in html_of("livret", project, **choices)
    assert words in kind_of("livret").title(project, choices)


def test_parts_left_out_are_not_printed(project: Project) -> None:
    rich_sheet(project, 1)

    assert booklet(project, part=["2"]).sections == ()
    assert booklet(project, part=["1"]).plannings == ()


def test_choices_that_keep_nothing_are_refused_in_french(project: Project) -> None:
    with pytest.raises(PaperRefused, match="aucune fiche action à imprimer"):
        booklet(project)
    ActionFactory.create(project=project)
    with pytest.raises(PaperRefused, match="Aucune fiche action ne répond à ces choix"):
        booklet(project, status=[Status.DONE.value])
    with pytest.raises(PaperRefused, match="n’a de planning à imprimer"):
        booklet(project, part=["2"])


def test_sheets_without_priority_are_printed_last_and_can_be_chosen(project: Project) -> None:
    ActionFactory.create(project=project, number=1, priority=None)
    ActionFactory.create(project=project, number=2)

    assert [section.priority for section in booklet(project).sections] == [1, None]
    assert booklet(project, priority=["sans"]).sections[0].title == (
        "Fiches action sans priorité du décret"
    )


def test_cover_says_the_order_and_the_last_change_in_local_time(project: Project) -> None:
    project.territory.time_zone = "Indian/Reunion"
    project.mark_changed(at=dt.datetime(2026, 2, 28, 21, tzinfo=dt.UTC))
    ActionFactory.create(project=project)
    before = booklet(project).imprint
    FormalAct.objects.create(
        project=project, kind=ActKind.PROJECT_ORDER, dated_on=dt.date(2024, 3, 12)
    )
    after = booklet(project).imprint

    assert after.stated_on == "1er\u00a0mars\u00a02026"
    assert after.stated_iso == "2026-03-01"
    assert after.foot == "PTSM Aubrac · Livret synthétique · État au 1er\u00a0mars\u00a02026"
    assert before.version == ""
    assert after.version == "Arrêté du 12\u00a0mars\u00a02024"


@pytest.mark.parametrize(("code", "choices"), KINDS)
def test_fictional_territory_says_so(project: Project, code: str, choices: dict[str, Any]) -> None:
    rich_sheet(project, 1)
    told = "Territoire fictif, données de démonstration"

    assert told not in html_of(code, project, **choices)
    project.territory.is_fictional = True
    assert told in html_of(code, project, **choices)


# --- Plannings ---


def test_what_is_one_rows_own_is_printed_in_that_row(project: Project) -> None:
    row = ObjectiveFactory.create(action__project=project, action__number=1)
    sheet = row.action
    ActionRoleFactory.create(
        action=sheet, objective=row, kind=RoleKind.PILOT_GROUP, label="cf fiche action"
    )
    ActionRoleFactory.create(
        action=sheet, objective=row, kind=RoleKind.PARTNER, label="Fiche pour voir l’ensemble"
    )
    FundingLineFactory.create(
        action=sheet, objective=row, amount=1500, state=FundingState.ASKED, source="FIR"
    )
    ActionIndicatorFactory.create(
        action=sheet,
        objective=row,
        label="Réunions",
        target="4",
        target_quarter=Quarter.of(2026, 4).index,
    )
    planning = booklet(project).plannings[0].plannings[0]
    drawn = planning.grids[0].table.replace("\u00a0", " ").replace("\u202f", " ")

    assert planning.who == ()
    for words in (
        "Groupe pilotes : cf fiche action",
        "Acteurs partenaires : Fiche pour voir l’ensemble",
        "Financement : ARS (FIR), 1 500 € (demandé)",
        "Indicateur : Réunions (cible : 4, T4 2026)",
    ):
        assert f'<span class="grid-remark">{words}</span>' in drawn


def test_who_of_the_whole_sheet_stands_above_its_grid(project: Project) -> None:
    sheet = rich_sheet(project, 1)
    organisation = OrganisationFactory.create(territory=project.territory, name="GEM Envol")
    ActionRoleFactory.create(action=sheet, label="", organisation=organisation, position=1)
    planning = booklet(project).plannings[0].plannings[0]

    assert dict(planning.who) == {
        "Pilotes": "UNAFAM, GEM Envol",
        "Financeurs": "ARS",
        "Indicateurs": "Nombre de rencontres (cible\u00a0: 3)",
    }
    assert planning.missing == "partenaires"


def test_unknown_window_is_said_and_drawn_without_columns(project: Project) -> None:
    project.planning_first = project.planning_last = None
    rich_sheet(project, 1)
    planning = booklet(project).plannings[0].plannings[0]

    assert planning.is_undated
    assert "grid-quarter" not in planning.grids[0].table
    assert "Calendrier à définir" in html_of("livret", project)
    assert "Calendrier à définir" in html_of("fiche", project, number=1)


@pytest.mark.parametrize(
    ("first", "last", "columns"),
    [
        ((2026, 1), (2027, 4), [8]),
        ((2024, 1), (2029, 1), [21]),
        ((2024, 2), (2030, 1), [24]),
        ((2024, 2), (2030, 2), [15, 10]),
        ((2020, 1), (2034, 4), [20, 20, 20]),
    ],
)
def test_window_too_wide_for_a_page_is_cut_by_years(
    project: Project, first: tuple[int, int], last: tuple[int, int], columns: list[int]
) -> None:
    project.planning_first = Quarter.of(*first).index
    project.planning_last = Quarter.of(*last).index
    row = ObjectiveFactory.create(action__project=project)
    other = ObjectiveFactory.create(action=row.action, planning_note="à déterminer")
    cells = [Quarter.of(*first).index, Quarter.of(*last).index]
    for quarter in cells:
        PlannedQuarterFactory.create(objective=row, quarter=quarter, state=CellState.DONE)
    grids = booklet(project).plannings[0].plannings[0].grids

    assert [grid.table.count('<th scope="col" class="grid-quarter') for grid in grids] == columns
    assert sum(grid.table.count(">fait<") for grid in grids) == len(cells)
    for grid, width in zip(grids, columns, strict=True):
        assert f'colspan="{width}"><span>{other.planning_note}' in grid.table


def test_legend_names_the_marked_quarter_only_where_a_grid_has_it(project: Project) -> None:
    rich_sheet(project, 1)

    assert booklet(project).marked_quarter == "T4\u00a02026"
    project.planning_last = Quarter.of(2026, 3).index
    assert booklet(project).marked_quarter == ""


# --- Mayenne ---


def test_mayenne_prints_its_own_counts(db: None) -> None:
    call_command("load_ptsm53", verbosity=0)
    paper = booklet(Project.objects.get(territory__code="53"))
    numbers = [[planning.number for planning in section.plannings] for section in paper.plannings]

    assert [len(section.sheets) for section in paper.sections] == [4, 11, 3, 5, 4, 3]
    assert numbers == [[2, 4], [5, 6, 12, 13, 15], [17, 18], [19, 22, 23], [], [28]]
    assert paper.plannings[4].note.endswith("démarrage groupes pilotes en 2020")
    assert paper.intro.replace("\u00a0", " ") == (
        "Ce document reprend les 30 fiches action du PTSM Mayenne, restituées selon les "
        "6 objectifs du décret du 27 juillet 2017."
    )
