"""Writing and arranging the rows of a sheet: each function is one gesture of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from core.text import NBSP, counted, grouped, listed
from journal.enums import ChangeKind
from journal.models import Change, ChangeSet
from journal.reading import already_made, last_changes, token_for
from roadmap.enums import ObjectiveKind, ObjectiveState
from roadmap.models import Action, Objective
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.services.arranging import (
    Arrangement,
    Group,
    ObjectiveGone,
    ObjectiveRefused,
    OrderStale,
    RowsUnder,
    called,
    settle,
    told_gone,
)
from roadmap.services.gestures import SheetGesture, named, writing_sheet
from roadmap.services.pasting import PastedRow
from roadmap.summaries.outline import Place

# Far above any sheet, below what the column of ranks holds.
MOST_ROWS_OF_SHEET = 2_000
LAST = MOST_ROWS_OF_SHEET


@dataclass(frozen=True)
class Spot:
    """Where rows are added: after one of them, or at the end of a « Projet », or of those of none.

    A row that was removed meanwhile is no reason to lose what was typed: the end of its group is
    then meant.
    """

    parent: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Written:
    """What a gesture made: the rows, the sentence for whoever made it, its trace if any."""

    rows: tuple[Objective, ...]
    said: str
    changeset: ChangeSet | None


# --- Adding --------------------------------------------------------------------------------------


def add_objective(
    *, action: Action, by: User | None, row: PastedRow, spot: Spot, token: str = ""
) -> Written:
    """Add one row, its label apart; sent twice with its token, it is added once.

    Raises `SheetRefused`. A dozen queries, whatever the sheet.
    """
    told = named(_row_of(action, row))
    token = token_for(token, action.pk, row)
    with writing_sheet(action, by=by, token=token) as sheet:
        before = already_made(sheet.action.project.scope, token)
        added = _added_by(before) if before else _add(sheet, [row], spot)
        under = added[0].parent if added else None
        within = f" dans {called(under)}" if under else ""
        kind = "le projet" if row.is_project else "l’objectif"
        sheet.made.words = f"a ajouté {kind} {told}{within} à la fiche {sheet.action.number}"
    said = f"{told} est ajouté{within}."
    return Written(tuple(added), said, before or sheet.made.changeset)


def add_project_group(
    *, action: Action, by: User | None, label: str, title: str, token: str = ""
) -> Written:
    """Add a « Projet » after the others; sent twice with its token, it is added once."""
    row = PastedRow(label, title, is_project=True)
    return add_objective(action=action, by=by, row=row, spot=Spot(), token=token)


def paste_lines(
    *, action: Action, by: User | None, rows: Sequence[PastedRow], spot: Spot, token: str = ""
) -> Written:
    """Add a list in one gesture; a « Projet » of the list goes last and takes the lines after it.

    Raises `SheetRefused`. A dozen queries, and a batch of them a hundred rows.
    """
    token = token_for(token, action.pk, *rows)
    with writing_sheet(action, by=by, token=token) as sheet:
        before = already_made(sheet.action.project.scope, token)
        added = _added_by(before) if before else _add(sheet, rows, spot)
        sheet.made.words = f"a collé {counted_rows(rows)} dans la fiche {sheet.action.number}"
    are_added = "est ajouté" if len(rows) == 1 else "sont ajoutés"
    said = f"{counted_rows(rows)} {are_added}."
    return Written(tuple(added), said, before or sheet.made.changeset)


def proposed_label(action: Action) -> str:
    """« Projet 3 »: the label that the next group of a sheet would bear. One query."""
    kept = Objective.objects.filter(action=action, kind=ObjectiveKind.PROJECT)
    labels = list(kept.values_list("label", flat=True))
    numbers = range(len(labels) + 1, len(labels) * 2 + 2)
    return next(label for n in numbers if (label := f"Projet {n}") not in labels)


def counted_rows(rows: Sequence[PastedRow]) -> str:
    """« 2 projets et 12 objectifs »."""
    projects = sum(row.is_project for row in rows)
    told = [counted(projects, "projet")] if projects else []
    plain = len(rows) - projects
    return listed([*told, *([counted(plain, "objectif")] if plain else [])])


def _add(sheet: SheetGesture, drafts: Sequence[PastedRow], spot: Spot) -> list[Objective]:
    arrangement = Arrangement(sheet.action)
    _check_sizes(drafts, already=len(arrangement.rows))
    group, index = _where(arrangement, spot)
    added = []
    for draft in drafts:
        row = _row_of(sheet.action, draft)
        added.append(row)
        if row.is_project:
            group, index = Group(top=row), 0
            arrangement.groups.append(group)
        else:
            row.parent = group.top
            group.rows.insert(index, row)
            index += 1
    arrangement.settle()
    _insert(added)
    return added


def _where(arrangement: Arrangement, spot: Spot) -> tuple[Group, int]:
    beside = arrangement.find(spot.after)
    if beside is not None and beside.is_project:
        return arrangement.group(beside.pk), 0
    if beside is not None:
        group = arrangement.group(beside.parent_id)
        return group, group.rows.index(beside) + 1
    parent = arrangement.find(spot.parent)
    if spot.parent is not None and (parent is None or not parent.is_project):
        raise ObjectiveRefused(
            "Le projet où vous ajoutiez a été retiré entre-temps\u00a0: choisissez une autre "
            "place, votre texte est gardé."
        )
    group = arrangement.group(spot.parent)
    return group, len(group.rows)


def _check_sizes(drafts: Sequence[PastedRow], *, already: int) -> None:
    if already + len(drafts) > MOST_ROWS_OF_SHEET:
        raise ObjectiveRefused(
            f"Une fiche tient {grouped(MOST_ROWS_OF_SHEET)} lignes au plus, et celle-ci en a "
            f"{grouped(already)}\u00a0: rien n’a été ajouté."
        )
    for draft in drafts:
        if len(draft.title) > LONGEST_TITLE:
            raise ObjectiveRefused(
                f"L’intitulé {named(draft.title)} a {grouped(len(draft.title))} caractères, et "
                f"un intitulé en tient {grouped(LONGEST_TITLE)}\u00a0: rien n’a été ajouté."
            )


def _row_of(action: Action, draft: PastedRow) -> Objective:
    kind = ObjectiveKind.PROJECT if draft.is_project else ObjectiveKind.OBJECTIVE
    return Objective(action=action, kind=kind, label=draft.label, title=draft.title)


def _insert(added: Sequence[Objective]) -> None:
    """Write new rows, each « Projet » first: those under it need its key."""
    Objective.objects.bulk_create([row for row in added if row.is_project])
    Objective.objects.bulk_create([row for row in added if not row.is_project])


def _added_by(changeset: ChangeSet) -> list[Objective]:
    """The rows that a gesture added, and that are still there."""
    added = Change.objects.filter(
        changeset=changeset, model=Objective._meta.label_lower, kind=ChangeKind.ADDED
    )
    rows = Objective.objects.filter(pk__in=added.values("row")).select_related("parent")
    return list(rows.order_by("position", "pk"))


# --- Writing one row -----------------------------------------------------------------------------


def present_row(sheet: SheetGesture, *, key: int) -> Objective:
    """The row as the base holds it now. Raises `ObjectiveGone`, saying who removed it."""
    rows = Objective.objects.select_related("parent", "action")
    row = rows.filter(pk=key, action=sheet.action).first()
    if row is None:
        raise ObjectiveGone(told_gone(key))
    return row


def edit_objective(sheet: SheetGesture, *, row: Objective, labels: Sequence[str]) -> Written:
    """Keep a row as a form left it; in another « Projet » it becomes the last.

    Call it inside the gesture in which the form was checked.
    """
    arrangement = Arrangement(sheet.action)
    kept = arrangement.present(row.pk)
    if (kept.parent_id, kept.kind) != (row.parent_id, row.kind):
        arrangement.take_out(kept)
        kept.kind, kept.parent = row.kind, row.parent
        arrangement.put(kept, Place(row.parent_id, LAST))
        arrangement.settle()
        row.position = kept.position
    row.save()
    number = sheet.action.number
    sheet.made.words = f"a modifié {_kind(row)} {named(row)} de la fiche {number}\u00a0: " + listed(
        list(labels)
    )
    said = f"Enregistré\u00a0: {listed(list(labels))}." if labels else "Rien n’avait changé."
    return Written((row,), said, None)


def write_again(*, action: Action, by: User | None, row: Objective, token: str = "") -> Written:
    """Add a row with all its fields: what was typed in one that was removed meanwhile."""
    token = token_for(token, action.pk, row.kind, row.label, row.title, row.summary_title)
    with writing_sheet(action, by=by, token=token) as sheet:
        before = already_made(sheet.action.project.scope, token)
        arrangement = Arrangement(sheet.action)
        if not before:
            row.action = sheet.action
            arrangement.put(row, Place(row.parent_id, LAST))
            arrangement.settle()
            row.save()
        number = sheet.action.number
        sheet.made.words = f"a ajouté de nouveau {_kind(row)} {named(row)} à la fiche {number}"
    rows = _added_by(before) if before else [row]
    return Written(
        tuple(rows), f"{named(row)} est de nouveau dans la fiche.", before or sheet.made.changeset
    )


def set_state(*, objective: Objective, by: User | None, state: str, was: str = "") -> Written:
    """Say where an objective stands; `was` is what the page showed.

    Raises `SheetRefused` when somebody said something else meanwhile. A dozen queries.
    """
    with writing_sheet(objective.action, by=by) as sheet:
        row = present_row(sheet, key=objective.pk)
        old, new = ObjectiveState(row.state), ObjectiveState(state)
        if was and old not in {was, new}:
            raise ObjectiveRefused(_told_other_state(row, old))
        if old != new:
            row.state = new
            row.save(update_fields=["state"])
        sheet.made.words = (
            f"a passé {_kind(row)} {named(row)} de la fiche {sheet.action.number} "
            f"de «{NBSP}{_state(old)}{NBSP}» à «{NBSP}{_state(new)}{NBSP}»"
        )
    said = f"Enregistré\u00a0: {named(row)} est maintenant «{NBSP}{_state(new)}{NBSP}»."
    return Written((row,), said, sheet.made.changeset)


def _told_other_state(row: Objective, now: ObjectiveState) -> str:
    last = last_changes(row._meta.label_lower, [row.pk]).get(row.pk)
    who = (last.changeset.by_name if last else "") or "Quelqu’un d’autre"
    return (
        f"{who} vient de mettre «{NBSP}{_state(now)}{NBSP}» à {named(row)}\u00a0: votre choix "
        "n’est pas enregistré, refaites-le s’il est le bon."
    )


def _state(state: ObjectiveState) -> str:
    return str(state.label).lower()


# --- Arranging -----------------------------------------------------------------------------------


def move_objective(*, objective: Objective, by: User | None, place: Place, order: str) -> Written:
    """Put a row at a place: reorder, indent and outdent are all this one.

    `order` names the arrangement on which `place` was chosen (`Outline.order`). Raises
    `OrderStale` when it is another now, `ObjectiveRefused` when the row cannot go there.
    """
    with writing_sheet(objective.action, by=by) as sheet:
        arrangement = Arrangement(sheet.action)
        row = arrangement.present(objective.pk)
        if order != arrangement.order:
            raise OrderStale(
                f"L’ordre des objectifs a changé entre-temps\u00a0: {named(row)} n’a pas été "
                "déplacé. Voici l’ordre actuel, refaites votre geste."
            )
        _check_place(arrangement, row, place)
        changed_parent = row.parent_id != place.parent
        arrangement.put(row, place)
        if changed_parent:
            row.save(update_fields=["parent"])
        arrangement.settle()
        standing = arrangement.standing(row)
        sheet.made.words = (
            f"a déplacé {_kind(row)} {named(row)} de la fiche {sheet.action.number}\u00a0: "
            f"{standing}"
        )
    return Written((row,), f"{named(row)} est maintenant {standing}.", sheet.made.changeset)


def settle_order(action: Action) -> None:
    """Make the ranks of a sheet's rows dense again; call it inside a gesture.

    For whoever gave rows back earlier ranks. One query, and a few more when a rank differs.
    """
    settle(Arrangement(action).rows)


def _check_place(arrangement: Arrangement, row: Objective, place: Place) -> None:
    if place.parent is None:
        return
    parent = arrangement.find(place.parent)
    if parent is None:
        raise ObjectiveRefused("Le projet visé a été retiré entre-temps\u00a0: rien n’a bougé.")
    if parent.pk == row.pk or parent.parent_id == row.pk:
        raise ObjectiveRefused(f"{named(row)} ne peut pas être rangé sous lui-même.")
    if row.is_project:
        raise ObjectiveRefused("Un projet ne peut pas être rangé sous un autre projet.")
    if not parent.is_project:
        raise ObjectiveRefused(
            f"Un objectif se range sous un projet, et {named(parent)} n’en est pas un."
        )


# --- Removing ------------------------------------------------------------------------------------


def remove_objective(*, objective: Objective, by: User | None, rows_under: str = "") -> Written:
    """Remove a row, with its quarters.

    A « Projet » that groups some: `rows_under` says « retirer » (with it) or « sortir » (they stay,
    last among the rows of no group); without it, `RowsUnder` is raised. What hung on the row stays
    on the sheet.
    """
    with writing_sheet(objective.action, by=by) as sheet:
        arrangement = Arrangement(sheet.action)
        row = arrangement.present(objective.pk)
        under = list(arrangement.group(row.pk).rows) if row.is_project else []
        if under and rows_under not in {"retirer", "sortir"}:
            raise RowsUnder(
                f"{named(row)} groupe {counted(len(under), 'objectif')}\u00a0: "
                "dites ce qu’ils deviennent."
            )
        if rows_under == "sortir":
            for child in under:
                arrangement.put(child, Place(None, LAST))
            Objective.objects.bulk_update(under, ["parent"])
        arrangement.take_out(row)
        told, kind = named(row), _kind(row)
        row.delete()
        arrangement.settle()
        sheet.made.words = (
            f"a retiré {kind} {told} de la fiche {sheet.action.number}"
            f"{_told_under(len(under), rows_under)}"
        )
    return Written(
        (), f"{told} est retiré{_told_under(len(under), rows_under)}.", sheet.made.changeset
    )


def _told_under(count: int, rows_under: str) -> str:
    if not count:
        return ""
    its = "son objectif" if count == 1 else f"ses {counted(count, 'objectif')}"
    if rows_under == "retirer":
        return f" avec {its}"
    return f", {its} {'est gardé' if count == 1 else 'sont gardés'}"


# --- Words ---------------------------------------------------------------------------------------


def _kind(row: Objective) -> str:
    return "le projet" if row.is_project else "l’objectif"
