"""What is typed of seats: who, for whom, from when to when."""

import datetime as dt
from typing import Any

from django import forms

from core.forms import LineField
from core.text import NBSP
from governance.enums import Capacity, OrganisationCategory
from governance.forms.fields import (
    DayField,
    OrganisationField,
    PersonNameField,
    offer_directory,
    plain_helper,
)
from governance.models import Organisation, Seat
from governance.summaries.compositions import SOON
from journal.forms import TokenField, TracedForm
from territories.models import Territory

WHO_HELP = "Un nom de l’annuaire. Vide, le siège est vacant."
CAPACITY_HELP = (
    "Au nom de qui la personne siège\u00a0: c’est public, et choisi avec elle. La composition se "
    "juge à cela."
)


class SeatForm(TracedForm):
    """One seat, new or as it is. Costs three queries when drawn."""

    token = TokenField()
    person = PersonNameField(label="Personne", required=False, help_text=WHO_HELP)
    organisation = OrganisationField(
        label="Organisation représentée",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="Celle de la personne, ou aucune",
    )
    substitute = PersonNameField(label="Suppléant", required=False)
    starts_on = DayField(label="Depuis le", required=False)
    ends_on = DayField(
        label="Jusqu’au", required=False, help_text="Fin du mandat, si elle est connue."
    )

    class Meta:
        model = Seat
        fields = (
            "person",
            "capacity",
            "role",
            "organisation",
            "substitute",
            "starts_on",
            "ends_on",
        )

    field_order = (*Meta.fields, "token", "revision")

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.fields["capacity"].help_text = CAPACITY_HELP
        offer_directory(self, territory, "person", "substitute")

    @property
    def offered(self) -> list[str]:
        """The names that the lists under the fields offer. One query."""
        field: Any = self.fields["person"]
        names: list[str] = field.offered
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        person, substitute = cleaned.get("person"), cleaned.get("substitute")
        if person is not None and person == substitute:
            self.add_error("substitute", "Une personne ne peut pas être sa propre suppléante.")
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "Un siège ne peut pas finir avant de commencer.")
        if person and not cleaned.get("organisation") and not self.instance.pk:
            cleaned["organisation"] = person.organisation
        return cleaned


class EndSeatForm(forms.Form):
    """Until which day a seat is held."""

    on = DayField(label="Dernier jour du mandat")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.initial["on"] = today


class ReplaceForm(forms.Form):
    """Who takes a seat, and the last day of whoever leaves it. Costs one query when drawn."""

    token = TokenField()
    person = PersonNameField(
        label="Nouveau titulaire",
        error_messages={"required": "Donnez le nom de la personne qui prend le siège."},
    )
    on = DayField(
        label="Dernier jour de la personne remplacée",
        help_text="Le nouveau mandat commence le lendemain.",
    )
    keeps_organisation = forms.BooleanField(
        label="Le siège reste celui de la même organisation", required=False, initial=True
    )

    def __init__(self, *args: Any, seat: Seat, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.seat = seat
        self.initial["on"] = last_day_of(seat, today=territory.today())
        offer_directory(self, territory, "person")
        organisation = seat.organisation_name
        if organisation:
            self.fields["keeps_organisation"].label = f"Le siège reste celui de {organisation}"
        else:
            del self.fields["keeps_organisation"]

    @property
    def offered(self) -> list[str]:
        """The names that the list under the field offers. One query."""
        field: Any = self.fields["person"]
        names: list[str] = field.offered
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = cleaned.get("person")
        if person is not None and person.pk == self.seat.person_id:
            self.add_error("person", f"{person} tient déjà ce siège.")
        if person is not None and person.left_on is not None:
            self.add_error("person", f"{person} est partie{NBSP}: nommez quelqu’un d’autre.")
        cleaned.setdefault("keeps_organisation", False)
        return cleaned


def last_day_of(seat: Seat, *, today: dt.date) -> dt.date:
    """The day before which a successor cannot begin: of the mandate, of the departure, or today."""
    left = seat.person.left_on if seat.person else None
    ends = seat.ends_on if seat.ends_on and seat.ends_on <= today + SOON else None
    known = [day for day in (ends, left) if day is not None]
    return min(known) if known else today - dt.timedelta(days=1)


class PickForm(forms.Form):
    """Which people of the directory are looked for."""

    mots = LineField(label="Nom", required=False, max_length=100)
    categorie = forms.ChoiceField(
        label="Catégorie d’organisation",
        required=False,
        choices=[("", "Toutes"), *OrganisationCategory.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class ManyForm(forms.Form):
    """What several people are given at once."""

    token = TokenField()
    capacity = forms.ChoiceField(
        label="Qualité",
        required=False,
        choices=[("", "D’après leur organisation"), *Capacity.choices],
        help_text=(
            "Une association d’usagers ne dit rien de la personne\u00a0: choisissez la qualité "
            "avec elle."
        ),
    )
    starts_on = DayField(label="Depuis le", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
