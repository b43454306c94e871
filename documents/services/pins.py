"""The « livret en vigueur »: which file is shown first, and who opens it without an account."""

import datetime as dt
import logging

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import User
from accounts.services import count_use, make_shown_link, revoke_link, shown_secret
from core.text import NBSP
from documents.kinds import PaperRefused, kind_of
from documents.models import Document, Pin, PinLink
from journal.reading import already_made, token_for
from territories.models import Project
from territories.writing import writing

logger = logging.getLogger(__name__)


class PinRefused(Exception):
    """What cannot be in force; the message is a French sentence."""


def why_not_in_force(document: Document) -> str:
    """Why a paper cannot be the « livret en vigueur », in a sentence; blank when it can.

    A look at the storage.
    """
    try:
        is_booklet = kind_of(document.kind).may_be_in_force and not document.is_personal
    except PaperRefused:
        is_booklet = False
    if not is_booklet:
        return "Seul un livret du projet peut être mis en vigueur."
    if document.printed_file is None:
        return "Ce livret n’est pas encore imprimé\u00a0: attendez qu’il soit prêt."
    if document.printed_file.is_lost():
        return "Le fichier de ce livret n’est plus dans le stockage\u00a0: imprimez-le à nouveau."
    return ""


def pin_document(*, document: Document, seen: str, by: User) -> Pin:
    """Put a booklet in force, in place of the one that the page showed (`seen`, its key).

    Raises `PinRefused` when it is no booklet or has no file, and when somebody else put another one
    in force meanwhile. About ten queries.
    """
    project = document.project
    with writing(project, by=by, on_paper=False) as made:
        if refusal := why_not_in_force(document):
            raise PinRefused(refusal)
        pin = _present(project, seen=seen)
        if pin.document_id == document.pk:
            return pin
        pin.document, pin.pinned_at = document, timezone.now()
        pin.pinned_by_name = by.get_full_name()
        pin.save()
        made.words = f"a mis en vigueur «{NBSP}{document.title}{NBSP}»"
    return pin


def unpin(*, project: Project, seen: str, by: User) -> None:
    """Leave the project without a booklet in force; raises `PinRefused` as `pin_document` does."""
    with writing(project, by=by, on_paper=False) as made:
        pin = _present(project, seen=seen)
        if pin.document is None:
            return
        made.words = f"a retiré le livret en vigueur, «{NBSP}{pin.document.title}{NBSP}»"
        pin.document = None
        pin.save()


def _present(project: Project, *, seen: str) -> Pin:
    """What is in force, under the lock; raises `PinRefused` when the page showed something else."""
    known = Pin.objects.select_related("document").filter(project=project).first()
    pin = known or Pin(project=project)
    if str(pin.document_id or "") != seen:
        now = f"«{NBSP}{pin}{NBSP}», par {pin.pinned_by_name}" if pin.document else "plus aucun"
        raise PinRefused(
            f"Le livret en vigueur a changé pendant que vous lisiez cette page{NBSP}: c’est "
            f"maintenant {now}. Relisez, puis confirmez si c’est toujours ce que vous voulez."
        )
    return pin


def make_pin_link(
    *, project: Project, meant_for: str, valid_for: dt.timedelta, by: User, token: str = ""
) -> PinLink:
    """A new address for people without an account; sent twice with one token, it is one.

    About ten queries.
    """
    token = token_for(token, project.pk, meant_for, valid_for.days)
    with writing(project, by=by, token=token, on_paper=False) as made:
        known = PinLink.objects.for_list().filter(project=project, meant_for=meant_for).first()
        if known is not None and already_made(project.scope, token):
            return known
        link = make_shown_link(purpose=LinkPurpose.BOOKLET, valid_for=valid_for)
        row = PinLink(
            project=project, link=link, meant_for=meant_for, made_by_name=by.get_full_name()
        )
        row.save()
        made.words = f"a fait un lien vers le livret en vigueur, pour «{NBSP}{meant_for}{NBSP}»"
    logger.info("Link %s to the booklet of project %s", row.pk, project.pk)
    return row


def revoke_pin_link(*, pin_link: PinLink, by: User) -> bool:
    """Make that address open nothing any more; false when it opened nothing already."""
    with writing(pin_link.project, by=by, on_paper=False) as made:
        row = PinLink.objects.select_related("link").get(pk=pin_link.pk)
        if row.link.revoked_at is not None:
            return False
        revoke_link(link=row.link)
        row.revoked_by_name = by.get_full_name()
        row.save(update_fields=["revoked_by_name"])
        made.words = f"a retiré le lien vers le livret pour «{NBSP}{row.meant_for}{NBSP}»"
    return True


def address_of(pin_link: PinLink) -> str:
    """The whole address, to be copied; blank when it cannot be shown any more. No query."""
    secret = shown_secret(pin_link.link)
    return settings.SITE_URL + reverse("documents:booklet_open", args=[secret]) if secret else ""


def count_reading(*, pin_link: PinLink) -> None:
    """Count that the file was taken by that address; one query."""
    count_use(link_pk=pin_link.link_id)
