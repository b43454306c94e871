"""Is this really a workbook, and one that can be opened without harm? Told by its bytes."""

import re
import struct
import zipfile
import zlib
from io import BytesIO

from core.text import NBSP, grouped

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
# A workbook of twenty thousand full rows unpacks to far less.
MOST_UNPACKED = 100_000_000
MOST_PARTS = 2_000
# Ordinary workbooks shrink ten to forty times; small ones may be all repetition.
MOST_SHRUNK = 150
SMALL = 5_000_000

ARCHIVE = b"PK\x03\x04"
OLDER_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# A declaration and remarks, then the first element: nothing that declares entities.
STARTS_WELL = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?(\s|<!--.*?-->)*<[a-z]", re.IGNORECASE | re.DOTALL
)
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_TYPE = b"spreadsheetml.sheet.main+xml"

SAVE_AS_XLSX = (
    f"Enregistrez-le au format «{NBSP}Classeur Excel (.xlsx){NBSP}», puis envoyez-le de nouveau."
)
NOT_A_WORKBOOK = f"n’est pas un classeur Excel (.xlsx). {SAVE_AS_XLSX}"
OPENDOCUMENT = f"est un classeur LibreOffice (.ods). {SAVE_AS_XLSX}"
OLDER = f"est un classeur Excel d’un ancien format (.xls). {SAVE_AS_XLSX}"
PROTECTED = (
    "est protégé par un mot de passe\u00a0: on ne peut pas le lire. Enregistrez-le sans mot de "
    "passe, puis envoyez-le de nouveau."
)
MACROS = f"contient des macros, un code qui s’exécuterait chez ses lecteurs. {SAVE_AS_XLSX}"
DAMAGED = (
    "est abîmé\u00a0: son contenu ne se lit pas jusqu’au bout. Ouvrez-le, enregistrez-le de "
    "nouveau au format .xlsx, puis renvoyez-le."
)
SWOLLEN = (
    "est compressé à l’excès\u00a0: une fois ouvert, il prendrait plus de place qu’un classeur "
    "ordinaire. Repartez d’un fichier exporté et recopiez-y vos lignes."
)
EMPTY = "est vide\u00a0: il n’y a rien à lire. Vérifiez qu’il s’ouvre chez vous."
TOO_BIG = (
    f"dépasse {MOST_BYTES // 1_000_000}{NBSP}Mo, la taille permise. Retirez les images et les "
    "feuilles ajoutées, ou envoyez-le en plusieurs fois."
)
TOO_LONG = (
    f"a plus de {grouped(MOST_ROWS)}{NBSP}lignes, le nombre permis. Envoyez-le en plusieurs fois."
)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
)


class WorkbookRefused(Exception):
    """A file that is not read; the message is a French sentence for whoever sent it."""


def refused(name: str, complaint: str) -> WorkbookRefused:
    """« « plan.xlsx » est vide : … »."""
    return WorkbookRefused(f"«{NBSP}{name or 'sans nom'}{NBSP}» {complaint}")


def check_contents(name: str, contents: bytes) -> None:
    """Refuse what is not an ordinary workbook before any of it is parsed: `WorkbookRefused`."""
    if complaint := _complaint(contents):
        raise refused(name, complaint)


def _complaint(contents: bytes) -> str:
    if len(contents) > MOST_BYTES:
        return TOO_BIG
    if not contents:
        return EMPTY
    if contents.startswith(OLDER_OFFICE):
        return PROTECTED if ENCRYPTED_PACKAGE in contents else _of_older_office(contents)
    # An archive may be read from its end: a program before it would pass unseen.
    if not contents.startswith(ARCHIVE):
        return NOT_A_WORKBOOK
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            return _of_parts(archive.infolist()) or _of_kind(archive) or _of_texts(archive)
    except UNREADABLE:
        return DAMAGED


def _of_older_office(contents: bytes) -> str:
    """A workbook of before 2007, or another document of that time."""
    is_a_workbook = any(
        stream.encode("utf-16-le") in contents for stream in ("Workbook\0", "Book\0")
    )
    return OLDER if is_a_workbook else NOT_A_WORKBOOK


def _of_parts(parts: list[zipfile.ZipInfo]) -> str:
    """What the list of parts tells, before any of them is unpacked."""
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        return SWOLLEN
    if unpacked > SMALL and unpacked > packed * MOST_SHRUNK:
        return SWOLLEN
    if any(part.flag_bits & 0x1 for part in parts):
        return PROTECTED
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        return MACROS
    return DAMAGED if len(set(names)) != len(names) else ""


def _of_kind(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if "mimetype" in names:
        is_a_workbook = b"opendocument.spreadsheet" in archive.read("mimetype")
        return OPENDOCUMENT if is_a_workbook else NOT_A_WORKBOOK
    if CONTENT_TYPES not in names:
        return NOT_A_WORKBOOK
    listed = archive.read(CONTENT_TYPES)
    if b"macroenabled" in listed.lower():
        return MACROS
    return "" if WORKBOOK_TYPE in listed else NOT_A_WORKBOOK


def _of_texts(archive: zipfile.ZipFile) -> str:
    """No part declares entities, by which a few bytes could grow without end."""
    for part in archive.infolist():
        if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(part) as opened:
            start = opened.read(4_096)
        if start and not STARTS_WELL.match(start):
            return DAMAGED
    return ""
