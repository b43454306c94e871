"""Measures of the screens and papers against their targets.

Importing this package makes Django ready in a folder of its own, thrown away at the end: a measure
touches no data, and its modules import the rooms as any other does.
"""

import atexit
import os
import shutil
import tempfile

import django

FOLDER = tempfile.mkdtemp(prefix="ptsm-bench-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "MEDIA_ROOT", "PTSM_BROKER_DIR"):
    os.environ.pop(name, None)
if "BENCH_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "ptsm.settings",
    "PTSM_MODE": "embedded",
    "PTSM_VAR_DIR": FOLDER,
    "LOG_LEVEL": "WARNING",
}
django.setup()
