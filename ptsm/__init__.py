"""The ground floor: settings, root addresses, the Celery application, wsgi.

Knows which rooms exist and how they run; never what they do.
"""

from ptsm.celery import app as celery_app

__all__ = ["celery_app"]
