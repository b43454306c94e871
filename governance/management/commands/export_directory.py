"""`manage.py export_directory --territory CODE --output FILE`: the directory as a workbook."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from core.commands import FrenchCommand, output_file, write_file
from core.text import NBSP, counted
from documents.workbooks import WorkbookRefused
from governance.exports.directory import export_directory
from governance.models import Organisation, Person
from territories.services import TerritoryUnknown, project_of_code


class Command(FrenchCommand):
    help = "Écrit l’annuaire d’un territoire, coordonnées comprises, dans un classeur Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--territory", default="", help="Code du territoire, par exemple 53.")
        parser.add_argument("--output", default="", help="Classeur à écrire (.xlsx).")

    def handle(self, *_args: object, territory: str, output: str, **_options: object) -> None:
        path = output_file(output, example="annuaire.xlsx")
        try:
            place = project_of_code(territory).territory
            contents = export_directory(place, with_contacts=True)
        except (TerritoryUnknown, WorkbookRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        write_file(path, contents)
        told = counted(Organisation.objects.of(place).count(), "organisation")
        people = counted(Person.objects.of(place).count(), "personne")
        self.stdout.write(f"{place}{NBSP}: {told}, {people}, dans {path.name}.")
