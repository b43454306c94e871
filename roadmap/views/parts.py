"""The parts of a sheet's page: each read or written in place, or written on a page of its own."""

import json
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from core.http import SignedInRequest
from journal.recording import Gesture
from roadmap.models import Action, ActionIndicator, ActionRole, FundingLine
from roadmap.permissions import can_lead_roadmap
from roadmap.summaries import funding_of, role_groups_of
from roadmap.views.around import sheet_page
from roadmap.views.doors import sheet_address
from roadmap.views.sheets import sheet_context
from roadmap.views.telling import with_way_back

ANSWER = "roadmap/edit/answer.html"
PAGE = "roadmap/edit/edit_page.html"


@dataclass(frozen=True)
class Part:
    """A part of the page: its title, and the template that draws it, read or written."""

    title: str
    template: str
    # What it lists, to be loaded even when a form is open in it.
    lists: str = ""


PARTS = {
    "identite": Part("Titre", "roadmap/sheet/_head.html#identity"),
    "avancement": Part("Avancement", "roadmap/edit/_status.html#status"),
    "classement": Part("Classement", "roadmap/sheet/_who.html#sorting"),
    "pourquoi": Part("Pourquoi cette fiche", "roadmap/sheet/_why.html#why"),
    "comment": Part("Comment", "roadmap/sheet/_how.html#how"),
    "remarques": Part("Remarques", "roadmap/sheet/_remarks.html#remarks"),
    "roles": Part("Qui", "roadmap/sheet/_who.html#roles", lists="roles"),
    "financement": Part("Financement", "roadmap/sheet/_money.html#money", lists="funding_lines"),
    "indicateurs": Part(
        "Indicateurs", "roadmap/sheet/_indicators.html#indicators", lists="indicators"
    ),
}


@dataclass(frozen=True)
class Editing:
    """The form that is open in a part, and where it goes."""

    part: str
    form: forms.BaseForm
    address: str
    # The name under which what is typed is kept on the device.
    draft: str
    submit: str = "Enregistrer"
    # The row that it writes; nothing for a part, or for a row to be added.
    row: int | None = None
    is_gone: bool = False
    directory: list[str] = field(default_factory=list)
    target: str = ""
    back: str = ""
    cancel: str = ""


def show_form(request: SignedInRequest, action: Action, editing: Editing) -> HttpResponse:
    """The form in its place in the page, or on a page of its own. Two queries or so."""
    focus_on_error(editing.form)
    part = PARTS[editing.part]
    placed: dict[str, Any] = {
        "target": f"#corps-{editing.part}" if request.htmx else "",
        "back": part_address(action, editing.part),
        "cancel": reverse("roadmap:sheet_part", args=[action.pk, editing.part]),
    }
    context = sheet_page(action) | {
        "edit": Editing(**(vars(editing) | placed)),
        "part": part,
        "can_write": True,
    }
    if not request.htmx:
        return _varying(render(request, PAGE, context))
    context |= {"can_lead": can_lead_roadmap(request.user, action.project)}
    context |= _listed(action, part) | {"place": editing.part}
    return _varying(render(request, ANSWER, context))


def show_part(
    request: SignedInRequest, action: Action, place: str, *, told: str = "", is_focused: bool = True
) -> HttpResponse:
    """A part as it is read, in place, and why nothing was done; otherwise the page of the sheet."""
    if not request.htmx:
        if told:
            messages.warning(request, told)
        return redirect(part_address(action, place))
    context = _whole(request, action) | {"place": place, "told": told, "is_refusal": bool(told)}
    context |= {"part": PARTS[place], "focus": place if is_focused else ""}
    return _varying(render(request, ANSWER, context))


def saved(
    request: SignedInRequest, action: Action, place: str, *, told: str, made: Gesture, draft: str
) -> HttpResponse:
    """After a gesture: the part afresh with the figures, or a redirect that says what was done."""
    if not request.htmx:
        # The layout tells the script, under that tag, which typed text is saved.
        messages.success(request, with_way_back(told, made), extra_tags=f"draft:{draft}")
        return redirect(part_address(action, place))
    context = _whole(request, action) | {
        "part": PARTS[place],
        "place": place,
        "told": told,
        "undo": made.changeset,
        "is_saved": True,
        "focus": place,
    }
    response = render(request, ANSWER, context)
    revision = {"sheet": action.pk, "revision": action.project.revision}
    response["HX-Trigger"] = json.dumps({"draft-saved": {"key": draft}, "sheet-changed": revision})
    return _varying(response)


def part_address(action: Action, place: str) -> str:
    """Where a part stands in the page of its sheet."""
    return f"{sheet_address(action)}#partie-{place}"


def focus_on_error(form: forms.BaseForm, first: str = "") -> None:
    """The caret goes to the field named, else to the first that is wrong, else to the first."""
    visible = [bound.name for bound in form.visible_fields()]
    wrong = [name for name in visible if name in form.errors] if form.is_bound else []
    for name in [first, *wrong, *visible]:
        if name in visible and not any(
            "autofocus" in bound.field.widget.attrs for bound in form.visible_fields()
        ):
            form.fields[name].widget.attrs["autofocus"] = True


def _whole(request: SignedInRequest, action: Action) -> dict[str, Any]:
    """All that the page says of the sheet, read again: ten queries."""
    loaded = Action.objects.for_sheet().with_place().get(pk=action.pk)
    return sheet_context(request, loaded)


def _listed(action: Action, part: Part) -> dict[str, Any]:
    """The rows among which a form is open. One query."""
    rows: dict[str, Any] = {
        "roles": ActionRole.objects.select_related("organisation", "person", "objective"),
        "funding_lines": FundingLine.objects.select_related("organisation", "objective"),
        "indicators": ActionIndicator.objects.select_related("objective"),
    }
    if not part.lists:
        return {}
    in_order = rows[part.lists].order_by("position", "pk")
    prefetch_related_objects([action], Prefetch(part.lists, in_order))
    if part.lists == "roles":
        return {"role_groups": role_groups_of(action)}
    if part.lists == "funding_lines":
        return {"summary": {"funding": funding_of(action)}}
    return {}


def _varying(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response
