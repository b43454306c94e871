"""The « livret en vigueur » of each territory, as one reader may read it."""

from collections.abc import Iterable
from dataclasses import replace

from accounts.models import User
from documents.models import Pin
from overview.summaries.territories import TerritoryCard
from territories.models import Territory


def booklets_in_force(user: User, territories: Iterable[Territory]) -> list[Pin]:
    """One a territory at most, that of its latest generation that has one the user reads.

    One query, its files and places included.
    """
    found: dict[int, Pin] = {}
    for pin in Pin.objects.read_by(user).for_territories(list(territories)):
        found.setdefault(pin.project.territory_id, pin)
    return list(found.values())


def with_booklets(cards: Iterable[TerritoryCard], booklets: Iterable[Pin]) -> list[TerritoryCard]:
    """Each card with the booklet of its territory. No query."""
    known = {pin.project.territory_id: pin for pin in booklets}
    return [replace(card, booklet=known.get(card.territory.pk)) for card in cards]
