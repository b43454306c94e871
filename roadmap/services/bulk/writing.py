"""The gesture over several sheets: all that was announced, or nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Max

from accounts.models import User
from core.fields import FoldedField
from core.text import NBSP
from journal.models import Change
from journal.reading import already_made, token_for
from journal.recording import Gesture
from roadmap.enums import RoleKind, Status
from roadmap.models import Action, ActionRole
from roadmap.permissions import can_lead_roadmap, can_write_which
from roadmap.services.bulk.asked import Asked, PilotAsked
from roadmap.services.bulk.planning import BulkPlan, SheetPlan, pilots_of, plan_bulk
from roadmap.services.bulk.words import said_of, words_of
from roadmap.services.gestures import SheetRefused
from roadmap.services.shifting import shift_rows
from territories.models import Project
from territories.writing import writing


class BulkRefused(SheetRefused):
    """Nothing was written; `sheets` says why for each sheet that stands in the way."""

    def __init__(self, sentence: str, sheets: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.sheets = tuple(sheets)


@dataclass(frozen=True)
class BulkDone:
    """The gesture, and what to tell whoever made it: nothing when it was made before."""

    made: Gesture
    said: str


def edit_sheets(
    *,
    project: Project,
    keys: Collection[int],
    asked: Asked,
    seen: Mapping[int, str],
    left_out: Collection[int] = (),
    drawn_at: int | None = None,
    by: User,
    token: str = "",
) -> BulkDone:
    """Write what was asked on each of these sheets but those left out, as one gesture.

    `seen` are the codes of the plan that was read, on a page drawn at that revision. All or
    nothing: raises `BulkRefused` when a sheet is not any more as it was read, or cannot be
    written, and `PermissionDenied` when somebody who does not lead asks what leads do. Sent twice
    with one token, it is one gesture. Some twenty queries, however many sheets.
    """
    token = token_for(token, asked.code, sorted(keys), sorted(left_out))
    with writing(project, by=by, token=token) as made:
        if first := already_made(project.scope, token):
            made.changeset = first
            return BulkDone(made, "")
        leads = can_lead_roadmap(by, project)
        if asked.is_for_leads and not leads:
            raise PermissionDenied
        theirs = can_write_which(by, project, leads=leads)
        kept = set(keys) - set(left_out)
        plan = plan_bulk(project, keys=kept, asked=asked, theirs=theirs)
        _check(plan, project, seen, drawn_at)
        _write(plan, asked)
        made.words = words_of(plan, asked=asked)
    return BulkDone(made, said_of(plan, asked=asked))


def _check(plan: BulkPlan, project: Project, seen: Mapping[int, str], drawn_at: int | None) -> None:
    stale = [line for line in plan.lines if seen.get(line.key) != line.code]
    if stale:
        who = _who_wrote(stale, project, drawn_at)
        raise BulkRefused(
            "Rien n’a été enregistré\u00a0: la feuille de route a changé pendant que vous lisiez. "
            "Voici ce qui changerait maintenant.",
            [_told_stale(line, who.get(line.key)) for line in stale],
        )
    if plan.blocked:
        raise BulkRefused(
            "Rien n’a été enregistré\u00a0: laissez de côté les fiches qui ne peuvent pas être "
            "modifiées.",
            [f"{line.called}{NBSP}: {line.blocked}" for line in plan.blocked],
        )
    if not plan.changing:
        raise BulkRefused("Rien n’a été enregistré\u00a0: il n’y a rien à changer.")


def _told_stale(line: SheetPlan, who: str | None) -> str:
    if line.blocked:
        return f"{line.called}{NBSP}: {line.blocked}{f' par {who}' if who else ''}"
    if who is None:
        return f"{line.called}{NBSP}: ce que vous demandez ne veut plus dire la même chose"
    return f"{line.called} a été modifiée par {who or 'quelqu’un d’autre'}"


def _who_wrote(
    lines: Iterable[SheetPlan], project: Project, drawn_at: int | None
) -> dict[int, str]:
    """Who last wrote each of these sheets after that revision; one query."""
    subjects = {line.action.subject: line.key for line in lines if line.action}
    changes = (
        Change.objects.filter(subject__in=subjects, changeset__scope=project.scope)
        .since(drawn_at or 0)
        .select_related("changeset")
        .order_by("pk")
    )
    return {subjects[change.subject]: change.changeset.by_name for change in changes}


# --- Writing ------------------------------------------------------------------------------------


def _write(plan: BulkPlan, asked: Asked) -> None:
    """A few queries for each thing asked, however many sheets."""
    _write_columns(plan, asked)
    if asked.pilot:
        _write_pilots(_sheets_of(plan, "pilot"), asked.pilot)
    rows = [row for sheet in _sheets_of(plan, "shift") for row in sheet.objectives.all()]
    if rows:
        shift_rows(rows, quarters=asked.quarters)


def _sheets_of(plan: BulkPlan, *kinds: str) -> list[Action]:
    return [
        line.action
        for line in plan.changing
        if line.action and any(line.does(kind) for kind in kinds)
    ]


def _write_columns(plan: BulkPlan, asked: Asked) -> None:
    sheets = _sheets_of(plan, "status", "reason", "axis")
    if not sheets:
        return
    folded = [column for column in Action._meta.concrete_fields if isinstance(column, FoldedField)]
    for sheet in sheets:
        if asked.status:
            sheet.status_reason = asked.reason_for(sheet)
            sheet.status = Status(asked.status)
        if asked.axis:
            sheet.axis = asked.axis.axis
        for column in folded:
            column.pre_save(sheet, False)  # noqa: FBT003 (Django's)
    names = ["status", "status_reason", "axis", *(column.name for column in folded)]
    Action.objects.bulk_update(sheets, names)


def _write_pilots(sheets: Sequence[Action], pilot: PilotAsked) -> None:
    leaving, coming = [], []
    for sheet in sheets:
        present = pilots_of(sheet)
        held = [role for role in present if pilot.is_held_by(role)]
        if pilot.replaces:
            leaving += [role.pk for role in present if role not in held]
        if not held:
            coming.append(sheet)
    if leaving:
        ActionRole.objects.filter(pk__in=leaving).delete()
    keys = [sheet.pk for sheet in coming]
    ranks = ActionRole.objects.filter(action__in=keys).order_by().values_list("action")
    last = dict(ranks.annotate(last=Max("position")))
    ActionRole.objects.bulk_create(
        ActionRole(
            action=sheet,
            kind=RoleKind.PILOT,
            label=pilot.label,
            organisation_id=pilot.organisation,
            person_id=pilot.person,
            position=last.get(sheet.pk, 0) + 1,
        )
        for sheet in coming
    )
