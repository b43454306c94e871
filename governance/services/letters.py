"""What is done to a framing letter: prepared, read part by part, proposed, signed."""

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import User
from core.text import NBSP, day_in_words
from documents.attachments.contents import AttachmentRefused
from documents.attachments.keeping import attach_file
from documents.attachments.names import extension_of
from governance.enums import LetterPart, LetterState, PartState
from governance.models import FramingCheck, FramingLetter, LetterSection
from governance.summaries.letter_facts import facts_of
from governance.summaries.letter_words import MONTHS, proposed
from governance.summaries.letters import framing_checks, letter_facts, model_of, months_of
from governance.writing import GovernanceRefused
from journal.recording import Gesture, gesture
from territories.models import Project
from territories.writing import writing

if TYPE_CHECKING:
    # Generic for the type checker alone.
    from django.core.files.uploadedfile import UploadedFile

NOT_A_PDF = (
    f"n’est pas un PDF. Numérisez la lettre signée en PDF, puis choisissez ce fichier{NBSP}: rien "
    "n’a été enregistré."
)


@dataclass
class LetterGesture:
    """The gesture under way, and the letter as the base holds it now."""

    made: Gesture
    letter: FramingLetter


@contextlib.contextmanager
def writing_letter(
    letter: FramingLetter, *, by: User, words: str = "", state: LetterState = LetterState.DRAFT
) -> Iterator[LetterGesture]:
    """What one person does to one version, locked meanwhile, in its own journal place.

    Nobody takes it back from the history of the roadmap: a signed letter never changes. Raises
    `GovernanceRefused` when the version is not in that state any more. Two queries, and five more
    when something changed.
    """
    with gesture(by=by, words=words) as made:
        locked = FramingLetter.objects.select_for_update(of=("self",)).with_place()
        present = locked.filter(pk=letter.pk).first()
        if present is None or present.state != state:
            raise GovernanceRefused(_moved_on(present))
        made.concerns(present.scope, present.revise)
        yield LetterGesture(made, present)


def _moved_on(letter: FramingLetter | None) -> str:
    if letter is None:
        return "Cette lettre a été supprimée pendant que vous écriviez."
    state = letter.get_state_display().lower()
    return (
        f"La version {letter.number} est maintenant «{NBSP}{state}{NBSP}»{NBSP}: rien n’a été "
        "enregistré. Pour la modifier, préparez une nouvelle version, ou faites-la revenir en "
        "rédaction si elle n’est pas signée."
    )


def prepare_letter(*, project: Project, by: User) -> FramingLetter:
    """The version in which one writes: the one under way, or a new one.

    The first one is written from the model, the next ones start from the latest. Pressed twice,
    it is one version. About ten queries.
    """
    with gesture(by=by) as made:
        # Two clicks at the same moment: the second one waits here, and finds the first one's.
        Project.objects.select_for_update().filter(pk=project.pk).first()
        latest = FramingLetter.objects.of(project).first()
        if latest is not None and latest.is_draft:
            return latest
        letter = FramingLetter(project=project, number=latest.number + 1 if latest else 1)
        letter.save()
        made.concerns(letter.scope, letter.revise)
        made.words = f"a préparé la lettre de cadrage, version {letter.number}"
        sections = _copied(latest) if latest else _from_the_model(project)
        for section in sections:
            section.letter = letter
        LetterSection.objects.bulk_create(sections)
    return letter


def _from_the_model(project: Project) -> list[LetterSection]:
    today = project.territory.today()
    facts = facts_of(project, on=today)
    models = {part: proposed(part, facts, on=today) for part in LetterPart}
    return [
        LetterSection(part=part, text=model.text, lines=model.lines)
        for part, model in models.items()
    ]


def _copied(letter: FramingLetter) -> list[LetterSection]:
    return [
        LetterSection(part=one.part, text=one.text, lines=one.lines, state=one.state)
        for one in letter.sections.order_by("pk")
    ]


def keep_part(*, letter: FramingLetter, part: str, by: User) -> None:
    """Say that a part was read and stands as it is. Raises `GovernanceRefused`."""
    with writing_letter(letter, by=by) as under_way:
        section = under_way.letter.sections.get(part=part)
        if section.state == PartState.TO_READ:
            section.state = PartState.KEPT
            section.save(update_fields=["state"])
        under_way.made.words = f"a relu «{NBSP}{section}{NBSP}»"


def keep_the_rest(*, letter: FramingLetter, by: User) -> int:
    """Say of every part not yet read that it stands as it is; gives how many."""
    with writing_letter(letter, by=by, words="a relu le reste de la lettre") as under_way:
        waiting = LetterSection.objects.filter(letter=under_way.letter).waiting()
        return waiting.update(state=PartState.KEPT)


def restore_part(*, letter: FramingLetter, part: str, by: User) -> None:
    """Give a part back the sentences of the model, filled as of today."""
    with writing_letter(letter, by=by) as under_way:
        present = under_way.letter
        section = present.sections.get(part=part)
        model = model_of(present, part, letter_facts(present))
        section.text, section.lines, section.state = model.text, model.lines, PartState.KEPT
        section.save(update_fields=["text", "lines", "state"])
        under_way.made.words = f"est revenu au modèle pour «{NBSP}{section}{NBSP}»"


def settle_part(*, section: LetterSection, was: LetterSection) -> None:
    """Before a part is saved: whether it still says what the model says; it stays unsaved.

    The model's sentence about the duration follows the number typed beside it. Four queries.
    """
    letter = section.letter
    today = letter.project.territory.today()
    months = _months(section) if section.part == LetterPart.DURATION else months_of(letter)
    facts = letter_facts(letter)
    if section.part == LetterPart.DURATION and section.text == was.text:
        before = proposed(section.part, facts, on=today, months=_months(was))
        if was.text == before.text:
            section.text = proposed(section.part, facts, on=today, months=months).text
    model = proposed(section.part, facts, on=today, months=months)
    is_kept = (section.text, section.lines) == (model.text, model.lines)
    section.state = PartState.KEPT if is_kept else PartState.REWRITTEN


def _months(section: LetterSection) -> int:
    return int(section.lines) if section.lines.isdigit() else MONTHS


def propose_letter(*, letter: FramingLetter, by: User, on: dt.date | None = None) -> None:
    """Freeze what the letter says, live parts included, to be signed; today unless told."""
    with writing_letter(letter, by=by, words="a proposé la lettre à la signature") as under_way:
        present = under_way.letter
        today = present.project.territory.today()
        present.facts = facts_of(present.project, on=today).as_json()
        present.state, present.proposed_on = LetterState.PROPOSED, on or today
        present.save(update_fields=["facts", "state", "proposed_on"])


def reopen_letter(*, letter: FramingLetter, reason: str, by: User) -> None:
    """A proposed letter goes back to its writing; the history says why."""
    with writing_letter(letter, by=by, state=LetterState.PROPOSED) as under_way:
        present = under_way.letter
        if FramingLetter.objects.of(present.project).filter(number__gt=present.number).exists():
            raise GovernanceRefused(
                f"Une version plus récente existe déjà{NBSP}: c’est elle qui se modifie."
            )
        present.facts, present.state, present.proposed_on = None, LetterState.DRAFT, None
        present.save(update_fields=["facts", "state", "proposed_on"])
        under_way.made.words = f"a fait revenir la lettre en rédaction{NBSP}: {reason}"


def sign_letter(
    *,
    letter: FramingLetter,
    on: dt.date,
    place: str,
    upload: "UploadedFile[bytes]",
    by: User,
) -> None:
    """Keep the signed scan, its day and its place: the letter never changes again.

    Raises `AttachmentRefused` when the scan is no PDF, is too big, or is locked, and
    `GovernanceRefused` when the day is to come: nothing is stored then.
    """
    if extension_of(upload.name or "") != "pdf":
        raise AttachmentRefused(f"«{NBSP}{upload.name}{NBSP}» {NOT_A_PDF}", field="upload")
    with writing_letter(letter, by=by, state=LetterState.PROPOSED) as under_way:
        present = under_way.letter
        if on > present.project.territory.today():
            raise GovernanceRefused(
                f"La date de signature est à venir{NBSP}: notez-la le jour venu."
            )
        present.scan = attach_file(upload=upload, by=by)
        present.state, present.signed_on, present.signed_at = LetterState.SIGNED, on, place
        present.save(update_fields=["scan", "state", "signed_on", "signed_at"])
        under_way.made.words = f"a noté la lettre signée le {day_in_words(on)} à {place}"


def follow_checks(*, project: Project, answers: Mapping[str, tuple[bool, str]], by: User) -> None:
    """Keep what the framing phase has settled. About as many queries as lines that changed."""
    with writing(project, by=by, on_paper=False, words="a suivi les moyens du cadrage"):
        rows = {row.means: row for row in FramingCheck.objects.of(project)}
        for line in framing_checks(project):
            is_done, note = answers.get(line.means, (line.is_done, line.note))
            if (is_done, note) == (line.is_done, line.note):
                continue
            row = rows.get(line.means) or FramingCheck(project=project, means=line.means)
            row.is_done, row.note = is_done, note
            row.save()
