"""The history without screens: sentences, values, differences, and the way back."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.differences import word_differences
from core.quarters import Quarter
from core.text import NBSP
from journal.enums import Source
from journal.models import ChangeSet
from journal.tracing import TracedModel
from journal.undoing import UndoRefused
from roadmap.enums import CellState, RoleKind, Status
from roadmap.models import Action, Objective, PlannedQuarter, Theme
from roadmap.permissions import can_take_back
from roadmap.services import describe_roadmap
from roadmap.services.history import AlreadyTakenBack, take_back, take_back_change
from roadmap.summaries.history import ToldGesture, for_history, sheets_of_history, tell
from roadmap.summaries.history_words import ROW_WORDS
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)

Write = Callable[[], object]


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=3, title="Pair-aidance", need="Vite")


def done(project: Project, by: User | None, act: Write, words: str = "") -> ChangeSet:
    """One gesture of a person."""
    with writing(project, by=by, words=words) as made:
        act()
    assert made.changeset is not None
    return made.changeset


def changed(row: TracedModel, **values: object) -> Write:
    def act() -> None:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))

    return act


def told(project: Project, made: ChangeSet, *, shown: int = 20) -> ToldGesture:
    gestures = for_history(ChangeSet.objects.filter(pk=made.pk), shown=shown)
    (one,) = tell(list(gestures), project=project, sheets=sheets_of_history(project))
    return one


def values(one: ToldGesture) -> dict[str, tuple[str, str]]:
    return {field.label: (field.old, field.new) for row in one.rows for field in row.fields}


def order(action: Action) -> list[tuple[int, str]]:
    rows = Objective.objects.filter(action=action).order_by("position", "pk")
    return [(row.position, row.title) for row in rows]


# --- Words --------------------------------------------------------------------------------------


def test_every_traced_row_has_its_article() -> None:
    traced = {
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, TracedModel) and model._meta.app_label in {"roadmap", "territories"}
    }
    assert traced == set(ROW_WORDS)


def test_values_are_said_as_people_know_them(cast: Cast, sheet: Action) -> None:
    line = FundingLineFactory.create(action=sheet, amount=None)
    funder = OrganisationFactory.create(territory=cast.aubrac, name="CH du Val")
    made = done(
        cast.project,
        cast.agnes,
        lambda: (
            changed(sheet, status=Status.RUNNING, remarks="Vu")(),
            changed(line, amount="24000.50", organisation=funder, state="acquis")(),
            changed(
                cast.project, planning_last=Quarter.of(2030, 4).index, ends_on=dt.date(2030, 3, 1)
            )(),
        ),
    )
    assert values(told(cast.project, made)) == {
        "Avancement": ("Non commencée", "En cours"),
        "Remarques": ("rien", "Vu"),
        "Financeur": ("rien", "CH du Val"),
        "Montant en euros": ("rien", "24\u202f000,50\u00a0€"),
        "État": ("Envisagé", "Acquis"),
        "Dernier trimestre du planning": ("T4\u00a02027", "T4\u00a02030"),
        "Fin": ("28\u00a0février\u00a02029", "1er\u00a0mars\u00a02030"),
    }


def test_booleans_and_parents_are_said_even_when_gone(cast: Cast, sheet: Action) -> None:
    group = ProjectGroupFactory.create(action=sheet, label="Projet 1", title="Aller vers")
    row = ObjectiveFactory.create(action=sheet, label="3)", title="Créer")
    made = done(cast.project, cast.agnes, changed(row, parent=group, in_summary=False))
    with unsigned():
        row.delete()
        group.delete()
    found = values(told(cast.project, made))
    assert found["Figure au récapitulatif"] == ("oui", "non")
    assert found["Projet"] == ("rien", "Projet 1 : Aller vers")


def test_a_cell_says_its_objective(cast: Cast, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet, label="3)", title="Créer")
    cell = PlannedQuarterFactory.create(objective=row)
    made = done(cast.project, cast.agnes, changed(cell, state=CellState.DONE))
    assert told(cast.project, made).rows[0].words == (
        f"le trimestre «{NBSP}T4{NBSP}2026 fait{NBSP}» de «{NBSP}3) Créer{NBSP}»"
    )


def test_what_was_added_says_what_it_held(cast: Cast, sheet: Action) -> None:
    person = PersonFactory.create(territory=cast.aubrac, first_name="Marie", last_name="Roux")
    row: list[TracedModel] = []
    made = done(
        cast.project,
        cast.agnes,
        lambda: row.append(
            sheet.roles.create(kind=RoleKind.PILOT, label="Mme Roux", person=person)
        ),
    )
    one = told(cast.project, made)
    assert one.words == f"a ajouté le rôle «{NBSP}Mme Roux{NBSP}»"
    assert values(one) == {
        "Rôle": ("rien", "Pilote"),
        "Personne": ("rien", "Marie Roux"),
    }
    gone = done(cast.project, cast.agnes, lambda: row[0].delete())
    assert told(cast.project, gone).words == f"a retiré le rôle «{NBSP}Mme Roux{NBSP}»"


def test_a_sentence_is_made_when_nobody_wrote_one(cast: Cast, sheet: Action) -> None:
    made = done(cast.project, cast.agnes, changed(sheet, need="Loin", aim="Mieux"))
    assert told(cast.project, made).sentence == (
        f"Agnes Durand a modifié la fiche «{NBSP}3. Pair-aidance{NBSP}»{NBSP}: "
        "constat ou besoin et objectif de l’action"
    )
    several = done(
        cast.project,
        cast.agnes,
        lambda: (
            Objective.objects.bulk_create(
                Objective(action=sheet, title=str(rank), position=rank) for rank in (1, 2, 3)
            ),
            changed(sheet, need="Près")(),
        ),
    )
    assert told(cast.project, several).words == (
        f"a ajouté 3{NBSP}objectifs opérationnels et modifié 1{NBSP}fiche action"
    )


def test_what_no_page_did_says_where_it_comes_from(cast: Cast, sheet: Action) -> None:
    with writing(cast.project, by=None, source=Source.COMMAND, words="a chargé") as made:
        changed(sheet, need="Loin")()
    assert made.changeset is not None
    one = told(cast.project, made.changeset)
    assert (one.sentence, one.source) == ("L’application a chargé", "chargement")


def test_hours_are_those_of_the_territory(cast: Cast, sheet: Action) -> None:
    cast.aubrac.time_zone = "Indian/Reunion"
    cast.aubrac.save()
    project = Project.objects.with_place().get(pk=cast.project.pk)
    made = done(project, cast.agnes, changed(sheet, need="Loin"))
    ChangeSet.objects.filter(pk=made.pk).update(at=dt.datetime(2026, 3, 1, 21, 5, tzinfo=dt.UTC))
    one = told(project, made)
    assert (one.day, one.hour) == (f"2{NBSP}mars{NBSP}2026", f"1{NBSP}h{NBSP}05")


def test_a_long_gesture_shows_its_first_changes(cast: Cast, sheet: Action) -> None:
    made = done(
        cast.project,
        cast.agnes,
        lambda: Objective.objects.bulk_create(
            Objective(action=sheet, title=str(rank), position=rank) for rank in range(400)
        ),
    )
    one = told(cast.project, made)
    assert (len(one.changes), one.change_count, one.more_count) == (20, 400, 380)


def test_long_texts_are_compared_word_by_word() -> None:
    pieces = word_differences(
        "Les délais d’accès aux soins sont longs.", "Les délais d’accès aux CMP sont longs."
    )
    assert [(piece.kind, piece.words) for piece in pieces] == [
        ("same", "Les délais d’accès aux "),
        ("removed", "soins "),
        ("added", "CMP "),
        ("same", "sont longs."),
    ]


@given(old=st.text(max_size=300), new=st.text(max_size=300))
def test_differences_lose_no_word(old: str, new: str) -> None:
    pieces = word_differences(old, new)
    if all(len(text.split()) < 20 for text in (old, new)):
        kept = "".join(piece.words for piece in pieces if piece.kind != "added")
        assert kept == old
        assert "".join(piece.words for piece in pieces if piece.kind != "removed") == new


def test_a_text_rewritten_from_end_to_end_is_compared_at_no_great_cost() -> None:
    """Word by word, the cost is the square of what differs: it is bounded."""
    old = " ".join(f"mot{rank}" for rank in range(20_000))
    edited = word_differences(old, old.replace("mot10000 ", "autre "))
    assert [piece.words for piece in edited if piece.kind != "same"] == ["mot10000 ", "autre "]
    rewritten = word_differences(old, old.replace("mot", "terme"))
    assert [piece.kind for piece in rewritten] == ["removed", "added"]


def test_sheets_of_the_history_are_all_those_that_ever_were(cast: Cast, sheet: Action) -> None:
    retired = ActionFactory.create(project=cast.project, number=11, title="Onze")
    gone = ActionFactory.create(project=cast.project, number=2, title="Deux")
    ActionFactory.create(project=cast.elsewhere, number=1)
    with writing(cast.project, by=None):
        changed(retired, retired_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))()
        gone.delete()
    assert [one.choice for one in sheets_of_history(cast.project).values()] == [
        "3. Pair-aidance",
        "11. Onze (retirée)",
        "2. Deux (supprimée)",
    ]


# --- The way back -------------------------------------------------------------------------------


def test_a_gesture_taken_back_returns_exactly(cast: Cast, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet, title="Créer", position=1)
    PlannedQuarterFactory.create(objective=row)
    before = describe_roadmap(cast.project)

    def change_all() -> None:
        row.delete()
        changed(sheet, need="Loin")()
        sheet.themes.add(Theme.objects.get(position=1))

    made = done(cast.project, cast.agnes, change_all, words="a tout changé")
    revision = cast.project.revision
    undo = take_back(gesture=made, project=cast.project, by=cast.emile)
    assert describe_roadmap(cast.project) == before
    assert (undo.by, undo.source, undo.undoes) == (cast.emile, Source.UNDO, made)
    assert undo.words == f"a annulé ce geste{NBSP}: Agnes Durand a tout changé"
    assert undo.revision == cast.project.revision == revision + 1
    assert told(cast.project, made).taken_back.startswith("annulé par Emile Durand le ")
    assert told(cast.project, undo).takes_back.startswith("annule le geste du ")


def test_an_undo_is_taken_back_and_done_again(cast: Cast, sheet: Action) -> None:
    made = done(cast.project, cast.agnes, changed(sheet, need="Loin"), words="a écrit")
    undo = take_back(gesture=made, project=cast.project, by=cast.agnes)
    again = take_back(gesture=undo, project=cast.project, by=cast.agnes)
    assert again.words == f"a rétabli ce geste{NBSP}: Agnes Durand a écrit"
    assert told(cast.project, undo).takes_back.startswith("annule le geste du ")
    assert told(cast.project, again).takes_back.startswith("revient sur l’annulation du ")
    assert told(cast.project, made).taken_back == ""
    third = take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert third.words == f"a annulé ce geste{NBSP}: Agnes Durand a écrit"
    sheet.refresh_from_db()
    assert sheet.need == "Vite"


def test_a_gesture_is_not_taken_back_twice(cast: Cast, sheet: Action) -> None:
    made = done(cast.project, cast.agnes, changed(sheet, need="Loin"))
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    count = ChangeSet.objects.count()
    with pytest.raises(AlreadyTakenBack, match="déjà été annulé par Agnes Durand"):
        take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert ChangeSet.objects.count() == count


def test_what_was_rewritten_since_stays_and_nothing_is_half_undone(
    cast: Cast, sheet: Action
) -> None:
    made = done(cast.project, cast.agnes, changed(sheet, need="Loin", aim="Mieux"))
    done(cast.project, cast.emile, changed(sheet, need="Plus loin"))
    with pytest.raises(UndoRefused, match="modifié depuis par Emile Durand"):
        take_back(gesture=made, project=cast.project, by=cast.agnes)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.aim) == ("Plus loin", "Mieux")


def test_one_change_is_taken_back_and_the_rest_stays(cast: Cast, sheet: Action) -> None:
    made = done(cast.project, cast.agnes, changed(sheet, need="Loin", aim="Mieux"))
    change = made.changes.get(field="need")
    undo = take_back_change(change=change, project=cast.project, by=cast.agnes)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.aim) == ("Vite", "Mieux")
    assert undo.words == (
        f"a annulé ce geste{NBSP}: Agnes Durand a modifié la fiche "
        f"«{NBSP}3. Pair-aidance{NBSP}»{NBSP}: constat ou besoin"
    )
    one = told(cast.project, made)
    assert one.taken_back == ""
    assert [bool(field.taken_back) for field in one.rows[0].fields] == [True, False]
    with pytest.raises(AlreadyTakenBack):
        take_back_change(change=change, project=cast.project, by=cast.agnes)
    # What is left of the gesture can still be taken back.
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    sheet.refresh_from_db()
    assert (sheet.need, sheet.aim) == ("Vite", "")


def test_the_only_change_of_a_gesture_is_the_gesture(cast: Cast, sheet: Action) -> None:
    made = done(cast.project, cast.agnes, changed(sheet, need="Loin"))
    take_back_change(change=made.changes.get(), project=cast.project, by=cast.agnes)
    assert told(cast.project, made).taken_back


def test_a_row_comes_back_among_rows_that_moved_since(cast: Cast, sheet: Action) -> None:
    rows = [
        ObjectiveFactory.create(action=sheet, title=title, position=rank)
        for rank, title in enumerate("abcd", start=1)
    ]

    def remove_second() -> None:
        rows[1].delete()
        changed(rows[2], position=2)()
        changed(rows[3], position=3)()

    made = done(cast.project, cast.agnes, remove_second)
    done(
        cast.project,
        cast.emile,
        lambda: (changed(rows[3], position=2)(), changed(rows[2], position=3)()),
    )
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert [rank for rank, _ in order(sheet)] == [1, 2, 3, 4]
    assert {title for _, title in order(sheet)} == set("abcd")


def test_rows_added_then_moved_by_others_can_go(cast: Cast, sheet: Action) -> None:
    first = ObjectiveFactory.create(action=sheet, title="a", position=1)
    added: list[Objective] = []
    made = done(
        cast.project,
        cast.agnes,
        lambda: added.append(Objective.objects.create(action=sheet, title="b", position=2)),
    )
    done(
        cast.project,
        cast.emile,
        lambda: (changed(added[0], position=1)(), changed(first, position=2)()),
    )
    take_back(gesture=made, project=cast.project, by=cast.agnes)
    assert order(sheet) == [(1, "a")]


def test_moves_alone_are_refused_when_rows_moved_since(cast: Cast, sheet: Action) -> None:
    rows = [
        ObjectiveFactory.create(action=sheet, title=title, position=rank)
        for rank, title in enumerate("ab", start=1)
    ]
    swap = lambda: (changed(rows[0], position=2)(), changed(rows[1], position=1)())  # noqa: E731
    back = lambda: (changed(rows[0], position=1)(), changed(rows[1], position=2)())  # noqa: E731
    made = done(cast.project, cast.agnes, swap)
    done(cast.project, cast.emile, back)
    with pytest.raises(UndoRefused):
        take_back(gesture=made, project=cast.project, by=cast.agnes)


def test_a_retired_sheet_comes_back_by_its_retirement_only(cast: Cast, sheet: Action) -> None:
    wrote = done(cast.project, cast.agnes, changed(sheet, need="Loin"))
    retired = done(
        cast.project,
        cast.agnes,
        changed(sheet, retired_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), retired_reason="Double"),
    )
    with pytest.raises(UndoRefused, match="La fiche 3 est retirée"):
        take_back(gesture=wrote, project=cast.project, by=cast.agnes)
    take_back(gesture=retired, project=cast.project, by=cast.agnes)
    take_back(gesture=wrote, project=cast.project, by=cast.agnes)
    sheet.refresh_from_db()
    assert (sheet.retired_at, sheet.need) == (None, "Vite")


def test_a_number_taken_meanwhile_is_said(cast: Cast, sheet: Action) -> None:
    retired = done(
        cast.project, cast.agnes, changed(sheet, retired_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    )
    ActionFactory.create(project=cast.project, number=3)
    with pytest.raises(UndoRefused, match="Ce numéro est déjà celui"):
        take_back(gesture=retired, project=cast.project, by=cast.agnes)


def test_a_long_gesture_is_taken_back_in_few_queries(
    cast: Cast, sheet: Action, queries: Callable[[Write], int]
) -> None:
    def planned(count: int) -> ChangeSet:
        row = ObjectiveFactory.create(action=sheet)
        return done(
            cast.project,
            cast.agnes,
            lambda: PlannedQuarter.objects.bulk_create(
                PlannedQuarter(objective=row, quarter=Quarter.of(2000, 1).index + rank)
                for rank in range(count)
            ),
        )

    few, many = planned(2), planned(390)

    def back(made: ChangeSet) -> int:
        return queries(lambda: take_back(gesture=made, project=cast.project, by=cast.agnes))

    assert back(many) <= back(few) + 4


# --- Who may ------------------------------------------------------------------------------------


@pytest.fixture
def pilot(cast: Cast, sheet: Action) -> User:
    """Bruno, who pilots the sheet in person."""
    return make_pilot(cast.bruno, sheet)


def may(user: User, project: Project, made: ChangeSet) -> bool:
    return can_take_back(user, project, list(made.changes.all()))


def test_a_pilot_takes_back_what_a_pilot_writes(cast: Cast, sheet: Action, pilot: User) -> None:
    text = done(cast.project, cast.agnes, changed(sheet, need="Loin"))
    number = done(cast.project, cast.agnes, changed(sheet, number=30))
    role = done(cast.project, cast.agnes, lambda: sheet.roles.create(kind="pilote", label="Autre"))
    life = done(
        cast.project, cast.agnes, changed(sheet, retired_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    )
    other = ActionFactory.create(project=cast.project, number=4)
    both = done(
        cast.project, cast.agnes, lambda: (changed(sheet, aim="x")(), changed(other, aim="x")())
    )
    gestures = [text, number, role, life, both]
    assert [may(pilot, cast.project, made) for made in gestures] == [True, *[False] * 4]
    assert all(may(cast.agnes, cast.project, made) for made in gestures)
    assert all(may(cast.emile, cast.project, made) for made in gestures)
    assert not any(may(cast.chloe, cast.project, made) for made in gestures)


def test_comments_are_taken_back_by_their_author(cast: Cast, sheet: Action) -> None:
    def comment() -> object:
        return sheet.comments.create(author=cast.bruno, author_name="Bruno", text="Bonjour")

    own = done(cast.project, cast.bruno, comment)
    others = done(cast.project, cast.agnes, comment)
    assert may(cast.bruno, cast.project, own)
    assert not may(cast.bruno, cast.project, others)


def test_a_repair_of_the_project_itself_is_not_taken_back(cast: Cast) -> None:
    window = done(
        cast.project, None, changed(cast.project, planning_last=Quarter.of(2030, 4).index)
    )
    stage = done(cast.project, None, changed(cast.project, title="Autre"))
    assert may(cast.agnes, cast.project, window)
    assert not may(cast.agnes, cast.project, stage)
