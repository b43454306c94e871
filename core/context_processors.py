"""What every page knows of the site."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, object]:
    """Whether this is the demonstration; no query."""
    return {"is_demo": settings.IS_DEMO}
