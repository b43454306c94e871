"""Preparing a campaign: its quarter, its dates, its sheets, its words."""

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import Max

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP
from journal.reading import already_made, token_for
from journal.recording import gesture
from reviews.enums import CampaignState
from reviews.models import Campaign, Update
from reviews.writing import CampaignGesture, ReviewRefused, writing_campaign
from roadmap.enums import Status
from roadmap.models import Action, ActionQuerySet
from territories.models import Project

# What is finished or given up has nothing more to say, unless the lead asks.
ENDED_STATUSES = frozenset({Status.DONE, Status.DROPPED})


@dataclass(frozen=True)
class CampaignMade:
    """A campaign that was made, and whether it was so already when it was asked for again."""

    campaign: Campaign
    was_made_before: bool


def sheets_to_review(project: Project) -> ActionQuerySet:
    """The sheets that a campaign asks about unless told otherwise: neither done nor abandoned."""
    return Action.objects.of(project).exclude(status__in=sorted(ENDED_STATUSES))


def make_campaign(
    *,
    project: Project,
    quarter: Quarter,
    opens_on: dt.date,
    due_on: dt.date,
    by: User,
    token: str = "",
) -> CampaignMade:
    """Begin the review of a quarter, with every sheet that has something to say.

    Sent twice with one token, it is one campaign. Raises `ReviewRefused` when the quarter has its
    review already, or when another one is under way. About ten queries, whatever the sheets.
    """
    token = token_for(token, quarter.index, opens_on, due_on)
    with gesture(by=by, token=token) as made:
        # Two leads at the same moment: the second one waits here, and finds the first one's.
        Project.objects.select_for_update().filter(pk=project.pk).first()
        known = Campaign.objects.of(project)
        first = known.filter(quarter=quarter.index).first()
        if first is not None:
            if token and already_made(first.scope, token):
                return CampaignMade(first, was_made_before=True)
            raise ReviewRefused(_reviewed_already(first))
        pending = known.exclude(state=CampaignState.CLOSED).first()
        if pending is not None:
            raise ReviewRefused(
                f"La revue {pending.reviewed} n’est pas terminée{NBSP}: clôturez-la, ou retirez-la "
                "si elle n’est pas encore ouverte, avant d’en préparer une autre."
            )
        campaign = Campaign(
            project=project, quarter=quarter.index, opens_on=opens_on, due_on=due_on
        )
        campaign.lead_by(by)
        campaign.save()
        made.concerns(campaign.scope, campaign.revise)
        made.words = f"a préparé la revue {quarter}"
        _ask_about(campaign, sheets_to_review(project))
    return CampaignMade(campaign, was_made_before=False)


def _reviewed_already(first: Campaign) -> str:
    if first.is_closed:
        return (
            f"Le trimestre {first.reviewed} a déjà sa revue, clôturée{NBSP}: pour la corriger, "
            "rouvrez-la depuis sa page."
        )
    return f"La revue {first.reviewed} existe déjà{NBSP}: ouvrez sa page."


def choose_sheets(
    *, campaign: Campaign, sheets: Collection[int], by: User, seen: Collection[int] | None = None
) -> None:
    """Ask about these sheets of the roadmap and no other, while nothing has left.

    With `seen`, the sheets that the page showed as chosen, only what differs from them is changed:
    what somebody else chose meanwhile stays. Raises `ReviewRefused` once the letters left, or
    without any sheet. About ten queries.
    """
    with writing_draft(campaign, by=by) as writing:
        present = writing.campaign
        chosen = set(sheets)
        if seen is not None:
            now = set(present.updates.values_list("action", flat=True))
            chosen = (now | (chosen - set(seen))) - (set(seen) - chosen)
        wanted = Action.objects.of(present.project).filter(pk__in=chosen)
        if not wanted.exists():
            raise ReviewRefused("Choisissez au moins une fiche\u00a0: la revue n’en a plus aucune.")
        present.updates.exclude(action__in=wanted).delete()
        asked = present.updates.values("action")
        _ask_about(present, wanted.exclude(pk__in=asked))
        writing.made.words = f"a choisi les fiches de la revue {present.reviewed}"


def discard_campaign(*, campaign: Campaign, by: User) -> None:
    """Give up a campaign that was never opened; raises `ReviewRefused` otherwise."""
    with writing_draft(campaign, by=by) as writing:
        present = writing.campaign
        if present.edition > 1 or present.opened_at:
            raise ReviewRefused("Cette revue a déjà été ouverte\u00a0: elle se clôture.")
        writing.made.words = f"a retiré la revue {present.reviewed}, qui n’était pas ouverte"
        present.delete()


@contextlib.contextmanager
def writing_draft(campaign: Campaign, *, by: User) -> Iterator[CampaignGesture]:
    """What is done to a campaign of which nothing has left yet; refused afterwards."""
    with writing_campaign(campaign, by=by) as writing:
        if not writing.campaign.is_draft:
            raise ReviewRefused(
                f"La revue {writing.campaign.reviewed} n’est plus en préparation\u00a0: rien n’a "
                "été enregistré."
            )
        yield writing


def next_quarter(project: Project) -> Quarter:
    """The quarter that a new campaign is most likely about: the one after the last reviewed, or
    the present one there. One query.
    """
    today = Quarter.on(project.territory.today())
    last = Campaign.objects.of(project).aggregate(last=Max("quarter"))["last"]
    return today if last is None else Quarter(max(last + 1, today.index - 1))


def _ask_about(campaign: Campaign, sheets: ActionQuerySet) -> None:
    Update.objects.bulk_create(
        Update(
            campaign=campaign,
            action=sheet,
            status=sheet.status,
            status_reason=sheet.status_reason,
            weather=sheet.weather,
        )
        for sheet in sheets.in_order()
    )
