"""The tables of a closed review in Excel: what they say, and that they say it for good."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from documents.enums import Format
from documents.kinds import kind_of
from documents.workbooks import write_workbook
from governance.models import Person
from reviews.exports import report_workbook
from reviews.models import Campaign
from roadmap.enums import Status, Weather
from roadmap.models import Action, Objective, Priority
from territories.models import Territory
from tests.factories import unsigned
from tests.reviews.answered import answer, close, put_off, validated
from tests.reviews.scene import QUARTER, Scene, opened, set_scene

pytestmark = pytest.mark.django_db

REPORT: dict[str, Any] = {"review": QUARTER.code}
SHEETS = [
    "Ce qui a changé",
    "À examiner",
    "Suivi",
    "Statuts par priorité",
    "Statuts par axe",
    "Trimestres",
    "À propos",
]


@pytest.fixture
def scene() -> Scene:
    scene = set_scene()
    campaign = opened(scene)
    update = scene.update_of(scene.hers)
    put_off(update, scene.objective, QUARTER.index + 2, reason="Salle en travaux")
    validated(scene, scene.hers, done="Deux réunions", help_asked="Une salle")
    answer(scene.update_of(scene.theirs), status=Status.RUNNING, weather=Weather.COMPROMISED)
    close(campaign)
    return scene


def written(scene: Scene) -> bytes:
    return write_workbook(report_workbook(scene.project, REPORT))


def rows_of(contents: bytes, name: str) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(contents))
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def test_the_report_is_given_in_three_formats() -> None:
    assert kind_of("rapport").offered_formats == (Format.PDF, Format.WORD, Format.EXCEL)


def test_it_says_what_the_paper_says(scene: Scene) -> None:
    contents = written(scene)
    paper = kind_of("rapport").context(scene.project, REPORT)["paper"]
    assert load_workbook(io.BytesIO(contents)).sheetnames == SHEETS
    head, *lines = rows_of(contents, "Suivi")
    assert head == ["Orientations", "Actions", "État d’avancement", "Motifs"]
    told = [(group.label, f"{line.number}. {line.title}") for group in paper.follow_up
            for line in group.lines]  # fmt: skip
    assert [(line[0], line[1]) for line in lines] == told
    changed = {(line[0], line[2]) for line in rows_of(contents, "Ce qui a changé")[1:]}
    assert len(changed) > 0
    reasons = "\n".join(str(line[2]) for line in rows_of(contents, "À examiner")[1:])
    for line in paper.to_examine:
        assert all(reason in reasons for reason in line.words)


def test_statuses_sum_to_the_sheets(scene: Scene) -> None:
    contents = written(scene)
    for name in ("Statuts par priorité", "Statuts par axe"):
        for _, *counts, total in rows_of(contents, name)[1:]:
            assert sum(counts) == total


def test_quarters_have_a_column_each(scene: Scene) -> None:
    head, *lines = rows_of(written(scene), "Trimestres")
    assert head[:2] == ["Fiche", "Objectif"]
    assert head[-1] == "État"
    assert any(line[1] and scene.objective.title in str(line[1]) for line in lines)


def test_a_year_later_it_is_the_same_bytes(scene: Scene) -> None:
    before = written(scene)
    with unsigned():
        Action.objects.update(title="Autre", status=Status.DROPPED, status_reason="Autre")
        Objective.objects.update(title="Autre", label="")
    Person.objects.update(last_name="Autre")
    Priority.objects.update(short_label="Autre")
    Territory.objects.update(name="Autre")
    scene.project.refresh_from_db()
    assert written(scene) == before
    assert Campaign.objects.count() == 1
