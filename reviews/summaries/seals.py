"""One answer: what is seen of it, what it lacks to be validated, what it says in words."""

import hashlib
import json
from collections.abc import Iterator

from core.quarters import Quarter
from core.text import NBSP
from reviews.models import ObjectiveUpdate, Update

SEAL_LENGTH = 16
CONTENT = (
    "state",
    "status",
    "status_reason",
    "weather",
    "done",
    "difficulties",
    "next_steps",
    "help_asked",
)


def seal_of(update: Update) -> str:
    """A short name of what an answer says: it changes with any word of it, and with its state.

    What a page shows and what is validated are the same when their seals are. Expects
    `for_reading()`; no query.
    """
    said = [getattr(update, name) for name in CONTENT]
    said += [
        [line.pk, line.answer, line.slipped_to, line.slip_reason]
        for line in update.objectives.all()
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:SEAL_LENGTH]


def lacks_of(update: Update) -> tuple[str, ...]:
    """Why an answer cannot be validated as it is, in French. Expects `for_reading()`; no query."""
    return tuple(_lacks(update))


def slip_in_words(line: ObjectiveUpdate) -> str:
    """« décalé à T2 2027 : recrutement en cours »."""
    quarter = f" à {Quarter(line.slipped_to)}" if line.slipped_to is not None else ""
    reason = f"{NBSP}: {line.slip_reason}" if line.slip_reason else ""
    return f"décalé{quarter}{reason}"


def _lacks(update: Update) -> Iterator[str]:
    if update.lacks:
        yield f"«{NBSP}{update.get_status_display()}{NBSP}» sans motif"
    for line in update.objectives.all():
        if line.lacks:
            missing = "trimestre" if "slipped_to" in line.lacks else "motif"
            yield f"«{NBSP}{line.printed}{NBSP}» est décalé sans {missing}"
