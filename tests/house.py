"""What the house is made of, as its own rules read it: rooms, files, tables, addresses."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACT = PYPROJECT["tool"]["importlinter"]
NOT_ROOMS = {"tests", "bench"}
RULES = re.compile(
    r"^(models|enums|services|summaries|permissions|drawings|exports|imports|tasks)$"
)


def packages() -> list[str]:
    """The top-level packages of the application."""
    return sorted(
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in NOT_ROOMS and not path.parent.name.startswith(".")
    )


ROOMS = [name for name in packages() if (ROOT / name / "apps.py").exists()]


def python_files(*folders: str) -> list[Path]:
    """Our modules, migrations aside."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def our_models() -> list[type[models.Model]]:
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def rule_modules() -> list[Path]:
    """Files that hold rules and not screens: `services.py`, `summaries/…`, and so on."""
    return [
        path
        for path in python_files(*ROOMS)
        if any(RULES.match(Path(part).stem) for part in path.relative_to(ROOT).parts)
    ]


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def public_functions(path: Path) -> list[ast.FunctionDef]:
    return [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def files_named(name: str) -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in [ROOT / room / f"{name}.py", *sorted((ROOT / room / name).rglob("*.py"))]
        if path.exists()
    ]


def views() -> list[tuple[Path, ast.FunctionDef]]:
    """The views of each room: the functions that an address leads to."""
    answering = {
        (entry.callback.__module__, entry.callback.__name__)
        for _, entry in addresses(get_resolver())
    }
    files = [path for room in ROOMS for path in (ROOT / room).glob("views*") if path.is_file()]
    files += [path for room in ROOMS for path in (ROOT / room).glob("views/*.py")]
    return [
        (path, function)
        for path in files
        for function in public_functions(path)
        if (".".join(path.relative_to(ROOT).with_suffix("").parts), function.name) in answering
    ]


def committed_files() -> list[Path]:
    """What git holds or would hold."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: the files to be committed are unknown")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def addresses(resolver: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of our own rooms; those of the administration are Django's."""
    for entry in resolver.url_patterns:
        if getattr(entry, "app_name", None) == "admin":
            continue
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif entry.callback.__module__.split(".")[0] in ROOMS:
            yield route, entry
