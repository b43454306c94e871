"""What staff repair is a gesture too: signed, told as a repair, one a screen sent."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journal.enums import Source
from journal.models import ChangeSet
from roadmap.models import Action, Axis
from territories.models import Project
from tests.cast import Cast
from tests.factories import ActionFactory, AxisFactory, ObjectiveFactory, PlannedQuarterFactory

SignIn = Callable[[User | None], Client]


@pytest.fixture
def staff(cast: Cast) -> User:
    return User.objects.create_superuser(
        "admin@exemple.fr", "un mot de passe long", first_name="Inès", last_name="Roy"
    )


@pytest.fixture
def repairer(staff: User, sign_in: SignIn) -> Client:
    return sign_in(staff)


def typed(page: str) -> dict[str, str]:
    """All that a form of the administration would send back as it is."""
    form = BeautifulSoup(page, "html.parser").select_one("#content-main form")
    assert form is not None
    sent = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        chosen = field.select_one("option[selected]") if field.name == "select" else field
        if "__prefix__" in str(field["name"]) or chosen is None:
            continue
        if field.get("type") in {"checkbox", "submit"} and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            value = field.text.strip()
        else:
            value = str(chosen.get("value", "on" if field.get("type") == "checkbox" else ""))
        sent[str(field["name"])] = value
    return sent


def last_gesture() -> ChangeSet:
    return ChangeSet.objects.latest("pk")


def revision(project: Project) -> int:
    return Project.objects.values_list("revision", flat=True).get(pk=project.pk)


def test_a_screen_with_its_inlines_is_one_signed_gesture(
    cast: Cast, repairer: Client, staff: User
) -> None:
    sheet = ActionFactory.create(project=cast.project, number=1, title="Aller vers")
    row = ObjectiveFactory.create(action=sheet, title="Un")
    address = reverse("admin:roadmap_action_change", args=[sheet.pk])
    sent = typed(repairer.get(address).text)
    sent |= {"title": "Venir de", "objectives-0-title": "Deux"}
    before = ChangeSet.objects.count()
    assert repairer.post(address, sent).status_code == 302
    assert ChangeSet.objects.count() == before + 1
    made = last_gesture()
    assert (made.by, made.by_name, made.source) == (staff, "Inès Roy", Source.ADMIN)
    assert made.words == "a réparé\u00a0: fiche action"
    assert (made.scope, made.revision) == (cast.project.scope, 1)
    assert {(change.row, change.new) for change in made.changes.all()} == {
        (sheet.pk, "Venir de"),
        (row.pk, "Deux"),
    }
    assert revision(cast.project) == 1


def test_a_screen_sent_with_a_fault_writes_nothing(cast: Cast, repairer: Client) -> None:
    axis = AxisFactory.create(project=cast.project, title="Axe")
    before = ChangeSet.objects.count()
    address = reverse("admin:roadmap_axis_change", args=[axis.pk])
    assert repairer.post(address, {"title": ""}).status_code == 200
    assert ChangeSet.objects.count() == before
    assert revision(cast.project) == 0


def test_a_removal_tells_all_that_went(cast: Cast, repairer: Client, staff: User) -> None:
    cell = PlannedQuarterFactory.create(objective__action__project=cast.project)
    address = reverse("admin:roadmap_objective_delete", args=[cell.objective_id])
    assert repairer.post(address, {"post": "yes"}).status_code == 302
    made = last_gesture()
    assert (made.by, made.source, made.revision) == (staff, Source.ADMIN, 1)
    models = made.changes.values_list("model", flat=True)
    assert sorted(models) == ["roadmap.objective", "roadmap.plannedquarter"]


def test_several_rows_removed_from_a_list_are_one_gesture(cast: Cast, repairer: Client) -> None:
    axes = [AxisFactory.create(project=cast.project) for _ in range(3)]
    before = ChangeSet.objects.count()
    keys = [str(axis.pk) for axis in axes]
    repairer.post(
        reverse("admin:roadmap_axis_changelist"),
        {"action": "delete_selected", "_selected_action": keys, "post": "yes"},
    )
    assert not Axis.objects.exists()
    assert ChangeSet.objects.count() == before + 1
    assert last_gesture().changes.count() == 3
    assert revision(cast.project) == 1


def test_a_sheet_moved_to_another_project_revises_both(cast: Cast, repairer: Client) -> None:
    sheet = ActionFactory.create(project=cast.project, number=1)
    address = reverse("admin:roadmap_action_change", args=[sheet.pk])
    sent = typed(repairer.get(address).text) | {"project": str(cast.elsewhere.pk)}
    assert repairer.post(address, sent).status_code == 302
    assert Action.objects.get(pk=sheet.pk).project == cast.elsewhere
    assert (revision(cast.project), revision(cast.elsewhere)) == (1, 1)


def test_the_journal_is_read_and_not_rewritten(cast: Cast, repairer: Client) -> None:
    ActionFactory.create(project=cast.project, number=1, title="Aller vers")
    made = last_gesture()
    listed = repairer.get(reverse("admin:journal_changeset_changelist"))
    assert "a préparé la scène" in listed.text
    page = repairer.get(reverse("admin:journal_changeset_change", args=[made.pk]))
    assert "1. Aller vers" in page.text
    assert 'name="_save"' not in page.text
    assert repairer.post(reverse("admin:journal_changeset_add"), {}).status_code == 403
    address = reverse("admin:journal_changeset_delete", args=[made.pk])
    assert repairer.post(address, {"post": "yes"}).status_code == 403
    assert ChangeSet.objects.filter(pk=made.pk).exists()
