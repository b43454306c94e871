"""The rows of a sheet that hold one value a column: what differs, what is new."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.text import NBSP, clean_line
from documents.workbooks import Mistake, as_kept
from roadmap.imports.workbooks.draft import Difference, Draft
from roadmap.imports.workbooks.report import Choice
from roadmap.imports.workbooks.tables import FileRow, Table
from roadmap.models import Action, ActionRole, FundingLine
from roadmap.services.attached import Homonyms
from roadmap.services.gestures import named
from roadmap.services.sections import LINKS
from roadmap.workbooks.columns import Column
from roadmap.workbooks.parts import LONGEST_HOLDER
from roadmap.workbooks.widgets import LineWidget, text_of

REQUIRED = "est obligatoire\u00a0: remplissez cette cellule."
HOLDERS = ("who", "printed")
Holder = tuple[str, int | None, int | None]


def match_rows(draft: Draft, table: Table) -> None:
    """Find the row that each key names; a row without key is a new one."""
    model: Any = table.sheet.model
    known = {row.pk: row for row in draft.book.rows(model, draft.book.actions.values())}
    seen: dict[int, int] = {}
    for row in table.rows:
        text = row.text("key")
        if not text:
            row.row, row.is_new = model(), True
            continue
        key = int(text) if text.isdecimal() and len(text) < 17 else 0
        if key in seen:
            # A row that was copied to make another one.
            draft.error(
                row,
                "key",
                f"cette clé (colonne masquée) est aussi celle de la ligne {seen[key]}{NBSP}: "
                "videz-la si cette ligne est nouvelle.",
            )
            row.is_left = True
            continue
        seen[key] = row.number
        _take(draft, row, model, key, known.get(key))


def _take(draft: Draft, row: FileRow, model: Any, key: int, found: Any) -> None:
    if found is not None:
        row.row = found
        if isinstance(found, Action) and found.is_retired:
            _take_retired(draft, row, found)
        return
    if not draft.meanwhile.was_removed(model, key):
        draft.error(
            row,
            "key",
            f"«{NBSP}{row.text('key')}{NBSP}» n’est pas la clé d’une ligne de ce territoire"
            f"{NBSP}: videz-la pour ajouter une ligne.",
        )
        row.is_left = True
        return
    row.row, row.is_new = model(), True
    choice = draft.gone(row, named(draft.meanwhile.name_of(model, key)), model, key)
    row.is_left = choice is Choice.CURRENT


def _take_retired(draft: Draft, row: FileRow, action: Action) -> None:
    """A sheet that was retired since comes back only when whoever sends the file says so."""
    choice = draft.gone(row, f"la fiche {named(action)}", Action, action.pk)
    row.is_left = choice is Choice.CURRENT
    if not row.is_left:
        action.retired_at, action.retired_reason = None, ""
        draft.batch.change(action, "retired_at", "retired_reason")
        draft.add(row, row.text("title"))


# --- What differs -------------------------------------------------------------------------------


def plain_columns(row: FileRow) -> Iterable[tuple[str, Column]]:
    """Those that are read by themselves, without the other rows of the file."""
    for name, column in row.sheet.columns.items():
        is_own = not (column.is_link or column.is_reminder or name in (*HOLDERS, "key"))
        if is_own and not isinstance(row.value(name), Mistake):
            yield name, column


def differences_of(draft: Draft, row: FileRow) -> list[Difference]:
    """The cells that say something else than the row that is there."""
    written = draft.meanwhile.written(row.row)
    found = []
    for name, column in plain_columns(row):
        difference = _difference(draft, row, name, column, written)
        if difference is not None:
            found.append(difference)
    if "who" in row.sheet.columns:
        found += _holder_differences(draft, row, written)
    return found


def _difference(
    draft: Draft, row: FileRow, name: str, column: Column, written: dict[str, Any]
) -> Difference | None:
    book, sent = draft.book, row.value(name)
    present = column.get_value(row.row)
    old = column.shown(present, book)
    if is_same(sent, old):
        return None
    try:
        value = read_cell(draft, column, sent)
    except ValueError as error:
        draft.error(row, name, str(error))
        return None
    if value == present:
        return None
    base = {key: written[key] for key in column.writes if key in written}
    if not base:
        return Difference(name, column, value, old, column.shown(value, book))
    then = column.shown(next(iter(base.values())), book)
    return Difference(
        name,
        column,
        value,
        old,
        column.shown(value, book),
        base=then,
        is_stale=True,
        is_mine=not is_same(sent, then),
    )


def read_cell(draft: Draft, column: Column, sent: Any) -> Any:
    """The value that a cell holds. `ValueError` with a sentence."""
    value = column.clean({column.title: sent}, book=draft.book)
    if column.is_required and value in {None, ""}:
        raise ValueError(f"«{NBSP}{column.title}{NBSP}» {REQUIRED}")
    return value


def is_same(sent: Any, shown: Any) -> bool:
    """Whether a cell says what it was given, line ends aside."""
    return as_kept(text_of(sent)) == as_kept(text_of(shown))


def apply_differences(draft: Draft, row: FileRow, kept: Iterable[Difference]) -> None:
    """Write these on the row in memory, and in the batch."""
    for each in kept:
        set_value(draft, row.row, each.name, each.column, each.value)


def set_value(draft: Draft, row: Any, name: str, column: Column, value: Any) -> None:
    """Give a row what a cell says."""
    if name in LINKS:
        draft.batch.links.append((row, name, value))
    elif name == "number" and row.pk is not None:
        draft.batch.numbers[row.pk] = value
    elif name == "axis" and isinstance(value, str):
        draft.batch.tie(row, "axis", draft.axis(value))
    elif name == "who":
        row.label, row.organisation_id = value[:2]
        if isinstance(row, ActionRole):
            row.person_id = value[2]
        _note(draft, row, column)
    else:
        setattr(row, str(column.attribute), value)
        _note(draft, row, column)


def _note(draft: Draft, row: Any, column: Column) -> None:
    if row.pk is not None:
        draft.batch.change(row, *column.writes)


# --- What is new --------------------------------------------------------------------------------


def read_new(draft: Draft, row: FileRow) -> None:
    """Fill a new row with all that its cells say; what is missing goes to the errors."""
    for name, column in plain_columns(row):
        sent = row.value(name)
        if column.has_default and sent is None:
            continue
        try:
            set_value(draft, row.row, name, column, read_cell(draft, column, sent))
        except ValueError as error:
            draft.error(row, name, str(error))
    if "who" in row.sheet.columns:
        holder = _read_holder(draft, row)
        if holder is not None:
            set_value(draft, row.row, "who", row.sheet.columns["who"], holder)


# --- Who holds a row ----------------------------------------------------------------------------


def _holder_differences(
    draft: Draft, row: FileRow, written: dict[str, Any]
) -> Sequence[Difference]:
    """« Qui » and « Texte imprimé » write the same columns: read together, told apart."""
    columns, book = row.sheet.columns, draft.book
    present: Holder = columns["who"].get_value(row.row)
    told = {name: columns[name].shown(present, book) for name in HOLDERS}
    if all(is_same(row.value(name), told[name]) for name in HOLDERS):
        return []
    holder = _read_holder(draft, row)
    if holder is None or holder == present:
        return []
    names = ("label", "organisation", "person")
    stale = {name: written[name] for name in columns["who"].writes if name in written}
    base: Any = tuple(stale.get(name, value) for name, value in zip(names, present, strict=True))
    found = []
    for name in HOLDERS:
        old, new = told[name], columns[name].shown(holder, book)
        if is_same(old, new):
            continue
        then = columns[name].shown(base, book) if stale else None
        found.append(
            Difference(
                "who",
                columns[name],
                holder,
                old,
                new,
                base=then,
                is_stale=bool(stale),
                is_mine=not stale or holder != base,
            )
        )
    return found


def _read_holder(draft: Draft, row: FileRow) -> Holder | None:
    """Whom the two cells name; nothing, and an error, when they name nobody."""
    try:
        lines = [
            LineWidget(LONGEST_HOLDER).read(row.value(name), draft.book)
            for name in HOLDERS
            if not isinstance(row.value(name), Mistake)
        ]
    except ValueError as error:
        draft.error(row, "who", str(error))
        return None
    who, printed = [*lines, "", ""][:2]
    if not who:
        title = row.sheet.columns["who"].title
        draft.error(row, "who", f"«{NBSP}{title}{NBSP}» {REQUIRED}")
        return None
    return _holder(draft, row, clean_line(who), printed)


def _holder(draft: Draft, row: FileRow, who: str, printed: str) -> Holder | None:
    is_money = row.sheet.model is FundingLine
    directory = draft.book.funders if is_money else draft.book.directory
    try:
        entry = directory.find(who)
    except Homonyms as homonyms:
        draft.error(
            row, "who", f"plusieurs entrées de l’annuaire portent ce nom{NBSP}: {homonyms}."
        )
        return None
    if entry is None and printed and printed != who:
        draft.error(
            row,
            "printed",
            f"«{NBSP}{who}{NBSP}» n’est pas dans l’annuaire du territoire{NBSP}: videz cette "
            "cellule pour garder un texte libre.",
        )
        return None
    if entry is None:
        return (who, None, None)
    label = "" if printed == entry.plain else printed
    return (label, entry.organisation, entry.person)
