"""The page of one answer, whoever comes to it: drawn, saved as it is typed, sent once."""

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core.http import PageRequest
from core.middleware import typed_texts
from core.text import NBSP, listed, moment_in_words
from documents.attachments import AttachmentRefused, serve_attachment
from reviews.enums import UpdateState
from reviews.forms.answers import AnswerForm, BehalfForm, EvidenceForm
from reviews.models import Evidence, ObjectiveUpdate, Update
from reviews.services.answering import (
    Answerer,
    Answering,
    add_evidence,
    answering,
    keep_draft,
    keep_late_text,
    page_token,
    remove_evidence,
    send_answer,
    send_unchanged,
)
from reviews.summaries.answers import answer_said, last_answer
from reviews.summaries.expected import deadline_of, progress_of
from reviews.views.ways import Way
from reviews.writing import CampaignClosed, ReviewRefused

AUTO, SEND, UNCHANGED, JOIN = "auto", "envoyer", "inchange", "joindre"
REMOVE = "retirer-"
KEPT = "Votre texte n’est pas perdu\u00a0: le voici, et la coordination le reçoit tel quel."


class _Sent:
    """What one page sent: its three forms, and what is asked of them."""

    def __init__(self, request: PageRequest, way: Way) -> None:
        self.data, self.files = request.POST, request.FILES
        self.asked = request.POST.get("do", "")
        self.way = way
        self.behalf = BehalfForm(self.data, is_final=self.asked == SEND)
        self.behalf_name = ""
        if way.is_lead and self.behalf.is_valid():
            self.behalf_name = self.behalf.cleaned_data["answered_for"]
        self.evidence = EvidenceForm(self.data, self.files)
        self.evidence.is_required = self.asked == JOIN

    @property
    def is_auto(self) -> bool:
        """Saved by the page itself."""
        return self.asked == AUTO

    @property
    def token(self) -> str:
        """What is saved as it is typed may come back to what it was: each time is another one."""
        typed = self.data.get("token", "")
        if self.is_auto:
            return page_token(typed, uuid.uuid4())
        sent = sorted((name, str(value)) for name, value in self.data.items() if name[:4] != "csrf")
        upload: Any = self.files.get("upload")
        joined = (upload.name, upload.size) if upload else ()
        return page_token(typed, self.asked, sent, joined)

    def is_valid(self, form: AnswerForm) -> bool:
        is_signed = not self.way.is_lead or self.behalf.is_valid()
        return form.is_valid() & self.evidence.is_valid() & is_signed


def answer_page(request: PageRequest, way: Way, update: Update) -> HttpResponse:
    """One answer: read once it is validated or frozen, written until then.

    About twelve queries to read or to save, thirty to send. Expects the place.
    """
    if request.method != "POST":
        return _show(request, way, update)
    sent = _Sent(request, way)
    by = way.answerer(update, on_behalf=sent.behalf_name)
    try:
        if sent.asked == UNCHANGED:
            written = send_unchanged(update=update, by=by, token=sent.data.get("token", ""))
            return _on_to_next(request, way, written.update)
        return _save(request, way, update, sent, by)
    except CampaignClosed as refusal:
        typed = _form(update, sent, update.objectives.in_order()).typed
        if sent.asked == UNCHANGED:
            typed = "Rien n’a changé."
        keep_late_text(update=update, by=by, text=typed)
        words = f"{refusal} {KEPT}" if typed else str(refusal)
        return _refuse(request, way, update, words, sent)
    except ReviewRefused as refusal:
        return _refuse(request, way, update, str(refusal), sent)


def _form(update: Update, sent: _Sent, objectives: Iterable[ObjectiveUpdate]) -> AnswerForm:
    """What was sent; an answer that was sent before is corrected whole, never by half."""
    return AnswerForm(
        sent.data,
        update=update,
        objectives=list(objectives),
        is_final=sent.asked == SEND or (update.is_submitted and not sent.is_auto),
    )


def _save(
    request: PageRequest, way: Way, update: Update, sent: _Sent, by: Answerer
) -> HttpResponse:
    with answering(update, by=by, token=sent.token) as writing:
        form = _form(writing.update, sent, writing.objectives)
        if not sent.is_valid(form):
            return _say_wrong(request, way, update, form, sent)
        try:
            _write(writing, sent)
        except AttachmentRefused as refusal:
            sent.evidence.add_error(refusal.field, str(refusal))
            return _say_wrong(request, way, update, form, sent)
    if sent.is_auto:
        return _saved_by_itself(writing, form)
    if sent.asked == SEND:
        return _on_to_next(request, way, writing.update)
    # By its own name: what was typed on this device is on the server now.
    told = "Votre brouillon est enregistré. Il n’est pas encore envoyé."
    if writing.update.is_submitted:
        told = "Votre réponse est corrigée."
    messages.success(request, told, extra_tags=f"draft:reponse-{update.pk}")
    return redirect(way.to("answer", update))


def _write(writing: Answering, sent: _Sent) -> None:
    """Do what is asked, once: join or take away a file, keep, send."""
    if writing.is_sent_already:
        return
    if sent.asked.startswith(REMOVE) and sent.asked.removeprefix(REMOVE).isdecimal():
        remove_evidence(writing, key=int(sent.asked.removeprefix(REMOVE)[:18]))
    if sent.evidence.is_filled and not sent.is_auto:
        add_evidence(writing, **sent.evidence.cleaned_data)
    if sent.asked == SEND or (writing.update.is_submitted and not sent.is_auto):
        send_answer(writing)
    else:
        keep_draft(writing)


def _saved_by_itself(writing: Answering, form: AnswerForm) -> HttpResponse:
    zone = writing.update.campaign.project.territory.time_zone
    hour = moment_in_words(timezone.now(), time_zone=zone).partition(" à ")[2]
    return JsonResponse(
        {
            "revision": writing.update.campaign.revision,
            "told": f"Enregistré à {hour}.",
            "taken": form.taken,
        }
    )


def _on_to_next(request: PageRequest, way: Way, update: Update) -> HttpResponse:
    """On to the next sheet that waits, or back to all of them."""
    told = f"Votre réponse sur la fiche {update.action.number} est envoyée."
    if way.is_lead:
        told = f"La réponse sur la fiche {update.action.number} est enregistrée."
    messages.success(request, told, extra_tags=f"draft:reponse-{update.pk}")
    following = _waiting(way, update)
    return redirect(way.to("answer", following[0]) if following else way.home(update))


def _waiting(way: Way, update: Update) -> list[Update]:
    """The other sheets of the same person on which something is expected, from this one on."""
    if way.respondent is None or way.is_lead:
        return []
    others = [one for one in _theirs(way) if one.is_silent and one.pk != update.pk]
    return sorted(others, key=lambda one: one.action.number < update.action.number)


def _theirs(way: Way) -> list[Update]:
    if way.respondent is None:
        return []
    return list(way.respondent.updates.select_related("action", "campaign").in_order())


def _show(
    request: PageRequest,
    way: Way,
    update: Update,
    form: AnswerForm | None = None,
    sent: _Sent | None = None,
) -> HttpResponse:
    update = Update.objects.for_reading().with_place().get(pk=update.pk)
    theirs = _theirs(way) or [update]
    ranks = [one.pk for one in theirs]
    respondents = list(update.respondents.all())
    named = respondents[0].name if len(respondents) == 1 else ""
    context = way.around(update) | {
        "form": form or AnswerForm(update=update, objectives=list(update.objectives.all())),
        "evidence_form": sent.evidence if sent else EvidenceForm(),
        "behalf_form": sent.behalf if sent else BehalfForm(initial={"answered_for": named}),
        "respondents": respondents,
        "evidence": [(piece, _address(way, update, piece)) for piece in update.evidence.all()],
        "said": answer_said(update),
        "last": last_answer(update),
        "deadline": deadline_of(update),
        "rank": ranks.index(update.pk) + 1 if update.pk in ranks else 1,
        "progress": progress_of(theirs),
        "goes_on": any(one.is_silent for one in theirs if one.pk != update.pk),
        "can_say_unchanged": not form and update.state == UpdateState.TO_FILL,
        "is_read_only": update.is_validated or update.campaign.is_closed,
        "to_paper": _paper(update, named) if way.is_lead and update.campaign.is_open else "",
        "late_texts": list(update.late_texts.in_order()) if way.is_lead else [],
    }
    return render(request, "reviews/answer/answer.html", context)


def _paper(update: Update, named: str) -> str:
    """Where the lead orders the form to fill in by hand, of that pilot when there is one."""
    order = reverse("documents:document_order", args=[update.campaign.project_id, "formulaire"])
    return f"{order}?{urlencode({'person': named})}" if named else order


def _address(way: Way, update: Update, piece: Evidence) -> str:
    link = piece.attachment
    return link.url if link.is_link else way.to("evidence", update, piece.pk)


def _say_wrong(
    request: PageRequest, way: Way, update: Update, form: AnswerForm, sent: _Sent
) -> HttpResponse:
    """The page again with what was typed; the script that saves by itself is told in a line."""
    if not sent.is_auto:
        return _show(request, way, update, form, sent)
    if form.conflicts:
        fields = listed([f"«{NBSP}{conflict.label}{NBSP}»" for conflict in form.conflicts])
        told = f"{form.conflicts[0].by} a écrit en même temps que vous dans {fields}."
        return JsonResponse({"told": told, "is_conflict": True}, status=409)
    told = " ".join(f"{label}{NBSP}: {said}" for _, label, said in form.errors)
    return JsonResponse({"told": told}, status=422)


def _refuse(
    request: PageRequest, way: Way, update: Update, words: str, sent: _Sent
) -> HttpResponse:
    if sent.is_auto:
        return JsonResponse({"told": words}, status=409)
    context = way.around(update) | {"told": words, "texts": typed_texts(request)}
    return render(request, "reviews/answer/refused.html", context, status=409)


def evidence_page(way: Way, update: Update, piece: Evidence) -> HttpResponse:
    """The file itself; a link leads elsewhere by its own address."""
    if piece.attachment.is_link:
        return redirect(way.to("answer", update))
    return serve_attachment(piece.attachment)  # type: ignore[return-value]
