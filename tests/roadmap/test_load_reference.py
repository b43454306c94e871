"""The six priorities and the five themes: the same by the migration and by the import."""

import importlib
import json

import pytest
from django.apps import apps

from roadmap.imports.reference import DATA, load_reference_data
from roadmap.models import Priority, Theme
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db

migration = importlib.import_module("roadmap.migrations.0002_reference_data")


def rows() -> list[tuple[object, ...]]:
    priorities = Priority.objects.order_by("number")
    return [
        *priorities.values_list("number", "article", "short_label", "text"),
        *Theme.objects.order_by("position").values_list("position", "title"),
    ]


def test_priorities_carry_the_text_of_the_decree() -> None:
    decree = json.loads((DATA / "decree_priorities.json").read_text(encoding="utf-8"))
    assert [
        (priority.number, priority.article.replace(".\u00a0", ""), priority.text)
        for priority in Priority.objects.order_by("number")
    ] == [(row["number"], row["article"], row["text"]) for row in decree["priorities"]]


def test_priorities_have_short_labels() -> None:
    labels = list(Priority.objects.order_by("number").values_list("short_label", flat=True))
    assert labels[0] == "Repérage précoce, diagnostic et accès aux soins"
    assert labels[5] == "Déterminants sociaux, environnementaux et territoriaux"
    assert len(labels) == 6


def test_themes_are_the_five_of_the_anap() -> None:
    assert list(Theme.objects.order_by("position").values_list("title", flat=True)) == [
        "Connaissance et interconnaissance des professionnels",
        "Partage des pratiques et harmonisation des organisations",
        "Fluidité des parcours et gradation de la réponse",
        "Coordination des acteurs",
        "Le patient acteur de son parcours",
    ]


def test_rows_are_identical_after_a_second_load() -> None:
    keys = list(Priority.objects.order_by("pk").values_list("pk", flat=True))
    before = rows()
    load_reference_data()
    assert rows() == before
    assert list(Priority.objects.order_by("pk").values_list("pk", flat=True)) == keys


def test_migration_goes_back_and_forth_and_the_import_agrees() -> None:
    before = rows()
    migration.remove(apps, None)
    assert rows() == []
    load_reference_data()
    assert rows() == before
    migration.remove(apps, None)
    migration.write(apps, None)
    assert rows() == before


def test_migration_leaves_a_priority_that_a_sheet_uses() -> None:
    ActionFactory.create()
    migration.remove(apps, None)
    assert list(Priority.objects.values_list("number", flat=True)) == [1]
