"""The demonstration: both roadmaps, and the accounts that let a visitor in.

It lives here because it will show every room, and only this one may know them all.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from core.quarters import Quarter
from governance.imports.demo.directory import load_demo_directory
from governance.imports.demo_bodies import load_demo_bodies
from governance.imports.demo_engagement import load_demo_engagement
from governance.imports.demo_letter import load_demo_letter
from governance.imports.demo_meetings import load_demo_meetings
from governance.imports.demo_minutes import load_demo_minutes
from reviews.imports.demo import load_demo_reviews
from roadmap.enums import VersionKind
from roadmap.imports.demo import load_demo_roadmap
from roadmap.imports.prepared import Loaded, RoadmapEdited, load
from roadmap.imports.ptsm53 import read_booklet
from roadmap.services.versions import freeze
from territories.enums import Role, Scope
from territories.models import Membership, Project, Region, Territory

LEAD = "coordination.demo@demo.example"
MAYENNE = "53"
DEMO = "demo"
PAYS_DE_LA_LOIRE = "52"


@dataclass(frozen=True)
class Reach:
    """A role somewhere; `place` is the code of a territory or of a région, nothing for France."""

    role: Role
    scope: Scope = Scope.TERRITORY
    place: str = ""


@dataclass(frozen=True)
class DemoAccount:
    """Somebody that a visitor may be; the names are invented."""

    email: str
    first_name: str
    last_name: str
    purpose: str
    reaches: tuple[Reach, ...] = ()
    is_administrator: bool = False


ACCOUNTS = (
    DemoAccount(
        "coordination.mayenne@demo.example",
        "Claire",
        "Besnard",
        "coordonne le PTSM de la Mayenne, lit celui du territoire de démonstration",
        (Reach(Role.TERRITORY_LEAD, place=MAYENNE), Reach(Role.MEMBER, place=DEMO)),
    ),
    DemoAccount(
        LEAD,
        "Anne-Lise",
        "Morvan",
        "coordonne le PTSM du territoire de démonstration",
        (Reach(Role.TERRITORY_LEAD, place=DEMO),),
    ),
    DemoAccount(
        "ars.pdl@demo.example",
        "Olivier",
        "Delmas",
        "suit les PTSM des Pays de la Loire pour l’ARS",
        (Reach(Role.REGIONAL_LEAD, Scope.REGION, PAYS_DE_LA_LOIRE),),
    ),
    DemoAccount(
        "pilote@demo.example",
        "Nadia",
        "Ferrand",
        "pilote des fiches du territoire de démonstration",
        (Reach(Role.PILOT, place=DEMO),),
    ),
    DemoAccount(
        "membre@demo.example",
        "Julien",
        "Caradec",
        "membre des deux territoires",
        (Reach(Role.MEMBER, place=DEMO), Reach(Role.MEMBER, place=MAYENNE)),
    ),
    DemoAccount(
        "invite@demo.example",
        "Sylvie",
        "Aubert",
        "invitée du territoire de démonstration\u00a0: lit ce qui est officiel",
        (Reach(Role.GUEST, place=DEMO),),
    ),
    DemoAccount(
        "national@demo.example",
        "Philippe",
        "Roussel",
        "lit partout ce qui est officiel",
        (Reach(Role.NATIONAL_READER, Scope.NATIONAL),),
    ),
    DemoAccount(
        "admin@demo.example",
        "Compte",
        "d’administration",
        "répare les données dans l’administration, sans droit dans l’application",
        is_administrator=True,
    ),
)


@dataclass(frozen=True)
class DemoLoaded:
    """What loading the demonstration did: a sentence a roadmap, its reviews, the new accounts."""

    roadmaps: tuple[str, ...]
    reviews: str
    opened: frozenset[str]


@transaction.atomic
def load_demo(*, on: dt.date | None = None, password: str, force: bool = False) -> DemoLoaded:
    """Put into the base what the demonstration lacks; `on` is the day it shows, today by default.

    A roadmap that somebody changed, an account that exists and its rights stay as they are
    unless `force`. Raises `RoadmapRefused` or `ReferenceMissing` when it cannot.
    """
    opened = frozenset(
        account.email for account in ACCOUNTS if _open(account, password=password, force=force)
    )
    # An unsaved territory tells the day of metropolitan France.
    day = on or Territory().today()
    roadmaps = (
        _kept_or_loaded(lambda: load(read_booklet(), force=force)),
        _kept_or_loaded(lambda: load_demo_roadmap(on=day, force=force)),
    )
    load_demo_directory(Territory.objects.get(code=DEMO), on=day)
    _freeze_the_fictional_one(on=day)
    _govern(on=day)
    for account in ACCOUNTS:
        _grant(account, force=force)
    return DemoLoaded(roadmaps=roadmaps, reviews=_review(on=day), opened=opened)


def _review(*, on: dt.date) -> str:
    """The reviews of the fictional territory, made once: what was closed or answered stays."""
    project = Project.objects.with_place().filter(territory__code=DEMO).first()
    lead = User.objects.get(email=LEAD)
    if project is None or load_demo_reviews(project, lead=lead, on=on) is None:
        return "Revues trimestrielles\u00a0: déjà là, rien n’a changé."
    return "Revues trimestrielles\u00a0: quatre clôturées, une ouverte."


# In the order in which each leans on the last.
GOVERNANCE = (
    load_demo_bodies,
    load_demo_meetings,
    load_demo_minutes,
    load_demo_letter,
    load_demo_engagement,
)


def _govern(*, on: dt.date) -> None:
    """Who steers the fictional territory, what was said and written there: made once."""
    project = Project.objects.with_place().filter(territory__code=DEMO).first()
    if project is not None:
        for load in GOVERNANCE:
            load(project, lead=User.objects.get(email=LEAD), on=on)


def _freeze_the_fictional_one(*, on: dt.date) -> None:
    """One official version, for those of the demonstration who read nothing else."""
    project = Project.objects.of(Territory.objects.get(code=DEMO)).first()
    act = project.act_in_force(on=on) if project else None
    if project is None or act is None or project.versions.exists():
        return
    freeze(
        project,
        kind=VersionKind.OFFICIAL,
        label=act.short_name,
        dated_on=act.dated_on,
        by=None,
        reason="Version de démonstration\u00a0: tout y est inventé.",
        act=act,
        quarter=Quarter.on(on),
    )


def _kept_or_loaded(loading: Callable[[], Loaded]) -> str:
    """Visitors write on the demonstration: their work is kept, and said so."""
    try:
        return str(loading())
    except RoadmapEdited as edited:
        return str(edited)


def _open(account: DemoAccount, *, password: str, force: bool) -> bool:
    """Whether the account had to be opened, or is opened again by `force`."""
    existing = User.objects.filter(email=account.email).first()
    if existing is None:
        User.objects.create_user(
            account.email,
            password,
            first_name=account.first_name,
            last_name=account.last_name,
            is_staff=account.is_administrator,
            is_superuser=account.is_administrator,
        )
    elif force:
        existing.set_password(password)
        existing.is_active = True
        existing.save(update_fields=["password", "is_active"])
    return existing is None or force


def _grant(account: DemoAccount, *, force: bool) -> None:
    """The account's rights; those that it has are changed by `force` only."""
    user = User.objects.get(email=account.email)
    for reach in account.reaches:
        where = _place(reach)
        membership, is_new = Membership.objects.get_or_create(
            user=user, scope=reach.scope, **where, defaults={"role": reach.role}
        )
        if force and not is_new:
            membership.role = reach.role
            membership.suspended_at = membership.suspended_by = None
            membership.save(update_fields=["role", "suspended_at", "suspended_by"])


def _place(reach: Reach) -> dict[str, Region | Territory]:
    if reach.scope is Scope.TERRITORY:
        return {"territory": Territory.objects.get(code=reach.place)}
    if reach.scope is Scope.REGION:
        return {"region": Region.objects.get(code=reach.place)}
    return {}
