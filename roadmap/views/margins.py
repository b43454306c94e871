"""In the margins of a sheet: comments, files and links."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, require, writes
from documents.attachments import AttachmentRefused, serve_attachment
from journal.enums import ChangeKind
from journal.models import Change
from journal.recording import Gesture
from journal.tracing import TracedModel
from roadmap.forms.margins import CommentForm, PinForm
from roadmap.models import Action, ActionAttachment, ActionComment
from roadmap.permissions import (
    can_comment_sheet,
    can_lead_roadmap,
    can_remove_comment,
    can_write_sheet,
)
from roadmap.services.gestures import SheetRefused, named
from roadmap.services.margins import (
    comment_on_sheet,
    pin_to_sheet,
    remove_comment,
    unpin_from_sheet,
)
from roadmap.views.around import sheet_page
from roadmap.views.doors import readable_sheet, sheet_address, sheet_to_write
from roadmap.views.telling import say_done, with_way_back

MARGINS = "roadmap/sheet/_margins.html"


def margins_of(
    request: SignedInRequest, action: Action, *, leads: bool, can_write: bool
) -> dict[str, Any]:
    """What the margins of a sheet's page show. Two queries."""
    return {
        "comments": _comments(request, action, leads=leads),
        "comment_form": CommentForm(),
        "pinned": _pinned(action),
        "pin_form": PinForm(),
        "can_pin": can_write and not action.is_retired,
    }


def _comments(
    request: SignedInRequest, action: Action, *, leads: bool
) -> list[tuple[ActionComment, bool]]:
    """The remarks in the order of their writing, and whether this reader may take them away."""
    comments = ActionComment.objects.filter(action=action).order_by("written_at", "pk")
    return [
        (comment, not action.is_retired and can_remove_comment(request.user, comment, leads=leads))
        for comment in comments
    ]


def _present(request: SignedInRequest, action: Action) -> list[tuple[ActionComment, bool]]:
    leads = can_lead_roadmap(request.user, action.project)
    return _comments(request, action, leads=leads)


def _pinned(action: Action) -> list[ActionAttachment]:
    pinned = ActionAttachment.objects.filter(action=action).select_related("attachment")
    return list(pinned.order_by("pk"))


@writes("POST")
def comment_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write a remark on a sheet that one reads."""
    action = readable_sheet(request, pk)
    require(can_comment_sheet(request.user, action))
    form = CommentForm(request.POST or None)
    if form.is_valid():
        try:
            made = comment_on_sheet(action=action, by=request.user, **form.cleaned_data)
            return _comments_after(request, action, "Votre commentaire est ajouté.", made)
        except SheetRefused as refusal:
            form.add_error(None, str(refusal))
    context = sheet_page(action) | {"comment_form": form}
    if request.htmx:
        context |= {"comments": _present(request, action)}
        return render(request, f"{MARGINS}#comments", context)
    return render(request, "roadmap/life/comment_add.html", context)


@writes("POST")
def comment_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a remark away, one's own or, for whoever leads the roadmap, anybody's."""
    comments = ActionComment.objects.filter(action__in=Action.objects.visible_to(request.user))
    with_place = comments.select_related("action__project__territory__region")
    comment = with_place.filter(pk=pk).first()
    if comment is None:
        action = _sheet_that_had(request, ActionComment, pk)
        return _gone_already(request, action, "Ce commentaire a déjà été retiré.", "commentaires")
    require(can_remove_comment(request.user, comment))
    refused = ""
    if request.method == "POST":
        try:
            made = remove_comment(comment=comment, by=request.user)
            return _comments_after(request, comment.action, "Le commentaire est retiré.", made)
        except SheetRefused as refusal:
            refused = str(refusal)
    context = sheet_page(comment.action) | {"comment": comment, "refused": refused}
    return render(request, "roadmap/life/comment_remove.html", context)


def _comments_after(
    request: SignedInRequest, action: Action, words: str, made: Gesture
) -> HttpResponse:
    if not request.htmx:
        say_done(request, words, made, draft=f"commentaire-{action.pk}")
        return redirect(f"{sheet_address(action)}#commentaires")
    context = sheet_page(action) | {
        "comments": _present(request, action),
        "comment_form": CommentForm(),
        "comments_said": with_way_back(words, made),
    }
    response = render(request, f"{MARGINS}#comments", context)
    response["HX-Trigger"] = f'{{"draft-saved": {{"key": "commentaire-{action.pk}"}}}}'
    return response


@writes("POST")
def attachment_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Pin a file or a link to a sheet that one writes."""
    action = sheet_to_write(request, pk)
    form = PinForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            made = pin_to_sheet(action=action, by=request.user, **form.cleaned_data)
            return _pinned_after(request, action, "La pièce est jointe à la fiche.", made)
        except AttachmentRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        except SheetRefused as refusal:
            form.add_error(None, str(refusal))
    context = sheet_page(action) | {"pin_form": form, "can_pin": not action.is_retired}
    if request.htmx:
        return render(request, f"{MARGINS}#pinned", context | {"pinned": _pinned(action)})
    return render(request, "roadmap/life/attachment_add.html", context)


@readonly_view
def attachment_file(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file pinned to a sheet, for whoever reads the sheet."""
    pinned = get_object_or_404(_readable_pinned(request), pk=pk)
    if pinned.attachment.is_lost:
        messages.error(
            request,
            f"Le fichier {named(pinned.attachment)} n’est plus sur le serveur. Demandez à "
            f"{pinned.attachment.author}, qui l’avait ajouté, de le joindre de nouveau.",
        )
        return redirect(f"{sheet_address(pinned.action)}#pieces")
    return serve_attachment(pinned.attachment)  # type: ignore[return-value]


@writes("POST")
def attachment_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a file or a link away from a sheet that one writes."""
    pinned = _readable_pinned(request).filter(pk=pk).first()
    if pinned is None:
        action = _sheet_that_had(request, ActionAttachment, pk)
        return _gone_already(request, action, "Cette pièce jointe a déjà été retirée.", "pieces")
    require(can_write_sheet(request.user, pinned.action))
    refused = ""
    if request.method == "POST":
        try:
            made = unpin_from_sheet(pinned=pinned, by=request.user)
            return _pinned_after(request, pinned.action, "La pièce jointe est retirée.", made)
        except SheetRefused as refusal:
            refused = str(refusal)
    context = sheet_page(pinned.action) | {"pinned": pinned, "refused": refused}
    return render(request, "roadmap/life/attachment_remove.html", context)


def _readable_pinned(request: SignedInRequest) -> QuerySet[ActionAttachment]:
    """What is pinned to the sheets that this person reads, with their place."""
    pinned = ActionAttachment.objects.filter(action__in=Action.objects.visible_to(request.user))
    return pinned.select_related("attachment", "action__project__territory__region")


def _sheet_that_had(request: SignedInRequest, model: type[TracedModel], pk: int) -> Action:
    """The sheet from which that was taken away, if this person reads it: a second click says so."""
    changes = Change.objects.to_row(model._meta.label_lower, pk).filter(kind=ChangeKind.REMOVED)
    removal = get_object_or_404(changes.order_by("-pk")[:1])
    return readable_sheet(request, int(removal.subject.partition(":")[2]))


def _gone_already(
    request: SignedInRequest, action: Action, words: str, anchor: str
) -> HttpResponse:
    messages.info(request, words)
    return redirect(f"{sheet_address(action)}#{anchor}")


def _pinned_after(
    request: SignedInRequest, action: Action, words: str, made: Gesture
) -> HttpResponse:
    if not request.htmx:
        say_done(request, words, made, draft=f"piece-{action.pk}")
        return redirect(f"{sheet_address(action)}#pieces")
    context = sheet_page(action) | {
        "pinned": _pinned(action),
        "pin_form": PinForm(),
        "can_pin": True,
        "pinned_said": with_way_back(words, made),
    }
    response = render(request, f"{MARGINS}#pinned", context)
    response["HX-Trigger"] = f'{{"draft-saved": {{"key": "piece-{action.pk}"}}}}'
    return response
