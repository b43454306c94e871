"""What is typed in one row that hangs on a sheet: a role, a line of money, an indicator."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms

from core.forms import NO_PATIENT, LineField
from core.quarters import Quarter, span
from core.text import NBSP, euros
from journal.forms import Conflict, TokenField, TracedForm
from journal.reading import Since
from roadmap.forms.sections import at_most
from roadmap.models import Action, ActionIndicator, ActionRole, FundingLine, Objective
from roadmap.services.attached import Directory, Entry, Homonyms

LONGEST_LABEL = 200
LONGEST_LINE = 80
LONGEST_INDICATOR = 4_000
FIRST_YEAR, LAST_YEAR = 1990, 2099
# What the column holds before the comma.
MOST_DIGITS = 10
# After the window: an indicator may be looked at once the plan is over.
QUARTERS_AFTER = 8
YEARS_UNKNOWN = 6
TYPED_AMOUNT = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
LEFT_OUT = re.compile(r"[\s€]")


class AmountField(forms.CharField):
    """An amount as French people type it: « 24 000,50 », « 24000 € »."""

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        digits = LEFT_OUT.sub("", typed)
        if not digits:
            return None
        if digits.startswith(("-", "−")):
            raise forms.ValidationError("Un montant ne peut pas être négatif.")
        found = TYPED_AMOUNT.fullmatch(digits)
        if found is None:
            raise forms.ValidationError(
                f"«{NBSP}{typed}{NBSP}» n’est pas un montant{NBSP}: écrivez par exemple "
                f"24{NBSP}000,50."
            )
        if len(found[1].lstrip("0")) > MOST_DIGITS:
            raise forms.ValidationError(f"Ce montant est trop grand{NBSP}: vérifiez les zéros.")
        return Decimal(f"{found[1]}.{(found[2] or '').ljust(2, '0')}")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return euros(value).removesuffix(f"{NBSP}€")
        return value


class ObjectiveField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The objective that a row is about, when it is not the whole sheet."""

    def label_from_instance(self, obj: Objective) -> str:
        words = obj.printed
        return words if len(words) <= LONGEST_LINE else f"{words[: LONGEST_LINE - 1].rstrip()}…"


def objective_field() -> ObjectiveField:
    return ObjectiveField(
        label="Pour",
        queryset=Objective.objects.none(),
        required=False,
        empty_label="toute la fiche",
        error_messages={
            "invalid_choice": f"Cet objectif a été retiré{NBSP}: choisissez-en un autre."
        },
    )


class RowForm(TracedForm):
    """One row of a sheet; the token makes one addition of a form sent twice."""

    token = TokenField()
    objective = objective_field()

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        rows = Objective.objects.filter(action=action).order_by("position", "pk")
        objective = cast("ObjectiveField", self.fields["objective"])
        objective.queryset = rows
        if not rows.exists() and not self.is_bound:
            objective.widget = forms.HiddenInput()

    @property
    def words_offered(self) -> list[str]:
        """What a list beside « Qui » offers."""
        return []


def entry_named(who: str, directory: Directory) -> Entry | None:
    """The entry of the directory that was typed, or nothing for a free text."""
    try:
        return directory.find(who)
    except Homonyms as homonyms:
        raise forms.ValidationError(
            f"Plusieurs entrées de l’annuaire portent ce nom{NBSP}: écrivez {homonyms}."
        ) from homonyms


# Who holds a row, as the base keeps it: a label, an organisation, a person.
Holder = tuple[str, int | None, int | None]


class HeldRowForm(RowForm):
    """A row that names somebody: an entry of the directory, or a free text.

    « Qui » writes three columns at once; what two people wrote there is one conflict.
    """

    who = LineField(
        label="Qui",
        validators=[at_most(LONGEST_LABEL, "Un nom")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites qui."},
    )
    printed = LineField(
        label="Texte imprimé",
        required=False,
        validators=[at_most(LONGEST_LABEL, "Un texte imprimé")],
        help_text=f"Seulement s’il est autre{NBSP}: vide, le nom de l’annuaire est imprimé.",
    )

    holder_columns: tuple[str, ...] = ("label", "organisation", "person")

    def __init__(self, *args: Any, directory: Directory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.directory = directory
        self._holder_is_theirs = False
        # Not `self["who"]`, which would fix its label before a form has changed it.
        own_id = str(self.auto_id) % self.add_prefix("who")
        self.fields["who"].widget.attrs["list"] = f"{own_id}_list"
        if not self.is_bound and self.instance.pk:
            who, printed = self._typed(self._holder_of(self.instance))
            self.initial.update(who=who, printed=printed)

    @property
    def words_offered(self) -> list[str]:
        return self.directory.all_words

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"]
        self._entry: Entry | None = entry_named(who, self.directory)
        return who

    def clean_printed(self) -> str:
        printed: str = self.cleaned_data["printed"]
        who = self.cleaned_data.get("who")
        if who and printed and self._entry is None and printed != who:
            raise forms.ValidationError(
                f"«{NBSP}{who}{NBSP}» n’est pas dans l’annuaire du territoire{NBSP}: choisissez "
                "dans la liste, ou videz ce champ pour garder un texte libre."
            )
        return printed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._takes_theirs():
            self.errors.pop("who", None)
            self.errors.pop("printed", None)
        elif not self._holder_is_theirs and "who" in cleaned and "printed" in cleaned:
            for column, value in zip(self.holder_columns, self._mine(), strict=False):
                setattr(self.instance, f"{column}_id" if column != "label" else column, value)
        return cleaned

    def meet_more(self, kept: Any, changes: Mapping[str, Since]) -> None:
        touched = [changes[name] for name in self.holder_columns if name in changes]
        if not touched or self._takes_theirs() or "who" not in self.cleaned_data:
            return
        present = self._holder_of(kept)
        base = cast(
            "Holder",
            tuple(
                changes[name].base if name in changes else value
                for name, value in zip(("label", "organisation", "person"), present, strict=True)
            ),
        )
        typed = (self.cleaned_data["who"], self.cleaned_data.get("printed", ""))
        if self._mine() == present:
            return
        if self._mine() == base or typed == self._typed(base):
            self._holder_is_theirs = True
            return
        last = max((since.last for since in touched), key=lambda change: change.pk)
        self.conflicts.append(
            Conflict(
                name="who",
                label="Qui",
                theirs=self._told(present),
                last=last.changeset,
            )
        )

    def _ask_again(self, kept: Any) -> None:
        super()._ask_again(kept)
        if self._holder_is_theirs:
            data: Any = self.data
            data[self.add_prefix("who")], data[self.add_prefix("printed")] = self._typed(
                self._holder_of(kept)
            )

    def _takes_theirs(self) -> bool:
        return bool(self.data.get(self.add_prefix("theirs_who"))) and self.instance.pk is not None

    def _mine(self) -> Holder:
        """What was typed, as the base would keep it."""
        who, printed = self.cleaned_data["who"], self.cleaned_data.get("printed", "")
        if self._entry is None:
            return (who, None, None)
        is_same = printed == self._entry.plain
        return ("" if is_same else printed, self._entry.organisation, self._entry.person)

    def _holder_of(self, row: Any) -> Holder:
        return (row.label, row.organisation_id, getattr(row, "person_id", None))

    def _typed(self, holder: Holder) -> tuple[str, str]:
        """« Qui » and « Texte imprimé » of a row as this form shows them."""
        label, organisation, person = holder
        if organisation is None and person is None:
            return label, ""
        return self.directory.words_of(organisation=organisation, person=person), label

    def _told(self, holder: Holder) -> str:
        who, printed = self._typed(holder)
        return f"{who}, imprimé «{NBSP}{printed}{NBSP}»" if printed else who


class RoleForm(HeldRowForm):
    """Who does what."""

    class Meta:
        model = ActionRole
        fields = ["kind", "objective"]
        labels = {"kind": "Rôle"}
        error_messages = {"kind": {"required": "Choisissez le rôle."}}

    field_order = ["kind", "who", "printed", "objective"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = cast("forms.ChoiceField", self.fields["kind"])
        kind.choices = [("", "À choisir"), *ActionRole._meta.get_field("kind").flatchoices]
        self.fields["who"].help_text = (
            "Une personne ou une organisation de l’annuaire, ou un texte libre. Une personne "
            f"pilote ou copilote, qui a un compte, écrit la fiche. {NO_PATIENT}"
        )


class FundingForm(HeldRowForm):
    """Whose money, how much, how sure."""

    holder_columns = ("label", "organisation")

    source = LineField(
        label="Enveloppe",
        required=False,
        validators=[at_most(LONGEST_LINE, "Une enveloppe")],
        help_text=f"Par exemple «{NBSP}FIR{NBSP}».",
    )
    year = forms.IntegerField(
        label="Année",
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "number-field"}),
        error_messages={
            "invalid": "Une année s’écrit en quatre chiffres.",
            "min_value": f"L’année va de {FIRST_YEAR} à {LAST_YEAR}.",
            "max_value": f"L’année va de {FIRST_YEAR} à {LAST_YEAR}.",
        },
    )
    amount = AmountField(
        label="Montant en euros",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=f"Par exemple 24{NBSP}000,50. Vide tant qu’il n’est pas connu.",
    )

    class Meta:
        model = FundingLine
        fields = ["source", "year", "amount", "state", "objective"]
        labels = {"state": "État"}

    field_order = ["who", "printed", "source", "year", "amount", "state", "objective"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].label = "Financeur"
        self.fields["who"].help_text = "Une organisation de l’annuaire, ou un texte libre."


class IndicatorForm(RowForm):
    """What is counted, from where, to where."""

    label = LineField(
        label="Indicateur",
        validators=[at_most(LONGEST_INDICATOR, "Un indicateur")],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=NO_PATIENT,
        error_messages={"required": "Dites ce qui est mesuré."},
    )
    value = LineField(
        label="Valeur actuelle", required=False, validators=[at_most(LONGEST_LINE, "Une valeur")]
    )
    target = LineField(
        label="Cible", required=False, validators=[at_most(LONGEST_LINE, "Une cible")]
    )
    target_quarter = forms.TypedChoiceField(
        label="Échéance de la cible", coerce=int, empty_value=None, required=False
    )

    class Meta:
        model = ActionIndicator
        fields = ["kind", "label", "value", "target", "target_quarter", "objective"]
        labels = {"kind": "Nature"}

    field_order = ["label", "kind", "value", "target", "target_quarter", "objective"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarter = cast("forms.TypedChoiceField", self.fields["target_quarter"])
        quarter.choices = [("", "—"), *((q.index, str(q)) for q in self._quarters())]

    def _quarters(self) -> list[Quarter]:
        """Those of the planning and two years more, and the one that is kept."""
        project = self.action.project
        now = Quarter.on(project.territory.today())
        first = project.planning_first or Quarter.of(now.year - 1, 1).index
        last = project.planning_last or Quarter.of(now.year + YEARS_UNKNOWN, 4).index
        last = min(last + QUARTERS_AFTER, Quarter.of(LAST_YEAR, 4).index)
        kept = self.instance.target_quarter
        known = {*span(first, last), *([Quarter(kept)] if kept else [])}
        return sorted(known)


FORMS: Mapping[str, type[RowForm]] = {
    "roles": RoleForm,
    "financement": FundingForm,
    "indicateurs": IndicatorForm,
}
