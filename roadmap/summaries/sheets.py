"""One sheet: progress, lateness, completeness, money, who.

Every function expects a sheet loaded by `Action.objects.for_sheet()`: what hangs on it is in
printing order, and nothing here makes a query.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.quarters import Quarter
from core.text import NBSP, counted
from roadmap.enums import (
    ENDED,
    PILOTING_ROLES,
    STATUSES_NEVER_LATE,
    CellState,
    FundingState,
    ObjectiveState,
    RoleKind,
    Status,
)
from roadmap.models import Action, Objective


@dataclass(frozen=True)
class Progress:
    """Leaves done out of leaves not abandoned (`decisions.md` 6)."""

    done: int
    total: int

    @property
    def label(self) -> str:
        """« 2 sur 6 », or « sans objectif »."""
        return f"{self.done} sur {self.total}" if self.total else "sans objectif"

    @property
    def percent(self) -> int:
        """0 to 100, rounded down so that only what is finished says 100."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class Lateness:
    """How many quarters late a sheet is; `quarters` is None without any plan to be late on."""

    quarters: int | None

    @property
    def is_late(self) -> bool:
        return bool(self.quarters)

    @property
    def label(self) -> str:
        """« en retard de 2 trimestres », « sans calendrier », or nothing when on time."""
        if self.quarters is None:
            return "sans calendrier"
        if self.quarters == 0:
            return ""
        if self.quarters == 1:
            return f"en retard d’un{NBSP}trimestre"
        return f"en retard de {counted(self.quarters, 'trimestre')}"


@dataclass(frozen=True)
class Schedule:
    """What is planned of the leaves not ended: the next quarter, and the last of all."""

    upcoming: Quarter | None
    deadline: Quarter | None


@dataclass(frozen=True)
class CompletenessPoint:
    """One of the ten things that a complete sheet says, and where it is filled.

    `part` is a part of the page that is written in place (`roadmap.forms.sections`), with its
    `field`, or what hangs on the sheet (`roadmap.services.attached`), with its `kind`; neither for
    what the planning says. Some are filled by those who lead the roadmap only.
    """

    code: str
    label: str
    is_met: bool
    part: str = ""
    field: str = ""
    attached: str = ""
    kind: str = ""
    is_for_leads: bool = False


@dataclass(frozen=True)
class Completeness:
    """Ten equal points (`decisions.md` 8)."""

    points: tuple[CompletenessPoint, ...]

    @property
    def percent(self) -> int:
        return sum(point.is_met for point in self.points) * 100 // len(self.points)

    @property
    def missing(self) -> tuple[CompletenessPoint, ...]:
        return tuple(point for point in self.points if not point.is_met)


@dataclass(frozen=True)
class FundingTotals:
    """Sums of a sheet's money by state, in euros; refused money counts nowhere."""

    asked: Decimal
    granted: Decimal
    considered: Decimal


@dataclass(frozen=True)
class RoleEntry:
    """One name under a role, and the objective it is about when it is not the whole sheet."""

    words: str
    objective: str
    key: int
    # Nobody of the directory: somebody may be named in its place.
    is_free_text: bool


@dataclass(frozen=True)
class RoleGroup:
    """Those who hold one role on a sheet."""

    label: str
    anchor: str
    entries: tuple[RoleEntry, ...]


@dataclass(frozen=True)
class SheetSummary:
    """All that a line of the list, a page or a paper says of one sheet in figures."""

    progress: Progress
    lateness: Lateness
    schedule: Schedule
    calendar: str
    completeness: Completeness
    funding: FundingTotals
    pilots: tuple[str, ...]
    partners: tuple[str, ...]
    funders: tuple[str, ...]


def summarise(action: Action, *, on: Quarter) -> SheetSummary:
    """Every figure of one sheet as it stands in that quarter."""
    lateness = lateness_of(action, on=on)
    return SheetSummary(
        progress=progress_of(action),
        lateness=lateness,
        schedule=schedule_of(action, on=on),
        calendar=_calendar(action, lateness),
        completeness=completeness_of(action),
        funding=funding_of(action),
        pilots=named(action, PILOTING_ROLES),
        partners=named(action, {RoleKind.PARTNER}),
        funders=_funders(action),
    )


def rows_of(action: Action) -> list[Objective]:
    """Every row in printing order: rows without a parent, then each « Projet » and its own.

    `decisions.md` 3: objectives of no group come first, as in the source.
    """
    everything = list(action.objectives.all())
    top = [row for row in everything if row.parent_id is None]
    ordered: list[Objective] = []
    for row in sorted(top, key=lambda row: row.is_project):
        ordered.append(row)
        ordered.extend(child for child in everything if child.parent_id == row.pk)
    return ordered


def leaves_of(action: Action) -> list[Objective]:
    """Objectives that group nothing: a « Projet » without children is one."""
    objectives = list(action.objectives.all())
    parents = {objective.parent_id for objective in objectives}
    return [objective for objective in objectives if objective.pk not in parents]


def progress_of(action: Action) -> Progress:
    """Leaves done out of leaves not abandoned."""
    kept = [leaf for leaf in leaves_of(action) if leaf.state != ObjectiveState.DROPPED]
    return Progress(done=sum(leaf.state == ObjectiveState.DONE for leaf in kept), total=len(kept))


def schedule_of(action: Action, *, on: Quarter) -> Schedule:
    """The next quarter still planned from that one on, and the deadline that lateness counts."""
    waited = _waited(action)
    upcoming = [
        quarter
        for leaf in waited
        for quarter, state in leaf.cells.items()
        if state == CellState.PLANNED and quarter >= on.index
    ]
    deadlines = _deadlines(waited)
    return Schedule(
        upcoming=Quarter(min(upcoming)) if upcoming else None,
        deadline=Quarter(max(deadlines)) if deadlines else None,
    )


def lateness_of(action: Action, *, on: Quarter) -> Lateness:
    """The largest delay among leaves not ended, never below zero (`decisions.md` 7).

    A quarter marked « décalé » was left: it counts only when no other one replaced it.
    """
    if action.status in STATUSES_NEVER_LATE:
        return Lateness(0)
    waited = _waited(action)
    deadlines = _deadlines(waited)
    if not deadlines:
        has_ended = bool(leaves_of(action)) and not waited
        return Lateness(0 if has_ended else None)
    return Lateness(max(0, on.index - min(deadlines)))


def _calendar(action: Action, lateness: Lateness) -> str:
    """Lateness in words that suit the status: a stopped sheet is neither late nor on time."""
    if action.status in STATUSES_NEVER_LATE:
        return "sans objet"
    return lateness.label or "dans les temps"


def _waited(action: Action) -> list[Objective]:
    """Leaves not ended."""
    return [leaf for leaf in leaves_of(action) if leaf.state not in ENDED]


def _deadlines(leaves: Iterable[Objective]) -> list[int]:
    """The last planned quarter of each leaf that has one."""
    return [leaf.last_planned for leaf in leaves if leaf.last_planned is not None]


def completeness_of(action: Action) -> Completeness:
    """What a complete sheet says, point by point (`decisions.md` 8)."""
    leaves = leaves_of(action)
    roles = list(action.roles.all())
    is_planned = any(objective.cells for objective in action.objectives.all())
    is_sorted = action.axis_id is not None or bool(action.themes.all())
    has_pilot = any(role.kind in PILOTING_ROLES and role.names_somebody for role in roles)
    has_partner = any(role.kind == RoleKind.PARTNER for role in roles)
    point = CompletenessPoint
    points = (
        point("constat", "le constat ou besoin", bool(action.need), "pourquoi", "need"),
        point("public", "le public concerné", bool(action.audience), "pourquoi", "audience"),
        point(
            "priorite",
            "la priorité du décret",
            action.priority_id is not None,
            "classement",
            "priority",
            is_for_leads=True,
        ),
        point("axe", "un axe ou un thème", is_sorted, "classement", "axis"),
        point(
            "pilote",
            "un pilote",
            has_pilot,
            attached="roles",
            kind=RoleKind.PILOT,
            is_for_leads=True,
        ),
        point(
            "partenaires",
            "un partenaire",
            has_partner,
            attached="roles",
            kind=RoleKind.PARTNER,
            is_for_leads=True,
        ),
        point("objectifs", "un objectif opérationnel", bool(leaves)),
        point("planning", "un trimestre prévu", is_planned),
        point(
            "financement", "un financeur", bool(action.funding_lines.all()), attached="financement"
        ),
        point(
            "indicateurs", "un indicateur", bool(action.indicators.all()), attached="indicateurs"
        ),
    )
    return Completeness(points)


def funding_of(action: Action) -> FundingTotals:
    """Sums by state; a line without an amount adds nothing."""
    lines = list(action.funding_lines.all())

    def total(state: FundingState) -> Decimal:
        return sum((line.amount or Decimal() for line in lines if line.state == state), Decimal())

    return FundingTotals(
        asked=total(FundingState.ASKED),
        granted=total(FundingState.GRANTED),
        considered=total(FundingState.CONSIDERED),
    )


def named(action: Action, kinds: Iterable[RoleKind]) -> tuple[str, ...]:
    """Names printed for these roles of the whole sheet, in order, each once."""
    wanted = set(kinds)
    return tuple(
        dict.fromkeys(
            role.printed
            for role in action.roles.all()
            if role.kind in wanted and role.objective_id is None
        )
    )


def _funders(action: Action) -> tuple[str, ...]:
    from_lines = (line.printed for line in action.funding_lines.all() if line.objective_id is None)
    return tuple(dict.fromkeys([*from_lines, *named(action, {RoleKind.FUNDER})]))


def is_done_with_leaves_undone(action: Action) -> bool:
    """A sheet said Réalisée whose objectives are not all done: allowed, and told."""
    progress = progress_of(action)
    return action.status == Status.DONE and progress.done < progress.total


# How a sheet reads its roles, and where the completeness points lead.
ROLE_HEADINGS = (
    (RoleKind.PILOT, "Pilotes", "pilote"),
    (RoleKind.COPILOT, "Copilotes", ""),
    (RoleKind.PILOT_GROUP, "Groupe pilote", ""),
    (RoleKind.PARTNER, "Partenaires", "partenaires"),
    (RoleKind.FUNDER, "Financeurs", ""),
)


def role_groups_of(action: Action) -> tuple[RoleGroup, ...]:
    """Roles as the sheet shows them; pilots and partners even when there is none."""
    groups = (
        RoleGroup(
            label=label,
            anchor=anchor,
            entries=tuple(
                RoleEntry(
                    role.printed,
                    str(role.objective or ""),
                    key=role.pk,
                    is_free_text=not role.names_somebody,
                )
                for role in action.roles.all()
                if role.kind == kind
            ),
        )
        for kind, label, anchor in ROLE_HEADINGS
    )
    return tuple(group for group in groups if group.entries or group.anchor)
