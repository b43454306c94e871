"""The user guide: the French pages of `docs/guide/`, read in the application as « Aide ».

The same files are read on the repository's own site, so that links are between files
(`imprimer.md`) and pictures in a folder (`images/liste.png`): both are re-addressed here.
"""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

FIRST_PAGE = "index"
LINK_TO_PAGE = re.compile(r"^([a-z0-9-]+)\.md(#.*)?$")


@dataclass(frozen=True)
class GuidePage:
    """One page of the guide, ready to be shown."""

    slug: str
    title: str
    html: SafeString

    @property
    def url(self) -> str:
        return page_url(self.slug)


def page_url(slug: str) -> str:
    """Where the application shows a page."""
    if slug == FIRST_PAGE:
        return reverse("core:help")
    return reverse("core:help_page", args=[slug])


@cache
def pages() -> dict[str, GuidePage]:
    """Every page by its slug, in the order of the first page's links; read once a process."""
    folder = Path(settings.GUIDE_DIR)
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.md"))}
    first_page = (folder / f"{FIRST_PAGE}.md").read_text(encoding="utf-8")
    listed = re.findall(r"\]\(([a-z0-9-]+)\.md\)", first_page)
    ordered = dict.fromkeys([FIRST_PAGE, *listed, *found])
    return {slug: found[slug] for slug in ordered if slug in found}


def _read(path: Path) -> GuidePage:
    """The first heading is the title; raw HTML in the text stays text."""
    parser = _parser()
    heading, *body = _parts(parser.parse(path.read_text(encoding="utf-8")))
    html = parser.renderer.render(body, parser.options, {})
    return GuidePage(slug=path.stem, title=heading.content, html=mark_safe(html))  # noqa: S308


def _parts(tokens: list[Token]) -> list[Token]:
    """The words of the first heading, then everything after it."""
    opening, heading, closing, *body = tokens
    if opening.tag != "h1" or closing.type != "heading_close":
        raise ValueError("A page of the guide starts with its title.")
    return [heading, *body]


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("heading_open", _heading_with_anchor)
    parser.add_render_rule("link_open", _link_to_page)
    parser.add_render_rule("image", _picture)
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("table_close", _table_end)
    return parser


def _heading_with_anchor(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],  # noqa: ARG001 (the signature is the parser's)
) -> str:
    tokens[at].attrSet("id", slugify(tokens[at + 1].content))
    return renderer.renderToken(tokens, at, options, {})


def _link_to_page(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],  # noqa: ARG001
) -> str:
    found = LINK_TO_PAGE.match(str(tokens[at].attrGet("href")))
    if found:
        tokens[at].attrSet("href", page_url(found[1]) + (found[2] or ""))
    return renderer.renderToken(tokens, at, options, {})


def _picture(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    picture = tokens[at]
    name = str(picture.attrGet("src")).removeprefix("images/")
    picture.attrSet("src", static(f"guide/{name}"))
    picture.attrSet("class", "img-fluid border rounded")
    return renderer.image(tokens, at, options, env)


def _table(*_rendering: Any) -> str:
    # Too wide for a phone: it scrolls in its own frame, by keyboard as well.
    frame = '<div class="table-responsive" role="group" tabindex="0" aria-label="Tableau">'
    return f'{frame}<table class="table">\n'


def _table_end(*_rendering: Any) -> str:
    return "</table></div>\n"
