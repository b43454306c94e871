"""What a workbook says of itself: whose directory it is, exported after which gesture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.text import NBSP
from documents.workbooks import Cell, ColumnShape, SheetShape, WorkbookRefused
from governance.workbooks.widgets import text_of
from territories.models import Territory

NAME = "Origine"
FORMAT = 1
CONTENT, CODE, AFTER, VERSION = "Contenu", "Code du territoire", "Après le geste", "Format"
DIRECTORY = "annuaire"
ELSEWHERE = (
    f"Ce classeur ne vient pas de l’annuaire{NBSP}: partez d’un export ou du modèle, et gardez sa "
    f"feuille «{NBSP}{NAME}{NBSP}»."
)


@dataclass(frozen=True)
class Origin:
    """Read back from a workbook that was sent."""

    territory: str
    after: int


def origin_sheet(territory: Territory, *, after: int) -> SheetShape:
    """To be left as it is: it tells what has changed in the application since."""
    lines: Sequence[tuple[str, Any]] = (
        (CONTENT, DIRECTORY),
        ("Territoire", territory.name),
        (CODE, territory.code),
        (AFTER, after),
        (VERSION, FORMAT),
    )
    return SheetShape(
        name=NAME,
        columns=[
            ColumnShape("Ce que dit ce fichier", 30, "reminder"),
            ColumnShape("Valeur", 40, "reminder"),
        ],
        rows=[[Cell(words, "reminder"), Cell(value, "reminder")] for words, value in lines],
    )


def read_origin(lines: Sequence[Sequence[Any]], territory: Territory) -> Origin:
    """What the sheet says. `WorkbookRefused` when it was changed, or comes from elsewhere."""
    said: dict[str, Any] = {
        text_of(line[0]): line[1] if len(line) > 1 else None for line in lines if line
    }
    try:
        version, after = int(said[VERSION]), int(said[AFTER])
    except (KeyError, TypeError, ValueError) as error:
        raise WorkbookRefused(ELSEWHERE) from error
    if text_of(said.get(CONTENT)) != DIRECTORY or version != FORMAT:
        raise WorkbookRefused(ELSEWHERE)
    origin = Origin(text_of(said.get(CODE)), after)
    if origin.territory != territory.code:
        raise WorkbookRefused(
            f"Ce classeur est l’annuaire du territoire «{NBSP}{origin.territory}{NBSP}», et non "
            f"celui de {territory}{NBSP}: rien n’a été lu."
        )
    return origin
