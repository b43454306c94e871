"""The quarter grid: what it says, before and after it is drawn."""

import timeit

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from core.quarters import Quarter, span
from roadmap.drawings import GridPen, draw_grid, draw_rows, draw_sheets, draw_strip
from roadmap.enums import CellState
from roadmap.models import Action, Objective
from roadmap.summaries import (
    GridGroup,
    GridRow,
    PlanningGrid,
    Segment,
    planning_grid,
    strip_of,
    strip_quarters,
)
from tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)

NOW = Quarter.of(2026, 4)
WINDOW = span(Quarter.of(2026, 1).index, Quarter.of(2027, 4).index)

pytestmark = pytest.mark.django_db


def grid_of(action: Action, quarters: tuple[Quarter, ...] = WINDOW) -> PlanningGrid:
    sheet = Action.objects.for_grid().get(pk=action.pk)
    return planning_grid([sheet], quarters=quarters, on=NOW)


def drawn(grid: PlanningGrid, **options: object) -> BeautifulSoup:
    return BeautifulSoup(draw_grid(grid, caption="Planning", **options), "html.parser")  # type: ignore[arg-type]


@pytest.fixture
def objective() -> Objective:
    return ObjectiveFactory.create(label="1)", title="Créer un groupe")


def test_cells_come_with_their_row_in_order_or_are_asked_for(objective: Objective) -> None:
    for index, state in ((8105, "fait"), (8099, "decale"), (8104, "prevu")):
        PlannedQuarterFactory.create(objective=objective, quarter=index, state=state)
    empty = ObjectiveFactory.create(action=objective.action)
    loaded = {row.pk: row for row in Objective.objects.with_cells()}
    told = [(8099, "decale"), (8104, "prevu"), (8105, "fait")]
    for row in (loaded[objective.pk], Objective.objects.get(pk=objective.pk)):
        assert list(row.cells.items()) == told
    assert loaded[empty.pk].cells == Objective.objects.get(pk=empty.pk).cells == {}


def test_each_state_is_told_by_its_word(objective: Objective) -> None:
    for step, state in enumerate(CellState):
        PlannedQuarterFactory.create(
            objective=objective, quarter=WINDOW[0].index + step, state=state
        )
    cells = drawn(grid_of(objective.action)).select("tbody td.cell")
    assert [cell.get_text() for cell in cells] == ["prévu", "fait", "décalé", "", "", "", "", ""]
    assert len(cells) == len(WINDOW)


def test_a_text_spans_the_quarters_it_is_about(objective: Objective) -> None:
    objective.planning_note = "à déterminer par les pilotes"
    with unsigned():
        objective.save()
    cells = drawn(grid_of(objective.action)).select("tbody td.cell")
    assert [(cell["colspan"], cell.get_text()) for cell in cells] == [
        ("8", "à déterminer par les pilotes")
    ]


def test_a_text_over_a_part_leaves_the_other_quarters(objective: Objective) -> None:
    objective.planning_note = "phase 1"
    objective.note_first = WINDOW[2].index
    objective.note_last = WINDOW[4].index
    with unsigned():
        objective.save()
    row = grid_of(objective.action).groups[0].rows[0]
    assert [segment.span for segment in row.segments] == [1, 1, 3, 1, 1, 1]
    assert row.remarks == ()


def test_a_text_never_hides_a_planned_quarter(objective: Objective) -> None:
    objective.planning_note = "selon les moyens"
    with unsigned():
        objective.save()
    PlannedQuarterFactory.create(objective=objective, quarter=NOW.index)
    row = grid_of(objective.action).groups[0].rows[0]
    assert "prévu" in [segment.text for segment in row.segments]
    assert row.remarks == ("selon les moyens",)


def test_a_text_outside_the_window_is_told_under_the_title(objective: Objective) -> None:
    objective.planning_note = "déjà lancé"
    objective.note_first = objective.note_last = Quarter.of(2020, 1).index
    with unsigned():
        objective.save()
    assert grid_of(objective.action).groups[0].rows[0].remarks == ("déjà lancé",)


def test_what_lies_outside_the_window_is_told_and_not_lost(objective: Objective) -> None:
    PlannedQuarterFactory.create(objective=objective, quarter=Quarter.of(2025, 4).index)
    row = grid_of(objective.action).groups[0].rows[0]
    assert row.remarks == ("hors période\u00a0: T4\u00a02025 (prévu)",)


def test_a_row_of_the_summary_only_says_so(objective: Objective) -> None:
    ObjectiveFactory.create(action=objective.action, in_planning=False)
    rows = grid_of(objective.action).groups[0].rows
    assert [row.remarks for row in rows] == [(), ("au tableau récapitulatif seulement",)]


def test_a_sheet_of_the_summary_only_says_so_once(objective: Objective) -> None:
    objective.in_planning = False
    with unsigned():
        objective.save()
    group = grid_of(objective.action).groups[0]
    assert (group.remark, group.rows[0].remarks) == ("au tableau récapitulatif seulement", ())


def test_the_table_has_its_headers(objective: Objective) -> None:
    soup = drawn(grid_of(objective.action))
    assert soup.caption is not None
    assert soup.caption.get_text() == "Planning"
    assert [th["scope"] for th in soup.select("thead th")] == ["col"] * (len(WINDOW) + 2)
    row = soup.select_one("tbody tr:last-child th")
    assert row is not None
    assert (row["scope"], row.get_text()) == ("row", "1) Créer un groupe")
    current = soup.select("thead th.is-current")
    assert [th.get_text() for th in current] == ["T4 2026 (trimestre en cours)"]


def test_a_project_and_its_rows_are_told_apart() -> None:
    group = ProjectGroupFactory.create(label="Projet 1", title="Plan de crise")
    ObjectiveFactory.create(action=group.action, parent=group, title="Convention")
    rows = drawn(grid_of(group.action), named_sheets=False).select("tbody tr")
    assert [row["class"] for row in rows] == [["depth-0", "is-project"], ["depth-1"]]
    assert rows[0].th is not None
    assert rows[0].th.get_text() == "Projet 1 : Plan de crise"


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "a & b", 'l"autre', "🙂 עברית"])
def test_typed_words_are_never_mark_up(typed: str) -> None:
    action = ActionFactory.create(title=typed)
    ObjectiveFactory.create(action=action, title=typed, label=typed[:30], planning_note=typed)
    soup = drawn(grid_of(action))
    assert soup.find("script") is None
    assert typed in soup.get_text()


def test_without_a_window_objectives_are_still_listed(objective: Objective) -> None:
    soup = drawn(grid_of(objective.action, quarters=()))
    assert "Créer un groupe" in soup.get_text()
    assert soup.select("td.cell") == []


def test_the_strip_is_told_in_words(objective: Objective) -> None:
    PlannedQuarterFactory.create(objective=objective, quarter=NOW.index)
    PlannedQuarterFactory.create(objective=objective, quarter=NOW.index - 1, state=CellState.DONE)
    sheet = Action.objects.for_grid().get(pk=objective.action_id)
    strip = BeautifulSoup(draw_strip(strip_of(sheet, WINDOW), current=NOW), "html.parser")
    words = strip.select_one(".visually-hidden")
    assert words is not None
    assert words.get_text() == "T3\u00a02026 fait, T4\u00a02026 prévu"
    assert len(strip.select(".box")) == len(WINDOW)
    assert len(strip.select(".is-current")) == 1


@given(
    start=st.integers(2000, 2040),
    length=st.integers(1, 60),
    now=st.integers(Quarter.of(1999, 1).index, Quarter.of(2060, 4).index),
)
def test_the_strip_stays_inside_the_window(start: int, length: int, now: int) -> None:
    first = Quarter.of(start, 1).index
    window = span(first, first + length - 1)
    strip = strip_quarters(window, on=Quarter(now))
    assert len(strip) == min(8, length)
    assert set(strip) <= set(window)
    assert strip == span(strip[0].index, strip[-1].index)


def test_an_empty_window_has_an_empty_strip() -> None:
    assert strip_quarters((), on=NOW) == ()


# --- The grid in which one writes ---


def pen(*sheets: int) -> GridPen:
    return GridPen(
        sheets=sheets,
        planning_of=lambda key: f"/objectifs/{key}/planning/",
        wording_of=lambda key: f"/objectifs/{key}/modifier/",
    )


def test_every_quarter_is_a_cell_that_says_its_quarter_and_its_state(objective: Objective) -> None:
    PlannedQuarterFactory.create(objective=objective, quarter=WINDOW[1].index)
    soup = drawn(grid_of(objective.action), pen=pen(objective.action_id))
    cells = soup.select("tr[data-objective] td[data-q]")
    assert [int(str(cell["data-q"])) for cell in cells] == [quarter.index for quarter in WINDOW]
    assert [cell["aria-label"] for cell in cells][:2] == [
        "T1\u00a02026, vide",
        "T2\u00a02026, prévu",
    ]
    assert [cell["tabindex"] for cell in cells] == ["0", *["-1"] * (len(WINDOW) - 1)]
    table = soup.select("table")[0]
    assert (table["role"], table["aria-multiselectable"]) == ("grid", "true")
    assert soup.select(f"#{table['aria-labelledby']}")[0].get_text() == "Planning"


def test_a_text_leaves_a_cell_under_each_of_its_quarters(objective: Objective) -> None:
    objective.planning_note = "phase <1>"
    objective.note_first = WINDOW[2].index
    objective.note_last = WINDOW[4].index
    with unsigned():
        objective.save()
    soup = drawn(grid_of(objective.action), pen=pen(objective.action_id))
    cells = soup.select("td[data-q]")
    assert len(cells) == len(WINDOW)
    under = [cell for cell in cells if cell.get("aria-describedby")]
    assert cells.index(under[0]) == 2
    assert len(under) == 3
    text = soup.select(f"#{under[0]['aria-describedby']}")[0]
    assert (text.get_text(), text["class"]) == ("phase <1>", ["over", "over-3"])


def test_a_text_too_long_for_its_cells_goes_under_the_title(objective: Objective) -> None:
    objective.planning_note = "selon les moyens que chacun pourra mettre en commun"
    objective.note_first = objective.note_last = WINDOW[2].index
    with unsigned():
        objective.save()
    soup = drawn(grid_of(objective.action), pen=pen(objective.action_id))
    assert soup.select(".over") == []
    (cell,) = [cell for cell in soup.select("td[data-q]") if cell.get("aria-describedby")]
    assert soup.select(f"#{cell['aria-describedby']}")[0].get_text() == objective.planning_note


def test_a_row_that_is_not_theirs_is_read_only(objective: Objective) -> None:
    soup = drawn(grid_of(objective.action), pen=pen())
    assert {cell.get("aria-readonly") for cell in soup.select("td[data-q]")} == {"true"}
    assert soup.select("a.row-edit") == []


def test_the_name_of_a_row_is_its_title_alone(objective: Objective) -> None:
    PlannedQuarterFactory.create(objective=objective, quarter=Quarter.of(2020, 1).index)
    soup = drawn(grid_of(objective.action), pen=pen(objective.action_id))
    title = soup.select("tr[data-objective] th")[0]
    assert soup.select(f"#{title['aria-labelledby']}")[0].get_text() == "1) Créer un groupe"
    assert "hors période" in title.get_text()
    link = title.select("a")[0]
    assert link["aria-labelledby"] == f"{link['id']} {title['aria-labelledby']}"
    assert link["href"] == f"/objectifs/{objective.pk}/modifier/"


def test_parts_are_drawn_like_the_whole(objective: Objective) -> None:
    ObjectiveFactory.create(action=objective.action)
    grid, mine = grid_of(objective.action), pen(objective.action_id)
    whole = draw_grid(grid, caption="Planning", pen=mine).replace('tabindex="0"', 'tabindex="-1"')
    sheets = draw_sheets(grid, pen=mine)
    assert sheets[objective.action_id] in whole
    rows = draw_rows(grid, pen=mine, only={objective.pk})
    assert list(rows) == [objective.pk]
    assert rows[objective.pk] in whole


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "a & b", 'tabindex="-1"', "🙂 עברית"]
)
def test_typed_words_are_never_mark_up_in_an_open_grid(typed: str) -> None:
    action = ActionFactory.create(title=typed)
    row = ObjectiveFactory.create(action=action, title=typed, label=typed[:30], planning_note=typed)
    soup = drawn(grid_of(action), pen=pen(action.pk))
    assert soup.find("script") is None
    assert soup.select(f"#texte-{row.pk}")[0].get_text() == typed
    assert typed in soup.select(f"#objectif-{row.pk}")[0].get_text()


def test_an_open_grid_is_drawn_in_twice_the_time_of_the_other_at_most() -> None:
    """150 rows over 20 quarters; the quickest of several, since a machine has other work."""
    quarters = span(WINDOW[0].index, WINDOW[0].index + 19)
    rows = tuple(
        GridRow(
            label=f"{rank})",
            title=f"Objectif {rank}",
            printed="",
            depth=0,
            is_project=False,
            state="a_faire",
            state_label="À faire",
            segments=tuple(Segment(quarter, 1, "prevu", "prévu") for quarter in quarters),
            remarks=(),
            key=rank,
            cells={quarter.index: "prevu" for quarter in quarters},
        )
        for rank in range(150)
    )
    group = GridGroup(1, "Fiche", None, "", "", rows, key=1)
    grid = PlanningGrid(quarters=quarters, current=NOW, groups=(group,))

    def quickest(**options: object) -> float:
        return min(timeit.repeat(lambda: drawn_raw(grid, **options), number=1, repeat=7))

    assert quickest(pen=pen(1)) <= 2 * quickest() + 0.002


def drawn_raw(grid: PlanningGrid, **options: object) -> str:
    return draw_grid(grid, caption="Planning", **options)  # type: ignore[arg-type]
