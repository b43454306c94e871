"""Random gestures on the rows and the quarters of a sheet, and what must hold after each.

A new gesture is one more rule, written through `did`. Long: `PTSM_MACHINE_EXAMPLES=500 pytest …`.
"""

import contextlib
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db.models import Prefetch
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run_machine

from journal.models import Change, ChangeSet
from journal.undoing import UndoRefused
from roadmap.enums import CellState, ObjectiveKind, ObjectiveState, RoleKind
from roadmap.models import Action, ActionRole, Objective, PlannedQuarter
from roadmap.services import RoadmapDraft, describe_roadmap
from roadmap.services.cells import LAST_QUARTER, CellsSaved, SetCell, set_cells
from roadmap.services.gestures import SheetRefused, writing_sheet
from roadmap.services.history import take_back, take_back_change
from roadmap.services.objectives import (
    Spot,
    Written,
    add_objective,
    add_project_group,
    edit_objective,
    move_objective,
    paste_lines,
    remove_objective,
    set_state,
)
from roadmap.services.pasting import PastedRow
from roadmap.services.shifting import Note, note_of, set_note, shift_objective, shift_sheet
from roadmap.summaries import rows_of
from roadmap.summaries.outline import Outline, Place, outline_of
from territories.enums import Role
from territories.models import Project
from tests.factories import ActionFactory, MembershipFactory, ObjectiveFactory, unsigned
from tests.journal.states import replayed, state_of

pytestmark = pytest.mark.django_db

LINES = st.lists(
    st.builds(
        PastedRow,
        label=st.sampled_from(["", "1)"]),
        title=st.sampled_from("xyz"),
        is_project=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
# Few, so that gestures meet; the last one can go no further.
QUARTERS = st.sampled_from([8_104, 8_105, 8_106, LAST_QUARTER])
STATES = st.sampled_from(["", *CellState.values])
# Which row, which quarter, the state wanted, the one that the page showed: none says « as it is ».
CELLS = st.lists(
    st.tuples(st.integers(0, 30), QUARTERS, STATES, st.one_of(st.none(), STATES)),
    min_size=1,
    max_size=8,
)
ONE_STEP = st.sampled_from([-1, 1])
# Chosen among those that are there: any number will do.
ANY = st.integers(0, 30)


class Sheet(RuleBasedStateMachine):
    """One sheet, written by one person after another; the quarters of a second one with it."""

    def __init__(self) -> None:
        super().__init__()
        self.action: Action = ActionFactory.create(number=1, title="La fiche")
        self.project = self.action.project
        self.other: Objective = ObjectiveFactory.create(
            action__project=self.project, action__number=2, action__title="Une autre"
        )
        lead = MembershipFactory.create(
            role=Role.TERRITORY_LEAD, territory=self.project.territory, user__first_name="Agnès"
        )
        self.by = lead.user
        self.count = 0
        self.start, self.since = state_of(self.project), Change.objects.latest("pk").pk
        self.said = describe_roadmap(self.project)
        # What the roadmap said before each gesture that changed something, undone ones included.
        self.past: list[RoadmapDraft] = []
        self.read: list[Objective] | None = None

    # --- What the rules stand on ---

    @property
    def outline(self) -> Outline:
        return outline_of(self.present)

    @property
    def present(self) -> Action:
        in_order = Prefetch("objectives", Objective.objects.order_by("position", "pk"))
        return Action.objects.prefetch_related(in_order).get(pk=self.action.pk)

    @property
    def rows(self) -> list[Objective]:
        """Read once between two gestures."""
        if self.read is None:
            self.read = rows_of(self.present)
        return self.read

    def one(self, number: int, rows: list[Objective] | None = None) -> Objective:
        rows = self.rows if rows is None else rows
        assume(rows)
        row = rows[number % len(rows)]
        row.action = self.action
        return row

    def top(self, number: int) -> int | None:
        """A « Projet », or none."""
        tops = [None, *(row.pk for row in self.rows if row.is_project)]
        return tops[number % len(tops)]

    def title(self) -> str:
        self.count += 1
        return f"Ligne {self.count}"

    @property
    def revision(self) -> int:
        return Project.objects.values_list("revision", flat=True).get(pk=self.project.pk)

    @property
    def made(self) -> list[ChangeSet]:
        """Every gesture so far."""
        return list(ChangeSet.objects.of(self.project.scope).order_by("pk"))

    @property
    def cells(self) -> dict[tuple[int, int], str]:
        """What is planned, by objective and quarter."""
        kept = PlannedQuarter.objects.filter(objective__action__project=self.project)
        return {(cell.objective_id, cell.quarter): cell.state for cell in kept}

    def did(self, gesture: Callable[[], Any], *refusals: type[Exception]) -> Any:
        """Make a gesture that may be refused, then look at its trace: none when nothing changed."""
        before, revision, last = self.said, self.revision, ChangeSet.objects.latest("pk").pk
        made = None
        with contextlib.suppress(*refusals):
            made = gesture()
        self.said, self.read = describe_roadmap(self.project), None
        written = ChangeSet.objects.filter(pk__gt=last).order_by("pk")
        assert len(written) == (0 if self.said == before else 1), "one gesture, one change set"
        assert self.revision == revision + len(written)
        for changeset in written:
            assert changeset.revision == self.revision
            assert changeset.scope == self.project.scope
            assert changeset.words.strip()
            self.past.append(before)
        return made

    def token(self) -> str:
        self.count += 1
        return f"{self.count:032x}"

    # --- Gestures on the rows ---

    @initialize(rows=LINES)
    def start_with_some(self, rows: list[PastedRow]) -> None:
        self.paste(rows, 0)

    @rule(parent=ANY)
    def add_in_a_group(self, parent: int) -> None:
        row, spot = PastedRow("", self.title()), Spot(parent=self.top(parent))
        self.did(lambda: add_objective(action=self.action, by=None, row=row, spot=spot))

    @rule(after=ANY)
    def add_after_a_row(self, after: int) -> None:
        row, spot = PastedRow("2)", self.title()), Spot(after=self.one(after).pk)
        self.did(lambda: add_objective(action=self.action, by=None, row=row, spot=spot))

    @rule()
    def add_a_project(self) -> None:
        title = self.title()
        self.did(
            lambda: add_project_group(action=self.action, by=None, label="Projet", title=title)
        )

    @rule(rows=LINES, parent=ANY)
    def paste(self, rows: list[PastedRow], parent: int) -> None:
        spot = Spot(parent=self.top(parent))
        # Two rows alike could change places unseen.
        rows = [replace(row, title=f"{row.title} {self.title()}") for row in rows]
        made: Written = self.did(
            lambda: paste_lines(action=self.action, by=None, rows=rows, spot=spot)
        )
        assert len(made.rows) == len(rows)

    @rule(chosen=ANY, parent=ANY, index=st.integers(0, 6))
    def move(self, chosen: int, parent: int, index: int) -> None:
        row = self.one(chosen)
        place = Place(None if row.is_project else self.top(parent), index)
        self.did(
            lambda: move_objective(objective=row, by=None, place=place, order=self.outline.order)
        )
        assert Objective.objects.get(pk=row.pk).parent_id == place.parent

    @rule(chosen=ANY, code=st.sampled_from(["monter", "descendre", "grouper", "sortir"]))
    def press_an_arrow(self, chosen: int, code: str) -> None:
        outline = self.outline
        row = self.one(chosen)
        shown = outline.find(row.pk)
        assert shown is not None
        assume(code in shown.steps)
        place = shown.steps[code]
        self.did(lambda: move_objective(objective=row, by=None, place=place, order=outline.order))
        moved = self.outline.find(row.pk)
        assert moved is not None
        assert moved.place == place
        assert moved.place != shown.place

    @rule(chosen=ANY, state=st.sampled_from(ObjectiveState.values))
    def say_where_it_stands(self, chosen: int, state: str) -> None:
        row = self.one(chosen)
        self.did(lambda: set_state(objective=row, by=None, state=state, was=row.state))
        assert Objective.objects.get(pk=row.pk).state == state

    @rule(chosen=ANY, parent=ANY)
    def edit(self, chosen: int, parent: int) -> None:
        row, title = self.one(chosen), self.title()

        def gesture() -> None:
            with writing_sheet(self.action, by=None) as sheet:
                edited = Objective.objects.get(pk=row.pk)
                edited.title = title
                edited.parent_id = None if edited.is_project else self.top(parent)
                edit_objective(sheet, row=edited, labels=["intitulé"])

        self.did(gesture)

    @rule(chosen=ANY)
    def change_kind(self, chosen: int) -> None:
        row = self.one(chosen)
        assume(row.is_project or row.parent_id is None)
        assume(not row.children.exists())

        def gesture() -> None:
            with writing_sheet(self.action, by=None) as sheet:
                edited = Objective.objects.get(pk=row.pk)
                edited.kind = ObjectiveKind.OBJECTIVE if row.is_project else ObjectiveKind.PROJECT
                edit_objective(sheet, row=edited, labels=["nature"])

        self.did(gesture)

    @rule(chosen=ANY, rows_under=st.sampled_from(["retirer", "sortir"]))
    def remove(self, chosen: int, rows_under: str) -> None:
        row = self.one(chosen)
        self.did(lambda: remove_objective(objective=row, by=None, rows_under=rows_under))
        assert not Objective.objects.filter(pk=row.pk).exists()

    @rule(chosen=ANY)
    def hang_a_role(self, chosen: int) -> None:
        """What hangs on a row that is removed stays on the sheet."""
        row, label = self.one(chosen), self.title()

        def gesture() -> None:
            with writing_sheet(self.action, by=self.by, words="a ajouté un partenaire"):
                ActionRole.objects.create(
                    action=self.action, objective=row, kind=RoleKind.PARTNER, label=label
                )

        self.did(gesture)

    # --- Gestures on the grid ---

    @rule(drawn=CELLS, is_sent_twice=st.booleans())
    def paint(self, drawn: list[tuple[int, int, str, str | None]], *, is_sent_twice: bool) -> None:
        """Cells of either sheet: those that the page knew as they are, and no other."""
        rows, before = [*self.rows, self.other], self.cells
        chosen: dict[tuple[int, int], SetCell] = {}
        for number, quarter, to, was in drawn:
            place = (rows[number % len(rows)].pk, quarter)
            now = before.get(place, "")
            chosen[place] = SetCell(*place, to, now if was is None else was)
        token = self.token()

        def gesture() -> CellsSaved:
            return set_cells(
                project=self.project, by=self.by, cells=list(chosen.values()), token=token
            )

        saved: CellsSaved = self.did(gesture)
        stale = {
            place
            for place, cell in chosen.items()
            if before.get(place, "") not in {cell.was, cell.to}
        }
        assert {one.cell.place for one in saved.conflicts} == stale
        assert all(one.now == before.get(one.cell.place, "") for one in saved.conflicts)
        assert all(one.sentence for one in saved.conflicts)
        assert (saved.saved, saved.refused) == (len(chosen) - len(stale), ())
        assert saved.revision == self.revision
        wanted = {place: cell.to for place, cell in chosen.items() if place not in stale}
        painted = {place: state for place, state in {**before, **wanted}.items() if state}
        assert self.cells == painted
        if is_sent_twice:
            assert self.did(gesture).saved == saved.saved
            assert self.cells == painted

    @rule(quarter=QUARTERS, chosen=ANY)
    def paint_a_row_that_has_gone(self, quarter: int, chosen: int) -> None:
        there = {row.pk for row in self.rows}
        removed = Change.objects.filter(
            model=Objective._meta.label_lower,
            field="",
            new=None,
            changeset__scope=self.project.scope,
        )
        gone = sorted(set(removed.values_list("row", flat=True)) - there)
        assume(gone)
        cell = SetCell(gone[chosen % len(gone)], quarter, "fait", "")
        other = SetCell(
            self.other.pk, quarter, "fait", self.cells.get((self.other.pk, quarter), "")
        )
        saved: CellsSaved = self.did(
            lambda: set_cells(project=self.project, by=self.by, cells=[cell, other])
        )
        assert ([one.cell for one in saved.refused], saved.saved) == ([cell], 1)

    @rule(chosen=ANY, quarters=ONE_STEP, is_sent_twice=st.booleans())
    def shift_a_row(self, chosen: int, quarters: int, *, is_sent_twice: bool) -> None:
        row, token = self.one(chosen), self.token()

        def gesture() -> int:
            return shift_objective(
                objective=row,
                by=self.by,
                quarters=quarters,
                revision=self.revision,
                token=token,
            )

        is_done = self.shift(gesture, {row.pk}, quarters)
        if is_sent_twice and is_done:
            planned = self.cells
            self.did(gesture)
            assert self.cells == planned

    @rule(quarters=ONE_STEP, is_other=st.booleans())
    def shift_all(self, quarters: int, *, is_other: bool) -> None:
        action = self.other.action if is_other else self.action
        keys = {self.other.pk} if is_other else {row.pk for row in self.rows}
        self.shift(
            lambda: shift_sheet(
                action=action, by=self.by, quarters=quarters, revision=self.revision
            ),
            keys,
            quarters,
        )

    def shift(self, gesture: Callable[[], int], keys: set[int], quarters: int) -> bool:
        """All moves, cells and texts, or nothing does; whether it did."""
        before, notes = self.cells, self.notes(keys)
        done = self.did(gesture, SheetRefused)
        if done is None:
            assert (self.cells, self.notes(keys)) == (before, notes)
            return False
        assert done == self.revision
        assert self.cells == {
            (key, quarter + (quarters if key in keys else 0)): state
            for (key, quarter), state in before.items()
        }
        assert self.notes(keys) == {
            key: replace(
                note,
                first=None if note.first is None else note.first + quarters,
                last=None if note.last is None else note.last + quarters,
            )
            for key, note in notes.items()
        }
        return True

    def notes(self, keys: set[int]) -> dict[int, Note]:
        return {row.pk: note_of(row) for row in Objective.objects.filter(pk__in=keys)}

    @rule(
        chosen=ANY,
        text=st.sampled_from(["", "phase 1", "selon les moyens"]),
        edges=st.lists(st.one_of(st.none(), QUARTERS), min_size=2, max_size=2),
        is_stale=st.booleans(),
    )
    def write_over(
        self, chosen: int, text: str, edges: list[int | None], *, is_stale: bool
    ) -> None:
        first, last = edges
        assume(first is None or last is None or first <= last)
        row, note = self.one(chosen), Note(text, first, last)
        was = note_of(row)
        seen = Note("ce que la page montrait") if is_stale else was
        conflict = self.did(lambda: set_note(objective=row, by=self.by, note=note, was=seen))
        assert (conflict is not None) == (is_stale and was != note)
        kept = was if conflict else note
        assert self.notes({row.pk}) == {row.pk: kept}

    # --- Taking back ---

    def back(self, gesture: ChangeSet) -> ChangeSet:
        return take_back(gesture=gesture, project=self.project, by=self.by)

    @precondition(lambda self: self.past)
    @rule(count=st.integers(1, 4))
    def take_back_the_last(self, count: int) -> None:
        """The last gesture, undo or not: the roadmap says exactly what it said before."""
        for _ in range(count):
            before = self.past[-1]
            self.did(partial(self.back, self.made[-1]))
            assert self.said == before

    @precondition(lambda self: self.past)
    @rule(count=st.integers(1, 5))
    def go_back_and_forth(self, count: int) -> None:
        """The last gestures, one after the other from the last, then all of them again."""
        gestures = self.made[-min(count, len(self.past)) :]
        stages = self.past[-len(gestures) :]
        now, undone = self.said, []
        for gesture, before in zip(reversed(gestures), reversed(stages), strict=True):
            undone.append(self.did(partial(self.back, gesture)))
            assert self.said == before
        for gesture in reversed(undone):
            self.did(partial(self.back, gesture))
        assert self.said == now

    @precondition(lambda self: self.past)
    @rule(chosen=ANY)
    def take_back_any(self, chosen: int) -> None:
        """Any gesture, whatever was written since: it is undone, or nothing changes."""
        gesture = self.made[-1 - chosen % len(self.past)]
        self.did(partial(self.back, gesture), UndoRefused)

    @precondition(lambda self: self.past)
    @rule(chosen=ANY, part=ANY)
    def take_back_a_part(self, chosen: int, part: int) -> None:
        """One change of any gesture."""
        changes = list(self.made[-1 - chosen % len(self.past)].changes.order_by("rank"))
        change = changes[part % len(changes)]
        self.did(
            lambda: take_back_change(change=change, project=self.project, by=self.by), UndoRefused
        )

    # --- What holds ---

    @invariant()
    def ranks_are_dense_and_follow_the_reading_order(self) -> None:
        rows = self.rows
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        assert len(rows) == Objective.objects.filter(action=self.action).count()

    @invariant()
    def a_leaf_stays_a_leaf(self) -> None:
        rows = {row.pk: row for row in self.rows}
        for row in rows.values():
            if row.parent_id is not None:
                assert rows[row.parent_id].is_project
                assert not row.is_project

    @invariant()
    def texts_are_in_order(self) -> None:
        for row in self.rows:
            if row.note_first is not None and row.note_last is not None:
                assert row.note_first <= row.note_last

    @invariant()
    def each_cell_is_there_once(self) -> None:
        kept = PlannedQuarter.objects.filter(objective__action__project=self.project)
        assert kept.count() == len(self.cells)

    def teardown(self) -> None:
        """The journal alone leads from the first state to the base."""
        revisions = [one.revision for one in self.made]
        assert revisions == list(range(1, len(revisions) + 1))
        assert replayed(self.start, self.since) == state_of(self.project)
        with unsigned():
            self.project.delete()


def test_random_gestures_keep_the_sheet_whole() -> None:
    run_machine(
        Sheet,
        settings=settings(
            max_examples=int(os.environ.get("PTSM_MACHINE_EXAMPLES", "5")),
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
