"""Closing a campaign: the roadmap takes what was validated, the rest is frozen as it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.text import NBSP, counted
from reviews.enums import CampaignState, Kept
from reviews.models import Campaign
from reviews.summaries.closing import Closing, closing_of
from reviews.summaries.freezing import freeze
from reviews.summaries.frozen import as_kept
from reviews.writing import ReviewRefused, open_under_lock, writing_campaign
from roadmap.enums import VersionKind
from roadmap.models import Action, RoadmapVersion
from roadmap.services.reviewed import write_reviewed
from roadmap.services.versions import freeze as freeze_roadmap
from territories.writing import writing


class ClosingMoved(ReviewRefused):
    """What was announced is not what would be done any more: it is to be read again."""


@dataclass(frozen=True)
class Closed:
    """A campaign just closed, and how many sheets its answers wrote."""

    campaign: Campaign
    written: int


def close_campaign(
    *,
    campaign: Campaign,
    choices: Mapping[int, Kept],
    seen: str,
    by: User,
    at: dt.datetime | None = None,
) -> Closed:
    """Write what was validated on the roadmap, freeze everything, for good: all of it, or nothing.

    `seen` is the seal of what was announced (`summaries.closing`), `choices` say of each conflict,
    by key of its answer, what stands; it is closed now, unless told `at`. Raises `ClosingMoved`,
    `CampaignClosed` when somebody closed it first, `ReviewRefused` while a conflict is not settled.
    About a hundred queries, however many sheets.
    """
    # Three gestures: what comes of it on the sheets is in their history, and may be taken back
    # there; the version and the closing, in the campaign's own, may not.
    now = at or timezone.now()
    with transaction.atomic():
        with writing(campaign.project, by=by) as made:
            present = open_under_lock(campaign)
            closing = _as_announced(present, choices, seen)
            set_aside = {
                line.update.pk
                for line in closing.conflicts
                if choices[line.update.pk] == Kept.SHEET
            }
            written = _write_on_roadmap(present, closing, set_aside)
            sheets = counted(written, "fiche")
            made.words = f"a inscrit la revue {present.reviewed} sur la feuille de route{NBSP}: "
            made.words += sheets
        version = _version_of(present, by, now)
        with writing_campaign(campaign, by=by) as last:
            present = last.campaign
            present.closed_at = now
            present.state = CampaignState.CLOSED
            present.lead_by(by)
            on = present.project.territory.today(at=present.closed_at)
            present.version = version
            present.frozen = as_kept(freeze(present, set_aside=set_aside, on=on))
            present.save()
            last.made.words = f"a clôturé la revue {present.reviewed}{NBSP}: {sheets} à jour"
    return Closed(present, written)


def _as_announced(campaign: Campaign, choices: Mapping[int, Kept], seen: str) -> Closing:
    if not campaign.is_open:
        raise ReviewRefused("Cette revue n’est pas ouverte\u00a0: il n’y a rien à clôturer.")
    closing = closing_of(campaign)
    if closing.seal != seen:
        raise ClosingMoved(
            "Une réponse ou une fiche a changé pendant que vous lisiez\u00a0: voici ce qui serait "
            "inscrit maintenant. Relisez, puis clôturez."
        )
    unsettled = [line for line in closing.conflicts if line.update.pk not in choices]
    if unsettled:
        number = unsettled[0].sheet.number
        raise ReviewRefused(
            f"Fiche{NBSP}{number}{NBSP}: dites si la fiche reste telle qu’elle est, ou si la "
            "réponse la remplace."
        )
    return closing


def _write_on_roadmap(campaign: Campaign, closing: Closing, set_aside: set[int]) -> int:
    """Write every validated answer; gives how many sheets it concerns."""
    sheets = [
        reviewed
        for line in closing.validated
        if (reviewed := line.reviewed(_kept(line.update.pk, set_aside)))
    ]
    write_reviewed(sheets, quarter=campaign.reviewed)
    return len(sheets)


def _version_of(campaign: Campaign, by: User, at: dt.datetime) -> RoadmapVersion | None:
    """The roadmap as the closing leaves it (`decisions.md` 17); none of one that has no sheet."""
    project = campaign.project
    if not Action.objects.of(project).exists():
        return None
    return freeze_roadmap(
        project,
        kind=VersionKind.REVIEW,
        label=str(campaign),
        dated_on=project.territory.today(at=at),
        by=by,
        reason=campaign.reopening_reason,
        quarter=campaign.reviewed,
    )


def _kept(key: int, set_aside: set[int]) -> Kept:
    return Kept.SHEET if key in set_aside else Kept.ANSWER
