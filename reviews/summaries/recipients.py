"""Whom a campaign asks, and about what."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.text import fold
from governance.models import Person
from reviews.models import Campaign, Update
from roadmap.enums import ANSWERING_ROLES
from roadmap.models import ActionRole


@dataclass(frozen=True)
class Recipient:
    """One person who is asked, and the answers expected of them, by number of sheet."""

    person: Person
    updates: tuple[Update, ...]

    @property
    def can_be_reached(self) -> bool:
        """The directory knows an address; without one, the lead types the answer."""
        return bool(self.person.email)


@dataclass(frozen=True)
class Orphan:
    """A sheet about which nobody can be written to, and why."""

    update: Update
    # Named on the sheet, in print: « CESAME », « à déterminer par les pilotes ».
    pilots: tuple[str, ...]
    # Pilots of the directory without an address, or who left.
    without_address: tuple[Person, ...]
    gone: tuple[Person, ...]


@dataclass(frozen=True)
class Recipients:
    """Everybody asked, by name, and the sheets that nobody answers for."""

    people: tuple[Recipient, ...]
    orphans: tuple[Orphan, ...]

    @property
    def reachable(self) -> tuple[Recipient, ...]:
        """Those to whom a mail leaves."""
        return tuple(one for one in self.people if one.can_be_reached)


def recipients_of(campaign: Campaign) -> Recipients:
    """Pilots and copilots in person, still there, of the sheets asked about (`decisions.md` 4).

    Two queries.
    """
    return recipients_for(
        campaign.updates.select_related("action").order_by("action__number", "pk")
    )


def recipients_for(asked: Iterable[Update]) -> Recipients:
    """The same for some answers, were they not in the base yet, by number of sheet. One query."""
    updates = {update.action_id: update for update in asked}
    roles = list(
        ActionRole.objects.filter(action__in=updates, kind__in=ANSWERING_ROLES)
        .select_related("person", "organisation")
        .order_by("position", "pk")
    )
    return Recipients(
        people=tuple(sorted(_people(roles, updates), key=lambda one: fold(str(one.person)))),
        orphans=tuple(_orphans(roles, updates.values())),
    )


def _people(roles: Iterable[ActionRole], updates: dict[int, Update]) -> Iterable[Recipient]:
    people: dict[int, Person] = {}
    asked: dict[int, dict[int, Update]] = {}
    for role in roles:
        if role.person and role.person.left_on is None:
            people[role.person.pk] = role.person
            asked.setdefault(role.person.pk, {})[role.action_id] = updates[role.action_id]
    for key, person in people.items():
        theirs = sorted(asked[key].values(), key=lambda update: update.action.number)
        yield Recipient(person, tuple(theirs))


def _orphans(roles: list[ActionRole], updates: Iterable[Update]) -> Iterable[Orphan]:
    for update in updates:
        named = [role for role in roles if role.action_id == update.action_id]
        people = [role.person for role in named if role.person]
        present = [person for person in people if person.left_on is None]
        if any(person.email for person in present):
            continue
        yield Orphan(
            update=update,
            pilots=tuple(dict.fromkeys(role.printed for role in named)),
            without_address=tuple(dict.fromkeys(present)),
            gone=tuple(dict.fromkeys(person for person in people if person.left_on)),
        )
