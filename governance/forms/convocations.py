"""What is typed of those who are convened, and what they answer."""

from typing import Any, cast

from django import forms

from core.forms import NO_PATIENT, LineField
from governance.enums import Reply
from governance.forms.fields import PersonNameField, offer_directory, plain_helper
from territories.models import Territory

BOTH = "Choisissez quelqu’un dans l’annuaire, ou écrivez son nom, pas les deux."


class GuestForm(forms.Form):
    """A guest, of the directory or not. One query, and one when a name of it is typed."""

    person = PersonNameField(label="Dans l’annuaire", required=False, max_length=200)
    name = LineField(label="Ou son nom", required=False, max_length=170, help_text=NO_PATIENT)
    email = forms.EmailField(
        label="Et son adresse électronique",
        required=False,
        error_messages={
            "invalid": "Cette adresse n’est pas complète\u00a0: prenom.nom@exemple.fr."
        },
    )

    def __init__(self, *args: Any, territory: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        offer_directory(self, territory, "person")

    @property
    def offered(self) -> list[str]:
        """Whom the directory offers. One query."""
        return cast("PersonNameField", self.fields["person"]).offered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person, name, email = (cleaned.get(key) for key in ("person", "name", "email"))
        if person and (name or email):
            self.add_error("name", BOTH)
        elif not person and not name and not self.errors:
            self.add_error("name", "Choisissez quelqu’un dans l’annuaire, ou écrivez son nom.")
        return cleaned


ANSWERS = [
    (Reply.YES, "Je viens"),
    (Reply.NO, "Je ne viens pas"),
    (Reply.REPRESENTED, "Je serai représenté"),
]
ANSWERS_FOR = [
    (Reply.YES, "Viendra"),
    (Reply.NO, "Ne viendra pas"),
    (Reply.REPRESENTED, "Sera représenté"),
]


class ReplyForm(forms.Form):
    """Yes, no, or somebody else."""

    reply = forms.TypedChoiceField(
        label="Votre réponse",
        coerce=Reply,
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "Choisissez une des trois réponses.",
        },
    )
    represented_by = LineField(
        label="Par qui\u00a0?",
        required=False,
        max_length=170,
        help_text=f"Son nom, et sa fonction si vous voulez. {NO_PATIENT}",
    )

    def __init__(self, *args: Any, is_lead: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_lead:
            reply = cast("forms.TypedChoiceField", self.fields["reply"])
            reply.label, reply.choices = "Réponse", list(ANSWERS_FOR)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("reply") == Reply.REPRESENTED and not cleaned.get("represented_by"):
            self.add_error("represented_by", "Dites par qui.")
        return cleaned
