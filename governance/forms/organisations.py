"""What is typed of the organisations of a directory."""

import datetime as dt
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from governance.enums import EthicalDecision, OrganisationCategory
from governance.models import Organisation, Person
from governance.writing import mark_of
from territories.models import Territory

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _plain_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.label_class = "fw-semibold"
    return helper


class OrganisationFilterForm(forms.Form):
    """The words of a name, and a category."""

    mots = LineField(label="Chercher un nom", required=False, max_length=100)
    categorie = forms.ChoiceField(
        label="Catégorie", required=False, choices=OrganisationCategory.choices
    )

    @property
    def words(self) -> str:
        """What was typed, when it can be searched."""
        self.is_valid()
        return str(self.cleaned_data.get("mots", ""))

    @property
    def category(self) -> str:
        """What was chosen, when it exists."""
        self.is_valid()
        return str(self.cleaned_data.get("categorie", ""))


class SiteField(forms.URLField):
    """The address of a site; « www.exemple.fr » is one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **options})


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A structure of the directory of one territory. Costs a query when drawn."""

    name = LineField(
        label="Nom",
        max_length=200,
        help_text="Le nom entier, tel qu’il s’écrit sur une lettre.",
        error_messages={"required": "Donnez le nom de l’organisation."},
    )
    short_name = LineField(
        label="Nom d’usage",
        required=False,
        max_length=60,
        help_text="Ce qui s’imprime dans les fiches, un sigle par exemple. Sinon, le nom entier.",
    )
    address = ParagraphsField(
        label="Adresse",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Les lignes de l’enveloppe, sans le code postal ni la commune.",
    )
    postcode = LineField(label="Code postal", required=False, max_length=10)
    town = LineField(label="Commune", required=False, max_length=80)
    telephone = LineField(label="Téléphone", required=False, max_length=30)
    website = SiteField(
        label="Site internet",
        required=False,
        max_length=200,
        help_text="Par exemple https://www.exemple.fr.",
        error_messages={"invalid": "Écrivez l’adresse entière du site, avec https://."},
    )
    charter_signed_on = forms.DateField(
        label="Charte signée le",
        required=False,
        input_formats=DAYS,
        help_text="Le jour où l’organisation a signé la charte éthique du projet.",
        widget=_day_input(),
    )
    promotes_unrecognised = forms.BooleanField(
        label="Prône des pratiques non conventionnelles à visée thérapeutique, non reconnues au "
        "plan scientifique par la médecine conventionnelle",
        required=False,
        help_text="Le cadre éthique l’exclurait alors\u00a0: vous serez averti, et vous déciderez.",
    )
    is_other = forms.BooleanField(
        label="C’est une autre organisation que celle du même nom",
        required=False,
        widget=forms.HiddenInput,
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    class Meta:
        model = Organisation
        fields = (
            "name",
            "short_name",
            "category",
            "address",
            "postcode",
            "town",
            "email",
            "telephone",
            "website",
            "contact",
            "charter_signed_on",
            "promotes_unrecognised",
        )
        field_classes = {"website": SiteField}

    field_order = (*Meta.fields, "is_other", "seen")

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()
        self.territory = territory
        self.initial["seen"] = mark_of(self.instance)
        contact = cast("Any", self.fields["contact"])
        contact.queryset = self._people()
        contact.empty_label = "Personne en particulier"
        contact.help_text = "À qui les courriers sont adressés, parmi les personnes qui y sont."
        email = self.fields["email"]
        email.help_text = f"Lue par qui tient l’annuaire seulement. {NO_PATIENT}"

    def _people(self) -> Any:
        """Those of that structure alone: in a directory of thousands, a list stays short."""
        if self.instance.pk is None:
            return Person.objects.none()
        people = Person.objects.of(self.territory).filter(organisation=self.instance)
        return people.filter(left_on=None) | people.filter(pk=self.instance.contact_id)

    def clean_charter_signed_on(self) -> dt.date | None:
        """A signature is not of tomorrow."""
        signed = cast("dt.date | None", self.cleaned_data["charter_signed_on"])
        if signed and signed > self.territory.today():
            raise forms.ValidationError("Cette signature est à venir\u00a0: notez-la le jour venu.")
        return signed

    def ask_whether_other(self) -> None:
        """Show the box that one of the same name makes necessary."""
        self.fields["is_other"].widget = forms.CheckboxInput()


class CloseForm(forms.Form):
    """When a structure closed."""

    closed_on = forms.DateField(
        label="Date de la fermeture",
        input_formats=DAYS,
        error_messages={"required": "Donnez la date de la fermeture."},
        widget=_day_input(),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()
        self.initial["closed_on"] = today


class EthicsForm(forms.Form):
    """What the lead decides of an organisation that the frame would exclude, and why."""

    decision = forms.ChoiceField(
        label="Votre décision",
        choices=EthicalDecision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous décidez."},
    )
    reason = ParagraphsField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Gardé avec votre nom et la date du jour. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi\u00a0: le motif est gardé avec la décision."},
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()
        self.initial = {
            "decision": organisation.ethical_decision,
            "reason": organisation.ethical_reason,
            "seen": mark_of(organisation),
        }
