"""Every gesture of the life of a roadmap, taken back, done again, and so on: exactly."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.models import ChangeSet
from journal.tracing import TracedModel, plain_values
from roadmap.models import Action, ActionAttachment, ActionComment, Axis
from roadmap.services.axes import add_axis, place_axis, remove_axis, rename_axis
from roadmap.services.drafts import RoadmapDraft
from roadmap.services.gestures import SheetRefused
from roadmap.services.history import take_back
from roadmap.services.lifecycle import make_sheet, restore_sheet, retire_sheet
from roadmap.services.margins import (
    comment_on_sheet,
    pin_to_sheet,
    remove_comment,
    unpin_from_sheet,
)
from roadmap.services.numbering import Way, renumber_sheet, taken_number
from roadmap.services.reading import describe_roadmap
from roadmap.services.writing import write_roadmap
from territories.writing import writing
from tests.cast import Cast
from tests.factories import (
    ActionFactory,
    ActionIndicatorFactory,
    ActionRoleFactory,
    AxisFactory,
    FundingLineFactory,
    ObjectiveFactory,
    PersonFactory,
    PlannedQuarterFactory,
    ProjectGroupFactory,
)

State = dict[tuple[str, int], dict[str, Any]]


class Scene:
    """Four sheets with all that hangs on them, two that were taken out, three axes."""

    def __init__(self, cast: Cast) -> None:
        self.cast, project = cast, cast.project
        self.axes = [
            AxisFactory.create(project=project, title=title, position=rank)
            for rank, title in enumerate("ABC", start=1)
        ]
        self.sheets = [self._sheet(number) for number in (1, 2, 3, 5)]
        comment_on_sheet(action=self.sheets[0], text="Vu", by=cast.bruno)
        self.comment = ActionComment.objects.get()
        upload = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n")
        pin_to_sheet(action=self.sheets[0], upload=upload, url="", name="", by=cast.agnes)
        self.pinned = ActionAttachment.objects.get()
        self.out, self.replaced = (
            ActionFactory.create(project=project, number=number, axis=self.axes[2])
            for number in (50, 60)
        )
        for sheet in (self.out, self.replaced):
            retire_sheet(action=sheet, reason="Doublon", by=cast.agnes)
        ActionFactory.create(project=project, number=60)

    def _sheet(self, number: int) -> Action:
        sheet = ActionFactory.create(project=self.cast.project, number=number, axis=self.axes[0])
        group = ProjectGroupFactory.create(action=sheet, position=1)
        row = ObjectiveFactory.create(action=sheet, parent=group, position=2)
        PlannedQuarterFactory.create(objective=row)
        person = PersonFactory.create(territory=self.cast.aubrac)
        ActionRoleFactory.create(action=sheet, person=person, label="")
        FundingLineFactory.create(action=sheet)
        ActionIndicatorFactory.create(action=sheet)
        return sheet

    def copy(self, axis: Axis) -> None:
        source = Action.objects.for_sheet().with_place().get(pk=self.sheets[0].pk)
        make_sheet(
            project=self.cast.project,
            number=30,
            title="Copie",
            source=source,
            axis=axis,
            by=self.cast.agnes,
        )

    def number_one(self, way: Way) -> None:
        sheet = self.sheets[3]
        taken = taken_number(sheet, number=1)
        plan = taken.by(way) if taken else None
        assert plan is not None
        renumber_sheet(action=sheet, number=1, way=way, seen=plan.code, by=self.cast.agnes)

    def rename(self) -> None:
        with writing(self.cast.project, by=self.cast.agnes) as made:
            axis = Axis.objects.get(pk=self.axes[0].pk)
            axis.title = "Aller vers"
            made.words = rename_axis(axis)

    def load(self, roadmap: RoadmapDraft) -> None:
        write_roadmap(project=self.cast.project, roadmap=roadmap, by=self.cast.agnes)


GESTURES: dict[str, Callable[[Scene], object]] = {
    "a sheet from another one": lambda s: s.copy(s.axes[1]),
    "a free number": lambda s: renumber_sheet(action=s.sheets[3], number=77, by=s.cast.agnes),
    "numbers exchanged": lambda s: s.number_one(Way.EXCHANGE),
    "numbers shifted": lambda s: s.number_one(Way.INSERT),
    "a sheet retired": lambda s: retire_sheet(action=s.sheets[0], reason="Fini", by=s.cast.agnes),
    "a sheet restored": lambda s: restore_sheet(action=s.out, by=s.cast.agnes),
    "restored elsewhere": lambda s: restore_sheet(action=s.replaced, by=s.cast.agnes),
    "an axis added": lambda s: add_axis(
        project=s.cast.project, label="D", title="Loger", by=s.cast.agnes
    ),
    "an axis moved": lambda s: place_axis(axis=s.axes[2], rank=1, by=s.cast.agnes),
    "an axis renamed": lambda s: s.rename(),
    "an axis of retired sheets removed": lambda s: remove_axis(axis=s.axes[2], by=s.cast.agnes),
    "a remark": lambda s: comment_on_sheet(action=s.sheets[0], text="Lu", by=s.cast.bruno),
    "a remark taken away": lambda s: remove_comment(comment=s.comment, by=s.cast.agnes),
    "a file taken down": lambda s: unpin_from_sheet(pinned=s.pinned, by=s.cast.agnes),
    "all removed by a load": lambda s: s.load(RoadmapDraft()),
    "all written afresh by a load": lambda s: s.load(describe_roadmap(s.cast.project)),
}


def state() -> State:
    """All that is traced, column by column."""
    models = [model for model in apps.get_models() if issubclass(model, TracedModel)]
    return {
        (model._meta.label_lower, row.pk): plain_values(row)
        for model in models
        for row in model._base_manager.all()
    }


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


@pytest.mark.parametrize("name", GESTURES)
def test_what_is_taken_back_and_done_again_is_exact(scene: Scene, name: str) -> None:
    before = state()
    GESTURES[name](scene)
    after = state()
    assert after != before
    for expected in (before, after, before, after):
        last = ChangeSet.objects.latest("pk")
        take_back(gesture=last, project=scene.cast.project, by=scene.cast.emile)
        assert state() == expected


def test_a_sheet_is_not_made_under_an_axis_that_has_just_gone(scene: Scene) -> None:
    axis = Axis.objects.get(pk=scene.axes[1].pk)
    remove_axis(axis=scene.axes[1], by=scene.cast.emile)
    with pytest.raises(SheetRefused, match="L’axe «\u00a0B\u00a0» a été retiré pendant"):
        scene.copy(axis)
    assert not Action.objects.filter(number=30).exists()
