"""What the columns of a workbook are: kept for the next one, or forgotten."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from journal.recording import Gesture
from roadmap.models import ColumnMapping, shape_of
from roadmap.services.gestures import named
from territories.models import Project
from territories.writing import writing


def remember_columns(
    *,
    project: Project,
    by: User | None,
    file_name: str,
    titles: dict[str, str],
    told: dict[str, Any],
) -> Gesture:
    """Keep what the columns under these titles are, instead of what was kept of them before.

    A gesture of its own, before the import: one that is taken back leaves it, and whoever corrects
    a column then finds the others as they were. None when nothing is new. Nine queries.
    """
    with writing(project, by=by, on_paper=False) as made:
        kept = ColumnMapping.objects.filter(project=project, shape=shape_of(titles)).first()
        mapping = kept or ColumnMapping(project=project)
        if (mapping.titles, mapping.told) != (titles, told):
            mapping.titles, mapping.told = titles, told
            mapping.file_name, mapping.decided_at = file_name, timezone.now()
            mapping.save()
        made.words = f"a retenu la correspondance des colonnes de {named(mapping)}"
    return made


def forget_columns(*, mapping: ColumnMapping, by: User) -> Gesture:
    """Guess these columns again next time; harmless to repeat. Eight queries."""
    with writing(mapping.project, by=by, on_paper=False) as made:
        ColumnMapping.objects.filter(pk=mapping.pk).delete()
        made.words = f"a oublié la correspondance des colonnes de {named(mapping)}"
    return made
