"""Writing in a campaign: one transaction, one gesture, and nothing once it is closed."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from core.text import NBSP, day_in_words
from journal.enums import Source
from journal.recording import Gesture, gesture
from reviews.models import Campaign


class ReviewRefused(Exception):
    """What a campaign cannot take; the message is a French sentence."""


class CampaignClosed(ReviewRefused):
    """It is frozen: what was being typed comes back to whoever typed it."""


@dataclass
class CampaignGesture:
    """The gesture under way, and the campaign as the base holds it now."""

    made: Gesture
    campaign: Campaign


def open_under_lock(campaign: Campaign) -> Campaign:
    """The campaign as the base holds it, which nobody else writes until the transaction ends.

    Raises `CampaignClosed` once it is closed. One query.
    """
    locked = Campaign.objects.select_for_update(of=("self",)).with_place()
    present = locked.filter(pk=campaign.pk).first()
    if present is None:
        raise ReviewRefused("Cette revue a été supprimée pendant que vous écriviez.")
    if present.is_closed:
        on = f" le {day_in_words(present.closed_on)}" if present.closed_on else ""
        raise CampaignClosed(
            f"La revue {present.reviewed} a été clôturée{on}{NBSP}: rien n’a été enregistré."
        )
    return present


@contextlib.contextmanager
def writing_campaign(
    campaign: Campaign,
    *,
    by: User | None,
    words: str = "",
    token: str = "",
    source: Source = Source.PAGE,
    signed: str = "",
) -> Iterator[CampaignGesture]:
    """What one person does to one campaign, locked meanwhile.

    Gives the campaign read again under the lock: load inside what is to be changed. `signed` names
    whoever answers without an account. Raises `CampaignClosed`: a closed campaign never changes.
    Two queries, and five more when something changed.
    """
    with gesture(by=by, words=words, token=token, source=source, signed=signed) as made:
        present = open_under_lock(campaign)
        made.concerns(present.scope, present.revise)
        yield CampaignGesture(made, present)


@contextlib.contextmanager
def writing_open(campaign: Campaign, *, by: User) -> Iterator[CampaignGesture]:
    """What is done once the letters have left, and before the closing; refused otherwise."""
    with writing_campaign(campaign, by=by) as writing:
        if not writing.campaign.is_open:
            raise ReviewRefused("Cette revue n’est pas encore ouverte.")
        yield writing
