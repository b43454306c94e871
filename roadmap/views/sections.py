"""The parts of a sheet, written one by one."""

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from core.http import SignedInRequest, readonly_view, writes
from journal.recording import Gesture
from roadmap.forms.sections import SECTIONS, SectionForm
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap
from roadmap.services.gestures import SheetRefused, writing_sheet
from roadmap.services.sections import labels_of, write_section
from roadmap.views.doors import readable_sheet, sheet_to_write
from roadmap.views.parts import PARTS, Editing, focus_on_error, saved, show_form, show_part

RETIRED = "Cette fiche est retirée de la feuille de route\u00a0: on la lit, on ne l’écrit plus."


@readonly_view
def sheet_part(request: SignedInRequest, pk: int, part: str) -> HttpResponse:
    """A part of a sheet as it is read: what « Annuler » brings back."""
    action = readable_sheet(request, pk)
    if part not in PARTS:
        raise Http404
    return show_part(request, action, part)


@writes("POST")
def sheet_section(request: SignedInRequest, pk: int, section: str) -> HttpResponse:
    """Write one part of a sheet; « ?champ= » says which field was asked for."""
    action = sheet_to_write(request, pk)
    if section not in SECTIONS:
        raise Http404
    if request.method == "POST":
        return _save(request, action, section)
    if action.is_retired:
        return show_part(request, action, section, told=RETIRED)
    form = _form(request, action, section)
    focus_on_error(form, request.GET.get("champ", ""))
    return show_form(request, action, _editing(action, section, form))


def _save(request: SignedInRequest, action: Action, section: str) -> HttpResponse:
    try:
        with writing_sheet(action, by=request.user) as sheet:
            form = _form(request, sheet.action, section, request.POST)
            if not form.is_valid():
                return show_form(request, action, _editing(action, section, form))
            written = write_section(
                sheet,
                columns=form.columns,
                links=form.links,
                new_axis=form.new_axis,
                drawn_at=form.cleaned_data["revision"],
            )
    except SheetRefused as refused:
        form = _form(request, action, section, request.POST)
        form.full_clean()
        form.add_error(None, str(refused))
        return show_form(request, action, _editing(action, section, form))
    return _saved(request, action, section, written, sheet.made)


def _saved(
    request: SignedInRequest, action: Action, section: str, written: list[str], made: Gesture
) -> HttpResponse:
    told = "Rien n’avait changé."
    if written:
        told = f"Enregistré\u00a0: {', '.join(labels_of(Action, names=written))}."
    draft = _draft(action, section)
    return saved(request, action, section, told=told, made=made, draft=draft)


def _form(
    request: SignedInRequest, action: Action, section: str, data: QueryDict | None = None
) -> SectionForm:
    return SECTIONS[section](
        data,
        instance=action,
        revision=action.project.revision,
        leads=can_lead_roadmap(request.user, action.project),
        auto_id=f"{section}_%s",
    )


def _editing(action: Action, section: str, form: SectionForm) -> Editing:
    return Editing(
        part=section,
        form=form,
        address=reverse("roadmap:sheet_section", args=[action.pk, section]),
        draft=_draft(action, section),
    )


def _draft(action: Action, section: str) -> str:
    return f"fiche-{action.pk}-{section}"
