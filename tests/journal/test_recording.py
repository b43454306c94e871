"""Every write of a traced row is noted once, with whoever made it, or refused."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core.quarters import Quarter
from journal.enums import ChangeKind, Source
from journal.models import Change, ChangeSet
from journal.recording import NoGesture, gesture
from roadmap.models import (
    Action,
    ActionRole,
    ActionTheme,
    Axis,
    FundingLine,
    Objective,
    PlannedQuarter,
    Priority,
    Theme,
)
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionRoleFactory,
    FundingLineFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
    unsigned,
)

pytestmark = pytest.mark.django_db

Counted = Callable[[Callable[[], object]], int]
Q4 = Quarter.of(2026, 4).index


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=1, title="Aller vers")


def lines(made: ChangeSet | None) -> list[tuple[str, str, str, object, object]]:
    """Each change of a gesture: kind, kind of row, field, before, after."""
    assert made is not None
    return [
        (change.kind, change.model.partition(".")[2], change.field, change.old, change.new)
        for change in made.changes.order_by("rank")
    ]


# --- One gesture, one change set ----------------------------------------------------------------


def test_a_gesture_tells_who_did_what_and_from_where(cast: Cast, sheet: Action) -> None:
    with writing(cast.project, by=cast.agnes, words="a renommé la fiche 1") as made:
        sheet.title = "Aller vers les publics"
        sheet.save()
    kept = made.changeset
    assert kept is not None
    assert (kept.by, kept.by_name) == (cast.agnes, cast.agnes.get_full_name())
    assert (kept.source, kept.words) == (Source.PAGE, "a renommé la fiche 1")
    assert (kept.scope, kept.revision) == (cast.project.scope, cast.project.revision)
    change = kept.changes.get()
    assert (change.kind, change.field) == (ChangeKind.CHANGED, "title")
    assert (change.old, change.new) == ("Aller vers", "Aller vers les publics")
    assert (change.model, change.row, change.name) == (
        "roadmap.action",
        sheet.pk,
        "1. Aller vers les publics",
    )
    assert change.subject == f"roadmap.action:{sheet.pk}"


def test_the_name_of_whoever_did_outlives_the_account(cast: Cast, sheet: Action) -> None:
    name = cast.agnes.get_full_name()
    with writing(cast.project, by=cast.agnes) as made:
        Action.objects.filter(pk=sheet.pk).update(need="Un constat")
    cast.agnes.delete()
    assert made.changeset is not None
    made.changeset.refresh_from_db()
    assert (made.changeset.by, made.changeset.by_name) == (None, name)


def test_several_writes_of_one_row_are_one_change(sheet: Action) -> None:
    with unsigned() as made:
        sheet.title = "Un"
        sheet.save()
        Action.objects.filter(pk=sheet.pk).update(title="Deux", need="Un constat")
        sheet.refresh_from_db()
        sheet.title = "Trois"
        sheet.save(update_fields=["title"])
    assert lines(made.changeset) == [
        ("modification", "action", "title", "Aller vers", "Trois"),
        ("modification", "action", "need", "", "Un constat"),
    ]


def test_what_comes_back_to_itself_is_no_change(cast: Cast, sheet: Action) -> None:
    before = cast.project.revision
    with writing(cast.project, by=cast.agnes) as made:
        Action.objects.filter(pk=sheet.pk).update(title="Autre")
        Action.objects.filter(pk=sheet.pk).update(title="Aller vers")
        sheet.save()
    assert made.changeset is None
    cast.project.refresh_from_db()
    assert cast.project.revision == before


def test_a_row_added_then_removed_leaves_nothing(sheet: Action) -> None:
    with unsigned() as made:
        row = Objective.objects.create(action=sheet, title="Passager")
        PlannedQuarter.objects.create(objective=row, quarter=Q4)
        row.delete()
    assert made.changeset is None


def test_a_row_added_then_written_is_added_as_it_ends(sheet: Action) -> None:
    with unsigned() as made:
        row = Objective.objects.create(action=sheet, title="Premier jet")
        row.title = "Au propre"
        row.save()
    ((kind, model, field, old, new),) = lines(made.changeset)
    assert (kind, model, field, old) == ("ajout", "objective", "", None)
    assert isinstance(new, dict)
    assert (new["title"], new["action"]) == ("Au propre", sheet.pk)


def test_a_row_written_then_removed_is_removed_as_it_was(sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet, title="Avant")
    with unsigned() as made:
        row.title = "Pendant"
        row.save()
        row.delete()
    ((kind, _, _, old, new),) = lines(made.changeset)
    assert (kind, new) == ("retrait", None)
    assert isinstance(old, dict)
    assert old["title"] == "Avant"


def test_a_row_made_with_the_key_of_another_overwrites_it_knowingly(sheet: Action) -> None:
    with unsigned() as made:
        copy = Action(pk=sheet.pk, project=sheet.project, number=1, title="Par-dessus")
        copy.save()
    assert ("modification", "action", "title", "Aller vers", "Par-dessus") in lines(made.changeset)


def fail_while_writing(sheet: Action, project: Project, *, by: User) -> None:
    class Broken(Exception):
        pass

    def write() -> None:
        with writing(project, by=by):
            Action.objects.filter(pk=sheet.pk).update(title="Perdu")
            raise Broken

    with pytest.raises(Broken):
        write()


def test_nothing_of_a_gesture_that_fails_is_kept(cast: Cast, sheet: Action) -> None:
    gestures = ChangeSet.objects.count()
    fail_while_writing(sheet, cast.project, by=cast.agnes)
    sheet.refresh_from_db()
    cast.project.refresh_from_db()
    assert (sheet.title, cast.project.revision) == ("Aller vers", 0)
    assert ChangeSet.objects.count() == gestures
    with pytest.raises(NoGesture):
        sheet.save()


def test_a_gesture_inside_a_gesture_is_part_of_it(cast: Cast, sheet: Action) -> None:
    gestures = ChangeSet.objects.count()
    with gesture(by=cast.agnes, words="a tout revu") as outer:
        with gesture(by=cast.bruno, words="a revu un peu") as inner:
            Action.objects.filter(pk=sheet.pk).update(title="Revue")
        with writing(cast.project, by=cast.bruno):
            Action.objects.filter(pk=sheet.pk).update(need="Un constat")
    assert inner is outer
    assert ChangeSet.objects.count() == gestures + 1
    assert outer.changeset is not None
    assert (outer.changeset.by, outer.changeset.words) == (cast.agnes, "a tout revu")
    assert [line[2] for line in lines(outer.changeset)] == ["title", "need"]
    cast.project.refresh_from_db()
    assert (cast.project.revision, outer.changeset.revision) == (1, 1)


def test_an_inner_gesture_that_fails_leaves_the_outer_one_truthful(
    cast: Cast, sheet: Action
) -> None:
    with writing(cast.project, by=cast.agnes) as made:
        Action.objects.filter(pk=sheet.pk).update(need="Un constat")
        fail_while_writing(sheet, cast.elsewhere, by=cast.agnes)
    sheet.refresh_from_db()
    assert (sheet.title, sheet.need) == ("Aller vers", "Un constat")
    assert lines(made.changeset) == [("modification", "action", "need", "", "Un constat")]
    cast.elsewhere.refresh_from_db()
    assert cast.elsewhere.revision == 0


def test_a_write_refused_by_the_base_is_not_noted(sheet: Action) -> None:
    other = ActionFactory.create(project=sheet.project, number=2)
    with unsigned() as made:
        other.need = "Noté"
        other.save()
        other.number = 1
        with pytest.raises(IntegrityError), transaction.atomic():
            other.save()
    assert lines(made.changeset) == [("modification", "action", "need", "", "Noté")]


def test_one_gesture_in_two_projects_is_told_in_the_first_and_revises_both(cast: Cast) -> None:
    here = ActionFactory.create(project=cast.project)
    there = ActionFactory.create(project=cast.elsewhere)
    with (
        writing(cast.project, by=cast.agnes) as made,
        writing(cast.elsewhere, by=cast.agnes),
    ):
        for sheet in (here, there):
            sheet.need = "Le même constat"
            sheet.save()
    assert made.changeset is not None
    assert made.changeset.scope == cast.project.scope
    for project in (cast.project, cast.elsewhere):
        project.refresh_from_db()
        assert project.revision == 1


# --- No other way in ----------------------------------------------------------------------------

WRITES: dict[str, Callable[[Action], object]] = {
    "save": lambda sheet: sheet.save(),
    "delete": lambda sheet: sheet.delete(),
    "create": lambda sheet: Objective.objects.create(action=sheet, title="Neuf"),
    "get_or_create": lambda sheet: Axis.objects.get_or_create(project=sheet.project, title="Axe"),
    "update_or_create": lambda sheet: Action.objects.update_or_create(
        pk=sheet.pk, defaults={"title": "Autre"}
    ),
    "update": lambda sheet: Action.objects.filter(pk=sheet.pk).update(title="Autre"),
    "queryset delete": lambda sheet: Action.objects.filter(pk=sheet.pk).delete(),
    "bulk_create": lambda sheet: Objective.objects.bulk_create(
        [Objective(action=sheet, title="Neuf")]
    ),
    "bulk_update": lambda sheet: Action.objects.bulk_update([sheet], ["title"]),
    "related create": lambda sheet: sheet.objectives.create(title="Neuf"),
    "related update": lambda sheet: sheet.roles.update(label="Autre"),
    "many add": lambda sheet: sheet.themes.add(Theme.objects.get(position=2)),
    "many set": lambda sheet: sheet.themes.set([]),
    "many remove": lambda sheet: sheet.themes.remove(*sheet.themes.all()),
    "many clear": lambda sheet: sheet.themes.clear(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_outside_of_a_gesture_is_refused(
    sheet: Action, write: Callable[[Action], object]
) -> None:
    ActionRoleFactory.create(action=sheet)
    with unsigned():
        sheet.themes.add(Theme.objects.get(position=1))
    sheet.title = "Autre"
    changes = Change.objects.count()
    with pytest.raises(NoGesture), transaction.atomic():
        write(sheet)
    sheet.refresh_from_db()
    assert sheet.title == "Aller vers"
    assert [theme.position for theme in sheet.themes.all()] == [1]
    assert [role.label for role in sheet.roles.all()] == ["à déterminer par les pilotes"]
    assert not sheet.objectives.exists()
    assert Change.objects.count() == changes


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_same_write_inside_one_is_noted(
    sheet: Action, write: Callable[[Action], object]
) -> None:
    ActionRoleFactory.create(action=sheet)
    with unsigned():
        sheet.themes.add(Theme.objects.get(position=1))
    sheet.title = "Autre"
    with unsigned() as made:
        write(sheet)
    assert lines(made.changeset)


def test_what_a_base_resolves_by_itself_is_refused(sheet: Action) -> None:
    rows = [Objective(action=sheet, title="Neuf")]
    with unsigned():
        for options in (
            {"ignore_conflicts": True},
            {"update_conflicts": True, "update_fields": ["title"], "unique_fields": ["id"]},
        ):
            with pytest.raises(NotImplementedError):
                Objective.objects.bulk_create(rows, **options)
    assert not sheet.objectives.exists()


def test_columns_that_nobody_edits_are_nobodys_gesture(cast: Cast, sheet: Action) -> None:
    type(cast.project).objects.filter(pk=cast.project.pk).update(changed_at=timezone.now())
    Action.objects.filter(pk=sheet.pk).update(folded="aller vers")


# --- Several rows at once -----------------------------------------------------------------------


def test_an_update_of_several_rows_notes_each_that_changes(sheet: Action) -> None:
    rows = [ObjectiveFactory.create(action=sheet, title=t) for t in ("Un", "Deux", "Deux")]
    with unsigned() as made:
        assert sheet.objectives.update(title="Deux") == 3
    assert lines(made.changeset) == [("modification", "objective", "title", "Un", "Deux")]
    assert Change.objects.filter(changeset=made.changeset).get().row == rows[0].pk


def test_an_update_that_empties_its_own_filter_is_noted(sheet: Action) -> None:
    ObjectiveFactory.create(action=sheet, title="Un")
    with unsigned() as made:
        Objective.objects.filter(title="Un").update(title="Deux")
    assert lines(made.changeset) == [("modification", "objective", "title", "Un", "Deux")]


def test_bulk_update_notes_each_row(sheet: Action) -> None:
    rows = [ObjectiveFactory.create(action=sheet, position=rank) for rank in range(3)]
    for rank, row in enumerate(rows):
        row.position = 2 - rank
    with unsigned() as made:
        Objective.objects.bulk_update(rows, ["position"])
    assert lines(made.changeset) == [
        ("modification", "objective", "position", 0, 2),
        ("modification", "objective", "position", 2, 0),
    ]


def test_bulk_create_notes_each_row_with_its_key(sheet: Action) -> None:
    with unsigned() as made:
        rows = Objective.objects.bulk_create(
            Objective(action=sheet, title=title) for title in ("Un", "Deux")
        )
    assert made.changeset is not None
    noted = made.changeset.changes.order_by("rank").values_list("row", "name")
    assert list(noted) == [(rows[0].pk, "Un"), (rows[1].pk, "Deux")]


def test_themes_set_are_the_difference_only(sheet: Action) -> None:
    first, second, third = Theme.objects.order_by("position")[:3]
    with unsigned():
        sheet.themes.set([first, second])
    with unsigned() as made:
        sheet.themes.set([second, third])
    kinds = [(kind, model) for kind, model, *_ in lines(made.changeset)]
    assert sorted(kinds) == [("ajout", "actiontheme"), ("retrait", "actiontheme")]
    assert ActionTheme.objects.filter(action=sheet).count() == 2
    subjects = Change.objects.filter(changeset=made.changeset).values_list("subject", flat=True)
    assert set(subjects) == {f"roadmap.action:{sheet.pk}"}


# --- What a removal takes with it ---------------------------------------------------------------


def test_a_removal_notes_all_that_goes_with_it(sheet: Action) -> None:
    group = ProjectGroupFactory.create(action=sheet)
    row = ObjectiveFactory.create(action=sheet, parent=group)
    PlannedQuarterFactory.create(objective=row)
    ActionRoleFactory.create(action=sheet, objective=row)
    FundingLineFactory.create(action=sheet)
    with unsigned():
        sheet.themes.add(Theme.objects.get(position=1))
        sheet.secondary_priorities.add(Priority.objects.get(number=2))
    key = sheet.pk
    with unsigned() as made:
        sheet.delete()
    noted = [(kind, model) for kind, model, *_ in lines(made.changeset)]
    assert sorted(noted) == [
        ("retrait", model)
        for model in (
            "action",
            "actionrole",
            "actiontheme",
            "fundingline",
            "objective",
            "objective",
            "plannedquarter",
            "secondarypriority",
        )
    ]
    subjects = Change.objects.filter(changeset=made.changeset).values_list("subject", flat=True)
    assert set(subjects) == {f"roadmap.action:{key}"}


def test_a_removal_notes_what_it_unties(sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet)
    role = ActionRoleFactory.create(action=sheet, objective=row)
    line = FundingLineFactory.create(action=sheet, objective=row)
    key = row.pk
    with unsigned() as made:
        sheet.objectives.all().delete()
    changed = [line for line in lines(made.changeset) if line[0] == "modification"]
    assert sorted(changed) == [
        ("modification", "actionrole", "objective", key, None),
        ("modification", "fundingline", "objective", key, None),
    ]
    assert ActionRole.objects.get(pk=role.pk).objective is None
    assert FundingLine.objects.get(pk=line.pk).objective is None


# --- Values come back as they were --------------------------------------------------------------


def test_the_same_value_in_another_coat_is_no_change(sheet: Action) -> None:
    line = FundingLineFactory.create(action=sheet, amount=Decimal("1200.50"), year=2026)
    moment = dt.datetime(2026, 7, 1, 10, 30, tzinfo=dt.UTC)
    with unsigned():
        sheet.retired_at = moment
        sheet.save()
    with unsigned() as made:
        line.amount, line.year = "1200.5", "2026"
        line.save()
        sheet.retired_at = moment.astimezone(dt.timezone(dt.timedelta(hours=2)))
        sheet.save()
    assert made.changeset is None


def test_values_come_back_from_the_journal_exactly(sheet: Action) -> None:
    moment = dt.datetime(2026, 7, 1, 10, 30, 15, 123456, tzinfo=dt.UTC)
    with unsigned():
        sheet.retired_at = moment
        sheet.save()
    line = FundingLineFactory.create(action=sheet, amount=Decimal("0.10"), year=None)
    row = ObjectiveFactory.create(action=sheet, in_summary=False, note_first=Q4, note_last=Q4)
    for thing in (Action.objects.get(), FundingLine.objects.get(), Objective.objects.get()):
        before = {column.attname: getattr(thing, column.attname) for column in columns(thing)}
        kept = Change.objects.to_row(thing._meta.label_lower, thing.pk).earliest("pk")
        again = type(thing).from_values(thing.pk, kept.values_after)
        for name, value in before.items():
            if name not in {"folded", "retired_at"}:
                assert getattr(again, name) == value, name
    change = Change.objects.get(field="retired_at")
    sheet.set_plain("retired_at", change.new)
    assert sheet.retired_at == moment
    assert (line.amount, row.in_summary) == (Decimal("0.10"), False)


def columns(row: Action | FundingLine | Objective) -> list:
    return list(row._meta.concrete_fields)


# --- What it costs ------------------------------------------------------------------------------


def test_a_write_costs_little_more_than_itself(cast: Cast, sheet: Action, queries: Counted) -> None:
    def with_nothing() -> None:
        with writing(cast.project, by=cast.agnes):
            pass

    def with_a_save() -> None:
        with writing(cast.project, by=cast.agnes):
            sheet.title += "."
            sheet.save()

    # The transaction's own two, the lock, then: read, write, revise, read again, keep two tables.
    assert queries(with_nothing) == 3
    assert queries(with_a_save) <= 3 + 2 + 5


def test_the_cost_of_many_rows_is_that_of_one(cast: Cast, queries: Counted) -> None:
    def cost(number: int) -> int:
        sheet = ActionFactory.create(project=cast.project)
        rows = [ObjectiveFactory.create(action=sheet) for _ in range(number)]

        def gesture_over_all() -> None:
            with writing(cast.project, by=cast.agnes):
                PlannedQuarter.objects.bulk_create(
                    PlannedQuarter(objective_id=row.pk, quarter=Q4) for row in rows
                )
                PlannedQuarter.objects.filter(objective__action=sheet).update(quarter=Q4 + 1)
                sheet.objectives.all().delete()

        return queries(gesture_over_all)

    assert cost(2) == cost(40)


def test_reading_costs_what_it_did(sheet: Action, queries: Counted) -> None:
    for _ in range(3):
        PlannedQuarterFactory.create(objective__action=sheet)
    assert queries(lambda: list(PlannedQuarter.objects.all())) == 1


def test_organisations_are_not_traced(cast: Cast) -> None:
    OrganisationFactory.create(territory=cast.aubrac).delete()
