"""Who is writing which item just now: told by the pages, forgotten in seconds, kept nowhere."""

import time

from django.core.cache import cache

from accounts.models import User
from governance.models import Meeting

# A page says so every two or three seconds.
FRESH = 10
KEPT = 60


def hands_at(*, meeting: Meeting, user: User, item: int | None) -> dict[int, list[str]]:
    """Say where this person writes, if anywhere; gives where the others do, by item.

    Two hands that tell it at the very same moment may miss each other: it is told again soon. One
    or two accesses to the cache.
    """
    key = f"minutes-hands-{meeting.pk}"
    now = time.time()
    told: dict[int, tuple[int, str, float]] = cache.get(key) or {}
    fresh = {who: hand for who, hand in told.items() if now - hand[2] < FRESH}
    mine = fresh.pop(user.pk, None)
    others: dict[int, list[str]] = {}
    for place, name, _ in fresh.values():
        others.setdefault(place, []).append(name)
    if item is not None:
        fresh[user.pk] = (item, user.get_full_name(), now)
    if item is not None or mine is not None:
        cache.set(key, fresh, KEPT)
    return others
