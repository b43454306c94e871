"""A JSON file read with its addresses, so that a refusal names the place of the mistake."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from core.quarters import Quarter
from roadmap.services import RoadmapRefused

Kind = TypeVar("Kind", str, int, bool)


class Node:
    """A value of the file and its address; every reading of another type is refused in French."""

    def __init__(self, value: object, place: str) -> None:
        self.value = value
        self.place = place

    def __getitem__(self, key: str) -> "Node":
        """What must be there."""
        found = self.optional(key)
        if found is None:
            raise self.refused(f"il manque «\u00a0{key}\u00a0»")
        return found

    def __iter__(self) -> Iterator["Node"]:
        """The values of a list."""
        if not isinstance(self.value, list):
            raise self.refused("une liste est attendue")
        return (
            Node(value, f"{self.place}[{rank}]") for rank, value in enumerate(self.value, start=1)
        )

    def optional(self, key: str) -> "Node | None":
        """What may be absent or null."""
        if not isinstance(self.value, dict):
            raise self.refused("un objet est attendu")
        value = self.value.get(key)
        return None if value is None else Node(value, f"{self.place}, {key}")

    def each(self, key: str) -> Iterator["Node"]:
        """The values of a list that may be absent."""
        found = self.optional(key)
        return iter(()) if found is None else iter(found)

    @property
    def text(self) -> str:
        return self._of(str, "un texte est attendu")

    @property
    def number(self) -> int:
        return self._of(int, "un nombre entier est attendu")

    @property
    def flag(self) -> bool:
        return self._of(bool, "vrai ou faux est attendu")

    @property
    def quarter(self) -> int:
        """« 2019-T1 », as the base keeps it."""
        try:
            return Quarter.parse(self.text).index
        except ValueError as error:
            raise self.refused(str(error).rstrip(".")) from error

    def optional_text(self, key: str) -> str:
        found = self.optional(key)
        return "" if found is None else found.text

    def optional_number(self, key: str) -> int | None:
        found = self.optional(key)
        return None if found is None else found.number

    def refused(self, why: str) -> RoadmapRefused:
        """The sentence for the reader, with the place."""
        return RoadmapRefused(f"{self.place}\u00a0: {why}.")

    def _of(self, kind: type[Kind], why: str) -> Kind:
        # In Python a boolean is a number; in a file it is a mistake.
        if not isinstance(self.value, kind) or isinstance(self.value, bool) is not (kind is bool):
            raise self.refused(why)
        return self.value


def read_json(path: Path) -> Node:
    """The whole file; `RoadmapRefused` when it is absent or broken."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RoadmapRefused(f"Le fichier {path.name} ne se laisse pas lire.") from error
    try:
        return Node(json.loads(content), path.name)
    except ValueError as error:
        raise RoadmapRefused(f"Le fichier {path.name} n’est pas du JSON valide.") from error
