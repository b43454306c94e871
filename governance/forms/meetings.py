"""What is typed of a meeting: when, where, how often; why it is cancelled."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import NBSP, counted
from governance.enums import Repeat
from governance.forms.fields import plain_helper
from governance.models import Body, Meeting
from governance.summaries.agendas import minutes_in_words
from governance.summaries.dates import MOST_DAYS, days_of
from journal.forms import TokenField, TracedForm
from territories.models import Project

LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 420)
USUAL_LENGTH = 120
FURTHEST = dt.timedelta(days=366 * 3)
LONGEST_WORDS = 2000
MOMENT = "%Y-%m-%dT%H:%M"


def moment_field() -> forms.DateTimeField:
    """A day and an hour, on the clocks of the zone that is current."""
    return forms.DateTimeField(
        label="Début",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M"],
        error_messages={
            "required": "Donnez le jour et l’heure.",
            "invalid": "Écrivez un jour et une heure, par exemple 23/11/2026 14:30.",
        },
    )


def length_field(more: int | None = None) -> forms.TypedChoiceField:
    """How long a meeting lasts, among usual lengths and its own."""
    lengths = sorted({*LENGTHS, *([more] if more else [])})
    return forms.TypedChoiceField(
        label="Durée",
        coerce=int,
        choices=[(each, minutes_in_words(each)) for each in lengths],
        initial=USUAL_LENGTH,
        error_messages={"required": "Choisissez une durée."},
    )


class _Where(forms.Form):
    """What a meeting has, made or changed."""

    title = LineField(
        label="Objet",
        required=False,
        max_length=200,
        help_text="Facultatif, par exemple «\u00a0lancement du diagnostic\u00a0».",
    )
    place = LineField(label="Lieu", required=False, max_length=200)
    distance_url = forms.URLField(
        label="Lien de visioconférence",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Copiez l’adresse entière\u00a0: elle commence par https://."},
    )
    words = ParagraphsField(
        label="Mot d’accompagnement",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Il est lu dans la convocation. {NO_PATIENT}",
    )


class BodyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A body that still sits, by its name."""


class NewMeetingForm(_Where):
    """One meeting, or a series whose days are seen before they are made. Two queries."""

    token = TokenField()
    body = BodyField(
        label="Instance",
        queryset=Body.objects.none(),
        empty_label="Choisir l’instance",
        error_messages={"required": "Choisissez l’instance qui se réunit."},
    )
    starts_at = moment_field()
    duration = length_field()
    repeat = forms.TypedChoiceField(
        label="Se répète",
        coerce=Repeat,
        choices=Repeat.choices,
        initial=Repeat.NEVER,
        required=False,
        empty_value=Repeat.NEVER,
    )
    every = forms.IntegerField(
        label="Tous les combien",
        min_value=1,
        max_value=12,
        initial=1,
        required=False,
        help_text="1\u00a0: chaque semaine ou chaque mois\u00a0; 2\u00a0: une fois sur deux…",
        error_messages={
            "min_value": "Donnez un nombre de 1 à 12.",
            "max_value": "Donnez un nombre de 1 à 12.",
            "invalid": "Donnez un nombre de 1 à 12.",
        },
    )
    until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=f"Pour une série\u00a0: {MOST_DAYS} dates au plus.",
        error_messages={"invalid": "Écrivez une date, par exemple 23/11/2026."},
    )

    field_order = (
        "token",
        "body",
        "title",
        "starts_at",
        "duration",
        "place",
        "distance_url",
        "words",
        "repeat",
        "every",
        "until",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        today = project.territory.today()
        self.today = today
        field = cast("forms.ModelChoiceField[Body]", self.fields["body"])
        field.queryset = Body.objects.of(project).sitting(on=today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, until = cleaned.get("starts_at"), cleaned.get("until")
        if starts is not None:
            self._check_year(starts)
        if cleaned.get("repeat", Repeat.NEVER) == Repeat.NEVER:
            return cleaned
        if until is None and "until" not in self.errors:
            self.add_error("until", "Donnez la fin de la série.")
        elif until and starts and until < starts.date():
            self.add_error("until", "La série finirait avant sa première réunion.")
        elif until and until > self.today + FURTHEST:
            self.add_error("until", f"C’est dans plus de trois ans{NBSP}: vérifiez l’année.")
        return cleaned

    def _check_year(self, starts: dt.datetime) -> None:
        if not self.today - FURTHEST <= starts.date() <= self.today + FURTHEST:
            self.add_error("starts_at", f"C’est à plus de trois ans d’ici{NBSP}: vérifiez l’année.")

    @property
    def days(self) -> list[dt.date]:
        """Every day of the series, of a form that is valid."""
        typed = self.cleaned_data
        first = typed["starts_at"].date()
        until = typed["until"] or first
        return days_of(
            first, repeat=Repeat(typed["repeat"]), every=typed["every"] or 1, until=until
        )

    def ticked(self, values: Sequence[str]) -> list[dt.date]:
        """Those of the days that stay ticked on the page that shows them."""
        return [day for day in self.days if day.isoformat() in set(values)]

    @property
    def meeting(self) -> Meeting:
        """The meeting as typed, not kept."""
        typed = self.cleaned_data
        return Meeting(
            body=typed["body"],
            title=typed["title"],
            starts_at=typed["starts_at"],
            ends_at=typed["starts_at"] + dt.timedelta(minutes=typed["duration"]),
            place=typed["place"],
            distance_url=typed["distance_url"],
            words=typed["words"],
        )


class MeetingForm(TracedForm, _Where):
    """A meeting that changes; the following ones of its series too, when asked."""

    starts_at = moment_field()
    duration = length_field()
    following = forms.BooleanField(
        label="Changer aussi les réunions suivantes de la série", required=False
    )

    class Meta:
        model = Meeting
        fields = ("title", "starts_at", "place", "distance_url", "words")

    field_order = (
        "title",
        "starts_at",
        "duration",
        "place",
        "distance_url",
        "words",
        "following",
        "revision",
    )

    def __init__(self, *args: Any, later: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        length = self.instance.length // dt.timedelta(minutes=1)
        self.fields["duration"] = length_field(length)
        self.fields["duration"].initial = length
        if later:
            more = counted(later, "autre réunion", "autres réunions")
            self.fields["following"].help_text = f"{more} à venir dans cette série."
        else:
            del self.fields["following"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, length = cleaned.get("starts_at"), cleaned.get("duration")
        if starts is not None and length:
            self.instance.ends_at = starts + dt.timedelta(minutes=length)
        return cleaned


class CancelForm(forms.Form):
    """Why a meeting is cancelled."""

    reason = ParagraphsField(
        label="Motif",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Les personnes convoquées le lisent. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi\u00a0: les personnes convoquées le lisent."},
    )
    following = forms.BooleanField(
        label="Annuler aussi les réunions suivantes de la série", required=False
    )

    def __init__(self, *args: Any, later: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        if not later:
            del self.fields["following"]
