"""LibreOffice, driven from the tests as a person uses it: open, type in a cell, save.

`edit.py` runs under the system's Python, which alone has LibreOffice's own library (python3-uno).
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tests import services

PROGRAM = Path(__file__).with_name("edit.py")
SYSTEM_PYTHON = "/usr/bin/python3"
SECONDS = 180


@dataclass(frozen=True)
class Typed:
    """What is typed in one cell; row and column from 1, as in openpyxl."""

    sheet: str
    row: int
    column: int
    text: str


@cache
def missing_tools() -> str:
    """What is not on this machine, or nothing."""
    if not shutil.which("soffice"):
        return "LibreOffice is not installed: apt-get install libreoffice-calc"
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return "LibreOffice cannot be driven: apt-get install python3-uno"
    return ""


@cache
def missing_writer() -> str:
    """Why no Word file can be opened on this machine, or nothing."""
    program = shutil.which("soffice")
    if program and Path(program).resolve().with_name("libswlo.so").exists():
        return ""
    return "LibreOffice Writer is not installed: apt-get install libreoffice-writer"


def require_writer() -> None:
    """Skip the test, saying why, where LibreOffice opens no Word file; in CI, fail it."""
    services.required(services.Found(reason=missing_writer()))


def words_read(files: Mapping[str, bytes]) -> dict[str, str]:
    """The words of Word files as LibreOffice reads them, by name; some ten seconds for all."""
    with tempfile.TemporaryDirectory(prefix="ptsm-libreoffice-") as kept:
        folder = Path(kept)
        for name, contents in files.items():
            (folder / f"{name}.docx").write_bytes(contents)
        done = subprocess.run(
            [
                *("soffice", "--headless", "--norestore", "--nologo"),
                f"-env:UserInstallation=file://{folder}/profile",
                *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder / "read")),
                *(str(folder / f"{name}.docx") for name in files),
            ],
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return {
            name: (folder / "read" / f"{name}.txt").read_text(encoding="utf-8-sig")
            for name in files
        }


def require_libreoffice() -> None:
    """Skip the test, saying why, where LibreOffice cannot run; in CI, fail it."""
    services.required(services.Found(reason=missing_tools()))


def saved_again(contents: bytes, works: Sequence[Sequence[Typed]]) -> list[bytes]:
    """The same file opened, typed in and saved by LibreOffice, once a work; some five seconds.

    A work without anything to type is a file that is only saved again.
    """
    with tempfile.TemporaryDirectory(prefix="ptsm-libreoffice-") as kept:
        folder = Path(kept)
        source = folder / "source.xlsx"
        source.write_bytes(contents)
        targets = [folder / f"work-{rank}.xlsx" for rank in range(len(works))]
        orders = [
            {"target": str(target), "cells": [asdict(typed) for typed in work]}
            for target, work in zip(targets, works, strict=True)
        ]
        _run(folder, {"source": str(source), "works": orders})
        return [target.read_bytes() for target in targets]


def _run(folder: Path, orders: object) -> None:
    """One LibreOffice of one's own: its pipe and its settings lie in the folder."""
    pipe = f"ptsm-{folder.name}"
    office = subprocess.Popen(
        [
            *("soffice", "--headless", "--invisible", "--norestore", "--nologo"),
            f"-env:UserInstallation=file://{folder}/profile",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        done = subprocess.run(
            [SYSTEM_PYTHON, str(PROGRAM), pipe],
            input=json.dumps(orders),
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        office.wait(timeout=60)
    finally:
        office.kill()
        office.wait()
