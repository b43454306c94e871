"""import(export(x)) changes nothing and writes nothing; one cell changed is one difference."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from core.quarters import Quarter
from governance.models import Organisation
from journal.tracing import traced_names
from overview.imports import load_demo
from roadmap.enums import (
    CellState,
    FundingState,
    IndicatorKind,
    ObjectiveKind,
    ObjectiveState,
    RoleKind,
    Status,
)
from roadmap.exports.workbook import (
    blank_workbook,
    export_seen,
    export_workbook,
    resources_of,
)
from roadmap.imports.workbooks import Choice, import_workbook, plan_import
from roadmap.models import Action, Objective
from roadmap.services.drafts import (
    Attached,
    AxisDraft,
    CellDraft,
    FundingDraft,
    IndicatorDraft,
    ObjectiveDraft,
    RoadmapDraft,
    RoleDraft,
    SheetDraft,
)
from roadmap.services.history import take_back
from roadmap.services.reading import describe_roadmap
from roadmap.services.writing import write_roadmap
from roadmap.workbooks.book import Book
from territories.models import Project
from tests.factories import ProjectFactory
from tests.journal.states import state_of
from tests.roadmap.sent_workbooks import Sent, assert_changes_nothing, exported

FIRST = Quarter.of(2026, 1).index
# An example costs a tenth of a second: what fails is told as it was found.
PATIENT: Any = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["53", "demo"])
def test_the_demonstration_goes_round(code: str) -> None:
    load_demo(on=dt.date(2026, 11, 20), password="correct cheval pile agrafe")
    project = Project.objects.with_place().get(territory__code=code)
    contents = export_workbook(project)
    assert_changes_nothing(project, contents)
    # Nor once another software has written it again.
    assert_changes_nothing(project, Sent(contents).contents)
    assert export_workbook(project) == contents


@pytest.mark.django_db
def test_a_template_changes_nothing() -> None:
    project = ProjectFactory.create()
    assert_changes_nothing(project, blank_workbook(project))


# --- Random roadmaps ----------------------------------------------------------------------------

LETTERS = "aé=+-@'’«» \u00a0;:.,1)\n\t_x000D_<&>\"🙂ع"
texts = st.text(LETTERS, max_size=12)
lines = st.text(LETTERS.replace("\n", ""), min_size=1, max_size=12).map(
    lambda text: text.strip() or "Créer"
)
quarters = st.integers(FIRST - 3, FIRST + 10)


def one_of(choices: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(choices.values)


@st.composite
def notes(draw: st.DrawFn) -> dict[str, Any]:
    first, last = sorted((draw(quarters), draw(quarters)))
    return {
        "planning_note": draw(texts),
        "note_first": draw(st.sampled_from([None, first])),
        "note_last": draw(st.sampled_from([None, last])),
    }


cells = st.dictionaries(quarters, one_of(CellState), max_size=4).map(
    lambda found: tuple(CellDraft(quarter, found[quarter]) for quarter in sorted(found))
)
roles = st.builds(
    RoleDraft,
    kind=one_of(RoleKind),
    label=lines,
    organisation=st.sampled_from(["", "Structure 1", "=SOMME"]),
)
money = st.builds(
    FundingDraft,
    state=one_of(FundingState),
    label=lines,
    source=texts,
    organisation=st.sampled_from(["", "Structure 1"]),
    year=st.sampled_from([None, 2026]),
    amount=st.one_of(st.none(), st.decimals(0, 10**10 - 1, places=2)).map(
        lambda amount: None if amount is None else Decimal(amount)
    ),
)
indicators = st.builds(
    IndicatorDraft,
    label=lines,
    kind=one_of(IndicatorKind),
    value=texts,
    target=texts,
    target_quarter=st.one_of(st.none(), quarters),
)
attached = st.builds(
    Attached,
    roles=st.lists(roles, max_size=2).map(tuple),
    funding=st.lists(money, max_size=2).map(tuple),
    indicators=st.lists(indicators, max_size=2).map(tuple),
)


@st.composite
def rows(draw: st.DrawFn, *, is_project: bool = False) -> ObjectiveDraft:
    children = st.lists(rows(), max_size=2).map(tuple) if is_project else st.just(())
    return ObjectiveDraft(
        title=draw(lines),
        label=draw(texts),
        kind=ObjectiveKind.PROJECT if is_project else ObjectiveKind.OBJECTIVE,
        summary_title=draw(texts),
        summary_label=draw(texts),
        in_summary=draw(st.booleans()),
        in_planning=draw(st.booleans()),
        state=draw(one_of(ObjectiveState)),
        cells=draw(cells),
        attached=draw(attached),
        children=draw(children),
        **draw(notes()),
    )


@st.composite
def sheets(draw: st.DrawFn, number: int) -> SheetDraft:
    priority = draw(st.sampled_from([None, 1, 6]))
    return SheetDraft(
        number=number,
        title=draw(lines),
        planning_title=draw(texts),
        priority=priority,
        secondary_priorities=draw(st.sampled_from([(), (2, 4)])),
        axis=draw(st.sampled_from(["", "Axe A", "Axe ; B"])),
        themes=draw(st.sampled_from([(), (1, 5)])),
        need=draw(texts),
        remarks=draw(texts),
        status=draw(one_of(Status)),
        status_reason=draw(lines),
        objectives=tuple(
            draw(st.lists(rows(), max_size=2)) + draw(st.lists(rows(is_project=True), max_size=2))
        ),
        attached=draw(attached),
    )


roadmaps = st.integers(0, 3).flatmap(
    lambda count: st.tuples(*(sheets(number * 3 + 1) for number in range(count)))
)


@pytest.mark.slow
class TestAnyRoadmap(TestCase):
    """Whatever people wrote."""

    def load(self, written: tuple[SheetDraft, ...]) -> None:
        """In each example: what `setUp` makes would outlive them."""
        self.project = ProjectFactory.create()
        for name in ("Structure 1", "=SOMME"):
            Organisation.objects.create(territory=self.project.territory, name=name)
        self.write(written)

    def write(self, written: tuple[SheetDraft, ...]) -> None:
        axes = (AxisDraft("Axe A", label="A"), AxisDraft("Axe ; B"))
        write_roadmap(project=self.project, roadmap=RoadmapDraft(sheets=written, axes=axes))
        self.project.refresh_from_db()

    @given(written=roadmaps)
    @settings(max_examples=20, **PATIENT)
    def test_goes_round(self, written: tuple[SheetDraft, ...]) -> None:
        self.load(written)
        contents = export_workbook(self.project)
        assert_changes_nothing(self.project, contents)
        assert_changes_nothing(self.project, Sent(contents).contents)

    @given(written=roadmaps)
    @settings(max_examples=12, **PATIENT)
    def test_what_a_file_gives_back_is_taken_back_exactly(
        self, written: tuple[SheetDraft, ...]
    ) -> None:
        """A roadmap emptied of its texts, then given back by an old file, row by row."""
        self.load(written)
        contents = export_workbook(self.project)
        told = describe_roadmap(self.project)
        self.write(tuple(SheetDraft(sheet.number, "Vidée") for sheet in written))
        before = state_of(self.project)
        looked = plan_import(self.project, name="a.xlsx", contents=contents, keep=Choice.FILE)
        assert [error.sentence for error in looked.report.errors] == []
        plan, done = import_workbook(
            self.project, by=None, name="a.xlsx", contents=contents, keep=Choice.FILE
        )
        assert plan is not None
        if done.changeset is not None:
            take_back(gesture=done.changeset, project=self.project, by=None)
        assert state_of(self.project) == before
        assert len(told.sheets) == len(written)


# --- One cell -----------------------------------------------------------------------------------

CELLS = [
    ("Fiches", "Titre", "Un autre titre", "title"),
    ("Fiches", "Avancement", "Réalisée", "status"),
    ("Fiches", "Priorité", "3", "priority"),
    ("Fiches", "Constat ou besoin", "Loin\nde tout", "need"),
    ("Objectifs", "Intitulé", "=1+1 n’est pas une formule", "title"),
    ("Objectifs", "État", "Fait", "state"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("sheet", "title", "typed", "column"), CELLS)
def test_one_cell_changed_is_exactly_that_one_difference(
    sheet: str, title: str, typed: str, column: str
) -> None:
    project = ProjectFactory.create()
    draft = SheetDraft(1, "Pair-aidance", objectives=(ObjectiveDraft("Créer un groupe"),))
    write_roadmap(project=project, roadmap=RoadmapDraft(sheets=(draft, SheetDraft(2, "Loger"))))
    project.refresh_from_db()
    sent = Sent(exported(project)).write(sheet, 2, title, typed)
    if typed.startswith("="):
        sent.book[sheet].cell(2, sent.column(sheet, title)).data_type = "s"
    plan, done = import_workbook(project, by=None, name="a.xlsx", contents=sent.contents)
    assert plan is not None
    (change,) = plan.report.changes
    assert (change.sheet, change.row, change.column) == (sheet, 2, title)
    assert done.changeset is not None
    (traced,) = done.changeset.changes.all()
    assert traced.field == column


@pytest.mark.django_db
def test_the_planning_looks_like_the_screen() -> None:
    project = ProjectFactory.create(planning_first=FIRST, planning_last=FIRST + 3)
    row = ObjectiveDraft(
        "Créer un groupe",
        cells=(CellDraft(FIRST, CellState.DONE), CellDraft(FIRST + 1, CellState.SLIPPED)),
    )
    noted = ObjectiveDraft("Former", planning_note="à déterminer", note_first=FIRST + 1)
    sheet = SheetDraft(4, "Pair-aidance", objectives=(row, noted))
    write_roadmap(project=project, roadmap=RoadmapDraft(sheets=(sheet,)))
    contents = exported(project)
    drawn = load_workbook(io.BytesIO(contents))["Planning"]
    titles = [cell.value for cell in drawn[1]]
    assert titles[3:] == ["T1 2026", "T2 2026", "T3 2026", "T4 2026", "État"]
    assert drawn["C2"].value == "4. Pair-aidance"
    assert [cell.value for cell in drawn[3]][3:] == ["fait", "décalé", None, None, "À faire"]
    assert drawn["D3"].fill.start_color.rgb != drawn["E3"].fill.start_color.rgb
    assert drawn["E4"].value == "à déterminer"
    assert "E4:G4" in {str(merged) for merged in drawn.merged_cells.ranges}
    assert drawn.column_dimensions["A"].hidden


@pytest.mark.django_db
def test_an_export_of_what_is_seen_leaves_the_rest_alone() -> None:
    project = ProjectFactory.create()
    drafts = tuple(SheetDraft(number, f"Fiche {number}") for number in (1, 2, 3))
    write_roadmap(project=project, roadmap=RoadmapDraft(sheets=drafts))
    seen = Action.objects.get(project=project, number=2)
    project = Project.objects.with_place().get(pk=project.pk)
    contents = export_seen(Book(project), only={seen.pk})
    book = Sent(contents)
    assert [book.book["Fiches"].cell(2, 2).value, book.book["Fiches"].cell(3, 2).value] == [2, None]
    plan = plan_import(project, name="a.xlsx", contents=contents)
    assert plan.report.notices == [
        "2\u00a0fiches de l’application restent telles quelles\u00a0: ce fichier n’en parle pas."
    ]
    assert_changes_nothing(project, contents)
    assert Objective.objects.count() == 0


# Decided in the application only: the life of a sheet, what its reviews say, and the order of what
# hangs on it.
LEFT_OUT = {
    "roadmap.Action": {"project", "retired_at", "retired_reason", "reviewed_quarter", "weather"},
    "roadmap.Objective": set(),
    "roadmap.ActionRole": {"position"},
    "roadmap.FundingLine": {"position"},
    "roadmap.ActionIndicator": {"position"},
}


@pytest.mark.django_db
def test_every_column_of_a_row_has_its_column_in_the_workbook() -> None:
    forgotten: dict[str, set[str]] = {}
    for resource in resources_of(ProjectFactory.create()):
        written = {name for column in resource.columns.values() for name in column.writes}
        label = resource.model._meta.label
        missing = traced_names(resource.model) - written
        forgotten[label] = forgotten.get(label, missing) & missing
    assert forgotten == LEFT_OUT


@pytest.mark.django_db
def test_every_column_says_what_to_write_in_it() -> None:
    for resource in resources_of(ProjectFactory.create()):
        assert resource.about
        assert [name for name, column in resource.columns.items() if not column.help_text] == []
