"""What the framing letter prints, as plain values: PDF and Word are made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, day_in_words
from documents.kinds import PaperRefused
from governance.enums import LetterPart
from governance.models import FramingLetter, LetterSection
from governance.summaries.letter_facts import BodyFact, LetterFacts
from governance.summaries.letters import ANNEX, in_letter_order, letter_facts
from territories.models import Project

KIND = "Lettre de cadrage"


@dataclass(frozen=True)
class LetterImprint:
    """The head and foot of the paper, in printed words."""

    title: str
    territory: str
    is_fictional: bool
    author: str
    foot: str
    stated_iso: str


@dataclass(frozen=True)
class PrintedPart:
    """One part: its number, its name, its HTML, its lines."""

    code: str
    number: int
    name: str
    text: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PrintedLetter:
    """Everything that the letter prints."""

    imprint: LetterImprint
    version: int
    # « Projet » until it is signed.
    is_project: bool
    state: str
    region: str
    agency: str
    departments: str
    project: str
    signed: str
    seal: str
    parts: tuple[PrintedPart, ...]
    annex: tuple[PrintedPart, ...]
    identity: tuple[tuple[str, str], ...]
    steering: tuple[BodyFact, ...]
    groups: tuple[BodyFact, ...]


def letter_title(project: Project, choices: Mapping[str, Any]) -> str:
    """« Lettre de cadrage · PTSM Mayenne · version 2 ». One query."""
    return _title(_letter(project, choices))


def letter_context(project: Project, choices: Mapping[str, Any]) -> dict[str, PrintedLetter]:
    """The letter as it stands, or as it was proposed; about five queries."""
    letter = _letter(project, choices)
    facts = letter_facts(letter)
    sections = in_letter_order(letter.sections.all())
    return {"paper": _printed(letter, facts, sections)}


def _letter(project: Project, choices: Mapping[str, Any]) -> FramingLetter:
    letters = FramingLetter.objects.of(project).with_place()
    chosen = str(choices.get("version") or "")
    if chosen.isdigit():
        letters = letters.filter(number=int(chosen))
    letter = letters.first()
    if letter is None:
        raise PaperRefused(
            f"Cette version de la lettre de cadrage n’existe pas{NBSP}: ouvrez sa page."
        )
    return letter


def _title(letter: FramingLetter) -> str:
    return f"{KIND} · PTSM {letter.project.territory.name} · version {letter.number}"


def _printed(
    letter: FramingLetter, facts: LetterFacts, sections: list[LetterSection]
) -> PrintedLetter:
    body = [section for section in sections if section.part not in ANNEX]
    annex = [section for section in sections if section.part in ANNEX]
    return PrintedLetter(
        imprint=_imprint(letter, facts),
        version=letter.number,
        is_project=not letter.is_signed,
        state=str(letter.get_state_display()),
        region=facts.region,
        agency=facts.agency,
        departments=facts.departments_in_words,
        project=facts.project,
        signed=_signed(letter),
        seal=letter.scan.sha256 if letter.scan else "",
        parts=tuple(_part(one, rank) for rank, one in enumerate(body, start=1)),
        annex=tuple(_part(one, rank, is_annex=True) for rank, one in enumerate(annex, start=1)),
        identity=tuple({**dict(facts.identity), **dict(_known(sections))}.items()),
        steering=facts.steering,
        groups=facts.groups,
    )


def _known(sections: list[LetterSection]) -> list[tuple[str, str]]:
    """What was typed to complete the identity card; it wins over what is not known."""
    ground = next(section for section in sections if section.part == LetterPart.GROUND)
    return [(row[0], " ".join(row[1:])) for row in ground.rows]


def _signed(letter: FramingLetter) -> str:
    if letter.signed_on is None:
        return ""
    return f"Signée à {letter.signed_at}, le {day_in_words(letter.signed_on)}"


def _part(section: LetterSection, rank: int, *, is_annex: bool = False) -> PrintedPart:
    return PrintedPart(
        code=section.part,
        number=rank,
        name=str(section.get_part_display()),
        text=_lowered(section.text) if is_annex else section.text,
        rows=tuple(tuple(row) for row in section.rows),
    )


def _lowered(html: str) -> str:
    """Titles one level lower: the parts of the annex are one level below it."""
    for level in (4, 3):
        html = html.replace(f"<h{level}>", f"<h{level + 1}>")
        html = html.replace(f"</h{level}>", f"</h{level + 1}>")
    return html


def _imprint(letter: FramingLetter, facts: LetterFacts) -> LetterImprint:
    day = letter.signed_on or letter.proposed_on or letter.project.changed_on
    stated = "Signée" if letter.is_signed else "Proposée"
    is_dated = letter.proposed_on is not None
    words = f"{stated} le {day_in_words(day)}" if is_dated else "Projet en rédaction"
    return LetterImprint(
        title=_title(letter),
        territory=facts.territory,
        is_fictional=facts.is_fictional,
        author=letter.project.author,
        foot=f"PTSM {facts.territory} · {KIND}, version {letter.number} · {words}",
        stated_iso=day.isoformat(),
    )
