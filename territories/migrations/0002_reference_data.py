"""Writes the régions and the départements of the official geographic code into the base."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter=";"))


def write(apps, schema_editor):  # type: ignore[no-untyped-def]  # noqa: ARG001
    Region = apps.get_model("territories", "Region")
    Department = apps.get_model("territories", "Department")
    for row in rows_of("regions.csv"):
        Region.objects.update_or_create(
            code=row["code"], defaults={"name": row["name"], "ars_name": row["ars_name"]}
        )
    regions = {region.code: region for region in Region.objects.all()}
    for row in rows_of("departments.csv"):
        Department.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "region": regions[row["region_code"]],
                "chef_lieu": row["chef_lieu_name"],
                "population": int(row["population_municipale"]),
                "municipality_count": int(row["communes"]),
            },
        )


def remove(apps, schema_editor):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Takes back what nothing else leans on: a territory in use keeps its région."""
    Region = apps.get_model("territories", "Region")
    Department = apps.get_model("territories", "Department")
    departments = [row["code"] for row in rows_of("departments.csv")]
    regions = [row["code"] for row in rows_of("regions.csv")]
    Department.objects.filter(code__in=departments, territory_parts=None).delete()
    Region.objects.filter(
        code__in=regions, departments=None, territories=None, memberships=None
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_initial")]
    operations = [migrations.RunPython(write, remove)]
