"""Takes in what people attach, and lets go of what nothing points to any more."""

import datetime as dt
import functools
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import URLValidator
from django.db import transaction

from accounts.models import User
from documents.attachments.contents import AttachmentRefused, kind_of_file
from documents.attachments.names import NAME_LENGTH, clean_name, shown
from documents.models import Attachment

if TYPE_CHECKING:
    # Generic for the type checker alone.
    from django.core.files.uploadedfile import UploadedFile

LINK_LENGTH = 2000
KEPT_UNUSED = dt.timedelta(days=30)

BOTH = "Joignez un fichier ou un lien, l’un après l’autre\u00a0: rien n’a été joint."
NEITHER = "Choisissez un fichier, ou donnez l’adresse d’une page."
EMPTY = (
    "est vide\u00a0: il n’y a rien à joindre. Vérifiez qu’il s’ouvre chez vous, puis joignez-le de "
    "nouveau."
)
TOO_BIG = (
    "dépasse {limit}\u00a0Mo, la taille permise. Allégez-le (images plus petites, PDF compressé), "
    "ou joignez un lien vers l’endroit où il se trouve."
)
NOT_OF_THE_WEB = (
    "Un lien commence par https:// ou http://. Ouvrez la page dans votre navigateur et copiez son "
    "adresse entière."
)
NOT_AN_ADDRESS = (
    "Cette adresse ne mène nulle part\u00a0: elle est incomplète ou mal écrite. Ouvrez la page "
    "dans votre navigateur et copiez son adresse entière."
)
NAMES_AN_ACCOUNT = (
    "Cette adresse contient un identifiant ou un mot de passe, avant le signe @\u00a0: ses "
    "lecteurs le verraient. Retirez-le, et gardez la suite de l’adresse."
)
LONG_ADDRESS = (
    f"Cette adresse dépasse {LINK_LENGTH} signes. Cherchez sur le site une adresse plus courte, "
    "souvent sous «\u00a0Partager\u00a0»."
)


def attach(
    *, upload: "UploadedFile[bytes] | None", url: str, name: str, by: User | None, signed: str = ""
) -> Attachment:
    """What the form of attachments holds: a file or a link. `AttachmentRefused` says what to do.

    `signed` names whoever has no account.
    """
    if upload is not None and url:
        raise AttachmentRefused(BOTH, field="upload")
    if upload is not None:
        return attach_file(upload=upload, by=by, signed=signed)
    if url:
        return attach_link(url=url, name=name, by=by, signed=signed)
    raise AttachmentRefused(NEITHER, field="upload")


@transaction.atomic
def attach_file(*, upload: "UploadedFile[bytes]", by: User | None, signed: str = "") -> Attachment:
    """Keep a file, once its bytes are seen to be what its name claims. One query.

    `AttachmentRefused` says in French what is wrong and what to do. A caller whose transaction is
    rolled back leaves the file without its row, which is harmless.
    """
    name = clean_name(upload.name or "")
    contents = _contents(upload, name)
    kind = kind_of_file(name, contents)
    return Attachment.objects.create(
        file=ContentFile(contents, name=name),
        name=name,
        media_type=kind.media_type,
        size=len(contents),
        sha256=hashlib.sha256(contents).hexdigest(),
        added_by=by,
        author=_author(by, signed),
    )


@transaction.atomic
def attach_link(*, url: str, name: str, by: User | None, signed: str = "") -> Attachment:
    """Keep the address of a page, under a name or under its own. One query.

    `AttachmentRefused` says in French what is wrong and what to do.
    """
    address = _checked(url.strip())
    bare = re.sub(r"\Ahttps?://(www\.)?", "", address).rstrip("/")
    return Attachment.objects.create(
        url=address,
        name=(shown(name) or shown(bare))[:NAME_LENGTH].rstrip(),
        added_by=by,
        author=_author(by, signed),
    )


def _author(by: User | None, signed: str) -> str:
    """What pages say of whoever attached it; a longer name is cut."""
    length = Attachment._meta.get_field("author").max_length
    return (by.get_full_name() if by else signed)[:length]


def _contents(upload: "UploadedFile[bytes]", name: str) -> bytes:
    """The whole file, of which no more is read than is permitted."""
    limit = settings.ATTACHMENT_MAX_MB * 1_000_000
    upload.seek(0)
    contents: bytes = upload.read(limit + 1)
    complaint = EMPTY if not contents else TOO_BIG if len(contents) > limit else ""
    if complaint:
        said = complaint.format(limit=settings.ATTACHMENT_MAX_MB)
        raise AttachmentRefused(f"«\u00a0{name or 'sans nom'}\u00a0» {said}", field="upload")
    return contents


def _checked(address: str) -> str:
    """The address with its scheme in small letters, if a browser can be sent there."""
    scheme, separator, rest = address.partition("://")
    if not separator or scheme.lower() not in {"http", "https"}:
        raise AttachmentRefused(NOT_OF_THE_WEB, field="url")
    address = f"{scheme.lower()}://{rest}"
    if len(address) > LINK_LENGTH:
        raise AttachmentRefused(LONG_ADDRESS, field="url")
    try:
        if "@" in urlsplit(address).netloc:
            raise AttachmentRefused(NAMES_AN_ACCOUNT, field="url")
        URLValidator(schemes=["http", "https"])(address)
    except (ValidationError, ValueError) as wrong:
        raise AttachmentRefused(NOT_AN_ADDRESS, field="url") from wrong
    return address


def sweep_attachments(*, at: dt.datetime) -> int:
    """Remove what nothing has pointed to for thirty days, with its file; says how many.

    What is taken down can be put back until then. Harmless to repeat: three queries, and four for
    each one removed.
    """
    everything = Attachment.objects.all()
    everything.used().exclude(unused_since=None).update(unused_since=None)
    everything.unused().filter(unused_since=None).update(unused_since=at)
    due = everything.filter(unused_since__lte=at - KEPT_UNUSED).order_by("pk")
    return sum(_remove_if_unused(pk) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _remove_if_unused(pk: int) -> bool:
    """Whoever hangs it at this moment waits for the row, or is seen."""
    locked = Attachment.objects.select_for_update().filter(pk=pk).first()
    if locked is None or not Attachment.objects.unused().filter(pk=pk).exists():
        return False
    kept = locked.file
    locked.delete()
    if kept.name:
        transaction.on_commit(functools.partial(kept.storage.delete, kept.name))
    return True
