"""What is typed of letters of engagement: their words, their organisations, their answers."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP
from documents.attachments import AttachmentRefused
from documents.attachments.contents import kind_of_file
from documents.attachments.names import clean_name
from documents.enums import Format
from governance.enums import EngagementState, OrganisationCategory, SendingWay
from governance.models import EngagementItem, EngagementLetter, EngagementRound, Organisation
from journal.forms import TokenField, TracedForm

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
# What the base holds of a number, in figures.
LONGEST_KEY = 9
MEGABYTE = 1_000_000
MOST_MEGABYTES = 10


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.label_class = "fw-semibold"
    return helper


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DAYS,
        error_messages={
            "required": "Donnez cette date.",
            "invalid": f"Écrivez une date, par exemple 23/11/2026{NBSP}: jour, mois, année.",
        },
    )


def _text(label: str, rows: int, *, required: bool = True, longest: int = 4000) -> ParagraphsField:
    return ParagraphsField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=NO_PATIENT,
    )


class RoundForm(forms.Form):
    """The name of a new batch; its words are proposed, then written."""

    name = LineField(
        label="Nom de l’envoi",
        max_length=120,
        help_text="Pour le retrouver, par exemple «\u00a0Lettres d’engagement 2026\u00a0».",
        error_messages={"required": "Donnez un nom à cet envoi."},
    )
    token = TokenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class WordsForm(TracedForm):
    """What every letter of a batch says, but for its engagements."""

    name = LineField(label="Nom de l’envoi", max_length=120)
    heading = LineField(label="Objet", max_length=200)
    dated_on = _day("Date des lettres")
    answer_by = _day("Réponse attendue avant le", required=False)
    place = LineField(label="Lieu", required=False, max_length=80)
    intro = _text("Introduction", 7)
    lead_in = LineField(
        label="Phrase avant les engagements",
        max_length=300,
        help_text="Les engagements la complètent\u00a0: «\u00a0… s’engage à\u00a0».",
    )
    duration = _text("Durée de l’engagement", 3, required=False, longest=1000)
    closing = _text("Conclusion", 3, required=False, longest=2000)
    signatory_name = LineField(label="Signataire", required=False, max_length=120)
    signatory_title = LineField(label="Qualité du signataire", required=False, max_length=200)
    return_to = ParagraphsField(
        label="À retourner à",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nom, adresse postale ou adresse électronique.",
    )

    class Meta:
        model = EngagementRound
        fields = (
            "name",
            "heading",
            "dated_on",
            "answer_by",
            "place",
            "intro",
            "lead_in",
            "duration",
            "closing",
            "signatory_name",
            "signatory_title",
            "return_to",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("dated_on"), cleaned.get("answer_by")
        if first and last and last < first:
            self.add_error(
                "answer_by", "La réponse ne peut pas être attendue avant la date des lettres."
            )
        return cleaned


class ItemForm(TracedForm):
    """One engagement."""

    text = ParagraphsField(
        label="Engagement",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "Il complète «\u00a0… s’engage à\u00a0»\u00a0: commencez par un verbe à l’infinitif."
        ),
        error_messages={"required": "Écrivez cet engagement, ou retirez-le de la lettre."},
    )

    class Meta:
        model = EngagementItem
        fields = ("text",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class OrganisationsForm(forms.Form):
    """The organisations of the directory that a batch is for, by category, ticked."""

    organisations = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.none(),
        label="Organisations",
        error_messages={
            "required": "Cochez au moins une organisation.",
            "invalid_choice": (
                "Une des organisations cochées n’est plus dans l’annuaire de ce territoire."
            ),
            "invalid_pk_value": (
                "Une des organisations cochées n’est plus dans l’annuaire de ce territoire."
            ),
        },
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("Any", self.fields["organisations"]).queryset = offered


class LetterForm(TracedForm):
    """Whom a letter is for; once it left, only where reminders go."""

    contact_name = LineField(
        label="À l’attention de",
        required=False,
        max_length=300,
        help_text="Nom et fonction, tels que la lettre les imprime.",
    )
    address = ParagraphsField(
        label="Adresse postale",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = EngagementLetter
        fields = ("contact_name", "address", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.fields["email"].help_text = "Le courriel et les relances partent à cette adresse."
        self.fields["email"].error_messages["invalid"] = (
            f"Cette adresse n’est pas complète{NBSP}: écrivez par exemple nom@exemple.fr."
        )
        if not self.instance.is_to_send:
            del self.fields["contact_name"], self.fields["address"]


class BoardFilterForm(forms.Form):
    """The filters of the board, kept in the address: their names are French."""

    mots = LineField(label="Chercher une organisation", required=False, max_length=100)
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *EngagementState.choices]
    )
    categorie = forms.ChoiceField(
        label="Catégorie", required=False, choices=[("", "Toutes"), *OrganisationCategory.choices]
    )
    retard = forms.ChoiceField(
        label="Délai", required=False, choices=[("", "Tous"), ("oui", "Dépassé")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "mots" else "form-select"

    @property
    def choices_made(self) -> dict[str, str]:
        """The filters that apply, the wrong ones left aside."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def read_numbers(values: Iterable[str]) -> set[int]:
    """The letters ticked, by number; what is no number is left out."""
    return {
        int(value)
        for value in values
        if value.isascii() and value.isdecimal() and len(value) <= LONGEST_KEY
    }


class PostForm(forms.Form):
    """How letters left, and when."""

    way = forms.ChoiceField(
        label="Comment",
        choices=[(way.value, way.label) for way in (SendingWay.POST, SendingWay.HAND)],
        widget=forms.RadioSelect,
        initial=SendingWay.POST,
    )
    on = _day("Envoyées le")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.initial["on"] = today


class SignForm(forms.Form):
    """What came back signed."""

    on = _day("Signée le")
    signed_by = LineField(
        label="Signée par", required=False, max_length=200, help_text="Nom et qualité."
    )
    scan = forms.FileField(
        label="Lettre signée (PDF)",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=f"Numérisée, {MOST_MEGABYTES}{NBSP}Mo au plus. {NO_PATIENT}",
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.initial["on"] = today

    def clean_scan(self) -> Any:
        """A PDF by its bytes, whatever its name says; nothing is kept before that."""
        scan = self.cleaned_data.get("scan")
        if scan is None:
            return None
        name = clean_name(scan.name or "")
        if scan.size > MOST_MEGABYTES * MEGABYTE:
            raise forms.ValidationError(
                f"«{NBSP}{name}{NBSP}» dépasse {MOST_MEGABYTES}{NBSP}Mo{NBSP}: numérisez la lettre "
                "en noir et blanc, ou à une résolution moindre."
            )
        contents = scan.read()
        scan.seek(0)
        try:
            kind = kind_of_file(name, contents)
        except AttachmentRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if kind.media_type != Format.PDF.media_type:
            raise forms.ValidationError(
                f"«{NBSP}{name}{NBSP}» n’est pas un PDF{NBSP}: numérisez la lettre signée en PDF."
            )
        return scan


class RefuseForm(forms.Form):
    """Why an organisation does not engage itself."""

    on = _day("Refusée le")
    reason = ParagraphsField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Ce que l’organisation en a dit. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi, ne serait-ce qu’en quelques mots."},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.initial["on"] = today
