"""Forgetting the demonstration, and nothing else."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from core.running import held


@pytest.fixture
def demo(tmp_path: Path, settings: Settings) -> Path:
    """The folder of a demonstration, with somebody else's file in it."""
    settings.IS_DEMO = True
    settings.VAR_DIR = tmp_path / "var"
    for name in ("files/documents", "mail", "broker/control", "static"):
        (settings.VAR_DIR / name).mkdir(parents=True)
    for name in (
        "ptsm.sqlite3",
        "ptsm.sqlite3-wal",
        "secret_key",
        "beat-schedule.dat",
        "notes.txt",
    ):
        (settings.VAR_DIR / name).touch()
    return tmp_path / "var"


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_reset_removes_what_the_application_wrote_and_nothing_else(demo: Path) -> None:
    call_command("reset_demo")
    assert left_in(demo) == {"notes.txt", "serve.lock"}


def test_reset_does_not_follow_a_link_out_of_the_folder(demo: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").touch()
    (demo / "mail").rmdir()
    (demo / "mail").symlink_to(outside)
    call_command("reset_demo")
    assert not (demo / "mail").exists()
    assert left_in(outside) == {"precious.txt"}


def test_reset_is_for_the_demonstration_only(demo: Path, settings: Settings) -> None:
    settings.IS_DEMO = False
    before = left_in(demo)
    with pytest.raises(CommandError, match="Seule la démonstration"):
        call_command("reset_demo")
    assert left_in(demo) == before


def test_reset_waits_for_the_site_to_be_stopped(demo: Path) -> None:
    with (
        held(demo / "serve.lock"),
        pytest.raises(CommandError, match="arrêtez-le d’abord, rien n’a été effacé"),
    ):
        call_command("reset_demo")
    assert "ptsm.sqlite3" in left_in(demo)
