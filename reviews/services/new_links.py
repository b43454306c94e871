"""A new link for whoever lost theirs: sent to the address that was asked, and to no other."""

import contextlib
import datetime as dt
import logging

from django.utils import timezone

from accounts.models import User
from core.text import NBSP
from reviews.enums import CampaignState, LetterKind
from reviews.models import Respondent
from reviews.services.letters import (
    WrittenAlready,
    follow_directory,
    known_respondent,
    write_to,
)
from reviews.writing import ReviewRefused, writing_open

logger = logging.getLogger(__name__)

# Asked again meanwhile, nothing more leaves: nobody's letter-box is filled by somebody else.
SPACING = dt.timedelta(minutes=10)


def send_new_link(*, respondent: Respondent) -> bool:
    """Write to one person who answers in an open review, at most once in ten minutes.

    Nothing (false) without an address, once the review is closed, or when nothing is asked of them
    any more. Links taken back begin the ten minutes again. Ten queries.
    """
    campaign = respondent.campaign
    if not (campaign.is_open and respondent.email and respondent.charges.exists()):
        return False
    moment = int(timezone.now().timestamp() // SPACING.total_seconds())
    revoked = respondent.links_revoked_at
    with contextlib.suppress(WrittenAlready):
        write_to(
            respondent,
            kind=LetterKind.NEW_LINK,
            subject=(
                f"{campaign.project.territory.name}{NBSP}: votre nouveau lien pour la revue "
                f"{campaign.reviewed}"
            ),
            context={},
            occasion=f"nouveau-lien-{moment}{f'-{revoked:%Y%m%d%H%M%S%f}' if revoked else ''}",
        )
        logger.info("New link for respondent %s", respondent.pk)
        return True
    return False


def give_new_link(*, respondent: Respondent, by: User) -> str:
    """The lead sends somebody a new link, at the address that the directory gives now.

    Gives that address; raises `ReviewRefused`, in words, when nothing leaves. About fifteen
    queries.
    """
    with writing_open(respondent.campaign, by=by) as writing:
        present = known_respondent(writing.campaign, pk=respondent.pk)
        follow_directory(present)
        writing.made.words = f"a suivi l’annuaire pour écrire à {present}"
        if not present.email:
            raise ReviewRefused(
                f"L’annuaire n’a pas d’adresse pour {present}{NBSP}: complétez-la d’abord."
            )
        if not present.charges.exists():
            raise ReviewRefused(f"Aucune fiche n’est plus confiée à {present}.")
        if not send_new_link(respondent=present):
            raise ReviewRefused(
                f"Un lien est parti vers {present.email} il y a moins de dix minutes{NBSP}: "
                "rien de plus n’a été envoyé."
            )
    return present.email


def send_new_links(*, email: str) -> None:
    """Write to whoever has that address in the open reviews; says nothing of whether anybody has.

    One query, and ten for each.
    """
    asked = Respondent.objects.filter(email__iexact=email, campaign__state=CampaignState.OPEN)
    place = asked.select_related("campaign__project__territory__region", "campaign__led_by")
    for respondent in place.in_order():
        send_new_link(respondent=respondent)
