"""Random gestures, then back to the state that the sheet had after any of them, exactly.

Long: `PTSM_MACHINE_EXAMPLES=500 pytest …`.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from roadmap.enums import Status
from roadmap.models import Action, Objective, Theme
from roadmap.services.bulk import Asked, BulkRefused, PilotAsked, edit_sheets, plan_bulk
from roadmap.services.gestures import writing_sheet
from roadmap.services.returning import SheetReturn, return_to, way_back
from roadmap.services.returning.ways import LEAVES
from roadmap.services.sections import write_section
from tests.journal.states import state_of
from tests.roadmap.test_roadmap_machine import ANY, Sheet

pytestmark = pytest.mark.django_db

SHEET = Action._meta.label_lower
OBJECTIVE = Objective._meta.label_lower


class SheetAndBack(Sheet):
    """The same sheet, which also goes back to what it was."""

    def __init__(self) -> None:
        super().__init__()
        self.stages: dict[int, Any] = {}

    @property
    def whole(self) -> tuple[dict[Any, Any], list[str]]:
        """All that the sheet is: its rows by key, and those on which nothing hangs."""
        state = state_of(self.project)
        rows = {
            key: values
            for key, values in state.items()
            if key == (SHEET, self.action.pk) or values.get("action") == self.action.pk
        }
        leaves = [
            repr((model, sorted(values.items())))
            for (model, _), values in state.items()
            if (values.get("action") == self.action.pk and model in LEAVES)
            or (OBJECTIVE, values.get("objective")) in rows
        ]
        return {key: row for key, row in rows.items() if key[0] not in LEAVES}, sorted(leaves)

    def did(self, gesture: Callable[[], Any], *refusals: type[Exception]) -> Any:
        made = super().did(gesture, *refusals)
        for changeset in self.made[-1:]:
            if changeset.pk not in self.stages:
                self.stages[changeset.pk] = self.whole
        return made

    @rule(
        status=st.sampled_from(["", *Status.values]),
        quarters=st.integers(-1, 1),
        replaces=st.sampled_from([None, False, True]),
        is_both=st.booleans(),
    )
    def edit_several(
        self, status: str, quarters: int, replaces: bool | None, is_both: bool
    ) -> None:
        who = f"Pilote {self.count}"
        pilot = None if replaces is None else PilotAsked(who, label=who, replaces=replaces)
        asked = Asked(status, f"Motif {self.count}" if status else "", pilot, None, quarters)
        keys = [self.action.pk, *([self.other.action_id] if is_both else [])]
        seen = plan_bulk(self.project, keys=keys, asked=asked, theirs=keys)
        self.did(
            lambda: edit_sheets(
                project=self.project,
                keys=keys,
                asked=asked,
                seen={line.key: line.code for line in seen.lines},
                by=self.by,
            ),
            BulkRefused,
        )

    @rule(themes=st.sets(st.integers(1, 3)), words=st.sampled_from(["", "Loin", "Près"]))
    def write_its_texts(self, themes: set[int], words: str) -> None:
        keys = set(Theme.objects.filter(position__in=themes).values_list("pk", flat=True))

        def gesture() -> None:
            with writing_sheet(self.action, by=self.by) as sheet:
                sheet.action.need = words
                write_section(sheet, columns=["need"], links={"themes": keys})

        self.did(gesture)

    @precondition(lambda self: self.stages)
    @rule(chosen=ANY)
    def go_back_to(self, chosen: int) -> None:
        """Whatever was written since, the sheet is what it was; undone, it is what it is."""
        found = [one for one in self.made if one.pk in self.stages]
        gesture = found[chosen % len(found)]
        before, way = self.whole, SheetReturn(self.action, gesture)
        back = way_back(way)
        if not back.changes:
            assert before == self.stages[gesture.pk]
            return
        last = len(self.made)
        self.did(lambda: return_to(way=way, seen=back.code, project=self.project, by=self.by))
        assert len(self.made) == last + 1
        assert self.whole == self.stages[gesture.pk]
        self.did(lambda: self.back(self.made[-1]))
        assert self.whole == before


def test_any_state_comes_back_exactly() -> None:
    run_machine(
        SheetAndBack,
        settings=settings(
            max_examples=int(os.environ.get("PTSM_MACHINE_EXAMPLES", "3")),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
