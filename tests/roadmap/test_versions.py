"""Versions: made once, then neither written again nor removed; who reads them."""

import datetime as dt
import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from core.quarters import Quarter
from governance.models import Organisation, Person
from journal.models import ChangeSet
from journal.tracing import traced_names
from journal.undoing import UndoRefused
from roadmap.enums import Status, VersionKind
from roadmap.models import Action, Priority, RoadmapVersion, Theme, VersionFrozen
from roadmap.services.history import take_back
from roadmap.services.versions import VersionRefused, freeze
from roadmap.summaries import FrozenState, VersionUnreadable
from roadmap.summaries.snapshots import COLUMNS, LISTS
from territories.enums import ActKind
from territories.models import FormalAct, Project, Territory
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, ActionRoleFactory, PersonFactory
from tests.journal.states import replayed, state_of
from tests.roadmap.papers import STATED, rich_sheet

pytestmark = pytest.mark.django_db

MARCH = dt.date(2026, 3, 3)


def review(project: Project, **fields: Any) -> RoadmapVersion:
    """A version as the closing of a campaign makes it."""
    return freeze(
        project,
        **{
            "kind": VersionKind.REVIEW,
            "label": "Revue T4 2026",
            "dated_on": MARCH,
            "by": None,
            **fields,
        },
    )


def official(project: Project, *, reference: str = "", **fields: Any) -> RoadmapVersion:
    """A version as an order makes it."""
    act = project.acts.create(kind=ActKind.PROJECT_ORDER, dated_on=MARCH, reference=reference)
    return review(
        project, kind=VersionKind.OFFICIAL, label="Arrêté du 3 mars 2026", act=act, **fields
    )


# --- Made ---------------------------------------------------------------------------------------


def test_version_is_numbered_in_its_project_and_signed(cast: Cast) -> None:
    for project in (cast.project, cast.elsewhere):
        rich_sheet(project, 1)
    first, second, other = (
        review(project, by=cast.agnes) for project in (cast.project, cast.project, cast.elsewhere)
    )
    assert [first.number, second.number, other.number] == [1, 2, 1]
    assert (first.made_by, first.made_by_name) == (cast.agnes, cast.agnes.get_full_name())
    assert str(first) == "Version\u00a01 · Revue T4 2026"


def test_empty_roadmap_is_not_frozen(cast: Cast) -> None:
    with pytest.raises(VersionRefused, match="aucune fiche à figer"):
        review(cast.project)
    assert not ChangeSet.objects.of(cast.project.scope).exists()


def test_equal_roadmaps_are_equal_texts(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    kept = [json.dumps(review(cast.project).snapshot) for _ in range(2)]
    assert kept[0] == kept[1]


def test_retired_sheets_are_not_in_a_version(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    ActionFactory.create(project=cast.project, number=2, retired_at=STATED, retired_reason="Fini")
    assert [sheet.number for sheet in FrozenState(review(cast.project)).sheets()] == [1]


def test_version_holds_names_and_no_way_to_reach_anybody(cast: Cast) -> None:
    person = PersonFactory.create(
        territory=cast.aubrac, first_name="Zoé", email="zoe@exemple.fr", telephone="0600000001"
    )
    sheet = ActionFactory.create(project=cast.project)
    ActionRoleFactory.create(action=sheet, label="", person=person)
    kept = json.dumps(review(cast.project).snapshot, ensure_ascii=False)
    assert "Zoé" in kept
    assert "zoe@exemple.fr" not in kept
    assert "0600000001" not in kept


def test_freezing_sees_what_its_gesture_has_written(cast: Cast) -> None:
    sheet = ActionFactory.create(project=cast.project)
    cast.project.mark_changed(at=STATED)
    with writing(cast.project, by=cast.agnes, words="a clos la campagne T4 2026") as made:
        sheet.status = Status.DONE
        sheet.save(update_fields=["status"])
        version = review(cast.project, by=cast.agnes, quarter=Quarter.of(2026, 4))
    state = FrozenState(version)
    assert [one.status for one in state.sheets()] == [Status.DONE]
    assert state.project.changed_at > STATED, "its papers say the day of what was written"
    assert state.quarter == Quarter.of(2026, 4)
    assert made.changeset is not None
    assert made.changeset.words == "a clos la campagne T4 2026"


def test_freezing_alone_does_not_date_the_present_papers(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    cast.project.mark_changed(at=STATED)
    version = review(cast.project)
    cast.project.refresh_from_db()
    assert cast.project.changed_at == STATED
    assert FrozenState(version).project.changed_at == STATED


def test_freezing_costs_the_same_whatever_the_sheets(cast: Cast, queries: Any) -> None:
    rich_sheet(cast.project, 1)
    first = queries(lambda: review(cast.project))
    for number in range(2, 6):
        rich_sheet(cast.project, number)
    assert queries(lambda: review(cast.project)) == first <= 36


# --- Kept ---------------------------------------------------------------------------------------


def test_version_is_never_written_again(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    version = review(cast.project)
    version.label = "Autre"
    by_its_key = RoadmapVersion(pk=version.pk, **_plain(version))
    for write in (
        version.save,
        lambda: version.save(update_fields=["label"]),
        version.delete,
        RoadmapVersion.objects.all().delete,
        lambda: RoadmapVersion.objects.update(label="Autre"),
        lambda: RoadmapVersion.objects.bulk_update([version], ["label"]),
        lambda: RoadmapVersion.objects.bulk_create([by_its_key]),
    ):
        with pytest.raises(VersionFrozen, match="ne se modifie pas"), transaction.atomic():
            write()
    with pytest.raises(IntegrityError), transaction.atomic(), writing(cast.project, by=None):
        by_its_key.save()
    assert RoadmapVersion.objects.get().label == "Revue T4 2026"


def _plain(version: RoadmapVersion) -> dict[str, Any]:
    columns = [column.attname for column in version._meta.concrete_fields]
    return {name: getattr(version, name) for name in columns if name != "id"} | {"number": 9}


def test_project_and_act_of_a_version_stay(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    version = official(cast.project)
    with pytest.raises(ProtectedError):
        FormalAct.objects.all().delete()
    with pytest.raises(ProtectedError), writing(cast.project, by=None):
        cast.project.delete()
    cast.agnes.delete()
    assert version.act is not None


def test_account_that_goes_leaves_its_name(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    name = cast.agnes.get_full_name()
    review(cast.project, by=cast.agnes)
    cast.agnes.delete()
    kept = RoadmapVersion.objects.get()
    assert (kept.made_by, kept.made_by_name) == (None, name)


def test_base_refuses_an_official_version_without_its_act_and_a_review_with_one(
    cast: Cast,
) -> None:
    rich_sheet(cast.project, 1)
    version = official(cast.project)
    for kind, act in ((VersionKind.OFFICIAL, None), (VersionKind.REVIEW, version.act_id)):
        wrong = RoadmapVersion(**_plain(version) | {"kind": kind, "act_id": act})
        with pytest.raises(IntegrityError), transaction.atomic(), writing(cast.project, by=None):
            wrong.save()


def test_frozen_version_is_not_taken_back(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    review(cast.project, by=cast.agnes)
    gesture = ChangeSet.objects.of(cast.project.scope).latest("pk")
    assert gesture.words == "a figé la version\u00a01 «\u00a0Revue T4 2026\u00a0»"
    with pytest.raises(UndoRefused, match="une version figée ne s’annule pas"):
        take_back(gesture=gesture, project=cast.project, by=cast.agnes)


def test_journal_keeps_the_gesture_and_not_the_contents(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    start = state_of(cast.project)
    last = ChangeSet.objects.latest("pk").changes.latest("pk").pk
    review(cast.project, by=cast.agnes)
    assert replayed(start, last) == state_of(cast.project)
    (change,) = ChangeSet.objects.latest("pk").changes.all()
    assert "snapshot" not in (change.new or {})


# --- Read ---------------------------------------------------------------------------------------

EVERY_VERSION = ("agnes", "bruno", "emile", "denis")


def test_each_reads_their_versions_and_no_other(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    versions = {official(cast.project), review(cast.project)}
    for name in EVERY_VERSION:
        assert set(RoadmapVersion.objects.visible_to(getattr(cast, name))) == versions, name
    assert [one.kind for one in RoadmapVersion.objects.visible_to(cast.gael)] == ["officielle"]
    for stranger in (cast.chloe, AnonymousUser()):
        assert not RoadmapVersion.objects.visible_to(stranger).exists()  # type: ignore[arg-type]


def test_rows_of_a_version_are_those_that_were_frozen(cast: Cast, queries: Any) -> None:
    sheet = rich_sheet(cast.project, 1)
    version = review(cast.project)
    loaded = Action.objects.for_list().get(pk=sheet.pk)
    assert queries(lambda: FrozenState(version).sheets()) == 0
    (read,) = FrozenState(version).sheets()
    assert (read, read._state.adding) == (loaded, True)
    for name in (*LISTS, "objectives"):
        assert list(getattr(read, name).all()) == list(getattr(loaded, name).all()), name
    assert [str(role) for role in read.roles.all()] == [str(role) for role in loaded.roles.all()]


def test_later_form_is_refused_in_french(cast: Cast) -> None:
    rich_sheet(cast.project, 1)
    version = review(cast.project)
    version.schema += 1
    with pytest.raises(VersionUnreadable, match="plus récente"):
        FrozenState(version)


# --- The form -----------------------------------------------------------------------------------

# What papers never say: where a row belongs is told by where the snapshot puts it.
LEFT_OUT: dict[type[models.Model], set[str]] = {
    Territory: {"region"},
    Project: {"territory", "predecessor"},
    FormalAct: {"project"},
    Organisation: {
        "territory",
        "category",
        *("address", "postcode", "town", "email", "telephone", "website", "contact"),
        *("closed_on", "charter_signed_on", "promotes_unrecognised"),
        *("ethical_decision", "ethical_reason", "ethical_decided_on", "ethical_decided_by"),
    },
    Person: {
        "territory",
        *("user", "organisation", "function", "email", "telephone", "left_on"),
        # Printed nowhere, ever.
        "lived_experience",
    },
    Action: {"project", "retired_at", "retired_reason"},
}
BELONGS = {"action", "objective", "project"}


@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__name__)
def test_every_column_is_kept_or_left_out_on_purpose(model: type[models.Model]) -> None:
    """A column that comes: keep it, raise `SCHEMA`, and read the earlier form without it."""
    left = LEFT_OUT.get(model, BELONGS - set(COLUMNS[model]))
    assert set(COLUMNS[model]) == traced_names(model) - left


def test_every_kind_of_row_is_kept_or_left_out_on_purpose() -> None:
    rows = {model for model in _models_of_roadmap() if model not in COLUMNS}
    # Pairs that the sheet lists, cells that come with their row, what is said in the margins, the
    # versions themselves, what is remembered of other people's files, where meetings spoke of it.
    assert {model.__name__ for model in rows} == {
        "ActionAttachment",
        "ActionComment",
        "ActionTheme",
        "AgendaSheet",
        "ColumnMapping",
        "DecisionSheet",
        "PlannedQuarter",
        "RoadmapVersion",
        "SecondaryPriority",
    }
    assert {Priority, Theme} <= set(COLUMNS)


def _models_of_roadmap() -> list[type[models.Model]]:
    return [model for model in Action._meta.apps.get_models() if model.__module__[:8] == "roadmap."]
