"""The secret address by which somebody's own calendar follows their meetings."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import User
from accounts.services import find_link, make_link, revoke_link
from core.calendars import feed
from governance.models import CalendarFeed, Meeting
from governance.summaries.events import event_of

# Until its owner renews it.
LASTS = dt.timedelta(days=365 * 5)
KEPT_BEHIND = dt.timedelta(days=180)


@transaction.atomic
def make_feed(*, user: User) -> str:
    """A new address, whole, known only now; the one before opens nothing any more. Six queries."""
    revoke_feed(user=user)
    link, token = make_link(purpose=LinkPurpose.CALENDAR, valid_for=LASTS)
    CalendarFeed.objects.create(user=user, link=link)
    return settings.SITE_URL + reverse("governance:calendar_feed", args=[token])


@transaction.atomic
def revoke_feed(*, user: User) -> None:
    """Make the address of that person open nothing. Three queries."""
    kept = CalendarFeed.objects.select_related("link").filter(user=user).first()
    if kept is not None:
        kept.delete()
        revoke_link(link=kept.link)


def feed_for(*, token: str) -> str | None:
    """What the calendar of that address holds; nothing when it opens nothing. Three queries.

    The same as long as nothing changes, so that calendars need not read it again.
    """
    link = find_link(token=token, purpose=LinkPurpose.CALENDAR)
    known = CalendarFeed.objects.select_related("user").filter(link=link).first() if link else None
    if known is None or not known.user.is_active:
        return None
    since = timezone.now() - KEPT_BEHIND
    meetings = Meeting.objects.of_person(known.user).with_place().filter(starts_at__gte=since)
    events = [
        event_of(meeting, stamped_at=meeting.convened_at or meeting.starts_at)
        for meeting in meetings.order_by("starts_at", "pk")
    ]
    return feed(events, name="Réunions PTSM")
