"""What the lead chooses and types while following a campaign, and at its closing."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import NO_PATIENT, ParagraphsField
from core.text import NBSP
from reviews.enums import Kept, UpdateState
from reviews.models import Respondent, Update
from reviews.summaries.closing import Closing, ClosingLine
from roadmap.enums import Weather

LONGEST_WORDS = 2000
# What the base holds of a key, in figures.
LONGEST_KEY = 18


class BoardFilterForm(forms.Form):
    """The filters of the board, kept in the address: their names are French."""

    etat = forms.ChoiceField(
        label="Réponse", required=False, widget=forms.HiddenInput, choices=UpdateState.choices
    )
    repondant = forms.ChoiceField(label="Pilote", required=False)
    meteo = forms.ChoiceField(
        label="Météo", required=False, choices=[("", "Toutes"), *Weather.choices]
    )
    aide = forms.ChoiceField(
        label="Aide demandée", required=False, choices=[("", "Avec ou sans"), ("oui", "Avec")]
    )
    retard = forms.ChoiceField(
        label="Délai", required=False, choices=[("", "Tous"), ("oui", "Dépassé")]
    )

    def __init__(self, *args: Any, people: Iterable[Respondent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [(str(each.pk), each.name) for each in people]
        cast("forms.ChoiceField", self.fields["repondant"]).choices = [("", "Tous"), *asked]
        for field in self.visible_fields():
            field.field.widget.attrs["class"] = "form-select"

    @property
    def choices_made(self) -> dict[str, str]:
        """The filters that apply, the wrong ones left aside."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def read_ticked(values: Sequence[str]) -> dict[int, str]:
    """Each answer ticked and its seal as the page showed it, from « 12:seal »; others left out."""
    ticked = {}
    for value in values:
        key, _, seal = value.partition(":")
        if key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY:
            ticked[int(key)] = seal
    return ticked


def plain_helper() -> FormHelper:
    """Crispy draws the fields and what is wrong with them; the page draws the form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.label_class = "fw-semibold"
    return helper


class DayField(forms.DateField):
    """A day, by the calendar of the browser."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={
                "required": "Choisissez un jour.",
                "invalid": f"Ce jour n’existe pas{NBSP}: écrivez par exemple 15/01/2027.",
            },
            **kwargs,
        )


class ReturnForm(forms.Form):
    """The word that goes back with an answer."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    words = ParagraphsField(
        label="Votre mot",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"Il part par courriel, avec un lien pour compléter la réponse. {NO_PATIENT}",
        error_messages={"required": "Dites ce qui manque\u00a0: la réponse repart avec ce mot."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ExtendForm(forms.Form):
    """More time for one sheet, and why."""

    due_on = DayField(label="Nouvelle date limite pour cette fiche")
    reason = ParagraphsField(
        label="Motif",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Il part par courriel aux pilotes de la fiche. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi ce délai est donné."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ReopenForm(forms.Form):
    """Why a closed review is corrected, and until when."""

    reason = ParagraphsField(
        label="Motif de la réouverture",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Il figure sur le nouveau rapport, avec votre nom. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi la revue est rouverte."},
    )
    due_on = DayField(label="Réponses attendues jusqu’au")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ClosingForm(forms.Form):
    """What stands of each sheet that was written while its answer was awaited."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, closing: Closing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._conflicts = closing.conflicts
        for line in self._conflicts:
            number = f"Fiche{NBSP}{line.sheet.number}"
            self.fields[_name(line.update)] = forms.ChoiceField(
                label=f"{number}{NBSP}: que garder{NBSP}?",
                choices=Kept.choices,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                error_messages={"required": f"{number}{NBSP}: choisissez ce qui est gardé."},
            )
        self.initial["seen"] = closing.seal

    @property
    def conflicts(self) -> list[tuple[ClosingLine, forms.BoundField]]:
        """Each conflict, with its choice."""
        return [(line, self[_name(line.update)]) for line in self._conflicts]

    @property
    def choices_made(self) -> dict[int, Kept]:
        """What was chosen, by key of the answer."""
        return {
            line.update.pk: Kept(self.cleaned_data[_name(line.update)]) for line in self._conflicts
        }


def _name(update: Update) -> str:
    return f"choix_{update.pk}"
