"""`manage.py load_ptsm53`: the roadmap of Mayenne, as its booklet prints it."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from core.commands import FrenchCommand
from roadmap.imports.prepared import load
from roadmap.imports.ptsm53 import read_booklet
from roadmap.services import RoadmapRefused
from territories.imports import ReferenceMissing


class Command(FrenchCommand):
    help = "Charge la feuille de route de la Mayenne (livret de janvier 2019, 30 fiches action)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force",
            action="store_true",
            help="remplace ce qui a été modifié dans l’application",
        )

    def handle(self, *_args: object, force: bool, **_options: object) -> None:
        try:
            loaded = load(read_booklet(), force=force)
        except (RoadmapRefused, ReferenceMissing) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(str(loaded))
