"""Another review on the demonstration, half answered, made beside the site that runs.

`manage.py shell -c` runs it: the site and this process share a base, no memory.
"""

import datetime as dt

from accounts.models import User
from reviews.enums import UpdateState
from reviews.models import Campaign, Update
from reviews.services.following import validate_answers
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign, next_quarter
from roadmap.enums import Status, Weather
from roadmap.summaries import leaves_of
from territories.models import Project
from territories.writing import writing
from tests.browser.walk import LEAD
from tests.reviews.answered import answer, close, put_off, seal

WEATHERS = (Weather.SECURED, Weather.REACHABLE, Weather.SUPPORT, Weather.COMPROMISED)


def set_stage() -> None:
    """Open a review, answer two sheets out of three, validate one out of three."""
    lead = User.objects.get(email=LEAD)
    project = Project.objects.with_place().get(territory__is_fictional=True)
    today = project.territory.today()
    end_present_review()
    campaign = make_campaign(
        project=project,
        quarter=next_quarter(project),
        opens_on=today,
        due_on=today + dt.timedelta(days=21),
        by=lead,
    ).campaign
    open_due(at=schedule_opening(campaign=campaign, by=lead).letters_leave_at)
    updates = list(Update.objects.filter(campaign=campaign).with_place().in_order())
    for rank, update in enumerate(updates):
        if rank % 3 != 2:
            _answer(update, rank)
    validate_answers(
        campaign=campaign, seen={update.pk: seal(update) for update in updates[::3]}, by=lead
    )
    with writing(project, by=lead, words="a modifié l’avancement"):
        sheet = updates[0].action
        sheet.status, sheet.status_reason = Status.SUSPENDED, "Salle en travaux"
        sheet.save()


def end_present_review() -> None:
    """Close the review that the demonstration has under way: a project runs one at a time."""
    running = Campaign.objects.running().filter(project__territory__is_fictional=True).first()
    if running is not None:
        close(running)


def _answer(update: Update, rank: int) -> None:
    """The first one stops nothing, the second asks for help, a few are only begun."""
    answer(
        update,
        by="Camille Moreau",
        state=UpdateState.DRAFT if rank % 7 == 4 else UpdateState.SUBMITTED,
        status=Status.DONE if rank % 6 == 3 else Status.RUNNING,
        weather=WEATHERS[rank % 4],
        done="Deux réunions avec les partenaires, une convention signée.",
        difficulties="Une salle manque dans le nord du territoire.",
        help_asked="Appuyer la demande de salle auprès du département." if rank % 4 == 1 else "",
    )
    leaves = leaves_of(update.action)
    kept = update.objectives.filter(objective__in=leaves).select_related("objective").first()
    if rank % 4 == 1 and kept is not None and kept.objective is not None:
        put_off(update, kept.objective, update.campaign.quarter + 2)


def answer_one_more() -> None:
    """Somebody answers while the page is open."""
    silent = (
        Update.objects.filter(campaign__in=Campaign.objects.running(), state=UpdateState.TO_FILL)
        .with_place()
        .in_order()
    )
    update = silent.first()
    assert update is not None
    answer(update, by="Nadia Ferrand", done="Une réunion")
