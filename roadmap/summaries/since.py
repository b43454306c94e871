"""What became of a roadmap after a revision, for a page that is open."""

from dataclasses import dataclass

from accounts.models import User
from journal.models import Change
from roadmap.models import Action
from territories.models import Project


@dataclass(frozen=True)
class ChangedSince:
    """The sheets that gestures touched, who made them, whether the columns are others."""

    sheets: frozenset[int]
    # The others only, each once.
    by: tuple[str, ...]
    has_other_columns: bool


def changed_since(project: Project, revision: int, *, reader: User) -> ChangedSince:
    """What was done to a project after that revision; one query."""
    touched = (
        Change.objects.filter(changeset__scope=project.scope)
        .since(revision)
        .order_by("subject", "field", "changeset__by_name", "changeset__by")
        .values_list("subject", "field", "changeset__by_name", "changeset__by")
        .distinct()
    )
    sheets: set[int] = set()
    names: set[str] = set()
    has_other_columns = False
    for subject, field, name, by in touched:
        model, _, key = subject.partition(":")
        if model == Action._meta.label_lower:
            sheets.add(int(key))
        has_other_columns |= subject == project.scope and field.startswith("planning_")
        if by != reader.pk and name:
            names.add(name)
    return ChangedSince(frozenset(sheets), tuple(sorted(names)), has_other_columns)
