"""The rows of a sheet: added, pasted, written, moved, given a state, removed."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from core.http import SignedInRequest, readonly_view, writes
from journal.models import Change
from journal.reading import new_token
from roadmap.enums import ObjectiveState
from roadmap.forms.objectives import GroupForm, LineForm, ObjectiveForm, PasteForm
from roadmap.models import Action, Objective
from roadmap.services.arranging import RowsUnder, told_gone
from roadmap.services.gestures import SheetRefused, named, writing_sheet
from roadmap.services.objectives import (
    Spot,
    Written,
    add_objective,
    add_project_group,
    counted_rows,
    edit_objective,
    move_objective,
    paste_lines,
    present_row,
    proposed_label,
    remove_objective,
    set_state,
    write_again,
)
from roadmap.summaries.outline import Place
from roadmap.views.doors import sheet_to_write
from roadmap.views.objective_page import (
    Opened,
    Said,
    answer,
    line_at,
    line_draft,
    show,
    tops_of,
)


@readonly_view
def objective_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """The rows of a sheet, to be written and arranged; an empty line waits at the end."""
    action = sheet_to_write(request, pk)
    left = request.GET.get("ligne", "")
    return show(action, request=request, focus=f"modifier-{left}" if left.isdecimal() else "")


# --- Adding --------------------------------------------------------------------------------------


@writes("POST")
def objective_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """A line to type, in a « Projet » (« dans ») or after a row (« apres »); then the next."""
    action = sheet_to_write(request, pk)
    if request.method != "POST":
        opened = line_at(action, tops=tops_of(action), spot=_spot_of(request.GET))
        return show(action, request=request, opened=opened, focus="ligne_title")
    form = LineForm(request.POST, tops=tops_of(action), auto_id="ligne_%s")
    if form.is_valid():
        try:
            written = add_objective(
                action=action,
                by=request.user,
                row=form.row,
                spot=form.spot,
                token=form.cleaned_data["token"],
            )
        except SheetRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _next_line(request, action, written, form.spot)
    after = form.cleaned_data.get("after")
    opened = Opened("ligne", form, row=after, draft=line_draft(action))
    return show(action, request=request, opened=opened, focus="ligne_title")


def _next_line(
    request: SignedInRequest, action: Action, written: Written, spot: Spot, *, draft: str = ""
) -> HttpResponse:
    """A fresh line where the last one was added."""
    added = written.rows[0] if written.rows else None
    if added and added.is_project:
        spot = Spot(parent=added.pk)
    elif added and spot.after:
        spot = Spot(after=added.pk)
    where = f"apres={spot.after}" if spot.after else f"dans={spot.parent or 0}"
    return answer(
        action,
        written,
        request=request,
        back=f"{reverse('roadmap:objective_add', args=[action.pk])}?{where}#ajout",
        opened=line_at(action, tops=tops_of(action), spot=spot),
        focus="ligne_title",
        draft=draft or line_draft(action),
    )


def _spot_of(query: QueryDict) -> Spot | None:
    """« ?dans=12 », « ?apres=5 »; « ?dans=0 » means no « Projet », nothing leaves it open."""
    parent, after = query.get("dans", ""), query.get("apres", "")
    if after.isdecimal():
        return Spot(after=int(after))
    return Spot(parent=int(parent) or None) if parent.isdecimal() else None


@writes("POST")
def objective_group_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """A « Projet » to add; its first line waits once it is there."""
    action = sheet_to_write(request, pk)
    draft = f"fiche-{action.pk}-projet-nouveau"
    if request.method != "POST":
        form = GroupForm(
            initial={"label": proposed_label(action), "token": new_token()}, auto_id="projet_%s"
        )
        opened = Opened("projet", form, draft=draft)
        return show(action, request=request, opened=opened, focus="projet_title")
    form = GroupForm(request.POST, auto_id="projet_%s")
    if form.is_valid():
        try:
            written = add_project_group(action=action, by=request.user, **form.cleaned_data)
        except SheetRefused as refused:
            form.add_error(None, str(refused))
        else:
            return _next_line(request, action, written, Spot(), draft=draft)
    return show(
        action,
        request=request,
        opened=Opened("projet", form, draft=draft),
        focus="projet_title",
    )


@writes("POST")
def objective_paste(request: SignedInRequest, pk: int) -> HttpResponse:
    """A list to paste: first what it would add is shown, then it is added in one gesture."""
    action = sheet_to_write(request, pk)
    draft = f"fiche-{action.pk}-objectifs-liste"
    if request.method != "POST":
        spot = _spot_of(request.GET) or Spot()
        form = PasteForm(
            tops=tops_of(action),
            initial={"parent": spot.parent, "after": spot.after, "token": new_token()},
            auto_id="liste_%s",
        )
        opened = Opened("liste", form, draft=draft)
        return show(action, request=request, opened=opened, focus="liste_lines")
    form = PasteForm(request.POST, tops=tops_of(action), auto_id="liste_%s")
    more = {}
    if form.is_valid() and request.POST.get("step") == "ajouter":
        try:
            written = paste_lines(
                action=action,
                by=request.user,
                rows=form.pasted.rows,
                spot=form.spot,
                token=form.cleaned_data["token"],
            )
        except SheetRefused as refused:
            form.add_error(None, str(refused))
        else:
            return answer(action, written, request=request, back=_page(action), draft=draft)
    elif form.is_valid() and request.POST.get("step") != "corriger":
        more = {"pasted": form.pasted, "counted": counted_rows(form.pasted.rows)}
    opened = Opened("liste", form, draft=draft, more=more)
    focus = "liste_ajouter" if more else "liste_lines"
    return show(action, request=request, opened=opened, focus=focus)


# --- One row -------------------------------------------------------------------------------------


@writes("POST")
def objective_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every field of one row; what somebody else wrote meanwhile is shown beside."""
    row = _row_to_write(request, pk)
    if request.method != "POST":
        if row.is_gone:
            return _refuse(request, row, told_gone(pk))
        form = _form(row.kept, row.action)
        return _edition(request, row, form)
    if "again" in request.POST:
        return _edit_again(request, row)
    form = _form(row.kept, row.action, request.POST)
    try:
        with writing_sheet(row.action, by=request.user) as sheet:
            form = _form(present_row(sheet, key=pk), sheet.action, request.POST)
            if not form.is_valid():
                return _edition(request, row, form)
            written = edit_objective(sheet, row=form.instance, labels=form.changed_labels)
    except SheetRefused as refused:
        form.full_clean()
        form.add_error(None, str(refused))
        return _edition(request, row, form)
    return _edited(request, row.action, replace(written, changeset=sheet.made.changeset), pk)


def _edit_again(request: SignedInRequest, row: "_Row") -> HttpResponse:
    """What was typed in a row that was removed meanwhile becomes a row of its own."""
    form = _form(row.kept, row.action, request.POST)
    if not (row.is_gone and form.is_valid()):
        return _edition(request, row, form)
    try:
        written = write_again(
            action=row.action,
            by=request.user,
            row=form.instance,
            token=request.POST.get("token", "")[:64],
        )
    except SheetRefused as refused:
        form.add_error(None, str(refused))
        return _edition(request, row, form)
    return _edited(request, row.action, written, row.pk)


def _form(row: Objective, action: Action, data: QueryDict | None = None) -> ObjectiveForm:
    return ObjectiveForm(
        data,
        # What was typed in a row that is gone is a row of its own.
        instance=Objective(action=action) if row._state.adding else row,
        action=action,
        revision=action.project.revision,
        auto_id=f"objectif-{row.pk}-%s",
    )


def _edition(request: SignedInRequest, row: "_Row", form: ObjectiveForm) -> HttpResponse:
    opened = Opened(
        "modifier",
        form,
        row=row.pk,
        draft=_draft(row.pk),
        more={
            "key": row.pk,
            "is_gone": row.is_gone,
            "token": new_token(),
            "printed": row.kept.printed,
            "printed_in_summary": row.kept.printed_in_summary,
        },
    )
    first = next(iter(form.errors), "title")
    focus = form["title" if first == "__all__" else first].id_for_label
    return show(row.action, request=request, opened=opened, focus=focus)


def _edited(request: SignedInRequest, action: Action, written: Written, pk: int) -> HttpResponse:
    key = written.rows[0].pk if written.rows else pk
    return answer(
        action,
        written,
        request=request,
        back=_page(action, key),
        focus=f"modifier-{key}",
        draft=_draft(pk),
    )


@writes("POST")
def objective_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """A row put elsewhere, by arrows, drag or keyboard. Read, it is the page of rows."""
    row = _row_to_write(request, pk)
    if request.method != "POST":
        return redirect(_page(row.action, pk))
    try:
        place = Place.parse(request.POST.get("place", ""))
    except ValueError:
        return _refuse(request, row, "Cette place n’existe pas\u00a0: rien n’a bougé.")
    try:
        written = move_objective(
            objective=row.kept, by=request.user, place=place, order=request.POST.get("order", "")
        )
    except SheetRefused as refused:
        return _refuse(request, row, str(refused))
    # The arrow that was pressed when it may be pressed again: the template keeps it or the handle.
    focus = request.htmx.trigger or f"poignee-{pk}"
    return answer(row.action, written, request=request, back=_page(row.action, pk), focus=focus)


@writes("POST")
def objective_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Where a row stands, said at once. Read, it is the page of rows."""
    row = _row_to_write(request, pk)
    if request.method != "POST":
        return redirect(_page(row.action, pk))
    state, was = request.POST.get("state", ""), request.POST.get("was", "")
    if state not in ObjectiveState.values or was not in {"", *ObjectiveState.values}:
        return _refuse(request, row, "Cet état n’existe pas\u00a0: rien n’a été enregistré.")
    try:
        written = set_state(objective=row.kept, by=request.user, state=state, was=was)
    except SheetRefused as refused:
        return _refuse(request, row, str(refused), focus=f"etat-{pk}")
    return answer(
        row.action, written, request=request, back=_page(row.action, pk), focus=f"etat-{pk}"
    )


@writes("POST")
def objective_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks, saying what goes with the row and how it comes back; then removes it."""
    row = _row_to_write(request, pk)
    if row.is_gone:
        return _refuse(request, row, told_gone(pk))
    if request.method != "POST":
        return _removal(request, row)
    try:
        written = remove_objective(
            objective=row.kept, by=request.user, rows_under=request.POST.get("rows_under", "")
        )
    except RowsUnder:
        return _removal(request, row, is_asked=True)
    except SheetRefused as refused:
        return _refuse(request, row, str(refused))
    return answer(
        row.action, written, request=request, back=_page(row.action), focus="objectifs-annuler"
    )


def _removal(request: SignedInRequest, row: "_Row", *, is_asked: bool = False) -> HttpResponse:
    more = {
        "told": named(row.kept),
        "is_project": row.kept.is_project,
        "rows_under": row.kept.children.count(),
        "quarters": row.kept.planned_quarters.count(),
        "is_asked": is_asked,
    }
    opened = Opened("retirer", row=row.pk, more=more)
    return show(row.action, request=request, opened=opened, focus=f"garder-{row.pk}")


# --- Doors and places ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    """A row that may be written, and its sheet; one that was removed meanwhile has but its key."""

    pk: int
    action: Action
    kept: Objective

    @property
    def is_gone(self) -> bool:
        return self.kept._state.adding


def _row_to_write(request: SignedInRequest, pk: int) -> _Row:
    """The sheet is asked of the journal when the row is gone. Three to five queries."""
    kept = Objective.objects.filter(pk=pk).first()
    sheet = kept.action_id if kept else _sheet_of_removed(pk)
    if sheet is None:
        raise Http404
    action = sheet_to_write(request, sheet)
    kept = kept or Objective(pk=pk)
    kept.action = action
    return _Row(pk, action, kept)


def _sheet_of_removed(pk: int) -> int | None:
    touched = Change.objects.to_row(Objective._meta.label_lower, pk).order_by("-pk").first()
    if touched is None:
        return None
    return int(touched.subject.rpartition(":")[2])


def _refuse(request: SignedInRequest, row: _Row, sentence: str, *, focus: str = "") -> HttpResponse:
    """The rows as they are now, and why nothing was done."""
    said = Said(sentence, is_refusal=True, row=row.pk)
    return show(row.action, request=request, said=said, focus=focus or f"poignee-{row.pk}")


def _page(action: Action, row: int | None = None) -> str:
    anchor = "objectifs-edition" if row is None else f"objectif-{row}"
    return f"{reverse('roadmap:objective_list', args=[action.pk])}#{anchor}"


def _draft(pk: int) -> str:
    return f"objectif-{pk}"
