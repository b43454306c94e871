"""Choosing what an agenda item or a decision is about: one list a kind of thing, by `ties`."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms

from accounts.models import User
from governance.services.ties import TieChanges
from governance.ties import Tied, providers
from territories.models import Project

LEFT_OUT = "Une des fiches choisies n’existe plus\u00a0: vérifiez la liste."


class TiesForm(forms.Form):
    """What is tied, ticked; only what was ticked or unticked here is written, whoever else wrote.

    A piece of a page: give it a `prefix` beside another form. One query a provider.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        project: Project,
        reader: User,
        tied: Sequence[Tied] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(cast("Any", data), **kwargs)
        kept = {one.key: one for one in tied}
        for provider in providers():
            offered = {one.key: one for one in provider.choices(project, reader)}
            # What is tied is offered even once it has left the list: it can then be taken away.
            everything = {**{key: kept[key] for key in kept if key not in offered}, **offered}
            self.fields[provider.code] = forms.MultipleChoiceField(
                label=provider.label,
                choices=[(key, one.label) for key, one in everything.items()],
                required=False,
                initial=[key for key in everything if key in kept],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": LEFT_OUT},
            )
            self.fields[f"{provider.code}_was"] = forms.CharField(
                required=False,
                initial=",".join(key for key in everything if key in kept),
                widget=forms.HiddenInput,
            )

    @property
    def changes(self) -> dict[str, TieChanges]:
        """By provider, what was ticked and unticked since the form was drawn; once it is valid."""
        found = {}
        for provider in providers():
            was = set(filter(None, self.cleaned_data[f"{provider.code}_was"].split(",")))
            now = set(self.cleaned_data[provider.code])
            found[provider.code] = TieChanges(add=sorted(now - was), remove=sorted(was - now))
        return found
