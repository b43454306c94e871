"""The life of a sheet: copied, numbered, retired, restored; axes. Rules, without a page."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.quarters import Quarter
from documents.models import Document
from journal.models import ChangeSet
from journal.recording import gesture
from journal.undoing import undo
from roadmap.enums import CellState, FundingState, ObjectiveState, RoleKind, Status
from roadmap.exports import sheet_context
from roadmap.models import Action, PlannedQuarter, Priority, Theme
from roadmap.services.axes import (
    AxisRefused,
    add_axis,
    axes_in_order,
    place_axis,
    remove_axis,
    rename_axis,
)
from roadmap.services.gestures import SheetRefused
from roadmap.services.lifecycle import TitleTaken, make_sheet, restore_sheet, retire_sheet
from roadmap.services.numbering import (
    HIGHEST_NUMBER,
    NumberTaken,
    Way,
    free_number,
    renumber_sheet,
    taken_number,
)
from roadmap.services.reading import describe_sheet
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)

# Long before: papers may have been printed since.
LONG_AGO = dt.timedelta(days=40)


def numbers(cast: Cast) -> dict[str, int]:
    return dict(Action.objects.of(cast.project).values_list("title", "number"))


def sheets(cast: Cast, *wanted: int) -> list[Action]:
    made = [ActionFactory.create(project=cast.project, number=n, title=f"f{n}") for n in wanted]
    ChangeSet.objects.update(at=timezone.now() - LONG_AGO)
    return made


def source_of(action: Action) -> Action:
    return Action.objects.for_sheet().with_place().get(pk=action.pk)


def described(action: Action) -> object:
    return describe_sheet(Action.objects.for_sheet().get(pk=action.pk))


def former(action: Action) -> list[int]:
    return sorted(action.former_numbers.values_list("number", flat=True))


@pytest.fixture
def written(cast: Cast) -> Action:
    """A sheet well under way, with everything on it."""
    sheet = ActionFactory.create(
        project=cast.project,
        number=12,
        title="Équipe mobile",
        planning_title="Équipe",
        priority=Priority.objects.get(number=2),
        axis=AxisFactory.create(project=cast.project, title="Aller vers"),
        need="On attend six mois.",
        remarks="Voir la fiche 3.",
        status=Status.SUSPENDED,
        status_reason="Attente du préfet",
    )
    with unsigned():
        sheet.themes.set([Theme.objects.get(position=2)])
        sheet.secondary_priorities.set([Priority.objects.get(number=n) for n in (3, 4)])
    hospital = OrganisationFactory.create(
        territory=cast.aubrac, name="Centre hospitalier du Val", short_name="CH du Val"
    )
    person = PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    group = ProjectGroupFactory.create(action=sheet, label="Projet 1", position=1)
    row = ObjectiveFactory.create(
        action=sheet, parent=group, position=2, label="1)", state=ObjectiveState.DONE
    )
    quarter = Quarter.of(2026, 2).index
    PlannedQuarterFactory.create(objective=row, quarter=quarter, state=CellState.DONE)
    PlannedQuarterFactory.create(objective=row, quarter=quarter + 1, state=CellState.SLIPPED)
    ActionRoleFactory.create(action=sheet, person=person, organisation=hospital, label="")
    ActionRoleFactory.create(action=sheet, person=person, label="Dr Roy, pôle nord")
    ActionRoleFactory.create(action=sheet, person=person, label="le pôle nord")
    ActionRoleFactory.create(
        action=sheet, objective=row, kind=RoleKind.PARTNER, organisation=hospital, label=""
    )
    FundingLineFactory.create(
        action=sheet, organisation=hospital, label="", amount=24000, state=FundingState.GRANTED
    )
    ActionIndicatorFactory.create(action=sheet, value="3", target="6")
    return sheet


# --- Made ---------------------------------------------------------------------------------------


def test_a_sheet_is_made_from_nothing_and_signed(cast: Cast) -> None:
    made = make_sheet(project=cast.project, number=4, title="Pair-aidance", by=cast.agnes)
    assert not made.was_made_before
    assert (made.action.number, made.action.status) == (4, Status.NOT_STARTED)
    kept = ChangeSet.objects.latest("pk")
    cast.project.refresh_from_db()
    assert (kept.by, kept.words, kept.revision) == (
        cast.agnes,
        "a créé la fiche\u00a04 «\u00a0Pair-aidance\u00a0»",
        cast.project.revision,
    )


def test_a_copy_keeps_what_is_planned_and_nothing_of_what_was_done(
    cast: Cast, written: Action
) -> None:
    made = make_sheet(
        project=cast.project,
        number=31,
        title=written.title,
        priority=Priority.objects.get(number=3),
        axis=written.axis,
        source=source_of(written),
        by=cast.agnes,
    ).action
    assert (made.need, made.remarks, made.planning_title) == (
        written.need,
        written.remarks,
        "Équipe",
    )
    assert (made.status, made.status_reason) == (Status.NOT_STARTED, "")
    assert made.axis == written.axis
    assert [theme.position for theme in made.themes.all()] == [2]
    # The priority chosen is no more a secondary one.
    assert [other.number for other in made.secondary_priorities.all()] == [4]
    group, row = made.objectives.order_by("position")
    assert (group.label, row.parent, row.label) == ("Projet 1", group, "1)")
    assert {one.state for one in (group, row)} == {ObjectiveState.TODO}
    cells = PlannedQuarter.objects.filter(objective=row).order_by("quarter")
    assert [Quarter(cell.quarter).code for cell in cells] == ["2026-T2", "2026-T3"]
    assert {cell.state for cell in cells} == {CellState.PLANNED}
    assert [role.printed for role in made.roles.filter(objective=None).order_by("position")] == [
        "Ève Roy", "Dr Roy, pôle nord", "le pôle nord",
    ]  # fmt: skip
    line = made.funding_lines.get()
    assert (line.printed, line.amount, line.state) == ("CH du Val", None, FundingState.CONSIDERED)
    indicator = made.indicators.get()
    assert (indicator.label, indicator.value, indicator.target) == ("Nombre de rencontres", "", "")
    words = ChangeSet.objects.latest("pk").words
    assert words.endswith("à partir de la fiche\u00a012")


def test_a_title_of_its_own_leaves_the_planning_title_behind(cast: Cast, written: Action) -> None:
    source = source_of(written)
    made = make_sheet(project=cast.project, number=5, title="Autre", source=source, by=cast.agnes)
    assert made.action.planning_title == ""


def test_nobody_of_the_directory_crosses_into_another_territory(
    cast: Cast, written: Action
) -> None:
    made = make_sheet(
        project=cast.elsewhere,
        number=1,
        title=written.title,
        source=source_of(written),
        by=cast.chloe,
    ).action
    roles = list(made.roles.order_by("objective", "position"))
    assert all(role.person is None and role.organisation is None for role in roles)
    assert sorted(role.label for role in roles) == ["CH du Val", "CH du Val", "le pôle nord"]
    assert [line.label for line in made.funding_lines.all()] == ["CH du Val"]
    assert made.axis is None
    assert "de «\u00a0Aubrac, PTSM de l’Aubrac" in ChangeSet.objects.latest("pk").words


def test_two_people_of_one_name_are_not_taken_for_each_other(cast: Cast) -> None:
    sheet = ActionFactory.create(project=cast.project, number=1)
    meant = PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    PersonFactory.create(territory=cast.aubrac, first_name="Ève", last_name="Roy")
    ActionRoleFactory.create(action=sheet, person=meant, label="")
    made = make_sheet(
        project=cast.project, number=2, title="x", source=source_of(sheet), by=cast.agnes
    )
    assert made.action.roles.get().person == meant


def test_a_double_click_makes_one_sheet(cast: Cast) -> None:
    token = uuid.uuid4().hex
    first, second = (
        make_sheet(project=cast.project, number=4, title="x", by=cast.agnes, token=token)
        for _ in range(2)
    )
    assert second.was_made_before
    assert first.action == second.action
    assert Action.objects.of(cast.project).count() == 1


def test_a_sheet_of_the_same_title_is_made_only_when_it_is_meant(cast: Cast) -> None:
    first = make_sheet(project=cast.project, number=1, title="Pair-aidance", by=cast.agnes).action
    with pytest.raises(TitleTaken, match="La fiche\u00a01 a déjà ce titre"):
        make_sheet(project=cast.project, number=2, title=" PAIR-AIDANCE", by=cast.agnes)
    copied = make_sheet(
        project=cast.project,
        number=2,
        title="Pair-aidance",
        source=source_of(first),
        same_title=True,
        by=cast.agnes,
    )
    retire_sheet(action=first, reason="x", by=cast.agnes)
    retire_sheet(action=copied.action, reason="x", by=cast.agnes)
    make_sheet(project=cast.project, number=3, title="Pair-aidance", by=cast.agnes)
    assert Action.objects.of(cast.project).live().count() == 1


def test_a_taken_number_is_refused_and_a_free_one_offered(cast: Cast) -> None:
    sheets(cast, 4, 7)
    with pytest.raises(NumberTaken, match="le\u00a08 est libre"):
        make_sheet(project=cast.project, number=7, title="x", by=cast.agnes)
    assert Action.objects.of(cast.project).count() == 2


def test_after_the_highest_number_the_first_gap_is_offered(cast: Cast) -> None:
    sheets(cast, 1, HIGHEST_NUMBER)
    assert free_number(cast.project) == 2


# --- Numbered -----------------------------------------------------------------------------------


def renumber(cast: Cast, action: Action, number: int, way: str = "") -> None:
    action.refresh_from_db()
    plan = taken_number(action, number=number)
    chosen = plan.by(way) if plan and way else None
    seen = chosen.code if chosen else ""
    renumber_sheet(action=action, number=number, way=way, seen=seen, by=cast.agnes)


def test_two_sheets_exchange_their_numbers(cast: Cast) -> None:
    one, _two, three = sheets(cast, 1, 2, 3)
    renumber(cast, one, 3, Way.EXCHANGE)
    assert numbers(cast) == {"f1": 3, "f2": 2, "f3": 1}
    assert (former(one), former(three)) == ([1], [3])
    assert ChangeSet.objects.latest("pk").words == (
        "a échangé les numéros des fiches\u00a01 et\u00a03"
    )


def test_a_sheet_inserted_shifts_the_following_ones_up_to_the_first_gap(cast: Cast) -> None:
    sheets(cast, 1, 2, 3, 4, 8)
    renumber(cast, Action.objects.get(number=4), 2, Way.INSERT)
    assert numbers(cast) == {"f1": 1, "f4": 2, "f2": 3, "f3": 4, "f8": 8}
    renumber(cast, Action.objects.get(number=8), 1, Way.INSERT)
    assert numbers(cast) == {"f8": 1, "f1": 2, "f4": 3, "f2": 4, "f3": 5}


def test_no_room_is_left_to_shift_past_the_highest_number(cast: Cast) -> None:
    low, _ = sheets(cast, 1, HIGHEST_NUMBER)
    taken = taken_number(low, number=HIGHEST_NUMBER)
    assert taken is not None
    assert taken.insert is None
    with pytest.raises(NumberTaken):
        renumber_sheet(action=low, number=HIGHEST_NUMBER, way=Way.INSERT, seen="", by=cast.agnes)


def test_a_number_given_back_is_not_formerly_the_sheets(cast: Cast) -> None:
    (sheet,) = sheets(cast, 12)
    renumber(cast, sheet, 15)
    assert former(sheet) == [12]
    ChangeSet.objects.update(at=timezone.now() - LONG_AGO)
    renumber(cast, sheet, 12)
    assert former(sheet) == [15]
    today = cast.aubrac.today()
    fresh = Action.objects.for_sheet().get(pk=sheet.pk)
    assert fresh.formerly.startswith("Anciennement fiche\u00a015 (jusqu’au ")
    assert str(today.year) in fresh.formerly
    paper = sheet_context(cast.project, {"number": 12})["paper"]
    assert paper.formerly == fresh.formerly


def test_a_number_that_no_paper_can_print_is_forgotten(cast: Cast) -> None:
    sheet = make_sheet(project=cast.project, number=4, title="x", by=cast.agnes).action
    renumber(cast, sheet, 5)
    assert former(sheet) == []
    Document.objects.create(
        project=cast.project, kind="livret", title="Livret", ordered_by=cast.agnes
    )
    renumber(cast, sheet, 6)
    assert former(sheet) == [5]


def test_the_number_of_a_loaded_booklet_is_remembered_the_same_day(cast: Cast) -> None:
    sheet = ActionFactory.create(project=cast.project, number=4)
    renumber(cast, sheet, 5)
    assert former(sheet) == [4]


def test_what_was_announced_is_done_or_asked_again(cast: Cast) -> None:
    one, two, three = sheets(cast, 1, 2, 3)
    taken = taken_number(one, number=3)
    assert taken is not None
    announced = taken.exchange.code
    renumber(cast, two, 9)
    renumber(cast, three, 2)
    renumber(cast, two, 3)  # another one has it now
    with pytest.raises(NumberTaken, match="a changé pendant"):
        renumber_sheet(action=one, number=3, way=Way.EXCHANGE, seen=announced, by=cast.agnes)
    assert numbers(cast) == {"f1": 1, "f3": 2, "f2": 3}


def test_a_renumbering_sent_twice_is_done_once(cast: Cast) -> None:
    one, _ = sheets(cast, 1, 2)
    plan = taken_number(one, number=2)
    assert plan is not None
    for _ in range(2):
        renumber_sheet(
            action=one, number=2, way=Way.EXCHANGE, seen=plan.exchange.code, by=cast.agnes
        )
    assert numbers(cast) == {"f1": 2, "f2": 1}


def test_taken_back_a_renumbering_leaves_no_trace_on_the_sheets(cast: Cast) -> None:
    one, two, three = sheets(cast, 1, 2, 3)
    for way in Way:
        renumber(cast, one, 3, way)
        made = ChangeSet.objects.latest("pk")
        with writing(cast.project, by=cast.agnes, undoes=made):
            undo(list(made.changes.order_by("rank")))
        assert numbers(cast) == {"f1": 1, "f2": 2, "f3": 3}
        assert [former(sheet) for sheet in (one, two, three)] == [[], [], []]


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.sets(st.integers(1, 12), min_size=2, max_size=8), st.data())
def test_renumbering_keeps_every_sheet_under_its_own_number(
    cast: Cast, taken: set[int], data: st.DataObject
) -> None:
    with unsigned():
        Action.objects.of(cast.project).delete()
    made = sheets(cast, *sorted(taken))
    for _ in range(3):
        sheet = data.draw(st.sampled_from(made))
        number = data.draw(st.integers(1, 12))
        sheet.refresh_from_db()
        way = data.draw(st.sampled_from(Way)) if taken_number(sheet, number=number) else ""
        renumber(cast, sheet, number, way)
        sheet.refresh_from_db()
        assert sheet.number == number
        present = list(numbers(cast).values())
        assert len(present) == len(set(present)) == len(made)
        assert max(present) < 100
        for one in made:
            assert Action.objects.get(pk=one.pk).number not in former(one)


# --- Retired, restored --------------------------------------------------------------------------


def test_a_retired_sheet_leaves_the_roadmap_with_all_that_it_holds(
    cast: Cast, written: Action
) -> None:
    before = described(written)
    retire_sheet(action=written, reason="Portée par la fiche 3", by=cast.agnes)
    assert not Action.objects.of(cast.project).exists()
    retired = Action.objects.retired_from(cast.project).get()
    assert retired.retired_reason == "Portée par la fiche 3"
    assert described(retired) == before
    with pytest.raises(SheetRefused, match="déjà retirée"):
        retire_sheet(action=written, reason="encore", by=cast.agnes)
    restored = restore_sheet(action=retired, by=cast.agnes)
    assert restored.number_before is None
    assert described(written) == before
    assert Action.objects.get(pk=written.pk).retired_reason == ""
    with pytest.raises(SheetRefused, match="déjà dans la feuille de route"):
        restore_sheet(action=retired, by=cast.agnes)


def test_a_reason_is_asked(cast: Cast) -> None:
    (sheet,) = sheets(cast, 3)
    with pytest.raises(SheetRefused, match="Dites pourquoi"):
        retire_sheet(action=sheet, reason="", by=cast.agnes)


def test_restored_after_its_number_was_taken_it_has_the_next_free_one(cast: Cast) -> None:
    sheet, _ = sheets(cast, 3, 7)
    retire_sheet(action=sheet, reason="double", by=cast.agnes)
    sheets(cast, 30)
    make_sheet(project=cast.project, number=3, title="neuve", by=cast.agnes)
    restored = restore_sheet(action=sheet, by=cast.agnes)
    assert (restored.action.number, restored.number_before) == (31, 3)
    assert former(sheet) == [3]
    assert "sous le numéro\u00a031" in ChangeSet.objects.latest("pk").words


def test_two_sheets_of_one_number_come_back_under_two(cast: Cast) -> None:
    (first,) = sheets(cast, 3)
    retire_sheet(action=first, reason="a", by=cast.agnes)
    second = make_sheet(project=cast.project, number=3, title="b", by=cast.agnes).action
    retire_sheet(action=second, reason="b", by=cast.agnes)
    for sheet in (first, second):
        restore_sheet(action=sheet, by=cast.agnes)
    assert sorted(numbers(cast).values()) == [3, 4]


def test_the_list_finds_a_sheet_by_a_number_that_it_had(cast: Cast) -> None:
    sheet, _ = sheets(cast, 12, 120)
    renumber(cast, sheet, 15)
    told = ActionFactory.create(project=cast.project, number=20, need="Suite de la fiche 12.")
    found = Action.objects.of(cast.project).in_order()
    assert list(found.matching("fiche 12")) == [sheet, told]
    assert list(found.matching("Fiche N°\u00a012")) == [sheet, told]
    assert list(found.matching("fiche 15")) == [sheet]
    assert list(found.matching("fiche 99999")) == []


# --- Axes ---------------------------------------------------------------------------------------


def titles(cast: Cast) -> list[str]:
    return [axis.title for axis in axes_in_order(cast.project)]


def test_axes_are_added_after_the_others_once(cast: Cast) -> None:
    token = uuid.uuid4().hex
    for _ in range(2):
        add_axis(project=cast.project, label="A", title="Un", by=cast.agnes, token=token)
    add_axis(project=cast.project, label="", title="Deux", by=cast.agnes)
    assert titles(cast) == ["Un", "Deux"]
    with pytest.raises(AxisRefused, match="existe déjà"):
        add_axis(project=cast.project, label="", title="Un", by=cast.agnes)


def test_an_axis_takes_its_rank_and_the_ranks_stay_dense(cast: Cast) -> None:
    axes = [AxisFactory.create(project=cast.project, title=t, position=7) for t in "abc"]
    for _ in range(2):  # a double click
        place_axis(axis=axes[2], rank=1, by=cast.agnes)
    assert titles(cast) == ["c", "a", "b"]
    place_axis(axis=axes[2], rank=99, by=cast.agnes)
    assert titles(cast) == ["a", "b", "c"]
    assert [axis.position for axis in axes_in_order(cast.project)] == [1, 2, 3]


def test_only_an_empty_axis_is_removed_and_retired_sheets_are_untied(cast: Cast) -> None:
    axis = AxisFactory.create(project=cast.project)
    sheet = ActionFactory.create(project=cast.project, axis=axis)
    with pytest.raises(AxisRefused, match="porte 1\u00a0fiche"):
        remove_axis(axis=axis, by=cast.agnes)
    retire_sheet(action=sheet, reason="x", by=cast.agnes)
    remove_axis(axis=axis, by=cast.agnes)
    sheet.refresh_from_db()
    assert sheet.axis is None
    with pytest.raises(AxisRefused, match="déjà été retiré"):
        remove_axis(axis=axis, by=cast.agnes)


def test_an_axis_cannot_take_the_title_of_another(cast: Cast) -> None:
    first, second = (AxisFactory.create(project=cast.project, title=title) for title in "ab")
    first.title = second.title
    with gesture(by=cast.agnes), pytest.raises(AxisRefused):
        rename_axis(first)
