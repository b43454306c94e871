"""The kind « essai »: what the press prints when the tests look at the press and not at a paper."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms

from accounts.models import User
from documents.kinds import Kind, PaperForm, PaperRefused
from territories.models import Project

PARTS = [("resume", "Le résumé"), ("planning", "Le planning")]
MISSING = 404


class EssaiForm(PaperForm):
    """A number to choose, and parts to keep."""

    number = forms.IntegerField(label="Numéro", help_text="Numéro de l’essai.")
    part = forms.MultipleChoiceField(
        label="Parties",
        choices=PARTS,
        initial=[code for code, _ in PARTS],
        widget=forms.CheckboxSelectMultiple,
    )
    is_draft = forms.BooleanField(label="Brouillon", required=False)


@dataclass(frozen=True)
class Heading:
    """What the paper says first."""

    title: str
    place: str


def pause() -> None:
    """Wait while the file named by `PRESS_HOLD` exists: how a test catches a worker at work."""
    hold = os.environ.get("PRESS_HOLD")
    while hold and Path(hold).exists():
        time.sleep(0.02)


def context(project: Project, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The title of the project and the choices; number 404 does not exist."""
    if parameters["number"] == MISSING:
        raise PaperRefused("L’essai n°\u00a0404 n’existe pas.")
    pause()
    return {"heading": Heading(project.title, project.territory.name), "choices": parameters}


def title(project: Project, parameters: Mapping[str, Any]) -> str:
    return f"Essai n°\u00a0{parameters['number']}, {project.territory.name}"


def may_order(user: User, project: Project) -> bool:
    """Everybody who reads the project, but those whom a test calls Bruno."""
    is_reader = Project.objects.visible_to(user).filter(pk=project.pk).exists()
    return is_reader and user.first_name != "Bruno"


ESSAI = Kind(
    code="essai",
    label="Essai de presse",
    description="Une page pour éprouver la presse.",
    template="press/essai.html",
    context=context,
    title=title,
    may_order=may_order,
    form=EssaiForm,
    stylesheets=(),
)
CHOICES: dict[str, Any] = {"number": 1, "part": ["resume", "planning"], "is_draft": False}
