"""What the COPIL reads, computed from what was frozen."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from core.quarters import Quarter
from core.text import NBSP
from reviews.drawings import draw_key, draw_statuses
from reviews.enums import Outcome
from reviews.summaries.frozen import (
    FrozenAnswer,
    FrozenBefore,
    FrozenObjective,
    FrozenPerson,
    FrozenPriority,
    FrozenReview,
    FrozenSheet,
)
from reviews.summaries.report import changes_of, report_of
from roadmap.enums import Status, Weather
from roadmap.summaries import PlanningGrid

T4 = Quarter.of(2026, 4)
BEFORE = FrozenBefore(Status.RUNNING, "En cours", "", "", Outcome.VALIDATED)
SHEET = FrozenSheet(
    key=1,
    number=1,
    title="Pair-aidance",
    priority=1,
    axis="Axe A",
    axis_rank=1,
    pilots=("Maya Legrand",),
    people=(FrozenPerson(7, "Maya Legrand", is_gone=False),),
    status=Status.RUNNING,
    status_label="En cours",
    status_reason="",
    weather="",
    weather_label="",
    status_at_opening=Status.RUNNING,
    lateness=0,
    lateness_label="",
    objectives_done=0,
    objectives_total=1,
    is_retired=False,
    outcome=Outcome.VALIDATED,
    outcome_label="Validée",
    silent_for=0,
    answer=None,
    before=BEFORE,
)
ANSWER = FrozenAnswer(
    status=Status.RUNNING,
    status_label="En cours",
    status_reason="",
    weather="",
    weather_label="",
    done="",
    difficulties="",
    next_steps="",
    help_asked="",
    is_unchanged=False,
    answered_name="Maya Legrand",
    answered_from="Compte",
    submitted_on=dt.date(2026, 11, 20),
    validated_on=dt.date(2026, 11, 21),
    is_set_aside=False,
    objectives=(),
    evidence=(),
)
SLIP = FrozenObjective(3, "1) Ouvrir", "decale", "Décalé", T4.index + 2, "Recrutement", slips=1)


def review(*sheets: FrozenSheet, **said: Any) -> FrozenReview:
    return replace(
        FrozenReview(
            quarter=T4.index,
            edition=1,
            territory="Aubrac",
            project="PTSM",
            opened_on=None,
            due_on=dt.date(2026, 12, 1),
            closed_on=dt.date(2026, 12, 15),
            led_by="Agnès",
            reopening_reason="",
            previous_quarter=T4.index - 1,
            priorities=(FrozenPriority(1, "Repérage"),),
            sheets=sheets,
            gone=(),
            grid=PlanningGrid((), T4, ()),
        ),
        **said,
    )


def changes(*sheets: FrozenSheet, **said: Any) -> dict[str, list[str]]:
    groups = changes_of(review(*sheets, **said)).groups
    return {group.code: [each.words for each in group.changes] for group in groups if group.changes}


def reasons(*sheets: FrozenSheet, **said: Any) -> dict[str, tuple[str, ...]]:
    return {line.title: line.reasons for line in report_of(review(*sheets, **said)).to_examine}


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        (Status.NOT_STARTED, Status.RUNNING, "commencees"),
        (Status.SUSPENDED, Status.RUNNING, "commencees"),
        (Status.RUNNING, Status.DONE, "realisees"),
        (Status.RUNNING, Status.SUSPENDED, "arretees"),
        (Status.RUNNING, Status.DROPPED, "arretees"),
        (Status.RUNNING, Status.NOT_STARTED, None),
        (Status.DONE, Status.DONE, None),
    ],
)
def test_a_status_that_moved_is_told_once(was: Status, now: Status, code: str | None) -> None:
    sheet = replace(SHEET, status=now, before=replace(BEFORE, status=was))
    assert list(changes(sheet)) == ([code] if code else [])


def test_the_first_review_tells_what_changed_since_its_opening() -> None:
    sheet = replace(SHEET, before=None, status_at_opening=Status.NOT_STARTED)
    told = changes_of(review(sheet, previous_quarter=None))
    assert told.since is None
    assert [group.code for group in told.groups if group.changes] == ["commencees"]


def test_what_slipped_is_told_with_its_quarter_and_reason() -> None:
    sheet = replace(SHEET, answer=replace(ANSWER, objectives=(SLIP,)))
    assert changes(sheet) == {
        "decalees": [f"«{NBSP}1) Ouvrir{NBSP}» décalé à {Quarter(T4.index + 2)}{NBSP}: Recrutement"]
    }


def test_an_answer_set_aside_slips_nothing() -> None:
    answer = replace(ANSWER, objectives=(SLIP,), is_set_aside=True)
    assert changes(replace(SHEET, answer=answer)) == {}


def test_a_sheet_unknown_to_the_last_review_was_added() -> None:
    assert changes(replace(SHEET, before=None)) == {"ajoutees": ["en cours"]}


def test_a_retired_sheet_is_told_among_those_gone_only() -> None:
    told = changes_of(
        review(replace(SHEET, is_retired=True, status=Status.DONE), gone=("Fiche 1",))
    )
    assert not any(group.changes for group in told.groups)
    assert told.gone == ("Fiche 1",)
    assert not told.is_empty


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        (
            replace(SHEET, answer=replace(ANSWER, help_asked="Une salle")),
            f"aide demandée{NBSP}: Une salle",
        ),
        (
            replace(SHEET, answer=replace(ANSWER, weather=Weather.COMPROMISED)),
            "objectifs compromis",
        ),
        (
            replace(SHEET, lateness=2, lateness_label="en retard de 2 trimestres"),
            "en retard de 2 trimestres",
        ),
        (
            replace(SHEET, silent_for=2, outcome=Outcome.SILENT),
            f"sans réponse depuis 2{NBSP}trimestres",
        ),
        (
            replace(SHEET, answer=replace(ANSWER, objectives=(replace(SLIP, slips=2),))),
            f"«{NBSP}1) Ouvrir{NBSP}» décalé 2{NBSP}fois",
        ),
        (
            replace(SHEET, people=(FrozenPerson(7, "Maya Legrand", is_gone=True),)),
            "Maya Legrand, pilote, n’est plus là",
        ),
    ],
)
def test_each_signal_is_told_with_its_reason(sheet: FrozenSheet, reason: str) -> None:
    assert reasons(sheet) == {f"Fiche{NBSP}1{NBSP}: Pair-aidance": (reason,)}


def test_one_slip_or_one_silence_is_no_signal() -> None:
    answer = replace(ANSWER, objectives=(SLIP,))
    assert reasons(replace(SHEET, answer=answer)) == {}
    assert reasons(replace(SHEET, silent_for=1, outcome=Outcome.SILENT)) == {}


def test_one_person_carrying_many_sheets_is_told() -> None:
    sheets = [replace(SHEET, key=key, number=key) for key in range(1, 6)]
    assert reasons(*sheets) == {"Maya Legrand": (f"pilote 5{NBSP}fiches en même temps",)}
    assert reasons(*sheets[:4]) == {}
    assert reasons(*sheets[:4], replace(sheets[4], status=Status.DONE)) == {}


def test_a_priority_without_a_running_sheet_is_told() -> None:
    told = reasons(replace(SHEET, status=Status.DONE))
    assert told == {f"Priorité{NBSP}1{NBSP}: Repérage": ("aucune fiche en cours",)}


def test_the_follow_up_table_says_what_each_state_is_worth() -> None:
    rows = [
        replace(SHEET, weather_label="Objectifs sécurisés", answer=ANSWER),
        replace(SHEET, outcome=Outcome.SILENT),
        replace(SHEET, answer=replace(ANSWER, validated_on=None, status_label="Réalisée")),
        replace(SHEET, answer=replace(ANSWER, is_set_aside=True)),
        replace(SHEET, outcome=""),
        replace(SHEET, priority=None),
    ]
    first, last = report_of(review(*rows)).follow_up
    assert first.label == "1. Repérage"
    assert [row.note for row in first.rows] == [
        "objectifs sécurisés",
        "sans réponse, dernier état connu",
        f"réponse reçue, non validée{NBSP}: réalisée",
        "réponse validée, la fiche a été gardée telle quelle",
        "",
    ]
    assert last.label == "À classer"


def test_charts_draw_what_their_tables_count() -> None:
    report = report_of(review(SHEET, replace(SHEET, status=Status.DONE, axis="<b>")))
    (row,) = report.by_priority
    assert (row.total, [facet.count for facet in row.counts]) == (2, [0, 1, 1, 0, 0])
    assert [row.label for row in report.by_axis] == ["<b>", "Axe A"]
    drawn = draw_statuses(report.by_axis, title="Par axe")
    assert "<b>" not in drawn
    assert drawn.count("<rect") == 2
    assert "Réalisée" in draw_key(report.by_axis)
    assert draw_statuses([], title="Rien").startswith("<svg")
