"""The objectives of a file: the sheet of each, its group, its rank among the others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from core.text import NBSP
from documents.workbooks import Mistake
from roadmap.imports.workbooks.draft import Difference, Draft
from roadmap.imports.workbooks.references import References
from roadmap.imports.workbooks.rows import (
    REQUIRED,
    apply_differences,
    differences_of,
    is_same,
    read_new,
)
from roadmap.imports.workbooks.tables import FileRow, Table
from roadmap.models import Action, Objective
from roadmap.services.gestures import named
from roadmap.services.objectives import MOST_ROWS_OF_SHEET
from roadmap.workbooks.widgets import text_of

# After all those that have a rank.
LAST = float(MOST_ROWS_OF_SHEET * 10)
HALF = 0.5
ARRANGING = {"action", "parent", "rank", "kind"}


class Arranged:
    """Where every objective ends up: its sheet, its group, its rank."""

    def __init__(self, draft: Draft, refs: References) -> None:
        self.draft, self.refs = draft, refs
        self.sheets: dict[int, Action] = {}
        self.told: dict[int, FileRow] = {}
        self.moved: set[int] = set()
        # Rows that were removed meanwhile and that the file gives back, by their former key.
        self.returned: dict[str, Objective] = {}
        self._parents: dict[int, Objective | None] = {}
        self._ranks: dict[int, float] = {}
        self._touched: dict[int, Action] = {}
        for action in draft.book.actions.values():
            for row in action.objectives.all():
                self.sheets[id(row)] = action

    def sheet_of(self, row: Objective) -> Action | None:
        return self.sheets.get(id(row))

    def parent_of(self, row: Objective) -> Objective | None:
        if id(row) in self._parents:
            return self._parents[id(row)]
        return self.draft.book.objectives.get(row.parent_id or 0)

    # --- Taking the rows of the file ---

    def plan(self, table: Table) -> None:
        """Read every objective of the file; the sheets that it touches are put in order."""
        moves: dict[int, Difference] = {}
        for row in table.rows:
            self._take(row, moves)
        for row in table.rows:
            if row.is_left or row.row is None or id(row.row) not in self.sheets:
                continue
            if row.is_new:
                self._add(row)
            else:
                self._change(row, moves.get(id(row)))
        rows = self._rows_of_sheets()
        for key in self._touched:
            self._check(rows[key])
            self._put_in_order(rows[key])

    def _take(self, row: FileRow, moves: dict[int, Difference]) -> None:
        if row.is_left or row.row is None:
            return
        action, move = sheet_told(self.draft, self.refs, row)
        if action is None:
            return
        if move is not None:
            moves[id(row)] = move
        self.sheets.setdefault(id(row.row), action)
        self.told[id(row.row)] = row
        if row.is_new and row.text("key"):
            self.returned[row.text("key")] = row.row
        self.refs.take_objective(action, row)

    def _change(self, row: FileRow, move: Difference | None) -> None:
        draft = self.draft
        found = differences_of(draft, row)
        action = move.value if move else self.sheets[id(row.row)]
        found += [move] if move else []
        found += self._parent(row, action)
        found += self._rank(row, self.sheets[id(row.row)])
        writer = draft.meanwhile.writer(Objective, row.row.pk)
        kept = draft.settle(row, found, writer)
        apply_differences(draft, row, [each for each in kept if not each.column.is_link])
        if ARRANGING & {each.name for each in kept}:
            self._touch(self.sheets[id(row.row)])
        for each in kept:
            self._arrange(row.row, each)

    def _arrange(self, row: Objective, each: Difference) -> None:
        if each.name == "action":
            self.sheets[id(row)] = each.value
            self.moved.add(id(row))
            self.draft.batch.tie(row, "action", each.value)
            self._touch(each.value)
            self._ranks.setdefault(id(row), LAST)
        elif each.name == "parent":
            self._parents[id(row)] = each.value
            self.draft.batch.tie(row, "parent", each.value)
        elif each.name == "rank":
            # Between those that stand there: before when it goes up, after when it goes down.
            self._ranks[id(row)] = each.value + (HALF if each.value > (each.old or 0) else -HALF)

    def _add(self, row: FileRow) -> None:
        draft, action = self.draft, self.sheets[id(row.row)]
        read_new(draft, row)
        refuse_twin(
            draft,
            row,
            "title",
            [one for one in action.objectives.all() if id(one) not in self.told]
            if action.pk is not None
            else (),
        )
        draft.batch.tie(row.row, "action", action)
        target = self._target(row, action)
        self._parents[id(row.row)] = target
        draft.batch.tie(row.row, "parent", target)
        rank = self._read_rank(row)
        self._ranks[id(row.row)] = LAST + row.number if rank is None else rank - HALF
        draft.batch.objectives.append(row.row)
        draft.add(row, row.text("title"))
        self._touch(action)

    def _touch(self, action: Action) -> None:
        self._touched[id(action)] = action

    # --- Links ---

    def _parent(self, row: FileRow, action: Action) -> Sequence[Difference]:
        column, book = row.sheet.columns["parent"], self.draft.book
        old = column.shown(row.row.parent_id, book)
        sent = row.value("parent")
        if isinstance(sent, Mistake) or is_same(sent, old):
            return []
        written = self.draft.meanwhile.written(row.row)
        target = self._target(row, action, is_stale="parent" in written)
        if row.has_error or target is self.parent_of(row.row):
            return []
        then = column.shown(written.get("parent"), book)
        return [
            Difference(
                "parent",
                column,
                target,
                old,
                text_of(sent),
                base=then,
                is_stale="parent" in written,
                is_mine=not is_same(sent, then),
            )
        ]

    def _target(self, row: FileRow, action: Action, *, is_stale: bool = False) -> Objective | None:
        """The group that a cell names; one that was removed meanwhile is no mistake."""
        text = row.text("parent")
        if not text or isinstance(row.value("parent"), Mistake):
            return None
        try:
            return self.refs.objective(action, text)
        except ValueError as error:
            if not is_stale:
                self.draft.error(row, "parent", str(error))
            return None

    def _rank(self, row: FileRow, action: Action) -> Sequence[Difference]:
        sent = self._read_rank(row)
        now = self.draft.book.ranks[row.row.pk]
        before = self.draft.meanwhile.ranks_then(action)
        then = now if before is None else before.get(row.row.pk, now)
        if sent is None or sent in {now, then}:
            return []
        column = row.sheet.columns["rank"]
        return [Difference("rank", column, sent, now, sent, base=then, is_stale=before is not None)]

    def _read_rank(self, row: FileRow) -> int | None:
        column, sent = row.sheet.columns["rank"], row.value("rank")
        if isinstance(sent, Mistake):
            return None
        try:
            rank: int | None = column.widget.read(sent, self.draft.book)
        except ValueError as error:
            self.draft.error(row, "rank", str(error))
            return None
        return rank

    # --- Every sheet that is touched ---

    def _rows_of_sheets(self) -> dict[int, list[Objective]]:
        found: dict[int, list[Objective]] = defaultdict(list)
        known = [*self.draft.book.objectives.values(), *self.draft.batch.objectives]
        for row in known:
            found[id(self.sheets[id(row)])].append(row)
        return found

    def _check(self, rows: Sequence[Objective]) -> None:
        """A row stands under a « Projet » of its own sheet, and a « Projet » under none."""
        for row in rows:
            parent = self.parent_of(row)
            if parent is None:
                continue
            if self.sheet_of(parent) is not self.sheet_of(row):
                said = f"{named(parent)}, qui le groupe, est dans une autre fiche."
            elif not parent.is_project:
                said = f"un objectif se range sous un projet, et {named(parent)} n’en est pas un."
            elif row.is_project:
                said = "un projet ne peut pas être rangé sous un autre projet."
            else:
                continue
            self._refuse(row, parent, said)

    def _refuse(self, row: Objective, parent: Objective, said: str) -> None:
        if told := self.told.get(id(row)):
            self.draft.error(told, "parent", said)
        elif told := self.told.get(id(parent)):
            self.draft.error(
                told,
                "kind",
                f"cette ligne groupe {named(row)}, qui n’est pas dans le fichier{NBSP}: {said}",
            )

    def _put_in_order(self, rows: Sequence[Objective]) -> None:
        if len(rows) > MOST_ROWS_OF_SHEET:
            told = next(self.told[id(row)] for row in rows if id(row) in self.told)
            self.draft.error(
                told, "action", f"une fiche tient {MOST_ROWS_OF_SHEET} lignes au plus."
            )
            return
        ranked = sorted(rows, key=self._rank_of)
        groups: dict[int, list[Objective]] = defaultdict(list)
        for row in ranked:
            groups[id(self.parent_of(row))].append(row)
        tops = sorted(groups[id(None)], key=lambda row: row.is_project)
        last = 0
        for row in (row for top in tops for row in (top, *groups[id(top)])):
            # A gap left by a row that was removed is no reason to write those that follow.
            stays = row.pk is not None and id(row) not in self._ranks and row.position > last
            last = row.position if stays else last + 1
            if row.position == last:
                continue
            row.position = last
            if row.pk is not None:
                self.draft.batch.change(row, "position")

    def _rank_of(self, row: Objective) -> float:
        known: Any = self._ranks.get(id(row))
        return float(self.draft.book.ranks[row.pk]) if known is None else float(known)


def refuse_twin(draft: Draft, row: FileRow, name: str, others: Iterable[Any]) -> None:
    """A new row that is there already, and that the file does not tell: it was imported before."""
    if any(_signature(other) == _signature(row.row) for other in others):
        draft.error(
            row,
            name,
            f"{named(row.row)} est déjà dans cette fiche de l’application, sans être dans ce "
            f"fichier{NBSP}: il vient sans doute d’un import précédent. Exportez de nouveau.",
        )


def _signature(row: Any) -> list[Any]:
    return [getattr(row, name, None) for name in SIGNS]


SIGNS = ("label", "title", "kind", "organisation_id", "person_id", "source", "year", "amount")


def sheet_told(
    draft: Draft, refs: References, row: FileRow
) -> tuple[Action | None, Difference | None]:
    """The sheet of a row that is there, or is added, and its move to another when it is one.

    A number left as it was means the same sheet, even when the file gives it another.
    """
    column, sent = row.sheet.columns["action"], row.value("action")
    own: Action | None = row.row.action if row.is_existing else None
    if own is not None and own.is_retired:
        row.is_left = True
        return None, None
    if isinstance(sent, Mistake):
        return own, None
    if sent is None:
        draft.error(row, "action", f"«{NBSP}{column.title}{NBSP}» {REQUIRED}")
        return own, None
    written = draft.meanwhile.written(own) if own is not None else {}
    if own is not None and text_of(sent) in {str(own.number), str(written.get("number", ""))}:
        return own, None
    try:
        target = refs.sheet(sent)
    except ValueError as error:
        draft.error(row, "action", str(error))
        return own, None
    if own is None or target is own:
        return target, None
    is_stale = "action" in draft.meanwhile.written(row.row)
    return own, Difference("action", column, target, own.number, sent, is_stale=is_stale)
