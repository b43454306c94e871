"""Every address of the application, and who passes it: the declared table of the rights.

`test_doors.py` walks it with one person a role, and fails on an address that is missing here or
gone from there. What each role may do is told in words by `docs/rights.md`.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from core.quarters import Quarter
from documents.enums import DocumentState
from documents.models import Document, PrintedFile
from documents.services.pins import make_pin_link
from governance.models import Person
from journal.models import Change, ChangeSet
from roadmap.models import (
    Action,
    ActionAttachment,
    ActionComment,
    ActionRole,
    Axis,
    FundingLine,
    Objective,
)
from roadmap.services import lifecycle, margins
from roadmap.services.versions import make_official
from territories.enums import ActKind, Role, Scope
from territories.models import Membership
from territories.services import invite_member
from territories.writing import writing
from tests.cast import Cast, make_pilot
from tests.factories import (
    ActionFactory,
    AxisFactory,
    FundingLineFactory,
    MembershipFactory,
    ObjectiveFactory,
    PersonFactory,
    PlannedQuarterFactory,
    UserFactory,
)

# --- Who ----------------------------------------------------------------------------------------

# The roles of the project, each played by one person.
WHO = {
    "personne": "nobody signed in",
    "chloe": "a stranger: leads another territory",
    "suzanne": "led this territory, suspended since",
    "denis": "national reader",
    "emile": "regional lead",
    "fanny": "regional reader",
    "agnes": "territory lead",
    "paul": "pilot of the sheet",
    "prune": "pilot of another sheet",
    "bruno": "member",
    "gael": "guest",
    "reparateur": "staff without any permission, who belongs nowhere",
    "racine": "superuser: all of the administration, no right here",
}
LEADS = {"emile", "agnes"}
PILOT = {"paul"}
READERS = {"fanny", "prune", "bruno"}
# They read what is official, or frozen, and its papers.
OFFICIAL = {"denis", "gael"}
STRANGERS = {"chloe", "suzanne", "reparateur", "racine"}
STAFF = {"reparateur", "racine"}

Statuses = dict[str, int]


def passing(leads: int, pilot: int, readers: int, official: int = 404) -> Statuses:
    """What each meets; whoever is not signed in is sent to the door, a stranger finds nothing."""
    return {
        "personne": 302,
        **dict.fromkeys(LEADS, leads),
        **dict.fromkeys(PILOT, pilot),
        **dict.fromkeys(READERS, readers),
        **dict.fromkeys(OFFICIAL, official),
        **dict.fromkeys(STRANGERS, 404),
    }


def read(ok: int = 200) -> Statuses:
    """Whoever works on the territory or on its région."""
    return passing(ok, ok, ok)


def frozen(ok: int = 200) -> Statuses:
    """Whoever works there, and those who read what is frozen and no more."""
    return passing(ok, ok, ok, ok)


def pilot(ok: int = 200) -> Statuses:
    """Whoever composes the roadmap, and whoever pilots that sheet."""
    return passing(ok, ok, 403)


def some(ok: int = 200) -> Statuses:
    """Whoever writes at least one sheet."""
    return pilot(ok) | {"prune": ok}


def lead(ok: int = 200) -> Statuses:
    """Whoever composes the roadmap."""
    return passing(ok, 403, 403)


def people(ok: int = 200) -> Statuses:
    """Whoever works there; guests and national readers see the territory, not who works there."""
    return passing(ok, ok, ok, 403)


def manage(ok: int = 200) -> Statuses:
    """Whoever manages the accounts and the people."""
    return passing(ok, 403, 403, 403)


def everybody(status: int = 200) -> Statuses:
    return dict.fromkeys(WHO, status)


def signed_in(status: int = 200) -> Statuses:
    return everybody(status) | {"personne": 302}


Q4 = Quarter.of(2026, 4).index
# A page that only reads refuses the method before it looks at who asks.
READ_ONLY = signed_in(405)
PUBLIC_READ_ONLY = everybody(405)


# --- Where --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """One of everything in Aubrac, written by Agnès, and everybody who may come."""

    people: dict[str, User | None]
    keys: dict[str, int | str]


def set_scene(cast: Cast) -> Scene:
    """One roadmap with everything that an address may name."""
    project, agnes = cast.project, cast.agnes
    sheet = ActionFactory.create(project=project, number=3, title="Pair-aidance")
    other = ActionFactory.create(project=project, number=4, title="Logement")
    retired = ActionFactory.create(project=project, number=8, title="Ancienne fiche")
    everyone = _gather_the_others(cast, sheet, other, retired)
    lifecycle.retire_sheet(action=retired, reason="Doublon", by=agnes)
    row = ObjectiveFactory.create(action=sheet, title="Créer un groupe")
    PlannedQuarterFactory.create(objective=row, quarter=Q4)
    margins.comment_on_sheet(action=sheet, text="Bonjour", by=agnes)
    upload = SimpleUploadedFile("notice.txt", b"Bonjour")
    margins.pin_to_sheet(action=sheet, upload=upload, url="", name="Notice", by=agnes)
    AxisFactory.create(project=project)
    FundingLineFactory.create(action=sheet)
    PersonFactory.create(territory=cast.aubrac, user=cast.bruno)
    version = make_official(
        project,
        act_kind=ActKind.PROJECT_ORDER,
        dated_on=dt.date(2026, 3, 3),
        reference="",
        reason="",
        by=agnes,
    )
    with writing(project, by=agnes, words="a réécrit la fiche 3") as made:
        sheet.need = "Loin"
        sheet.save(update_fields=["need"])
    assert made.changeset is not None
    waiting = invite_member(
        territory=cast.aubrac, email="zoe@exemple.fr", role=Role.MEMBER, by=agnes
    )
    keys = _keys(cast, sheet, retired, made.changeset, waiting) | {"version": version.pk}
    return Scene(people=everyone, keys=keys)


def _gather_the_others(
    cast: Cast, sheet: Action, other: Action, retired: Action
) -> dict[str, User | None]:
    def person(name: str, **fields: Any) -> User:
        return UserFactory.create(email=f"{name}@exemple.fr", first_name=name.title(), **fields)

    fanny = person("fanny")
    MembershipFactory.create(
        user=fanny,
        role=Role.REGIONAL_READER,
        scope=Scope.REGION,
        region=cast.aubrac.region,
        territory=None,
    )
    suzanne = person("suzanne")
    MembershipFactory.create(
        user=suzanne,
        territory=cast.aubrac,
        role=Role.TERRITORY_LEAD,
        suspended_at=timezone.now(),
        suspended_by=cast.agnes,
    )
    known = {name: cast.named(name) for name in ("agnes", "bruno", "gael", "chloe", "denis")}
    return known | {
        "personne": None,
        "emile": cast.emile,
        "suzanne": suzanne,
        "fanny": fanny,
        "paul": make_pilot(person("paul"), sheet, retired),
        "prune": make_pilot(person("prune"), other),
        "reparateur": person("reparateur", is_staff=True),
        "racine": person("racine", is_staff=True, is_superuser=True),
    }


def _keys(
    cast: Cast, sheet: Action, retired: Action, gesture: ChangeSet, waiting: Membership
) -> dict[str, int | str]:
    printed = PrintedFile.objects.create(
        fingerprint="f" * 64, file=ContentFile(b"%PDF", name="livret.pdf"), size=4
    )
    document = Document.objects.create(
        project=cast.project,
        kind="livret",
        title="Livret",
        ordered_fingerprint=printed.fingerprint,
        ordered_by=cast.agnes,
        state=DocumentState.READY,
        printed_file=printed,
    )
    return {
        "project": cast.project.pk,
        "territory": cast.aubrac.code,
        "sheet": sheet.pk,
        "retired": retired.pk,
        "objective": Objective.objects.get().pk,
        "axis": Axis.objects.get().pk,
        "comment": ActionComment.objects.get().pk,
        "attachment": ActionAttachment.objects.get().pk,
        "role": ActionRole.objects.get(action=sheet).pk,
        "line": FundingLine.objects.get().pk,
        "gesture": gesture.pk,
        "change": Change.objects.get(changeset=gesture).pk,
        "waiting": waiting.pk,
        "member": Membership.objects.get(user=cast.bruno).pk,
        "suspended": Membership.objects.suspended().get().pk,
        "person": Person.objects.get(user=cast.bruno).pk,
        "document": document.pk,
        "pin_link": make_pin_link(
            project=cast.project,
            meant_for="Site de l’hôpital",
            valid_for=dt.timedelta(days=30),
            by=cast.agnes,
        ).pk,
    }


# --- Which addresses ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Door:
    """Who passes one address: what a GET and a POST are answered, by role.

    `keys` name rows of the scene, or give a word as it is (« =livret »); `typed` is what is sent.
    """

    get: Statuses
    post: Statuses
    keys: tuple[str, ...] = ()
    typed: dict[str, Any] = field(default_factory=dict)
    # What a script sends by itself, from the keys of the scene.
    sent: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    def args(self, scene: Scene) -> list[int | str]:
        """What the address holds."""
        return [key[1:] if key.startswith("=") else scene.keys[key] for key in self.keys]


def public(*keys: str, get: Statuses | None = None) -> Door:
    """A page that anybody reads."""
    return Door(get or everybody(), PUBLIC_READ_ONLY, keys)


def page(*keys: str, get: Statuses | None = None) -> Door:
    """A page of the territory, that only reads."""
    return Door(get or read(), READ_ONLY, keys)


def form(may: Callable[[int], Statuses], *keys: str, back: int = 302, **typed: Any) -> Door:
    """A form and what it writes: refused, both are; allowed, it is drawn and sent."""
    return Door(may(200), may(back), keys, typed)


def gesture(may: Callable[[int], Statuses], *keys: str, back: int = 302, **typed: Any) -> Door:
    """A button: a reading of its address goes back to the page of whoever may press it."""
    return Door(may(302), may(back), keys, typed)


DOORS: dict[str, Door] = {
    # Nobody's room: pages that the law asks for, help, the machine's own.
    "core:legal": public(),
    "core:privacy": public(),
    "core:accessibility": public(),
    "core:site_map": public(),
    "core:contact": public(),
    "core:help": public(),
    "core:help_page": public("=imprimer"),
    "core:health": public(),
    "core:security_txt": public(),
    "core:robots_txt": public(),
    # The doors themselves. Whoever is in does not sign in again; no sign-up at all.
    "account_login": Door(signed_in(302) | {"personne": 200}, signed_in(302) | {"personne": 200}),
    "account_logout": Door(signed_in(200), signed_in(302)),
    "account_inactive": public(),
    "account_signup": public(),
    "account_change_password": Door(signed_in(200), signed_in(200)),
    "account_reset_password": Door(everybody(), everybody()),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": Door(everybody(), everybody(), ("=1", "=faux-lien")),
    "account_reset_password_from_key_done": public(),
    "admin_sign_in": public(get=signed_in(403) | dict.fromkeys(STAFF, 302) | {"personne": 302}),
    "admin_password_change": page(get=signed_in(302)),
    "accounts:invitation_accept": Door(everybody(410), everybody(410)),
    "accounts:invitation_open": public("=faux-lien", get=everybody(303)),
    "accounts:demo_mail_list": public(get=everybody(404)),
    # Several rooms at once.
    "overview:home": page(get=signed_in(200)),
    "overview:sheet_list": page(get=signed_in(200)),
    "overview:sheet_export": Door(signed_in(302), signed_in(302)),
    "overview:territory_detail": page("territory", get=people(200) | dict.fromkeys(OFFICIAL, 200)),
    # The accounts of a territory.
    "territories:member_list": page("territory", get=people()),
    "territories:member_invite": form(manage, "territory", email="nina@exemple.fr", role="membre"),
    "territories:member_resend": gesture(manage, "territory", "waiting"),
    "territories:member_role": gesture(manage, "territory", "member", role="pilote", was="membre"),
    "territories:member_suspend": form(manage, "territory", "member"),
    "territories:member_reinstate": gesture(manage, "territory", "suspended"),
    "territories:member_remove": form(manage, "territory", "member"),
    # The directory of a territory.
    "governance:person_list": page("territory", get=people()),
    "governance:person_add": form(manage, "territory", last_name="Roy"),
    "governance:person_edit": form(manage, "territory", "person", back=200, last_name="Roy"),
    "governance:person_leave": form(manage, "territory", "person", left_on="2026-01-05"),
    "governance:person_return": gesture(manage, "territory", "person"),
    # Papers: whoever reads a thing may order it.
    "documents:document_list": page("project", get=frozen()),
    # Who reads versions only has to choose one.
    "documents:document_order": Door(
        frozen(), read(302) | dict.fromkeys(OFFICIAL, 200), ("project", "=synthese")
    ),
    "documents:document_detail": page("document"),
    "documents:document_state": page("document", get=read(302)),
    "documents:document_file": page("document"),
    "documents:document_retry": gesture(read, "document"),
    # The « livret en vigueur »: chosen by whoever leads, opened by a link without an account.
    "documents:document_pin": Door(lead(), lead(302), ("document",), {"seen": ""}),
    "documents:pin_detail": page("project", get=lead()),
    "documents:pin_remove": gesture(lead, "project"),
    "documents:pin_link_add": Door(
        lead(302), lead(302), ("project",), {"meant_for": "Élus", "days": "30"}
    ),
    "documents:pin_link_revoke": form(lead, "pin_link"),
    "documents:booklet_open": public("=faux-lien", get=everybody(303)),
    "documents:booklet_unknown": public(),
    "documents:booklet_read": public("=1", get=everybody(303)),
    "documents:booklet_file": public("=1", get=everybody(303)),
    # The roadmap, read.
    "roadmap:action_list": page("project"),
    "roadmap:planning": page("project"),
    "roadmap:planning_since": page("project", get=read(400)),
    "roadmap:action_detail": page("sheet"),
    "roadmap:sheet_part": page("sheet", "=identite", get=read(302)),
    "roadmap:retired_list": page("project"),
    "roadmap:project_history": page("project"),
    "roadmap:sheet_history": page("sheet"),
    "roadmap:gesture_detail": page("gesture"),
    "roadmap:attachment_file": page("attachment"),
    # What was frozen: read by more, made by whoever composes.
    "roadmap:version_list": page("project", get=frozen()),
    "roadmap:version_detail": page("version", get=frozen()),
    "roadmap:version_sheet": page("version", "=3", get=frozen()),
    "roadmap:version_compare": page("project", get=frozen()),
    "roadmap:version_new": form(
        lead, "project", confirme="oui", kind="revision", dated_on="2026-04-01"
    ),
    # The roadmap, composed.
    "roadmap:sheet_new": form(lead, "project", number="30", title="Nouvelle"),
    "roadmap:sheet_source": page("project", get=lead()),
    "roadmap:sheet_renumber": form(lead, "sheet", number="31"),
    "roadmap:sheet_retire": form(lead, "sheet", reason="Fini"),
    "roadmap:sheet_restore": form(lead, "retired"),
    "roadmap:axis_list": form(lead, "project", title="Prévenir"),
    "roadmap:axis_rename": form(lead, "axis", title="Aller vers"),
    "roadmap:axis_place": gesture(lead, "axis", rang="1"),
    "roadmap:axis_remove": gesture(lead, "axis"),
    "roadmap:planning_window": form(lead, "project", back=200),
    "roadmap:attached_add roles": form(lead, "sheet", "=roles", kind="partenaire", who="CH"),
    "roadmap:attached_edit roles": form(lead, "sheet", "=roles", "role", back=200),
    "roadmap:attached_remove roles": gesture(lead, "sheet", "=roles", "role"),
    # A sheet, written.
    "roadmap:sheet_section": form(pilot, "sheet", "=pourquoi", need="Plus loin"),
    "roadmap:attached_add": form(pilot, "sheet", "=financement", back=200),
    "roadmap:attached_edit": form(pilot, "sheet", "=financement", "line", back=200),
    "roadmap:attached_remove": gesture(pilot, "sheet", "=financement", "line"),
    "roadmap:attachment_add": form(pilot, "sheet", url="https://exemple.fr/b", name="Annexe"),
    "roadmap:attachment_remove": form(pilot, "attachment"),
    "roadmap:objective_list": page("sheet", get=pilot()),
    "roadmap:objective_add": form(pilot, "sheet", title="Former"),
    "roadmap:objective_group_add": form(pilot, "sheet", title="Loger"),
    "roadmap:objective_paste": form(pilot, "sheet", lines="1) Un", step="ajouter"),
    "roadmap:objective_edit": form(pilot, "objective", back=200),
    "roadmap:objective_move": gesture(pilot, "objective", back=200),
    "roadmap:objective_state": gesture(pilot, "objective", state="fait", was="a_faire"),
    "roadmap:objective_remove": form(pilot, "objective"),
    "roadmap:objective_planning": form(pilot, "objective", back=200),
    # The grid sends one batch for the whole roadmap: what it names is what is asked about.
    "roadmap:planning_cells": Door(
        read(302),
        pilot(),
        ("project",),
        sent=lambda keys: {
            "kind": "peindre",
            "token": "",
            "cells": [{"o": keys["objective"], "q": Q4 + 1, "to": "prevu", "was": ""}],
        },
    ),
    "roadmap:planning_shift": Door(
        read(302),
        pilot(),
        ("project",),
        sent=lambda keys: {"kind": "decaler", "token": "", "objective": keys["objective"], "by": 1},
    ),
    "roadmap:take_back": form(pilot, "gesture"),
    "roadmap:take_back_change": form(pilot, "change"),
    # Going back is asked first: nothing said to have been read, it asks again.
    "roadmap:field_return": Door(pilot(), pilot(), ("change",)),
    "roadmap:sheet_return": Door(pilot(), pilot(), ("sheet", "gesture")),
    # Several sheets at once: whoever writes one; nothing chosen, back to the list.
    "roadmap:bulk_edit": Door(some(302), some(302), ("project",)),
    # The workbook: taken away by whoever reads, sent back by whoever composes. A file that is not
    # kept any more leads back to the page.
    "roadmap:workbook": Door(read(), lead(), ("project",)),
    "roadmap:workbook_download": page("project", get=read()),
    "roadmap:workbook_preview": Door(lead(302), lead(302), ("project", "=999")),
    # A workbook designed elsewhere: as above.
    "roadmap:foreign_workbook": form(lead, "project", back=200),
    "roadmap:foreign_columns": Door(lead(302), lead(302), ("project", "=999")),
    "roadmap:foreign_mapping": page("project", "=999", get=lead(302)),
    "roadmap:foreign_preview": Door(lead(302), lead(302), ("project", "=999")),
    "roadmap:foreign_forget": gesture(lead, "project", "=999"),
    # Remarks: whoever reads a sheet; taken away by their author, or by whoever composes.
    "roadmap:comment_add": form(read, "sheet", text="Vu"),
    "roadmap:comment_remove": form(lead, "comment"),
}


# --- The resolver -------------------------------------------------------------------------------


def every_address(resolver: Any = None, namespace: str = "") -> Iterator[str]:
    """The name of every address, the administration's aside: it is Django's, and has its rule."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        elif isinstance(entry, URLResolver) and entry.namespace != "admin":
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from every_address(entry, inner)
