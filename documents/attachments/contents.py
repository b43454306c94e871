"""What a file really is, told by its bytes and not by its name.

Names lie by mistake or on purpose: what is kept is what its extension claims, holds no code that
would run on its reader's machine, and opens without a password.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import puremagic

from documents.attachments.names import extension_of

MAX_UNPACKED = 200_000_000
MAX_ENTRIES = 5_000
# The list of a document's parts is some kilobytes long.
MAX_LIST = 1_000_000

ACCEPTED_IN_WORDS = (
    "PDF, images (PNG, JPEG, WebP, GIF), Word (docx), Excel (xlsx), PowerPoint (pptx), "
    "LibreOffice (odt, ods, odp), texte (txt) et CSV"
)
DISGUISED = (
    "n’est pas {label}, malgré son nom\u00a0: son contenu est d’une autre nature. Ouvrez-le avec "
    "le logiciel qui l’a produit, enregistrez-le dans ce format, puis joignez-le de nouveau."
)
PROTECTED = (
    "est protégé par un mot de passe\u00a0: on ne peut pas vérifier ce qu’il contient. "
    "Enregistrez-le sans mot de passe, puis joignez-le de nouveau."
)
MACROS = (
    "contient des macros, un code qui s’exécuterait chez ses lecteurs. Enregistrez-le sans macros "
    "ou en PDF, puis joignez-le de nouveau."
)
SWOLLEN = (
    "est compressé à l’excès\u00a0: une fois ouvert, il occuperait plus de place qu’un document "
    "ordinaire. Allégez-le ou enregistrez-le en PDF, puis joignez-le de nouveau."
)
DAMAGED = (
    "est abîmé\u00a0: son contenu ne se lit pas jusqu’au bout. Vérifiez qu’il s’ouvre chez vous, "
    "enregistrez-le de nouveau, puis joignez-le."
)
NOT_TEXT = (
    "ne se lit pas comme un texte\u00a0: il contient des signes qu’aucun texte ne contient. "
    "Enregistrez-le en texte «\u00a0UTF-8\u00a0», puis joignez-le de nouveau."
)
RUNS_SCRIPTS = (
    "est refusé\u00a0: un fichier .{extension} peut contenir un code qui s’exécuterait chez ses "
    "lecteurs. Enregistrez-le en PDF ou en image PNG, puis joignez-le."
)
UNNAMED_KIND = (
    "n’a pas d’extension (.pdf, .docx…), si bien qu’on ne sait pas ce que c’est. Renommez-le avec "
    "son extension, puis joignez-le de nouveau."
)
UNKNOWN_KIND = (
    "est d’un type qui n’est pas accepté (.{extension}). Types acceptés\u00a0: "
    f"{ACCEPTED_IN_WORDS}. Enregistrez-le dans l’un d’eux, en PDF par exemple."
)
MACRO_EXTENSIONS = {"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm", "ppam"}
SCRIPT_EXTENSIONS = {"svg", "svgz", "htm", "html", "xhtml", "mht", "mhtml", "xml"}


class AttachmentRefused(Exception):
    """It cannot be attached; the message is a French sentence, for the field that it names."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is accepted; `complaint` says in French what is wrong, or nothing."""

    label: str
    media_type: str
    complaint: Callable[["FileKind", bytes], str]

    @property
    def disguised(self) -> str:
        """What to say of another file under its name."""
        return DISGUISED.format(label=self.label)


def kind_of_file(name: str, contents: bytes) -> FileKind:
    """The kind that the name claims and that the bytes confirm; otherwise `AttachmentRefused`."""
    extension = extension_of(name)
    kind = ACCEPTED.get(extension)
    complaint = kind.complaint(kind, contents) if kind else _why_not(extension)
    if kind is None or complaint:
        raise AttachmentRefused(f"«\u00a0{name or 'sans nom'}\u00a0» {complaint}", field="upload")
    return kind


def _why_not(extension: str) -> str:
    if not extension:
        return UNNAMED_KIND
    if extension in MACRO_EXTENSIONS:
        return MACROS
    sentence = RUNS_SCRIPTS if extension in SCRIPT_EXTENSIONS else UNKNOWN_KIND
    return sentence.format(extension=extension)


# --- PDF, pictures, texts -----------------------------------------------------------------------

# Tabulations and line ends aside, no text holds these.
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def _complaint_of_signature(kind: FileKind, contents: bytes) -> str:
    return "" if kind.media_type in _media_types(contents) else kind.disguised


def _complaint_of_text(kind: FileKind, contents: bytes) -> str:
    if CONTROLS.search(contents) or not _is_decoded(contents):
        return NOT_TEXT
    return kind.disguised if SIGNED & _media_types(contents) else ""


def _is_decoded(contents: bytes) -> bool:
    """In the encoding of today's files, or in that of older Windows."""
    for encoding in ("utf-8", "cp1252"):
        try:
            contents.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _media_types(contents: bytes) -> set[str]:
    """What the first bytes can be the beginning of."""
    # It raises for what it does not know, and for what is empty.
    try:
        return {match.mime_type for match in puremagic.magic_string(contents)}
    except (puremagic.PureError, ValueError):
        return set()


# --- Documents that are archives ----------------------------------------------------------------

ARCHIVE = b"PK\x03\x04"
# Office wraps what it encrypts in its older kind of file, in a stream of this name.
OLDER_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
MACRO_PARTS = re.compile(r"vbaproject\.bin\Z|(\A|/)macrosheets/|\A(basic|scripts)/", re.IGNORECASE)
OPENXML = "application/vnd.openxmlformats-officedocument."
OPENDOCUMENT = "application/vnd.oasis.opendocument."


def _complaint_of_archive(
    kind: FileKind,
    contents: bytes,
    *,
    complaint: Callable[[FileKind, zipfile.ZipFile], str],
) -> str:
    if contents.startswith(OLDER_OFFICE) and ENCRYPTED_PACKAGE in contents:
        return PROTECTED
    # An archive may be read from its end: a program before it would pass unseen.
    if not contents.startswith(ARCHIVE):
        return kind.disguised
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            return _complaint_of_parts(archive.infolist()) or complaint(kind, archive)
    except UNREADABLE:
        return DAMAGED


def _complaint_of_parts(parts: list[zipfile.ZipInfo]) -> str:
    """What the list of parts tells, before any of them is unpacked."""
    if len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return SWOLLEN
    if any(part.flag_bits & 0x1 for part in parts):
        return PROTECTED
    if any(MACRO_PARTS.search(part.filename) for part in parts):
        return MACROS
    usual = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    return "" if {part.compress_type for part in parts} <= usual else DAMAGED


def _complaint_of_openxml(kind: FileKind, archive: zipfile.ZipFile) -> str:
    listed = _part(archive, "[Content_Types].xml")
    if b"macroenabled" in listed.lower():
        return MACROS
    return "" if f"{kind.media_type}.main+xml".encode() in listed else kind.disguised


def _complaint_of_opendocument(kind: FileKind, archive: zipfile.ZipFile) -> str:
    if _part(archive, "mimetype").strip() != kind.media_type.encode():
        return kind.disguised
    manifest = _part(archive, "META-INF/manifest.xml")
    return PROTECTED if b"encryption-data" in manifest else ""


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The beginning of one part, or nothing when there is none."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as part:
        return part.read(MAX_LIST)


# --- The list -----------------------------------------------------------------------------------


def _image(media_type: str, label: str) -> FileKind:
    return FileKind(f"une image {label}", media_type, _complaint_of_signature)


def _openxml(media_type: str, label: str) -> FileKind:
    complaint = partial(_complaint_of_archive, complaint=_complaint_of_openxml)
    return FileKind(label, f"{OPENXML}{media_type}", complaint)


def _opendocument(media_type: str, label: str) -> FileKind:
    complaint = partial(_complaint_of_archive, complaint=_complaint_of_opendocument)
    return FileKind(label, f"{OPENDOCUMENT}{media_type}", complaint)


JPEG = _image("image/jpeg", "JPEG")
ACCEPTED = {
    "pdf": FileKind("un PDF", "application/pdf", _complaint_of_signature),
    "png": _image("image/png", "PNG"),
    "jpg": JPEG,
    "jpeg": JPEG,
    "webp": _image("image/webp", "WebP"),
    "gif": _image("image/gif", "GIF"),
    "docx": _openxml("wordprocessingml.document", "un document Word"),
    "xlsx": _openxml("spreadsheetml.sheet", "un classeur Excel"),
    "pptx": _openxml("presentationml.presentation", "une présentation PowerPoint"),
    "odt": _opendocument("text", "un texte LibreOffice"),
    "ods": _opendocument("spreadsheet", "un classeur LibreOffice"),
    "odp": _opendocument("presentation", "une présentation LibreOffice"),
    "txt": FileKind("un fichier de texte", "text/plain", _complaint_of_text),
    "csv": FileKind("un fichier CSV", "text/csv", _complaint_of_text),
}
# Those that browsers draw by themselves: the only ones shown in a page of their own.
SIGNED = frozenset(
    kind.media_type for kind in ACCEPTED.values() if kind.complaint is _complaint_of_signature
)
