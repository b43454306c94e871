"""The life of a sheet: made, numbered, retired, restored."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP
from roadmap.forms.lifecycle import NewSheetForm, NumberForm, RetireForm, SourceForm
from roadmap.models import Action
from roadmap.permissions import can_lead_roadmap
from roadmap.services.copying import copy_of
from roadmap.services.gestures import SheetRefused
from roadmap.services.lifecycle import (
    SheetRestored,
    TitleTaken,
    make_sheet,
    restore_sheet,
    retire_sheet,
)
from roadmap.services.numbering import (
    NumberTaken,
    free_number,
    number_is_taken,
    renumber_sheet,
    taken_number,
)
from roadmap.summaries.lifecycle import retired_sheets
from roadmap.views.around import project_page, sheet_page
from roadmap.views.doors import project_to_lead, readable_project, sheet_address, sheet_to_lead
from roadmap.views.telling import say_done
from territories.models import Project

# More are found by narrowing the search.
SOURCES_SHOWN = 200
# The base holds no longer one.
LONGEST_KEY = 18


@writes("POST")
def sheet_new(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """A new sheet, from nothing or, with `?depuis=`, from one that the reader may read."""
    project = project_to_lead(request, project_pk)
    source = _source(request)
    form = NewSheetForm(request.POST or None, project=project, source=source)
    if form.is_valid() and (action := _made(request, form, project, source)):
        return redirect(sheet_address(action))
    context = project_page(project) | {
        "form": form,
        "source": source,
        "copy": copy_of(source, into=project) if source else None,
    }
    return render(request, "roadmap/life/sheet_new.html", context)


def _source(request: SignedInRequest) -> Action | None:
    """The sheet to start from, if the address names one; 404 when it is not for this reader."""
    key = request.GET.get("depuis", "")
    if not key:
        return None
    if not key.isdecimal() or len(key) > LONGEST_KEY:
        raise Http404
    readable = Action.objects.visible_to(request.user).live()
    return get_object_or_404(readable.for_sheet().with_place(), pk=int(key))


def _made(
    request: SignedInRequest, form: NewSheetForm, project: Project, source: Action | None
) -> Action | None:
    """The sheet; nothing, and a sentence on the form, when it cannot be."""
    typed = form.cleaned_data
    try:
        made = make_sheet(
            project=project,
            number=typed["number"],
            title=typed["title"],
            priority=typed["priority"],
            axis=typed["axis"],
            source=source,
            by=request.user,
            same_title=typed["same_title"],
            token=typed["token"],
        )
    except TitleTaken as refusal:
        form.ask_same_title(str(refusal))
        return None
    except SheetRefused as refusal:
        form.add_error("number" if isinstance(refusal, NumberTaken) else None, str(refusal))
        return None
    said = "était déjà créée" if made.was_made_before else "est créée"
    words = f"La fiche{NBSP}{made.action.number} {said}."
    say_done(request, words, draft=f"fiche-nouvelle-{project.pk}")
    return made.action


@readonly_view
def sheet_source(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The sheets from which a new one may start, by project, this one's first."""
    project = project_to_lead(request, project_pk)
    form = SourceForm(request.GET)
    words = form.cleaned_data["mots"] if form.is_valid() else ""
    readable = Action.objects.visible_to(request.user).live().matching(words)
    found = list(readable.for_choice(first=project)[: SOURCES_SHOWN + 1])
    context = project_page(project) | {
        "form": form,
        "words": words,
        "groups": [
            (whose, list(sheets))
            for whose, sheets in groupby(found[:SOURCES_SHOWN], lambda sheet: sheet.project)
        ],
        "limit": SOURCES_SHOWN if len(found) > SOURCES_SHOWN else None,
    }
    return render(request, "roadmap/life/sheet_source.html", context)


@writes("POST")
def sheet_renumber(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another number; when another sheet has it, what becomes of that one is asked first."""
    action = sheet_to_lead(request, pk)
    if action.is_retired and request.method != "POST":
        return _out_already(request, action, "rétablissez-la avant de la renuméroter.")
    form = NumberForm(request.POST or None, initial={"number": action.number})
    question = ""
    if form.is_valid():
        try:
            made = renumber_sheet(
                action=action,
                number=form.cleaned_data["number"],
                way=form.cleaned_data["way"],
                seen=form.seen,
                by=request.user,
            )
        except NumberTaken as refusal:
            question = str(refusal)
        except SheetRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = f"La fiche porte le numéro{NBSP}{form.cleaned_data['number']}."
            say_done(request, said, made)
            return redirect(sheet_address(action))
    _ask_ways(form, action, asked=bool(question))
    context = sheet_page(action) | {"form": form, "question": question}
    return render(request, "roadmap/life/sheet_renumber.html", context)


def _ask_ways(form: NumberForm, action: Action, *, asked: bool) -> None:
    """The two ways out, as numbers are now."""
    action.refresh_from_db(fields=["number"])
    taken = taken_number(action, number=form.cleaned_data["number"]) if asked else None
    if taken is None:
        form.forget_ways()
    else:
        form.offer_ways(taken)


@writes("POST")
def sheet_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the sheet out of the roadmap, and say why."""
    action = sheet_to_lead(request, pk)
    if action.is_retired and request.method != "POST":
        return _out_already(request, action, "il n’y a plus à la retirer.")
    form = RetireForm(request.POST or None)
    if form.is_valid():
        try:
            made = retire_sheet(action=action, by=request.user, **form.cleaned_data)
            words = f"La fiche{NBSP}{action.number} est retirée de la feuille de route."
            say_done(request, words, made, draft=f"retrait-{pk}")
        except SheetRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(sheet_address(action))
    return render(request, "roadmap/life/sheet_retire.html", sheet_page(action) | {"form": form})


@writes("POST")
def sheet_restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put the sheet back into the roadmap, once its number is known."""
    action = sheet_to_lead(request, pk)
    if request.method == "POST":
        try:
            restored = restore_sheet(action=action, by=request.user)
            say_done(request, _restored_words(restored), restored.made)
        except SheetRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(sheet_address(action))
    if not action.is_retired:
        messages.info(request, f"La fiche{NBSP}{action.number} est déjà dans la feuille de route.")
        return redirect(sheet_address(action))
    is_taken = number_is_taken(action.project, number=action.number)
    context = sheet_page(action) | {
        "free_number": free_number(action.project) if is_taken else None,
    }
    return render(request, "roadmap/life/sheet_restore.html", context)


def _out_already(request: SignedInRequest, action: Action, advice: str) -> HttpResponse:
    """Back to a sheet that was retired, and says since when and why."""
    messages.warning(request, f"La fiche{NBSP}{action.number} est retirée{NBSP}: {advice}")
    return redirect(sheet_address(action))


def _restored_words(restored: SheetRestored) -> str:
    number = restored.action.number
    if restored.number_before is None:
        return f"La fiche{NBSP}{number} est rétablie dans la feuille de route."
    return (
        f"La fiche est rétablie sous le numéro{NBSP}{number}{NBSP}: le{NBSP}"
        f"{restored.number_before} a été pris entre-temps."
    )


@readonly_view
def retired_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The sheets taken out of the roadmap, and the way to put them back."""
    project = readable_project(request, project_pk)
    context = project_page(project) | {
        "rows": retired_sheets(project),
        "can_lead": can_lead_roadmap(request.user, project),
    }
    return render(request, "roadmap/life/retired_list.html", context)
