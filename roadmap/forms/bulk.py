"""What is typed to change several sheets at once."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.http import QueryDict

from core.forms import NO_PATIENT, LineField
from core.text import NBSP, clean_line
from journal.forms import TokenField
from roadmap.enums import STATUSES_WITH_REASON, Status
from roadmap.forms.attached import LONGEST_LABEL, entry_named
from roadmap.forms.sections import at_most, paragraphs
from roadmap.models import Axis
from roadmap.services.attached import Directory, Entry
from roadmap.services.bulk import Asked, AxisAsked, PilotAsked

UNCHANGED = ("", "Ne pas changer")
NO_AXIS = "aucun"
FURTHEST = 40
# The base holds no longer key.
LONGEST_KEY = 18
LONGEST_ADDRESS = 2_000
FOR_LEADS = ("pilot_way", "who", "axis")


def chosen_keys(sent: QueryDict) -> list[int]:
    """The sheets that were ticked, or all those that the list showed, or those of the last page."""
    typed = [*sent.getlist("fiche"), *sent.get("fiches", "").split(",")]
    if "toutes" in sent:
        typed += sent.get("affichees", "").split(",")
    return _keys(typed)


def left_out(sent: QueryDict) -> list[int]:
    """Those that the person leaves aside."""
    return _keys(sent.getlist("sans"))


def codes_seen(sent: QueryDict) -> dict[int, str]:
    """What the page announced of each sheet."""
    pairs = (pair.partition(".") for pair in sent.get("seen", "").split(","))
    return {int(key): code for key, _, code in pairs if _is_key(key)}


def drawn_at(sent: QueryDict) -> int | None:
    """The revision at which the page was drawn."""
    typed = sent.get("revision", "")
    return int(typed) if _is_key(typed) else None


def filters_kept(sent: QueryDict) -> str:
    """The filters of the list that one comes from, as its address says them."""
    return QueryDict(sent.get("retour", "")[:LONGEST_ADDRESS]).urlencode()


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_KEY


def _keys(typed: list[str]) -> list[int]:
    return list(dict.fromkeys(int(key) for key in map(clean_line, typed) if _is_key(key)))


class BulkForm(forms.Form):
    """One or several things to change on the sheets chosen; a blank leaves each as it is.

    `leads` tells whether this person composes the roadmap. Costs three queries, none otherwise.
    """

    token = TokenField()
    status = forms.ChoiceField(
        label="Avancement", required=False, choices=[UNCHANGED, *Status.choices]
    )
    reason = paragraphs(
        "Motif",
        "Obligatoire pour suspendre ou abandonner. Une fiche qui reprend perd le sien.",
    )
    pilot_way = forms.ChoiceField(
        label="Pilote",
        required=False,
        choices=[
            UNCHANGED,
            ("ajouter", "Ajouter un pilote"),
            ("remplacer", "Remplacer les pilotes"),
        ],
    )
    who = LineField(
        label="Qui",
        required=False,
        validators=[at_most(LONGEST_LABEL, "Un nom")],
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "id_who_list"}),
        help_text=(
            "Une personne ou une organisation de l’annuaire, ou un texte libre. Une personne "
            f"pilote, qui a un compte, écrit la fiche. {NO_PATIENT}"
        ),
    )
    axis = forms.ChoiceField(
        label="Axe local",
        required=False,
        error_messages={
            "invalid_choice": f"Cet axe a été retiré entre-temps{NBSP}: choisissez-en un autre."
        },
    )
    shift = forms.IntegerField(
        label="Décaler le planning, en trimestres",
        required=False,
        min_value=1,
        max_value=FURTHEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "number-field"}),
        help_text="Tous les trimestres de la fiche se déplacent, avec leur état et leur texte.",
        error_messages={
            "invalid": "Un nombre de trimestres s’écrit en chiffres.",
            "min_value": f"On décale d’un{NBSP}trimestre au moins.",
            "max_value": f"On décale de {FURTHEST}{NBSP}trimestres au plus.",
        },
    )
    shift_way = forms.ChoiceField(
        label="Vers",
        required=False,
        choices=[("tard", "plus tard"), ("tot", "plus tôt")],
    )

    def __init__(
        self, *args: Any, axes: list[Axis], directory: Directory | None, **kwargs: Any
    ) -> None:
        """Without a directory, the person writes what a pilot writes."""
        super().__init__(*args, **kwargs)
        self.axes = {str(axis.pk): axis for axis in axes}
        self.directory = directory
        self._entry: Entry | None = None
        if directory is None:
            for name in FOR_LEADS:
                del self.fields[name]
        elif not axes:
            del self.fields["axis"]
        else:
            named = [(key, str(axis)) for key, axis in self.axes.items()]
            choices = [UNCHANGED, (NO_AXIS, "Aucun axe"), *named]
            cast("forms.ChoiceField", self.fields["axis"]).choices = choices

    @property
    def words_offered(self) -> list[str]:
        """What a list beside « Qui » offers."""
        return self.directory.all_words if self.directory else []

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"]
        if who and self.directory:
            self._entry = entry_named(who, self.directory)
        return who

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        self._check_reason(cleaned)
        self._check_pilot(cleaned)
        if not self.errors and self.asked == Asked():
            raise forms.ValidationError("Choisissez au moins une chose à changer.")
        return cleaned

    def _check_reason(self, cleaned: dict[str, Any]) -> None:
        if "reason" in self.errors or "status" in self.errors:
            return
        if cleaned["status"] in STATUSES_WITH_REASON and not cleaned["reason"]:
            self.add_error(
                "reason",
                f"Une fiche suspendue ou abandonnée dit pourquoi{NBSP}: remplissez le motif.",
            )
        elif cleaned["reason"] and not cleaned["status"]:
            self.add_error("status", "Choisissez aussi l’avancement que ce motif explique.")

    def _check_pilot(self, cleaned: dict[str, Any]) -> None:
        if "who" in self.errors or "pilot_way" in self.errors:
            return
        way, who = cleaned.get("pilot_way"), cleaned.get("who")
        if way and not who:
            self.add_error("who", "Dites qui.")
        if who and not way:
            self.add_error("pilot_way", "Dites si ce pilote s’ajoute aux autres ou les remplace.")

    @property
    def asked(self) -> Asked:
        """What is to be changed; once the form is valid."""
        cleaned = self.cleaned_data
        count = cleaned.get("shift") or 0
        return Asked(
            status=cleaned.get("status", ""),
            reason=cleaned.get("reason", ""),
            pilot=self._pilot(),
            axis=self._axis(),
            quarters=-count if cleaned.get("shift_way") == "tot" else count,
        )

    def _pilot(self) -> PilotAsked | None:
        who, way = self.cleaned_data.get("who"), self.cleaned_data.get("pilot_way")
        if not who or not way:
            return None
        replaces = way == "remplacer"
        if self._entry is None:
            return PilotAsked(who, label=who, replaces=replaces)
        return PilotAsked(
            self._entry.plain,
            organisation=self._entry.organisation,
            person=self._entry.person,
            replaces=replaces,
        )

    def _axis(self) -> AxisAsked | None:
        chosen = self.cleaned_data.get("axis")
        return AxisAsked(self.axes.get(chosen)) if chosen else None

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """What was typed, for the page that only asks to confirm."""
        for name in self.fields:
            yield name, str(self.data.get(name, ""))
