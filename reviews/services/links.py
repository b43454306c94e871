"""The secret addresses by which people answer without an account (`decisions.md` 14).

Each mail carries its own; all those of one person open the same things, and can be taken back
together.
"""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import AccessLink
from accounts.services import make_link, revoke_link
from reviews.models import Respondent, RespondentLink

# After the due date, people still answer: reminders leave a week later.
OPEN_AFTER_DUE = dt.timedelta(days=60)
SHORTEST = dt.timedelta(days=30)


def link_for(respondent: Respondent) -> str:
    """A new address for that person, whole; two queries. Expects the campaign and its place."""
    campaign = respondent.campaign
    until = campaign.morning_of(campaign.due_on) + OPEN_AFTER_DUE
    link, token = make_link(
        purpose=LinkPurpose.REVIEW, valid_for=max(until - timezone.now(), SHORTEST)
    )
    RespondentLink.objects.create(respondent=respondent, link=link)
    return settings.SITE_URL + reverse("reviews:link_open", args=[token])


def revoke_links(respondent: Respondent) -> None:
    """Make every address sent to that person open nothing; a query a link."""
    for link in AccessLink.objects.filter(review_link__respondent=respondent, revoked_at=None):
        revoke_link(link=link)
