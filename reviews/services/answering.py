"""Answering about one sheet: typed as a draft, sent, corrected until it is validated."""

import contextlib
import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import count_use
from core.text import NBSP
from documents.attachments import AttachmentRefused, attach
from journal.enums import Source
from journal.reading import already_made
from journal.recording import Gesture, Values
from journal.tracing import plain_values
from reviews.enums import AnsweredFrom, LetterKind, UpdateState
from reviews.models import Evidence, LateText, ObjectiveUpdate, Respondent, Update
from reviews.services.letters import WrittenAlready, tell_lead, write_to
from reviews.summaries.answers import answer_said
from reviews.writing import ReviewRefused, writing_campaign

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

logger = logging.getLogger(__name__)

# What the page sends back of itself; the rest of the token says what is sent.
PAGE_TOKEN = 32
MOST_EVIDENCE = 10


class AnswerElsewhere(ReviewRefused):
    """The sheet was handed over, or given back: somebody else answers about it."""


@dataclass(frozen=True)
class Answerer:
    """Who types, and in whose name: by a mail's link, by an account, or a lead for a pilot."""

    origin: AnsweredFrom
    user: User | None = None
    # Whose answer it is; nobody's when a lead types for somebody who is not asked.
    respondent: Respondent | None = None
    on_behalf: str = ""
    link: int | None = None

    @property
    def name(self) -> str:
        """As the papers say it: « Maya Legrand », « Agnès Roche pour Maya Legrand »."""
        if self.origin == AnsweredFrom.LEAD and self.user is not None:
            pilot = f" pour {self.on_behalf}" if self.on_behalf else ""
            return f"{self.user.get_full_name()}{pilot}"
        return self.respondent.name if self.respondent else ""

    @property
    def by(self) -> User | None:
        """The account that the journal names; a link has none, whoever is signed in beside."""
        return None if self.origin == AnsweredFrom.LINK else self.user

    @property
    def source(self) -> Source:
        return Source.LINK if self.origin == AnsweredFrom.LINK else Source.PAGE

    def answers_for(self, update: Update) -> bool:
        """A lead for each; anybody else, as long as the sheet is theirs. Expects respondents."""
        if self.origin == AnsweredFrom.LEAD:
            return True
        return self.respondent is not None and self.respondent in update.respondents.all()


@dataclass
class Answering:
    """The gesture under way, and the answer as the base holds it now."""

    made: Gesture
    update: Update
    by: Answerer
    objectives: list[ObjectiveUpdate]
    is_sent_already: bool = False
    # When it comes in: now, unless told.
    at: dt.datetime | None = None
    before: dict[int, Values] = field(default_factory=dict)
    # Columns of the answer that a form gave another value.
    changed: set[str] = field(default_factory=set)

    @property
    def sheet(self) -> str:
        """« la fiche 12 »."""
        return f"la fiche{NBSP}{self.update.action.number}"


def page_token(typed: str, *contents: object) -> str:
    """The token of one gesture made from a page: that of the page, then what is sent.

    All those of one page begin alike (`journal.forms.TracedForm`, `own`); only the same thing sent
    twice is one gesture. Nothing without a token.
    """
    if not typed:
        return ""
    digest = hashlib.sha256("\0".join(map(str, contents)).encode()).hexdigest()
    return f"{typed[:PAGE_TOKEN]}-{digest[: 63 - PAGE_TOKEN]}"


@contextlib.contextmanager
def answering(
    update: Update, *, by: Answerer, token: str = "", at: dt.datetime | None = None
) -> Iterator[Answering]:
    """What one person does to one answer, its campaign locked meanwhile; now, unless told `at`.

    Gives the answer read again under the lock: write on that one. Raises `CampaignClosed`,
    `AnswerElsewhere`, or `ReviewRefused` when it was validated meanwhile. Six queries.
    """
    signed = by.name[:200]
    with writing_campaign(
        update.campaign, by=by.by, source=by.source, signed=signed, token=token
    ) as writing:
        present = Update.objects.for_writing().filter(pk=update.pk).first()
        if present is None or not writing.campaign.is_open:
            raise ReviewRefused(
                "Cette fiche n’est plus dans la revue en cours\u00a0: rien n’a été enregistré."
            )
        present.campaign = writing.campaign
        is_sent_already = bool(already_made(writing.campaign.scope, token))
        if present.is_validated and not is_sent_already:
            raise ReviewRefused(
                "La coordination a validé cette réponse\u00a0: elle ne se corrige plus d’ici. "
                "Écrivez-lui si quelque chose a changé."
            )
        if not is_sent_already and not by.answers_for(present):
            raise AnswerElsewhere(
                "Cette fiche ne fait plus partie des vôtres\u00a0: quelqu’un d’autre y répond."
            )
        objectives = list(present.objectives.all())
        yield Answering(
            made=writing.made,
            update=present,
            by=by,
            objectives=objectives,
            is_sent_already=is_sent_already,
            at=at,
            before={line.pk: plain_values(line) for line in objectives}
            | {0: plain_values(present)},
        )


def keep_draft(writing: Answering) -> bool:
    """Keep what is typed without sending it; says whether anything changed.

    An answer that was sent already is corrected by sending it again, never by half. Raises
    `ReviewRefused`. Nine queries when something changed.
    """
    update = writing.update
    if update.is_submitted:
        raise ReviewRefused(
            "Cette réponse est déjà envoyée\u00a0: envoyez la correction, ou quittez la page."
        )
    is_new = update.state == UpdateState.TO_FILL
    if not _write(writing):
        return False
    update.state = UpdateState.DRAFT if is_new else update.state
    _sign(writing, ["state"])
    verb = "a commencé" if is_new else "a continué"
    writing.made.words = f"{verb} la réponse sur {writing.sheet}"
    return True


def send_answer(writing: Answering) -> bool:
    """Send the answer as it is written, or its correction; says whether anything was sent.

    A receipt leaves by mail. Sent twice with one token, or corrected by nothing, it is sent once.
    Raises `ReviewRefused` when it was validated meanwhile, or lacks a reason. About thirty queries.
    """
    if writing.is_sent_already:
        return False
    rows: list[Update | ObjectiveUpdate] = [writing.update, *writing.objectives]
    for row in rows:
        row.settle()
    lacking = [sentence for row in rows for sentence in row.lacks.values()]
    if lacking:
        raise ReviewRefused(" ".join(dict.fromkeys(lacking)))
    is_correction = writing.update.is_submitted
    if not _write(writing) and is_correction:
        return False
    writing.update.is_unchanged = False
    verb = "a corrigé la réponse" if is_correction else "a répondu"
    _submit(writing, f"{verb} sur {writing.sheet}")
    return True


def send_unchanged(*, update: Update, by: Answerer, token: str = "") -> Answering:
    """Say in one gesture that nothing changed: the answer is sent as it was pre-filled.

    Raises `ReviewRefused` when somebody began to answer otherwise. About thirty queries.
    """
    token = page_token(token, "inchangé", update.pk)
    with answering(update, by=by, token=token) as writing:
        if writing.is_sent_already:
            return writing
        if writing.update.state != UpdateState.TO_FILL:
            raise ReviewRefused(
                "Une réponse est déjà commencée sur cette fiche\u00a0: relisez-la, puis envoyez-la."
            )
        writing.update.is_unchanged = True
        _submit(writing, f"a répondu que rien n’a changé sur {writing.sheet}")
    return writing


def add_evidence(
    writing: Answering, *, upload: "UploadedFile[bytes] | None", url: str, name: str
) -> Evidence:
    """Hang a file or a link on the answer. Raises `AttachmentRefused`. Three queries."""
    if writing.update.evidence.count() >= MOST_EVIDENCE:
        raise AttachmentRefused(
            f"Cette réponse a déjà {MOST_EVIDENCE}{NBSP}pièces jointes{NBSP}: retirez-en une, ou "
            "joignez un lien vers un dossier.",
            field="upload",
        )
    by = writing.by
    attachment = attach(upload=upload, url=url, name=name, by=by.by, signed=by.name)
    evidence = Evidence.objects.create(update=writing.update, attachment=attachment)
    writing.made.words = f"a joint «{NBSP}{attachment}{NBSP}» à la réponse sur {writing.sheet}"
    return evidence


def remove_evidence(writing: Answering, *, key: int) -> None:
    """Take a file or a link away from the answer; nothing when it is gone already."""
    present = Evidence.objects.filter(pk=key, update=writing.update).first()
    if present is not None:
        present.delete()
        writing.made.words = f"a retiré une pièce jointe de la réponse sur {writing.sheet}"


def keep_late_text(*, update: Update, by: Answerer, text: str) -> None:
    """Keep what came just after the closing, beside the answer, and tell the lead once.

    The frozen answer does not change. Nothing when nothing was typed. About six queries.
    """
    if not text:
        return
    fields = {"text": text, "respondent": by.respondent, "written_at": timezone.now()}
    with transaction.atomic():
        _, is_new = LateText.objects.update_or_create(
            update=update, signed=by.name[:400], defaults=fields
        )
        if is_new:
            tell_lead(
                update.campaign,
                subject=f"Fiche {update.action.number}{NBSP}: un texte arrivé après la clôture",
                body=(
                    f"{by.name} écrivait encore sur la fiche {update.action.number} quand la revue "
                    f"{update.campaign.reviewed} a été clôturée. La réponse gelée n’a pas changé. "
                    f"Voici ce qui venait d’être écrit{NBSP}:\n\n{text}"
                ),
            )
    logger.info("Answer %s: words kept after the closing", update.pk)


def _write(writing: Answering) -> bool:
    """Write the columns that differ from what the base holds; says whether any did."""
    update = writing.update
    writing.changed = _differing(update, writing.before[0])
    lines = [line for line in writing.objectives if _differing(line, writing.before[line.pk])]
    if lines:
        names = ["answer", "slipped_to", "slip_reason"]
        ObjectiveUpdate.objects.bulk_update(lines, names)
    return bool(writing.changed or lines)


def _differing(row: Update | ObjectiveUpdate, before: Values) -> set[str]:
    return {name for name, value in plain_values(row).items() if value != before[name]}


def _sign(writing: Answering, names: Iterable[str]) -> None:
    """Save the answer, which says by whom and how it came."""
    update, by = writing.update, writing.by
    update.answered_from, update.answered_by = by.origin, by.respondent
    update.answered_name = by.name[:400]
    signature = {"answered_from", "answered_by", "answered_name"}
    update.save(update_fields={*names, *writing.changed, *signature})


def _submit(writing: Answering, words: str) -> None:
    update = writing.update
    update.state, update.submitted_at = UpdateState.SUBMITTED, writing.at or timezone.now()
    _sign(writing, ["state", "submitted_at", "is_unchanged"])
    writing.made.words = words
    if writing.by.link is not None:
        count_use(link_pk=writing.by.link)
    _acknowledge(writing)
    logger.info("Answer %s received (%s)", update.pk, writing.by.origin)


def _acknowledge(writing: Answering) -> None:
    """The receipt, to whoever the answer is from; one a sending."""
    respondent, update = writing.by.respondent, writing.update
    if respondent is None or not respondent.email:
        return
    respondent.campaign = update.campaign
    sent = Update.objects.for_reading().select_related("action", "campaign").get(pk=update.pk)
    with contextlib.suppress(WrittenAlready):
        write_to(
            respondent,
            kind=LetterKind.RECEIPT,
            subject=(
                f"{update.campaign.project.territory.name}{NBSP}: votre réponse sur la fiche "
                f"{update.action.number} est reçue"
            ),
            context={"update": update, "said": answer_said(sent), "typed_by": _typed_by(writing)},
            occasion=f"{update.pk}-{update.submitted_at:%Y%m%d%H%M%S%f}",
            at=writing.at,
        )


def _typed_by(writing: Answering) -> str:
    """The lead who typed it for somebody; nothing when they answered themselves."""
    by = writing.by
    return by.user.get_full_name() if by.origin == AnsweredFrom.LEAD and by.user else ""
