"""`manage.py export_roadmap --territory CODE --output FILE`: the roadmap as a workbook."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from core.commands import FrenchCommand, output_file, write_file
from core.text import NBSP, counted
from documents.workbooks import WorkbookRefused
from roadmap.exports.workbook import export_workbook
from roadmap.models import Action
from territories.services import TerritoryUnknown, project_of_code


class Command(FrenchCommand):
    help = "Écrit la feuille de route d’un territoire dans un classeur Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--territory", default="", help="Code du territoire, par exemple 53.")
        parser.add_argument("--output", default="", help="Classeur à écrire (.xlsx).")

    def handle(self, *_args: object, territory: str, output: str, **_options: object) -> None:
        path = output_file(output, example="feuille-de-route.xlsx")
        try:
            project = project_of_code(territory)
            contents = export_workbook(project)
        except (TerritoryUnknown, WorkbookRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        write_file(path, contents)
        sheets = counted(Action.objects.of(project).count(), "fiche")
        self.stdout.write(f"{project.territory}{NBSP}: {sheets}, dans {path.name}.")
