"""What the letters of a batch ask for, one engagement after the other."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, writes
from core.text import NBSP
from governance.forms.engagement import ItemForm
from governance.models import EngagementItem
from governance.services.engagement import (
    add_item,
    bring_back_items,
    move_item,
    remove_item,
    writing_round,
)
from governance.views.engagement_doors import item_to_lead, round_page, round_to_lead
from governance.writing import GovernanceRefused


@writes("POST")
def engagement_item_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """An engagement of the lead's own."""
    batch = round_to_lead(request, pk)
    revision = batch.project.revision
    item = EngagementItem(round=batch)
    form = ItemForm(
        request.POST if request.method == "POST" else None, instance=item, revision=revision
    )
    if form.is_valid():
        try:
            add_item(batch=batch, text=form.cleaned_data["text"], by=request.user)
        except GovernanceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "L’engagement est ajouté.")
            return redirect("governance:engagement_words", pk)
    context = round_page(batch) | {"form": form, "item": None}
    return render(request, "governance/engagement_item_edit.html", context)


@writes("POST")
def engagement_item_edit(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """Re-word an engagement."""
    item = item_to_lead(request, pk, item_pk)
    form = ItemForm(instance=item, revision=item.round.project.revision)
    if request.method == "POST":
        form = _written(request, item)
        if not form.errors:
            messages.success(request, "L’engagement est enregistré.")
            return redirect("governance:engagement_words", pk)
    context = round_page(item.round) | {"form": form, "item": item}
    return render(request, "governance/engagement_item_edit.html", context)


def _written(request: SignedInRequest, item: EngagementItem) -> ItemForm:
    batch = item.round
    try:
        with writing_round(batch=batch, by=request.user, rewords=True) as writing_now:
            present = EngagementItem.objects.filter(pk=item.pk).first()
            if present is None:
                raise GovernanceRefused("Cet engagement a été retiré entre-temps.")
            present.round = writing_now.round
            form = ItemForm(
                request.POST, instance=present, revision=writing_now.round.project.revision
            )
            if form.is_valid():
                form.save()
                writing_now.made.words = f"a reformulé un engagement de «{NBSP}{batch}{NBSP}»"
    except GovernanceRefused as refusal:
        form = ItemForm(request.POST, instance=item, revision=batch.project.revision)
        form.add_error(None, str(refusal))
    return form


@writes("POST")
def engagement_item_remove(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """Take an engagement out; those of the source can be brought back."""
    item = item_to_lead(request, pk, item_pk)
    return _done(
        request, pk, lambda: remove_item(item=item, by=request.user), "L’engagement est retiré."
    )


@writes("POST")
def engagement_item_move(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """One place up, or down."""
    item = item_to_lead(request, pk, item_pk)
    up = request.POST.get("vers") == "haut"
    return _done(request, pk, lambda: move_item(item=item, up=up, by=request.user), "")


@writes("POST")
def engagement_items_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Bring back the engagements of the source that were taken out."""
    batch = round_to_lead(request, pk)
    said = "Les engagements de la source sont revenus, à la fin de la liste."
    return _done(request, pk, lambda: bring_back_items(batch=batch, by=request.user), said)


def _done(request: SignedInRequest, pk: int, act: Callable[[], object], said: str) -> HttpResponse:
    """What a button does; read, its address leads back to the page of the words."""
    if request.method == "POST":
        try:
            act()
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
    return redirect("governance:engagement_words", pk)
