"""What is typed of a framing letter: its parts, its signature, the means of the framing phase."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.forms import NO_PATIENT, LineField, ParagraphsField, RichTextField
from core.rich_text import words_of
from core.text import NBSP, clean_line
from documents.kinds import PaperForm
from governance.enums import FramingMeans, LetterPart
from governance.models import FramingLetter, LetterSection
from governance.summaries.letters import COLUMNS
from journal.forms import Conflict, TracedForm
from journal.reading import Since
from journal.tracing import TracedModel
from territories.models import Project

BLANK_ROWS = 2
LONGEST_CELL = 400
MOST_ROWS = 60
LONGEST_DURATION = 120


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.label_class = "fw-semibold"
    return helper


class LinesWidget(forms.Textarea):
    """A table of fields over lines whose columns are parted by « | », with a rank to move them."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns

    def render(self, name: str, value: Any, *_attrs: Any, **_options: Any) -> SafeString:
        width = len(self.columns)
        rows = [
            ([cell.strip() for cell in line.split("|")] + [""] * width)[:width]
            for line in str(value or "").splitlines()
        ]
        is_list = not self._is_single
        rows += [[""] * width for _ in range(BLANK_ROWS if is_list or not rows else 0)]
        context = {
            "name": name,
            "columns": self.columns,
            "rows": [list(zip(self.columns, row, strict=True)) for row in rows]
            if is_list
            else rows[:1],
            "is_list": is_list,
            "longest": LONGEST_CELL,
        }
        return SafeString(render_to_string("governance/letters/_lines.html", context))

    @property
    def _is_single(self) -> bool:
        return self.columns == COLUMNS[LetterPart.DURATION]

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> str:
        """The lines as typed, those without any word left out, in the order of their ranks."""
        # A form that comes back with somebody else's lines has them whole.
        if name in data:
            return str(data[name])
        rows: list[tuple[float, int, str]] = []
        count = min(len(data.getlist(f"{name}_0")) if hasattr(data, "getlist") else 0, MOST_ROWS)
        columns = [data.getlist(f"{name}_{rank}") for rank in range(len(self.columns))]
        ranks = data.getlist(f"{name}_rang") if count else []
        for row in range(count):
            cells = [_cell(column[row]) if row < len(column) else "" for column in columns]
            if any(cells):
                rows.append((_rank(ranks, row), row, " | ".join(cells)))
        return "\n".join(line for _, _, line in sorted(rows))

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return name not in data and f"{name}_0" not in data


def _cell(typed: str) -> str:
    return clean_line(typed).replace("|", "/")[:LONGEST_CELL]


def _rank(ranks: list[str], row: int) -> float:
    """Where a row goes; without a number, where it is."""
    try:
        return float(ranks[row].replace(",", "."))
    except (IndexError, ValueError):
        return row + 1


class SectionForm(TracedForm):
    """One part: its text, and its lines when it has some. Costs two queries more on a conflict."""

    text = RichTextField(label="Texte", required=False, help_text=NO_PATIENT)
    lines = ParagraphsField(label="Liste", required=False, max_length=20_000)

    class Meta:
        model = LetterSection
        fields = ["text", "lines"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        part = self.instance.part
        if part in COLUMNS:
            self.fields["lines"].widget = LinesWidget(COLUMNS[part])
            self.fields["lines"].help_text = "" if part == LetterPart.DURATION else _HOW_LINES
        else:
            del self.fields["lines"]

    def clean_lines(self) -> str:
        typed = str(self.cleaned_data["lines"])
        if self.instance.part == LetterPart.DURATION:
            whole = typed.isdigit() and 1 <= int(typed) <= LONGEST_DURATION
            if not whole:
                raise forms.ValidationError(
                    f"La durée est un nombre de mois, de 1 à {LONGEST_DURATION}{NBSP}: 18, par "
                    "exemple."
                )
        return typed

    def _conflict(self, name: str, since: Since, kept: TracedModel) -> Conflict:
        """Both texts are read as words, not as HTML."""
        conflict = super()._conflict(name, since, kept)
        return replace(conflict, theirs=words_of(conflict.theirs)) if name == "text" else conflict


_HOW_LINES = (
    "Changez les numéros pour déplacer une ligne, videz une ligne pour l’enlever, remplissez une "
    "ligne vide pour en ajouter une. Enregistrer en rend deux de plus."
)


class ReopenForm(forms.Form):
    """Why a proposed letter goes back to its writing."""

    reason = LineField(
        label="Motif",
        max_length=300,
        help_text=f"Par exemple, ce qu’un signataire demande de changer. {NO_PATIENT}",
        error_messages={"required": "Dites pourquoi la lettre revient en rédaction."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()


class SignForm(forms.Form):
    """When and where it was signed, and the signed scan."""

    signed_on = forms.DateField(
        label="Date de signature",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": "Donnez la date de signature."},
    )
    place = LineField(
        label="Lieu de signature",
        max_length=120,
        error_messages={"required": "Donnez le lieu de signature."},
    )
    upload = forms.FileField(
        label="Exemplaire signé, en PDF",
        # The service says it in a sentence that names the file.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"required": "Choisissez l’exemplaire signé, numérisé en PDF."},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper()
        self.initial["signed_on"] = today
        self.fields["upload"].help_text = (
            f"{settings.ATTACHMENT_MAX_MB}{NBSP}Mo au plus. Le fichier est gardé avec son empreinte"
            f"{NBSP}: on saura toujours que c’est celui-là."
        )


class ChecksForm(forms.Form):
    """Every « moyen » of the framing phase: settled or not, and a word about it."""

    def __init__(self, *args: Any, lines: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"{line.means}_fait"] = forms.BooleanField(
                label=line.label, required=False, initial=line.is_done
            )
            self.fields[f"{line.means}_mot"] = LineField(
                label=f"Précision{NBSP}: {line.label}",
                required=False,
                max_length=300,
                initial=line.note,
            )

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each box with its word."""
        return [(self[f"{means}_fait"], self[f"{means}_mot"]) for means in FramingMeans.values]

    @property
    def answers(self) -> Mapping[str, tuple[bool, str]]:
        """What was ticked and typed, by means."""
        typed = self.cleaned_data
        return {
            means: (typed[f"{means}_fait"], typed[f"{means}_mot"]) for means in FramingMeans.values
        }


class LetterPaperForm(PaperForm):
    """Which version of the framing letter; the latest unless told otherwise. One query."""

    version = forms.ChoiceField(
        label="Version",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "invalid_choice": "La version %(value)s de la lettre n’existe pas dans ce projet."
        },
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        letters = list(FramingLetter.objects.of(project))
        field: Any = self.fields["version"]
        field.choices = [
            (str(letter.number), f"Version {letter.number}, {letter.get_state_display().lower()}")
            for letter in letters
        ]
        self._latest = str(letters[0].number) if letters else ""
        if not letters:
            self.hint = NO_LETTER

    def clean_version(self) -> str:
        chosen = str(self.cleaned_data["version"] or self._latest)
        if not chosen:
            raise forms.ValidationError(NO_LETTER)
        return chosen


NO_LETTER = (
    "La lettre de cadrage de ce projet n’est pas encore préparée\u00a0: préparez-la depuis sa page."
)
