"""The board of a review of 60 sheets, two thirds answered; the closing that writes them."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from bench.figures import TARGETS, Figure, median, milliseconds
from bench.pages import queries_of, signed_in
from core.quarters import Quarter
from reviews.models import Campaign, Update
from reviews.services.closing import close_campaign
from reviews.services.following import validate_answers
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from reviews.summaries.board import updates_of
from reviews.summaries.closing import closing_of
from reviews.summaries.seals import seal_of
from territories.models import Project
from tests.reviews.answered import answer

ANSWERED = 40


def board(project: Project, lead: User) -> Iterator[Figure]:
    """Its page, what a page left open asks every few seconds, the closing."""
    campaign = half_answered(project, lead)
    client, target = signed_in(lead), TARGETS["board"]
    address = reverse("reviews:campaign_board", args=[campaign.pk])
    usual = median(lambda: client.get(address))
    yield Figure("board, 60 sheets", usual, target["milliseconds"], "ms")
    yield Figure("board, 60 sheets", queries_of(client, address), target["queries"], "queries")
    seen = {update.pk: seal_of(update) for update in updates_of(campaign) if update.is_submitted}
    validate_answers(campaign=campaign, seen=seen, by=lead)
    announced = closing_of(campaign).seal
    closing = milliseconds(
        lambda: close_campaign(campaign=campaign, choices={}, seen=announced, by=lead)
    )
    yield Figure("closing, 40 sheets written out of 60", closing, target["closing"], "ms")


def half_answered(project: Project, lead: User) -> Campaign:
    """A review of every sheet, open, of which two thirds answered."""
    today = project.territory.today()
    made = make_campaign(
        project=project,
        quarter=Quarter.on(today),
        opens_on=today,
        due_on=today + dt.timedelta(days=21),
        by=lead,
    ).campaign
    open_due(at=schedule_opening(campaign=made, by=lead).letters_leave_at)
    for update in Update.objects.filter(campaign=made).with_place().in_order()[:ANSWERED]:
        answer(update, help_asked="Une salle", done="Deux réunions")
    return Campaign.objects.with_place().get(pk=made.pk)
