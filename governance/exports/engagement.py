"""The letters of engagement as papers: one alone, or all those of a batch in one archive."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.text import NBSP, counted, day_in_words
from documents.kinds import PARTS, PaperRefused, Part
from documents.workbooks import Cell, ColumnShape, SheetShape, Workbook, write_workbook
from governance.models import EngagementItem, EngagementLetter, EngagementRound
from governance.summaries.engagement import directory_says
from territories.models import Project

LETTER, LETTERS = "lettre-engagement", "lettres-engagement"
# How an order names one letter: « 2-14 », the batch and the letter.
ONE = re.compile(r"\A(\d{1,9})-(\d{1,9})\Z", re.ASCII)
# What no common system takes in the name of a file.
FORBIDDEN = re.compile(r"[\\/:*?\"<>|]+")
LONGEST_NAME = 80
NO_SUCH_LETTER = "Cette lettre d’engagement n’existe pas, ou plus."
NO_SUCH_ROUND = "Cet envoi n’existe pas, ou plus."
NO_LETTER = (
    "Cet envoi n’a encore aucune lettre\u00a0: choisissez d’abord les organisations à qui écrire."
)


@dataclass(frozen=True)
class LetterImprint:
    """What every paper says of itself."""

    title: str
    territory: str
    author: str
    is_fictional: bool
    foot: str
    stated_iso: str


@dataclass(frozen=True)
class LetterPaper:
    """Everything that one letter prints."""

    imprint: LetterImprint
    project: str
    region: str
    recipient: str
    address: tuple[str, ...]
    contact: str
    place_and_date: str
    reference: str
    subject: str
    intro: tuple[str, ...]
    lead_in: str
    items: tuple[str, ...]
    duration: tuple[str, ...]
    closing: tuple[str, ...]
    signatory_name: str
    signatory_title: str
    answer_by: str
    return_to: tuple[str, ...]


def letter_context(project: Project, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """One letter; four queries. `PaperRefused` when it is gone."""
    letter = _chosen_letter(project, chosen)
    items = list(EngagementItem.objects.filter(round=letter.round).in_order())
    return {"paper": _paper(project, letter, items)}


def letter_title(project: Project, chosen: Mapping[str, Any]) -> str:
    """« Lettre d’engagement · CCAS de Valmont ». One query."""
    return _title(_chosen_letter(project, chosen))


def letters_context(project: Project, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """All the letters of a batch, each a part; three queries. `PaperRefused` without any."""
    batch = _chosen_round(project, chosen)
    items = list(EngagementItem.objects.filter(round=batch).in_order())
    letters = list(EngagementLetter.objects.filter(round=batch).in_order())
    if not letters:
        raise PaperRefused(NO_LETTER)
    for letter in letters:
        letter.round = batch
    return {PARTS: tuple(_part(project, letter, items) for letter in letters)}


def letters_title(project: Project, chosen: Mapping[str, Any]) -> str:
    """« Lettres d’engagement 2026 · toutes les lettres ». One query."""
    return f"{_chosen_round(project, chosen).name} · toutes les lettres"


def parameters_of(letter: EngagementLetter) -> dict[str, str]:
    """How an order names that letter. Expects the batch."""
    return {"lettre": f"{letter.round.number}-{letter.number}"}


def _part(project: Project, letter: EngagementLetter, items: list[EngagementItem]) -> Part:
    return Part(
        name=file_name(letter),
        kind=LETTER,
        parameters=parameters_of(letter),
        context={"paper": _paper(project, letter, items)},
    )


def file_name(letter: EngagementLetter) -> str:
    """« 014 Centre hospitalier d’Émeraude.pdf »: readable everywhere, never twice in a batch."""
    words = FORBIDDEN.sub("-", unicodedata.normalize("NFC", letter.name))
    kept = "".join(char for char in words if unicodedata.category(char)[0] != "C")
    name = " ".join(kept.split())[:LONGEST_NAME].strip(" .-")
    return f"{letter.number:03} {name or 'organisation'}.pdf"


def _chosen_letter(project: Project, chosen: Mapping[str, Any]) -> EngagementLetter:
    named = ONE.match(str(chosen.get("lettre", "")))
    rows = EngagementLetter.objects.select_related("round").filter(round__project=project)
    letter = rows.filter(round__number=named[1], number=named[2]).first() if named else None
    if letter is None:
        raise PaperRefused(NO_SUCH_LETTER)
    return letter


def _chosen_round(project: Project, chosen: Mapping[str, Any]) -> EngagementRound:
    number = str(chosen.get("envoi", ""))
    rounds = EngagementRound.objects.filter(project=project)
    found = number.isascii() and number.isdecimal() and len(number) < 10
    batch = rounds.filter(number=number).first() if found else None
    if batch is None:
        raise PaperRefused(NO_SUCH_ROUND)
    return batch


def _title(letter: EngagementLetter) -> str:
    return f"Lettre d’engagement · {letter.name}"


def _paper(project: Project, letter: EngagementLetter, items: list[EngagementItem]) -> LetterPaper:
    batch, territory = letter.round, project.territory
    day = day_in_words(batch.dated_on)
    last = len(items) - 1
    return LetterPaper(
        imprint=LetterImprint(
            title=_title(letter),
            territory=territory.name,
            author=project.author,
            is_fictional=territory.is_fictional,
            foot=f"PTSM {territory.name} · {batch.name}",
            stated_iso=batch.dated_on.isoformat(),
        ),
        project=project.title_and_period,
        region=str(territory.region),
        recipient=letter.name,
        address=_lines(letter.address),
        contact=letter.contact_name,
        place_and_date=f"{batch.place}, le {day}" if batch.place else f"Le {day}",
        reference=f"Lettre {letter.number} · {batch.name}",
        subject=batch.heading,
        intro=_paragraphs(batch.intro),
        lead_in=batch.lead_in.rstrip(f" {NBSP}:"),
        items=tuple(
            item.text.strip().rstrip(".;, ") + ("." if rank == last else f"{NBSP};")
            for rank, item in enumerate(items)
        ),
        duration=_paragraphs(batch.duration),
        closing=_paragraphs(batch.closing),
        signatory_name=batch.signatory_name,
        signatory_title=batch.signatory_title,
        answer_by=day_in_words(batch.answer_by) if batch.answer_by else "",
        return_to=_lines(batch.return_to),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in text.splitlines())))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in re.split(r"\n\s*\n", text))))


# --- The board as a workbook ---------------------------------------------------------------------

COLUMNS = (
    ColumnShape("N°", width=6, look="number"),
    ColumnShape("Organisation", width=40),
    ColumnShape("Catégorie", width=20),
    ColumnShape("À l’attention de", width=30),
    ColumnShape("Adresse", width=36),
    ColumnShape("État", width=14),
    ColumnShape("Envoyée le", width=18),
    ColumnShape("Moyen", width=18),
    ColumnShape("Relances", width=10, look="number"),
    ColumnShape("Dernière relance", width=18),
    ColumnShape("Réponse le", width=18),
    ColumnShape("Signée par", width=26),
    ColumnShape("Motif du refus", width=40),
    ColumnShape("Annuaire", width=34),
)


def board_workbook(batch: EngagementRound, letters: list[EngagementLetter]) -> bytes:
    """The letters that the board shows, one a row; no query beyond theirs (`for_list`)."""
    rows = [_row(letter) for letter in letters]
    sheet = SheetShape("Lettres d’engagement", COLUMNS, rows, fixed_columns=2)
    title = f"{batch.name} · {counted(len(letters), 'lettre')}"
    return write_workbook(Workbook(title, batch.project.changed_at, [sheet]))


def _row(letter: EngagementLetter) -> list[Cell]:
    days = [
        day_in_words(day) if day else ""
        for day in (letter.sent_on, letter.reminded_on, letter.answered_on)
    ]
    return [
        Cell(letter.number, "number"),
        Cell(letter.name),
        Cell(letter.get_category_display()),
        Cell(letter.contact_name),
        Cell(letter.address),
        Cell(str(letter.get_state_display())),
        Cell(days[0]),
        Cell(letter.get_sent_by_way_display() if letter.sent_by_way else ""),
        Cell(letter.reminders, "number"),
        Cell(days[1]),
        Cell(days[2]),
        Cell(letter.signed_by),
        Cell(letter.reason),
        Cell(directory_says(letter)),
    ]
