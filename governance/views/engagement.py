"""Batches of letters of engagement: their list, their board, their words, their papers."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, address_with, readonly_view, writes
from core.text import NBSP, fold
from documents.kinds import PaperRefused, kind_of
from documents.models import Document
from documents.services import order_document
from documents.workbooks import taken_away
from governance.exports.engagement import LETTER, LETTERS, board_workbook, parameters_of
from governance.forms.engagement import BoardFilterForm, RoundForm, WordsForm
from governance.models import EngagementItem, EngagementLetter, EngagementRound
from governance.permissions import can_lead_governance
from governance.services.engagement import make_round, remove_round, writing_round
from governance.summaries.engagement import (
    SOURCE_ITEMS,
    SOURCE_TEXTS,
    engagement_board,
    framed_items,
    proposed_words,
)
from governance.views.engagement_doors import (
    engagement_page,
    letter_to_lead,
    project_to_lead,
    project_to_read,
    round_page,
    round_to_lead,
    round_to_read,
)
from governance.writing import GovernanceRefused


@readonly_view
def engagement_list(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Every batch of a project, the latest first."""
    project = project_to_read(request, project_pk)
    context = engagement_page(project) | {
        "rounds": EngagementRound.objects.of(project).with_counts(),
        "can_lead": can_lead_governance(request.user, project),
    }
    return render(request, "governance/engagement_list.html", context)


@writes("POST")
def engagement_add(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Begin a batch: the seven engagements and the words are proposed."""
    project = project_to_lead(request, project_pk)
    items = framed_items(project)
    words = proposed_words(project, on=project.territory.today(), items=items)
    form = RoundForm(
        request.POST if request.method == "POST" else None, initial={"name": words.name}
    )
    if form.is_valid():
        batch = make_round(
            project=project,
            words=replace(words, name=form.cleaned_data["name"]),
            by=request.user,
            token=form.cleaned_data["token"],
        )
        messages.success(request, "L’envoi est préparé. Relisez sa lettre, puis choisissez à qui.")
        return redirect("governance:engagement_words", batch.pk)
    context = engagement_page(project) | {
        "form": form,
        "items": items,
        "is_framed": items != SOURCE_ITEMS,
    }
    return render(request, "governance/engagement_add.html", context)


@readonly_view
def engagement_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The board of a batch: every letter, what was answered, what waits. Seven queries."""
    batch = round_to_read(request, pk)
    letters = _letters(batch)
    form = BoardFilterForm(request.GET)
    chosen = form.choices_made
    shown = _kept(letters, chosen, batch)
    board = engagement_board(letters, shown=shown, on=batch.project.territory.today())
    can_lead = can_lead_governance(request.user, batch.project)
    context = round_page(batch) | {
        "board": board,
        "form": form,
        "facets": [(one, address_with(chosen, "etat", one.code)) for one in board.counts],
        "choices": chosen,
        "query": request.GET.urlencode(),
        "items": EngagementItem.objects.filter(round=batch).in_order(),
        "can_lead": can_lead,
        "order": _last_order(request, batch) if can_lead else None,
    }
    return render(request, "governance/engagement_detail.html", context)


@readonly_view
def engagement_export(request: SignedInRequest, pk: int) -> HttpResponse:
    """What the board shows, in Excel. Four queries."""
    batch = round_to_read(request, pk)
    shown = _kept(_letters(batch), BoardFilterForm(request.GET).choices_made, batch)
    return taken_away(
        board_workbook(batch, shown),
        name=f"lettres-engagement-{batch.project.territory.code}-{batch.number}.xlsx",
    )


@writes("POST")
def engagement_words(request: SignedInRequest, pk: int) -> HttpResponse:
    """The words of the letters, and the list of what they ask for."""
    batch = round_to_lead(request, pk)
    form = WordsForm(instance=batch, revision=batch.project.revision)
    if request.method == "POST":
        form = _written(request, batch)
        if not form.errors:
            return redirect("governance:engagement_detail", pk)
    items = list(EngagementItem.objects.filter(round=batch).in_order())
    context = round_page(batch) | {
        "form": form,
        "items": [(item, SOURCE_TEXTS.get(item.code) == item.text) for item in items],
        "is_settled": batch.has_left(),
        "has_missing": bool(set(SOURCE_TEXTS) - {item.code for item in items}),
    }
    return render(request, "governance/engagement_words.html", context)


def _written(request: SignedInRequest, batch: EngagementRound) -> WordsForm:
    """The form once sent; without errors, it is saved."""
    try:
        with writing_round(batch=batch, by=request.user, rewords=True) as writing_now:
            present = writing_now.round
            form = WordsForm(
                request.POST, instance=present, revision=writing_now.round.project.revision
            )
            if form.is_valid():
                form.save()
                written = ", ".join(form.changed_labels)
                writing_now.made.words = f"a écrit «{NBSP}{present}{NBSP}»{NBSP}: {written}"
    except GovernanceRefused as refusal:
        form = WordsForm(request.POST, instance=batch, revision=batch.project.revision)
        form.add_error(None, str(refusal))
    if not form.errors:
        messages.success(request, "Enregistré." if form.changed_labels else "Rien n’avait changé.")
    return form


@writes("POST")
def engagement_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take away a batch of which nothing left, once confirmed."""
    batch = round_to_lead(request, pk)
    if request.method == "POST":
        try:
            remove_round(batch=batch, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("governance:engagement_detail", pk)
        messages.success(request, f"L’envoi «{NBSP}{batch}{NBSP}» est supprimé.")
        return redirect("governance:engagement_list", batch.project_id)
    context = round_page(batch) | {"letter_count": batch.letters.count()}
    return render(request, "governance/engagement_remove.html", context)


@writes("POST")
def engagement_print(request: SignedInRequest, pk: int) -> HttpResponse:
    """Order all the letters of a batch at once; read, it is the board."""
    batch = round_to_lead(request, pk)
    if request.method != "POST":
        return redirect("governance:engagement_detail", pk)
    try:
        order = order_document(
            kind=kind_of(LETTERS),
            project=batch.project,
            parameters={"envoi": str(batch.number)},
            by=request.user,
        )
    except PaperRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("governance:engagement_detail", pk)
    return redirect("documents:document_detail", order.pk)


@writes("POST")
def engagement_preview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Order one letter alone, to read it as it will be; read, it is the page of that letter."""
    letter = letter_to_lead(request, pk)
    if request.method != "POST":
        return redirect("governance:engagement_letter", pk)
    order = order_document(
        kind=kind_of(LETTER),
        project=letter.round.project,
        parameters=parameters_of(letter),
        by=request.user,
    )
    return redirect("documents:document_detail", order.pk)


def _letters(batch: EngagementRound) -> list[EngagementLetter]:
    """Those of the batch, each with it. One query."""
    letters = list(EngagementLetter.objects.filter(round=batch).for_list())
    for letter in letters:
        letter.round = batch
    return letters


def _kept(
    letters: list[EngagementLetter], chosen: dict[str, str], batch: EngagementRound
) -> list[EngagementLetter]:
    """What the filters leave. No query."""
    today = batch.project.territory.today()
    words = fold(chosen.get("mots", "")).split()
    return [
        letter
        for letter in letters
        if chosen.get("etat", letter.state) == letter.state
        and chosen.get("categorie", letter.category) == letter.category
        and (not chosen.get("retard") or letter.is_late(on=today))
        and all(word in fold(letter.name) for word in words)
    ]


def _last_order(request: SignedInRequest, batch: EngagementRound) -> Document | None:
    """The last order of all the letters. One query."""
    orders = batch.project.documents.visible_to(request.user).filter(kind=LETTERS)
    of_batch = orders.filter(parameters__envoi=str(batch.number))
    return of_batch.for_list().latest_first().first()
