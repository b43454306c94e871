"""What the navigation shows around a page of the reviews."""

from typing import Any

from reviews.models import Campaign
from territories.models import Project


def reviews_page(project: Project) -> dict[str, Any]:
    """Around a page of the reviews of a project. Expects the place."""
    return {"territory": project.territory, "project": project, "section": "reviews"}


def campaign_page(campaign: Campaign) -> dict[str, Any]:
    """Around a page of one campaign. Expects the place."""
    return reviews_page(campaign.project) | {"campaign": campaign}
