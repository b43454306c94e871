"""What several sheets would become: sheet by sheet, before anything is written."""

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch

from core.quarters import Quarter
from core.text import NBSP, counted, day_in_words, listed
from journal.enums import ChangeKind
from journal.models import Change
from roadmap.enums import CellState, RoleKind, Status
from roadmap.models import Action, ActionRole, Objective
from roadmap.services.bulk.asked import Asked, AxisAsked, PilotAsked
from roadmap.services.cells import FIRST_QUARTER, LAST_QUARTER
from roadmap.services.gestures import named
from roadmap.summaries.sheets import progress_of
from territories.models import Project

NOTHING = "rien"
NO_PILOT = "à désigner"
NO_AXIS = "aucun axe"
SHEET = Action._meta.label_lower


@dataclass(frozen=True)
class Step:
    """One value of one sheet, before and after."""

    kind: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class SheetPlan:
    """What one sheet would become; `blocked` says why it cannot be written at all."""

    key: int
    number: int | None
    name: str
    action: Action | None = None
    steps: tuple[Step, ...] = ()
    unchanged: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    blocked: str = ""
    # What it was seen to be: another code is another state.
    code: str = ""

    @property
    def called(self) -> str:
        """« La fiche 12 »."""
        return f"La fiche{NBSP}{self.number}" if self.number else f"La fiche {named(self.name)}"

    def does(self, kind: str) -> bool:
        """Whether that would change on it."""
        return any(step.kind == kind for step in self.steps)


@dataclass(frozen=True)
class BulkPlan:
    """The sheets chosen, in the order of their numbers."""

    lines: tuple[SheetPlan, ...]

    @property
    def changing(self) -> tuple[SheetPlan, ...]:
        return tuple(line for line in self.lines if line.steps and not line.blocked)

    @property
    def same(self) -> tuple[SheetPlan, ...]:
        """Those that are already as asked."""
        return tuple(line for line in self.lines if not line.steps and not line.blocked)

    @property
    def blocked(self) -> tuple[SheetPlan, ...]:
        return tuple(line for line in self.lines if line.blocked)

    @property
    def code(self) -> str:
        """What a page sends back, to be sure that it was this plan that was read."""
        return ",".join(f"{line.key}.{line.code}" for line in self.lines)


@dataclass
class _Told:
    """What is being said of one sheet."""

    steps: list[Step] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    blocked: str = ""
    # What the answer stands on.
    facts: list[object] = field(default_factory=list)

    def step(self, kind: str, label: str, old: str, new: str) -> None:
        self.steps.append(Step(kind, label, old, new))


def plan_bulk(
    project: Project, *, keys: Iterable[int], asked: Asked, theirs: Container[int]
) -> BulkPlan:
    """What each of these sheets would become; `theirs` are those that the person writes.

    A key that this project never had is left aside. Expects the place; three queries, one more
    when a sheet is gone.
    """
    wanted = set(keys)
    roles = ActionRole.objects.select_related("organisation", "person").order_by("position", "pk")
    sheets = list(
        Action.objects.filter(project=project, pk__in=wanted)
        .select_related("axis")
        .for_counts()
        .prefetch_related(Prefetch("roles", roles))
        .in_order()
    )
    lines = [_line(project, sheet, asked, theirs) for sheet in sheets]
    return BulkPlan((*lines, *_gone(project, wanted - {sheet.pk for sheet in sheets})))


def _line(project: Project, sheet: Action, asked: Asked, theirs: Container[int]) -> SheetPlan:
    told = _Told(blocked=_why_not(project, sheet, theirs))
    if not told.blocked:
        _plan_status(told, sheet, asked)
        _plan_pilot(told, sheet, asked.pilot)
        _plan_axis(told, sheet, asked.axis)
        _plan_shift(told, project, sheet, asked.quarters)
    return SheetPlan(
        key=sheet.pk,
        number=sheet.number,
        name=str(sheet),
        action=sheet,
        steps=() if told.blocked else tuple(told.steps),
        unchanged=() if told.blocked else tuple(told.unchanged),
        warnings=() if told.blocked else tuple(told.warnings),
        blocked=told.blocked,
        code=_code(told, asked),
    )


def _code(told: _Told, asked: Asked) -> str:
    """Of what is there, and of what is asked: a name may have left the directory meanwhile."""
    facts = repr((told.blocked, told.facts, asked.code))
    return hashlib.sha256(facts.encode()).hexdigest()[:12]


def _why_not(project: Project, sheet: Action, theirs: Container[int]) -> str:
    if sheet.retired_at is not None:
        on = day_in_words(project.territory.today(at=sheet.retired_at))
        return f"retirée de la feuille de route le {on}"
    if sheet.pk not in theirs:
        return "vous n’en êtes ni pilote ni copilote"
    return ""


def _gone(project: Project, keys: set[int]) -> Iterator[SheetPlan]:
    """Sheets of this project that are no more; one query, none without any."""
    if not keys:
        return
    removed = Change.objects.filter(
        model=SHEET, row__in=keys, kind=ChangeKind.REMOVED, changeset__scope=project.scope
    )
    names = dict(removed.order_by("pk").values_list("row", "name"))
    for key, name in sorted(names.items()):
        yield SheetPlan(key, None, name, blocked="supprimée entre-temps", code="x")


# --- Each thing asked ---------------------------------------------------------------------------


def _plan_status(told: _Told, sheet: Action, asked: Asked) -> None:
    if not asked.status:
        return
    told.facts.append((sheet.status, sheet.status_reason))
    was, now = sheet.get_status_display(), Status(asked.status).label
    reason = asked.reason_for(sheet)
    if sheet.status != asked.status:
        told.step("status", "Avancement", was, now)
    elif reason == sheet.status_reason:
        told.unchanged.append(f"déjà «{NBSP}{now}{NBSP}»")
    if reason != sheet.status_reason:
        told.step("reason", "Motif", sheet.status_reason or NOTHING, reason or NOTHING)
    progress = progress_of(sheet)
    if asked.status == Status.DONE and progress.done < progress.total:
        left = progress.total - progress.done
        verb = "n’est pas fait" if left == 1 else "ne sont pas faits"
        told.warnings.append(f"{counted(left, 'objectif')} sur {progress.total} {verb}")


def pilots_of(sheet: Action) -> list[ActionRole]:
    """The pilots of the whole sheet, in printing order. No query on a sheet of a plan."""
    return [
        role
        for role in sheet.roles.all()
        if role.kind == RoleKind.PILOT and role.objective_id is None
    ]


def _plan_pilot(told: _Told, sheet: Action, pilot: PilotAsked | None) -> None:
    if pilot is None:
        return
    present = pilots_of(sheet)
    told.facts.append([(role.pk, role.code, role.label) for role in present])
    held = [role for role in present if pilot.is_held_by(role)]
    kept = (held if pilot.replaces else present) or []
    if held and len(kept) == len(present):
        told.unchanged.append(f"{named(pilot.printed)} en est déjà pilote")
        return
    after = [role.printed for role in kept] + ([] if held else [pilot.printed])
    before = [role.printed for role in present]
    told.step("pilot", "Pilote", listed(before) or NO_PILOT, listed(after))


def _plan_axis(told: _Told, sheet: Action, asked: AxisAsked | None) -> None:
    if asked is None:
        return
    told.facts.append(sheet.axis_id)
    if sheet.axis_id == (asked.axis.pk if asked.axis else None):
        told.unchanged.append("déjà sous cet axe" if asked.axis else "déjà sans axe")
        return
    told.step("axis", "Axe local", str(sheet.axis or NO_AXIS), str(asked.axis or NO_AXIS))


def _plan_shift(told: _Told, project: Project, sheet: Action, quarters: int) -> None:
    if not quarters:
        return
    rows = list(sheet.objectives.all())
    cells = [(row.pk, quarter, state) for row in rows for quarter, state in row.cells.items()]
    edges = [edge for row in rows for edge in (row.note_first, row.note_last) if edge is not None]
    told.facts += [
        sorted(cells),
        sorted((row.pk, row.note_first or 0, row.note_last or 0) for row in rows),
    ]
    reached = [quarter for _, quarter, _ in cells] + edges
    if not reached:
        told.unchanged.append("aucun trimestre à décaler")
        return
    first, last = min(reached), max(reached)
    if first + quarters < FIRST_QUARTER or last + quarters > LAST_QUARTER:
        told.blocked = f"son planning irait de {_period(first + quarters, last + quarters)}"
        told.blocked += f"{NBSP}: il ne va que de 1990 à 2099"
        return
    told.step("shift", "Planning", _period(first, last), _period(first + quarters, last + quarters))
    told.warnings += _warned_of(project, rows, quarters)


def _warned_of(project: Project, rows: Iterable[Objective], quarters: int) -> Iterator[str]:
    cells = [cell for row in rows for cell in row.cells.items()]
    window = project.planning_quarters
    if window:
        first, last = window[0].index, window[-1].index
        outside = sum(not first <= quarter + quarters <= last for quarter, _ in cells)
        if outside:
            verb = "sera" if outside == 1 else "seront"
            told = counted(outside, "trimestre")
            yield f"{told} {verb} hors de la période du planning ({_period(first, last)})"
    done = sum(state == CellState.DONE for _, state in cells)
    if done:
        is_one = done == 1
        words = "est marqué" if is_one else "sont marqués"
        moves = "se décale" if is_one else "se décalent"
        yield f"{counted(done, 'trimestre')} {words} «{NBSP}fait{NBSP}» et {moves} aussi"


def _period(first: int, last: int) -> str:
    if first == last:
        return str(Quarter(first))
    return f"{Quarter(first)} – {Quarter(last)}"
