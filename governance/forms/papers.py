"""What readers may choose of the papers of governance: which meeting, whose decisions."""

from typing import Any, cast

from django import forms

from core.text import day_in_words
from documents.kinds import PaperForm
from governance.enums import DecisionState, MinutesState
from governance.models import Body, Meeting
from governance.models.meetings import MeetingQuerySet
from governance.summaries.register import LATE
from territories.models import Project

SELECT = forms.Select(attrs={"class": "form-select"})
NONE_YET = "Aucune réunion de ce projet ne s’y prête encore."


class MeetingForm(PaperForm):
    """Which meeting, the latest one unless told otherwise. One query."""

    meeting = forms.ChoiceField(
        label="Réunion",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "invalid_choice": "Cette réunion n’est pas de celles que ce document imprime."
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        found = list(self.meetings(project).select_related("body"))
        for meeting in found:
            # Their days are told by the clocks of the place.
            meeting.body.project = project
        field = cast("forms.ChoiceField", self.fields["meeting"])
        field.choices = [(str(one.pk), self.told(one)) for one in found]
        self._latest = str(found[0].pk) if found else ""
        if not found:
            self.hint = NONE_YET

    def meetings(self, project: Project) -> MeetingQuerySet:
        """Those that the paper may be about, the latest first."""
        return Meeting.objects.of(project)

    def told(self, meeting: Meeting) -> str:
        """How a choice is called."""
        return f"{meeting.body} du {day_in_words(meeting.starts_on)}"

    def clean_meeting(self) -> str:
        chosen = str(self.cleaned_data["meeting"] or self._latest)
        if not chosen:
            raise forms.ValidationError(NONE_YET)
        return chosen


class MinutesForm(MeetingForm):
    """Which minutes, proposed or validated: what is being written is not printed. One query."""

    def meetings(self, project: Project) -> MeetingQuerySet:
        out = (MinutesState.PROPOSED, MinutesState.VALIDATED)
        return super().meetings(project).filter(minutes_state__in=out)

    def told(self, meeting: Meeting) -> str:
        return f"{super().told(meeting)} ({meeting.get_minutes_state_display().lower()})"


class RegisterForm(PaperForm):
    """Whose decisions, and which. One query."""

    body = forms.ChoiceField(label="Instance", required=False, widget=SELECT)
    state = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Toutes"), *DecisionState.choices, (LATE, "En retard")],
        widget=SELECT,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        field = cast("forms.ChoiceField", self.fields["body"])
        bodies = Body.objects.of(project)
        field.choices = [("", "Toutes"), *((str(one.pk), str(one)) for one in bodies)]
