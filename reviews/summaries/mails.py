"""What became of the mails of a campaign, and what is left to do about each."""

from collections.abc import Collection
from dataclasses import dataclass

from core.enums import MailState
from core.models import Mail
from reviews.enums import SILENT_STATES, LetterKind
from reviews.models import Campaign, Charge, Letter, Respondent

TROUBLES = frozenset({MailState.REFUSED, MailState.UNCERTAIN})
# A receipt, a word to the lead, a test: nobody waits for them.
NOT_SENT_AGAIN = frozenset({LetterKind.RECEIPT, LetterKind.TO_LEAD, LetterKind.TEST})


@dataclass(frozen=True)
class MailLine:
    """One mail of the log."""

    letter: Letter
    # Something went wrong, and nothing was done about it yet.
    is_to_mend: bool
    can_be_resent: bool
    was_resent: bool

    @property
    def mail(self) -> Mail:
        return self.letter.mail

    @property
    def is_refused(self) -> bool:
        return self.mail.state == MailState.REFUSED

    @property
    def is_uncertain(self) -> bool:
        return self.mail.state == MailState.UNCERTAIN

    @property
    def is_waiting(self) -> bool:
        """The mail server did not take it yet: it is tried again by itself."""
        return self.mail.state in {MailState.WAITING, MailState.SENDING}


@dataclass(frozen=True)
class MailLog:
    """Every mail, the latest first, and whoever was never written to."""

    lines: tuple[MailLine, ...]
    unwritten: tuple[Respondent, ...]

    @property
    def to_mend(self) -> tuple[MailLine, ...]:
        return tuple(line for line in self.lines if line.is_to_mend)


def mail_log(campaign: Campaign) -> MailLog:
    """The log of a campaign: three queries."""
    letters = list(campaign.letters.for_list().select_related("mail", "respondent__person"))
    expected = set(
        Charge.objects.filter(
            respondent__campaign=campaign, update__state__in=SILENT_STATES
        ).values_list("respondent", flat=True)
    )
    occasions = {letter.occasion for letter in letters}
    written = {letter.respondent_id for letter in letters}
    people = campaign.respondents.select_related("person").in_order()
    return MailLog(
        lines=tuple(_line(letter, occasions, expected, campaign) for letter in letters),
        unwritten=tuple(one for one in people if one.pk in expected and one.pk not in written),
    )


def _line(
    letter: Letter, occasions: Collection[str], expected: Collection[int], campaign: Campaign
) -> MailLine:
    was_resent = f"renvoi {letter.pk}" in occasions
    is_expected = letter.respondent_id in expected and letter.kind not in NOT_SENT_AGAIN
    has_trouble = letter.mail.state in TROUBLES
    return MailLine(
        letter=letter,
        is_to_mend=has_trouble and is_expected and not was_resent,
        can_be_resent=campaign.is_open and has_trouble and is_expected and not was_resent,
        was_resent=was_resent,
    )


def refused_addresses(addresses: Collection[str]) -> dict[str, Mail]:
    """The addresses to which the last mail that was settled did not go, and that mail. One query.

    Whatever the mail was about: an address that refused an invitation refuses a review too.
    """
    settled = Mail.objects.filter(to__in=addresses, settled_at__isnull=False)
    latest = {mail.to: mail for mail in settled.defer("body").order_by("settled_at", "pk")}
    return {to: mail for to, mail in latest.items() if mail.state in TROUBLES}
