"""« Fiches de ce point »: what an agenda item is about, chosen on a page of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.http import SignedInRequest, writes
from governance.forms.ties import TiesForm
from governance.services.ties import tie_item
from governance.ties import tied_to_items
from governance.views.around import meeting_page
from governance.views.meeting_doors import item_to_write, typed_in
from governance.writing import GovernanceRefused


@writes("POST")
def item_ties(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Tick what this point is about. About eight queries."""
    point = item_to_write(request, pk, item)
    tied = tied_to_items([point.pk], request.user).get(point.pk, [])
    form = TiesForm(
        typed_in(request), project=point.meeting.body.project, reader=request.user, tied=tied
    )
    if request.method == "POST" and form.is_valid():
        try:
            tie_item(item=point, changes=form.changes, by=request.user)
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Ce à quoi renvoie ce point est enregistré.")
        return redirect("governance:minutes_detail", pk=pk)
    context = meeting_page(point.meeting) | {"item": point, "form": form}
    return render(request, "governance/item_ties.html", context)
