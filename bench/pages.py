"""The list, the planning and the sheet of the largest roadmap; a cell of its grid, saved."""

import itertools
import uuid
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from bench.figures import TARGETS, Figure, median
from core.quarters import Quarter
from roadmap.models import Action, Objective
from territories.models import Project

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def pages(project: Project, lead: User) -> Iterator[Figure]:
    """Two figures a page: its time and its number of queries."""
    sheet = Action.objects.of(project).in_order()[30]
    client = signed_in(lead)
    yield from page(client, "list", reverse("roadmap:action_list", args=[project.pk]))
    yield from page(client, "planning", reverse("roadmap:planning", args=[project.pk]))
    yield from page(client, "sheet", reverse("roadmap:action_detail", args=[sheet.pk]))
    yield from cell(client, project, sheet)


def queries_of(client: Client, address: str) -> int:
    """How many queries a page costs."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        queries = len(captured)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return queries


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend=BACKEND)
    return client


def page(client: Client, name: str, address: str) -> Iterator[Figure]:
    queries = queries_of(client, address)
    target = TARGETS["pages"]
    usual = median(lambda: client.get(address))
    yield Figure(f"{name}, 60 sheets × 21 quarters", usual, target["milliseconds"], "ms")
    yield Figure(f"{name}, 60 sheets × 21 quarters", queries, target["queries"], "queries")


def cell(client: Client, project: Project, sheet: Action) -> Iterator[Figure]:
    """One cell set and unset by turns, as the grid sends it."""
    address = reverse("roadmap:planning_cells", args=[project.pk])
    objective = Objective.objects.filter(action=sheet).order_by("position", "pk")[0]
    free = Quarter.of(2060, 1).index
    turns = itertools.cycle([("", "prevu"), ("prevu", "")])

    def save() -> None:
        was, to = next(turns)
        wanted = {"o": objective.pk, "q": free, "to": to, "was": was}
        sent = {"token": uuid.uuid4().hex, "kind": "peindre", "cells": [wanted]}
        response = client.post(address, sent, content_type="application/json")
        assert response.status_code == 200, response.content

    with CaptureQueriesContext(connection) as captured:
        save()
        queries = len(captured)
    target = TARGETS["cell"]
    yield Figure(
        "one cell saved, 60 sheets × 21 quarters", median(save), target["milliseconds"], "ms"
    )
    yield Figure("one cell saved, 60 sheets × 21 quarters", queries, target["queries"], "queries")
