"""What is typed of attendance and minutes."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.models import construct_instance

from core.forms import NO_PATIENT, LineField, ParagraphsField
from core.text import grouped
from governance.enums import PRESENCE_OF_REPLY, Presence
from governance.models import AgendaItem, Attendee, Meeting
from journal.forms import Conflict, TokenField, TracedForm

LONGEST_NOTES = 20_000
LONGEST_CORRECTIONS = 4_000


def plain_helper() -> FormHelper:
    """Labels in bold; the page draws the form's own tag and buttons."""
    helper = FormHelper()
    helper.form_tag = False
    helper.label_class = "fw-semibold"
    return helper


def at_most(limit: int, what: str) -> MaxLengthValidator:
    """A limit told with its number, and what to do."""
    return MaxLengthValidator(
        limit,
        f"{what} est trop long\u00a0: au plus {grouped(limit)}\u00a0signes, espaces compris.",
    )


class NotesForm(TracedForm):
    """What the minutes say of one point; saved as it is typed, by several hands."""

    notes = ParagraphsField(
        label="Compte rendu du point",
        required=False,
        validators=[at_most(LONGEST_NOTES, "Ce texte")],
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )

    class Meta:
        model = AgendaItem
        fields = ["notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        item = kwargs["instance"]
        super().__init__(*args, auto_id=f"point-{item.pk}-%s", **kwargs)
        self.fields["notes"].label = f"Compte rendu du point «\u00a0{item}\u00a0»"
        self.fields["notes"].widget.attrs["aria-describedby"] = f"point-{item.pk}-dit"

    def _post_clean(self) -> None:
        """One column: asked of the base, it would be a query a constraint."""
        construct_instance(self, self.instance, self._meta.fields)


class ItemForm(forms.Form):
    """A point that came up in the meeting."""

    token = TokenField()
    title = LineField(
        label="Point ajouté en séance",
        max_length=250,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": "Donnez un titre à ce point."},
    )


class ProposeForm(forms.Form):
    """Whether those convened are told."""

    tells = forms.BooleanField(
        label="Envoyer le compte rendu par courriel aux personnes convoquées",
        required=False,
        help_text="Son texte est dans le courriel\u00a0: qui n’a pas de compte le lit aussi.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ValidateForm(forms.Form):
    """What the meeting that validates says of the minutes before it."""

    corrections = ParagraphsField(
        label="Corrections demandées",
        required=False,
        validators=[at_most(LONGEST_CORRECTIONS, "Ce texte")],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            "Le texte du compte rendu ne change plus\u00a0: les corrections s’impriment en tête. "
            f"{NO_PATIENT}"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class PresenceForm(TracedForm):
    """One person of the list."""

    presence = forms.ChoiceField(choices=Presence.choices, widget=forms.RadioSelect)
    represented_by = LineField(
        label="Représenté par",
        required=False,
        max_length=170,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "noms"}),
    )

    class Meta:
        model = Attendee
        fields = ["presence", "represented_by"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attendee: Attendee = kwargs["instance"]
        kwargs.setdefault("initial", {})
        self.is_expected = (
            attendee.presence == Presence.UNKNOWN and attendee.reply in PRESENCE_OF_REPLY
        )
        if self.is_expected:
            kwargs["initial"] = {"presence": PRESENCE_OF_REPLY[attendee.reply]}
        super().__init__(*args, prefix=f"presence-{attendee.pk}", **kwargs)
        self.fields["presence"].label = f"Présence de {attendee.name}"
        self.fields["represented_by"].label = f"{attendee.name} est représenté par"

    def add_prefix(self, field_name: str) -> str:
        """One revision for the whole page; « theirs_ » stands before the whole name."""
        if field_name == "revision":
            return field_name
        if field_name.startswith("theirs_"):
            return f"theirs_{super().add_prefix(field_name.removeprefix('theirs_'))}"
        return super().add_prefix(field_name)

    def _post_clean(self) -> None:
        """The fields check what the model does; asked of the base, it is a query a constraint."""
        construct_instance(self, self.instance, self._meta.fields)


class AttendanceForm:
    """The whole list: each row meets what others wrote meanwhile (`TracedForm`).

    No query, and two a row when something was written since it was drawn.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        meeting: Meeting,
        attendees: Sequence[Attendee],
    ) -> None:
        self.before = {row.pk: (row.presence, row.represented_by) for row in attendees}
        sent = cast("Any", data)
        self.rows = [
            # Who joined the list after the page was drawn is not in what it sends.
            PresenceForm(
                sent if _is_in(sent, row) else None, instance=row, revision=meeting.revision
            )
            for row in attendees
        ]
        self._sent = [row for row in self.rows if row.is_bound]

    def is_valid(self) -> bool:
        """Every row is looked at, so that everything wrong is told at once."""
        return sum(not row.is_valid() for row in self._sent) == 0

    @property
    def changed(self) -> list[Attendee]:
        """Those of whom something else was typed; once it is valid."""
        found = [cast("Attendee", row.instance) for row in self._sent]
        return [one for one in found if self.before[one.pk] != (one.presence, one.represented_by)]

    @property
    def conflicts(self) -> list[Conflict]:
        """What was written twice."""
        return [conflict for row in self.rows for conflict in row.conflicts]


def _is_in(sent: Any, row: Attendee) -> bool:
    return sent is not None and f"presence-{row.pk}-presence" in sent


class AddAttendeeForm(forms.Form):
    """Somebody who came without being convened."""

    name = LineField(
        label="Nom",
        max_length=170,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "noms"}),
        error_messages={"required": "Donnez le nom de la personne."},
    )
    organisation = LineField(
        label="Organisation (facultatif)",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    capacity = LineField(
        label="Qualité (facultatif)",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "Invité"}),
    )
