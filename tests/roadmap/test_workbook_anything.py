"""Whatever people do to a file: a sentence or a change, never a fault, and it still goes round."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl.cell.cell import MergedCell

from roadmap.exports.workbook import export_workbook
from roadmap.imports.workbooks import Choice, ImportRefused, import_workbook, plan_import
from roadmap.models import Action
from roadmap.services.history import take_back
from territories.models import Project
from territories.writing import writing
from tests.cast import gather
from tests.journal.states import state_of
from tests.roadmap.sent_workbooks import Sent
from tests.roadmap.test_workbook_import import Scene

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
PATIENT: Any = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@pytest.mark.slow
class TestAnything(TestCase):
    """A roadmap with one of everything; its file, spoiled."""

    def setUp(self) -> None:
        self.scene = Scene(gather())

    def project(self) -> Project:
        return self.scene.project

    @given(changes=st.lists(edits, min_size=1, max_size=4), is_aged=st.booleans())
    @settings(max_examples=60, **PATIENT)
    def test_is_told_or_done_and_taken_back(
        self, changes: list[tuple[str, int, int, Any]], *, is_aged: bool
    ) -> None:
        project = self.project()
        sent = Sent(export_workbook(project))
        for sheet, row, column, value in changes:
            cell = sent.book[sheet].cell(row, column)
            if not isinstance(cell, MergedCell):
                cell.value = value
        if is_aged:
            with writing(project, by=None):
                Action.objects.filter(number=1).update(title="Réécrite", need="Autrement")
        before = state_of(project)
        contents = sent.contents
        plan = plan_import(self.project(), name="a.xlsx", contents=contents, keep=Choice.FILE)
        assert state_of(project) == before
        try:
            _, done = import_workbook(
                self.project(), by=None, name="a.xlsx", contents=contents, keep=Choice.FILE
            )
        except ImportRefused:
            assert plan.report.errors
            assert state_of(project) == before
            return
        assert not plan.report.errors
        self._goes_round()
        if done.changeset is None:
            assert state_of(project) == before
        else:
            take_back(gesture=done.changeset, project=self.project(), by=None)
            assert state_of(project) == before

    def _goes_round(self) -> None:
        contents = export_workbook(self.project())
        again = plan_import(self.project(), name="b.xlsx", contents=contents)
        assert [error.sentence for error in again.report.errors] == []
        assert again.report.changes == []
