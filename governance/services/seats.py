"""The seats of a body: given to several people at once, kept, ended, passed to somebody else.

A seat keeps the names that it printed: whoever goes from the directory stays in what was.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from core.text import NBSP, counted, day_in_words, listed
from governance.enums import Capacity, OrganisationCategory, SeatRole
from governance.models import Body, Person, Seat
from governance.services.bodies import quoted
from governance.writing import GovernanceRefused
from journal.reading import already_made, token_for
from journal.recording import Gesture
from journal.tracing import plain_values
from territories.writing import writing

ONE_DAY = dt.timedelta(days=1)
# What an organisation says of those who sit for it. An association of users says nothing of the
# person: who sits as a person concerned, or as a carer, is chosen by hand.
CAPACITY_OF = {
    OrganisationCategory.HEALTH: Capacity.HEALTH,
    OrganisationCategory.MEDICO_SOCIAL: Capacity.MEDICO_SOCIAL,
    OrganisationCategory.SOCIAL: Capacity.MEDICO_SOCIAL,
    OrganisationCategory.HOUSING: Capacity.MEDICO_SOCIAL,
    OrganisationCategory.LOCAL_AUTHORITY: Capacity.AUTHORITY,
    OrganisationCategory.STATE: Capacity.STATE,
    OrganisationCategory.EDUCATION: Capacity.STATE,
    OrganisationCategory.JUSTICE: Capacity.STATE,
    OrganisationCategory.INSURANCE: Capacity.INSURANCE,
}


@dataclass(frozen=True)
class SeatsAdded:
    """Who was given a seat, and who held one already."""

    added: tuple[str, ...]
    already: tuple[str, ...]


def capacity_of(person: Person) -> Capacity:
    """For whom somebody sits, as their organisation says it; the person's own life never does."""
    organisation = person.organisation
    if organisation is None:
        return Capacity.OTHER
    return CAPACITY_OF.get(OrganisationCategory(organisation.category), Capacity.OTHER)


def keep_names(seat: Seat, *, kept: Seat | None = None) -> None:
    """Write beside each link the name that it has now.

    A name without a link stays as it was, unless the link has just been taken away: it is the name
    of somebody who is no longer in the directory.
    """
    for link, name in (
        ("person", "person_name"),
        ("organisation", "organisation_name"),
        ("substitute", "substitute_name"),
    ):
        linked = getattr(seat, link)
        if linked is not None:
            setattr(seat, name, str(linked))
        elif kept is not None and getattr(kept, f"{link}_id") is not None:
            setattr(seat, name, "")


def add_seat(body: Body, *, seat: Seat, by: User, token: str = "") -> Gesture:
    """Add one seat, held or vacant; sent twice with one token, it is one. About ten queries.

    Raises `GovernanceRefused` when that person holds one already at that time.
    """
    token = token_for(token, "siège", body.pk, seat.person_id, seat.capacity, seat.starts_on)
    with writing(body.project, by=by, token=token, on_paper=False) as made:
        if already_made(body.project.scope, token):
            return made
        refuse_ended(body)
        seat.body = body
        refuse_doubled(seat)
        _append(body, [seat])
        made.words = f"a ajouté à {quoted(body)} {_told(seat)}"
    return made


def add_people(
    body: Body,
    *,
    people: Sequence[Person],
    capacity: str = "",
    starts_on: dt.date | None = None,
    by: User,
    token: str = "",
) -> SeatsAdded:
    """Give a seat to each; without `capacity`, each sits as their organisation says.

    Whoever holds one already is left alone, and told. About ten queries, and three a seat.
    """
    token = token_for(token, "sièges", body.pk, sorted(person.pk for person in people))
    with writing(body.project, by=by, token=token, on_paper=False) as made:
        if already_made(body.project.scope, token):
            return SeatsAdded(tuple(str(person) for person in people), ())
        refuse_ended(body)
        day = starts_on or body.project.territory.today()
        held = set(Seat.objects.filter(body=body).on(day).values_list("person", flat=True))
        new = [person for person in people if person.pk not in held]
        seats = [
            Seat(
                body=body,
                person=person,
                organisation=person.organisation,
                capacity=capacity or capacity_of(person),
                starts_on=starts_on,
            )
            for person in new
        ]
        _append(body, seats)
        names = [str(person) for person in new]
        said = listed(names) if len(names) <= 3 else counted(len(names), "personne")
        made.words = f"a donné un siège de {quoted(body)} à {said}"
    left = tuple(str(person) for person in people if person.pk in held)
    return SeatsAdded(tuple(names), left)


def write_seat(seat: Seat) -> str:
    """Keep a seat as a form left it; gives what was done, blank when nothing was.

    Call it inside a gesture. Four queries. Raises `GovernanceRefused` when that person holds
    another one at that time.
    """
    kept = Seat.objects.get(pk=seat.pk)
    keep_names(seat, kept=kept)
    refuse_doubled(seat)
    before, now = plain_values(kept), plain_values(seat)
    labels = [
        str(column.verbose_name)
        for column in Seat._meta.concrete_fields
        if column.name in now
        and now[column.name] != before.get(column.name)
        and not column.name.endswith("_name")
    ]
    if before == now:
        return ""
    seat.save()
    return f"a modifié, dans {quoted(seat.body)}, {_told(seat)}{NBSP}: {listed(labels)}"


def end_seat(*, seat: Seat, on: dt.date, by: User) -> Gesture:
    """Say that a seat is held until that day; it stays in what was. Nine queries.

    Raises `GovernanceRefused` when that day is before it began.
    """
    with writing(seat.body.project, by=by, on_paper=False) as made:
        present = present_seat(seat)
        _end(present, on)
        made.words = f"a terminé le {day_in_words(on)}, dans {quoted(seat.body)}, {_told(present)}"
    return made


def replace_holder(
    *,
    seat: Seat,
    person: Person,
    on: dt.date,
    keeps_organisation: bool = True,
    by: User,
    token: str = "",
) -> Seat:
    """End a seat on that day, and begin the next one the day after, for somebody else.

    Same body, role, capacity and rank. One that is vacant since always is simply filled. Raises
    `GovernanceRefused` when the successor sits there already. About twelve queries.
    """
    token = token_for(token, "remplacer", seat.pk, person.pk, on)
    with writing(seat.body.project, by=by, token=token, on_paper=False) as made:
        present = present_seat(seat)
        if already_made(seat.body.project.scope, token):
            taken = Seat.objects.filter(body=seat.body_id, person=person).in_order()
            return taken.last() or present
        refuse_ended(present.body)
        successor = hand_seat_over(
            present, person=person, on=on, keeps_organisation=keeps_organisation
        )
        made.words = (
            f"a confié à {person}, dans {quoted(seat.body)}, le siège de "
            f"{present.person_name or 'personne'}"
        )
    return successor


def hand_seat_over(
    seat: Seat, *, person: Person, on: dt.date, keeps_organisation: bool = True
) -> Seat:
    """The part of a replacement that is inside somebody's gesture; gives the seat that begins."""
    organisation = seat.organisation if keeps_organisation else person.organisation
    successor = Seat(
        body=seat.body,
        role=seat.role,
        capacity=seat.capacity,
        person=person,
        organisation=organisation,
        organisation_name=seat.organisation_name if keeps_organisation else "",
        # Nobody stands in for themselves.
        substitute=seat.substitute if seat.substitute_id != person.pk else None,
        rank=seat.rank,
        starts_on=on + ONE_DAY,
        ends_on=seat.ends_on if seat.ends_on and seat.ends_on > on else None,
    )
    keep_names(successor)
    if seat.is_vacant:
        seat.delete()
    elif seat.ends_on is None or seat.ends_on > on:
        _end(seat, on)
    refuse_doubled(successor)
    successor.save()
    return successor


def remove_seat(*, seat: Seat, by: User) -> Gesture:
    """Take away a seat that was typed by mistake: it was never held. Nine queries."""
    with writing(seat.body.project, by=by, on_paper=False) as made:
        present = present_seat(seat)
        made.words = f"a retiré, de {quoted(seat.body)}, {_told(present)}"
        present.delete()
    return made


def present_seat(seat: Seat) -> Seat:
    """The seat as the base holds it now, under the lock; raises `GovernanceRefused` when gone."""
    rows = Seat.objects.select_related("body__project__territory").with_people()
    present = rows.filter(pk=seat.pk).first()
    if present is None:
        raise GovernanceRefused("Ce siège a été retiré pendant que vous écriviez.")
    return present


def refuse_ended(body: Body) -> None:
    """Raises `GovernanceRefused` when the body sits no more. One query."""
    ended = Body.objects.filter(pk=body.pk).values_list("ended_on", flat=True).first()
    if ended is not None:
        raise GovernanceRefused(
            f"L’instance {quoted(body)} est terminée{NBSP}: reprenez-la avant de la recomposer."
        )


def refuse_doubled(seat: Seat) -> None:
    """Raises `GovernanceRefused` when that person holds another seat there meanwhile. One query."""
    if seat.person_id is None:
        return
    others = Seat.objects.filter(body=seat.body_id, person=seat.person_id).exclude(pk=seat.pk)
    if any(_overlap(seat, other) for other in others):
        raise GovernanceRefused(
            f"{seat.person_name or seat.person} siège déjà dans {quoted(seat.body)} à ces dates"
            f"{NBSP}: modifiez plutôt son siège."
        )


def _overlap(one: Seat, other: Seat) -> bool:
    begins = max(one.starts_on or dt.date.min, other.starts_on or dt.date.min)
    return begins <= min(one.ends_on or dt.date.max, other.ends_on or dt.date.max)


def _append(body: Body, seats: Sequence[Seat]) -> None:
    rank = Seat.objects.filter(body=body).count()
    for seat in seats:
        rank += 1
        seat.rank = rank
        keep_names(seat)
        seat.save()


def _end(seat: Seat, on: dt.date) -> None:
    if seat.starts_on is not None and on < seat.starts_on:
        raise GovernanceRefused(
            f"Un siège ne peut pas finir avant de commencer ({day_in_words(seat.starts_on)})."
        )
    seat.ends_on = on
    seat.save()


def _told(seat: Seat) -> str:
    """« le siège de Paul Renaudin », « un siège vacant »."""
    role = f" ({seat.get_role_display().lower()})" if seat.role != SeatRole.MEMBER else ""
    return f"le siège de {seat.person_name}{role}" if seat.person_name else f"un siège vacant{role}"
