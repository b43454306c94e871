"""What readers may choose in the history: whose gestures, on which sheet, from when to when."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from journal.models import ChangeSetQuerySet
from roadmap.summaries.history import SheetName
from roadmap.summaries.history_words import NOBODY
from territories.models import Project

Person = tuple[int | None, str]
# No calendar is computed at the ends of time.
DAYS_KNOWN = [
    MinValueValidator(dt.date(1900, 1, 1), "Donnez une date à partir de l’an\u00a01900."),
    MaxValueValidator(dt.date(2199, 12, 31), "Donnez une date avant l’an\u00a02200."),
]


class HistoryForm(forms.Form):
    """The filters of a history, kept in the address: their names are French.

    A choice that the history does not have is told and left aside; the others still apply.
    """

    personne = forms.ChoiceField(label="Personne", required=False)
    fiche = forms.ChoiceField(label="Fiche action", required=False)
    du = forms.DateField(label="Du", required=False, validators=DAYS_KNOWN)
    au = forms.DateField(label="Au", required=False, validators=DAYS_KNOWN)

    def __init__(
        self,
        *args: Any,
        project: Project,
        people: Iterable[Person],
        sheets: Iterable[SheetName] = (),
        **kwargs: Any,
    ) -> None:
        """`people` are those of the gestures, by key and name; no query."""
        super().__init__(*args, **kwargs)
        self._zone = zoneinfo.ZoneInfo(project.territory.time_zone)
        people = sorted(people, key=lambda person: (person[1] == "", person[1]))
        self._offer("personne", "Toutes", {_code(one): one[1] or NOBODY for one in people})
        self._offer("fiche", "Toutes", {str(sheet.pk): sheet.choice for sheet in sheets})
        for name in ("du", "au"):
            self.fields[name].widget = forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}
            )

    def _offer(self, name: str, anything: str, choices: dict[str, str]) -> None:
        """Fill a list, and drop the filter that would leave nothing to choose."""
        if not choices:
            del self.fields[name]
            return
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", anything), *choices.items()]
        field.widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        first, last = cleaned.get("du"), cleaned.get("au")
        if first and last and last < first:
            self.add_error("au", "La période finit avant de commencer.")
        return cleaned

    @property
    def choices_made(self) -> dict[str, str]:
        """The filters that apply, as the address keeps them; the wrong ones left aside."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    @property
    def sheet(self) -> str:
        """The key of the sheet chosen, or nothing."""
        return str(self.cleaned_data.get("fiche") or "")

    def narrow(self, gestures: ChangeSetQuerySet) -> ChangeSetQuerySet:
        """Those that the person and the period keep, days being those of the territory."""
        person, first, last = (self.cleaned_data.get(name) for name in ("personne", "du", "au"))
        if person:
            kind, _, key = str(person).partition(":")
            gestures = (
                gestures.filter(by=int(key))
                if kind == "compte"
                else gestures.filter(by=None, by_name=key)
            )
        if first:
            gestures = gestures.filter(at__gte=self._midnight(first))
        if last:
            gestures = gestures.filter(at__lt=self._midnight(last + dt.timedelta(days=1)))
        return gestures

    def _midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), tzinfo=self._zone)


def people_of(gestures: ChangeSetQuerySet) -> list[Person]:
    """Whoever made these gestures, by account or, when it is gone, by name; one query."""
    rows = gestures.order_by("by_id", "by_name").values_list("by_id", "by_name").distinct()
    return list({_code(person): person for person in rows}.values())


def _code(person: Person) -> str:
    key, name = person
    return f"nom:{name}" if key is None else f"compte:{key}"
