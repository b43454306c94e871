"""Rules of a row, written once and read in French by whoever breaks them."""

from django.db import models
from django.db.models import F, Q


def in_order(name: str, first: str, last: str, sentence: str) -> models.CheckConstraint:
    """`last` never before `first`; either may be unknown."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": F(first)}),
        violation_error_message=sentence,
    )


def one_of(
    name: str, field: str, choices: type[models.TextChoices], label: str
) -> models.CheckConstraint:
    """The base itself refuses a code that is not on the list."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": choices.values}),
        violation_error_message=f"Ce choix n’existe pas pour « {label} ».",
    )
