"""Several sheets at once, without screens: what is announced, what is written, what is refused."""

from collections.abc import Callable, Collection

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP
from journal.models import ChangeSet
from roadmap.enums import CellState, RoleKind, Status
from roadmap.models import Action, ActionRole, PlannedQuarter
from roadmap.permissions import can_write_which
from roadmap.services import describe_roadmap
from roadmap.services.bulk import (
    Asked,
    AxisAsked,
    BulkDone,
    BulkPlan,
    BulkRefused,
    PilotAsked,
    edit_sheets,
    plan_bulk,
)
from roadmap.services.cells import LAST_QUARTER
from roadmap.services.history import take_back
from roadmap.services.lifecycle import retire_sheet
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    AxisFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
)

T4 = Quarter.of(2026, 4).index
RUNNING = Asked(status=Status.RUNNING)


@pytest.fixture
def sheets(cast: Cast) -> list[Action]:
    """Fiches 1 to 3, each with an objective planned in T4 2026."""
    made = [
        ActionFactory.create(project=cast.project, number=number, title=f"Action {number}")
        for number in (1, 2, 3)
    ]
    for sheet in made:
        PlannedQuarterFactory.create(objective__action=sheet, quarter=T4)
    return made


def planned(
    project: Project, sheets: Collection[Action], asked: Asked, by: User | None = None
) -> BulkPlan:
    theirs = can_write_which(by, project) if by else {sheet.pk for sheet in sheets}
    return plan_bulk(project, keys=[sheet.pk for sheet in sheets], asked=asked, theirs=theirs)


def edit(
    project: Project,
    sheets: Collection[Action],
    asked: Asked,
    by: User,
    *,
    seen: BulkPlan | None = None,
    aside: Collection[Action] = (),
    token: str = "",
) -> BulkDone:
    plan = seen or planned(project, sheets, asked, by)
    return edit_sheets(
        project=project,
        keys=[sheet.pk for sheet in sheets],
        asked=asked,
        seen={line.key: line.code for line in plan.lines},
        left_out=[sheet.pk for sheet in aside],
        drawn_at=project.revision,
        by=by,
        token=token,
    )


def steps(plan: BulkPlan) -> list[tuple[int | None, list[tuple[str, str, str]]]]:
    return [
        (line.number, [(step.label, step.old, step.new) for step in line.steps])
        for line in plan.lines
    ]


def statuses(sheets: Collection[Action]) -> list[tuple[str, str]]:
    return [
        (sheet.status, sheet.status_reason)
        for sheet in Action.objects.filter(pk__in=[one.pk for one in sheets]).in_order()
    ]


# --- What is announced, then written ------------------------------------------------------------


def test_a_status_is_given_to_all_in_one_gesture(cast: Cast, sheets: list[Action]) -> None:
    before = ChangeSet.objects.count()
    done = edit(cast.project, sheets, RUNNING, cast.agnes)
    assert ChangeSet.objects.count() == before + 1
    assert done.made.changeset is not None
    assert done.made.changeset.words == f"a passé 3{NBSP}fiches à «{NBSP}En cours{NBSP}»"
    assert done.said == f"3{NBSP}fiches passées à «{NBSP}En cours{NBSP}»."
    assert statuses(sheets) == [(Status.RUNNING, "")] * 3
    assert done.made.changeset.changes.count() == 3


def test_what_is_as_asked_already_is_told_and_left(cast: Cast, sheets: list[Action]) -> None:
    edit(cast.project, sheets[:2], RUNNING, cast.agnes)
    plan = planned(cast.project, sheets, RUNNING)
    assert [line.number for line in plan.changing] == [3]
    assert [line.unchanged for line in plan.same] == [(f"déjà «{NBSP}En cours{NBSP}»",)] * 2
    done = edit(cast.project, sheets, RUNNING, cast.agnes)
    assert done.said == f"Fiche{NBSP}3 passée à «{NBSP}En cours{NBSP}»."
    with pytest.raises(BulkRefused, match="rien à changer"):
        edit(cast.project, sheets, RUNNING, cast.agnes)


def test_a_stop_takes_its_reason_and_a_start_leaves_it(cast: Cast, sheets: list[Action]) -> None:
    stop = Asked(status=Status.SUSPENDED, reason="Faute de médecin")
    edit(cast.project, sheets, stop, cast.agnes)
    assert statuses(sheets) == [(Status.SUSPENDED, "Faute de médecin")] * 3
    found = Action.objects.of(cast.project).matching("medecin")
    assert found.count() == 3, "the search knows the reason"
    plan = planned(cast.project, sheets[:1], RUNNING)
    assert steps(plan) == [
        (1, [("Avancement", "Suspendue", "En cours"), ("Motif", "Faute de médecin", "rien")])
    ]
    edit(cast.project, sheets, RUNNING, cast.agnes)
    assert statuses(sheets) == [(Status.RUNNING, "")] * 3
    assert not Action.objects.of(cast.project).matching("medecin").exists()


def test_another_reason_alone_is_told(cast: Cast, sheets: list[Action]) -> None:
    edit(cast.project, sheets, Asked(status=Status.DROPPED, reason="Doublon"), cast.agnes)
    done = edit(cast.project, sheets, Asked(status=Status.DROPPED, reason="Fini"), cast.agnes)
    assert done.said == f"3{NBSP}fiches au motif réécrit."
    assert done.made.words == f"a réécrit le motif de 3{NBSP}fiches"


def test_done_with_objectives_undone_is_warned_and_allowed(
    cast: Cast, sheets: list[Action]
) -> None:
    plan = planned(cast.project, sheets[:1], Asked(status=Status.DONE))
    assert plan.lines[0].warnings == (f"1{NBSP}objectif sur 1 n’est pas fait",)
    edit(cast.project, sheets, Asked(status=Status.DONE), cast.agnes)
    assert statuses(sheets) == [(Status.DONE, "")] * 3


@pytest.mark.parametrize("quarters", [2, -3])
def test_all_that_is_planned_moves(cast: Cast, sheets: list[Action], quarters: int) -> None:
    empty = ActionFactory.create(project=cast.project, number=9)
    row = sheets[0].objectives.get()
    noted = ObjectiveFactory.create(action=sheets[0], planning_note="Suite", note_first=T4)
    PlannedQuarterFactory.create(objective=row, quarter=T4 + 1, state=CellState.DONE)
    everything = [*sheets, empty]
    plan = planned(cast.project, everything, Asked(quarters=quarters))
    assert plan.lines[0].steps[0].old == f"T4{NBSP}2026 – T1{NBSP}2027"
    assert plan.same[0].unchanged == ("aucun trimestre à décaler",)
    done = edit(cast.project, everything, Asked(quarters=quarters), cast.agnes)
    way = f"de 2{NBSP}trimestres plus tard" if quarters > 0 else f"de 3{NBSP}trimestres plus tôt"
    assert done.made.words == f"a décalé 3{NBSP}fiches {way}"
    cells = PlannedQuarter.objects.filter(objective=row).order_by("quarter")
    assert [(cell.quarter, cell.state) for cell in cells] == [
        (T4 + quarters, CellState.PLANNED),
        (T4 + 1 + quarters, CellState.DONE),
    ]
    noted.refresh_from_db()
    assert noted.note_first == T4 + quarters


def test_what_leaves_the_window_and_what_is_done_are_warned(
    cast: Cast, sheets: list[Action]
) -> None:
    row = sheets[0].objectives.get()
    PlannedQuarterFactory.create(objective=row, quarter=T4 + 4, state=CellState.DONE)
    plan = planned(cast.project, sheets[:1], Asked(quarters=1))
    assert plan.lines[0].warnings == (
        f"1{NBSP}trimestre sera hors de la période du planning (T1{NBSP}2026 – T4{NBSP}2027)",
        f"1{NBSP}trimestre est marqué «{NBSP}fait{NBSP}» et se décale aussi",
    )


def test_the_calendar_ends_and_the_sheet_stands_in_the_way(
    cast: Cast, sheets: list[Action]
) -> None:
    PlannedQuarterFactory.create(objective=sheets[1].objectives.get(), quarter=LAST_QUARTER)
    plan = planned(cast.project, sheets, Asked(quarters=1))
    assert [line.number for line in plan.blocked] == [2]
    assert "1990 à 2099" in plan.blocked[0].blocked
    with pytest.raises(BulkRefused) as refused:
        edit(cast.project, sheets, Asked(quarters=1), cast.agnes)
    assert refused.value.sheets[0].startswith(f"La fiche{NBSP}2{NBSP}: son planning irait")
    assert set(PlannedQuarter.objects.values_list("quarter", flat=True)) == {T4, LAST_QUARTER}
    edit(cast.project, sheets, Asked(quarters=1), cast.agnes, aside=[sheets[1]])
    moved = PlannedQuarter.objects.filter(quarter=T4 + 1).values_list("objective__action__number")
    assert sorted(number for (number,) in moved) == [1, 3]


def test_a_pilot_is_added_after_the_others_or_replaces_them(
    cast: Cast, sheets: list[Action]
) -> None:
    person = PersonFactory.create(territory=cast.aubrac, first_name="Zoé", last_name="Roux")
    structure = OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    ActionRoleFactory.create(action=sheets[0], label="à déterminer", position=4)
    ActionRoleFactory.create(action=sheets[0], kind=RoleKind.PARTNER, label="Mairie", position=5)
    ActionRoleFactory.create(action=sheets[1], label="", organisation=structure)
    add = Asked(pilot=PilotAsked("CH du Val", organisation=structure.pk))
    assert steps(planned(cast.project, sheets, add)) == [
        (1, [("Pilote", "à déterminer", "à déterminer et CH du Val")]),
        (2, []),
        (3, [("Pilote", "à désigner", "CH du Val")]),
    ]
    done = edit(cast.project, sheets, add, cast.agnes)
    assert done.made.words == f"a ajouté «{NBSP}CH du Val{NBSP}» aux pilotes de 2{NBSP}fiches"
    replace = Asked(pilot=PilotAsked("Zoé Roux", person=person.pk, replaces=True))
    done = edit(cast.project, sheets, replace, cast.agnes)
    assert done.made.words == (f"a remplacé le pilote de 3{NBSP}fiches par «{NBSP}Zoé Roux{NBSP}»")
    pilots = ActionRole.objects.filter(kind=RoleKind.PILOT).order_by("action__number")
    assert [(role.action.number, role.person, role.label) for role in pilots] == [
        (number, person, "") for number in (1, 2, 3)
    ]
    assert ActionRole.objects.filter(kind=RoleKind.PARTNER).count() == 1
    free = Asked(pilot=PilotAsked("à voir", label="à voir", replaces=True))
    edit(cast.project, sheets, free, cast.agnes)
    assert Action.objects.of(cast.project).matching("a voir").count() == 3


def test_sheets_go_under_an_axis_or_out_of_it(cast: Cast, sheets: list[Action]) -> None:
    axis = AxisFactory.create(project=cast.project, title="Aller vers {s}")
    done = edit(cast.project, sheets, Asked(axis=AxisAsked(axis)), cast.agnes)
    assert done.made.words == (f"a rangé 3{NBSP}fiches sous l’axe «{NBSP}Aller vers {{s}}{NBSP}»")
    assert set(Action.objects.of(cast.project).values_list("axis", flat=True)) == {axis.pk}
    done = edit(cast.project, sheets, Asked(axis=AxisAsked(None)), cast.agnes)
    assert done.said == f"3{NBSP}fiches retirées de tout axe."
    assert set(Action.objects.of(cast.project).values_list("axis", flat=True)) == {None}


def test_several_things_are_one_gesture_that_one_undo_takes_back(
    cast: Cast, sheets: list[Action]
) -> None:
    ActionRoleFactory.create(action=sheets[0])
    axis = AxisFactory.create(project=cast.project, title="Loger")
    before = describe_roadmap(cast.project)
    asked = Asked(
        status=Status.SUSPENDED,
        reason="Travaux",
        pilot=PilotAsked("Mairie", label="Mairie", replaces=True),
        axis=AxisAsked(axis),
        quarters=-1,
    )
    done = edit(cast.project, sheets, asked, cast.agnes)
    assert done.made.words == (
        f"a passé 3{NBSP}fiches à «{NBSP}Suspendue{NBSP}», a remplacé le pilote de "
        f"3{NBSP}fiches par «{NBSP}Mairie{NBSP}», a rangé 3{NBSP}fiches sous l’axe "
        f"«{NBSP}Loger{NBSP}» et a décalé 3{NBSP}fiches d’un{NBSP}trimestre plus tôt"
    )
    assert describe_roadmap(cast.project) != before
    assert done.made.changeset is not None
    take_back(gesture=done.made.changeset, project=cast.project, by=cast.agnes)
    assert describe_roadmap(cast.project) == before


# --- Who, and what others did meanwhile ---------------------------------------------------------


def test_a_pilot_is_refused_the_sheets_of_others_by_name(cast: Cast, sheets: list[Action]) -> None:
    make_pilot(cast.bruno, sheets[1])
    with pytest.raises(BulkRefused) as refused:
        edit(cast.project, sheets, RUNNING, cast.bruno)
    assert refused.value.sheets == tuple(
        f"La fiche{NBSP}{number}{NBSP}: vous n’en êtes ni pilote ni copilote" for number in (1, 3)
    )
    assert statuses(sheets) == [(Status.NOT_STARTED, "")] * 3
    edit(cast.project, sheets, RUNNING, cast.bruno, aside=[sheets[0], sheets[2]])
    assert [status for status, _ in statuses(sheets)].count(Status.RUNNING) == 1
    for asked in (Asked(axis=AxisAsked(None)), Asked(pilot=PilotAsked("X", label="X"))):
        with pytest.raises(PermissionDenied):
            edit(cast.project, sheets[1:2], asked, cast.bruno)


def test_what_somebody_wrote_meanwhile_stops_all(cast: Cast, sheets: list[Action]) -> None:
    seen = planned(cast.project, sheets, RUNNING)
    with writing(cast.project, by=cast.bruno):
        sheets[1].status = Status.DONE
        sheets[1].save()
    retire_sheet(action=sheets[2], reason="Doublon", by=cast.emile)
    cast.project.revision = 0
    with pytest.raises(BulkRefused, match="a changé pendant que vous lisiez") as refused:
        edit(cast.project, sheets, RUNNING, cast.agnes, seen=seen)
    told = refused.value.sheets
    assert told[0] == f"La fiche{NBSP}2 a été modifiée par Bruno Durand"
    assert told[1].startswith(f"La fiche{NBSP}3{NBSP}: retirée de la feuille de route le ")
    assert told[1].endswith(" par Emile Durand")
    assert statuses(sheets[:2]) == [(Status.NOT_STARTED, ""), (Status.DONE, "")]
    again = planned(cast.project, sheets, RUNNING)
    with pytest.raises(BulkRefused, match="laissez de côté"):
        edit(cast.project, sheets, RUNNING, cast.agnes, seen=again)
    edit(cast.project, sheets, RUNNING, cast.agnes, seen=again, aside=sheets[2:])
    assert statuses(sheets[:2]) == [(Status.RUNNING, "")] * 2


def test_what_is_beside_the_point_stops_nothing(cast: Cast, sheets: list[Action]) -> None:
    seen = planned(cast.project, sheets, RUNNING)
    with writing(cast.project, by=cast.bruno):
        sheets[1].need = "Tout autre chose"
        sheets[1].save()
    edit(cast.project, sheets, RUNNING, cast.agnes, seen=seen)
    assert Action.objects.get(pk=sheets[1].pk).need == "Tout autre chose"


def test_a_sheet_that_is_gone_or_elsewhere(cast: Cast, sheets: list[Action]) -> None:
    seen = planned(cast.project, sheets, RUNNING)
    stranger = ActionFactory.create(project=cast.elsewhere)
    with writing(cast.project, by=cast.agnes):
        sheets[0].delete()
    sheets[0].pk = seen.lines[0].key
    plan = planned(cast.project, [*sheets, stranger], RUNNING)
    assert [line.number for line in plan.lines] == [2, 3, None]
    assert plan.blocked[0].called == f"La fiche «{NBSP}1. Action 1{NBSP}»"
    with pytest.raises(BulkRefused):
        edit(cast.project, [*sheets, stranger], RUNNING, cast.agnes, seen=seen)
    edit(cast.project, [*sheets, stranger], RUNNING, cast.agnes, seen=plan, aside=sheets[:1])
    stranger.refresh_from_db()
    assert stranger.status == Status.NOT_STARTED


def test_a_double_click_is_one_gesture(cast: Cast, sheets: list[Action]) -> None:
    later = Asked(quarters=1)
    seen = planned(cast.project, sheets, later)
    first = edit(cast.project, sheets, later, cast.agnes, seen=seen, token="a")
    again = edit(cast.project, sheets, later, cast.agnes, seen=seen, token="a")
    assert (again.made.changeset, again.said) == (first.made.changeset, "")
    assert set(PlannedQuarter.objects.values_list("quarter", flat=True)) == {T4 + 1}


def test_queries_do_not_grow_with_the_sheets(
    cast: Cast, sheets: list[Action], queries: Callable[[Callable[[], object]], int]
) -> None:
    more = [ActionFactory.create(project=cast.project) for _ in range(30)]
    for sheet in more:
        PlannedQuarterFactory.create(objective__action=sheet)
        ActionRoleFactory.create(action=sheet)

    def asked(reason: str) -> Asked:
        return Asked(
            status=Status.DROPPED,
            reason=reason,
            pilot=PilotAsked(reason, label=reason, replaces=True),
            axis=AxisAsked(AxisFactory.create(project=cast.project)),
            quarters=1,
        )

    few, many = asked("Fini"), asked("Doublon")
    seen = planned(cast.project, more[:2], few), planned(cast.project, more[2:], many)
    assert queries(lambda: planned(cast.project, more, few)) == 3
    cost = queries(lambda: edit(cast.project, more[:2], few, cast.agnes, seen=seen[0]))
    # The base takes a long list in batches.
    more_cost = queries(lambda: edit(cast.project, more[2:], many, cast.agnes, seen=seen[1]))
    assert more_cost <= cost + 2 <= 30


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    asks=st.lists(
        st.builds(
            Asked,
            status=st.sampled_from(["", Status.RUNNING, Status.DONE]),
            quarters=st.integers(-3, 3),
            pilot=st.sampled_from(
                [None, PilotAsked("X", label="X"), PilotAsked("Y", label="Y", replaces=True)]
            ),
        ),
        max_size=4,
    ),
    chosen=st.sets(st.integers(0, 2), min_size=1),
)
def test_what_is_announced_is_what_is_written(
    cast: Cast, sheets: list[Action], asks: list[Asked], chosen: set[int]
) -> None:
    """Then all undone, last first, gives back the roadmap."""
    few, before = [sheets[rank] for rank in chosen], describe_roadmap(cast.project)
    made = []
    for asked in asks:
        plan = planned(cast.project, few, asked)
        if not plan.changing:
            continue
        made.append(edit(cast.project, few, asked, cast.agnes, seen=plan).made.changeset)
        after = planned(cast.project, few, Asked(status=asked.status, pilot=asked.pilot))
        assert not after.changing, "asked again, nothing is left to do"
    for changeset in reversed(made):
        assert changeset is not None
        take_back(gesture=changeset, project=cast.project, by=cast.agnes)
    assert describe_roadmap(cast.project) == before
