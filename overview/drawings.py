"""The rows of the list of every sheet: a hundred of them, which a template draws ten times slower.

Every word is escaped where it is joined.
"""

import functools
from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.core_ui import status_chip
from core.text import NBSP
from overview.summaries import SheetRow
from roadmap.models import Action, Priority
from territories.models import Project

UNSORTED = '<span class="soft">à classer</span>'
UNNAMED = '<span class="soft">à désigner</span>'


def draw_rows(rows: Iterable[SheetRow], *, with_regions: bool) -> SafeString:
    """The lines of the table, in the order of its head; no query."""
    # Rows of one roadmap follow one another, and states are five.
    place = functools.cache(functools.partial(_place, with_regions=with_regions))
    chip = functools.cache(status_chip)
    lines = []
    for row in rows:
        sheet = row.action
        address = reverse("roadmap:action_detail", args=[sheet.pk])
        lines.append(
            f'<tr class="line"><td class="n">{sheet.number}</td>'
            f'<td class="wide"><a class="t" href="{address}">{escape(sheet.title)}</a>'
            f"{_late(row)}</td>"
            f'<td class="small wide">{place(sheet.project)}</td>'
            f"<td>{chip(sheet.status, sheet.get_status_display())}{_reason(sheet)}</td>"
            f'<td class="small">{_priority(sheet.priority)}</td>'
            f'<td class="small">{escape(", ".join(row.pilots)) or UNNAMED}</td>'
            f'<td class="small">{_progress(row)}</td></tr>'
        )
    return mark_safe("\n".join(lines))  # noqa: S308 (every word is escaped where it is joined)


def _late(row: SheetRow) -> str:
    if not row.lateness.is_late:
        return ""
    return f'<br><span class="late">{escape(row.lateness.label)}</span>'


def _place(project: Project, *, with_regions: bool) -> str:
    territory = project.territory
    address = reverse("roadmap:action_list", args=[project.pk])
    region = f'<div class="soft">{escape(territory.region.name)}</div>' if with_regions else ""
    return f'<a href="{address}">{escape(territory.name)}</a>{region}'


def _reason(sheet: Action) -> str:
    if not sheet.status_reason:
        return ""
    return f'<div class="reason">Motif{NBSP}: {escape(sheet.status_reason)}</div>'


def _priority(priority: Priority | None) -> str:
    if priority is None:
        return UNSORTED
    return f'<span title="{escape(priority.short_label)}">Priorité{NBSP}{priority.number}</span>'


def _progress(row: SheetRow) -> str:
    progress = row.progress
    if not progress.total:
        return escape(progress.label)
    return (
        f"{escape(progress.label)} "
        f'<progress max="100" value="{progress.percent}" aria-hidden="true"></progress>'
    )
