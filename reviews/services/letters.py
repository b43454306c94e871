"""Writing to people: every mail of a campaign leaves through here, and is kept in its log."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from core.mail import send_on_commit
from reviews.enums import LetterKind
from reviews.models import Campaign, Letter, Respondent
from reviews.services.links import link_for

TEMPLATE = "reviews/mail/{}.txt"


class WrittenAlready(Exception):
    """That person was written to on that occasion."""


def write_to(
    respondent: Respondent,
    *,
    kind: LetterKind,
    subject: str,
    context: Mapping[str, Any],
    occasion: str = "",
    at: dt.datetime | None = None,
) -> Letter:
    """Order one mail to somebody who answers, with a link of its own; answered to the lead.

    `occasion` makes it leave once: raises `WrittenAlready`, and nothing is kept, when it did. The
    respondent has an address, and comes with campaign, place and lead. Six queries.
    """
    try:
        with transaction.atomic():
            body = body_for(respondent, kind=kind, url=link_for(respondent), context=context)
            return _kept(respondent, kind, occasion, subject, body, at or timezone.now())
    except IntegrityError as failure:
        raise WrittenAlready from failure


def body_for(
    respondent: Respondent, *, kind: LetterKind, url: str, context: Mapping[str, Any]
) -> str:
    """The text of a mail, whole. No query; expects the campaign, its place and its lead."""
    campaign = respondent.campaign
    place = {"campaign": campaign, "territory": campaign.project.territory}
    words = {"respondent": respondent, "url": url, **place, **context}
    return render_to_string(TEMPLATE.format(kind.value), words)


def tell_lead(
    campaign: Campaign, *, subject: str, body: str, occasion: str = "", reply_to: str = ""
) -> Letter | None:
    """Tell whoever leads the campaign, by mail; nothing when their account is gone. Two queries."""
    if campaign.led_by is None:
        return None
    mail = send_on_commit(to=campaign.led_by.email, subject=subject, body=body, reply_to=reply_to)
    return Letter.objects.create(
        campaign=campaign, kind=LetterKind.TO_LEAD, occasion=occasion, mail=mail
    )


def _kept(
    respondent: Respondent,
    kind: LetterKind,
    occasion: str,
    subject: str,
    body: str,
    at: dt.datetime,
) -> Letter:
    campaign = respondent.campaign
    mail = send_on_commit(
        to=respondent.email, subject=subject, body=body, reply_to=reply_address(campaign)
    )
    return Letter.objects.create(
        campaign=campaign,
        respondent=respondent,
        kind=kind,
        occasion=occasion,
        mail=mail,
        written_at=at,
    )


def reply_address(campaign: Campaign) -> str:
    """Who reads what people answer to its mails. Expects the lead."""
    return campaign.led_by.email if campaign.led_by else ""


def known_respondent(campaign: Campaign, *, pk: int) -> Respondent:
    """Somebody who answers in that campaign, with their line of the directory. One query."""
    respondent = Respondent.objects.select_related("person").get(campaign=campaign, pk=pk)
    respondent.campaign = campaign
    return respondent


def follow_directory(respondent: Respondent) -> None:
    """Write from now on to the address that the directory gives; what left stays as it was.

    Inside a gesture. No query unless it changed; expects the person.
    """
    person = respondent.person
    if person is None or not person.email or person.email == respondent.email:
        return
    respondent.email = person.email
    respondent.save(update_fields=["email"])
