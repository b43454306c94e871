"""Where a framing letter stands, part by part, and what two versions say differently."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.differences import Piece, word_differences
from core.rich_text import words_of
from governance.enums import FramingMeans, LetterPart, PartState
from governance.models import FramingCheck, FramingLetter, LetterSection
from governance.summaries.letter_facts import TO_COMPLETE, LetterFacts, facts_of
from governance.summaries.letter_words import MONTHS, Proposed, proposed
from territories.models import Project

ANNEX = (
    LetterPart.AXES,
    LetterPart.ACTORS,
    LetterPart.GROUND,
    LetterPart.SHARING,
    LetterPart.STEERING,
    LetterPart.CALENDAR,
    LetterPart.GROUPS,
)
# The columns of the parts that have a list.
COLUMNS: dict[str, tuple[str, ...]] = {
    LetterPart.COMMITMENTS: ("Engagement",),
    LetterPart.DURATION: ("Durée en mois",),
    LetterPart.SIGNATORIES: ("Nom", "Fonction", "Au nom de"),
    LetterPart.GROUND: ("Ce qu’il faut savoir", "Ce qui en est connu"),
    LetterPart.CALENDAR: ("Étape", "Début", "Fin"),
}


@dataclass(frozen=True)
class PartLine:
    """One part as the page of a letter lists it."""

    section: LetterSection
    is_annex: bool
    missing: int

    @property
    def is_read(self) -> bool:
        """Somebody kept it or rewrote it."""
        return self.section.state != PartState.TO_READ

    @property
    def rows(self) -> list[list[str]]:
        """What is listed under its text; the text of the duration tells it already."""
        return [] if self.section.part == LetterPart.DURATION else self.section.rows


@dataclass(frozen=True)
class LetterSummary:
    """Every part in the order of the letter, and how far its reading went."""

    lines: tuple[PartLine, ...]

    @property
    def read(self) -> int:
        """How many parts somebody kept or rewrote."""
        return sum(line.is_read for line in self.lines)

    @property
    def missing(self) -> int:
        """How many « à compléter » are left."""
        return sum(line.missing for line in self.lines)

    @property
    def next(self) -> PartLine | None:
        """The first part that nobody has read yet."""
        return next((line for line in self.lines if not line.is_read), None)

    @property
    def letter_parts(self) -> tuple[PartLine, ...]:
        """What is before the annex."""
        return tuple(line for line in self.lines if not line.is_annex)

    @property
    def annex_parts(self) -> tuple[PartLine, ...]:
        """The annex."""
        return tuple(line for line in self.lines if line.is_annex)


def letter_facts(letter: FramingLetter) -> LetterFacts:
    """What the letter says of its territory: as now while it is written, frozen afterwards.

    Three queries, or none.
    """
    if letter.facts is not None:
        return LetterFacts.from_json(letter.facts)
    return facts_of(letter.project, on=letter.project.territory.today())


def model_of(letter: FramingLetter, part: str, facts: LetterFacts) -> Proposed:
    """What the house would propose for a part today. One query for the duration."""
    return proposed(part, facts, on=letter.project.territory.today(), months=months_of(letter))


def months_of(letter: FramingLetter) -> int:
    """How long the engagement lasts; the usual time when it is not a number. One query."""
    section = letter.sections.filter(part=LetterPart.DURATION).first()
    found = re.match(r"\s*(\d{1,3})", section.lines if section else "")
    return int(found[1]) if found and int(found[1]) else MONTHS


def in_letter_order(sections: Iterable[LetterSection]) -> list[LetterSection]:
    """The parts as the letter reads."""
    ranks = {part: rank for rank, part in enumerate(LetterPart.values)}
    return sorted(sections, key=lambda section: ranks[section.part])


def letter_summary(letter: FramingLetter) -> LetterSummary:
    """Where each part stands; one query."""
    return LetterSummary(
        tuple(
            PartLine(
                section=section,
                is_annex=section.part in ANNEX,
                missing=f"{section.text} {section.lines}".count(TO_COMPLETE),
            )
            for section in in_letter_order(letter.sections.all())
        )
    )


@dataclass(frozen=True)
class PartDifference:
    """One part in two versions: each side's words, and both in one."""

    name: str
    before: str
    after: str
    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Nothing changed there."""
        return self.before == self.after


def compare(before: FramingLetter, after: FramingLetter) -> list[PartDifference]:
    """What two versions say, part by part; two queries."""
    sides = [
        {section.part: said_by(section) for section in letter.sections.all()}
        for letter in (before, after)
    ]
    return [
        PartDifference(
            name=part.label,
            before=sides[0].get(part, ""),
            after=sides[1].get(part, ""),
            pieces=word_differences(sides[0].get(part, ""), sides[1].get(part, "")),
        )
        for part in LetterPart
    ]


def said_by(section: LetterSection) -> str:
    """The words of a part, its lines after them."""
    lines = section.lines.replace("|", "·")
    return "\n".join(filter(None, [words_of(section.text), lines]))


@dataclass(frozen=True)
class CheckLine:
    """One thing that the framing phase must settle."""

    means: str
    label: str
    is_done: bool
    note: str


def framing_checks(project: Project) -> list[CheckLine]:
    """All of them, followed or not; one query."""
    known = {check.means: check for check in FramingCheck.objects.of(project)}
    return [
        CheckLine(
            means=means.value,
            label=str(means.label),
            is_done=means in known and known[means].is_done,
            note=known[means].note if means in known else "",
        )
        for means in FramingMeans
    ]
