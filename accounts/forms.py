"""What people type at the door: allauth's forms in our words, and the opening of an account."""

from collections.abc import Iterable
from typing import Any

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from accounts.models import User

ADDRESS_LENGTH = 254
PASSWORD_LENGTH = 128
DIFFERENT_PASSWORDS = "Les deux mots de passe sont différents : tapez deux fois le même."


def _fields_only() -> FormHelper:
    """The page draws the form element and its button; crispy draws the fields."""
    helper = FormHelper()
    helper.form_tag = False
    return helper


def _name(form: forms.Form, field: str, label: str, help_text: str = "") -> None:
    """Our label in place of allauth's, and no placeholder, which is not a label."""
    named = form.fields[field]
    named.label, named.help_text = label, help_text
    named.widget.attrs.pop("placeholder", None)


def _bound(form: forms.Form, fields: Iterable[str], length: int) -> None:
    """Refuse with a sentence what no column nor hash should be given."""
    for field in fields:
        typed = form.fields[field]
        if isinstance(typed, forms.CharField):
            typed.max_length = length
            typed.validators.append(MaxLengthValidator(length))


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _fields_only()
        _name(self, "login", "Adresse électronique")
        _name(self, "password", "Mot de passe")
        _name(self, "remember", "Rester connecté sur cet appareil")
        _bound(self, ["login"], ADDRESS_LENGTH)
        _bound(self, ["password"], PASSWORD_LENGTH)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ForgottenPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address to which a link is sent, if it is an account's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _fields_only()
        _name(self, "email", "Adresse électronique")
        _bound(self, ["email"], ADDRESS_LENGTH)


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The password that replaces a forgotten one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _fields_only()
        _name(self, "password1", "Nouveau mot de passe", password_validators_help_text_html())
        _name(self, "password2", "Le même, une seconde fois")
        _bound(self, ["password1", "password2"], PASSWORD_LENGTH)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """A new password, with the present one as proof."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _fields_only()
        _name(self, "oldpassword", "Mot de passe actuel")
        _name(self, "password1", "Nouveau mot de passe", password_validators_help_text_html())
        _name(self, "password2", "Le nouveau, une seconde fois")
        _bound(self, ["oldpassword", "password1", "password2"], PASSWORD_LENGTH)


class AcceptInvitationForm(forms.Form):
    """Who the invited person is, and the password that opens the account."""

    # Shown so that a password manager files the password under it; what comes back is ignored.
    email = forms.CharField(
        label="Adresse électronique",
        required=False,
        widget=forms.EmailInput(attrs={"readonly": True, "autocomplete": "username"}),
    )
    first_name = forms.CharField(
        label="Prénom",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Nom",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password1 = forms.CharField(
        label="Mot de passe",
        strip=False,
        max_length=PASSWORD_LENGTH,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        max_length=PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _fields_only()
        self.address = email
        self.initial["email"] = email

    def clean(self) -> dict[str, Any]:
        """The two passwords are one, and the validators accept it for that person."""
        typed = super().clean() or {}
        first, second = typed.get("password1"), typed.get("password2")
        if not first or not second:
            return typed
        if first != second:
            self.add_error("password2", DIFFERENT_PASSWORDS)
            return typed
        person = User(
            email=self.address,
            first_name=typed.get("first_name", ""),
            last_name=typed.get("last_name", ""),
        )
        try:
            validate_password(first, person)
        except ValidationError as refusal:
            self.add_error("password1", refusal)
        return typed
