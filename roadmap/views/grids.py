"""The quarter grid of a page, read or written: what the planning and the sheet share."""

from collections.abc import Container, Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP
from roadmap.drawings import GridPen, draw_grid
from roadmap.models import Action
from roadmap.permissions import can_write_which
from roadmap.summaries import PlanningGrid, planning_grid
from roadmap.views.doors import sheet_address
from territories.models import Project

# Stands for a key in an address: reversing one for each row would cost more than drawing it.
ANY = 0


def grid_context(
    project: Project,
    sheets: Sequence[Action],
    *,
    theirs: Container[int],
    sheet: Action | None = None,
) -> dict[str, Any]:
    """The grid of these sheets of `for_grid()`, drawn for whoever writes `theirs`; no query.

    `editor` is what the page needs to write in it, or None when nothing there is theirs.
    """
    grid = grid_of(project, sheets, is_whole=sheet is None)
    is_theirs = any(each.pk in theirs and not each.is_retired for each in sheets)
    caption = (
        f"Planning de {project.title}"
        if sheet is None
        else f"Objectifs et planning de la fiche {sheet.number}"
    )
    pen = pen_over(theirs) if is_theirs and grid.quarters and grid.row_count else None
    return {
        "grid": grid,
        "drawing": draw_grid(grid, caption=caption, named_sheets=sheet is None, pen=pen),
        "editor": _editor(project, sheet) if pen else None,
    }


def grid_of(project: Project, sheets: Sequence[Action], *, is_whole: bool) -> PlanningGrid:
    """The grid of these sheets over the window of their project; no query."""
    today = Quarter.on(project.territory.today())
    if is_whole:
        return planning_grid(
            sheets, quarters=project.planning_quarters, on=today, href=sheet_address
        )
    return planning_grid(sheets, quarters=project.planning_quarters, on=today)


def pen_of(user: User, project: Project) -> GridPen:
    """What this person writes in a project’s grids; two queries, one for whoever leads."""
    return pen_over(can_write_which(user, project))


def pen_over(theirs: Container[int]) -> GridPen:
    """What writes in the sheets of these keys; no query."""
    return GridPen(
        sheets=theirs,
        planning_of=_addresses("roadmap:objective_planning"),
        wording_of=_addresses("roadmap:objective_edit", otherwise="roadmap:objective_planning"),
    )


def _addresses(name: str, *, otherwise: str = "") -> Any:
    try:
        pattern = reverse(name, args=[ANY])
    except NoReverseMatch:
        pattern = reverse(otherwise, args=[ANY])
    before, after = pattern.split(f"/{ANY}/", 1)
    return lambda key: f"{before}/{key}/{after}"


def _editor(project: Project, sheet: Action | None) -> dict[str, Any]:
    return {
        "revision": project.revision,
        "save": reverse("roadmap:planning_cells", args=[project.pk]),
        "shift": reverse("roadmap:planning_shift", args=[project.pk]),
        "since": reverse("roadmap:planning_since", args=[project.pk]),
        "sheet": sheet.pk if sheet else "",
        "sign_in": reverse("account_login"),
    }


def sheets_in_words(numbers: Sequence[int]) -> str:
    """« la fiche 3 », « les fiches 3 et 7 », for what changed meanwhile."""
    if len(numbers) == 1:
        return f"la fiche{NBSP}{numbers[0]}"
    told = [str(number) for number in sorted(numbers)]
    return f"les fiches {', '.join(told[:-1])} et {told[-1]}"
