"""A foreign workbook on its way: kept with what its columns are decided to be, then imported.

What is decided stands in `SentWorkbook.choices`: the page, the worker and the next day's page read
the same.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from accounts.models import User
from core.text import NBSP
from documents.models import SentWorkbook
from documents.workbooks import (
    ForeignSheet,
    WorkbookRefused,
    keep_workbook,
    read_foreign,
    token_of,
)
from documents.workbooks.keeping import keep_choices
from journal.reading import token_for
from roadmap.imports.foreign.guessing import guess_columns
from roadmap.imports.foreign.mapping import Guess, Mapping, check_mapping, letter_of, mapping_told
from roadmap.imports.foreign.plan import ForeignPlan, import_sheets, plan_reading
from roadmap.imports.foreign.proposal import (
    Proposal,
    first_filled,
    propose,
    propose_again,
    titles_under,
    with_codes,
)
from roadmap.imports.foreign.rows import read_rows
from roadmap.imports.workbooks.report import Choice
from roadmap.models import ColumnMapping
from roadmap.services.columns import remember_columns
from roadmap.services.importing import Imported
from territories.models import Project

MAPPING, CORRECTED, KEEP, TAKEN_UP = "mapping", "corrected", "keep", "taken_up"
# The latest decisions of a project; older ones are guessed again.
MOST_KEPT = 50


@dataclass(frozen=True)
class OpenedFile:
    """A file that was sent, read, with what is decided of its columns and what was guessed."""

    sent: SentWorkbook
    sheets: tuple[ForeignSheet, ...]
    sheet: ForeignSheet
    mapping: Mapping
    guessed: Mapping
    # The letters of the columns that were corrected by hand.
    corrected: Collection[str]
    keep: Choice
    # The key of the decision that was taken up.
    taken_up: int | None

    @property
    def kept_choice(self) -> Choice | None:
        """As `--keep` says it: nothing when the file wins."""
        return None if self.keep is Choice.FILE else self.keep


def is_from_elsewhere(sent: SentWorkbook) -> bool:
    """Whether a file that was sent goes through the assistant. No query."""
    return MAPPING in sent.choices


def keep_foreign(project: Project, *, by: User, name: str, contents: bytes) -> SentWorkbook:
    """Keep a file with a first reading of it. Three queries; `WorkbookRefused` when it is none."""
    sheets = read_foreign(name, contents)
    if not any(sheet.cells for sheet in sheets):
        raise WorkbookRefused(
            f"«{NBSP}{name}{NBSP}» ne contient rien{NBSP}: aucune de ses feuilles n’est remplie."
        )
    return keep_workbook(
        project=project,
        by=by,
        name=name,
        contents=contents,
        row_count=sum(len({row for row, _ in sheet.cells}) for sheet in sheets),
        choices=_first_choices(project, sheets),
    )


def start_again(project: Project, sent: SentWorkbook) -> None:
    """Propose a reading as if the file had just been sent. Two queries."""
    sheets = read_foreign(sent.name, bytes(sent.contents))
    keep_choices(sent, _first_choices(project, sheets))


def _first_choices(project: Project, sheets: tuple[ForeignSheet, ...]) -> dict[str, Any]:
    proposal = _proposal(project, sheets)
    kept = proposal.kept
    corrected = kept.told.get(CORRECTED, []) if kept else []
    return _choices(proposal.mapping, corrected, Choice.FILE, kept.pk if kept else None)


def _proposal(project: Project, sheets: tuple[ForeignSheet, ...]) -> Proposal:
    kept = ColumnMapping.objects.filter(project=project).order_by("-decided_at", "-pk")
    try:
        return propose(sheets, kept[:MOST_KEPT])
    except WorkbookRefused:
        # No table is recognised: somebody will say where it is.
        largest = max(sheets, key=lambda sheet: (not sheet.is_hidden, len(sheet.cells)))
        return Proposal(guess_columns(largest, first_filled(largest)))


def _choices(
    mapping: Mapping, corrected: Collection[str], keep: Choice, taken_up: int | None
) -> dict[str, Any]:
    return {
        MAPPING: mapping.as_json,
        CORRECTED: sorted(corrected),
        KEEP: str(keep),
        TAKEN_UP: taken_up,
    }


def open_sent(sent: SentWorkbook) -> OpenedFile:
    """A file read again, as it was left. No query; `WorkbookRefused` when it is not read."""
    sheets = read_foreign(sent.name, bytes(sent.contents))
    told = mapping_told(sent.choices[MAPPING], sheets)
    sheet = next(one for one in sheets if one.name == told.sheet)
    guessed = _whole(sheet, guess_columns(sheet, told.header))
    named = sent.choices[MAPPING]["columns"]
    codes = {guess.letter: named.get(guess.letter, "") for guess in guessed.columns.values()}
    mapping = with_codes(guessed, codes, "dite à la main")
    return OpenedFile(
        sent=sent,
        sheets=sheets,
        sheet=sheet,
        mapping=replace(mapping, values=told.values, colours=told.colours),
        guessed=guessed,
        corrected=set(sent.choices[CORRECTED]),
        keep=Choice(sent.choices[KEEP]),
        taken_up=sent.choices[TAKEN_UP],
    )


def _whole(sheet: ForeignSheet, mapping: Mapping) -> Mapping:
    """With the columns that say something under no title at all."""
    said = {column for row, column in sheet.cells if row >= mapping.first_row}
    untitled = {
        column: Guess(column, f"Colonne {letter_of(column)}", reason="aucun titre")
        for column in said - set(mapping.columns)
    }
    return replace(mapping, columns=dict(sorted({**mapping.columns, **untitled}.items())))


def decide(opened: OpenedFile, mapping: Mapping, *, keep: Choice) -> OpenedFile:
    """Keep what somebody says of the columns, and give the file so read. One query."""
    guessed = opened.guessed.columns
    corrected = {
        guess.letter
        for guess in mapping.columns.values()
        if guess.code != guessed[guess.column].code
    }
    keep_choices(opened.sent, _choices(mapping, corrected, keep, opened.taken_up))
    return replace(opened, mapping=mapping, corrected=corrected, keep=keep)


def remember(opened: OpenedFile) -> None:
    """Propose the same for the next file under such titles. A gesture, when anything is new."""
    titles = titles_under(opened.sheet, opened.mapping.header)
    remember_columns(
        project=opened.sent.project,
        by=opened.sent.sent_by,
        file_name=opened.sent.name,
        titles=titles,
        told=opened.mapping.as_json | {CORRECTED: sorted(opened.corrected)},
    )


def look_elsewhere(opened: OpenedFile, sheet_name: str, header: tuple[int, ...]) -> None:
    """Read another sheet, or under other titles; corrections follow their titles. One query."""
    sheet = next(one for one in opened.sheets if one.name == sheet_name)
    mapping, corrected = propose_again(sheet, header, opened.mapping, opened.corrected)
    keep_choices(opened.sent, _choices(mapping, corrected, opened.keep, opened.taken_up))


def plan_sent(project: Project, sent: SentWorkbook) -> ForeignPlan:
    """What a file would change. As `plan_foreign`."""
    opened = open_sent(sent)
    check_mapping(opened.mapping)
    return plan_reading(project, read_rows(opened.sheets, opened.mapping), opened.kept_choice)


def import_kept(
    sent: SentWorkbook, *, on_read: Callable[[], None] = lambda: None
) -> tuple[ForeignPlan | None, Imported]:
    """Import a file as its columns were decided. Expects the place and the sender.

    As `import_foreign`; imported twice, it is one gesture: its token is that of the file.
    """
    opened = open_sent(sent)
    check_mapping(opened.mapping)
    on_read()
    return import_sheets(
        sent.project,
        by=sent.sent_by,
        sheets=opened.sheets,
        mapping=opened.mapping,
        keep=opened.kept_choice,
        token=token_for(token_of(sent), "import"),
    )
