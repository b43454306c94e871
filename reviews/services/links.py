"""The secret addresses by which people answer without an account (`decisions.md` 14).

Each mail carries its own; all those of one person open the same things, and can be taken back
together.
"""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import AccessLink, User
from accounts.services import make_link, revoke_link
from core.text import counted
from reviews.models import Campaign, Respondent, RespondentLink
from reviews.writing import ReviewRefused, writing_open

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


def usable_links(respondent: Respondent) -> int:
    """How many addresses sent to that person open their sheets now. One query."""
    return RespondentLink.objects.usable(at=timezone.now()).filter(respondent=respondent).count()


def revoke_links(*, respondent: Respondent, by: User) -> int:
    """Make every address sent to that person open nothing; gives how many did.

    Raises `ReviewRefused` when none does any more. About ten queries, and one a link.
    """
    with writing_open(respondent.campaign, by=by) as writing:
        present = Respondent.objects.get(campaign=writing.campaign, pk=respondent.pk)
        closed = close_links(present)
        if not closed:
            raise ReviewRefused(f"Les liens de {present} n’ouvrent déjà plus rien.")
        count = counted(closed, "lien")
        writing.made.words = f"a retiré les liens de réponse de {present} ({count})"
    return closed


def close_links(respondent: Respondent) -> int:
    """The same within a gesture on the campaign, were there none to close; gives how many."""
    now = timezone.now()
    found = list(AccessLink.objects.usable(at=now).filter(review_link__respondent=respondent))
    for link in found:
        revoke_link(link=link)
    if found:
        respondent.links_revoked_at = now
        respondent.save(update_fields=["links_revoked_at"])
    return len(found)


def prolong_links(campaign: Campaign) -> None:
    """Let the addresses already sent open until long enough after the due date. One query."""
    until = campaign.morning_of(campaign.due_on) + OPEN_AFTER_DUE
    links = AccessLink.objects.usable().filter(review_link__respondent__campaign=campaign)
    links.filter(expires_at__lt=until).update(expires_at=until)
