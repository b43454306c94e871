"""Fields that the forms of the governance share: a day, somebody of the directory."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import LineField
from core.text import NBSP, fold
from governance.models import Organisation, Person
from territories.models import Territory

# Offered under the field; any other name of the directory may be typed all the same.
MOST_OFFERED = 600


def plain_helper() -> FormHelper:
    """Crispy draws the fields and what is wrong with them; the page draws the form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.label_class = "fw-semibold"
    return helper


class DayField(forms.DateField):
    """A day, as browsers offer it or as people type it."""

    def __init__(self, *, label: str, help_text: str = "", required: bool = True) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={
                "required": "Donnez cette date.",
                "invalid": f"Écrivez une date, par exemple 23/11/2026{NBSP}: jour, mois, année.",
            },
        )


def person_words(person: Person) -> str:
    """« Paul Renaudin (Département) »: how somebody is offered and typed. No query when joined."""
    more = str(person.organisation or person.function)
    return f"{person} ({more})" if more else str(person)


class PersonNameField(LineField):
    """Somebody of a directory, by name: typed, or chosen among those that a list offers.

    Give it its `territory`. One query for the list, one for the name that was typed.
    """

    territory: Territory

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return self._find(typed) if typed else None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            rows = Person.objects.select_related("organisation").filter(pk=value)
            value = rows.first()
        return person_words(value) if isinstance(value, Person) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return fold(str(self.prepare_value(initial) or "")) != fold(str(data or ""))

    @property
    def offered(self) -> list[str]:
        """Whom the list under the field offers: those who have not left."""
        people = Person.objects.of(self.territory).filter(left_on=None)
        rows = people.select_related("organisation")[:MOST_OFFERED]
        return [person_words(person) for person in rows]

    def _find(self, typed: str) -> Person:
        name = typed.partition(" (")[0]
        people = Person.objects.of(self.territory).select_related("organisation")
        found = list(people.filter(folded=fold(name))) or list(people.filter(folded=fold(typed)))
        exact = [person for person in found if fold(person_words(person)) == fold(typed)]
        chosen = exact or [person for person in found if person.left_on is None] or found
        if not chosen:
            raise forms.ValidationError(
                f"«{NBSP}{typed}{NBSP}» n’est pas dans l’annuaire{NBSP}: choisissez un nom de la "
                "liste, ou ajoutez d’abord la personne à l’annuaire."
            )
        if len(chosen) > 1:
            names = ", ".join(f"«{NBSP}{person_words(person)}{NBSP}»" for person in chosen)
            raise forms.ValidationError(
                f"Plusieurs personnes portent ce nom{NBSP}: écrivez {names}."
            )
        return chosen[0]


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A structure of the directory, by the name that people use."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


def offer_directory(form: forms.BaseForm, territory: Territory, *names: str) -> None:
    """Tell these fields of people which directory they read; and the organisations, if any."""
    for name in names:
        field = cast("PersonNameField", form.fields[name])
        field.territory = territory
        field.widget.attrs.update({"list": "personnes-de-l-annuaire", "autocomplete": "off"})
    if "organisation" in form.fields:
        organisation = cast("Any", form.fields["organisation"])
        organisation.queryset = Organisation.objects.filter(territory=territory).order_by("folded")
