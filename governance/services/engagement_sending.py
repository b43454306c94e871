"""Letters of engagement leave, by mail or by post; the silent are reminded."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.enums import LinkPurpose
from accounts.models import User
from accounts.services import make_link, revoke_link
from core.mail import composed, send_on_commit
from core.models import Mail
from core.text import NBSP, counted, day_in_words
from documents.kinds import PaperRefused, kind_of
from documents.models import PrintedFile
from documents.services import printed_parts
from governance.enums import EngagementState, SendingWay
from governance.models import EngagementLetter, EngagementRound
from governance.services.engagement import writing_round
from governance.writing import GovernanceRefused
from journal.reading import already_made, token_for

ARCHIVE = "lettres-engagement"
# The letter is still read after its date: many answer late.
OPEN_AFTER = dt.timedelta(days=120)
NOTHING_TO_SEND = (
    "Aucune de ces lettres ne peut partir par courriel\u00a0: il leur manque une adresse, ou elles "
    "ne sont pas encore imprimées."
)
NOBODY_TO_REMIND = (
    "Personne n’est à relancer\u00a0: aucune de ces lettres n’attend une réponse par courriel."
)


def printed_letters(batch: EngagementRound) -> dict[int, PrintedFile]:
    """The files of the letters that are printed as they read now, by number. Four queries.

    Expects the place.
    """
    try:
        parts = printed_parts(
            kind=kind_of(ARCHIVE),
            project=batch.project,
            parameters={"envoi": str(batch.number)},
        )
    except PaperRefused:
        return {}
    return {int(part.parameters["lettre"].partition("-")[2]): file for part, file in parts if file}


def mail_of(letter: EngagementLetter, *, url: str, reminds: bool, by: User) -> Mail:
    """The message as it would leave, not ordered. No query; expects the batch and its place."""
    batch = letter.round
    territory = batch.project.territory
    words = {
        "letter": letter,
        "batch": batch,
        "territory": territory,
        "url": url,
        "reminds": reminds,
        "answer_by": day_in_words(batch.answer_by) if batch.answer_by else "",
        "sent_on": day_in_words(letter.sent_on) if letter.sent_on else "",
        "signed": by.get_full_name(),
    }
    subject = f"{territory.name}{NBSP}: lettre d’engagement de {letter.name}"
    return composed(
        to=letter.email,
        subject=f"Rappel · {subject}" if reminds else subject,
        body=render_to_string("governance/mail/engagement.txt", words),
        reply_to=by.email,
    )


def send_by_mail(
    *, batch: EngagementRound, numbers: Iterable[int], by: User, token: str = ""
) -> int:
    """Write to these organisations, with a link to their letter; says how many mails leave.

    Left aside: what has no address, is not printed as it reads now, or left already. Raises
    `GovernanceRefused` when nothing can leave. Sent twice with one token, it is once. About eight
    queries a letter.
    """
    chosen = sorted(set(numbers))
    token = token_for(token, "send", batch.pk, *chosen)
    with writing_round(batch=batch, by=by) as writing_now:
        if already_made(batch.project.scope, token):
            return 0
        writing_now.made.token = token
        present = writing_now.round
        files = printed_letters(present)
        rows = EngagementLetter.objects.filter(
            round=present, number__in=chosen, state=EngagementState.TO_SEND
        ).exclude(email="")
        ready = [letter for letter in rows.in_order() if letter.number in files]
        if not ready:
            raise GovernanceRefused(NOTHING_TO_SEND)
        for letter in ready:
            letter.round = present
            letter.printed = files[letter.number]
            letter.state, letter.sent_by_way = EngagementState.SENT, SendingWay.MAIL
            letter.sent_on = present.project.territory.today()
            _write_to(letter, reminds=False, by=by)
        writing_now.made.words = (
            f"a envoyé {counted(len(ready), 'lettre')} de «{NBSP}{present}{NBSP}» par courriel"
        )
    return len(ready)


def note_sent(
    *, batch: EngagementRound, numbers: Iterable[int], way: SendingWay, on: dt.date, by: User | None
) -> int:
    """Note that these letters left otherwise than by mail; says how many.

    Raises `GovernanceRefused` when none was to be sent, or on a day to come.
    """
    with writing_round(batch=batch, by=by) as writing_now:
        present = writing_now.round
        if on > present.project.territory.today():
            raise GovernanceRefused("Cet envoi est à venir\u00a0: notez-le le jour venu.")
        files = printed_letters(present)
        rows = EngagementLetter.objects.filter(
            round=present, number__in=list(numbers), state=EngagementState.TO_SEND
        )
        letters = list(rows.in_order())
        if not letters:
            raise GovernanceRefused("Aucune de ces lettres n’est à envoyer.")
        for letter in letters:
            letter.round = present
            letter.state, letter.sent_by_way, letter.sent_on = EngagementState.SENT, way, on
            letter.printed = files.get(letter.number)
            letter.save()
        writing_now.made.words = (
            f"a noté l’envoi de {counted(len(letters), 'lettre')} de «{NBSP}{present}{NBSP}»"
        )
    return len(letters)


def remind_by_mail(
    *, batch: EngagementRound, numbers: Sequence[int], by: User, token: str = ""
) -> int:
    """Write again to those who did not answer, with a new link; says how many mails leave.

    Nobody is reminded twice the same day. Raises `GovernanceRefused`. As `send_by_mail`.
    """
    chosen = sorted(set(numbers))
    token = token_for(token, "remind", batch.pk, *chosen)
    with writing_round(batch=batch, by=by) as writing_now:
        if already_made(batch.project.scope, token):
            return 0
        writing_now.made.token = token
        present, today = writing_now.round, writing_now.round.project.territory.today()
        letters = [
            letter
            for letter in EngagementLetter.objects.filter(round=present, number__in=chosen)
            .silent()
            .exclude(email="")
            .in_order()
            if letter.reminded_on != today
        ]
        if not letters:
            raise GovernanceRefused(NOBODY_TO_REMIND)
        files = printed_letters(present)
        for letter in letters:
            letter.round = present
            letter.printed_id = letter.printed_id or getattr(files.get(letter.number), "pk", None)
            letter.reminded_on, letter.reminders = today, letter.reminders + 1
            _write_to(letter, reminds=True, by=by)
        writing_now.made.words = (
            f"a relancé {counted(len(letters), 'organisation')} de «{NBSP}{present}{NBSP}»"
        )
    return len(letters)


def _write_to(letter: EngagementLetter, *, reminds: bool, by: User) -> None:
    """Order the mail with a link of its own; the link sent before opens nothing any more."""
    if letter.link is not None:
        revoke_link(link=letter.link)
    until = letter.round.answer_by or letter.round.project.territory.today()
    days = max((until - timezone.localdate()).days, 0)
    letter.link, secret = make_link(
        purpose=LinkPurpose.ENGAGEMENT, valid_for=dt.timedelta(days=days) + OPEN_AFTER
    )
    url = settings.SITE_URL + reverse("governance:engagement_link", args=[secret])
    told = mail_of(letter, url=url, reminds=reminds, by=by)
    letter.mail = send_on_commit(
        to=told.to, subject=told.subject, body=told.body, reply_to=told.reply_to
    )
    letter.save()
