"""`manage.py import_directory FILE --territory CODE`: a workbook of the directory, written."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.commands import FrenchCommand
from core.text import NBSP, counted
from documents.workbooks import MOST_BYTES, WorkbookRefused
from governance.imports.directory import (
    CellError,
    Choice,
    ImportPlan,
    ImportRefused,
    import_directory,
    plan_directory,
)
from territories.services import TerritoryUnknown, project_of_code

SHOWN = 50


class Command(FrenchCommand):
    help = "Importe un classeur de l’annuaire d’un territoire\u00a0: tout, ou rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="Classeur à lire (.xlsx).")
        parser.add_argument("--territory", default="", help="Code du territoire, par exemple 53.")
        parser.add_argument("--dry-run", action="store_true", help="N’écrit rien, dit tout.")
        parser.add_argument("--json", action="store_true", help="Répond en JSON.")
        parser.add_argument(
            "--keep",
            choices=[choice.value for choice in Choice],
            help="ce qui est gardé des cellules modifiées dans l’application depuis l’export",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            plan = self._import(options)
        except (TerritoryUnknown, WorkbookRefused) as refusal:
            self._tell(options, None, [CellError(str(refusal))])
            raise CommandError(str(refusal)) from refusal
        except ImportRefused as refusal:
            plan = refusal.plan
        errors = list(plan.report.errors)
        if not errors and not plan.can_be_written:
            errors = [conflict.error for conflict in plan.report.conflicts]
        self._tell(options, plan, errors)
        if errors:
            raise CommandError(f"Rien n’a été importé{NBSP}: {counted(len(errors), 'erreur')}.")

    def _import(self, options: dict[str, Any]) -> ImportPlan:
        territory = project_of_code(options["territory"]).territory
        path = Path(options["file"])
        keep = Choice(options["keep"]) if options["keep"] else None
        sent: dict[str, Any] = {"name": path.name, "contents": _contents(path), "keep": keep}
        if options["dry_run"]:
            return plan_directory(territory, **sent)
        plan, _ = import_directory(territory, by=None, **sent)
        assert plan is not None  # noqa: S101 (without token, it is never made before)
        return plan

    def _tell(
        self, options: dict[str, Any], plan: ImportPlan | None, errors: Sequence[CellError]
    ) -> None:
        if options["json"]:
            told = json.dumps(_as_json(plan, errors), ensure_ascii=False, indent=2)
            self.stdout.write(told)
        elif plan is not None:
            for line in _lines(plan, errors, is_dry=options["dry_run"]):
                self.stdout.write(line)


def _contents(path: Path) -> bytes:
    """No more of it than is permitted."""
    try:
        with path.open("rb") as sent:
            return sent.read(MOST_BYTES + 1)
    except OSError as failure:
        raise WorkbookRefused(
            f"Le fichier «{NBSP}{path}{NBSP}» ne se laisse pas lire{NBSP}: vérifiez son nom."
        ) from failure


def _as_json(plan: ImportPlan | None, errors: Sequence[CellError]) -> dict[str, Any]:
    """What is written, or would be: nothing at all when there is an error."""
    report = plan.report if plan and not errors else None
    return {
        "created": report.created if report else 0,
        "updated": report.updated if report else 0,
        "unchanged": report.unchanged if report else 0,
        "changes": [dict(change.plain) for change in report.changes] if report else [],
        "errors": [dict(error.plain) for error in errors],
    }


def _lines(plan: ImportPlan, errors: Sequence[CellError], *, is_dry: bool) -> list[str]:
    if errors:
        return [error.sentence for error in errors[:SHOWN]]
    report = plan.report
    lines = [
        f"{change.sheet}, ligne{NBSP}{change.row}, {change.column}{NBSP}: "
        f"{_shown(change.old)} devient {_shown(change.new)}"
        for change in report.changes[:SHOWN]
    ]
    lines += report.notices
    if not report.does_something:
        return [*lines, "Rien n’a changé\u00a0: le fichier dit ce que dit l’application."]
    did = "Essai, rien n’est écrit" if is_dry else "Import fait"
    return [*lines, f"{did}{NBSP}: {report.counts_in_words}."]


def _shown(value: Any) -> str:
    return "vide" if value in (None, "") else f"«{NBSP}{value}{NBSP}»"
