"""Whatever people do to a file: a sentence or a change, never a fault, and it still goes round."""

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl.cell.cell import MergedCell

from roadmap.exports.workbook import export_workbook
from roadmap.imports.workbooks import Choice, ImportRefused, import_workbook, plan_import
from roadmap.models import (
    ActionRole,
    Objective,
    PlannedQuarter,
    Priority,
    SecondaryPriority,
)
from roadmap.services import numbering
from roadmap.services.gestures import SheetRefused
from roadmap.services.history import take_back
from roadmap.services.lifecycle import retire_sheet
from roadmap.services.objectives import remove_objective, settle_order
from territories.models import Project
from territories.writing import writing
from tests.cast import gather
from tests.journal.states import state_of
from tests.roadmap.sent_workbooks import Sent
from tests.roadmap.test_workbook_import import FIRST, Scene

SHEETS = ("Fiches", "Objectifs", "Planning", "Rôles", "Financements", "Indicateurs")
VALUES = [
    None,
    "",
    " ",
    0,
    1,
    2,
    3,
    9,
    -1,
    3.5,
    10**20,
    True,
    False,
    dt.datetime(2026, 5, 1, tzinfo=None),  # noqa: DTZ001 (as Excel gives it)
    "1",
    "2",
    "Projet",
    "Projet 1",
    "Aller vers",
    "Créer un groupe",
    "3. Projet 1 : Aller vers",
    "=1+1",
    "#N/A",
    "prévu",
    "fait",
    "oui",
    "non",
    "En cours",
    "Suspendue",
    "Pilote",
    "T2 2026",
    "T9 2026",
    "24 000,50 €",
    "CH",
    "é" * 500,
    "une\nligne",
    "2 ; 5",
]
edits = st.tuples(
    st.sampled_from(SHEETS), st.integers(2, 9), st.integers(1, 17), st.sampled_from(VALUES)
)


def rewrite(scene: Scene) -> None:
    scene.rewrite(scene.one, title="Réécrite", need="Autrement", status="en_cours")


def paint(scene: Scene) -> None:
    with writing(scene.project, by=None):
        PlannedQuarter.objects.update(state="fait")
        for row in Objective.objects.filter(pk=scene.under.pk):
            PlannedQuarter.objects.create(objective=row, quarter=FIRST + 1)


def rearrange(scene: Scene) -> None:
    with writing(scene.project, by=None):
        Objective.objects.create(action=scene.one, title="En tête", position=0)
        group = Objective.objects.filter(pk=scene.group.pk).first()
        Objective.objects.filter(pk=scene.second.pk).update(parent=group, label="a)")
        settle_order(scene.one)


def renumber(scene: Scene) -> None:
    with writing(scene.project, by=None):
        numbering.apply_numbers(scene.project, numbers={scene.one.pk: 2, scene.two.pk: 1})


def hold(scene: Scene) -> None:
    with writing(scene.project, by=None):
        ActionRole.objects.update(label="Quelqu’un d’autre", objective=scene.first)
        SecondaryPriority.objects.create(action=scene.one, priority=Priority.objects.get(number=5))


# What others do between the export and the import.
MEANWHILE: dict[str, Callable[[Scene], object]] = {
    "nothing": lambda _scene: None,
    "a sheet rewritten": rewrite,
    "cells painted": paint,
    "rows arranged": rearrange,
    "numbers exchanged": renumber,
    "a role and a priority": hold,
    "a row removed": lambda s: remove_objective(objective=s.second, by=None),
    "a group removed": lambda s: remove_objective(objective=s.group, by=None, rows_under="retirer"),
    "a sheet retired": lambda s: retire_sheet(action=s.two, reason="Fini", by=s.cast.agnes),
    "the full sheet retired": lambda s: retire_sheet(action=s.one, reason="Fini", by=s.cast.agnes),
}
PATIENT: Any = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@pytest.mark.slow
class TestAnything(TestCase):
    """A roadmap with one of everything; its file, spoiled."""

    def stage(self) -> None:
        """In each example: what `setUp` makes would outlive them."""
        self.scene = Scene(gather())

    def project(self) -> Project:
        return self.scene.project

    @given(
        changes=st.lists(edits, max_size=4),
        meanwhile=st.lists(st.sampled_from(sorted(MEANWHILE)), max_size=2, unique=True),
        keep=st.sampled_from(Choice),
    )
    @settings(max_examples=60, **PATIENT)
    def test_is_told_or_done_and_taken_back(
        self, changes: list[tuple[str, int, int, Any]], meanwhile: list[str], keep: Choice
    ) -> None:
        self.stage()
        project = self.project()
        sent = Sent(export_workbook(project))
        for sheet, row, column, value in changes:
            cell = sent.book[sheet].cell(row, column)
            if not isinstance(cell, MergedCell):
                cell.value = value
        for name in meanwhile:
            with contextlib.suppress(SheetRefused):
                MEANWHILE[name](self.scene)
        before, contents = state_of(project), sent.contents
        plan = plan_import(self.project(), name="a.xlsx", contents=contents, keep=keep)
        assert state_of(project) == before
        try:
            _, done = import_workbook(
                self.project(), by=None, name="a.xlsx", contents=contents, keep=keep
            )
        except ImportRefused:
            assert plan.report.errors
            assert changes or meanwhile
            assert state_of(project) == before
            return
        assert not plan.report.errors
        self._goes_round()
        if done.changeset is None:
            assert state_of(project) == before
        else:
            assert changes or keep == Choice.FILE
            take_back(gesture=done.changeset, project=self.project(), by=None)
            assert state_of(project) == before

    @given(meanwhile=st.lists(st.sampled_from(sorted(MEANWHILE)), max_size=4, unique=True))
    @settings(max_examples=30, **PATIENT)
    def test_an_old_file_left_alone_changes_nothing_unless_asked(
        self, meanwhile: list[str]
    ) -> None:
        self.stage()
        contents = export_workbook(self.project())
        for name in meanwhile:
            with contextlib.suppress(SheetRefused):
                MEANWHILE[name](self.scene)
        before = state_of(self.project())
        plan, done = import_workbook(
            self.project(), by=None, name="a.xlsx", contents=contents, keep=Choice.CURRENT
        )
        assert plan is not None
        assert plan.report.changes == []
        assert done.changeset is None
        assert state_of(self.project()) == before

    def _goes_round(self) -> None:
        contents = export_workbook(self.project())
        again = plan_import(self.project(), name="b.xlsx", contents=contents)
        assert [error.sentence for error in again.report.errors] == []
        assert again.report.changes == []
