"""What is printed from a version never changes, whatever becomes of what it froze."""

import dataclasses
import datetime as dt
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from core.quarters import Quarter
from documents.kinds import PaperRefused, kind_of
from documents.press import fingerprint_of, render_html
from governance.models import Organisation, Person
from journal.models import ChangeSet
from journal.tracing import TracedModel
from roadmap.enums import RoleKind, VersionKind
from roadmap.models import (
    Action,
    ActionIndicator,
    ActionRole,
    Axis,
    FormerNumber,
    FundingLine,
    Objective,
    Priority,
    PriorityHeading,
    RoadmapVersion,
    SecondaryPriority,
    Theme,
)
from roadmap.services import describe_roadmap
from territories.models import Project, Territory
from tests.factories import ActionRoleFactory, AxisFactory, PersonFactory, unsigned
from tests.roadmap.papers import aubrac, rich_sheet
from tests.roadmap.test_roadmap_machine import Sheet
from tests.roadmap.test_versions import official, review

pytestmark = pytest.mark.django_db

CHOICES: list[tuple[str, dict[str, Any]]] = [
    ("livret", {}),
    ("livret", {"part": ["2"]}),
    ("synthese", {"group": "priorite"}),
    ("synthese", {"group": "axe"}),
    ("fiche", {"number": 1}),
    ("fiche", {"number": 2}),
]


def everything_said(project: Project, **also: Any) -> list[Any]:
    """All that the papers of a project say, in plain values."""
    return [kind_of(code).context(project, choices | also)["paper"] for code, choices in CHOICES]


def as_the_present(papers: list[Any]) -> list[Any]:
    """The same without the name of the version, which only its own papers bear."""
    return [
        dataclasses.replace(paper, imprint=dataclasses.replace(paper.imprint, frozen=""))
        for paper in papers
    ]


@pytest.fixture
def project() -> Project:
    """A roadmap with one of everything that a paper may say."""
    project = aubrac()
    first, _ = rich_sheet(project, 1), rich_sheet(project, 2, axis=AxisFactory(project=project))
    person = PersonFactory.create(territory=project.territory, first_name="Zoé")
    ActionRoleFactory.create(action=first, kind=RoleKind.COPILOT, label="", person=person)
    with unsigned():
        SecondaryPriority.objects.create(action=first, priority=Priority.objects.get(number=3))
        first.themes.through.objects.create(action=first, theme=Theme.objects.get(position=2))
        FormerNumber.objects.create(action=first, number=12, until=dt.date(2026, 3, 3))
        FormerNumber.objects.create(action=first, number=14, until=dt.date(2025, 3, 3))
        PriorityHeading.objects.create(
            project=project,
            priority=Priority.objects.get(number=1),
            title="Repérer tôt",
            planning_note="Sous réserve",
        )
        Objective.objects.filter(title="Objectif 1").update(
            planning_note="phase 1", note_first=Quarter.of(2026, 2).index
        )
    return project


def test_version_prints_what_the_present_state_printed(project: Project) -> None:
    present = everything_said(project)
    version = review(project)
    printed = everything_said(project, version=version.number)
    assert {paper.imprint.frozen for paper in printed} == {version.name}
    assert as_the_present(printed) == present


def rename_all() -> None:
    """Every name and wording that papers print becomes another."""
    for model, names in RENAMED.items():
        for row in model._default_manager.order_by("pk"):
            for name in names:
                setattr(row, name, f"Autre {row.pk}")
            row.save()
    with unsigned():
        for traced, changes in REWRITTEN.items():
            traced.objects.update(**changes)


RENAMED: dict[Any, tuple[str, ...]] = {
    Organisation: ("name", "short_name"),
    Person: ("first_name", "last_name"),
    Priority: ("short_label", "text", "article"),
    Theme: ("title",),
    Territory: ("name",),
}
REWRITTEN: dict[type[TracedModel], dict[str, Any]] = {
    Project: {"title": "Autre", "author": "Autre", "edition": "Autre", "planning_last": 8_105},
    Action: {"title": "Autre", "need": "Autre", "status": "en_cours", "axis": None},
    Objective: {"title": "Autre", "state": "fait", "label": ""},
    ActionRole: {"label": "Autre"},
    FundingLine: {"label": "Autre", "amount": 1},
    ActionIndicator: {"label": "Autre"},
    PriorityHeading: {"title": "Autre", "planning_note": ""},
}


def test_version_prints_the_same_when_all_is_renamed_then_removed(project: Project) -> None:
    version = official(project)
    before = everything_said(project, version=version.number)
    known_as = [
        fingerprint_of(kind_of(code), project, choices | {"version": version.number})
        for code, choices in CHOICES
    ]
    rename_all()
    project.refresh_from_db()
    assert everything_said(project, version=version.number) == before
    with unsigned():
        Action.objects.filter(project=project).delete()
        Axis.objects.filter(project=project).delete()
    Organisation.objects.all().delete()
    Person.objects.all().delete()
    assert everything_said(project, version=version.number) == before
    assert known_as == [
        fingerprint_of(kind_of(code), project, choices | {"version": version.number})
        for code, choices in CHOICES
    ]
    with pytest.raises(PaperRefused, match="aucune fiche action à imprimer"):
        everything_said(project)


def test_official_version_prints_its_own_order(project: Project) -> None:
    version = official(project, reference="2026-7")
    project.acts.create(kind="revision", dated_on=dt.date(2026, 4, 1), reference="2026-12")
    (paper, *_) = everything_said(project, version=version.number)
    told = (paper.imprint.version, paper.imprint.reference)
    assert told == ("Arrêté du 3\u00a0mars\u00a02026", "2026-7")


def test_version_called_by_its_order_says_it_once(project: Project) -> None:
    act = project.acts.create(kind="revision", dated_on=dt.date(2026, 4, 1))
    version = review(project, kind=VersionKind.OFFICIAL, label=act.short_name, act=act)
    (paper, *_) = everything_said(project, version=version.number)
    assert paper.imprint.frozen == "Version\u00a01 · Révision du 1er\u00a0avril\u00a02026"
    assert paper.imprint.version == ""


def test_unknown_version_is_refused_in_french(project: Project) -> None:
    with pytest.raises(PaperRefused, match="La version 7 n’existe pas dans ce projet"):
        everything_said(project, version=7)


@pytest.mark.parametrize(("code", "choices"), CHOICES)
def test_paper_of_a_version_says_which(
    project: Project, code: str, choices: dict[str, Any]
) -> None:
    version = review(project)
    said = render_html(kind_of(code), project, choices | {"version": version.number})
    assert said.count("Version\u00a01 · Revue T4 2026") >= 2


# --- Whatever is written since ------------------------------------------------------------------


class FrozenSheet(Sheet):
    """The gestures of the roadmap, with versions frozen among them."""

    def __init__(self) -> None:
        super().__init__()
        self.printed: dict[int, list[Any]] = {}

    @initialize()
    def freeze_the_first(self) -> None:
        self.freeze_now()

    @rule()
    def freeze_now(self) -> None:
        version = review(self.project)
        self.project.refresh_from_db()
        printed = everything_said(self.project, version=version.number)
        assert as_the_present(printed) == everything_said(self.project)
        self.printed[version.number] = printed

    @rule()
    def rename(self) -> None:
        rename_all()
        # Written outside of the gestures that the machine goes back to.
        self.past.clear()
        self.project.refresh_from_db()
        self.read, self.said = None, describe_roadmap(self.project)

    @property
    def made(self) -> list[ChangeSet]:
        """Every gesture so far that may be taken back."""
        frozen = RoadmapVersion._meta.label_lower
        return [one for one in super().made if not one.changes.filter(model=frozen).exists()]

    @invariant()
    def versions_print_what_they_printed(self) -> None:
        for number, printed in self.printed.items():
            assert everything_said(self.project, version=number) == printed

    def teardown(self) -> None:
        """Nothing to remove: a version and its project stay."""


def test_versions_print_the_same_whatever_is_written_since() -> None:
    run_machine(
        FrozenSheet,
        settings=settings(
            max_examples=int(os.environ.get("PTSM_MACHINE_EXAMPLES", "3")),
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
