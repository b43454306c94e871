"""The states of an order, and of what it prints."""

from django.db import models


class DocumentState(models.TextChoices):
    """From the order to the file (`docs/states.md`)."""

    ORDERED = "commande", "En attente"
    RUNNING = "en_cours", "En cours d’impression"
    READY = "pret", "Prêt"
    FAILED = "echec", "Échec"


class Standing(models.TextChoices):
    """What a paper shows of its project: the present state, or one that was frozen.

    Who may read the paper follows from it.
    """

    PRESENT = "courant", "État courant"
    FROZEN = "fige", "État figé"
    OFFICIAL = "officiel", "État officiel"


class Format(models.TextChoices):
    """What a paper is opened with."""

    PDF = "pdf", "PDF"
    WORD = "word", "Word"
    EXCEL = "excel", "Excel"
    ARCHIVE = "archive", "Archive"

    @property
    def suffix(self) -> str:
        """How the name of its file ends."""
        return {
            Format.PDF: "pdf",
            Format.WORD: "docx",
            Format.EXCEL: "xlsx",
            Format.ARCHIVE: "zip",
        }[self]

    @property
    def media_type(self) -> str:
        """What a browser is told of its file."""
        office = "application/vnd.openxmlformats-officedocument"
        return {
            Format.PDF: "application/pdf",
            Format.WORD: f"{office}.wordprocessingml.document",
            Format.EXCEL: f"{office}.spreadsheetml.sheet",
            Format.ARCHIVE: "application/zip",
        }[self]

    @property
    def is_read_in_browser(self) -> bool:
        """The others are taken away, and opened elsewhere."""
        return self == Format.PDF

    @property
    def opening(self) -> str:
        """What the button that gives the file says."""
        return {
            Format.PDF: "Ouvrir le PDF",
            Format.WORD: "Télécharger le fichier Word",
            Format.EXCEL: "Télécharger le classeur Excel",
            Format.ARCHIVE: "Télécharger l’archive",
        }[self]


def format_of_name(name: str) -> Format | None:
    """The format whose files are named so (« livret.docx »); none when no format is."""
    suffix = name.rpartition(".")[2].lower()
    return next((one for one in Format if one.suffix == suffix), None)


SETTLED = frozenset({DocumentState.READY, DocumentState.FAILED})
