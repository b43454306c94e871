"""Writing the texts of a sheet, its place among the others, where it stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.text import NBSP, fold, listed
from journal.enums import ChangeKind
from journal.models import Change
from journal.tracing import TracedModel, plain_values
from roadmap.models import Action, ActionTheme, Axis, SecondaryPriority
from roadmap.services.axes import axes_in_order
from roadmap.services.gestures import SheetGesture


def write_section(
    sheet: SheetGesture,
    *,
    columns: Iterable[str],
    links: dict[str, set[int]] | None = None,
    new_axis: str = "",
    drawn_at: int | None = None,
) -> list[str]:
    """Keep the columns that a form gave the sheet, and its links; gives the names of what changed.

    `links` are the keys ticked under « themes » and « secondary_priorities » on a page drawn at
    that revision. An axis that has the name of `new_axis` is taken, or made. Call it inside the
    gesture in which the form was checked. Five queries or so, and three for each kind of link.
    """
    action, names = sheet.action, list(columns)
    if new_axis:
        action.axis = _axis_named(sheet, new_axis)
        names = [*names, "axis"]
    kept = Action.objects.get(pk=action.pk)
    written = changed_names(action, kept=kept, among=names)
    if written:
        action.save(update_fields=written)
    for name, sent in (links or {}).items():
        if _set_links(sheet, name, sent, drawn_at=drawn_at):
            written.append(name)
    sheet.made.words = _words(kept, action, written)
    return written


def changed_names(row: TracedModel, *, kept: TracedModel, among: Iterable[str]) -> list[str]:
    """Which of these columns hold something else than what is kept. No query."""
    before, after = plain_values(kept), plain_values(row)
    return list(dict.fromkeys(name for name in among if before[name] != after[name]))


def labels_of(model: type[TracedModel], *, names: Sequence[str]) -> list[str]:
    """Columns as people call them: « constat ou besoin »."""
    return [str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in names]


def _words(kept: Action, action: Action, written: list[str]) -> str:
    number = f"la fiche{NBSP}{action.number}"
    if "status" in written:
        was, now = kept.get_status_display(), action.get_status_display()
        return f"a passé {number} de «{NBSP}{was}{NBSP}» à «{NBSP}{now}{NBSP}»"
    return f"a modifié {number}{NBSP}: {listed(labels_of(Action, names=written))}"


def _axis_named(sheet: SheetGesture, title: str) -> Axis:
    axes = axes_in_order(sheet.action.project)
    for axis in axes:
        if fold(title) in {fold(axis.title), fold(str(axis))}:
            return axis
    last = max((axis.position for axis in axes), default=0)
    return Axis.objects.create(project=sheet.action.project, position=last + 1, title=title)


# By the name of the relation: the rows that make it, and their column.
LINKS: dict[str, tuple[type[ActionTheme] | type[SecondaryPriority], str]] = {
    "themes": (ActionTheme, "theme"),
    "secondary_priorities": (SecondaryPriority, "priority"),
}


def _set_links(sheet: SheetGesture, name: str, sent: set[int], *, drawn_at: int | None) -> bool:
    """Tick and untick what this person did, and nothing of what the others did meanwhile."""
    model, column = LINKS[name]
    rows: dict[int, Any] = {
        getattr(row, f"{column}_id"): row for row in model.objects.filter(action=sheet.action)
    }
    present = set(rows)
    base = _as_drawn(sheet, model, column, present, drawn_at)
    wanted = (present | (sent - base)) - (base - sent)
    if name == "secondary_priorities":
        wanted.discard(sheet.action.priority_id or 0)
    for key in sorted(present - wanted):
        rows[key].delete()
    model.objects.bulk_create(
        model(action=sheet.action, **{f"{column}_id": key}) for key in sorted(wanted - present)
    )
    return wanted != present


def _as_drawn(
    sheet: SheetGesture,
    model: type[TracedModel],
    column: str,
    present: set[int],
    drawn_at: int | None,
) -> set[int]:
    """What was ticked when the page was drawn: what happened since, told backwards."""
    base = set(present)
    if drawn_at is None or drawn_at == sheet.action.project.revision:
        return base
    since = (
        Change.objects.filter(model=model._meta.label_lower, subject=sheet.action.subject)
        .since(drawn_at)
        .exclude(kind=ChangeKind.CHANGED)
        .order_by("-changeset", "-rank")
    )
    for change in since:
        if change.kind == ChangeKind.ADDED:
            base.discard((change.new or {})[column])
        else:
            base.add((change.old or {})[column])
    return base
