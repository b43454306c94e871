"""What is typed to answer about one sheet, to pass it on, to ask for a new link."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.models import construct_instance
from django.utils.datastructures import MultiValueDict

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.quarters import Quarter, span
from core.text import NBSP
from documents.forms import AttachmentForm
from journal.forms import Conflict, TokenField, TracedForm
from reviews.enums import ObjectiveAnswer
from reviews.models import Campaign, ObjectiveUpdate, Update
from roadmap.enums import Status, Weather
from roadmap.forms.lifecycle import plain_helper
from roadmap.forms.sections import at_most

LONGEST_TEXT = 5000
LONGEST_REASON = 1000
LONGEST_NAME = 200
LONGEST_ADDRESS = 254
MISSPELT = "Cette adresse est incomplète ou mal écrite\u00a0: vérifiez-la."
BAD_ADDRESS = {"invalid": MISSPELT, "max_length": MISSPELT}
# How far a slip may go beyond the planning: two years.
SLIPS_AT_MOST = 8
UNTYPED = {"revision", "token"}


def text(
    label: str, help_text: str, *, longest: int = LONGEST_TEXT, rows: int = 3
) -> ParagraphsField:
    """A text of the answer, as long as a COPIL would read."""
    return ParagraphsField(
        label=label,
        required=False,
        validators=[at_most(longest, "Ce texte")],
        help_text=f"{help_text} {NO_PATIENT}".strip(),
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
    )


class AnswerPart(TracedForm):
    """One row of an answer. A draft may lack what is asked when it is sent (`is_final`)."""

    def __init__(self, *args: Any, is_final: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_final = is_final

    def _post_clean(self) -> None:
        """The fields check what the model does; asked of the base, it is a query a constraint."""
        construct_instance(self, self.instance, self._meta.fields)
        if self.is_final:
            for name, sentence in self.instance.lacks.items():
                if name not in self.errors:
                    self.add_error(name, sentence)

    @property
    def typed(self) -> list[str]:
        """What this person changed, in plain lines: « Ce qui a été fait : … »."""
        return [
            f"{self.fields[name].label}{NBSP}: {self._in_words(name)}"
            for name in self.changed_data
            if name not in UNTYPED and self.add_prefix(name) in self.data
        ]

    def _in_words(self, name: str) -> str:
        value = self[name].value()
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str({str(code): label for code, label in choices.items()}.get(str(value), value))


class StateForm(AnswerPart):
    """Where the sheet stands, and what there is to say of it."""

    token = TokenField()
    status = forms.ChoiceField(
        label="Où en est la fiche\u00a0?",
        choices=Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est la fiche."},
    )
    status_reason = text(
        "Motif",
        "Pourquoi la fiche est suspendue ou abandonnée.",
        longest=LONGEST_REASON,
        rows=2,
    )
    weather = forms.ChoiceField(
        label="De quoi avez-vous besoin\u00a0?",
        choices=Weather.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    done = text("Ce qui a été fait", "Depuis la dernière revue, en quelques phrases.")
    difficulties = text("Difficultés", "Ce qui freine ou bloque.")
    next_steps = text("Prochaines étapes", "Ce qui est prévu d’ici la prochaine revue.")
    help_asked = text(
        "Aide demandée au COPIL",
        "Ce que le comité de pilotage peut décider ou débloquer. Il lira ces mots.",
    )

    class Meta:
        model = Update
        fields = [
            "status",
            "status_reason",
            "weather",
            "done",
            "difficulties",
            "next_steps",
            "help_asked",
        ]


class ObjectiveForm(AnswerPart):
    """What is said of one objective."""

    answer = forms.ChoiceField(
        choices=ObjectiveAnswer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est cet objectif."},
    )
    slipped_to = forms.TypedChoiceField(
        label="Décalé à quel trimestre\u00a0?",
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "invalid_choice": "Ce trimestre n’est pas dans la liste\u00a0: choisissez-en un autre."
        },
    )
    slip_reason = text("Motif du décalage", "", longest=LONGEST_REASON, rows=2)

    class Meta:
        model = ObjectiveUpdate
        fields = ["answer", "slipped_to", "slip_reason"]

    def __init__(self, *args: Any, quarters: Sequence[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = self.instance.printed
        slipped_to: Any = self.fields["slipped_to"]
        slipped_to.choices = [("", "Choisir")] + [(one.index, str(one)) for one in quarters]

    def add_prefix(self, field_name: str) -> str:
        """One revision for the whole page; « theirs_ » stands before the whole name."""
        if field_name == "revision":
            return field_name
        if field_name.startswith("theirs_"):
            return f"theirs_{super().add_prefix(field_name.removeprefix('theirs_'))}"
        return super().add_prefix(field_name)


class AnswerForm:
    """The whole page of one answer: the sheet, then each of its objectives.

    Each part meets what others wrote meanwhile (`TracedForm`). Costs two queries a part when
    something was written since it was drawn, none otherwise.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        update: Update,
        objectives: Sequence[ObjectiveUpdate],
        is_final: bool = False,
    ) -> None:
        campaign = update.campaign
        own = str((data or {}).get("token", ""))[:32]
        kwargs: dict[str, Any] = {
            "revision": campaign.revision,
            "is_final": is_final,
            # Too short a token would be that of everybody.
            "own": own if len(own) == 32 else "",
        }
        sent: Any = data
        self.state = StateForm(sent, instance=update, **kwargs)
        quarters = quarters_to_slip_to(campaign)
        self.objectives = [
            ObjectiveForm(
                sent, instance=line, prefix=f"objectif-{line.pk}", quarters=quarters, **kwargs
            )
            for line in objectives
        ]

    @property
    def parts(self) -> list[AnswerPart]:
        return [self.state, *self.objectives]

    def is_valid(self) -> bool:
        """Every part is looked at, so that everything wrong is told at once."""
        return sum(not part.is_valid() for part in self.parts) == 0

    @property
    def conflicts(self) -> list[Conflict]:
        """What was written twice."""
        return [conflict for part in self.parts for conflict in part.conflicts]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What is wrong: where it is, what it is called, the sentence."""
        return [
            (part[name].auto_id if name in part.fields else "", _called(part, name), str(said))
            for part in self.parts
            for name, sentences in part.errors.items()
            for said in sentences
        ]

    @property
    def taken(self) -> dict[str, str]:
        """What others wrote where this person wrote nothing, by name of control."""
        return {name: value for part in self.parts for name, value in part.taken.items()}

    @property
    def typed(self) -> str:
        """All that this person changed, to be kept when it cannot be saved."""
        lines = []
        for part in self.parts:
            said = part.typed
            if said and isinstance(part, ObjectiveForm):
                said = [part.instance.printed, *said]
            lines += said
        return "\n".join(lines)


def _called(part: AnswerPart, name: str) -> str:
    label = str(part.fields[name].label) if name in part.fields else ""
    if isinstance(part, ObjectiveForm) and name != "answer":
        return f"{part.instance.printed[:80]}, {label[:1].lower()}{label[1:]}"
    return label


def quarters_to_slip_to(campaign: Campaign) -> tuple[Quarter, ...]:
    """The quarters after the one that is reviewed: two years, or all the planning."""
    last = campaign.project.planning_last or 0
    return span(campaign.quarter + 1, max(last, campaign.quarter + SLIPS_AT_MOST))


class EvidenceForm(AttachmentForm):
    """A file or a link that shows what was done; nothing at all is an answer too."""

    is_required = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "piece_%s", **kwargs})
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    @property
    def is_filled(self) -> bool:
        """Something is there to be joined; once the form is valid."""
        return bool(self.cleaned_data.get("upload") or self.cleaned_data.get("url"))

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not self.is_required and not typed.get("upload") and not typed.get("url"):
            return typed
        return super().clean()


class BehalfForm(forms.Form):
    """For whom a lead types an answer that came by telephone, on paper, in a meeting."""

    answered_for = LineField(
        label="Saisir pour",
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(
            attrs={"list": "repondants", "autocomplete": "off", "class": "form-control"}
        ),
        help_text="Qui vous a donné cette réponse. La réponse le dira, avec votre nom.",
    )

    def __init__(self, *args: Any, is_final: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.is_final = is_final

    def clean_answered_for(self) -> str:
        name: str = self.cleaned_data["answered_for"]
        if self.is_final and not name:
            raise forms.ValidationError("Dites de qui vient cette réponse.")
        return name


class HandOverForm(forms.Form):
    """To whom a sheet is passed on."""

    token = TokenField()
    name = LineField(
        label="Son prénom et son nom",
        max_length=LONGEST_NAME,
        error_messages={"required": "Donnez le nom de la personne qui répondra."},
    )
    email = forms.EmailField(
        label="Son adresse électronique",
        max_length=LONGEST_ADDRESS,
        error_messages={"required": "Donnez l’adresse à laquelle lui écrire.", **BAD_ADDRESS},
    )
    words = ParagraphsField(
        label="Un mot pour elle ou lui (facultatif)",
        required=False,
        validators=[at_most(LONGEST_REASON, "Ce mot")],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_PATIENT,
    )

    def __init__(self, data: MultiValueDict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="transmettre_%s")
        self.helper = plain_helper()


class LeaveForm(forms.Form):
    """A word to whoever leads the review, from somebody who gives a sheet back."""

    token = TokenField()
    words = ParagraphsField(
        label="Un mot pour la coordination (facultatif)",
        required=False,
        validators=[at_most(LONGEST_REASON, "Ce mot")],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Qui pourrait prendre la suite, par exemple. {NO_PATIENT}",
    )

    def __init__(self, data: MultiValueDict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="quitter_%s")
        self.helper = plain_helper()


class NewLinkForm(forms.Form):
    """The address at which one was asked."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Celle à laquelle vous avez reçu la demande de réponse.",
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Donnez votre adresse électronique.", **BAD_ADDRESS},
    )

    def __init__(self, data: MultiValueDict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="lien_%s")
        self.helper = plain_helper()
