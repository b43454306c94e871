"""Writing and arranging the rows of a sheet, without a screen."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from core.quarters import Quarter
from journal.models import ChangeSet
from roadmap.enums import ObjectiveKind, ObjectiveState
from roadmap.models import Action, ActionRole, Objective
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.services.arranging import ObjectiveGone, ObjectiveRefused, OrderStale, RowsUnder
from roadmap.services.gestures import SheetRefused, writing_sheet
from roadmap.services.objectives import (
    Spot,
    add_objective,
    add_project_group,
    edit_objective,
    move_objective,
    paste_lines,
    proposed_label,
    remove_objective,
    set_state,
    settle_order,
    write_again,
)
from roadmap.services.pasting import PastedRow, read_lines
from roadmap.summaries.outline import Outline, Place, outline_of
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    ObjectiveFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)

pytestmark = pytest.mark.django_db
Queries = Callable[[Callable[[], object]], int]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=3)


@pytest.fixture
def arranged(sheet: Action) -> Action:
    """a, b, then « Projet 1 » with c and d, then « Projet 2 » with e."""
    paste(sheet, "a\nb\nProjet 1 : P\nc\nd\nProjet 2 : Q\ne")
    return sheet


def paste(sheet: Action, text: str, **spot: int) -> None:
    paste_lines(action=sheet, by=None, rows=read_lines(text).rows, spot=Spot(**spot))


def outline(sheet: Action) -> Outline:
    action = Action.objects.for_sheet().get(pk=sheet.pk)
    return outline_of(action)


def told(sheet: Action) -> str:
    """« a b P(c d) Q(e) »."""
    shown = outline(sheet)
    tops = [
        f"{top.objective.title}({' '.join(row.objective.title for row in top.children)})"
        for top in shown.projects
    ]
    return " ".join([*(row.objective.title for row in shown.loose), *tops])


def row(sheet: Action, title: str) -> Objective:
    return Objective.objects.select_related("action__project").get(action=sheet, title=title)


def move(sheet: Action, title: str, to: str, index: int, order: str = "") -> str:
    parent = row(sheet, to).pk if to else None
    written = move_objective(
        objective=row(sheet, title),
        by=None,
        place=Place(parent, index),
        order=order or outline(sheet).order,
    )
    return written.said


def positions(sheet: Action) -> list[int]:
    return [line.objective.position for line in outline(sheet).rows]


def last_gesture() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


# --- Adding --------------------------------------------------------------------------------------


def test_rows_are_added_one_after_the_other(cast: Cast, sheet: Action) -> None:
    for title in ("a", "b"):
        written = add_objective(
            action=sheet, by=cast.agnes, row=PastedRow("1)", title), spot=Spot()
        )
    assert told(sheet) == "a b"
    assert positions(sheet) == [1, 2]
    assert written.said == "«\u00a01) b\u00a0» est ajouté."
    assert last_gesture().words == "a ajouté l’objectif «\u00a01) b\u00a0» à la fiche 3"
    assert last_gesture().by == cast.agnes


def test_a_row_is_added_after_another_or_in_a_project(arranged: Action) -> None:
    for title, spot in (
        ("x", Spot(after=row(arranged, "a").pk)),
        ("y", Spot(after=row(arranged, "c").pk)),
        ("z", Spot(parent=row(arranged, "P").pk)),
        ("first", Spot(after=row(arranged, "Q").pk)),
        ("last", Spot()),
    ):
        add_objective(action=arranged, by=None, row=PastedRow("", title), spot=spot)
    assert told(arranged) == "a x b last P(c y d z) Q(first e)"
    assert positions(arranged) == list(range(1, 13))


def test_a_row_removed_meanwhile_does_not_stop_who_adds_after_it(arranged: Action) -> None:
    add_objective(action=arranged, by=None, row=PastedRow("", "x"), spot=Spot(after=999_999))
    assert told(arranged).startswith("a b x P(")


def test_a_project_removed_meanwhile_is_told(arranged: Action) -> None:
    for gone in (999_999, row(arranged, "a").pk):
        with pytest.raises(ObjectiveRefused, match="a été retiré entre-temps"):
            add_objective(action=arranged, by=None, row=PastedRow("", "x"), spot=Spot(parent=gone))


def test_the_same_sending_adds_once(sheet: Action) -> None:
    made = [
        add_objective(action=sheet, by=None, row=PastedRow("", "a"), spot=Spot(), token="once")
        for _ in range(2)
    ]
    assert told(sheet) == "a"
    assert made[0].rows == made[1].rows
    assert made[0].changeset == made[1].changeset


def test_a_list_pasted_twice_by_a_double_click_is_added_once(sheet: Action) -> None:
    rows = read_lines("a\nb").rows
    for _ in range(2):
        paste_lines(action=sheet, by=None, rows=rows, spot=Spot(), token="once")
    assert told(sheet) == "a b"


def test_after_the_back_button_other_words_are_not_taken_for_the_same(sheet: Action) -> None:
    for title in ("a", "b"):
        add_objective(action=sheet, by=None, row=PastedRow("", title), spot=Spot(), token="page")
    for lines in ("c\nd", "e"):
        rows = read_lines(lines).rows
        paste_lines(action=sheet, by=None, rows=rows, spot=Spot(), token="page")
    assert told(sheet) == "a b c d e"


def test_projects_get_the_next_label(sheet: Action) -> None:
    assert proposed_label(sheet) == "Projet 1"
    add_project_group(action=sheet, by=None, label="Projet 2", title="P")
    assert proposed_label(sheet) == "Projet 3"
    add_project_group(action=sheet, by=None, label="Projet 3", title="Q")
    assert proposed_label(sheet) == "Projet 4"
    assert last_gesture().words == "a ajouté le projet «\u00a0Projet 3 : Q\u00a0» à la fiche 3"


def test_a_pasted_list_makes_labels_and_groups_in_one_gesture(cast: Cast, sheet: Action) -> None:
    text = "1) Créer\n2) Former\nProjet 1 : Logement\n1) Recenser\n2) Équiper"
    written = paste_lines(action=sheet, by=cast.agnes, rows=read_lines(text).rows, spot=Spot())
    assert told(sheet) == "Créer Former Logement(Recenser Équiper)"
    assert row(sheet, "Équiper").label == "2)"
    assert written.said == "1\u00a0projet et 4\u00a0objectifs sont ajoutés."
    assert last_gesture().words == "a collé 1\u00a0projet et 4\u00a0objectifs dans la fiche 3"
    assert last_gesture().changes.count() == 5


def test_a_list_is_pasted_into_a_project(arranged: Action) -> None:
    paste(arranged, "x\ny\nProjet 3 : R\nz", parent=row(arranged, "P").pk)
    assert told(arranged) == "a b P(c d x y) Q(e) R(z)"
    assert positions(arranged) == list(range(1, 12))


def test_four_hundred_lines_cost_little_more_than_forty(sheet: Action, queries: Queries) -> None:
    few = queries(lambda: paste(sheet, "\n".join(f"ligne {n} du premier" for n in range(40))))
    many = queries(lambda: paste(sheet, "\n".join(f"ligne {n} du second" for n in range(400))))
    assert positions(sheet) == list(range(1, 441))
    # A batch of the base holds some seventy rows.
    assert many <= few + 12
    assert many <= 30


def test_a_sheet_is_not_filled_without_end(sheet: Action, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadmap.services.objectives.MOST_ROWS_OF_SHEET", 3)
    paste(sheet, "a\nb")
    with pytest.raises(ObjectiveRefused, match="tient 3 lignes au plus, et celle-ci en a 2"):
        paste(sheet, "c\nd")
    assert told(sheet) == "a b"


def test_a_title_may_be_long_but_not_without_end(sheet: Action) -> None:
    long = "é" * LONGEST_TITLE
    add_objective(action=sheet, by=None, row=PastedRow("", long), spot=Spot())
    assert row(sheet, long).position == 1
    with pytest.raises(ObjectiveRefused, match="caractères"):
        add_objective(action=sheet, by=None, row=PastedRow("", long + "é"), spot=Spot())


def test_what_was_typed_in_a_removed_row_becomes_a_row_again(arranged: Action) -> None:
    lost = row(arranged, "c")
    remove_objective(objective=lost, by=None)
    again = Objective(action=arranged, title="c bis", parent=row(arranged, "P"), state="en_cours")
    for _ in range(2):
        write_again(action=arranged, by=None, row=again, token="once")
    assert told(arranged) == "a b P(d c bis) Q(e)"
    assert row(arranged, "c bis").state == ObjectiveState.RUNNING


# --- Moving --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "to", "index", "after"),
    [
        ("b", "", 0, "b a P(c d) Q(e)"),
        ("a", "P", 0, "b P(a c d) Q(e)"),
        ("a", "P", 2, "b P(c d a) Q(e)"),
        ("c", "Q", 1, "a b P(d) Q(e c)"),
        ("d", "P", 0, "a b P(d c) Q(e)"),
        ("e", "", 9, "a b e P(c d) Q()"),
        ("Q", "", 0, "a b Q(e) P(c d)"),
        ("P", "", 1, "a b Q(e) P(c d)"),
    ],
)
def test_moves(arranged: Action, title: str, to: str, index: int, after: str) -> None:
    move(arranged, title, to, index)
    assert told(arranged) == after
    assert positions(arranged) == list(range(1, 8))


def test_what_moved_is_said(cast: Cast, arranged: Action) -> None:
    assert move(arranged, "a", "P", 1) == "«\u00a0a\u00a0» est maintenant 2e sur 3, dans Projet 1."
    assert last_gesture().words == (
        "a déplacé l’objectif «\u00a0a\u00a0» de la fiche 3\u00a0: 2e sur 3, dans Projet 1"
    )
    assert move(arranged, "a", "", 0) == "«\u00a0a\u00a0» est maintenant 1er sur 2, hors projet."
    assert "Projet 2 : Q\u00a0» est maintenant 1er sur 2." in move(arranged, "Q", "", 0)


def test_every_place_is_reached_by_the_arrows_alone(arranged: Action) -> None:
    seen = [told(arranged)]
    while step := outline(arranged).find(row(arranged, "a").pk).steps.get("descendre"):  # type: ignore[union-attr]
        move_objective(
            objective=row(arranged, "a"), by=None, place=step, order=outline(arranged).order
        )
        seen.append(told(arranged))
    assert seen == [
        "a b P(c d) Q(e)",
        "b a P(c d) Q(e)",
        "b P(a c d) Q(e)",
        "b P(c a d) Q(e)",
        "b P(c d a) Q(e)",
        "b P(c d) Q(a e)",
        "b P(c d) Q(e a)",
    ]
    while step := outline(arranged).find(row(arranged, "a").pk).steps.get("monter"):  # type: ignore[union-attr]
        move_objective(
            objective=row(arranged, "a"), by=None, place=step, order=outline(arranged).order
        )
        seen.append(told(arranged))
    assert seen[7:] == [*seen[5::-1]]


def test_a_row_goes_in_and_out_of_a_project(arranged: Action) -> None:
    steps = outline(arranged).loose[1].steps
    assert steps["grouper"] == Place(row(arranged, "P").pk, 0)
    assert "sortir" not in steps
    inside = outline(arranged).projects[1].children[0].steps
    assert inside["sortir"] == Place(None, 2)
    assert "grouper" not in inside
    assert set(outline(arranged).projects[0].steps) == {"descendre"}


def test_an_order_changed_meanwhile_is_refused(arranged: Action) -> None:
    known = outline(arranged).order
    move(arranged, "b", "", 0)
    with pytest.raises(OrderStale, match="L’ordre des objectifs a changé"):
        move(arranged, "e", "", 0, order=known)
    assert told(arranged) == "b a P(c d) Q(e)"


def test_what_changes_no_order_leaves_the_page_valid(arranged: Action) -> None:
    known = outline(arranged).order
    set_state(objective=row(arranged, "a"), by=None, state="fait")
    move(arranged, "e", "", 0, order=known)
    assert told(arranged) == "e a b P(c d) Q()"


def test_a_parent_is_never_moved_under_its_own_child(arranged: Action) -> None:
    with pytest.raises(ObjectiveRefused, match="sous lui-même"):
        move(arranged, "P", "c", 0)
    with pytest.raises(ObjectiveRefused, match="sous lui-même"):
        move(arranged, "P", "P", 0)
    with pytest.raises(ObjectiveRefused, match="Un projet ne peut pas être rangé sous un autre"):
        move(arranged, "P", "Q", 0)
    with pytest.raises(ObjectiveRefused, match="se range sous un projet"):
        move(arranged, "a", "b", 0)
    assert told(arranged) == "a b P(c d) Q(e)"


def test_a_project_of_another_sheet_takes_nothing(cast: Cast, arranged: Action) -> None:
    other = ProjectGroupFactory.create(action__project=cast.project)
    with pytest.raises(ObjectiveRefused, match="a été retiré"):
        move_objective(
            objective=row(arranged, "a"),
            by=None,
            place=Place(other.pk, 0),
            order=outline(arranged).order,
        )


def test_a_move_to_where_it_is_writes_nothing(arranged: Action) -> None:
    before = ChangeSet.objects.count()
    move(arranged, "c", "P", 0)
    assert ChangeSet.objects.count() == before


def test_moving_costs_the_same_in_a_long_sheet(arranged: Action, queries: Queries) -> None:
    def first_goes_last() -> None:
        move_objective(
            objective=first, by=None, place=Place(None, 5_000), order=outline(arranged).order
        )

    first = row(arranged, "a")
    few = queries(first_goes_last)
    paste(arranged, "\n".join(f"n{n}" for n in range(80)))
    first = outline(arranged).loose[0].objective
    assert queries(first_goes_last) <= few + 3


def test_sparse_ranks_become_dense(cast: Cast, sheet: Action) -> None:
    for position in (7, 7, 40):
        ObjectiveFactory.create(action=sheet, position=position)
    with writing_sheet(sheet, by=cast.agnes, words="a annulé") as made:
        settle_order(made.action)
    assert positions(sheet) == [1, 2, 3]


# --- One row -------------------------------------------------------------------------------------


def test_a_state_is_said_with_its_words(cast: Cast, arranged: Action) -> None:
    written = set_state(objective=row(arranged, "a"), by=cast.bruno, state="fait", was="a_faire")
    assert row(arranged, "a").state == ObjectiveState.DONE
    assert written.said == "Enregistré\u00a0: «\u00a0a\u00a0» est maintenant «\u00a0fait\u00a0»."
    assert last_gesture().words == (
        "a passé l’objectif «\u00a0a\u00a0» de la fiche 3 de «\u00a0à faire\u00a0» "
        "à «\u00a0fait\u00a0»"
    )


def test_a_state_said_by_somebody_else_meanwhile_is_kept(cast: Cast, arranged: Action) -> None:
    set_state(objective=row(arranged, "a"), by=cast.bruno, state="en_cours", was="a_faire")
    with pytest.raises(ObjectiveRefused, match="Bruno Durand vient de mettre «\u00a0en cours"):
        set_state(objective=row(arranged, "a"), by=cast.agnes, state="fait", was="a_faire")
    assert row(arranged, "a").state == ObjectiveState.RUNNING
    set_state(objective=row(arranged, "a"), by=cast.agnes, state="en_cours", was="a_faire")


def test_a_row_put_in_another_project_by_its_form_becomes_the_last(arranged: Action) -> None:
    with writing_sheet(arranged, by=None) as made:
        edited = row(arranged, "a")
        edited.parent, edited.title = row(arranged, "P"), "a bis"
        edit_objective(made, row=edited, labels=["rangé dans", "intitulé"])
    assert told(arranged) == "b P(c d a bis) Q(e)"
    assert positions(arranged) == list(range(1, 8))
    assert last_gesture().words == (
        "a modifié l’objectif «\u00a0a bis\u00a0» de la fiche 3\u00a0: rangé dans et intitulé"
    )


def test_an_objective_becomes_a_project_and_back(arranged: Action) -> None:
    for kind, after in (
        (ObjectiveKind.PROJECT, "b P(c d) Q(e) a()"),
        (ObjectiveKind.OBJECTIVE, "b a P(c d) Q(e)"),
    ):
        with writing_sheet(arranged, by=None) as made:
            edited = row(arranged, "a")
            edited.kind = kind
            edit_objective(made, row=edited, labels=["nature"])
        assert told(arranged) == after
        assert positions(arranged) == list(range(1, 8))


# --- Removing ------------------------------------------------------------------------------------


def test_a_row_is_removed_with_its_quarters_but_not_what_hangs_on_it(arranged: Action) -> None:
    going = row(arranged, "a")
    PlannedQuarterFactory.create(objective=going, quarter=Quarter.of(2026, 2).index)
    role = ActionRoleFactory.create(action=arranged, objective=going)
    written = remove_objective(objective=going, by=None)
    assert told(arranged) == "b P(c d) Q(e)"
    assert positions(arranged) == list(range(1, 7))
    assert ActionRole.objects.get(pk=role.pk).objective is None
    assert written.said == "«\u00a0a\u00a0» est retiré."


def test_a_project_with_rows_asks_what_they_become(arranged: Action) -> None:
    with pytest.raises(RowsUnder, match="groupe 2\u00a0objectifs"):
        remove_objective(objective=row(arranged, "P"), by=None)
    remove_objective(objective=row(arranged, "P"), by=None, rows_under="sortir")
    assert told(arranged) == "a b c d Q(e)"
    remove_objective(objective=row(arranged, "Q"), by=None, rows_under="retirer")
    assert told(arranged) == "a b c d"
    assert positions(arranged) == [1, 2, 3, 4]
    assert last_gesture().words == (
        "a retiré le projet «\u00a0Projet 2 : Q\u00a0» de la fiche 3 avec son objectif"
    )


def test_an_empty_project_is_removed_at_once(sheet: Action) -> None:
    add_project_group(action=sheet, by=None, label="Projet 1", title="P")
    remove_objective(objective=row(sheet, "P"), by=None)
    assert told(sheet) == ""


def test_a_row_removed_meanwhile_says_by_whom(cast: Cast, arranged: Action) -> None:
    gone = row(arranged, "a")
    remove_objective(objective=row(arranged, "a"), by=cast.bruno)
    for gesture in (
        lambda: set_state(objective=gone, by=None, state="fait"),
        lambda: remove_objective(objective=gone, by=None),
        lambda: move_objective(
            objective=gone, by=None, place=Place(None, 0), order=outline(arranged).order
        ),
    ):
        with pytest.raises(ObjectiveGone, match="a été retiré entre-temps par Bruno Durand"):
            gesture()


def test_a_retired_sheet_takes_no_gesture(arranged: Action) -> None:
    with unsigned():
        Action.objects.filter(pk=arranged.pk).update(retired_at=timezone.now())
    with pytest.raises(SheetRefused, match="a été retirée de la feuille de route"):
        paste(arranged, "x")
    with pytest.raises(SheetRefused):
        move(arranged, "b", "", 0)


@pytest.mark.parametrize("code", ["", ":", "a:1", "1:b", "12", "1:-1", "٣:1", ":" + "9" * 40])
def test_a_place_that_was_never_offered_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        Place.parse(code)


@pytest.mark.parametrize("place", [Place(None, 0), Place(12, 3)])
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert Place.parse(place.code) == place
