"""A plan being made: rows found by their key, cells compared, links followed."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from core.text import NBSP, fold
from documents.workbooks import Mistake, as_kept
from governance.enums import OrganisationCategory
from governance.imports.directory.meanwhile import UNKNOWN, Meanwhile, was_shown
from governance.imports.directory.report import CellChange, Choice, Conflict, Report
from governance.imports.directory.tables import FileRow
from governance.models import Organisation, Person
from governance.services.importing import Batch
from governance.workbooks.sheets import Column
from governance.workbooks.widgets import nearest, text_of
from territories.models import Territory

REQUIRED = "est obligatoire\u00a0: remplissez cette cellule."
# Told of what has happened, never of what will.
PAST = {"closed_on", "left_on", "charter_signed_on"}


class Draft:
    """What is known, what was chosen, and where mistakes and differences go. Three queries."""

    def __init__(
        self, territory: Territory, report: Report, *, after: int, keep: Choice | None
    ) -> None:
        self.territory, self.report, self.keep = territory, report, keep
        self.batch = Batch()
        self.meanwhile = Meanwhile(territory, after=after)
        self.today = territory.today()
        mine = {"territory": territory}
        self.organisations = {row.pk: row for row in Organisation.objects.filter(**mine)}
        people = Person.objects.filter(**mine).select_related("organisation")
        self.people = {row.pk: row for row in people}

    def read(self, organisations: list[FileRow], people: list[FileRow]) -> None:
        """Organisations first, then the people who are led to them."""
        for rows, model, known in (
            (organisations, Organisation, self.organisations),
            (people, Person, self.people),
        ):
            self._match(rows, model, known)
            for row in rows:
                if row.row is not None:
                    self._compare(row)
        self._check_names(organisations)
        self._follow_links(organisations, people)
        self._tell_homonyms(people)
        for row in (*organisations, *people):
            self._count(row)

    # --- Which row ---

    def _match(self, rows: list[FileRow], model: type[Any], known: Mapping[int, Any]) -> None:
        seen: dict[int, int] = {}
        for row in rows:
            try:
                key = row.sheet.columns["key"].widget.read(row.text("key"))
            except ValueError as error:
                row.error(self.report, "key", str(error))
                continue
            if key is None:
                row.row, row.is_new = model(territory=self.territory), True
            elif key in seen:
                row.error(
                    self.report,
                    "key",
                    f"cette clé (colonne masquée) est aussi celle de la ligne {seen[key]}{NBSP}: "
                    "videz-la si cette ligne est nouvelle.",
                )
            elif key in known:
                seen[key], row.row = row.number, known[key]
            else:
                self._unknown_key(row, model, key)

    def _unknown_key(self, row: FileRow, model: type[Any], key: int) -> None:
        by = self.meanwhile.who_removed(model, key)
        told = (
            f"cette ligne a été retirée de l’annuaire depuis l’export par {by}{NBSP}: supprimez-la "
            "du fichier, ou videz sa clé pour l’ajouter de nouveau."
            if by
            else f"«{NBSP}{key}{NBSP}» n’est pas la clé d’une ligne de cet annuaire{NBSP}: "
            "videz-la pour ajouter une ligne."
        )
        row.error(self.report, "key", told)

    # --- Cell by cell ---

    def _compare(self, row: FileRow) -> None:
        for name, column in row.sheet.columns.items():
            is_own = not (column.is_key or column.is_reminder or column.is_link)
            if is_own and name in row.values and not isinstance(row.values[name], Mistake):
                self._cell(row, name, column)

    def _cell(self, row: FileRow, name: str, column: Column) -> None:
        sent, old = row.values[name], column.shown(row.row)
        if not row.is_new and is_same(sent, old):
            return
        try:
            value = self._value(column, sent)
        except ValueError as error:
            row.error(self.report, name, str(error))
            return
        if row.is_new:
            setattr(row.row, str(column.attribute), value)
        elif value != getattr(row.row, str(column.attribute)):
            new = column.widget.render(value)
            if self._is_taken(row, column, sent, CellChange(*_place(row, column), old, new)):
                self.batch.change(row.row, str(column.attribute))
                setattr(row.row, str(column.attribute), value)

    def _value(self, column: Column, sent: Any) -> Any:
        value = column.widget.clean(sent)
        if column.is_required and value in {None, ""}:
            raise ValueError(f"«{NBSP}{column.title}{NBSP}» {REQUIRED}")
        if column.attribute == "category" and not value:
            return OrganisationCategory.OTHER
        if column.attribute in PAST and isinstance(value, dt.date) and value > self.today:
            raise ValueError("cette date est à venir\u00a0: notez-la le jour venu.")
        return value

    def _is_taken(self, row: FileRow, column: Column, sent: Any, change: CellChange) -> bool:
        """Whether the file has its way: what was written since its export is asked about."""
        change = CellChange(
            change.sheet, change.row, change.column, change.old, change.new, str(row.row)
        )
        written = self.meanwhile.written(row.row, column)
        if written is not None:
            base = was_shown(written, column)
            if base is not UNKNOWN and is_same(sent, base):
                # The file has aged, and says nothing of its own there.
                return False
            self.report.conflicts.append(Conflict(change, written.by))
            if self.keep is not Choice.FILE:
                return False
        self.report.changes.append(change)
        row.written.add(column.title)
        return True

    # --- Across rows ---

    def _check_names(self, rows: list[FileRow]) -> None:
        """No two organisations of one name, those that the file does not tell included."""
        holders: dict[str, list[Any]] = defaultdict(list)
        for one in self.organisations.values():
            holders[one.name].append(one)
        for row in rows:
            if row.is_new and row.row.name:
                holders[row.row.name].append(row.row)
        for row in rows:
            if row.row is not None and len(holders.get(row.row.name, [])) > 1:
                row.error(
                    self.report,
                    "full_name",
                    f"«{NBSP}{row.row.name}{NBSP}» est le nom de deux organisations{NBSP}: gardez "
                    "une seule ligne, ou donnez un nom plus précis.",
                )

    def _follow_links(self, organisations: list[FileRow], people: list[FileRow]) -> None:
        everything = [*self.organisations.values(), *self._new(organisations)]
        by_name = {one.name: one for one in everything}
        by_words: dict[str, list[Organisation]] = defaultdict(list)
        for one in everything:
            for words in {fold(one.name), fold(one.short_name)} - {""}:
                by_words[words].append(one)
        for row in people:
            if row.row is not None and "organisation" in row.values:
                self._link(row, by_name, by_words)

    def _link(
        self,
        row: FileRow,
        by_name: Mapping[str, Organisation],
        by_words: Mapping[str, list[Organisation]],
    ) -> None:
        column, sent = row.sheet.columns["organisation"], row.text("organisation")
        present = row.row.organisation if not row.is_new else None
        # A name that the same file corrects is read as it was, and as it is.
        if not row.is_new and present is not None and fold(sent) == fold(present.name):
            return
        found = [by_name[sent]] if sent in by_name else by_words.get(fold(sent), [])
        if sent and len(found) != 1:
            why = (
                f"plusieurs organisations s’appellent ainsi{NBSP}: écrivez le nom entier."
                if found
                else f"«{NBSP}{sent}{NBSP}» n’est pas dans la feuille «{NBSP}Organisations"
                f"{NBSP}» ni dans l’annuaire{nearest(sent, by_name)}."
            )
            row.error(self.report, "organisation", why)
            return
        aimed = found[0] if sent else None
        if row.is_new:
            self.batch.link(row.row, aimed)
        elif aimed != present:
            old, new = (str(one.name) if one else "" for one in (present, aimed))
            if self._is_taken(row, column, sent, CellChange(*_place(row, column), old, new)):
                self.batch.link(row.row, aimed)

    def _tell_homonyms(self, people: list[FileRow]) -> None:
        known = {fold(str(one)) for one in self.people.values()}
        for row in self._new(people):
            if fold(str(row)) in known:
                self.report.notices.append(
                    f"«{NBSP}{row}{NBSP}» figure déjà dans l’annuaire{NBSP}: ce sera une deuxième "
                    "fiche du même nom."
                )

    def _new(self, rows: list[FileRow]) -> list[Any]:
        return [row.row for row in rows if row.is_new]

    def _count(self, row: FileRow) -> None:
        if row.row is None:
            return
        if row.is_new:
            self.report.additions.append((row.sheet.name, row.number, str(row.row)))
            is_person = isinstance(row.row, Person)
            (self.batch.people if is_person else self.batch.organisations).append(row.row)
        elif row.written:
            self.report.updated += 1
        else:
            self.report.unchanged += 1


def _place(row: FileRow, column: Column) -> tuple[str, int, str]:
    return row.sheet.name, row.number, column.title


def is_same(sent: Any, shown: Any) -> bool:
    """Whether a cell says what it was given, line ends aside."""
    return as_kept(text_of(sent)) == as_kept(text_of(shown))
