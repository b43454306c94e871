"""Somebody leaves: what they held goes to whoever takes it on, and is summed up for them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, require, writes
from core.text import listed
from governance.models import Person
from governance.permissions import can_lead_governance, can_manage_people, can_see_people
from overview.forms import HandoverForm
from overview.services import HandoverRefused, hand_over, mails_of, plan_of, summed_up
from overview.summaries.holdings import Holdings, holdings_of
from reviews.permissions import can_lead_review
from roadmap.permissions import can_lead_roadmap
from territories.models import Project, Territory


@writes("POST")
def handover(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """What somebody holds, who takes each; shown before it is done, then done at once."""
    territory = _territory(request, code)
    require(can_manage_people(request.user, territory))
    person, project = _person(territory, pk), _project(request, territory)
    for may in (can_lead_governance, can_lead_roadmap, can_lead_review):
        require(may(request.user, project))
    holdings = holdings_of(person, project)
    form = HandoverForm(request.POST or None, holdings=holdings)
    step = request.POST.get("etape", "")
    if request.method == "POST" and form.is_valid() and step != "corriger":
        if step != "confirmer":
            return _preview(request, form)
        answer = _done(request, form)
        if answer is not None:
            return answer
    context = _page(holdings) | {"form": form}
    return render(request, "overview/handover.html", context)


def _preview(request: SignedInRequest, form: HandoverForm) -> HttpResponse:
    plan = plan_of(form.holdings, choices=form.choices, on=form.day)
    mails = mails_of(plan, by=request.user)
    context = _page(form.holdings) | {
        "form": form,
        "plan": plan,
        "counts": summed_up(plan),
        "mails": mails,
        # The same form, sent again by the confirmation.
        "sent": [(name, form.data.get(name, "")) for name in form.fields if form.data.get(name)],
        "unreachable": [person for person in plan.successors if not person.email],
    }
    return render(request, "overview/handover_preview.html", context)


def _done(request: SignedInRequest, form: HandoverForm) -> HttpResponse | None:
    """Where one reads what was passed on; nothing when it was refused."""
    holdings = form.holdings
    try:
        plan = hand_over(
            holdings.project,
            person=holdings.person,
            choices=form.choices,
            on=form.day,
            seen=request.POST.get("seen", ""),
            tells=request.POST.get("tells") == "1",
            by=request.user,
            token=form.cleaned_data["token"],
        )
    except HandoverRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    names = [str(one) for one in plan.successors]
    said = f" par {listed(names)}" if names else ""
    messages.success(request, f"La suite de {holdings.person} est prise{said}.")
    code = holdings.project.territory.code
    first = plan.successors[0].pk if plan.successors else holdings.person.pk
    return redirect("overview:handover_summary", code=code, pk=first)


@readonly_view
def handover_summary(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """All that somebody holds now: until when, and the last news of each sheet."""
    territory = _territory(request, code)
    require(can_see_people(request.user, territory))
    project = _project(request, territory)
    holdings = holdings_of(_person(territory, pk), project, with_news=True)
    context = _page(holdings) | {
        "can_hand_over": can_manage_people(request.user, territory),
    }
    return render(request, "overview/handover_summary.html", context)


def _territory(request: SignedInRequest, code: str) -> Territory:
    return get_object_or_404(Territory.objects.visible_to(request.user), code=code)


def _person(territory: Territory, pk: int) -> Person:
    person = get_object_or_404(Person.objects.of(territory).for_list(), pk=pk)
    person.territory = territory
    return person


def _project(request: SignedInRequest, territory: Territory) -> Project:
    """The present generation: what is passed on is of it."""
    projects = Project.objects.visible_to(request.user).of(territory).with_place()
    return get_object_or_404(projects[:1])


def _page(holdings: Holdings) -> dict[str, object]:
    """Around these pages. No query."""
    return {
        "territory": holdings.project.territory,
        "project": holdings.project,
        "section": "members",
        "person": holdings.person,
        "holdings": holdings,
    }
