"""Freezing a roadmap: its present state becomes a version, which is never written again."""

import datetime as dt

from django.db.models import Max, Prefetch
from django.utils import timezone

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP
from journal.models import Change, ChangeSet
from journal.reading import already_made, token_for
from roadmap.enums import VersionKind
from roadmap.models import Action, FormerNumber, RoadmapVersion
from roadmap.summaries.snapshots import SCHEMA, snapshot_of
from roadmap.summaries.states import PresentState
from territories.enums import ActKind
from territories.models import FormalAct, Project
from territories.writing import writing


class VersionRefused(Exception):
    """A version that cannot be made; the message is a French sentence."""


def freeze(
    project: Project,
    *,
    kind: VersionKind,
    label: str,
    dated_on: dt.date,
    by: User | None,
    reason: str = "",
    act: FormalAct | None = None,
    quarter: Quarter | None = None,
    token: str = "",
) -> RoadmapVersion:
    """Keep all that papers say of a roadmap, under the next number of its project.

    Inside a gesture, it is part of it and sees what that one has written so far. Lateness will be
    told as of `quarter`: the one under review, or that of this day. An official version names its
    `act`, a review has none. `VersionRefused` when there is nothing to freeze. About thirty
    queries.
    """
    with writing(project, by=by, token=token, on_paper=False) as made:
        present = Project.objects.with_place().get(pk=project.pk)
        state = PresentState(present)
        sheets = _sheets(present)
        if not sheets:
            raise VersionRefused("Cette feuille de route n’a encore aucune fiche à figer.")
        # What the gesture under way has written is part of the state, not yet of its date.
        stated_at = timezone.now() if made.has_changes else present.changed_at
        present.changed_at = stated_at
        version = RoadmapVersion(
            project=project,
            number=_next_number(project),
            kind=kind,
            label=label,
            dated_on=dated_on,
            reason=reason,
            act=act,
            made_by=by,
            made_by_name=(by.get_full_name() if by else "")[:200],
            schema=SCHEMA,
            snapshot=snapshot_of(
                present,
                sheets,
                headings=state.headings(),
                act=act or state.act,
                stated_at=stated_at,
                quarter=(quarter or state.quarter).index,
            ),
        )
        version.full_clean(exclude=["snapshot"])
        version.save()
        made.words = made.words or f"a figé la version{NBSP}{version.number} «{NBSP}{label}{NBSP}»"
    return version


def _sheets(project: Project) -> list[Action]:
    """With the numbers that they had before, which papers still tell."""
    former = Prefetch("former_numbers", FormerNumber.objects.order_by("-until", "-pk"))
    return list(Action.objects.of(project).for_sheet().prefetch_related(former).in_order())


def _next_number(project: Project) -> int:
    """Expects the project locked."""
    last = RoadmapVersion.objects.of(project).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def make_official(
    project: Project,
    *,
    act_kind: ActKind,
    dated_on: dt.date,
    reference: str,
    reason: str,
    by: User,
    token: str = "",
) -> RoadmapVersion:
    """The present state as an order of the ARS makes it official; the order is kept too if new.

    Sent twice with one token, it is one version. `VersionRefused` when that order has its version
    already, or when there is nothing to freeze. About forty queries.
    """
    token = token_for(token, act_kind, dated_on, reference, reason)
    with writing(project, by=by, token=token) as made:
        if first := already_made(project.scope, token):
            return _version_of(first)
        act = _act(project, act_kind, dated_on, reference)
        taken = RoadmapVersion.objects.of(project).filter(act=act).for_list().first()
        if taken is not None:
            raise VersionRefused(
                f"Cet acte a déjà sa version{NBSP}: {taken.name}. Une version figée ne se refait "
                "pas."
            )
        version = freeze(
            project,
            kind=VersionKind.OFFICIAL,
            label=act.short_name,
            dated_on=dated_on,
            by=by,
            reason=reason,
            act=act,
        )
        made.words = (
            f"a rendu officielle la version{NBSP}{version.number} «{NBSP}{version.label}{NBSP}»"
        )
    return version


def _act(project: Project, kind: ActKind, dated_on: dt.date, reference: str) -> FormalAct:
    """The act of that kind, day and reference: the one that is kept, or a new one."""
    same_day = project.acts.filter(kind=kind, dated_on=dated_on).order_by("pk")
    known = same_day.filter(reference__in={reference, ""}).first()
    if known is None:
        return project.acts.create(kind=kind, dated_on=dated_on, reference=reference)
    if known.reference != reference:
        known.reference = reference
        known.save(update_fields=["reference"])
    return known


def _version_of(gesture: ChangeSet) -> RoadmapVersion:
    """The version that a gesture made: it is still there."""
    made = Change.objects.filter(changeset=gesture, model=RoadmapVersion._meta.label_lower)
    return RoadmapVersion.objects.get(pk__in=made.values("row"))
