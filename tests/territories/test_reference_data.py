"""Régions and départements: whole, re-loadable, and the same by the migration and by the import."""

import csv
import importlib
from typing import Any

import pytest
from django.apps import apps

from territories.imports import (
    DATA,
    ReferenceMissing,
    TerritoryDraft,
    load_reference_data,
    open_territory,
)
from territories.models import Department, Region, Territory
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db

migration = importlib.import_module("territories.migrations.0002_reference_data")


def rows(*, with_keys: bool = True) -> list[dict[str, Any]]:
    """Every row of both tables, as the base holds it."""
    regions = Region.objects.order_by("code").values("pk", "code", "name", "ars_name")
    departments = Department.objects.order_by("code").values(
        "pk", "code", "name", "region__code", "chef_lieu", "population", "municipality_count"
    )
    found: list[dict[str, Any]] = [dict(row) for row in (*regions, *departments)]
    return found if with_keys else [{**row, "pk": 0} for row in found]


def test_base_holds_18_regions_and_101_departements() -> None:
    assert (Region.objects.count(), Department.objects.count()) == (18, 101)


def test_each_departement_is_as_the_file_says() -> None:
    with (DATA / "departments.csv").open(encoding="utf-8", newline="") as opened:
        described = {row["code"]: row for row in csv.DictReader(opened, delimiter=";")}
    for department in Department.objects.select_related("region"):
        row = described[department.code]
        assert department.name == row["name"]
        assert department.region.code == row["region_code"]
        assert department.region.name == row["region_name"]
        assert department.region.ars_name == row["ars_name"]
        assert department.chef_lieu == row["chef_lieu_name"]
        assert department.population == int(row["population_municipale"])
        assert department.municipality_count == int(row["communes"])


def test_mayenne_lies_in_pays_de_la_loire() -> None:
    mayenne = Department.objects.get(code="53")
    assert (str(mayenne), mayenne.region.name) == ("Mayenne (53)", "Pays de la Loire")


def test_rows_are_identical_after_a_second_load() -> None:
    before = rows()
    load_reference_data()
    assert rows() == before


def test_an_emptied_base_gets_the_rows_of_the_migration_back() -> None:
    before = rows(with_keys=False)
    Department.objects.all().delete()
    Region.objects.all().delete()
    load_reference_data()
    assert rows(with_keys=False) == before


def test_migration_goes_back_and_forth() -> None:
    before = rows(with_keys=False)
    migration.remove(apps, None)
    assert not Region.objects.exists()
    assert not Department.objects.exists()
    migration.write(apps, None)
    assert rows(with_keys=False) == before


def test_migration_leaves_a_region_that_a_territory_uses() -> None:
    TerritoryFactory.create(region=Region.objects.get(code="52"))
    migration.remove(apps, None)
    assert list(Region.objects.values_list("code", flat=True)) == ["52"]


def test_a_territory_is_opened_once() -> None:
    draft = TerritoryDraft(code="53", name="Mayenne", region="52", departments=("53",))
    assert open_territory(draft) == open_territory(draft)
    assert [str(part) for part in Territory.objects.get(code="53").parts.all()] == ["Mayenne"]


def test_a_territory_that_exists_keeps_its_name() -> None:
    TerritoryFactory.create(code="53", name="Mayenne et Haut-Anjou")
    draft = TerritoryDraft(code="53", name="Mayenne", region="52")
    assert open_territory(draft).name == "Mayenne et Haut-Anjou"


def test_an_unknown_departement_is_said_in_french() -> None:
    draft = TerritoryDraft(code="53", name="Mayenne", region="52", departments=("53", "530"))
    with pytest.raises(ReferenceMissing, match=r"manage\.py migrate"):
        open_territory(draft)
    assert not Territory.objects.exists()
