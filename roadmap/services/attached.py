"""What hangs on a sheet, row by row: roles, money, indicators."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from django.db.models import Max

from accounts.models import User
from core.text import NBSP, fold, listed
from governance.models import Organisation, Person
from journal.models import Change
from journal.recording import Gesture
from journal.tracing import plain_values
from roadmap.models import Action, ActionIndicator, ActionRole, FundingLine
from roadmap.services.gestures import SheetGesture, named, writing_sheet
from roadmap.services.sections import changed_names, labels_of
from territories.models import Territory

Row = ActionRole | FundingLine | ActionIndicator


@dataclass(frozen=True)
class AttachedKind:
    """One kind of row that hangs on a sheet, as addresses and sentences name it."""

    slug: str
    model: type[Row]
    # « le rôle », and how a removed one is told.
    name: str
    is_feminine: bool = False
    is_for_leads: bool = False

    @property
    def removed(self) -> str:
        return "retirée" if self.is_feminine else "retiré"


KINDS = {
    kind.slug: kind
    for kind in (
        AttachedKind("roles", ActionRole, "le rôle", is_for_leads=True),
        AttachedKind("financement", FundingLine, "la ligne de financement", is_feminine=True),
        AttachedKind("indicateurs", ActionIndicator, "l’indicateur"),
    )
}


def present_row(action: Action, *, kind: AttachedKind, key: int) -> Row | None:
    """A row of the sheet as the base holds it now; nothing when it was removed. One query."""
    row = kind.model._base_manager.filter(action=action, pk=key).first()
    if row is not None:
        row.action = action
    return row


def who_removed(action: Action, *, kind: AttachedKind, key: int) -> str | None:
    """Who took away a row that hung on that sheet; nothing if it never did. One query."""
    last = (
        Change.objects.to_row(kind.model._meta.label_lower, key)
        .filter(subject=action.subject)
        .select_related("changeset")
        .order_by("-pk")
        .first()
    )
    return (last.changeset.by_name or "quelqu’un d’autre") if last else None


def attach_row(sheet: SheetGesture, *, row: Row) -> None:
    """Hang a row on the sheet, after the others of its kind. Call it inside the gesture.

    Three queries.
    """
    row.action = sheet.action
    rows = type(row)._base_manager.filter(action=sheet.action)
    row.position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
    row.save()
    sheet.made.words = f"a ajouté {told(row)} à la fiche{NBSP}{sheet.action.number}"


def write_row(sheet: SheetGesture, *, row: Row) -> list[str]:
    """Keep a row as a form left it; gives the names of what changed. Call it inside the gesture.

    Three queries.
    """
    kept = type(row)._base_manager.get(pk=row.pk)
    written = changed_names(row, kept=kept, among=plain_values(row))
    if written:
        row.save()
        labels = listed(labels_of(type(row), names=written))
        sheet.made.words = (
            f"a modifié {told(kept)} de la fiche{NBSP}{sheet.action.number}{NBSP}: {labels}"
        )
    return written


def remove_row(*, action: Action, kind: AttachedKind, key: int, by: User) -> Gesture:
    """Take a row away; the journal keeps it. Ten queries, nothing when it is gone already.

    Raises `SheetRefused` when the sheet was retired meanwhile.
    """
    with writing_sheet(action, by=by) as sheet:
        row = present_row(sheet.action, kind=kind, key=key)
        if row is not None:
            sheet.made.words = f"a retiré {told(row)} de la fiche{NBSP}{sheet.action.number}"
            row.delete()
    return sheet.made


def told(row: Row) -> str:
    """« le pilote « Marie Martin » »."""
    if isinstance(row, ActionRole):
        return f"le {row.get_kind_display().lower()} {named(row)}"
    name = "le financement" if isinstance(row, FundingLine) else "l’indicateur"
    return f"{name} {named(row)}"


# --- The directory, as people type it ------------------------------------------------------------


class Homonyms(Exception):
    """Several entries of the directory bear the name that was typed; the message lists them."""


@dataclass(frozen=True)
class Entry:
    """Somebody or some structure of the directory, by words that name no other."""

    words: str
    # As papers print it.
    plain: str
    organisation: int | None = None
    person: int | None = None
    # Named still where they are, offered no more.
    is_gone: bool = False


class Directory:
    """Whom a territory knows, found by the words that people type. Two queries."""

    def __init__(self, territory: Territory, *, with_people: bool = True) -> None:
        organisations = Organisation.objects.filter(territory=territory).order_by("folded")
        self._organisations = list(organisations)
        people = list(
            Person.objects.filter(territory=territory)
            .select_related("organisation")
            .order_by("folded", "pk")
            if with_people
            else ()
        )
        self._take([*people, *self._organisations])

    def without_people(self) -> "Directory":
        """The same for money: no person pays. No query."""
        narrowed = copy(self)
        narrowed._take(self._organisations)
        return narrowed

    def _take(self, everybody: Sequence[Organisation | Person]) -> None:
        plain = Counter(fold(str(one)) for one in everybody)
        longer = Counter(fold(_longer(one)) for one in everybody)
        self._by_name: dict[str, set[Entry]] = defaultdict(set)
        self._words: dict[tuple[int | None, int | None], Entry] = {}
        for one in everybody:
            words = str(one)
            if plain[fold(words)] > 1:
                words = _longer(one)
                if longer[fold(words)] > 1:
                    words = f"{words}, n°{NBSP}{one.pk}"
            self._keep(one, words)

    def _keep(self, one: Organisation | Person, words: str) -> None:
        if isinstance(one, Person):
            entry = Entry(words, str(one), person=one.pk, is_gone=one.left_on is not None)
            names = {words, str(one)}
        else:
            is_gone = one.closed_on is not None
            entry = Entry(words, str(one), organisation=one.pk, is_gone=is_gone)
            names = {words, one.name, one.short_name}
        self._words[entry.organisation, entry.person] = entry
        for name in {fold(name) for name in names if name}:
            self._by_name[name].add(entry)

    @property
    def all_words(self) -> list[str]:
        """What a list offers."""
        return [entry.words for entry in self._words.values() if not entry.is_gone]

    def find(self, typed: str) -> Entry | None:
        """The one entry of that name; nothing for a free text. Raises `Homonyms`."""
        found = self._by_name.get(fold(typed), set())
        exact = [entry for entry in found if fold(entry.words) == fold(typed)]
        if len(exact) == 1:
            return exact[0]
        if len(found) > 1:
            raise Homonyms(listed(sorted(f"«{NBSP}{entry.words}{NBSP}»" for entry in found)))
        return next(iter(found), None)

    def words_of(self, *, organisation: int | None, person: int | None) -> str:
        """How the list names them; nothing for whom it does not know."""
        key = (None, person) if person is not None else (organisation, None)
        entry = self._words.get(key)
        return entry.words if entry else ""


def _longer(one: Organisation | Person) -> str:
    if isinstance(one, Person):
        more = str(one.organisation or one.function)
    else:
        more = one.name if one.short_name else one.get_category_display()
    return f"{one} ({more})" if more else str(one)
