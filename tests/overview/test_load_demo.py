"""The demonstration as a visitor finds it: two roadmaps, eight accounts, and their rights."""

import datetime as dt
import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from accounts.services import DEMO_PASSWORD
from governance.models import Person
from overview.imports import ACCOUNTS
from roadmap.enums import ANSWERING_ROLES
from roadmap.models import Action, ActionRole, RoadmapVersion
from territories.enums import Role
from territories.models import Membership, Project, Region, Territory
from tests.factories import unsigned

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _without_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    """They have their own tests (`tests.reviews.test_load_demo`), and take their time."""
    monkeypatch.setattr("overview.imports.load_demo_reviews", lambda *_args, **_options: None)


def load(**options: object) -> str:
    said = io.StringIO()
    call_command("load_demo", stdout=said, **{"on": ON, **options})
    return said.getvalue()


def codes(territories: object) -> list[str]:
    return sorted(territory.code for territory in territories)  # type: ignore[attr-defined]


def test_both_roadmaps_and_every_account_are_there() -> None:
    said = load()
    assert "Mayenne\u00a0: feuille de route chargée" in said
    assert "Territoire de démonstration\u00a0: feuille de route chargée" in said
    assert DEMO_PASSWORD in said
    assert Action.objects.filter(project__territory__code="53").count() == 30
    assert Action.objects.filter(project__territory__code="demo").count() == 28
    for account in ACCOUNTS:
        assert account.email in said
        assert User.objects.get(email=account.email).check_password(DEMO_PASSWORD)


@pytest.mark.parametrize(
    ("name", "seen", "worked_on", "led"),
    [
        ("coordination.mayenne", ["53", "demo"], ["53", "demo"], ["53"]),
        ("coordination.demo", ["demo"], ["demo"], ["demo"]),
        ("ars.pdl", ["53"], ["53"], ["53"]),
        ("pilote", ["demo"], ["demo"], []),
        ("membre", ["53", "demo"], ["53", "demo"], []),
        ("invite", ["demo"], [], []),
        ("national", ["53", "demo"], [], []),
        ("admin", [], [], []),
    ],
)
def test_each_account_reaches_its_territories(
    name: str, seen: list[str], worked_on: list[str], led: list[str]
) -> None:
    load()
    user = User.objects.get(email=f"{name}@demo.example")
    assert codes(Territory.objects.visible_to(user)) == seen
    assert codes(Territory.objects.worked_on_by(user)) == worked_on
    assert codes(Territory.objects.led_by(user)) == led


def test_guest_and_national_reader_have_an_official_version_to_read() -> None:
    for _ in range(2):
        load()
    version = RoadmapVersion.objects.official().get()
    assert (version.project.territory.code, version.label) == (
        "demo",
        "Arrêté du 12\u00a0mars\u00a02024",
    )
    for name in ("invite", "national"):
        user = User.objects.get(email=f"{name}@demo.example")
        assert RoadmapVersion.objects.visible_to(user).exists()


def test_demonstration_is_renewed_whatever_its_version_has_frozen() -> None:
    load()
    for year in (2027, 2028):
        said = load(on=dt.date(year, 11, 20))
        assert "Territoire de démonstration\u00a0: feuille de route remise à la date" in said
    assert RoadmapVersion.objects.official().count() == 1


def test_accounts_open_by_the_front_door() -> None:
    load()
    assert authenticate(None, email="coordination.mayenne@demo.example", password=DEMO_PASSWORD)


def test_only_the_administration_account_enters_the_administration() -> None:
    load()
    staff = User.objects.filter(is_staff=True, is_superuser=True)
    assert [user.email for user in staff] == ["admin@demo.example"]


def test_pilot_s_account_is_the_person_who_pilots() -> None:
    load()
    pilot = Person.objects.get(user__email="pilote@demo.example")
    roles = ActionRole.objects.filter(person=pilot, kind__in=ANSWERING_ROLES)
    assert roles.values("action").distinct().count() >= 3


def test_second_run_changes_nothing() -> None:
    load()
    before = (
        list(Project.objects.order_by("pk").values("revision", "changed_at")),
        list(User.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
    )
    said = load()
    assert said.count("rien n’a changé") == 3
    assert DEMO_PASSWORD not in said
    assert before == (
        list(Project.objects.order_by("pk").values("revision", "changed_at")),
        list(User.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
    )


def test_what_a_visitor_wrote_is_kept_and_said() -> None:
    load()
    with unsigned():
        Action.objects.filter(project__territory__code="demo", number=1).update(title="Réécrit")
    User.objects.get(email="pilote@demo.example").memberships.update(role=Role.MEMBER)
    said = load()
    assert "Territoire de démonstration\u00a0: la feuille de route a été modifiée" in said
    assert "Mayenne\u00a0: feuille de route déjà chargée, rien n’a changé" in said
    assert Action.objects.filter(title="Réécrit").exists()
    assert Membership.objects.get(user__email="pilote@demo.example").role == Role.MEMBER


def test_force_puts_everything_back() -> None:
    load()
    with unsigned():
        Action.objects.filter(project__territory__code="demo", number=1).update(title="Réécrit")
    User.objects.filter(email="pilote@demo.example").update(is_active=False)
    User.objects.get(email="pilote@demo.example").memberships.update(role=Role.MEMBER)
    assert "feuille de route remplacée" in load(force=True)
    assert not Action.objects.filter(title="Réécrit").exists()
    assert User.objects.get(email="pilote@demo.example").is_active
    assert Membership.objects.get(user__email="pilote@demo.example").role == Role.PILOT


@override_settings(IS_SERVED=True)
def test_served_site_never_opens_accounts_with_the_public_password() -> None:
    said = load()
    assert DEMO_PASSWORD not in said
    assert not User.objects.get(email="admin@demo.example").check_password(DEMO_PASSWORD)
    [heading] = [line for line in said.splitlines() if line.startswith("Comptes")]
    invented = heading.rsplit(" ", 1)[1]
    assert User.objects.get(email="admin@demo.example").check_password(invented)


def test_a_base_without_regions_is_left_empty() -> None:
    Region.objects.get(code="52").departments.all().delete()
    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        load()
    assert not User.objects.exists()
    assert not Territory.objects.exists()


def test_a_mistyped_day_is_said_in_french() -> None:
    with pytest.raises(CommandError, match="n’est pas une date"):
        load(on="20/11/2026")
    assert not User.objects.exists()
