"""What decides how a paper looks: its templates, stylesheets and fonts, our code, the engine."""

import functools
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import get_template

from documents import printing
from documents.kinds import Kind, all_kinds

STATIC_ADDRESS = re.compile(r"""static:([^\s"'){}]+)""")


def learn_looks() -> None:
    """Read once what decides how papers look (about 100 ms), before anybody orders one."""
    for kind in all_kinds():
        look_of(kind)


def look_of(kind: Kind) -> str:
    """The digest of the kind's templates, stylesheets and fonts, of our code and of the engine."""
    return _digest_of_look(kind) if settings.DEBUG else _settled_look_of(kind)


@functools.cache
def _settled_look_of(kind: Kind) -> str:
    return _digest_of_look(kind)


def _digest_of_look(kind: Kind) -> str:
    digest = hashlib.sha256(printing.engine_version().encode())
    templates = _templates_of(kind)
    pieces = {**_code(), **templates, **_static_files(kind, templates.values())}
    for name in sorted(pieces):
        content = pieces[name]
        digest.update(f"\n{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _templates_of(kind: Kind) -> dict[str, bytes]:
    """Everything in the folder of the kind's template, and in the `print` folders it extends."""
    if not kind.template:
        return {}
    origin = Path(get_template(kind.template).origin.name)  # type: ignore[attr-defined]
    own = PurePosixPath(kind.template).parent
    pieces = _contents(origin.parent, f"template:{own}", "*.html")
    for folder in engines["django"].template_dirs:
        pieces |= _contents(Path(folder, "print"), "template:print", "*.html")
    return pieces


def _code() -> dict[str, bytes]:
    """Our own rooms: a correction of what they write must not find yesterday's file."""
    rooms = [Path(config.path) for config in apps.get_app_configs()]
    pieces: dict[str, bytes] = {}
    for room in rooms:
        if room.parent == settings.BASE_DIR:
            pieces |= _contents(room, f"code:{room.name}", "*.py")
    return pieces


def _contents(folder: Path, label: str, pattern: str) -> dict[str, bytes]:
    return {
        f"{label}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob(pattern)
    }


def _static_files(kind: Kind, templates: Iterable[bytes]) -> dict[str, bytes]:
    """The stylesheets, and whatever they and the templates name in turn: fonts, pictures.

    A name that leads nowhere is left to the engine, which refuses to print without it.
    """
    awaited = [*kind.stylesheets]
    for template in templates:
        awaited += _addresses_in(template)
    pieces: dict[str, bytes] = {}
    while awaited:
        name = awaited.pop()
        path = finders.find(name)
        if path is None or f"static:{name}" in pieces:
            continue
        pieces[f"static:{name}"] = content = Path(path).read_bytes()
        if name.endswith(".css"):
            awaited += _addresses_in(content)
    return pieces


def _addresses_in(content: bytes) -> list[str]:
    return [unquote(name) for name in STATIC_ADDRESS.findall(content.decode(errors="replace"))]
