"""What a lead types to prepare a review: its quarter, its dates, its words, its sheets."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.quarters import Quarter, span
from core.text import NBSP, clean_line, counted
from journal.forms import Conflict, TokenField, TracedForm
from journal.reading import Since
from journal.tracing import TracedModel
from reviews.models import Campaign
from reviews.services.preparing import ENDED_STATUSES, next_quarter
from reviews.summaries.letters import usual_letter, usual_reminder, usual_subject
from reviews.summaries.reminders import reminder_in_words
from roadmap.models import Action
from territories.models import Project

# Three weeks to answer: the first reminder, a fortnight before, falls after a first week.
USUAL_DAYS = 21
LONGEST = dt.timedelta(days=366)
QUARTERS_BEFORE, QUARTERS_AFTER = 4, 1
MOST_REMINDERS = 6
FURTHEST_REMINDER = 60
TYPED_DAY = re.compile(r"^j?\s*([+\-−–]?)\s*(\d{1,3})$", re.IGNORECASE)
LONGEST_LETTER = 3000


def plain_helper() -> FormHelper:
    """Crispy draws the fields and what is wrong with them; the page draws the form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.label_class = "fw-semibold"
    return helper


class DayField(forms.DateField):
    """A day, as browsers offer it or as people type it."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={
                "required": "Donnez cette date.",
                "invalid": f"Écrivez une date, par exemple 23/11/2026{NBSP}: jour, mois, année.",
            },
        )


def opening_day() -> DayField:
    return DayField(
        label="Date d’ouverture",
        help_text=(
            "Les courriels partent ce jour-là à partir de 8\u00a0h, une fois l’ouverture demandée."
        ),
    )


def due_day() -> DayField:
    return DayField(label="Date limite de réponse", help_text="Ce jour compris.")


def check_days(form: forms.BaseForm, *, today: dt.date, opens_on: dt.date | None) -> None:
    """What two dates must be, told beside each; `opens_on` is a date that may stay in the past."""
    cleaned: dict[str, Any] = form.cleaned_data
    opens, due = cleaned.get("opens_on"), cleaned.get("due_on")
    if opens and opens < today and opens != opens_on:
        form.add_error("opens_on", f"Ce jour est passé{NBSP}: choisissez aujourd’hui ou plus tard.")
    elif opens and opens > today + LONGEST:
        form.add_error("opens_on", f"C’est dans plus d’un an{NBSP}: vérifiez l’année.")
    if due and due < today:
        form.add_error("due_on", f"Ce jour est passé{NBSP}: personne ne pourrait répondre à temps.")
    elif opens and due and due < opens:
        form.add_error("due_on", "La date limite ne peut pas précéder l’ouverture.")
    elif opens and due and due > opens + LONGEST:
        form.add_error("due_on", f"C’est plus d’un an après l’ouverture{NBSP}: vérifiez l’année.")


class CampaignForm(forms.Form):
    """A new review. Costs one query."""

    token = TokenField()
    quarter = forms.TypedChoiceField(
        label="Trimestre examiné",
        coerce=lambda typed: Quarter(int(typed)),
        error_messages={"required": "Choisissez le trimestre."},
    )
    opens_on = opening_day()
    due_on = due_day()

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.today = project.territory.today()
        proposed = next_quarter(project).index
        offered = span(proposed - QUARTERS_BEFORE, proposed + QUARTERS_AFTER)
        quarter = cast("forms.TypedChoiceField", self.fields["quarter"])
        quarter.choices = [(each.index, str(each)) for each in reversed(offered)]
        opens_on = _working_day(self.today)
        self.initial = {
            "quarter": proposed,
            "opens_on": opens_on,
            "due_on": opens_on + dt.timedelta(days=USUAL_DAYS),
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_days(self, today=self.today, opens_on=None)
        return cleaned


def _working_day(day: dt.date) -> dt.date:
    """That day, or the Monday after a week-end."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


class RemindersField(forms.CharField):
    """Days from the due date: « J−14, J−3, J+7 ». Kept as numbers, in order, each once."""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ", ".join(reminder_in_words(days) for days in value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        pieces = [piece.strip() for piece in re.split(r"[,;]", clean_line(value or ""))]
        days = sorted({self._days(piece) for piece in pieces if piece})
        if len(days) > MOST_REMINDERS:
            raise forms.ValidationError(
                f"Une revue a {MOST_REMINDERS} relances au plus{NBSP}: retirez-en."
            )
        return days

    def _days(self, piece: str) -> int:
        found = TYPED_DAY.match(piece)
        if found is None:
            raise forms.ValidationError(
                f"«{NBSP}{piece}{NBSP}» n’est pas un jour de relance{NBSP}: écrivez J−3 pour trois "
                f"jours avant la date limite, J+7 pour sept jours après, séparés par des virgules."
            )
        days = int(found[2]) * (-1 if found[1] in {"-", "−", "–"} else 1)
        if abs(days) > FURTHEST_REMINDER:
            raise forms.ValidationError(
                f"«{NBSP}{piece}{NBSP}» est trop loin de la date limite{NBSP}: de "
                f"J−{FURTHEST_REMINDER} à J+{FURTHEST_REMINDER}."
            )
        return days

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


class SettingsForm(TracedForm):
    """The dates of a review, its reminders and the words of its mails.

    A text left as it is proposed is kept empty: it follows what the house proposes.
    """

    opens_on = opening_day()
    due_on = due_day()
    reminder_days = RemindersField(
        label="Jours de relance",
        required=False,
        max_length=100,
        help_text=(
            "Par rapport à la date limite de chacun\u00a0: J−3, trois jours avant\u00a0; J+7, sept "
            "jours après. Seules les personnes qui n’ont pas répondu sont relancées. "
            "Vide\u00a0: aucune relance."
        ),
    )
    letter_subject = LineField(label="Objet du courriel", required=False, max_length=150)
    letter_text = ParagraphsField(
        label="Texte du courriel",
        required=False,
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=(
            "Le courriel ajoute de lui-même le nom de la personne, ses fiches, la date limite et "
            f"son lien. {NO_PATIENT}"
        ),
    )
    reminder_text = ParagraphsField(
        label="Texte de la relance",
        required=False,
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_PATIENT,
    )

    class Meta:
        model = Campaign
        fields = [
            "opens_on",
            "due_on",
            "reminder_days",
            "letter_subject",
            "letter_text",
            "reminder_text",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.usual = usual_words(self.instance)
        self.opened = self.instance.opens_on
        self.today = self.instance.project.territory.today()
        for name, words in self.usual.items():
            self.initial[name] = self.initial.get(name) or words

    def clean_letter_subject(self) -> str:
        return self._words_of_ours("letter_subject")

    def clean_letter_text(self) -> str:
        return self._words_of_ours("letter_text")

    def clean_reminder_text(self) -> str:
        return self._words_of_ours("reminder_text")

    def clean(self) -> dict[str, Any]:
        self._check_days()
        return super().clean()

    def _check_days(self) -> None:
        check_days(self, today=self.today, opens_on=self.opened)

    @property
    def restorable(self) -> list[str]:
        """The texts for which « revenir au texte proposé » has something to do."""
        return [
            name for name, words in self.usual.items() if _same(self[name].value()) != _same(words)
        ]

    def _words_of_ours(self, name: str) -> str:
        typed = str(self.cleaned_data[name])
        return "" if _same(typed) == _same(self.usual[name]) else typed

    def _conflict(self, name: str, since: Since, kept: TracedModel) -> Conflict:
        conflict = super()._conflict(name, since, kept)
        value = getattr(kept, name)
        if name == "reminder_days":
            days = ", ".join(reminder_in_words(each) for each in value)
            return replace(conflict, theirs=days)
        return replace(conflict, theirs=conflict.theirs or self.usual.get(name, ""))


def usual_words(campaign: Campaign) -> dict[str, str]:
    """The texts proposed, by field. Expects the place."""
    return {
        "letter_subject": usual_subject(campaign),
        "letter_text": usual_letter(campaign),
        "reminder_text": usual_reminder(campaign),
    }


def _same(words: Any) -> str:
    """Browsers and typists change spaces and ends of lines."""
    return " ".join(str(words or "").split())


class SheetsForm(forms.Form):
    """The sheets that a review asks about, ticked in the list of the roadmap. One query.

    It carries those that the page showed as ticked: what somebody else ticked meanwhile stays.
    """

    sheets = forms.TypedMultipleChoiceField(
        label="Fiches",
        coerce=int,
        error_messages={
            "required": f"Choisissez au moins une fiche{NBSP}: la revue n’en a plus aucune.",
            "invalid_choice": (
                f"Une fiche a été retirée de la feuille de route entre-temps{NBSP}: relisez la "
                "liste."
            ),
        },
    )
    seen = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, project: Project, chosen: Collection[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = list(Action.objects.of(project).in_order())
        field = cast("forms.TypedMultipleChoiceField", self.fields["sheets"])
        field.choices = [(sheet.pk, str(sheet)) for sheet in self.known]
        self.initial = {"sheets": list(chosen), "seen": ",".join(map(str, sorted(chosen)))}

    @property
    def seen_before(self) -> set[int]:
        """The sheets ticked on the page as it was drawn."""
        sent = self.cleaned_data["seen"].split(",")
        return {int(key) for key in sent if key.isascii() and key.isdecimal() and len(key) < 19}

    @property
    def groups(self) -> list[tuple[str, list[tuple[Action, bool]]]]:
        """What has something to say, then what is done or given up; each with its tick."""
        ticked = {str(key) for key in self["sheets"].value() or []}
        running = [sheet for sheet in self.known if sheet.status not in ENDED_STATUSES]
        ended = [sheet for sheet in self.known if sheet.status in ENDED_STATUSES]
        return [
            (f"{title} ({counted(len(sheets), 'fiche')})", _ticks(sheets, ticked))
            for title, sheets in (
                ("Ni réalisées ni abandonnées", running),
                ("Réalisées ou abandonnées", ended),
            )
            if sheets
        ]


def _ticks(sheets: list[Action], ticked: Collection[str]) -> list[tuple[Action, bool]]:
    return [(sheet, str(sheet.pk) in ticked) for sheet in sheets]
