"""What was written in a directory after a file was exported, as its journal tells it."""

from dataclasses import dataclass
from typing import Any

from governance.models import Organisation, Person
from governance.summaries.history import scope_of
from governance.workbooks.sheets import Column
from journal.enums import ChangeKind
from journal.models import Change
from journal.recording import NOT_KEPT
from territories.models import Territory

Entry = Organisation | Person
# The journal keeps the row itself of a link: what the cell said then is not known.
UNKNOWN = object()


@dataclass(frozen=True)
class Written:
    """One column written since the export: what it said then, and who wrote it."""

    base: Any
    by: str


class Meanwhile:
    """The columns written since, by row; and who removed what is gone. One query."""

    def __init__(self, territory: Territory, *, after: int) -> None:
        self._written: dict[tuple[str, int], dict[str, Written]] = {}
        self._removed: dict[tuple[str, int], str] = {}
        changes = Change.objects.filter(
            changeset__scope=scope_of(territory), changeset__gt=after
        ).select_related("changeset")
        for change in changes.order_by("changeset", "rank"):
            key, by = (change.model, change.row), change.changeset.by_name or "quelqu’un d’autre"
            if change.kind == ChangeKind.REMOVED:
                self._removed[key] = by
            elif change.field:
                columns = self._written.setdefault(key, {})
                base = columns[change.field].base if change.field in columns else change.old
                columns[change.field] = Written(base, by)

    def who_removed(self, model: type[Entry], key: int) -> str:
        """Who took that row out since the export; blank when nobody did."""
        return self._removed.get((model._meta.label_lower, key), "")

    def written(self, row: Entry, column: Column) -> Written | None:
        """What became of a cell since the export, if anything did."""
        found = self._written.get((row._meta.label_lower, row.pk), {})
        return found.get(str(column.attribute).partition("__")[0])


def was_shown(written: Written, column: Column) -> Any:
    """What the cell showed at the export, or `UNKNOWN`."""
    if written.base == NOT_KEPT or column.is_contact or column.is_link:
        return UNKNOWN
    value = column.widget.read(written.base)
    return column.widget.render(value) if value not in (None, "") else ""
