"""Whom one invites into a territory, and as what."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from territories.enums import Role

ROLES_IN_WORDS = {
    Role.MEMBER: "lit tout ce qui concerne le territoire",
    Role.PILOT: "écrit aussi les fiches action qui lui sont confiées",
    Role.TERRITORY_LEAD: "écrit tout, gère les comptes",
    Role.GUEST: "lit la version officielle et ses documents",
}


class ChangeRoleForm(forms.Form):
    """Another role, and the one that the page showed."""

    role = forms.TypedChoiceField(
        label="Rôle", coerce=Role, choices=[(role, role.label) for role in ROLES_IN_WORDS]
    )
    was = forms.TypedChoiceField(
        label="Rôle affiché", coerce=Role, choices=[(role, role.label) for role in ROLES_IN_WORDS]
    )


class InviteMemberForm(forms.Form):
    """An address and a role of the territory."""

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="C’est avec elle que la personne se connectera.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.TypedChoiceField(
        label="Rôle",
        coerce=Role,
        choices=[(role, f"{role.label} : {words}") for role, words in ROLES_IN_WORDS.items()],
        initial=Role.MEMBER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
