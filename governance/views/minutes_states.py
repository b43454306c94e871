"""Where the minutes stand: points added in the meeting, proposed, taken back, validated."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.http import SignedInRequest, writes
from core.text import counted, day_in_words
from governance.forms.decisions import DecisionForm
from governance.forms.minutes import ItemForm, ProposeForm, ValidateForm
from governance.models import AgendaItem, Decision, Meeting
from governance.services.agendas import add_item
from governance.services.decisions import write_decision
from governance.services.minutes import (
    propose_minutes,
    take_minutes_back,
    validate_minutes,
)
from governance.summaries.minutes import minutes_of
from governance.views.around import meeting_page
from governance.views.meeting_doors import meeting_to_write, typed_in
from governance.views.minutes import show_minutes
from governance.writing import GovernanceRefused


@writes("POST")
def item_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a point that came up in the meeting; a reading goes back to the minutes."""
    meeting = meeting_to_write(request, pk)
    form = ItemForm(request.POST or None)
    address = reverse("governance:minutes_detail", args=[pk])
    if request.method != "POST":
        return redirect(address)
    if not form.is_valid():
        return show_minutes(request, meeting, item_form=form)
    given = form.cleaned_data
    try:
        item = AgendaItem(title=given["title"])
        add_item(meeting=meeting, item=item, by=request.user, token=given["token"])
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    return redirect(f"{address}#point-{item.pk}" if item.pk else address)


@writes("POST")
def meeting_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write a decision in the minutes, under a point or none; it has its number at once."""
    meeting = meeting_to_write(request, pk)
    address = reverse("governance:minutes_detail", args=[pk])
    if request.method != "POST":
        return redirect(address)
    project = meeting.body.project
    item = _point_named(meeting, request.POST.get("item", ""))
    form = DecisionForm(
        request.POST,
        instance=Decision(project=project, meeting=meeting, item=item),
        project=project,
        revision=project.revision,
    )
    if not form.is_valid():
        return show_minutes(request, meeting, decision_form=form)
    try:
        decision = write_decision(
            project=project,
            decided=form.decided,
            decided_on=min(meeting.starts_on, project.territory.today()),
            meeting=meeting,
            item=item,
            token=form.cleaned_data["token"],
            by=request.user,
        )
    except GovernanceRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    place = item.pk if item else 0
    told = f"Décision {decision.number} enregistrée."
    messages.success(request, told, extra_tags=f"draft:decision-{pk}-{place}")
    return redirect(f"{address}#point-{place}" if item else address)


def _point_named(meeting: Meeting, key: str) -> AgendaItem | None:
    if not (key.isdecimal() and len(key) < 19):
        return None
    found: AgendaItem | None = AgendaItem.objects.filter(meeting=meeting, pk=key).first()
    return found


@writes("POST")
def minutes_propose(request: SignedInRequest, pk: int) -> HttpResponse:
    """Propose the minutes, once confirmed, by mail or not."""
    meeting = meeting_to_write(request, pk)
    form = ProposeForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            tells = form.cleaned_data["tells"]
            told = propose_minutes(meeting=meeting, tells=tells, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            sent = f" {counted(told, 'courriel part', 'courriels partent')}." if told else ""
            messages.success(request, f"Le compte rendu est proposé à la validation.{sent}")
        return redirect("governance:minutes_detail", pk=pk)
    context = meeting_page(meeting) | {"form": form, "read": minutes_of(meeting)}
    return render(request, "governance/minutes_propose.html", context)


@writes("POST")
def minutes_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go back to writing minutes that were proposed; a reading goes back to them."""
    meeting = meeting_to_write(request, pk)
    if request.method == "POST":
        try:
            take_minutes_back(meeting=meeting, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Le compte rendu est de nouveau en rédaction.")
    return redirect("governance:minutes_detail", pk=pk)


@writes("POST")
def minutes_validate(request: SignedInRequest, pk: int, earlier: int) -> HttpResponse:
    """Validate in this meeting the minutes of an earlier one, with the corrections noted."""
    meeting = meeting_to_write(request, pk)
    rows = Meeting.objects.visible_to(request.user).with_place()
    before = get_object_or_404(rows.filter(body=meeting.body), pk=earlier)
    form = ValidateForm(typed_in(request))
    if request.method == "POST" and form.is_valid():
        try:
            validate_minutes(
                meeting=before,
                at=meeting,
                corrections=form.cleaned_data["corrections"],
                by=request.user,
            )
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            day = day_in_words(before.starts_on)
            messages.success(request, f"Le compte rendu du {day} est validé.")
        return redirect("governance:minutes_detail", pk=pk)
    context = meeting_page(meeting) | {"form": form, "before": before, "read": minutes_of(before)}
    return render(request, "governance/minutes_validate.html", context)
