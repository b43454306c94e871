"""The one rich text: two ways of typing it, one form, and no word lost on the way."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from core.rich_text import (
    HTML_MARK,
    RichTextTooLong,
    as_html,
    as_plain,
    blocks_of_html,
    blocks_of_plain,
    clean_html,
    read_typed,
    words_of,
)

WORD_LIST = (
    "<p class=MsoNormal style='margin:1cm'>Avant <b>gras</b><o:p></o:p></p>"
    "<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span>"
    "</span></span><![endif]>Un &amp; deux</p>"
    "<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1."
    "<span>&nbsp;&nbsp;</span></span>Premier</p>"
)
SIGNS = st.text(
    alphabet=st.sampled_from("abé ’\u00a0*[]()\\#-1.)•<>&\"'/:\n_"), min_size=0, max_size=40
)
TAGS = st.sampled_from(
    ["p", "h1", "h3", "h5", "ul", "ol", "li", "b", "strong", "em", "i", "div", "span", "td"]
)
NODES = st.recursive(
    SIGNS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=20,
)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(NODES)
def test_cleaning_is_done_once_and_for_all(pasted: str) -> None:
    once = clean_html(pasted)
    assert clean_html(once) == once


@given(NODES)
def test_no_word_is_lost(pasted: str) -> None:
    typed = BeautifulSoup(f"<div>{pasted}</div>", "html.parser").get_text()
    assert bare(BeautifulSoup(clean_html(pasted), "html.parser").get_text()) == bare(typed)


@given(NODES)
def test_what_is_kept_goes_round_through_plain_text(pasted: str) -> None:
    """Whoever saves without JavaScript a text made in the editor changes nothing of it."""
    kept = blocks_of_html(pasted)
    assert as_html(blocks_of_plain(as_plain(kept))) == as_html(kept)


@given(st.text(max_size=200))
def test_anything_typed_is_harmless(typed: str) -> None:
    for sent in (typed, HTML_MARK + typed):
        html = read_typed(sent, longest=100_000)
        tags = {tag.name for tag in BeautifulSoup(html, "html.parser").find_all(True)}
        assert tags <= {"p", "h3", "h4", "ul", "ol", "li", "strong", "em", "a"}


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<script>alert(1)</script>Bon", "<p>Bon</p>"),
        ("<style>p{}</style><p style='color:red' onclick='x()'>Bon", "<p>Bon</p>"),
        ("<p>Bon<img src='https://loin.example/x.png' onerror='x()'></p>", "<p>Bon</p>"),
        ("<a href='javascript:alert(1)'>Bon</a>", "<p>Bon</p>"),
        ("<a href='jav&#x0A;ascript:alert(1)'>Bon</a>", "<p>Bon</p>"),
        ("<a href='data:text/html,x'>Bon</a>", "<p>Bon</p>"),
        ("<a href='/ici'>Bon</a>", "<p>Bon</p>"),
        (
            "<a href='https://a.example/?b=1&amp;c=2' target=_blank>Bon</a>",
            '<p><a href="https://a.example/?b=1&amp;c=2">Bon</a></p>',
        ),
        ("<svg><p>Bon</p></svg><iframe src=x></iframe>", "<p>Bon</p>"),
        ("<h1>T</h1><h6>S</h6>mots", "<h3>T</h3><h4>S</h4><p>mots</p>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "<p>a b</p>"),
        ("<div>a<br>b</div>", "<p>a</p><p>b</p>"),
        (
            WORD_LIST,
            "<p>Avant <strong>gras</strong></p><ul><li>Un &amp; deux</li></ul>"
            "<ol><li>Premier</li></ol>",
        ),
    ],
)
def test_what_is_pasted_is_cleaned(pasted: str, kept: str) -> None:
    assert clean_html(pasted) == kept


def test_two_megabytes_of_word_are_cleaned_and_short() -> None:
    noise = "<!--[if gte mso 9]><xml>" + "<w:x w:val='1'/>" * 20 + "</xml><![endif]-->"
    piece = f"{noise}<p class=MsoNormal style='{'mso-a:b;' * 60}'>Mots</p>"
    pasted = piece * (2_000_000 // len(piece) + 1)
    assert len(pasted) >= 2_000_000
    html = read_typed(HTML_MARK + pasted, longest=60_000)
    assert words_of(html).count("Mots") == pasted.count("Mots")


def test_a_text_that_stays_too_long_says_so_in_french() -> None:
    with pytest.raises(RichTextTooLong, match=r"10.000.*Raccourcissez-le"):
        read_typed("mot " * 5_000, longest=10_000)


def test_plain_conventions() -> None:
    typed = "# Titre\nUn **mot** et *un autre*, 5 * 3.\n- a\n- b\n1. c\n[ici](https://a.example)"
    assert as_html(blocks_of_plain(typed)) == (
        "<h3>Titre</h3><p>Un <strong>mot</strong> et <em>un autre</em>, 5 * 3.</p>"
        "<ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"
        '<p><a href="https://a.example">ici</a></p>'
    )
