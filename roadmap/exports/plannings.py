"""The quarter grids as papers print them: cut when too wide, with what is one row's own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString

from core.quarters import Quarter
from core.text import NBSP, euros
from roadmap.drawings import draw_grid
from roadmap.enums import RoleKind
from roadmap.models import Action, ActionIndicator, FundingLine, Objective
from roadmap.summaries import GridRow, PlanningGrid, Segment, SheetSummary, planning_grid

# Beyond, cells are too narrow for their words on a landscape page.
WIDEST = 24
# Up to here a grid is legible on a portrait page.
WIDEST_UPRIGHT = 10

# As booklets head these columns of a planning.
ROLE_WORDS = {
    RoleKind.PILOT: "Pilote",
    RoleKind.COPILOT: "Copilote",
    RoleKind.PILOT_GROUP: "Groupe pilotes",
    RoleKind.PARTNER: "Acteurs partenaires",
    RoleKind.FUNDER: "Financeur",
}


@dataclass(frozen=True)
class DrawnGrid:
    """One table, and how much room its columns have: « roomy », « medium » or « narrow »."""

    table: SafeString
    density: str


@dataclass(frozen=True)
class Planning:
    """One sheet of the second part: its title there, who, and its grids."""

    number: int
    title: str
    # « Pilotes » and who they are; only what is filled.
    who: tuple[tuple[str, str], ...]
    # « pilotes, partenaires »: what the sheet does not say yet.
    missing: str
    grids: tuple[DrawnGrid, ...]
    # The window of the planning is not known yet.
    is_undated: bool


def planning_of(
    action: Action, summary: SheetSummary, *, quarters: tuple[Quarter, ...], on: Quarter
) -> Planning:
    """The planning of one sheet of `for_sheet()`, planned rows only; no query."""
    columns = {
        "Pilotes": summary.pilots,
        "Partenaires": summary.partners,
        "Financeurs": summary.funders,
        "Indicateurs": tuple(
            indicator_in_words(indicator)
            for indicator in action.indicators.all()
            if indicator.objective_id is None
        ),
    }
    return Planning(
        number=action.number,
        title=action.title_in_planning,
        who=tuple((label, ", ".join(names)) for label, names in columns.items() if names),
        missing=", ".join(label.lower() for label, names in columns.items() if not names),
        grids=drawn_grids(action, quarters=quarters, on=on, only_planned_rows=True),
        is_undated=not quarters,
    )


def drawn_grids(
    action: Action, *, quarters: tuple[Quarter, ...], on: Quarter, only_planned_rows: bool
) -> tuple[DrawnGrid, ...]:
    """The grid of one sheet, cut by years when it is wider than a page; no query."""
    grid = planning_grid(
        [action],
        quarters=quarters,
        on=on,
        only_planned_rows=only_planned_rows,
        also_told=own_words,
    )
    return draw_for_paper(grid, named=f"la fiche {action.number}")


def draw_for_paper(grid: PlanningGrid, *, named: str) -> tuple[DrawnGrid, ...]:
    """The grid of one sheet, called « la fiche 6 », cut by years when it is wider than a page."""
    return tuple(_drawn(part, named) for part in _cut(grid))


def _drawn(grid: PlanningGrid, named: str) -> DrawnGrid:
    columns = len(grid.quarters)
    return DrawnGrid(
        table=draw_grid(grid, caption=_caption(grid, named), medium="paper", named_sheets=False),
        density="roomy" if columns <= 8 else "medium" if columns <= 16 else "narrow",
    )


def marked_quarter(on: Quarter, quarters: tuple[Quarter, ...]) -> str:
    """The quarter that the grids underline, for their legend; blank when they have it not."""
    return str(on) if on in quarters else ""


def own_words(action: Action, objective: Objective) -> Iterator[str]:
    """What is attached to one row alone: its roles, its money, its indicators."""
    for role in action.roles.all():
        if role.objective_id == objective.pk:
            yield f"{ROLE_WORDS[RoleKind(role.kind)]}{NBSP}: {role.printed}"
    for line in action.funding_lines.all():
        if line.objective_id == objective.pk:
            yield f"Financement{NBSP}: {_money_in_words(line)}"
    for indicator in action.indicators.all():
        if indicator.objective_id == objective.pk:
            yield f"Indicateur{NBSP}: {indicator_in_words(indicator)}"


def indicator_in_words(indicator: ActionIndicator) -> str:
    """« Pairs-aidants en poste (cible : 6, T4 2027) »."""
    if not indicator.target:
        return indicator.label
    due = "" if indicator.target_quarter is None else f", {Quarter(indicator.target_quarter)}"
    return f"{indicator.label} (cible{NBSP}: {indicator.target}{due})"


def _money_in_words(line: FundingLine) -> str:
    amount = f", {euros(line.amount)}" if line.amount is not None else ""
    return f"{line.printed}{amount} ({line.get_state_display().lower()})"


def _caption(grid: PlanningGrid, named: str) -> str:
    if not grid.quarters:
        return f"Objectifs de {named}"
    first, last = grid.quarters[0], grid.quarters[-1]
    return f"Planning de {named}, de {first} à {last}"


# --- Cutting ---


def _cut(grid: PlanningGrid) -> list[PlanningGrid]:
    """The same rows over fewer columns each: whole years, as evenly as they go."""
    if len(grid.quarters) <= WIDEST:
        return [grid]
    years = sorted({quarter.year for quarter in grid.quarters})
    pages = -(-len(years) * 4 // WIDEST)
    share = -(-len(years) // pages)
    return [
        _over(grid, frozenset(years[start : start + share]), is_first=start == 0)
        for start in range(0, len(years), share)
    ]


def _over(grid: PlanningGrid, years: frozenset[int], *, is_first: bool) -> PlanningGrid:
    quarters = tuple(quarter for quarter in grid.quarters if quarter.year in years)

    def kept(row: GridRow) -> GridRow:
        segments = tuple(
            part for segment in row.segments if (part := _within(segment, quarters)) is not None
        )
        return replace(row, segments=segments, remarks=row.remarks if is_first else ())

    groups = tuple(
        replace(group, rows=tuple(kept(row) for row in group.rows)) for group in grid.groups
    )
    return replace(grid, quarters=quarters, groups=groups)


def _within(segment: Segment, quarters: tuple[Quarter, ...]) -> Segment | None:
    first = max(segment.first, quarters[0])
    last = min(segment.first.index + segment.span - 1, quarters[-1].index)
    if first.index > last:
        return None
    return replace(segment, first=first, span=last - first.index + 1)
