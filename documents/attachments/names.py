"""What an attachment is called, whatever its owner's machine calls it."""

import re
import unicodedata

from core.text import clean_line

NAME_LENGTH = 150
EXTENSION = re.compile(r"\.([a-z0-9]{1,10})\Z", re.IGNORECASE)
# Marks of direction make « exe.pdf » of « fdp.exe »; the others are neither seen nor typed.
INVISIBLE = {"Cc", "Cf", "Cs", "Co"}


def clean_name(given: str) -> str:
    """The name of a file without its folders, invisible signs nor excess; its extension stays."""
    name = shown(re.split(r"[/\\]", given)[-1]).rstrip(". ")
    extension = EXTENSION.search(name)
    if len(name) <= NAME_LENGTH or extension is None:
        return name[:NAME_LENGTH].rstrip(". ")
    stem = name[: extension.start()][: NAME_LENGTH - len(extension[0])]
    return f"{stem.rstrip()}{extension[0]}"


def extension_of(name: str) -> str:
    """« pdf » for « Compte rendu.PDF »; nothing when the name has none, or is nothing else."""
    found = EXTENSION.search(name)
    return found[1].lower() if found and found.start() else ""


def shown(text: str) -> str:
    """One line of the signs that can be seen, composed as keyboards do."""
    composed = unicodedata.normalize("NFC", clean_line(text))
    kept = "".join(char for char in composed if unicodedata.category(char) not in INVISIBLE)
    return clean_line(kept)
