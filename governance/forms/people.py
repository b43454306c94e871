"""What is typed of the people of a directory."""

import datetime as dt
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from accounts.models import User
from core.forms import NO_PATIENT, LineField
from core.text import NBSP
from governance.models import Organisation, Person
from governance.writing import mark_of
from territories.models import Territory


def _plain_helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.label_class = "fw-semibold"
    return helper


class SearchForm(forms.Form):
    """The words of a name."""

    mots = LineField(label="Chercher un nom", required=False, max_length=100)


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An account of the territory, by name and address."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name()} ({obj.email})"


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody of the directory of one territory. Costs two queries when drawn."""

    first_name = LineField(label="Prénom", required=False, max_length=80)
    last_name = LineField(
        label="Nom", max_length=80, error_messages={"required": "Donnez au moins un nom."}
    )
    function = LineField(
        label="Fonction",
        required=False,
        max_length=120,
        help_text=f"Ce que la personne fait, par exemple « directrice ». {NO_PATIENT}",
    )
    telephone = LineField(label="Téléphone", required=False, max_length=30)
    is_other = forms.BooleanField(
        label="C’est une autre personne que celle du même nom",
        required=False,
        widget=forms.HiddenInput,
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    class Meta:
        model = Person
        fields = (
            "first_name",
            "last_name",
            "function",
            "organisation",
            "email",
            "telephone",
            "user",
            "lived_experience",
        )
        field_classes = {"user": AccountField}

    field_order = (*Meta.fields, "is_other", "seen")

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()
        self.initial["seen"] = mark_of(self.instance)
        organisation = cast("Any", self.fields["organisation"])
        account = cast("Any", self.fields["user"])
        there = Organisation.objects.filter(territory=territory)
        there = there.open() | there.filter(pk=self.instance.organisation_id)
        organisation.queryset = there.order_by("folded", "pk")
        organisation.empty_label = "Aucune, ou absente de l’annuaire"
        account.queryset = territory.accounts() | User.objects.filter(pk=self.instance.user_id)
        account.empty_label = "Sans compte"
        account.help_text = (
            "Ce compte écrira les fiches que la personne pilote, s’il a le rôle"
            f" «{NBSP}Pilote de fiche action{NBSP}»."
        )
        email = self.fields["email"]
        email.help_text = "Lue par la coordination et l’agence régionale seulement."
        lived = self.fields["lived_experience"]
        lived.help_text = (
            "Seulement si la personne souhaite que ce soit su. Lu par qui tient l’annuaire, jamais"
            f" imprimé ni exporté. {NO_PATIENT}"
        )

    def ask_whether_other(self) -> None:
        """Show the box that somebody of the same name makes necessary."""
        self.fields["is_other"].widget = forms.CheckboxInput()


class LeaveForm(forms.Form):
    """When somebody left, and whether their access goes with them."""

    left_on = forms.DateField(
        label="Date du départ",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Donnez la date du départ."},
    )
    suspends = forms.BooleanField(
        label="Suspendre aussi son accès au territoire", required=False, initial=True
    )

    def __init__(self, *args: Any, today: dt.date, has_access: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _plain_helper()
        self.initial["left_on"] = today
        if not has_access:
            del self.fields["suspends"]
