"""The choices of a paper, filled in from an address or a command line; what people attach."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from core.forms import LineField
from documents.attachments.contents import ACCEPTED, ACCEPTED_IN_WORDS
from documents.attachments.keeping import BOTH, LINK_LENGTH, NEITHER
from documents.attachments.names import NAME_LENGTH
from documents.enums import Format
from documents.kinds import Kind, PaperForm
from journal.forms import TokenField
from territories.models import Project


class FormatForm(forms.Form):
    """What the paper is given in; nothing to choose, and no field, when there is one format."""

    # Left out, by a page that orders by itself: the first one.
    format = forms.ChoiceField(label="Format", widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.label_class = "fw-semibold"
        self._offered = kind.offered_formats
        if len(self._offered) == 1:
            del self.fields["format"]
        else:
            field = self.fields["format"]
            field.choices = [(one.value, one.label) for one in self._offered]  # type: ignore[attr-defined]
            field.initial = self._offered[0].value

    @property
    def chosen(self) -> Format:
        """What was chosen, once valid."""
        return Format(self.cleaned_data.get("format") or self._offered[0])


def prefilled_form(
    kind: Kind, project: Project, typed: MultiValueDict[str, str], *, reader: User | None
) -> PaperForm:
    """The blank form of a kind, with what an address already chooses: `?number=13`.

    What it does not know is ignored; what it knows badly is said when the form is sent.
    """
    chosen = {
        name: _read(field, typed.getlist(name))
        for name, field in kind.form.base_fields.items()
        if name in typed
    }
    return kind.form(project=project, reader=reader, initial=chosen)


def completed_form(kind: Kind, project: Project, typed: MultiValueDict[str, str]) -> PaperForm:
    """The form as the operator sends it, who left everything else as the page offers it."""
    blank = prefilled_form(kind, project, typed, reader=None)
    answers: MultiValueDict[str, Any] = MultiValueDict()
    for name, field in blank.fields.items():
        offered = blank.get_initial_for_field(field, name)
        if name in typed:
            answers.setlist(name, typed.getlist(name))
        elif offered is not None:
            answers.setlist(name, list(offered) if _takes_several(field) else [offered])
    return kind.form(answers, project=project, reader=None)


def _read(field: forms.Field, texts: list[str]) -> Any:
    if _takes_several(field):
        return texts
    return field.to_python(texts[-1]) if isinstance(field, forms.BooleanField) else texts[-1]


def _takes_several(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField)


class AttachmentForm(forms.Form):
    """A file or a link; an upper room hands `cleaned_data` to `attach` and hangs what it gives.

    Its page sends `multipart/form-data`. A browser never fills a file in again: after a refusal,
    the file is to be chosen once more, and its page says so.
    """

    # Beside the fields: whoever attaches reads it each time.
    hint = (
        "N’ajoutez aucune donnée de patient, même anonyme, ni dans un fichier, ni dans son nom, ni "
        "derrière un lien."
    )
    upload = forms.FileField(
        label="Fichier",
        required=False,
        # The service says it in a sentence that names the file.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in ACCEPTED)}),
    )
    url = forms.CharField(
        label="Ou l’adresse d’une page",
        required=False,
        max_length=LINK_LENGTH,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        help_text="Elle commence par https:// ou http://.",
    )
    name = forms.CharField(
        label="Nom du lien",
        required=False,
        max_length=NAME_LENGTH,
        help_text="Ce que les lecteurs voient. Sans nom, ils voient l’adresse.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.label_class = "fw-semibold"
        limit = settings.ATTACHMENT_MAX_MB
        self.fields[
            "upload"
        ].help_text = (
            f"{limit}\u00a0Mo au plus. Types acceptés\u00a0: {ACCEPTED_IN_WORDS}. {self.hint}"
        )

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("upload") is not None and typed.get("url"):
            self.add_error("upload", BOTH)
        elif typed.get("upload") is None and not typed.get("url") and not self.errors:
            self.add_error("upload", NEITHER)
        return typed


class PinLinkForm(forms.Form):
    """For whom an address of the « livret en vigueur » is made, and for how long it opens."""

    DURATIONS = (
        (30, "Un mois"),
        (92, "Trois mois"),
        (366, "Un an"),
    )

    token = TokenField()
    meant_for = LineField(
        label="Pour qui",
        max_length=100,
        help_text="Pour vous y retrouver\u00a0: «\u00a0Site de l’hôpital\u00a0», «\u00a0Élus du "
        "conseil départemental\u00a0». Les lecteurs ne le voient pas.",
        error_messages={"required": "Dites pour qui est ce lien, en quelques mots."},
    )
    days = forms.TypedChoiceField(
        label="Ouvert pendant",
        coerce=int,
        choices=DURATIONS,
        initial=366,
        error_messages={"invalid_choice": "Choisissez une des durées proposées."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.label_class = "fw-semibold"
