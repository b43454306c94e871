"""Settings of the real processes that a test starts: the application's own, with « essai »."""

from ptsm.settings import *  # noqa: F403
from ptsm.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.press"]
