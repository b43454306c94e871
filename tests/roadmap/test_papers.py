"""What every paper owes the press, and what the sheet and the table say."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from core.quarters import Quarter
from documents.kinds import PaperRefused, kind_of
from documents.press import canonical
from roadmap.enums import CellState, FundingState, ObjectiveState, Status
from roadmap.exports import sheet_context, table_context
from roadmap.models import Action, Theme
from territories.enums import ActKind
from territories.models import Project
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectFactory,
    unsigned,
)
from tests.roadmap.papers import KINDS, STATED, aubrac, form_of, html_of, priority, rich_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return aubrac()


# --- The contract with the press ---


@pytest.mark.parametrize(("code", "choices"), KINDS)
def test_equal_contents_in_two_places_of_the_base_are_one_paper(
    code: str, choices: dict[str, Any]
) -> None:
    said = []
    for _ in range(2):
        project = ProjectFactory.create(territory__name="Aubrac")
        project.mark_changed(at=STATED)
        AxisFactory.create(project=ProjectFactory.create())
        for number in (1, 2, 3):
            rich_sheet(project, number, priority=priority(number))
        said.append(canonical(kind_of(code).context(project, choices)))

    assert said[0] == said[1]


@pytest.mark.parametrize(("code", "choices"), KINDS)
def test_sixty_sheets_cost_the_queries_of_one(
    project: Project,
    queries: Callable[[Callable[[], object]], int],
    code: str,
    choices: dict[str, Any],
) -> None:
    def compose() -> object:
        fresh = Project.objects.get(pk=project.pk)
        return kind_of(code).context(fresh, choices)

    rich_sheet(project, 1)
    first = queries(compose)
    for number in range(2, 61):
        rich_sheet(project, number, priority=priority(number % 6 + 1))

    assert queries(compose) == first <= 18


def test_who_reads_the_current_state_may_order_and_a_guest_may_not(cast: Cast) -> None:
    for code, _ in KINDS:
        may_order = kind_of(code).may_order
        allowed = {
            name
            for name in ("agnes", "bruno", "gael", "chloe", "denis", "emile")
            if may_order(getattr(cast, name), cast.project)
        }
        assert allowed == {"agnes", "bruno", "emile"}


@pytest.mark.parametrize(("code", "choices"), KINDS)
def test_page_has_one_title_and_skips_no_level(
    project: Project, code: str, choices: dict[str, Any]
) -> None:
    rich_sheet(project, 1)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html_of(code, project, **choices))]

    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_no_typed_text_becomes_mark_up(project: Project) -> None:
    sheet = rich_sheet(project, 1)
    with unsigned():
        Action.objects.filter(pk=sheet.pk).update(title="<b>Gras</b>", need="<i>Penché</i>")
    ObjectiveFactory.create(action=sheet, title="<u>Souligné</u>")

    for code, choices in KINDS:
        said = html_of(code, project, **choices)
        assert not {"<b>Gras", "<i>Penché", "<u>Souligné"} & set(re.findall(r"<[bui]>\w+", said))


# --- The sheet alone ---


def test_sheet_that_does_not_exist_is_refused(project: Project) -> None:
    with pytest.raises(PaperRefused, match=r"La fiche 99 n’existe pas dans ce projet."):
        sheet_context(project, {"number": 99})


def test_sheet_prints_what_is_filled_and_names_what_is_not(project: Project) -> None:
    rich_sheet(project, 1, means="Deux salles", status=Status.SUSPENDED, status_reason="Attente")
    paper = sheet_context(project, {"number": 1})["paper"]

    assert [passage.title for passage in paper.passages] == ["Constat ou besoin", "Moyens"]
    assert (paper.status_label, paper.reason) == ("Suspendue", "Attente")
    assert paper.missing == "le public concerné, un axe ou un thème"
    assert paper.sums == (("acquis", "15\u202f000\u00a0€"),)
    assert dict(paper.who)["Partenaires"][0].startswith("Mairie (pour «")


def test_stopped_sheet_is_not_said_on_time(project: Project) -> None:
    rich_sheet(project, 1, status=Status.DROPPED, status_reason="Sans objet")
    facts = sheet_context(project, {"number": 1})["paper"].facts

    assert "dans les temps" not in dict(facts).values()


def test_sheet_names_one_thing_missing_as_well_as_several(project: Project) -> None:
    sheet = rich_sheet(project, 1, audience="Adultes")
    assert "À renseigner\u00a0: un axe ou un thème." in html_of("fiche", project, number=1)
    with unsigned():
        sheet.themes.add(Theme.objects.get(position=1))
    assert "renseigner" not in html_of("fiche", project, number=1)


def test_order_dated_after_the_state_printed_is_not_in_force_yet(project: Project) -> None:
    day = project.territory.today(at=project.changed_at)
    for date in (day, day + dt.timedelta(days=1)):
        project.acts.create(kind=ActKind.PROJECT_ORDER, dated_on=date)
    rich_sheet(project, 1)

    imprint = sheet_context(project, {"number": 1})["paper"].imprint
    assert imprint.version == "Arrêté du 22\u00a0novembre\u00a02026"


def test_wide_grid_has_a_landscape_page(project: Project) -> None:
    rich_sheet(project, 1)

    assert not sheet_context(project, {"number": 1})["paper"].has_wide_page
    project.planning_last = Quarter.of(2028, 4).index
    assert sheet_context(project, {"number": 1})["paper"].has_wide_page


# --- The summary table ---


@time_machine.travel(dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC), tick=False)
def test_table_counts_lateness_on_the_day_it_is_printed(project: Project) -> None:
    sheet = rich_sheet(project, 1)
    PlannedQuarterFactory.create(
        objective=sheet.objectives.get(title="Objectif 2"), quarter=Quarter.of(2027, 3).index
    )
    paper = table_context(project, {})["paper"]
    (line,) = paper.groups[0].lines

    assert paper.quarter == "T1\u00a02027"
    assert line.lateness == "en retard de 4\u00a0trimestres"
    assert (line.upcoming, line.deadline) == ("T3\u00a02027", "T3\u00a02027")


def test_table_adds_up(project: Project) -> None:
    for number in (1, 2):
        sheet = rich_sheet(project, number, status=Status.RUNNING)
        FundingLineFactory.create(action=sheet, amount=1000, state=FundingState.ASKED)
        with unsigned():
            sheet.objectives.filter(title="Objectif 0").update(state=ObjectiveState.DONE)
    ActionFactory.create(project=project, number=3, priority=priority(2))
    paper = table_context(project, {})["paper"]
    figures = {total.label: total.figure for total in (*paper.statuses, *paper.totals)}

    assert figures["En cours"] == "2"
    assert figures["Non commencée"] == "1"
    assert figures["objectifs faits"] == "2 sur 6"
    assert figures["acquis"] == "30\u202f000\u00a0€"
    assert figures["demandés"] == "2\u202f000\u00a0€"
    assert [group.mark for group in paper.groups] == ["Priorité\u00a01", "Priorité\u00a02"]


def test_table_does_not_total_money_that_nobody_wrote(project: Project) -> None:
    ActionFactory.create(project=project, number=1)
    paper = table_context(project, {})["paper"]

    assert [total.label for total in paper.totals] == ["objectifs faits", "fiche en retard"]


def test_table_has_the_deadline_that_lateness_counts(project: Project) -> None:
    sheet = ActionFactory.create(project=project, number=1)
    row = ObjectiveFactory.create(action=sheet, state=ObjectiveState.RUNNING)
    for quarter, state in ((1, CellState.SLIPPED), (2, CellState.PLANNED), (3, CellState.DONE)):
        PlannedQuarterFactory.create(
            objective=row, quarter=Quarter.of(2020, quarter).index, state=state
        )
    (line,) = table_context(project, {})["paper"].groups[0].lines

    assert (line.upcoming, line.deadline) == ("", "T3\u00a02020")


def test_table_can_be_grouped_by_axis(project: Project) -> None:
    axis = AxisFactory.create(project=project, label="Axe A", title="Prévenir")
    ActionFactory.create(project=project, number=1, axis=axis)
    ActionFactory.create(project=project, number=2)
    groups = table_context(project, {"group": "axe"})["paper"].groups

    assert [(group.mark, group.title) for group in groups] == [
        ("Axe A", "Prévenir"),
        ("", "À classer"),
    ]


# --- What can be chosen ---


def test_everything_ticked_is_the_same_order_as_nothing(project: Project) -> None:
    for number in (1, 2):
        ActionFactory.create(project=project, number=number, priority=priority(number))
    nothing = form_of("livret", project, {})
    everything = form_of(
        "livret",
        project,
        {"part": ["1", "2"], "priority": ["2", "1"], "status": [*Status.values]},
    )

    assert nothing.is_valid()
    assert everything.is_valid()
    assert nothing.cleaned_data == everything.cleaned_data
    assert nothing["priority"].initial == ["1", "2"]


def test_only_priorities_of_the_project_are_offered(project: Project) -> None:
    ActionFactory.create(project=project, number=1, priority=priority(3))
    ActionFactory.create(project=project, number=2, priority=None)
    form = form_of("synthese", project, {"priority": ["4"]})

    assert [code for code, _ in form.fields["priority"].choices] == ["3", "sans"]
    assert form.errors["priority"] == ["Ce projet n’a pas de fiche sous la priorité\u00a04."]
    assert "group" not in form.fields


def test_sheet_is_chosen_by_its_number(project: Project) -> None:
    ActionFactory.create(project=project, number=7, title="Sept")

    form = form_of("fiche", project, {"number": "7"})
    assert form.is_valid()
    assert form.cleaned_data == {"number": 7}
    assert form.fields["number"].choices == [(7, "7. Sept")]
    assert form_of("fiche", project, {"number": "99"}).errors["number"] == [
        "La fiche 99 n’existe pas dans ce projet."
    ]
    assert form_of("fiche", project, {}).errors["number"] == ["Choisissez la fiche à imprimer."]
