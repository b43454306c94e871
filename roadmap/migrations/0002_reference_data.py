"""Writes the six priorities of the decree and the five themes of the ANAP into the base."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def read(name: str) -> dict[str, list[dict[str, str]]]:
    return json.loads((DATA / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def write(apps, schema_editor):  # type: ignore[no-untyped-def]  # noqa: ARG001
    Priority = apps.get_model("roadmap", "Priority")
    Theme = apps.get_model("roadmap", "Theme")
    reference = read("reference.json")
    short_labels = {row["number"]: row["short_label"] for row in reference["priority_short_labels"]}
    for row in read("decree_priorities.json")["priorities"]:
        Priority.objects.update_or_create(
            number=row["number"],
            defaults={
                "article": row["article"].replace("R", "R.\u00a0"),
                "short_label": short_labels[row["number"]],
                "text": row["text"],
            },
        )
    for row in reference["themes"]:
        Theme.objects.update_or_create(position=row["position"], defaults={"title": row["title"]})


def remove(apps, schema_editor):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Takes back what no sheet leans on."""
    Priority = apps.get_model("roadmap", "Priority")
    Theme = apps.get_model("roadmap", "Theme")
    Priority.objects.filter(actions=None, secondary_actions=None, headings=None).delete()
    Theme.objects.filter(actions=None).delete()


class Migration(migrations.Migration):
    dependencies = [("roadmap", "0001_initial")]
    operations = [migrations.RunPython(write, remove)]
