"""Forget the demonstration, for a fresh one; never anything outside its own folder."""

import shutil
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from core.commands import FrenchCommand
from core.running import AlreadyRunning, held

# What the embedded way writes in its folder. Whatever else lies there is not ours.
WRITTEN = ("ptsm.sqlite3*", "beat-schedule*", "secret_key", "files", "mail", "broker", "static")


class Command(FrenchCommand):
    help = "Efface les données de la démonstration."

    def handle(self, **_: Any) -> None:
        folder = Path(settings.VAR_DIR)
        if not settings.IS_DEMO:
            raise CommandError("Seule la démonstration s’efface ainsi\u00a0: PTSM_DEMO=1.")
        if sys.stdin.isatty() and not is_confirmed(folder):
            raise CommandError("Rien n’a été effacé.")
        try:
            with held(folder / "serve.lock"):
                forget(folder)
        except AlreadyRunning:
            raise CommandError(
                f"Le site tourne sur {folder}\u00a0: arrêtez-le d’abord, rien n’a été effacé."
            ) from None
        self.stdout.write(f"Données effacées dans {folder}.")


def is_confirmed(folder: Path) -> bool:
    """Somebody at the terminal says yes."""
    answer = input(f"Effacer les données de {folder}\u00a0? [o/N] ")
    return answer.strip().lower() in {"o", "oui"}


def forget(folder: Path) -> None:
    """Remove what the embedded way wrote; a link is removed, not followed."""
    for pattern in WRITTEN:
        for path in folder.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
