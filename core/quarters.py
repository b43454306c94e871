"""Quarters of the calendar: one integer in the base, « T4 2026 » for the reader.

A quarter is `year * 4 + q - 1` (`decisions.md` 5): the next one is `+ 1`, a span is a `range`,
and the difference of two is a number of quarters.
"""

import datetime as dt
import re
from dataclasses import dataclass

from core.text import NBSP

TYPED_QUARTER = re.compile(r"^\s*(\d{4})\s*-?\s*[TQ]([1-4])\s*$", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of one year; `index` is what the base keeps."""

    index: int

    @classmethod
    def of(cls, year: int, number: int) -> "Quarter":
        """The quarter `number` (1 to 4) of `year`."""
        if not 1 <= number <= 4:
            raise ValueError(f"Un trimestre va de 1 à 4, pas {number}.")
        return cls(year * 4 + number - 1)

    @classmethod
    def on(cls, day: dt.date) -> "Quarter":
        """The quarter in which a day falls."""
        return cls.of(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, typed: str) -> "Quarter":
        """Read « 2026-T4 »; `ValueError` with a French sentence otherwise."""
        found = TYPED_QUARTER.match(typed)
        if found is None:
            raise ValueError(f"« {typed} » n’est pas un trimestre : écrire par exemple 2026-T4.")
        return cls.of(int(found[1]), int(found[2]))

    @property
    def year(self) -> int:
        return self.index // 4

    @property
    def number(self) -> int:
        """1 to 4."""
        return self.index % 4 + 1

    @property
    def code(self) -> str:
        """As typed and kept in addresses: « 2026-T4 »."""
        return f"{self.year}-T{self.number}"

    @property
    def short(self) -> str:
        """Without its year, where the year stands elsewhere: « T4 »."""
        return f"T{self.number}"

    def __str__(self) -> str:
        return f"T{self.number}{NBSP}{self.year}"


def span(first: int, last: int) -> tuple[Quarter, ...]:
    """Every quarter from `first` to `last`, both included."""
    return tuple(Quarter(index) for index in range(first, last + 1))
