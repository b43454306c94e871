"""Which letters of engagement to print."""

from typing import Any, cast

from django import forms

from documents.kinds import PaperForm
from governance.models import EngagementLetter, EngagementRound


class OneLetterForm(PaperForm):
    """One letter of one batch."""

    lettre = forms.ChoiceField(
        label="Lettre", error_messages={"invalid_choice": "Cette lettre n’existe pas, ou plus."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = EngagementLetter.objects.filter(round__project=self.project)
        rows = rows.select_related("round").order_by("-round__number", "number", "pk")
        groups: dict[str, list[tuple[str, str]]] = {}
        for letter in rows:
            value = f"{letter.round.number}-{letter.number}"
            groups.setdefault(letter.round.name, []).append((value, letter.name))
        cast("forms.ChoiceField", self.fields["lettre"]).choices = list(groups.items())


class AllLettersForm(PaperForm):
    """All the letters of one batch, in one archive."""

    envoi = forms.ChoiceField(
        label="Envoi", error_messages={"invalid_choice": "Cet envoi n’existe pas, ou plus."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = EngagementRound.objects.of(self.project)
        choices = [(str(one.number), one.name) for one in rounds]
        cast("forms.ChoiceField", self.fields["envoi"]).choices = choices
