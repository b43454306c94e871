"""The whole of a project in plain values, to compare two moments of it."""

from typing import Any

from django.apps import apps

from journal.models import Change
from journal.tracing import TracedModel, plain_values
from territories.models import Project

# By model and key, its values.
State = dict[tuple[str, int], dict[str, Any]]


def traced_models() -> list[type[TracedModel]]:
    """Every kind of row that the journal follows."""
    return [model for model in apps.get_models() if issubclass(model, TracedModel)]


def state_of(project: Project) -> State:
    """All that the journal follows in a project; a query or two a kind of row."""
    subjects: dict[str, set[str]] = {}
    found: State = {}
    for model in traced_models():
        rows = model._base_manager.select_related(*model.traced_with).order_by("pk")
        for row in rows:
            label = row.subject.partition(":")[0]
            if label not in subjects:
                subjects[label] = _subjects(label, project)
            if row.subject in subjects[label]:
                found[model._meta.label_lower, row.pk] = plain_values(row)
    return found


def _subjects(label: str, project: Project) -> set[str]:
    """What of that kind is the project, or part of it."""
    if label == Project._meta.label_lower:
        return {f"{label}:{project.pk}"}
    model = apps.get_model(label)
    if not any(field.name == "project" for field in model._meta.fields):
        # A place of its own, as a meeting: no part of the history of the project.
        return set()
    parts = model._base_manager.filter(project=project)
    return {f"{label}:{key}" for key in parts.values_list("pk", flat=True)}


def replayed(state: State, since: int) -> State:
    """A state once all that the journal kept after that change was done to it again."""
    now = {key: dict(values) for key, values in state.items()}
    for change in Change.objects.filter(pk__gt=since).order_by("changeset", "rank"):
        key = (change.model, change.row)
        if change.field:
            assert now[key][change.field] == change.old
            now[key][change.field] = change.new
        elif change.new is None:
            assert now.pop(key) == change.old
        else:
            assert key not in now
            now[key] = change.new
    return now
