"""The reviews of a project, in a list."""

from collections import Counter
from dataclasses import dataclass

from accounts.models import User
from reviews.enums import ANSWERED_STATES, CampaignState
from reviews.models import Campaign, Update
from territories.models import Project


@dataclass(frozen=True)
class CampaignLine:
    """One review, and how many of its sheets were answered."""

    campaign: Campaign
    asked: int
    answered: int


def campaign_lines(project: Project, *, user: User, leads: bool) -> list[CampaignLine]:
    """Those that the user reads, the latest quarter first; two queries.

    What is still being prepared is for whoever leads.
    """
    known = Campaign.objects.of(project).visible_to(user)
    if not leads:
        known = known.exclude(state__in=[CampaignState.DRAFT, CampaignState.OPENING])
    campaigns = list(known)
    states = Counter(Update.objects.filter(campaign__in=campaigns).values_list("campaign", "state"))
    return [_line(campaign, states) for campaign in campaigns]


def _line(campaign: Campaign, states: Counter[tuple[int, str]]) -> CampaignLine:
    here = {state: count for (key, state), count in states.items() if key == campaign.pk}
    answered = sum(here.get(state, 0) for state in ANSWERED_STATES)
    return CampaignLine(campaign, sum(here.values()), answered)
