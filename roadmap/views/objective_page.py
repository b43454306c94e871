"""The page of a sheet's rows: one template, whatever is open in it, whole or in place."""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from core.http import SignedInRequest, render_part
from journal.reading import new_token
from roadmap.enums import ObjectiveKind, ObjectiveState
from roadmap.forms.objectives import LineForm
from roadmap.models import Action, Objective
from roadmap.services.objectives import Spot, Written
from roadmap.summaries.outline import outline_of
from roadmap.views.around import sheet_page
from roadmap.views.doors import sheet_address
from roadmap.views.sheets import sheet_context

TEMPLATE = "roadmap/objectives/objective_list.html"
EDITOR = "objectifs-edition"


@dataclass(frozen=True)
class Opened:
    """The form that is open: « ligne », « projet », « liste », « modifier » or « retirer »."""

    kind: str
    form: forms.BaseForm | None = None
    # The row in whose place, or after which, it stands.
    row: int | None = None
    # The name under which what is typed is kept on the device.
    draft: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """What just happened, in a sentence, and the row that it happened to."""

    words: str = ""
    is_refusal: bool = False
    row: int | None = None
    undo: str = ""

    @classmethod
    def of(cls, written: Written) -> "Said":
        row = written.rows[0].pk if len(written.rows) == 1 else None
        made = written.changeset
        undo = reverse("roadmap:take_back", args=[made.pk]) if made else ""
        return cls(written.said, row=row, undo=undo)


def show(
    action: Action,
    *,
    request: SignedInRequest,
    said: Said | None = None,
    opened: Opened | None = None,
    focus: str = "",
    is_saved: bool = False,
) -> HttpResponse:
    """The page, or in place the rows with what is open among them; three queries or so."""
    in_order = Prefetch("objectives", Objective.objects.order_by("position", "pk"))
    prefetch_related_objects([action], in_order)
    outline = outline_of(action)
    opened = opened or line_at(action, tops=[top.objective for top in outline.projects], spot=None)
    if opened.row and outline.find(opened.row) is None:
        opened = replace(opened, row=None)
    _focus_field(opened.form, focus)
    context = sheet_page(action) | {
        "outline": outline,
        "is_open": not action.is_retired,
        "states": ObjectiveState.choices,
        "said": said or Said(),
        "opened": opened,
        "focus": focus,
        "here": request.htmx.current_url_abs_path or request.path,
    }
    if is_saved:
        context = _figures_of(request, action) | context
    part = "editor" if request.htmx.target == EDITOR else "rows"
    return render_part(request, TEMPLATE, part, context)


def answer(
    action: Action,
    written: Written,
    *,
    request: SignedInRequest,
    back: str,
    opened: Opened | None = None,
    focus: str = "",
    draft: str = "",
) -> HttpResponse:
    """After a gesture: the rows afresh in place, or a redirect that says what was done."""
    said = Said.of(written)
    if not request.htmx:
        undo = format_html(' <a href="{}">Annuler</a>', said.undo) if said.undo else ""
        # The layout tells the script, under that tag, which typed text is saved.
        tags = f"draft:{draft}" if draft else ""
        messages.success(request, format_html("{}{}", said.words, undo), extra_tags=tags)
        return redirect(back)
    response = show(action, request=request, said=said, opened=opened, focus=focus, is_saved=True)
    triggered: dict[str, Any] = {
        "sheet-changed": {"sheet": action.pk, "revision": action.project.revision}
    }
    if draft:
        triggered["draft-saved"] = {"key": draft}
    response["HX-Trigger"] = json.dumps(triggered)
    return response


def line_at(action: Action, *, tops: list[Objective], spot: Spot | None) -> Opened:
    """An empty line, ready to be typed; unless told otherwise, at the end of the sheet."""
    spot = spot or Spot(parent=tops[-1].pk if tops else None)
    form = LineForm(
        tops=tops,
        initial={"parent": spot.parent, "after": spot.after, "token": new_token()},
        auto_id="ligne_%s",
    )
    return Opened("ligne", form, row=spot.after, draft=line_draft(action))


def line_draft(action: Action) -> str:
    """The name under which a typed line is kept on the device."""
    return f"fiche-{action.pk}-objectif-nouveau"


def _focus_field(form: forms.BaseForm | None, focus: str) -> None:
    """Without JavaScript, the browser puts the caret where the script would."""
    for bound in form or ():
        if bound.id_for_label == focus:
            bound.field.widget.attrs["autofocus"] = True


def tops_of(action: Action) -> list[Objective]:
    """The « Projet » rows of a sheet; one query."""
    rows = Objective.objects.filter(action=action, kind=ObjectiveKind.PROJECT)
    return list(rows.order_by("position", "pk"))


def _figures_of(request: SignedInRequest, action: Action) -> dict[str, Any]:
    """The figures of the sheet, when they stand on the page around: a dozen queries."""
    if urlsplit(request.htmx.current_url_abs_path or "").path != sheet_address(action):
        return {}
    sheet = Action.objects.for_sheet().with_place().get(pk=action.pk)
    return {"with_figures": True, **sheet_context(request, sheet)}
