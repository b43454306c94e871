"""What an agenda item or a decision is about: upper rooms register what may be tied to them.

Governance knows no sheet and no diagnostic: a room that does keeps the tie by its own foreign key,
registers a provider in `apps.ready()`, and pages, forms and papers of governance list and choose
through it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # A room registers its provider from its `apps.py`, before any model can be imported.
    from accounts.models import User
    from governance.models import AgendaItem, Decision
    from territories.models import Project


@dataclass(frozen=True)
class Tied:
    """One thing that is spoken of: how it is chosen again, what a line says, where it is read."""

    key: str
    label: str
    url: str = ""


# By key of the item or of the decision; what the reader may not see is not there.
TiedByRow = Mapping[int, Sequence[Tied]]


@dataclass(frozen=True)
class TieProvider:
    """One kind of thing that may be tied, and how the room that owns it reads and writes the ties.

    Nobody as a reader is a paper or the operator, who see all; each reading is one query. What
    ties is called inside the gesture of whoever writes: the keys to add, the keys to take away.
    """

    code: str
    # « Fiches action ».
    label: str
    choices: Callable[["Project", "User"], Sequence[Tied]]
    of_items: Callable[[Collection[int], "User | None"], TiedByRow]
    of_decisions: Callable[[Collection[int], "User | None"], TiedByRow]
    tie_item: Callable[["AgendaItem", Collection[str], Collection[str]], None]
    tie_decision: Callable[["Decision", Collection[str], Collection[str]], None]


_PROVIDERS: dict[str, TieProvider] = {}


def register(provider: TieProvider) -> None:
    """Offer a kind of thing to tie; two rooms cannot use one code."""
    if _PROVIDERS.setdefault(provider.code, provider) != provider:
        raise ValueError(f"Two kinds of ties are called {provider.code!r}.")


def providers() -> tuple[TieProvider, ...]:
    """Every kind, in the order in which the rooms registered them."""
    return tuple(_PROVIDERS.values())


def tied_to_items(keys: Collection[int], reader: "User | None") -> dict[int, list[Tied]]:
    """What each of these agenda items is about; one query a provider."""
    return _gathered([provider.of_items(keys, reader) for provider in providers()] if keys else [])


def tied_to_decisions(keys: Collection[int], reader: "User | None") -> dict[int, list[Tied]]:
    """What each of these decisions is about; one query a provider."""
    found = [provider.of_decisions(keys, reader) for provider in providers()] if keys else []
    return _gathered(found)


def _gathered(found: Sequence[TiedByRow]) -> dict[int, list[Tied]]:
    gathered: dict[int, list[Tied]] = {}
    for by_row in found:
        for key, tied in by_row.items():
            gathered.setdefault(key, []).extend(tied)
    return gathered
