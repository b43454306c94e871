"""Commands that others script: one French sentence when they cannot, and a status that is not 0."""

import errno
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db import OperationalError, ProgrammingError

from core.text import NBSP

NO_DATABASE = (
    f"La base de données ne répond pas, ou n’est pas prête{NBSP}: "
    f"lancez d’abord «{NBSP}manage.py migrate{NBSP}»."
)
# The sentences of argparse that a person meets, and ours.
TYPED_WRONG = (
    (r"the following arguments are required: (.*)", "Il manque{nbsp}: {0}."),
    (r"unrecognized arguments: (.*)", "Option inconnue{nbsp}: {0}."),
    (r"argument (\S+): expected .*", "L’option {0} attend une valeur."),
    (
        r"argument (\S+): invalid choice: '?([^']*)'? \(choose from (.*)\)",
        "L’option {0} n’accepte pas «{nbsp}{1}{nbsp}»{nbsp}; choix possibles{nbsp}: {2}.",
    ),
    (
        r"argument (\S+): invalid \w+ value: '([^']*)'",
        "L’option {0} n’accepte pas «{nbsp}{1}{nbsp}».",
    ),
)


def in_french(complaint: str) -> str:
    """What argparse complains of, as a sentence of ours."""
    for pattern, sentence in TYPED_WRONG:
        if found := re.fullmatch(pattern, complaint):
            words = [group.replace("'", "") for group in found.groups()]
            return sentence.format(*words, nbsp=NBSP)
    return "La ligne de commande n’a pas été comprise."


class _Sentences(OutputWrapper):
    """The error output, without the name of the exception that Django writes first."""

    def write(self, msg: str = "", *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().write(msg.removeprefix(f"{CommandError.__name__}: "), *args, **kwargs)


class FrenchCommand(BaseCommand):
    """Refuses by raising `CommandError` with one sentence; it is printed as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs.get("stderr") is None:
            self.stderr = _Sentences(sys.stderr)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._refuse_typing  # type: ignore[assignment, method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as failure:
            raise CommandError(NO_DATABASE) from failure

    def _refuse_typing(self, complaint: str) -> NoReturn:
        command = type(self).__module__.rpartition(".")[2]
        sentence = f"{in_french(complaint)} Voir «{NBSP}manage.py {command} --help{NBSP}»."
        if not self._called_from_command_line:  # type: ignore[attr-defined]
            raise CommandError(sentence)
        self.stderr.write(sentence)
        sys.exit(2)


# --- Files that are written ---


def output_file(typed: str, *, example: str) -> Path:
    """Where to write, links followed; refused before the work when it cannot be written."""
    if not typed:
        raise CommandError(
            f"Indiquer le fichier à écrire, par exemple «{NBSP}--output {example}{NBSP}»."
        )
    output = Path(typed).resolve()
    if output.is_dir():
        raise CommandError(f"« {typed} » est un dossier : indiquer un nom de fichier.")
    if output.exists() and not output.is_file():
        raise CommandError(f"« {typed} » n’est pas un fichier ordinaire.")
    if not output.parent.is_dir():
        raise CommandError(f"Le dossier « {output.parent} » n’existe pas.")
    if not os.access(output.parent, os.W_OK):
        raise CommandError(f"Le dossier « {output.parent} » n’est pas accessible en écriture.")
    return output


def write_file(output: Path, contents: bytes) -> None:
    """All or nothing: whoever reads the file never meets a half of it."""
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, delete=False) as draft:
            _fill(Path(draft.name), output, contents)
    except OSError as failure:
        full = failure.errno in {errno.ENOSPC, errno.EDQUOT}
        reason = "il n’y a plus de place sur le disque" if full else "l’écriture est refusée"
        raise CommandError(f"« {output} » n’a pas pu être écrit : {reason}.") from failure


def _fill(draft: Path, output: Path, contents: bytes) -> None:
    try:
        draft.write_bytes(contents)
        draft.chmod(0o666 & ~_umask())
        draft.replace(output)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
