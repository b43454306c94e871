"""A workbook that goes through LibreOffice itself: opened, typed in, saved, imported."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from core.quarters import Quarter
from overview.imports import load_demo
from roadmap.enums import CellState, FundingState, IndicatorKind, RoleKind, Status
from roadmap.exports.workbook import export_workbook
from roadmap.imports.workbooks import ImportPlan, import_workbook, plan_import
from roadmap.models import Action, ActionRole, Objective
from roadmap.services.drafts import (
    Attached,
    CellDraft,
    FundingDraft,
    IndicatorDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoleDraft,
    SheetDraft,
)
from roadmap.services.writing import write_roadmap
from roadmap.workbooks.widgets import quarter_title
from territories.models import Project
from tests.factories import ProjectFactory
from tests.libreoffice import Typed, require_libreoffice, saved_again
from tests.roadmap.sent_workbooks import Sent, assert_changes_nothing, exported

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FIRST = Quarter.of(2026, 1).index


@pytest.fixture(autouse=True)
def _libreoffice() -> None:
    require_libreoffice()


def typed(sent: Sent, sheet: str, row: int, title: str, text: str) -> Typed:
    return Typed(sheet, row, sent.column(sheet, title), text)


def plan_of(project: Project, contents: bytes) -> ImportPlan:
    plan = plan_import(project, name="retour.xlsx", contents=contents)
    assert [error.sentence for error in plan.report.errors] == []
    return plan


@pytest.mark.parametrize("code", ["53", "demo"])
def test_one_cell_typed_in_libreoffice_is_exactly_that_one_difference(code: str) -> None:
    load_demo(on=dt.date(2026, 11, 20), password="correct cheval pile agrafe")
    project = Project.objects.with_place().get(territory__code=code)
    contents = export_workbook(project)
    sent = Sent(contents)
    sheet = Action.objects.of(project).exclude(status=Status.SUSPENDED).first()
    assert sheet is not None
    row = sent.row("Fiches", "Clé", sheet.pk)
    objective, quarter = blank_cell(project)
    line = sent.row("Planning", "Clé", objective.pk)
    cells: list[tuple[Any, ...]] = [
        ("Fiches", row, "Constat ou besoin", "Loin de tout : l’accès aux soins", sheet.need),
        ("Fiches", row, "Avancement", "Réalisée", sheet.get_status_display()),
        ("Planning", line, quarter_title(quarter), "prévu", ""),
    ]
    same, *changed = saved_again(contents, [[], *([typed(sent, *cell[:4])] for cell in cells)])
    assert_changes_nothing(project, same)
    for file, (name, number, title, text, old) in zip(changed, cells, strict=True):
        report = plan_of(project, file).report
        (change,) = report.changes
        assert (change.sheet, change.row, change.column) == (name, number, title)
        assert (change.old, change.new) == (old, text)
        assert (report.created, report.updated) == (0, 1)
    _, done = import_workbook(project, by=None, name="retour.xlsx", contents=changed[-1])
    assert done.changeset is not None
    assert done.changeset.changes.count() == 1
    assert objective.planned_quarters.get(quarter=quarter).state == CellState.PLANNED


def blank_cell(project: Project) -> tuple[Objective, int]:
    """A row of the planning, and a quarter of the window in which it says nothing."""
    objectives = Objective.objects.filter(
        action__in=Action.objects.of(project), in_planning=True, planning_note=""
    )
    for objective in objectives.order_by("pk").prefetch_related("planned_quarters"):
        planned = {cell.quarter for cell in objective.planned_quarters.all()}
        for quarter in project.planning_quarters:
            if quarter.index not in planned:
                return objective, quarter.index
    raise AssertionError("every cell of the planning says something")


# What a spreadsheet likes to take for something else.
TRAPS = [
    "=1+1",
    "+33 2 43 00 00 00",
    "-5",
    "- Soutenir\n- Former",
    "@ARS",
    "'entre apostrophes'",
    "007",
    "1e5",
    "12,50",
    "24 000 €",
    "01/02/2026",
    "2026-01-02",
    "3/4",
    "10:30",
    "VRAI",
    "TRUE",
    "#N/A",
    "T1 2026",
    "_x000D_",
    "https://exemple.fr/?a=1&b=2",
    '<b>gras</b> & "guillemets"',
    "une\ttabulation",
    "deux  espaces\u00a0et un insécable",
    "déjà 👍🏽 ع e\u0301",
    "…" * 3_000,
]


def test_texts_that_a_spreadsheet_likes_to_rewrite_stay_themselves() -> None:
    project = ProjectFactory.create()
    write_roadmap(
        project=project,
        roadmap=RoadmapDraft(
            sheets=tuple(trapped(number, text) for number, text in enumerate(TRAPS, start=1))
        ),
    )
    project.refresh_from_db()
    contents = exported(project)
    (same,) = saved_again(contents, [[]])
    assert_changes_nothing(project, same)


def trapped(number: int, text: str) -> SheetDraft:
    """A sheet that says it wherever people write."""
    line = " ".join(text.split())[:80]
    return SheetDraft(
        number,
        line,
        need=text,
        remarks=text,
        objectives=(
            ObjectiveDraft(
                line,
                label=line[:10],
                planning_note=line,
                note_first=FIRST + 4,
                cells=(CellDraft(FIRST, CellState.DONE), CellDraft(FIRST + 1, CellState.SLIPPED)),
            ),
        ),
        attached=Attached(
            roles=(RoleDraft(RoleKind.PILOT, label=line),),
            funding=(
                FundingDraft(
                    FundingState.ASKED,
                    label=line,
                    source=line,
                    year=2026,
                    amount=Decimal("24000.10") * number,
                ),
            ),
            indicators=(
                IndicatorDraft(
                    line, kind=IndicatorKind.RESULT, value=line, target=line, target_quarter=FIRST
                ),
            ),
        ),
    )


def test_rows_added_and_cells_erased_in_libreoffice_are_read() -> None:
    project = ProjectFactory.create()
    draft = trapped(1, "Pair-aidance")
    write_roadmap(project=project, roadmap=RoadmapDraft(sheets=(draft,)))
    project.refresh_from_db()
    contents = exported(project)
    sent = Sent(contents)
    added: dict[str, dict[str, str]] = {
        "Fiches": {"N°": "2", "Titre": "Prévenir", "Avancement": "En cours"},
        "Objectifs": {"Fiche": "2", "Intitulé": "Écouter"},
        "Planning": {"Fiche": "2", "Objectif": "Écouter", "T2 2026": "p"},
        "Rôles": {"Fiche": "1", "Rôle": "Partenaire", "Qui": "=HYPERLINK(1)"},
        "Financements": {"Fiche": "2", "Financeur": "ARS", "Année": "2026"},
        "Indicateurs": {"Fiche": "2", "Indicateur": "007", "Objectif": "Écouter"},
    }
    cells = []
    for sheet, values in added.items():
        row = sent.add(sheet)
        cells += [typed(sent, sheet, row, title, text) for title, text in values.items()]
    erased = sent.row("Planning", "T1 2026", "fait")
    cells.append(typed(sent, "Planning", erased, "T1 2026", ""))
    (file,) = saved_again(contents, [cells])
    report = plan_of(project, file).report
    assert (report.created, report.updated) == (6, 1)
    (change,) = report.changes
    assert (change.column, change.old, change.new) == ("T1 2026", "fait", "")
    import_workbook(project, by=None, name="retour.xlsx", contents=file)
    sheet_2 = Action.objects.get(project=project, number=2)
    assert sheet_2.status == Status.RUNNING
    assert sheet_2.objectives.get().planned_quarters.get().quarter == FIRST + 1
    assert sheet_2.indicators.get().label == "007"
    assert sheet_2.funding_lines.get().year == 2026
    assert ActionRole.objects.get(kind=RoleKind.PARTNER).label == "=HYPERLINK(1)"
