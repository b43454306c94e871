"""What the columns of other people's workbooks are, once somebody said so."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from core.text import fold
from journal.tracing import TracedModel
from territories.models import Project


def shape_of(titles: Mapping[str, str]) -> str:
    """What tells one table from another: its titles by letter, in order, wherever they stand."""
    ordered = sorted(titles, key=lambda letter: (len(letter), letter))
    words = "\n".join(fold(titles[letter]) for letter in ordered)
    return hashlib.sha256(words.encode()).hexdigest()


class ShapeField(models.CharField):  # type: ignore[type-arg]
    """The shape of the titles of a row, settled at each save: nobody reads it in a history."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "max_length": 64})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001
        shape = shape_of(model_instance.titles)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, shape)
        return shape


class ColumnMapping(TracedModel):
    """How a workbook designed elsewhere is read, kept for the next one with the same titles.

    Traced as the rest of the roadmap is: what one person forgets was decided by another, and
    comes back as any gesture does. No paper prints it.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="column_mappings", verbose_name="projet"
    )
    shape = ShapeField("forme des titres")
    file_name = models.CharField("classeur", max_length=150)
    # By letter of column.
    titles = models.JSONField("titres")
    # As `import_roadmap --mapping` takes it, and the letters of the columns corrected by hand.
    told = models.JSONField("correspondance")
    decided_at = models.DateTimeField("retenue le", default=timezone.now, editable=False)

    subject_model = "territories.project"
    subject_path = "project_id"

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "shape"],
                name="roadmap_column_mapping_one_shape",
                violation_error_message="Ces titres ont déjà une correspondance.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
