"""Commands that others script: one French sentence when they cannot, and a status that is not 0."""

import re
import sys
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
