"""What hangs on a sheet, written row by row: roles, money, indicators."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from core.http import SignedInRequest, require, writes
from core.text import NBSP
from journal.reading import already_made, token_for
from roadmap.enums import ANSWERING_ROLES, RoleKind
from roadmap.forms.attached import FORMS, HeldRowForm, RowForm
from roadmap.models import Action, ActionRole
from roadmap.permissions import can_lead_roadmap, can_write_sheet
from roadmap.services.attached import (
    KINDS,
    AttachedKind,
    Directory,
    Row,
    attach_row,
    present_row,
    remove_row,
    who_removed,
    write_row,
)
from roadmap.services.gestures import SheetRefused, named, writing_sheet
from roadmap.services.sections import labels_of
from roadmap.views.doors import sheet_to_write
from roadmap.views.parts import Editing, focus_on_error, saved, show_form, show_part
from roadmap.views.sections import RETIRED
from territories.enums import Role

# What is sent beside the contents of a row.
ASIDE = {"csrfmiddlewaretoken", "revision", "token"}


@dataclass(frozen=True)
class _Place:
    """A row of a sheet, or the place of one to be added."""

    action: Action
    kind: AttachedKind
    row: int | None = None

    @property
    def address(self) -> str:
        if self.row is None:
            return reverse("roadmap:attached_add", args=[self.action.pk, self.kind.slug])
        return reverse("roadmap:attached_edit", args=[self.action.pk, self.kind.slug, self.row])

    @property
    def draft(self) -> str:
        return f"fiche-{self.action.pk}-{self.kind.slug}-{self.row or 'nouveau'}"


@writes("POST")
def attached_add(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """Hang a row on a sheet; « ?role= » says which one is missing."""
    place = _place(request, pk, kind)
    if request.method == "POST":
        return _add(request, place)
    if place.action.is_retired:
        return show_part(request, place.action, kind, told=RETIRED)
    row = place.kind.model(action=place.action)
    if isinstance(row, ActionRole) and request.GET.get("role") in RoleKind.values:
        row.kind = RoleKind(request.GET["role"])
    form = _form(place, place.action, row)
    focus_on_error(form, "who" if isinstance(row, ActionRole) and row.kind else "")
    return show_form(request, place.action, _editing(place, form))


@writes("POST")
def attached_edit(request: SignedInRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Write a row of a sheet; « ?associer=1 » names somebody in the place of a free text."""
    place = _place(request, pk, kind, row)
    if request.method == "POST":
        return _add(request, place) if "again" in request.POST else _write(request, place)
    if place.action.is_retired:
        return show_part(request, place.action, kind, told=RETIRED)
    present = present_row(place.action, kind=place.kind, key=row)
    if present is None:
        return show_part(request, place.action, kind, told=_gone(place))
    form = _form(place, place.action, present)
    if isinstance(present, ActionRole) and "associer" in request.GET and not present.names_somebody:
        form.initial.update(who="", printed=present.label)
        focus_on_error(form, "who")
    return show_form(request, place.action, _editing(place, form))


@writes("POST")
def attached_remove(request: SignedInRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Take a row away; the message holds the way back. Read, it is the page of the sheet."""
    place = _place(request, pk, kind, row)
    if request.method != "POST":
        return show_part(request, place.action, kind)
    try:
        made = remove_row(action=place.action, kind=place.kind, key=row, by=request.user)
    except SheetRefused as refused:
        return show_part(request, place.action, kind, told=str(refused))
    if made.changeset is None:
        return show_part(request, place.action, kind, told=_gone(place))
    told = f"{place.kind.removed.capitalize()}."
    return saved(request, place.action, kind, told=told, made=made, draft=place.draft)


def _add(request: SignedInRequest, place: _Place) -> HttpResponse:
    sent = [f"{name}={text}" for name, text in sorted(request.POST.items()) if name not in ASIDE]
    token = token_for(request.POST.get("token", "")[:64], place.action.pk, place.kind.slug, *sent)
    try:
        with writing_sheet(place.action, by=request.user, token=token) as sheet:
            row = place.kind.model(action=sheet.action)
            before = already_made(sheet.action.project.scope, token)
            if before is None:
                form = _form(place, sheet.action, row, request.POST)
                if not form.is_valid():
                    editing = _editing(place, form, is_gone="again" in request.POST)
                    return show_form(request, place.action, editing)
                attach_row(sheet, row=row)
    except SheetRefused as refused:
        return _refuse(request, place, str(refused))
    sheet.made.changeset = before or sheet.made.changeset
    told = "C’était déjà enregistré." if before else f"Ajouté{NBSP}: {named(row)}."
    told += _reads_only(row, sheet.action)
    return saved(
        request, place.action, place.kind.slug, told=told, made=sheet.made, draft=place.draft
    )


def _write(request: SignedInRequest, place: _Place) -> HttpResponse:
    try:
        with writing_sheet(place.action, by=request.user) as sheet:
            present = present_row(sheet.action, kind=place.kind, key=place.row or 0)
            if present is None:
                return _refuse(request, place, _gone(place), is_gone=True)
            form = _form(place, sheet.action, present, request.POST)
            if not form.is_valid():
                return show_form(request, place.action, _editing(place, form))
            written = write_row(sheet, row=present)
    except SheetRefused as refused:
        return _refuse(request, place, str(refused))
    told = "Rien n’avait changé."
    if written:
        told = f"Enregistré{NBSP}: {', '.join(labels_of(place.kind.model, names=written))}."
        told += _reads_only(present, sheet.action)
    return saved(
        request, place.action, place.kind.slug, told=told, made=sheet.made, draft=place.draft
    )


def _reads_only(row: Row, action: Action) -> str:
    """What is still to be done when an account that is named pilot is not allowed to write."""
    person = row.person if isinstance(row, ActionRole) and row.kind in ANSWERING_ROLES else None
    if person is None or person.user is None or can_write_sheet(person.user, action):
        return ""
    return (
        f" {person} ne peut pas encore écrire la fiche{NBSP}: donnez à son compte le rôle "
        f"«{NBSP}{Role.PILOT.label}{NBSP}» dans les membres du territoire."
    )


def _refuse(
    request: SignedInRequest, place: _Place, sentence: str, *, is_gone: bool = False
) -> HttpResponse:
    """The typed text comes back with the reason why it is not kept."""
    form = _form(place, place.action, place.kind.model(action=place.action), request.POST)
    form.full_clean()
    form.add_error(None, sentence)
    return show_form(request, place.action, _editing(place, form, is_gone=is_gone))


def _place(request: SignedInRequest, pk: int, kind: str, row: int | None = None) -> _Place:
    """A sheet that this person writes; its roles are for those who lead. Two to four queries."""
    action = sheet_to_write(request, pk)
    known = KINDS.get(kind)
    if known is None:
        raise Http404
    if known.is_for_leads:
        require(can_lead_roadmap(request.user, action.project))
    return _Place(action, known, row)


def _gone(place: _Place) -> str:
    """Why a row cannot be written; 404 for one that never hung on that sheet."""
    who = who_removed(place.action, kind=place.kind, key=place.row or 0)
    if who is None:
        raise Http404
    name = place.kind.name
    return (
        f"{name[:1].upper()}{name[1:]} a été {place.kind.removed} entre-temps par {who}{NBSP}: "
        "rien n’a été enregistré."
    )


def _form(place: _Place, action: Action, row: Row, data: QueryDict | None = None) -> RowForm:
    form, slug = FORMS[place.kind.slug], place.kind.slug
    more: dict[str, Any] = {}
    if issubclass(form, HeldRowForm):
        with_people = place.kind.model is ActionRole
        more["directory"] = Directory(action.project.territory, with_people=with_people)
    return form(
        data,
        instance=row,
        action=action,
        revision=action.project.revision,
        auto_id=f"{slug}_%s",
        **more,
    )


def _editing(place: _Place, form: RowForm, *, is_gone: bool = False) -> Editing:
    return Editing(
        part=place.kind.slug,
        form=form,
        address=place.address,
        draft=place.draft,
        submit="Ajouter" if place.row is None else "Enregistrer",
        row=None if is_gone else place.row,
        is_gone=is_gone,
        directory=form.words_offered,
    )
