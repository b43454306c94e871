"""What the served way refuses to start with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SERVED = {
    "PTSM_MODE": "served",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "ptsm.exemple.fr, autre.exemple.fr",
    "SITE_URL": "https://ptsm.exemple.fr",
    "DATABASE_URL": "postgres://ptsm@127.0.0.1:5432/ptsm",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "submission://127.0.0.1",
    "DEFAULT_FROM_EMAIL": "ptsm@exemple.fr",
    "DEBUG": "true",
}
SAY = (
    "from ptsm.settings import ALLOWED_HOSTS, DEBUG, IS_DEMO; print(ALLOWED_HOSTS, DEBUG, IS_DEMO)"
)


def started(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in SERVED}
    return subprocess.run(
        [sys.executable, "-c", SAY],
        cwd=ROOT,
        env=kept | SERVED | {"PTSM_VAR_DIR": str(tmp_path), "PTSM_DEMO": "1"} | changes,
        capture_output=True,
        text=True,
        check=False,
    )


def test_served_is_never_debugged_nor_a_demonstration(tmp_path: Path) -> None:
    said = started(tmp_path).stdout.strip()
    assert said == "['ptsm.exemple.fr', 'autre.exemple.fr'] False False"


@pytest.mark.parametrize("name", sorted(set(SERVED) - {"PTSM_MODE", "DEBUG"}))
def test_served_names_what_is_missing(tmp_path: Path, name: str) -> None:
    done = started(tmp_path, **{name: ""})
    assert done.returncode != 0
    assert f"{name} is required when PTSM_MODE is served." in done.stderr


def test_served_refuses_a_database_in_a_file(tmp_path: Path) -> None:
    done = started(tmp_path, DATABASE_URL="sqlite:///ptsm.sqlite3")
    assert "PTSM_MODE=served needs PostgreSQL" in done.stderr


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    assert "it must be embedded or served" in started(tmp_path, PTSM_MODE="cloud").stderr
