"""What a new sheet takes from another one, and what it leaves behind."""

import re
from dataclasses import dataclass, replace

from core.text import fold
from roadmap.enums import CellState, FundingState, ObjectiveState, Status
from roadmap.models import Action
from roadmap.services.drafts import (
    Attached,
    FundingDraft,
    IndicatorDraft,
    ObjectiveDraft,
    RoleDraft,
    SheetDraft,
)
from roadmap.services.reading import describe_sheet
from territories.models import Project


@dataclass(frozen=True)
class SheetCopy:
    """A sheet as another one starts from it; the people whom it leaves to their territory."""

    draft: SheetDraft
    left_behind: tuple[str, ...]


def copy_of(source: Action, *, into: Project) -> SheetCopy:
    """What a new sheet of that project takes from this one. Expects `for_sheet()` and the place.

    Texts, objectives, quarters, themes, priorities, those who answer for it; nothing is begun,
    promised nor measured yet. The directory stays inside its territory: elsewhere only what was
    printed is kept, and nobody's name. No query.
    """
    draft = describe_sheet(source)
    left_behind: tuple[str, ...] = ()
    if source.project.territory_id != into.territory_id:
        directory = _Directory(source)
        draft = directory.closed_to(draft)
        left_behind = tuple(sorted(directory.surnames, key=fold))
    return SheetCopy(
        draft=replace(
            draft,
            axis="",
            status=Status.NOT_STARTED,
            status_reason="",
            objectives=tuple(_afresh(row) for row in draft.objectives),
            attached=_unpromised(draft.attached),
        ),
        left_behind=left_behind,
    )


def _afresh(row: ObjectiveDraft) -> ObjectiveDraft:
    """As planned, and not begun."""
    return replace(
        row,
        state=ObjectiveState.TODO,
        cells=tuple(replace(cell, state=CellState.PLANNED) for cell in row.cells),
        attached=_unpromised(row.attached),
        children=tuple(_afresh(child) for child in row.children),
    )


def _unpromised(attached: Attached) -> Attached:
    """Money without its amount, indicators without values nor targets: they were the other's."""
    return replace(
        attached,
        funding=tuple(
            replace(line, state=FundingState.CONSIDERED, amount=None) for line in attached.funding
        ),
        indicators=tuple(
            IndicatorDraft(label=indicator.label, kind=indicator.kind)
            for indicator in attached.indicators
        ),
    )


class _Directory:
    """The people and organisations that a sheet names, seen from another territory."""

    def __init__(self, source: Action) -> None:
        roles = list(source.roles.all())
        organisations = [role.organisation for role in roles]
        organisations += [line.organisation for line in source.funding_lines.all()]
        self.printed = {row.name: str(row) for row in organisations if row}
        self.surnames = {
            str(role.person): fold(role.person.last_name) for role in roles if role.person
        }

    def closed_to(self, draft: SheetDraft) -> SheetDraft:
        return replace(
            draft,
            attached=self._told(draft.attached),
            objectives=tuple(self._row(row) for row in draft.objectives),
        )

    def _row(self, row: ObjectiveDraft) -> ObjectiveDraft:
        return replace(
            row,
            attached=self._told(row.attached),
            children=tuple(self._row(child) for child in row.children),
        )

    def _told(self, attached: Attached) -> Attached:
        return replace(
            attached,
            roles=tuple(role for drawn in attached.roles for role in self._role(drawn)),
            funding=tuple(
                FundingDraft(label=self._funder(line), source=line.source, year=line.year)
                for line in attached.funding
            ),
        )

    def _role(self, role: RoleDraft) -> list[RoleDraft]:
        """Its printed text, unless it is somebody's name; then the organisation, or nothing."""
        label = role.label
        if role.person and self._names(role.person, label):
            label = ""
        label = label or self.printed.get(role.organisation, "")
        return [RoleDraft(kind=role.kind, label=label)] if label else []

    def _names(self, person: str, label: str) -> bool:
        surname = re.escape(self.surnames[person])
        return bool(re.search(rf"\b{surname}\b", fold(label)))

    def _funder(self, line: FundingDraft) -> str:
        return line.label or self.printed.get(line.organisation, "")
