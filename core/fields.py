"""Model fields that several rooms share."""

from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from core.quarters import Quarter
from core.text import fold


class QuarterField(models.IntegerField):  # type: ignore[type-arg]
    """A quarter kept as `year * 4 + q - 1` (`core.quarters`), from 1990 to 2099."""

    default_validators = [
        MinValueValidator(Quarter.of(1990, 1).index),
        MaxValueValidator(Quarter.of(2099, 4).index),
    ]
    description = "Trimestre"


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The words of other fields of the row, folded for search; written at each save.

    Not written by `update()` nor by `bulk_update()`: give it the row itself.
    """

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of = of
        kwargs.update(editable=False, blank=True, default="")
        kwargs.setdefault("verbose_name", "texte de recherche")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for kept_here in ("editable", "blank", "default"):
            kwargs.pop(kept_here, None)
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001
        words = (str(getattr(model_instance, name) or "") for name in self.of)
        folded = fold(" ".join(words))
        setattr(model_instance, self.attname, folded)
        return folded


class FoldedModel(models.Model):
    """A row that never saves words without the search text made of them."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            saved = set(update_fields)
            update_fields = saved | {
                field.name
                for field in self._meta.concrete_fields
                if isinstance(field, FoldedField) and saved.intersection(field.of)
            }
        super().save(*args, update_fields=update_fields, **kwargs)
