"""The priorities of the decree and the ANAP's themes, for a base that was emptied."""

from pathlib import Path

from django.db import transaction

from core.text import NBSP
from roadmap.imports.reading import read_json
from roadmap.models import Priority, Theme

DATA = Path(__file__).resolve().parent.parent / "data"


@transaction.atomic
def load_reference_data() -> None:
    """The same rows as the data migration wrote, whether they are still there or not."""
    reference = read_json(DATA / "reference.json")
    short_labels = {
        node["number"].number: node["short_label"].text
        for node in reference["priority_short_labels"]
    }
    for node in read_json(DATA / "decree_priorities.json")["priorities"]:
        Priority.objects.update_or_create(
            number=node["number"].number,
            defaults={
                "article": node["article"].text.replace("R", f"R.{NBSP}"),
                "short_label": short_labels[node["number"].number],
                "text": node["text"].text,
            },
        )
    for node in reference["themes"]:
        Theme.objects.update_or_create(
            position=node["position"].number, defaults={"title": node["title"].text}
        )
