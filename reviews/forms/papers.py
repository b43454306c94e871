"""What readers may choose of the papers of a review: which closed one, whose sheets."""

from typing import Any, cast

from django import forms

from core.text import NBSP, day_in_words
from documents.kinds import PaperForm
from reviews.exports import NO_OPEN_REVIEW, open_campaign
from reviews.models import Campaign
from territories.models import Project


class RapportForm(PaperForm):
    """Which closed review, the latest one unless told otherwise. One query."""

    review = forms.ChoiceField(
        label="Revue clôturée",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="Le rapport s’imprime tel que la clôture l’a figé.",
        error_messages={
            "invalid_choice": (
                "La revue %(value)s n’existe pas dans ce projet, ou n’est pas clôturée."
            ),
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        closed = list(Campaign.objects.of(project).closed())
        for campaign in closed:
            # Their days are told by the clocks of the place.
            campaign.project = project
        field = cast("forms.ChoiceField", self.fields["review"])
        field.choices = [(campaign.code, _told(campaign)) for campaign in closed]
        self._latest = closed[0].code if closed else ""
        if not closed:
            self.nothing_yet = (
                f"Aucune revue de ce projet n’est encore clôturée{NBSP}: la coordination en ouvre "
                "une depuis la page «\u00a0Revues\u00a0», puis la clôture\u00a0; son rapport "
                "s’imprimera alors ici."
            )

    def clean_review(self) -> str:
        chosen = str(self.cleaned_data["review"] or self._latest)
        if not chosen:
            raise forms.ValidationError("Aucune revue de ce projet n’est encore clôturée.")
        return chosen


def _told(campaign: Campaign) -> str:
    closed = f", clôturée le {day_in_words(campaign.closed_on)}" if campaign.closed_on else ""
    return f"{campaign}{closed}"


class FormulaireForm(PaperForm):
    """Whose sheets, in the open review; all of them unless told otherwise. Two queries."""

    person = forms.ChoiceField(
        label="Fiches de",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="Une page par fiche, à remplir à la main puis à rendre à la coordination.",
        error_messages={"invalid_choice": "La revue ouverte n’interroge pas %(value)s."},
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        self._campaign = open_campaign(project)
        if self._campaign is None:
            self.nothing_yet = (
                f"{NO_OPEN_REVIEW} Ouvrez d’abord une revue depuis la page «\u00a0Revues\u00a0»."
            )
            return
        asked = self._campaign.respondents.filter(charges__isnull=False).in_order()
        names = dict.fromkeys(asked.values_list("name", flat=True))
        field = cast("forms.ChoiceField", self.fields["person"])
        field.choices = [("", "Tout le monde"), *((name, name) for name in names)]

    def clean(self) -> dict[str, Any]:
        if self._campaign is None:
            raise forms.ValidationError(NO_OPEN_REVIEW)
        return self.cleaned_data
