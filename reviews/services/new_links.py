"""A new link for whoever lost theirs: sent to the address that was asked, and to no other."""

import contextlib
import datetime as dt
import logging

from django.utils import timezone

from core.text import NBSP
from reviews.enums import CampaignState, LetterKind
from reviews.models import Respondent
from reviews.services.letters import WrittenAlready, write_to

logger = logging.getLogger(__name__)

# Asked again meanwhile, nothing more leaves: nobody's letter-box is filled by somebody else.
SPACING = dt.timedelta(minutes=10)


def send_new_link(*, respondent: Respondent) -> None:
    """Write to one person who answers in an open review, at most once in ten minutes.

    Nothing without an address, once the review is closed, or when nothing is asked of them any
    more. Ten queries.
    """
    campaign = respondent.campaign
    if not (campaign.is_open and respondent.email and respondent.charges.exists()):
        return
    moment = int(timezone.now().timestamp() // SPACING.total_seconds())
    with contextlib.suppress(WrittenAlready):
        write_to(
            respondent,
            kind=LetterKind.NEW_LINK,
            subject=(
                f"{campaign.project.territory.name}{NBSP}: votre nouveau lien pour la revue "
                f"{campaign.reviewed}"
            ),
            context={},
            occasion=f"nouveau-lien-{moment}",
        )
        logger.info("New link for respondent %s", respondent.pk)


def send_new_links(*, email: str) -> None:
    """Write to whoever has that address in the open reviews; says nothing of whether anybody has.

    One query, and ten for each.
    """
    asked = Respondent.objects.filter(email__iexact=email, campaign__state=CampaignState.OPEN)
    place = asked.select_related("campaign__project__territory__region", "campaign__led_by")
    for respondent in place.in_order():
        send_new_link(respondent=respondent)
