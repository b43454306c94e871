"""What was taken out of a roadmap: which sheets, when, why and by whom."""

import datetime as dt
from dataclasses import dataclass

from journal.models import Change
from roadmap.models import Action
from territories.models import Project


@dataclass(frozen=True)
class RetiredSheet:
    """A sheet out of the roadmap, and whoever took it out: nobody when a file did."""

    action: Action
    on: dt.date
    by: str


def retired_sheets(project: Project) -> list[RetiredSheet]:
    """The sheets out of that roadmap, the latest first. Expects the place; two queries."""
    actions = list(Action.objects.retired_from(project).select_related("priority"))
    retirements = (
        Change.objects.filter(
            model=Action._meta.label_lower,
            row__in=[action.pk for action in actions],
            field="retired_at",
        )
        .select_related("changeset")
        .order_by("pk")
    )
    by = {change.row: change.changeset.by_name for change in retirements}
    return [
        RetiredSheet(action, project.territory.today(at=action.retired_at), by.get(action.pk, ""))
        for action in actions
    ]
