"""Campaigns, what is answered in them, who answers, and the letters that leave."""

from reviews.models.campaigns import Campaign
from reviews.models.late_texts import LateText
from reviews.models.letters import Letter
from reviews.models.respondents import Charge, Respondent, RespondentLink
from reviews.models.updates import Evidence, ObjectiveUpdate, Update

__all__ = [
    "Campaign",
    "Charge",
    "Evidence",
    "LateText",
    "Letter",
    "ObjectiveUpdate",
    "Respondent",
    "RespondentLink",
    "Update",
]
