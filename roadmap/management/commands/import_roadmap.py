"""`manage.py import_roadmap FILE --territory CODE`: a workbook that comes back.

Without page nor person: conflicts are settled by `--keep`, and what is wrong is told cell by cell.
"""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.commands import FrenchCommand
from core.text import NBSP, counted
from documents.workbooks import MOST_BYTES, WorkbookRefused
from roadmap.imports.foreign import ForeignPlan, import_foreign, is_foreign, plan_foreign
from roadmap.imports.workbooks import (
    CellError,
    Choice,
    ImportPlan,
    ImportRefused,
    import_workbook,
    plan_import,
)
from territories.services import TerritoryUnknown, project_of_code

SHOWN = 200


class Command(FrenchCommand):
    help = "Importe un classeur exporté d’un territoire\u00a0: tout, ou rien s’il y a une erreur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="Classeur à importer (.xlsx).")
        parser.add_argument("--territory", default="", help="Code du territoire, par exemple 53.")
        parser.add_argument(
            "--dry-run", action="store_true", help="montre ce qui changerait, sans rien écrire"
        )
        parser.add_argument("--json", action="store_true", help="dit tout en un objet JSON")
        told = parser.add_mutually_exclusive_group()
        told.add_argument(
            "--mapping",
            metavar="FILE.json",
            help="ce que sont les colonnes d’un classeur qui ne vient pas de l’application",
        )
        told.add_argument(
            "--guess",
            action="store_true",
            help="accepte ce qui est deviné des colonnes d’un tel classeur",
        )
        parser.add_argument(
            "--keep",
            choices=[choice.value for choice in Choice],
            help="ce qui est gardé des lignes modifiées dans l’application depuis l’export",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            plan = self._import(options)
        except (TerritoryUnknown, WorkbookRefused) as refusal:
            self._tell(options, None, [CellError(str(refusal))])
            raise CommandError(str(refusal)) from refusal
        except ImportRefused as refusal:
            plan = refusal.plan
        errors = [*plan.report.errors, *(one.error for one in plan.report.unsettled)]
        self._tell(options, plan, errors)
        if errors:
            raise CommandError(_refusal(plan, len(errors)))

    def _import(self, options: dict[str, Any]) -> ImportPlan:
        project = project_of_code(options["territory"])
        path = Path(options["file"])
        sent: dict[str, Any] = {
            "name": path.name,
            "contents": _contents(path),
            "keep": Choice(options["keep"]) if options["keep"] else None,
        }
        if is_foreign(sent["contents"], path.name):
            return _import_foreign(project, options, sent)
        if options["dry_run"]:
            return plan_import(project, **sent)
        plan, _ = import_workbook(project, by=None, **sent)
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


def _import_foreign(project: Any, options: dict[str, Any], sent: dict[str, Any]) -> ForeignPlan:
    """A workbook that does not come from here is read by a mapping, told or guessed."""
    if options["mapping"]:
        sent["mapping"] = _contents(Path(options["mapping"]))
    elif not options["guess"]:
        raise WorkbookRefused(NEITHER)
    if options["dry_run"]:
        return plan_foreign(project, **sent)
    plan, _ = import_foreign(project, by=None, **sent)
    assert plan is not None  # noqa: S101 (without token, it is never made before)
    return plan


NEITHER = (
    f"Il manque la feuille «{NBSP}Origine{NBSP}»{NBSP}: ce classeur ne vient pas de l’application. "
    f"Dites ce que sont ses colonnes par «{NBSP}--mapping FICHIER.json{NBSP}», ou acceptez ce qui "
    f"en est deviné par «{NBSP}--guess{NBSP}»."
)


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
        "errors": [
            {
                "sheet": error.sheet,
                "row": error.row,
                "column": error.column,
                "message": error.message,
            }
            for error in errors
        ],
    }


def _lines(plan: ImportPlan, errors: Sequence[CellError], *, is_dry: bool) -> list[str]:
    if errors:
        return [error.sentence for error in errors[:SHOWN]]
    report = plan.report
    lines = [
        f"{change.sheet}, ligne{NBSP}{change.row}, {change.column}{NBSP}: "
        f"{_shown(change.plain['old'])} devient {_shown(change.plain['new'])}"
        for change in report.changes[:SHOWN]
    ]
    more = len(report.changes) - SHOWN
    lines += [f"et {counted(more, 'autre cellule', 'autres cellules')}"] if more > 0 else []
    lines += report.notices
    lines += _reading(plan) if isinstance(plan, ForeignPlan) else []
    if not report.does_something:
        return [*lines, "Rien n’a changé\u00a0: le fichier dit ce que dit l’application."]
    did = "Essai, rien n’est écrit" if is_dry else "Import fait"
    return [*lines, f"{did}{NBSP}: {report.counts_in_words}."]


def _shown(value: Any) -> str:
    return "vide" if value in (None, "") else f"«{NBSP}{value}{NBSP}»"


def _reading(plan: ForeignPlan) -> list[str]:
    """What was understood of a workbook from elsewhere, and what was not."""
    reading = plan.reading
    if reading is None:
        return []
    rows = ", ".join(map(str, reading.mapping.header))
    lines = [f"Compris{NBSP}: feuille «{NBSP}{reading.mapping.sheet}{NBSP}», titres ligne {rows}."]
    lines += reading.understood
    lines += [f"Correspondance{NBSP}: {json.dumps(reading.mapping.as_json, ensure_ascii=False)}"]
    for title, is_out in (("Laissé en texte", False), ("Laissé de côté", True)):
        told = [left.sentence for left in reading.left if left.is_out is is_out]
        lines += [f"{title}{NBSP}: {len(told)}.", *told] if told else []
    return lines


def _refusal(plan: ImportPlan, count: int) -> str:
    if not plan.report.errors:
        rows = counted(count, "ligne a changé", "lignes ont changé")
        return (
            f"Rien n’a été importé{NBSP}: {rows} dans l’application depuis l’export. Choisissez "
            f"par «{NBSP}--keep file{NBSP}» ou «{NBSP}--keep current{NBSP}»."
        )
    return f"Rien n’a été importé{NBSP}: {counted(count, 'erreur')} dans le fichier."
