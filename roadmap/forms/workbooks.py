"""The file that somebody sends back, and what they choose where others wrote meanwhile."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.text import NBSP
from documents.workbooks import MOST_BYTES, MOST_ROWS
from roadmap.imports.workbooks import Choice, RowConflict

CHOICE = "choix-"


class WorkbookForm(forms.Form):
    """A workbook to be imported."""

    upload = forms.FileField(
        label="Classeur Excel",
        # The service says it in a sentence that names the file.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=(
            f"Un fichier .xlsx exporté d’ici, ou le modèle rempli{NBSP}: "
            f"{MOST_BYTES // 1_000_000}{NBSP}Mo et {MOST_ROWS:,} lignes au plus. Aucune donnée de "
            "patient, même anonyme."
        ).replace(",000", "\u202f000"),
        error_messages={"required": "Choisissez le fichier à importer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.label_class = "fw-semibold"


def choices_sent(data: Mapping[str, Any]) -> dict[str, Choice]:
    """What was chosen, row by row; what is no choice is left aside."""
    return {
        name.removeprefix(CHOICE): Choice(value)
        for name, value in data.items()
        if name.startswith(CHOICE) and value in set(Choice)
    }


def with_choices(
    conflicts: Iterable[RowConflict], chosen: Mapping[str, Choice]
) -> list[tuple[RowConflict, str]]:
    """Each conflict with what is ticked: what was chosen, else what is proposed.

    Nothing is proposed where both wrote: nobody chooses for them.
    """
    return [
        (conflict, chosen.get(conflict.code, "" if conflict.is_mine else Choice.CURRENT))
        for conflict in conflicts
    ]
