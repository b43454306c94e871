"""The directory's workbook that somebody sends back."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.text import NBSP
from documents.workbooks import MOST_BYTES
from governance.imports.directory import Choice


class DirectoryFileForm(forms.Form):
    """A workbook to be imported."""

    upload = forms.FileField(
        label="Classeur Excel",
        # The service says it in a sentence that names the file.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=(
            f"Un fichier .xlsx exporté d’ici, ou le modèle rempli{NBSP}: "
            f"{MOST_BYTES // 1_000_000}{NBSP}Mo au plus. Aucune donnée de patient, même anonyme."
        ),
        error_messages={"required": "Choisissez le fichier à importer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.label_class = "fw-semibold"


class KeepForm(forms.Form):
    """What is kept of the cells written in the application since the export."""

    keep = forms.TypedChoiceField(
        required=False,
        choices=[
            (Choice.CURRENT, "Garder ce que dit l’application"),
            (Choice.FILE, "Prendre ce que dit le fichier"),
        ],
        coerce=Choice,
        empty_value=None,
        widget=forms.RadioSelect,
        label="Pour ces cellules",
    )

    @property
    def choice(self) -> Choice | None:
        """What was chosen, when it exists."""
        return self.cleaned_data.get("keep") if self.is_valid() else None
