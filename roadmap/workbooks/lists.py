"""What sheets are sorted by, as a workbook offers it: three small tables, read at once."""

from typing import Any, cast

from django.db.models import Model, QuerySet, Value

from roadmap.models import Axis, Priority, Theme
from territories.models import Project

Lists = dict[type[Model], dict[int, Any]]
# A key, a place among the others, then texts.
SHAPES: dict[type[Any], tuple[str, ...]] = {
    Priority: ("id", "number", "article", "short_label", "text"),
    Theme: ("id", "position", "title"),
    Axis: ("id", "position", "label", "title"),
}
WIDTH = max(map(len, SHAPES.values()))


def lists_of(project: Project) -> Lists:
    """The priorities, the themes, and the axes of a project, by key and in order. One query."""
    axes = Axis.objects.filter(project=project)
    first, *others = (
        _rows(Priority, Priority.objects.all()),
        _rows(Theme, Theme.objects.all()),
        _rows(Axis, axes),
    )
    models = {model.__name__: model for model in SHAPES}
    found: Lists = {model: {} for model in SHAPES}
    for name, *values in sorted(first.union(*others, all=True), key=lambda row: (row[2], row[1])):
        model = models[name]
        columns = SHAPES[model]
        found[model][values[0]] = model.from_db(None, columns, values[: len(columns)])
    return found


def _rows(model: type[Any], rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each table as wide as the others."""
    columns = SHAPES[model]
    blanks = {f"blank{place}": Value("") for place in range(WIDTH - len(columns))}
    named = rows.annotate(source=Value(model.__name__), **blanks).order_by()
    return cast("QuerySet[Any]", named.values_list("source", *columns, *blanks))
