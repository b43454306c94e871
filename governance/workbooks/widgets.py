"""How a value of the directory is shown in a cell, and read from one.

`clean` raises `ValueError` with a sentence that goes on after « Adresse électronique : ».
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import TextChoices
from import_export.widgets import Widget

from core.text import NBSP, clean_line, clean_paragraphs, fold, grouped

DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?")
FIRST_YEAR, LAST_YEAR = 1900, 2099
NEAR = 0.6


def text_of(value: Any) -> str:
    """A cell as a text: a number as people write it, nothing for an empty one."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value)


def nearest(typed: str, known: Iterable[str]) -> str:
    """« ; le plus proche est « CH du Val » », or nothing when none is near."""
    by_folded = {fold(one): one for one in known}
    found = difflib.get_close_matches(fold(typed), list(by_folded), 1, NEAR)
    return f"{NBSP}; le plus proche est «{NBSP}{by_folded[found[0]]}{NBSP}»" if found else ""


class FrenchWidget(Widget):  # type: ignore[misc]
    """The least: a value shown as it is, read as it is."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:  # noqa: ARG002
        return self.read(value)

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:  # noqa: ARG002
        return self.shown(value)

    def read(self, value: Any) -> Any:
        return value

    def shown(self, value: Any) -> Any:
        return "" if value is None else value


class LineWidget(FrenchWidget):
    """One line of text, no longer than its field."""

    settle = staticmethod(clean_line)

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def read(self, value: Any) -> str:
        text = self.settle(text_of(value))
        if len(text) > self.longest:
            raise ValueError(
                f"ce texte a {grouped(len(text))} caractères, et il en tient "
                f"{grouped(self.longest)}{NBSP}: raccourcissez-le."
            )
        return text


class ParagraphsWidget(LineWidget):
    """A text of several lines."""

    settle = staticmethod(clean_paragraphs)


class EmailWidget(LineWidget):
    """An address to write to."""

    def read(self, value: Any) -> str:
        text = super().read(value)
        try:
            if text:
                validate_email(text)
        except ValidationError as error:
            raise ValueError(
                f"«{NBSP}{text}{NBSP}» n’est pas une adresse électronique{NBSP}: écrivez par "
                "exemple prenom.nom@exemple.fr."
            ) from error
        return text


class SiteWidget(LineWidget):
    """The address of a site."""

    def read(self, value: Any) -> str:
        text = super().read(value)
        if not text:
            return ""
        whole = text if "://" in text else f"https://{text}"
        try:
            URLValidator(schemes=["http", "https"])(whole)
        except ValidationError as error:
            raise ValueError(
                f"«{NBSP}{text}{NBSP}» n’est pas l’adresse d’un site{NBSP}: écrivez par exemple "
                "https://www.exemple.fr."
            ) from error
        return whole


class DayWidget(FrenchWidget):
    """« 05/01/2026 »."""

    def read(self, value: Any) -> dt.date | None:
        text = clean_line(text_of(value))
        if not text:
            return None
        french, iso = DAY.fullmatch(text), ISO_DAY.fullmatch(text)
        parts = (
            [int(french[3]), int(french[2]), int(french[1])]
            if french
            else [int(part) for part in iso.groups()]
            if iso
            else []
        )
        try:
            day = dt.date(*parts)
        except (TypeError, ValueError):
            day = dt.date.min
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(
                f"«{NBSP}{text}{NBSP}» n’est pas une date possible{NBSP}: écrivez par exemple "
                "05/01/2026."
            )
        return day

    def shown(self, value: Any) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


class ChoiceWidget(FrenchWidget):
    """One of the words of an enumeration."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.words = {str(value): str(label) for value, label in choices.choices}

    def read(self, value: Any) -> str:
        text = clean_line(text_of(value))
        for code, words in self.words.items():
            if fold(text) == fold(words):
                return code
        if not text:
            return ""
        near = nearest(text, self.words.values())
        known = "" if near else f"{NBSP}; choix possibles{NBSP}: {', '.join(self.words.values())}"
        raise ValueError(f"«{NBSP}{text}{NBSP}» n’existe pas{near or known}.")

    def shown(self, value: Any) -> str:
        return self.words.get(str(value), "")


class KeyWidget(FrenchWidget):
    """By what a row that is there is known."""

    def read(self, value: Any) -> int | None:
        text = clean_line(text_of(value))
        if not text:
            return None
        if not text.isdecimal() or len(text) > 16:
            raise ValueError(f"«{NBSP}{text}{NBSP}» n’est pas une clé{NBSP}: ne la changez pas.")
        return int(text)
