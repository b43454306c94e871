"""What a letter of engagement proposes, and where the letters of a batch stand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import NBSP, counted, day_in_words
from governance.enums import EngagementState, LetterPart
from governance.models import EngagementLetter
from governance.models.letters import LetterSection
from governance.summaries.letter_words import COMMITMENTS
from territories.models import Project

# « Périmètre de l’engagement » of the ANAP's framing letter, in its own words.
SOURCE_ITEMS: tuple[tuple[str, str], ...] = (
    ("diagnostic", "S’impliquer dans la réalisation du diagnostic territorial"),
    ("expertise", "Apporter son expertise et associer les professionnels"),
    (
        "feuille_de_route",
        "S’impliquer dans la rédaction de la feuille de route partagée au niveau du territoire",
    ),
    (
        "actions",
        "Contribuer et appuyer les actions attendues qui viseront à fluidifier le parcours actuel "
        "des personnes concernées",
    ),
    ("instances", "Participer aux instances de pilotage"),
    ("suivi", "Contribuer au suivi et à l’évaluation de l’expérimentation"),
    (
        "diffusion",
        "Prendre part à la diffusion de l’information et soutenir l’expérimentation",
    ),
)
SOURCE_TEXTS = dict(SOURCE_ITEMS)
# In days, from the date of the letters.
TIME_TO_ANSWER = 30


@dataclass(frozen=True)
class RoundWords:
    """What a batch of letters says when it is made; the lead rewrites what they like.

    A framing letter may give its own: its seven commitments as they were re-worded, its
    signatories, its duration (`proposed_words`).
    """

    name: str
    heading: str
    intro: str
    lead_in: str
    items: tuple[tuple[str, str], ...]
    duration: str
    closing: str
    signatory_name: str
    signatory_title: str
    place: str
    dated_on: dt.date
    answer_by: dt.date | None
    return_to: str


def proposed_words(
    project: Project,
    *,
    on: dt.date,
    items: Sequence[tuple[str, str]] = SOURCE_ITEMS,
    duration: str = "",
    signatory_name: str = "",
    signatory_title: str = "",
) -> RoundWords:
    """What a new batch proposes, from the source or from a framing letter. No query.

    `items` are codes of the source (blank for one of the lead's own) and texts. Expects the place.
    """
    territory = project.territory
    return RoundWords(
        name=f"Lettres d’engagement {on.year}",
        heading=f"Engagement dans le projet territorial de santé mentale{NBSP}: {territory.name}",
        intro=(
            "Le projet territorial de santé mentale réunit celles et ceux qui, sur notre "
            "territoire, accompagnent les personnes vivant avec des troubles psychiques et leurs "
            "proches. Sa réussite dépend de la part que chacun y prend.\n\n"
            "Nous vous proposons de confirmer cette participation par la présente lettre. Elle dit "
            "simplement ce que chaque partenaire apporte à la démarche, du diagnostic partagé au "
            "suivi des actions."
        ),
        lead_in="Notre organisme s’engage, selon ses missions et ses moyens, à",
        items=tuple(items),
        duration=duration
        or (
            "Cet engagement vaut pour la durée du projet, soit dix-huit mois, à partir de la "
            "signature de la présente lettre."
        ),
        closing=(
            "Nous vous remercions de nous retourner un exemplaire signé, et restons à votre "
            "disposition pour en parler."
        ),
        signatory_name=signatory_name,
        signatory_title=signatory_title or f"Pour le projet territorial, {territory.region}",
        place="",
        dated_on=on,
        answer_by=on + dt.timedelta(days=TIME_TO_ANSWER),
        return_to="",
    )


def framed_items(project: Project) -> tuple[tuple[str, str], ...]:
    """The engagements as the last framing letter has them, else those of the source. One query.

    One that the model worded, or that stands at its rank among seven, is known as the source's.
    """
    sections = LetterSection.objects.filter(
        letter__project=project, part=LetterPart.COMMITMENTS
    ).order_by("-letter__number", "-pk")
    section = sections.first()
    texts = [row[0].strip() for row in (section.rows if section else []) if row and row[0].strip()]
    if not texts:
        return SOURCE_ITEMS
    codes = [code for code, _ in SOURCE_ITEMS]
    ranks = codes if len(texts) == len(codes) else [""] * len(texts)
    modelled = dict(zip(COMMITMENTS, codes, strict=True))
    return tuple((modelled.get(text, code), text) for text, code in zip(texts, ranks, strict=True))


# --- Where the letters stand --------------------------------------------------------------------


@dataclass(frozen=True)
class LetterLine:
    """One letter on the board: what waits, said in words."""

    letter: EngagementLetter
    told: str
    is_late: bool
    directory_says: str


@dataclass(frozen=True)
class LetterCount:
    """How many letters are in one state."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class EngagementBoard:
    """All that the board of a batch says; the counts are those of the whole batch."""

    lines: tuple[LetterLine, ...]
    counts: tuple[LetterCount, ...]
    total: int
    late: int

    @property
    def label(self) -> str:
        """« 12 lettres, 4 signées »."""
        signed = next(one.count for one in self.counts if one.code == EngagementState.SIGNED)
        words = counted(self.total, "lettre")
        if not signed:
            return f"{words}, aucune signée"
        return f"{words}, {counted(signed, 'signée')}"

    @property
    def percent(self) -> int:
        """How much of the batch was answered, in percent."""
        answered = sum(
            one.count
            for one in self.counts
            if one.code in {EngagementState.SIGNED, EngagementState.REFUSED}
        )
        return answered * 100 // self.total if self.total else 0


def engagement_board(
    letters: Sequence[EngagementLetter], *, shown: Sequence[EngagementLetter], on: dt.date
) -> EngagementBoard:
    """The board of `shown`, among all the letters of a batch. No query; expects `for_list()`."""
    states = [letter.state for letter in letters]
    return EngagementBoard(
        lines=tuple(_line(letter, on) for letter in shown),
        counts=tuple(
            LetterCount(state.value, str(state.label), states.count(state))
            for state in EngagementState
        ),
        total=len(letters),
        late=sum(letter.is_late(on=on) for letter in letters),
    )


def _line(letter: EngagementLetter, on: dt.date) -> LetterLine:
    is_late = letter.is_late(on=on)
    return LetterLine(letter, _told(letter, on, is_late=is_late), is_late, directory_says(letter))


def _told(letter: EngagementLetter, on: dt.date, *, is_late: bool) -> str:
    """What one reads beside the state: since when, how, how late."""
    if letter.sent_on is None:
        return "" if letter.email else "Pas d’adresse électronique"
    if letter.is_answered and letter.answered_on:
        by = f" par {letter.signed_by}" if letter.is_signed and letter.signed_by else ""
        return f"le {day_in_words(letter.answered_on)}{by}"
    words = f"le {day_in_words(letter.sent_on)}, {letter.get_sent_by_way_display().lower()}"
    if letter.reminded_on:
        words += f", relancée le {day_in_words(letter.reminded_on)}"
    if is_late and letter.round.answer_by:
        days = (on - letter.round.answer_by).days
        words += f" · réponse en retard de {counted(days, 'jour')}"
    return words


def directory_says(letter: EngagementLetter) -> str:
    """What became of the organisation since its letter was made; blank when nothing did."""
    organisation = letter.organisation
    if organisation is None:
        return "Retirée de l’annuaire depuis"
    if organisation.closed_on is not None:
        return f"Fermée le {day_in_words(organisation.closed_on)}"
    if renamed := letter.renamed_to():
        return f"Devenue «{NBSP}{renamed}{NBSP}» dans l’annuaire"
    return ""
