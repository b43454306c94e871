"""Settings of the tests: the application's own, quick and sealed off from the machine.

The same suite runs on both ways: `DATABASE_URL` and `REDIS_URL` choose (`make test`).
"""

import os
import tempfile

# Kept by a name of this module: the folder goes with the process.
var_dir = tempfile.TemporaryDirectory(prefix="ptsm-tests-", ignore_cleanup_errors=True)
os.environ.setdefault("PTSM_VAR_DIR", var_dir.name)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)

# Playwright keeps an event loop in the process that drives the browser; the next test of that
# process speaks to the database all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from ptsm.settings import *  # noqa: E402, F403
from ptsm.settings import STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LOGGING_CONFIG = None
