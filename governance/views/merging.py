"""Duplicates of the directory: found, looked at together, made one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, readonly_view, writes
from governance.forms.merging import FindForm, MergeForm
from governance.models import Organisation, Person
from governance.services.merging import merge
from governance.summaries.duplicates import duplicates_of
from governance.summaries.merging import moves_between, refusal_of
from governance.views.doors import (
    directory_page,
    organisation_of,
    person_of,
    territory_to_keep,
)
from governance.writing import DirectoryRefused
from territories.models import Territory

PEOPLE, ORGANISATIONS = "personnes", "organisations"
OFFERED = 30


@readonly_view
def duplicate_list(request: SignedInRequest, code: str, kind: str) -> HttpResponse:
    """Entries that may be the same, by kind."""
    territory = territory_to_keep(request, code)
    found = duplicates_of(territory, _model(kind))
    context = directory_page(territory) | {"found": found, "kind": kind}
    return render(request, "governance/duplicate_list.html", context)


@readonly_view
def duplicate_find(request: SignedInRequest, code: str, kind: str, pk: int) -> HttpResponse:
    """The other entry, looked for by its words."""
    territory = territory_to_keep(request, code)
    entry = _entry(territory, kind, pk)
    form = FindForm(request.GET or None)
    words = form.cleaned_data["mots"] if form.is_valid() else ""
    model: Any = _model(kind)
    others = model.objects.of(territory).with_words(words).exclude(pk=pk) if words else ()
    context = directory_page(territory) | {
        "entry": entry,
        "kind": kind,
        "words": words,
        "others": others[:OFFERED],
    }
    return render(request, "governance/duplicate_find.html", context)


@writes("POST")
def duplicate_merge(
    request: SignedInRequest, code: str, kind: str, pk: int, other: int
) -> HttpResponse:
    """What would change if two entries became one; sent, they do."""
    territory = territory_to_keep(request, code)
    kept, gone = _entry(territory, kind, pk), _entry(territory, kind, other)
    if kept == gone:
        raise Http404
    form = MergeForm(request.POST or None, kept=kept, gone=gone)
    refused = ""
    if form.is_valid():
        try:
            merge(
                kept=kept,
                gone=gone,
                seen=form.cleaned_data["seen"],
                from_gone=form.from_gone,
                by=request.user,
            )
        except DirectoryRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"Les deux fiches n’en font plus qu’une\u00a0: {kept}.")
            page = "person_detail" if kind == PEOPLE else "organisation_detail"
            return redirect(f"governance:{page}", code=territory.code, pk=kept.pk)
    moves = moves_between(kept, gone)
    context = directory_page(territory) | {
        "kind": kind,
        "kept": kept,
        "gone": gone,
        "form": form,
        "refused": refused,
        "moves": moves,
        "people": list(gone.people.order_by("folded", "pk"))
        if isinstance(gone, Organisation)
        else [],
        "blocked": refusal_of(kept, gone, moves),
    }
    return render(request, "governance/duplicate_merge.html", context)


def _model(kind: str) -> type[Organisation | Person]:
    return Person if kind == PEOPLE else Organisation


def _entry(territory: Territory, kind: str, pk: int) -> Organisation | Person:
    return person_of(territory, pk) if kind == PEOPLE else organisation_of(territory, pk)
