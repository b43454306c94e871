"""Seeing the letters before they leave: each as it will be, and one sent to oneself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from core.mail import composed, send_on_commit
from core.models import Mail
from core.text import NBSP
from reviews.enums import LetterKind
from reviews.models import Campaign, Letter, Respondent, Update
from reviews.services.letters import body_for, reply_address
from reviews.services.preparing import writing_draft
from reviews.summaries.letters import LetterWords, opening_letter
from reviews.summaries.recipients import Recipient, Recipients, recipients_of

# In place of the secret, which is made when the mail leaves.
KEY_TO_COME = "cle-personnelle"


@dataclass(frozen=True)
class Preview:
    """One letter, before it leaves."""

    recipient: Recipient
    mail: Mail


def previews_of(
    campaign: Campaign, *, recipients: Recipients, by: User | None = None
) -> list[Preview]:
    """Every letter as it will leave if that person opens the campaign, but for the key of its link.

    Of an open campaign, without anybody: its lead is known. No query; expects the place.
    """
    if by is not None:
        campaign.lead_by(by)
    url = settings.SITE_URL + reverse("reviews:link_open", args=[KEY_TO_COME])
    found = []
    for one in recipients.reachable:
        letter = opening_letter(campaign, one.updates)
        body = _body(campaign, name=str(one.person), url=url, letter=letter)
        mail = composed(
            to=one.person.email,
            subject=letter.subject,
            body=body,
            reply_to=reply_address(campaign),
        )
        found.append(Preview(one, mail))
    return found


def send_test(*, campaign: Campaign, by: User, token: str) -> Mail:
    """Send oneself the first letter of the campaign; asked twice from one page, it is one mail.

    Its link leads to the page where the campaign is prepared. Raises `ReviewRefused` once the
    letters are about to leave. About twelve queries.
    """
    with writing_draft(campaign, by=by) as writing:
        present = writing.campaign
        before = present.letters.filter(kind=LetterKind.TEST, occasion=token).exclude(occasion="")
        sent = before.select_related("mail").first()
        if sent is not None:
            return sent.mail
        present.lead_by(by)
        letter = opening_letter(present, _example(present))
        url = settings.SITE_URL + reverse("reviews:campaign_detail", args=[present.pk])
        mail = send_on_commit(
            to=by.email,
            subject=f"Essai{NBSP}: {letter.subject}",
            body=_body(present, name=by.get_full_name(), url=url, letter=letter),
            reply_to=reply_address(present),
        )
        Letter.objects.create(campaign=present, kind=LetterKind.TEST, occasion=token, mail=mail)
    return mail


def _example(campaign: Campaign) -> Iterable[Update]:
    """The sheets of the first person asked, or all of them when nobody is."""
    recipients = recipients_of(campaign)
    if recipients.people:
        return recipients.people[0].updates
    return [orphan.update for orphan in recipients.orphans]


def _body(campaign: Campaign, *, name: str, url: str, letter: LetterWords) -> str:
    somebody = Respondent(campaign=campaign, name=name)
    return body_for(somebody, kind=LetterKind.OPENING, url=url, context=letter.context)
