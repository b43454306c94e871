"""Word: the one place that knows the library, which writes the HTML of a paper as a real file.

The same page that the press lays out as a PDF (`docs/decisions/0014`). The library loads inside
the functions: a web process never pays for it.
"""

from collections.abc import Callable
from importlib.metadata import version

ENGINES = ("lxml",)


def write_word(html: str, *, on_progress: Callable[[int], None] | None = None) -> bytes:
    """The whole file. Equal pages are equal bytes: its dates are the page's own.

    Nothing is fetched, whatever the page addresses. `on_progress` receives rising percentages.
    """
    from documents.word.files import written

    return written(html, on_progress=on_progress)


def engine_version() -> str:
    """Name the libraries whose version can change the written bytes, without loading them."""
    return " / ".join(f"{library} {version(library)}" for library in ENGINES)
