"""Doors of the governance of a project: loading is authorising, and what is drawn around."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404

from core.http import SignedInRequest, require
from core.text import NBSP
from governance.models import Body, Seat
from governance.permissions import can_lead_governance
from territories.models import Project


def readable_project(request: SignedInRequest, pk: int) -> Project:
    """A project whose governance this person reads, with its place. One query."""
    return get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)


def project_to_govern(request: SignedInRequest, pk: int) -> Project:
    """A project whose bodies this person keeps. Two queries."""
    project = readable_project(request, pk)
    require(can_lead_governance(request.user, project))
    return project


def readable_body(request: SignedInRequest, pk: int) -> Body:
    """A body that this person reads, with its place. One query."""
    return get_object_or_404(Body.objects.visible_to(request.user).with_place(), pk=pk)


def body_to_keep(request: SignedInRequest, pk: int) -> Body:
    """A body that this person keeps. Two queries."""
    body = readable_body(request, pk)
    require(can_lead_governance(request.user, body.project))
    return body


def seat_to_keep(request: SignedInRequest, pk: int) -> Seat:
    """A seat of a body that this person keeps, with who holds it. Two queries."""
    seats = Seat.objects.visible_to(request.user).with_people()
    seat = get_object_or_404(seats.select_related("body__project__territory__region"), pk=pk)
    require(can_lead_governance(request.user, seat.body.project))
    return seat


def governance_page(project: Project) -> dict[str, Any]:
    """Around a page of the governance of a project. Expects the place."""
    return {"territory": project.territory, "project": project, "section": "governance"}


def body_page(body: Body) -> dict[str, Any]:
    """Around a page of one body. Expects the place."""
    return governance_page(body.project) | {"body": body}


def asked_day(request: SignedInRequest, *, today: dt.date) -> dt.date:
    """The day of the address, today when there is none or when it is no date, which is told."""
    typed = request.GET.get("le", "").strip()
    if not typed:
        return today
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007 (a day, no hour)
        except ValueError:
            continue
    messages.error(
        request,
        f"«{NBSP}{typed[:30]}{NBSP}» n’est pas une date{NBSP}: voici la composition d’aujourd’hui.",
    )
    return today
