"""Commands that others script: one French sentence, and a status that is not 0."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.commands import in_french

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*words: str, var: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "ptsm.settings",
        "PTSM_VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var}/empty.sqlite3",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("the following arguments are required: --territory", "Il manque\u00a0: --territory."),
        ("unrecognized arguments: --colour red", "Option inconnue\u00a0: --colour red."),
        ("argument --port: expected one argument", "L’option --port attend une valeur."),
        (
            "argument --port: invalid int value: 'abc'",
            "L’option --port n’accepte pas «\u00a0abc\u00a0».",
        ),
        (
            "argument --role: invalid choice: 'roi' (choose from 'membre', 'pilote')",
            "L’option --role n’accepte pas «\u00a0roi\u00a0»\u00a0; choix possibles\u00a0: "
            "membre, pilote.",
        ),
        ("something new", "La ligne de commande n’a pas été comprise."),
    ],
)
def test_what_argparse_complains_of_is_told_in_french(complaint: str, sentence: str) -> None:
    assert in_french(complaint) == sentence


@pytest.mark.parametrize(
    "words",
    [
        ("load_ptsm53",),
        ("load_demo",),
        ("print_document", "livret", "--territory", "53", "--output", "livret.pdf"),
        ("print_document", "affiche", "--territory", "53", "--output", "livret.pdf"),
        ("load_ptsm53", "--colour", "red"),
        ("invite", "nobody@exemple.fr", "--territory", "53", "--role", "roi"),
        ("serve", "--port", "abc"),
    ],
)
def test_a_refusal_is_one_french_sentence_and_a_failure(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = run(*words, var=tmp_path)
    assert done.returncode != 0
    said = done.stderr.strip()
    assert said
    assert "\n" not in said
    assert said.endswith((".", "»"))
    assert not any(word in said for word in ("Error", "Traceback", "usage:", "argument "))
