"""The agenda of a meeting: its items, their order, their documents, what is proposed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, writes
from core.text import NBSP
from documents.attachments import AttachmentRefused, serve_attachment
from documents.forms import AttachmentForm
from governance.enums import DecisionState
from governance.forms.agendas import ItemForm, NewItemForm
from governance.models import AgendaItem, Decision, Meeting
from governance.services.agendas import (
    add_decision,
    add_item,
    add_validation,
    copy_agenda,
    join_document,
    move_item,
    remove_item,
    take_document_away,
)
from governance.services.minutes import refuse_closed_minutes
from governance.summaries.agendas import agenda_of, proposals_for
from governance.views.around import (
    item_to_lead,
    meeting_page,
    meeting_to_lead,
    readable_meeting,
)
from governance.writing import GovernanceRefused, writing_meeting

COPY, VALIDATION, DECISION = "reprendre", "validation", "decision"
JOIN, TAKE_AWAY = "joindre", "retirer-document"


@writes("POST")
def agenda_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """The agenda and its clock; items added at the end, or proposed."""
    meeting = meeting_to_lead(request, pk)
    form = NewItemForm()
    if request.method == "POST":
        asked = request.POST.get("do", "")
        if asked:
            _try(request, lambda: _proposed(request, meeting, asked))
            return redirect("governance:agenda_edit", pk)
        form = NewItemForm(request.POST)
        if form.is_valid():
            token = form.cleaned_data["token"]
            _try(
                request,
                lambda: add_item(meeting=meeting, item=form.item, by=request.user, token=token),
            )
            return redirect(f"{request.path}#ajouter")
    context = meeting_page(meeting) | {
        "agenda": agenda_of(meeting),
        "proposals": proposals_for(meeting),
        "form": form,
    }
    return render(request, "governance/meetings/agenda_edit.html", context)


def _proposed(request: SignedInRequest, meeting: Meeting, asked: str) -> None:
    if asked == COPY:
        copy_agenda(meeting=meeting, by=request.user)
    elif asked == VALIDATION:
        add_validation(meeting=meeting, by=request.user)
    elif asked == DECISION:
        key = request.POST.get("decision", "")
        decisions = Decision.objects.filter(body=meeting.body_id, state=DecisionState.OPEN)
        found = decisions.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0).first()
        if found is None:
            raise GovernanceRefused("Cette décision n’est plus à suivre dans cette instance.")
        add_decision(meeting=meeting, decision=found, by=request.user)


def _try(request: SignedInRequest, act: Callable[[], None]) -> None:
    try:
        act()
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))


@writes("POST")
def agenda_item_edit(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """Change an item, or the document that hangs on it."""
    item = item_to_lead(request, pk, item_pk)
    document_form = AttachmentForm()
    form = ItemForm(instance=item, revision=item.meeting.revision)
    if request.method == "POST":
        asked = request.POST.get("do", "")
        if asked == TAKE_AWAY:
            _try(request, lambda: take_document_away(item=item, by=request.user))
            return redirect("governance:agenda_item_edit", pk, item_pk)
        if asked == JOIN:
            document_form = AttachmentForm(request.POST, request.FILES)
            if _joined(request, item, document_form):
                return redirect("governance:agenda_item_edit", pk, item_pk)
        else:
            form = _saved_item(request, item)
            if not form.errors:
                return redirect("governance:agenda_edit", pk)
    context = meeting_page(item.meeting) | {
        "item": item,
        "form": form,
        "document_form": document_form,
    }
    return render(request, "governance/meetings/agenda_item_edit.html", context)


def _joined(request: SignedInRequest, item: AgendaItem, form: AttachmentForm) -> bool:
    if not form.is_valid():
        return False
    try:
        join_document(item=item, by=request.user, **form.cleaned_data)
    except AttachmentRefused as refusal:
        form.add_error(refusal.field, str(refusal))
    except GovernanceRefused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, "Le document est joint au point.")
        return True
    return False


def _saved_item(request: SignedInRequest, item: AgendaItem) -> ItemForm:
    """The form once sent; without errors, it is saved."""
    try:
        with writing_meeting(item.meeting, by=request.user) as writing:
            refuse_closed_minutes(writing.meeting)
            present = AgendaItem.objects.filter(pk=item.pk).first()
            if present is None:
                raise GovernanceRefused("Ce point a été retiré pendant que vous écriviez.")
            form = ItemForm(request.POST, instance=present, revision=writing.meeting.revision)
            if form.is_valid():
                form.save()
                writing.made.words = f"a modifié le point «{NBSP}{present}{NBSP}»"
    except GovernanceRefused as refusal:
        form = ItemForm(request.POST, instance=item, revision=item.meeting.revision)
        form.add_error(None, str(refusal))
    return form


@writes("POST")
def agenda_item_move(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """One place up or down; a reading goes back to the agenda."""
    item = item_to_lead(request, pk, item_pk)
    if request.method == "POST":
        up = request.POST.get("sens") == "haut"
        _try(request, lambda: move_item(item=item, up=up, by=request.user))
    response = redirect("governance:agenda_edit", pk)
    response["Location"] += f"#point-{item_pk}"
    return response


@writes("POST")
def agenda_item_remove(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """Take an item away, once confirmed."""
    item = item_to_lead(request, pk, item_pk)
    if request.method == "POST":
        _try(request, lambda: remove_item(item=item, by=request.user))
        return redirect("governance:agenda_edit", pk)
    context = meeting_page(item.meeting) | {"item": item}
    return render(request, "governance/meetings/agenda_item_remove.html", context)


@readonly_view
def agenda_file(request: SignedInRequest, pk: int, item_pk: int) -> HttpResponse:
    """The document of an item, for whoever reads the meeting."""
    meeting = readable_meeting(request, pk)
    items = AgendaItem.objects.filter(meeting=meeting, attachment__isnull=False)
    item = get_object_or_404(items.select_related("attachment"), pk=item_pk)
    if item.attachment is None or item.attachment.is_lost:
        messages.error(
            request, "Ce document n’est plus sur le serveur\u00a0: joignez-le de nouveau."
        )
        return redirect("governance:meeting_detail", pk)
    return serve_attachment(item.attachment)  # type: ignore[return-value]
