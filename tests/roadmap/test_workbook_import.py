"""A workbook that comes back: what it adds, what it moves, who else wrote meanwhile."""

from typing import Any

import pytest

from core.quarters import Quarter
from journal.models import ChangeSet
from roadmap.enums import CellState, Status
from roadmap.exports.workbook import blank_workbook
from roadmap.imports.workbooks import (
    Choice,
    ImportPlan,
    ImportRefused,
    import_workbook,
    plan_import,
)
from roadmap.models import Action, ActionRole, Axis, FormerNumber, Objective, PlannedQuarter
from roadmap.services.history import take_back
from roadmap.services.lifecycle import restore_sheet, retire_sheet
from roadmap.services.objectives import remove_objective
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
)
from tests.journal.states import state_of
from tests.roadmap.sent_workbooks import Sent, exported

pytestmark = pytest.mark.django_db

FIRST = Quarter.of(2026, 1).index


class Scene:
    """Three sheets; the first has a « Projet » with a row, two rows of none, and all that hangs."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        project = cast.project
        self.one, self.two, self.three = (
            ActionFactory.create(project=project, number=number, title=title)
            for number, title in ((1, "Pair-aidance"), (2, "Loger"), (3, "Former"))
        )
        make = ObjectiveFactory.create
        self.first = make(action=self.one, title="Créer un groupe", position=1, label="1)")
        self.second = make(action=self.one, title="Le former", position=2, label="2)")
        self.group = ProjectGroupFactory.create(
            action=self.one, title="Aller vers", label="Projet 1", position=3
        )
        self.under = make(action=self.one, title="Sortir", parent=self.group, position=4)
        PlannedQuarterFactory.create(objective=self.first, quarter=FIRST)
        self.role = ActionRoleFactory.create(action=self.one, objective=self.second)
        FundingLineFactory.create(action=self.one)
        ActionIndicatorFactory.create(action=self.one)
        self.export()

    @property
    def project(self) -> Project:
        return Project.objects.with_place().get(pk=self.cast.project.pk)

    def export(self) -> None:
        self.sent = Sent(exported(self.project))

    def plan(self, **options: Any) -> ImportPlan:
        return plan_import(self.project, name="a.xlsx", contents=self.sent.contents, **options)

    def send(self, **options: Any) -> ChangeSet | None:
        _, done = import_workbook(
            self.project, by=self.cast.agnes, name="a.xlsx", contents=self.sent.contents, **options
        )
        return done.changeset

    def titles(self, action: Action) -> list[str]:
        rows = Objective.objects.filter(action=action).order_by("position", "pk")
        return [row.title for row in rows]

    def rewrite(self, action: Action, **columns: Any) -> None:
        """Somebody writes a sheet in the application."""
        with writing(self.project, by=self.cast.emile, words="a réécrit une fiche"):
            present = Action.objects.get(pk=action.pk)
            for name, value in columns.items():
                setattr(present, name, value)
            present.save()


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def errors_of(plan: ImportPlan) -> list[str]:
    return [error.sentence for error in plan.report.errors]


# --- Adding -------------------------------------------------------------------------------------


def test_a_new_sheet_with_all_that_hangs_on_it_is_added_and_taken_back(scene: Scene) -> None:
    organisation = OrganisationFactory.create(territory=scene.cast.aubrac, name="CH du Val")
    before = state_of(scene.project)
    sent = scene.sent
    sent.add("Fiches", **{"N°": 9, "Titre": "Prévenir", "Priorité": 2, "Axe": "Axe neuf"})
    sent.add("Objectifs", Fiche=9, Intitulé="Agir", Nature="Projet", Rang=1)
    sent.add("Objectifs", **{"Fiche": 9, "Intitulé": "Écouter", "Rangé dans": "Agir"})
    sent.add("Planning", **{"Fiche": 9, "Objectif": "Écouter", "T2 2026": "p", "T3 2026": "fait"})
    sent.add("Rôles", Fiche=9, Rôle="pilote", Qui="CH du Val")
    sent.add("Financements", **{"Fiche": 9, "Financeur": "ARS", "Montant en euros": "24 000,50"})
    sent.add("Indicateurs", Fiche=9, Objectif="Écouter", Indicateur="Délai")
    made = scene.send()
    assert made is not None
    sheet = Action.objects.get(project=scene.project, number=9)
    assert sheet.axis is not None
    assert (sheet.axis.title, sheet.priority.number if sheet.priority else 0) == ("Axe neuf", 2)
    group, row = Objective.objects.filter(action=sheet).order_by("position")
    assert (row.parent, group.is_project, row.planned_quarters.count()) == (group, True, 2)
    assert sheet.roles.get().organisation == organisation
    assert str(sheet.funding_lines.get().amount) == "24000.50"
    assert sheet.indicators.get().objective == row
    assert "prevenir" in sheet.folded
    assert made.words == "a importé un classeur\u00a0: 7\u00a0lignes créées"
    take_back(gesture=made, project=scene.project, by=scene.cast.agnes)
    assert state_of(scene.project) == before
    assert not Axis.objects.exists()


def test_a_template_fills_an_empty_roadmap(cast: Cast) -> None:
    project = Project.objects.with_place().get(pk=cast.project.pk)
    sent = Sent(blank_workbook(project))
    for number in range(1, 31):
        sent.add("Fiches", **{"N°": number, "Titre": f"Fiche {number}", "Avancement": "En cours"})
        sent.add("Objectifs", Fiche=number, Intitulé="Réunir")
    plan, _ = import_workbook(project, by=cast.agnes, name="a.xlsx", contents=sent.contents)
    assert plan is not None
    assert plan.report.created == 60
    assert Action.objects.of(project).with_status(Status.RUNNING).count() == 30
    assert Objective.objects.filter(title="Réunir", position=1).count() == 30


def test_a_row_absent_from_the_file_is_never_removed(scene: Scene) -> None:
    scene.sent.book["Fiches"].delete_rows(3)
    scene.sent.book["Rôles"].delete_rows(2)
    scene.sent.book["Objectifs"].delete_rows(2, 10)
    scene.sent.book["Planning"].delete_rows(2, 20)
    before = state_of(scene.project)
    assert scene.send() is None
    assert state_of(scene.project) == before


# --- Numbers, ranks, moves ----------------------------------------------------------------------


def test_two_sheets_exchange_their_numbers(scene: Scene) -> None:
    scene.sent.write("Fiches", 2, "N°", 2).write("Fiches", 3, "N°", 1)
    assert scene.send() is not None
    assert Action.objects.get(pk=scene.one.pk).number == 2
    assert Action.objects.get(pk=scene.two.pk).number == 1
    # What hangs on them followed, although the other sheets of the file still say 1.
    assert scene.titles(scene.one) == ["Créer un groupe", "Le former", "Aller vers", "Sortir"]
    assert set(FormerNumber.objects.values_list("number", flat=True)) <= {1, 2}
    assert Action.objects.get(pk=scene.one.pk).folded.startswith("2 ")


@pytest.mark.parametrize(
    ("row", "rank", "expected"),
    [
        (2, 2, ["Le former", "Créer un groupe", "Aller vers", "Sortir"]),
        (3, 1, ["Le former", "Créer un groupe", "Aller vers", "Sortir"]),
    ],
)
def test_a_rank_moves_a_row(scene: Scene, row: int, rank: int, expected: list[str]) -> None:
    scene.sent.write("Objectifs", row, "Rang", rank)
    assert len(scene.plan().report.changes) == 1
    scene.send()
    assert scene.titles(scene.one) == expected


def test_a_row_goes_into_a_group_and_out_of_it(scene: Scene) -> None:
    scene.sent.write("Objectifs", 2, "Rangé dans", "Projet 1")
    scene.sent.write("Objectifs", 5, "Rangé dans", None)
    scene.send()
    rows = {row.title: row for row in Objective.objects.select_related("parent")}
    assert rows["Créer un groupe"].parent == scene.group
    assert rows["Sortir"].parent is None
    assert scene.titles(scene.one) == ["Le former", "Sortir", "Aller vers", "Créer un groupe"]


def test_an_objective_goes_to_another_sheet_with_what_hangs_on_it(scene: Scene) -> None:
    before = state_of(scene.project)
    scene.sent.write("Objectifs", 3, "Fiche", 2)
    made = scene.send()
    assert made is not None
    assert scene.titles(scene.two) == ["Le former"]
    assert ActionRole.objects.get(pk=scene.role.pk).action == scene.two
    take_back(gesture=made, project=scene.project, by=scene.cast.agnes)
    assert state_of(scene.project) == before


# --- Cells --------------------------------------------------------------------------------------


def test_the_grid_is_written_cell_by_cell(scene: Scene) -> None:
    row = scene.sent.row("Planning", "Clé", scene.first.pk)
    scene.sent.write("Planning", row, "T1 2026", "Fait").write("Planning", row, "T2 2026", "D")
    report = scene.plan().report
    assert [(change.column, change.old, change.new) for change in report.changes] == [
        ("T1 2026", "prévu", "fait"),
        ("T2 2026", "", "décalé"),
    ]
    scene.send()
    kept = {cell.quarter: cell.state for cell in PlannedQuarter.objects.all()}
    assert kept == {FIRST: CellState.DONE, FIRST + 1: CellState.SLIPPED}


def test_an_erased_cell_is_removed(scene: Scene) -> None:
    row = scene.sent.row("Planning", "Clé", scene.first.pk)
    scene.sent.write("Planning", row, "T1 2026", None)
    scene.send()
    assert not PlannedQuarter.objects.exists()


# --- Meanwhile ----------------------------------------------------------------------------------


def test_what_others_wrote_is_a_conflict_to_be_chosen(scene: Scene) -> None:
    scene.rewrite(scene.one, title="Le titre d’Émile")
    scene.sent.write("Fiches", 2, "Titre", "Le titre du fichier")
    (conflict,) = scene.plan().report.conflicts
    (cell,) = conflict.cells
    assert (conflict.sheet, conflict.row, conflict.is_mine) == ("Fiches", 2, True)
    assert (cell.base, cell.current, cell.mine) == (
        "Pair-aidance",
        "Le titre d’Émile",
        "Le titre du fichier",
    )
    assert conflict.by == scene.cast.emile.get_full_name()
    revision = scene.project.revision
    with pytest.raises(ImportRefused):
        scene.send()
    assert scene.project.revision == revision


@pytest.mark.parametrize(
    ("keep", "title"), [(Choice.FILE, "Le titre du fichier"), (Choice.CURRENT, "Celui d’Émile")]
)
def test_a_conflict_is_settled_row_by_row(scene: Scene, keep: Choice, title: str) -> None:
    scene.rewrite(scene.one, title="Celui d’Émile")
    scene.sent.write("Fiches", 2, "Titre", "Le titre du fichier")
    scene.sent.write("Fiches", 2, "Méthode", "Réunir")
    scene.send(choices={"Fiches:2": keep})
    sheet = Action.objects.get(pk=scene.one.pk)
    assert (sheet.title, sheet.method) == (title, "Réunir")


def test_an_old_file_does_not_undo_what_others_wrote_without_a_choice(scene: Scene) -> None:
    scene.rewrite(scene.one, title="Celui d’Émile")
    (conflict,) = scene.plan().report.conflicts
    assert not conflict.is_mine
    with pytest.raises(ImportRefused):
        scene.send()
    assert scene.send(keep=Choice.CURRENT) is None
    assert Action.objects.get(pk=scene.one.pk).title == "Celui d’Émile"
    scene.send(keep=Choice.FILE)
    assert Action.objects.get(pk=scene.one.pk).title == "Pair-aidance"


def test_what_others_wrote_elsewhere_is_no_conflict(scene: Scene) -> None:
    scene.rewrite(scene.one, title="Pair-aidance")
    scene.rewrite(scene.two, need="Loin")
    scene.sent.write("Fiches", 2, "Titre", "Nouveau")
    report = scene.plan().report
    assert [conflict.code for conflict in report.conflicts] == ["Fiches:3"]
    scene.send(keep=Choice.CURRENT)
    assert Action.objects.get(pk=scene.one.pk).title == "Nouveau"
    assert Action.objects.get(pk=scene.two.pk).need == "Loin"


def test_a_cell_painted_meanwhile_is_a_conflict_of_its_row(scene: Scene) -> None:
    row = scene.sent.row("Planning", "Clé", scene.first.pk)
    with writing(scene.project, by=scene.cast.emile):
        PlannedQuarter.objects.update(state=CellState.SLIPPED)
    scene.sent.write("Planning", row, "T1 2026", "fait")
    (conflict,) = scene.plan().report.conflicts
    assert (conflict.sheet, conflict.by) == ("Planning", scene.cast.emile.get_full_name())
    scene.send(keep=Choice.FILE)
    assert PlannedQuarter.objects.get().state == CellState.DONE


def test_a_row_removed_meanwhile_stays_so_or_comes_back(scene: Scene) -> None:
    remove_objective(objective=scene.second, by=scene.cast.emile)
    conflicts = scene.plan().report.conflicts
    assert {conflict.is_gone for conflict in conflicts if conflict.sheet == "Objectifs"} == {True}
    assert scene.send(keep=Choice.CURRENT) is None
    scene.send(keep=Choice.FILE)
    assert scene.titles(scene.one) == ["Créer un groupe", "Le former", "Aller vers", "Sortir"]
    role = ActionRole.objects.select_related("objective").get(pk=scene.role.pk)
    assert role.objective is not None
    assert role.objective.title == "Le former"


def test_a_planning_removed_meanwhile_comes_back_with_its_row(scene: Scene) -> None:
    remove_objective(objective=scene.first, by=scene.cast.emile)
    scene.send(keep=Choice.FILE)
    assert PlannedQuarter.objects.get().objective.title == "Créer un groupe"


def test_a_sheet_retired_meanwhile_stays_so_or_comes_back(scene: Scene) -> None:
    retire_sheet(action=scene.two, reason="Doublon", by=scene.cast.emile)
    scene.sent.write("Fiches", 3, "Titre", "Loger autrement")
    assert scene.send(keep=Choice.CURRENT) is None
    scene.send(keep=Choice.FILE)
    sheet = Action.objects.get(pk=scene.two.pk)
    assert (sheet.is_retired, sheet.title) == (False, "Loger autrement")


def test_ranks_shifted_by_others_are_no_difference(scene: Scene) -> None:
    with writing(scene.project, by=scene.cast.emile):
        Objective.objects.create(action=scene.one, title="En tête", position=0)
    assert scene.plan().report.changes == []
    assert scene.plan().report.conflicts == []


def test_a_sheet_restored_since_goes_on_as_before(scene: Scene) -> None:
    retire_sheet(action=scene.two, reason="Doublon", by=scene.cast.emile)
    restore_sheet(action=scene.two, by=scene.cast.emile)
    assert scene.send() is None


def test_a_file_sent_twice_with_one_token_is_one_gesture(scene: Scene) -> None:
    scene.sent.add("Fiches", **{"N°": 9, "Titre": "Prévenir"})
    first, again = scene.send(token="x"), scene.send(token="x")
    assert first == again
    assert Action.objects.filter(number=9).count() == 1


def test_rows_imported_twice_without_their_keys_are_told(scene: Scene) -> None:
    scene.sent.add("Objectifs", Fiche=1, Intitulé="Essaimer")
    scene.sent.add("Rôles", Fiche=2, Rôle="Partenaire", Qui="Une association")
    assert scene.send() is not None
    told = [error.message for error in scene.plan().report.errors]
    assert len(told) == 2
    assert all("vient sans doute d’un import précédent" in message for message in told)


def test_the_whole_file_or_nothing(scene: Scene) -> None:
    scene.sent.write("Fiches", 2, "Titre", "Écrit").write("Fiches", 3, "Avancement", "Fini")
    before = state_of(scene.project)
    with pytest.raises(ImportRefused) as refusal:
        scene.send()
    assert len(refusal.value.plan.report.errors) == 1
    assert state_of(scene.project) == before
