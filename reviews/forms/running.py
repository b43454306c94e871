"""What its lead changes of a campaign once it is open."""

from typing import Any

from core.text import NBSP
from reviews.forms.campaigns import LONGEST, SettingsForm


class RunningSettingsForm(SettingsForm):
    """The due date, the reminders and the words of a review that is open; its opening is past."""

    opens_on = None  # type: ignore[assignment]

    class Meta(SettingsForm.Meta):
        fields = [name for name in SettingsForm.Meta.fields if name != "opens_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.former_due_on = self.instance.due_on
        self.fields["letter_text"].help_text = (
            "Le premier courriel est parti. Ce texte sert encore aux pilotes des fiches que vous "
            "ajoutez, et aux courriels renvoyés."
        )
        self.fields[
            "reminder_text"
        ].help_text = f"Il sert aux relances qui ne sont pas encore parties. {self._no_patient()}"

    def _no_patient(self) -> str:
        return str(SettingsForm.base_fields["reminder_text"].help_text)

    def _check_days(self) -> None:
        due, opened = self.cleaned_data.get("due_on"), self.instance.opens_on
        if not due or due == self.former_due_on:
            return
        if due < self.today:
            self.add_error(
                "due_on", f"Ce jour est passé{NBSP}: personne ne pourrait répondre à temps."
            )
        elif due > opened + LONGEST:
            self.add_error(
                "due_on", f"C’est plus d’un an après l’ouverture{NBSP}: vérifiez l’année."
            )
