"""What readers may choose of the paper of compositions: the day that it tells."""

import datetime as dt

from django import forms

from core.text import NBSP
from documents.kinds import PaperForm


class CompositionForm(PaperForm):
    """Which day, today unless told otherwise. No query."""

    le = forms.CharField(
        label="Composition au",
        required=False,
        max_length=10,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
        help_text="Le document garde les noms de ce jour-là, même de ceux qui sont partis depuis.",
    )

    def clean_le(self) -> str:
        typed = self.cleaned_data["le"].strip()
        if not typed:
            return self.project.territory.today().isoformat()
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                day = dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007 (a day, no hour)
            except ValueError:
                continue
            return day.isoformat()
        raise forms.ValidationError(
            f"Écrivez une date, par exemple 23/11/2026{NBSP}: jour, mois, année."
        )
