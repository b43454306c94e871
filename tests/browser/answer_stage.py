"""What a lead and a pilot would have done, in the process of a demonstration."""

import datetime as dt

from accounts.models import User
from core.quarters import Quarter
from governance.models import Person
from reviews.enums import AnsweredFrom
from reviews.models import Respondent
from reviews.services.answering import Answerer, answering, send_answer
from reviews.services.links import link_for
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import choose_sheets, make_campaign, next_quarter
from roadmap.enums import RoleKind
from roadmap.models import Action, ActionRole
from territories.models import Project
from territories.writing import writing
from tests.browser.review_stage import end_present_review
from tests.reviews.answered import close


def open_review(sheets: int) -> str:
    """Two reviews: one answered and closed, and the next one, in which a pilot is asked."""
    end_present_review()
    project = Project.objects.with_place().get(territory__code="demo")
    lead = User.objects.get(email="coordination.demo@demo.example")
    person = Person.objects.create(
        territory=project.territory,
        first_name="Odile",
        last_name=f"Marchand {sheets}",
        email=f"odile{sheets}@exemple.fr",
    )
    chosen = list(Action.objects.of(project).in_order()[2 : 2 + sheets])
    with writing(project, by=lead):
        for sheet in chosen:
            ActionRole.objects.create(action=sheet, kind=RoleKind.PILOT, person=person)
    today = project.territory.today()
    first = next_quarter(project)
    present = Quarter(first.index + 1)
    for quarter in (first, present):
        campaign = make_campaign(
            project=project,
            quarter=quarter,
            opens_on=today,
            due_on=today + dt.timedelta(days=21),
            by=lead,
        ).campaign
        choose_sheets(campaign=campaign, sheets=[sheet.pk for sheet in chosen], by=lead)
        open_due(at=schedule_opening(campaign=campaign, by=lead).letters_leave_at)
        respondent = Respondent.objects.select_related(
            "campaign__project__territory__region", "campaign__led_by"
        ).get(campaign=campaign, person=person)
        if quarter != present:
            by = Answerer(AnsweredFrom.LINK, respondent=respondent)
            for update in respondent.updates.with_place():
                with answering(update, by=by) as answer:
                    answer.update.done = "Deux réunions de lancement, un groupe de douze personnes."
                    answer.update.weather = "atteignables"
                    send_answer(answer)
            close(campaign)
    return link_for(respondent)
