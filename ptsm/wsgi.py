"""The door gunicorn knocks at."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptsm.settings")

application = get_wsgi_application()
# By its name: rooms can be read only once the application above is set up.
import_string("documents.press.looks.learn_looks")()
