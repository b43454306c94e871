"""Print a paper in the foreground: `print_document livret --territory 53 --output livret.pdf`.

In the format of the name: `--output livret.docx` is Word, as `--format word` is.
"""

import argparse
import logging
import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from django.utils.datastructures import MultiValueDict

from core.commands import FrenchCommand, output_file, write_file
from core.text import NBSP, listed
from documents import press
from documents.enums import Format, format_of_name
from documents.forms import completed_form
from documents.kinds import Kind, PaperForm, PaperRefused, shared_kind, shared_kinds
from documents.services import print_now
from territories.models import Project
from territories.services import TerritoryUnknown, project_of_code

logger = logging.getLogger(__name__)


class Command(FrenchCommand):
    """The options are the fields of the kinds' own forms; every refusal is one French sentence."""

    help = "Imprime un document d’un territoire dans un fichier, PDF, Word ou Excel."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A choice of a paper may bear the name of an option of Django's: `--version`."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        codes = listed([kind.code for kind in shared_kinds()])
        parser.add_argument("kind", nargs="?", default="", help=f"Document : {codes}.")
        parser.add_argument("--territory", default="", help="Code du territoire, par exemple 53.")
        parser.add_argument("--output", default="", help="Fichier à écrire.")
        parser.add_argument(
            "--format",
            default="",
            help=f"Format{NBSP}: {listed(Format.values)}. Sans lui, celui du nom du fichier.",
        )
        for name, field in _choices().items():
            parser.add_argument(
                _option(name), dest=name, action="append", help=str(field.help_text or field.label)
            )

    def handle(self, *_: Any, **options: Any) -> None:
        """Check everything that can be before the seconds of the print."""
        try:
            said = self._print(options)
        except PaperRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(said)

    def _print(self, options: dict[str, Any]) -> str:
        if not options["kind"]:
            raise CommandError("Indiquer le document à imprimer, par exemple « livret ».")
        kind = shared_kind(options["kind"])
        output = output_file(options["output"], example="livret.pdf")
        project = _project(options["territory"])
        parameters = _parameters(kind, project, options)
        file_format = _format(kind, options)
        started = time.monotonic()
        printed = _printed(kind, project, parameters, file_format)
        write_file(output, printed.file.read())
        seconds = f"{time.monotonic() - started:.1f}".replace(".", ",")
        how = "imprimé" if printed.is_new else "déjà imprimé, repris"
        title = kind.title(project, parameters)
        return f"{title}{NBSP}: {printed.file.extent}, {seconds}{NBSP}s ({how})"


def _choices() -> dict[str, Any]:
    return {name: field for kind in shared_kinds() for name, field in kind.form.base_fields.items()}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _project(code: str) -> Project:
    try:
        return project_of_code(code)
    except TerritoryUnknown as refusal:
        raise CommandError(str(refusal)) from refusal


def _parameters(kind: Kind, project: Project, options: dict[str, Any]) -> dict[str, Any]:
    typed = {name: options[name] for name in _choices() if options.get(name)}
    for name in typed:
        if name not in kind.form.base_fields:
            raise CommandError(f"Le document « {kind.code} » n’a pas d’option {_option(name)}.")
    form = completed_form(kind, project, MultiValueDict(typed))
    if not form.is_valid():
        raise CommandError(_said_of(kind, form))
    return form.parameters


def _format(kind: Kind, options: dict[str, Any]) -> Format:
    """The format asked by its name, otherwise that of the file to write, otherwise the first."""
    asked = options["format"].casefold()
    if not asked:
        named = format_of_name(options["output"])
        return kind.format_asked(named)
    if asked not in Format.values:
        raise CommandError(
            f"Le format «{NBSP}{options['format']}{NBSP}» n’existe pas. Formats{NBSP}: "
            f"{listed(Format.values)}."
        )
    return kind.format_asked(Format(asked))


def _said_of(kind: Kind, form: PaperForm) -> str:
    """The first thing to correct, as one sentence."""
    name, errors = next(iter(form.errors.as_data().items()))
    if name not in form.fields:
        return " ".join(errors[0].messages)
    if errors[0].code == "required":
        return f"Le document « {kind.code} » demande l’option {_option(name)}."
    return f"{_option(name)} : {' '.join(errors[0].messages)}"


def _printed(
    kind: Kind, project: Project, parameters: dict[str, Any], file_format: Format
) -> press.Print:
    try:
        return print_now(kind=kind, project=project, parameters=parameters, asked=file_format)
    except (PaperRefused, DatabaseError):
        raise
    except Exception as failure:
        logger.exception("The paper %s could not be printed.", kind.code)
        raise CommandError(press.sentence_for(failure)) from failure
