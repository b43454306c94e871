"""Charts as SVG: one function for page and paper, each printed with its table of figures.

Bars carry their figures, and each status its own pattern: nothing is told by colour alone.
"""

import textwrap
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.text import counted
from reviews.summaries.report import StatusRow
from roadmap.enums import Status

WIDTH = 760
LABELS = 290
# Beside the longest bar: « 12 fiches ».
TOTALS = 74
BAR = 26
STEP = 44
LETTERS_A_LINE = 44
LINES = 2
# Paper has these attributes alone: no stylesheet of the page reaches inside a drawing.
LETTERS = 'font-family="Source Sans 3" font-size="13" fill="#1b2a3a"'
# The narrowest segment that holds its figure, in units of the drawing.
NARROWEST = 16
INK = {
    Status.DONE: ("#27693f", "#fff"),
    Status.RUNNING: ("#1f5f9e", "#fff"),
    Status.NOT_STARTED: ("#e3dfd5", "#1b2a3a"),
    Status.SUSPENDED: ("#fdf1dc", "#8a5400"),
    Status.DROPPED: ("#fff", "#a0382a"),
}
DASHED = {Status.SUSPENDED: "4 3", Status.DROPPED: "2 3"}
DRAWN = tuple(INK)


def draw_statuses(rows: Sequence[StatusRow], *, title: str) -> SafeString:
    """Bars of statuses, a line a priority or an axis; the longest bar is the whole width."""
    most = max((row.total for row in rows), default=0) or 1
    height = len(rows) * STEP + 8
    lines = "".join(_line(row, rank, most) for rank, row in enumerate(rows))
    drawing = (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" {LETTERS}>'
        f"<title>{escape(title)}</title>{lines}</svg>"
    )
    return mark_safe(drawing)  # noqa: S308 (every word is escaped where it is joined)


def draw_key(rows: Iterable[StatusRow]) -> SafeString:
    """What each pattern means, for the statuses that the chart shows."""
    shown = {facet.code for row in rows for facet in row.counts if facet.count}
    items = "".join(_key_item(status) for status in DRAWN if status.value in shown)
    return mark_safe(f'<ul class="legend">{items}</ul>')  # noqa: S308 (our own words)


def _key_item(status: Status) -> str:
    # A tagged PDF wants a name for each drawing, even for one that repeats the word beside it.
    box = (
        '<svg class="chart-key" viewBox="0 0 26 16" aria-hidden="true">'
        f"<title>{escape(status.label)}</title>{_box(1, 1, 24, 14, status)}</svg>"
    )
    return f"<li>{box}{escape(status.label)}</li>"


def _line(row: StatusRow, rank: int, most: int) -> str:
    top = rank * STEP + 4
    lines = textwrap.wrap(row.label, LETTERS_A_LINE, max_lines=LINES, placeholder="…")
    first = top + (19 if len(lines) < LINES else 12)
    words = "".join(
        f'<text x="{LABELS - 12}" y="{first + 15 * rank}" text-anchor="end" class="chart-label">'
        f"{escape(line)}</text>"
        for rank, line in enumerate(lines)
    )
    return words + _bar(row, top, most)


def _bar(row: StatusRow, top: int, most: int) -> str:
    counts = {facet.code: facet.count for facet in row.counts}
    unit = (WIDTH - LABELS - TOTALS) / most
    left, drawn = float(LABELS), []
    for status in DRAWN:
        count = counts.get(status.value, 0)
        if count:
            width = count * unit
            drawn.append(_box(left, top + 2, width - 2, BAR, status))
            if width >= NARROWEST:
                drawn.append(_figure(left + width / 2 - 1, top + 20, count, status))
            left += width
    total = counted(row.total, "fiche") if row.total else "aucune fiche"
    drawn.append(
        f'<text x="{left + 6:.1f}" y="{top + 20}" class="chart-total">{escape(total)}</text>'
    )
    return "".join(drawn)


def _box(left: float, top: float, width: float, height: float, status: Status) -> str:
    ground, ink = INK[status]
    dashes = f' stroke="{ink}" stroke-dasharray="{DASHED[status]}"' if status in DASHED else ""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="3" '
        f'fill="{ground}"{dashes}/>'
    )


def _figure(left: float, top: float, count: int, status: Status) -> str:
    return (
        f'<text x="{left:.1f}" y="{top}" text-anchor="middle" class="chart-figure" '
        f'fill="{INK[status][1]}">{count}</text>'
    )
