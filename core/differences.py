"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# A word with the blanks that follow it.
WORDS = re.compile(r"\S+\s*|\s+")
# Comparing costs the square of it: beyond, what changed is shown in one piece.
COMPARED_AT_MOST = 400
# What did not change is shown around the changes only.
KEPT_AROUND = 12
LEFT_OUT = "[…] "


@dataclass(frozen=True)
class Piece:
    """Some words that stay, go, or come."""

    kind: Literal["same", "removed", "added"]
    words: str


def word_differences(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts in one; long passages that stay are shortened."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    # Most gestures touch one place of a text: what is around it costs nothing.
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    removed, added = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [Piece("same", "".join(before[:head]))]
    if max(len(removed), len(added)) > COMPARED_AT_MOST:
        found += [Piece("removed", "".join(removed)), Piece("added", "".join(added))]
    else:
        found += _compared(removed, added)
    found.append(Piece("same", "".join(before[len(before) - tail :])))
    pieces = [piece for piece in found if piece.words]
    return tuple(
        _shortened(piece, is_first=rank == 0, is_last=rank == len(pieces) - 1)
        for rank, piece in enumerate(pieces)
    )


def _alike(before: list[str], after: list[str]) -> int:
    """How many words the two begin with."""
    pairs = enumerate(zip(before, after, strict=False))
    differing = (rank for rank, (old, new) in pairs if old != new)
    return next(differing, min(len(before), len(after)))


def _compared(before: list[str], after: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, first, last, start, end in matcher.get_opcodes():
        if operation == "equal":
            yield Piece("same", "".join(before[first:last]))
        else:
            yield Piece("removed", "".join(before[first:last]))
            yield Piece("added", "".join(after[start:end]))


def _shortened(piece: Piece, *, is_first: bool, is_last: bool) -> Piece:
    words = WORDS.findall(piece.words)
    if piece.kind != "same" or len(words) <= 2 * KEPT_AROUND:
        return piece
    head = "" if is_first else "".join(words[:KEPT_AROUND])
    tail = "" if is_last else "".join(words[-KEPT_AROUND:])
    return Piece("same", f"{head}{LEFT_OUT}{tail}")
