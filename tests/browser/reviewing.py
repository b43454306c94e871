"""Reviews put on the stage of a demonstration, and the link that their mails carry."""

import os
import subprocess
import sys

from tests.browser.demonstration import ROOT, Site

TELL = "from tests.browser.answer_stage import open_review; print('=' + open_review({sheets}))"
ACT = "from tests.browser.review_stage import {act}; {act}()"


def on_stage(site: Site, act: str) -> None:
    """Run one act of `review_stage` beside the site."""
    _told_beside(site, ACT.format(act=act))


def link_to_review(site: Site, *, sheets: int) -> str:
    """The address that the mail gives a pilot of so many sheets, in a review just opened."""
    told = _told_beside(site, TELL.format(sheets=sheets))
    path = told.rpartition("=")[2].strip().partition("/reponse/")[2]
    return f"/reponse/{path}"


def _told_beside(site: Site, command: str) -> str:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ptsm.settings",
        "PTSM_VAR_DIR": str(site.var),
        "PTSM_DEMO": "1",
        **site.services,
    }
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout
