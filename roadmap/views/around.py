"""What the navigation shows around a page of the roadmap."""

from typing import Any

from roadmap.models import Action
from territories.models import Project


def project_page(project: Project) -> dict[str, Any]:
    """Around a page of a project. Expects the place."""
    return {"territory": project.territory, "project": project, "section": "roadmap"}


def sheet_page(action: Action) -> dict[str, Any]:
    """Around a page of a sheet. Expects the place."""
    return project_page(action.project) | {"action": action}
