"""The Word writer: real styles, lists and tables, no word lost, equal pages are equal bytes."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from documents.word import write_word
from documents.word.widths import widths_of
from tests.documents.word_files import (
    opened,
    page,
    paragraphs_of,
    words,
    words_of_file,
    words_of_page,
)


def rows_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def numbering_of(paragraph: Any) -> tuple[int, int] | None:
    """Which list a paragraph is an item of, and how deep."""
    marks = paragraph._p.pPr.numPr if paragraph._p.pPr is not None else None
    return None if marks is None else (marks.numId.val, marks.ilvl.val)


# --- Paragraphs ---


def test_titles_have_the_styles_that_word_knows() -> None:
    written = paragraphs_of("<h1>Un</h1><h2>Deux</h2><h3>Trois</h3><h4>Quatre</h4><h5>Cinq</h5>")
    assert written == [
        ("Title", "Un"),
        ("Heading 1", "Deux"),
        ("Heading 2", "Trois"),
        ("Heading 3", "Quatre"),
        ("Heading 4", "Cinq"),
    ]


def test_spaces_are_those_that_a_page_shows() -> None:
    written = paragraphs_of("<p>  Un\n   <b> mot </b> gras\u00a0: oui<br>  puis  </p>\n <p> </p>")
    assert written == [("Normal", "Un mot gras\u00a0: oui\npuis")]


def test_words_between_blocks_are_kept() -> None:
    written = paragraphs_of(
        "<div>avant<p>dans</p>après <b>tout</b></div>fin<custom-tag>x</custom-tag>"
    )
    assert [text for _, text in written] == ["avant", "dans", "après tout", "finx"]


def test_letters_keep_their_look() -> None:
    html = page(
        "<p>a<b>b</b><i>c</i><u>d</u><s>e</s>x<sup>2</sup><sub>3</sub><b><em>f</em></b></p>"
    )
    runs = {run.text: run.font for run in opened(html).paragraphs[0].runs}
    assert runs["b"].bold
    assert runs["c"].italic
    assert runs["d"].underline
    assert runs["e"].strike
    assert runs["2"].superscript
    assert runs["3"].subscript
    assert runs["f"].bold
    assert runs["f"].italic
    assert runs["a"].bold is None


def test_links_lead_to_the_web_or_inside_and_nowhere_else() -> None:
    html = page(
        '<p><a href="https://exemple.fr/?a=1&amp;b=2">site</a> <a href="#ici">ici</a> '
        '<a href="javascript:alert(1)">piège</a> <a href="file:///etc/passwd">fichier</a></p>'
        '<h2 id="ici">Ici</h2>'
    )
    file = opened(html)
    targets = [one.target_ref for one in file.part.rels.values() if one.is_external]
    assert targets == ["https://exemple.fr/?a=1&b=2"]
    anchors = [one.get(qn("w:anchor")) for one in file.element.body.iter(qn("w:hyperlink"))]
    marks = [one.get(qn("w:name")) for one in file.element.body.iter(qn("w:bookmarkStart"))]
    assert [one for one in anchors if one] == marks == ["ancre_1"]
    assert words_of_file(write_word(html)) == ["site", "ici", "piège", "fichier", "Ici"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTPS://exemple.fr/a b", ["HTTPS://exemple.fr/a%20b"]),
        ("https://exemple.fr/été?q=%20", ["https://exemple.fr/%C3%A9t%C3%A9?q=%20"]),
        ("mailto:a@exemple.fr", ["mailto:a@exemple.fr"]),
        ("https://", []),
        ("http://[mal", []),
        ("mailto:", []),
        ("/interne", []),
    ],
)
def test_addresses_are_those_that_word_opens(typed: str, kept: list[str]) -> None:
    rels = opened(page(f'<p><a href="{typed}">mot</a></p>')).part.rels.values()
    assert [one.target_ref for one in rels if one.is_external] == kept


def test_what_is_drawn_or_hidden_is_not_written() -> None:
    html = page(
        "<svg><title>Barres</title><text>7</text></svg><p hidden>caché</p><script>x()</script>"
        '<div data-word="left-out">légende</div><p class="visually-hidden">lu</p>'
        '<img src="file:///etc/passwd" alt="Le logo"><p>dit</p><!-- note -->'
    )
    assert words_of_file(write_word(html)) == ["Le", "logo", "dit"]


def test_signs_that_xml_refuses_are_dropped() -> None:
    assert paragraphs_of("<p>un\x0bdeux\x00 &#x1F600; \ud800trois</p>") == [
        ("Normal", "undeux 😀 trois")
    ]


# --- Lists ---


def test_lists_nest_and_begin_again() -> None:
    file = opened(
        page(
            "<ol><li>un<ul><li>puce<ol><li>profond</li></ol></li></ul></li><li>deux</li></ol>"
            "<p>entre</p><ol><li>un encore</li></ol><ol start='4'><li>quatre</li></ol>"
        )
    )
    told = {one.text: numbering_of(one) for one in file.paragraphs}
    assert told == {
        "un": (1, 0),
        "puce": (2, 1),
        "profond": (3, 2),
        "deux": (1, 0),
        "entre": None,
        "un encore": (4, 0),
        "quatre": (5, 0),
    }
    nums = file.part.numbering_part.element.findall(qn("w:num"))
    starts = [[one.get(qn("w:val")) for one in num.iter(qn("w:startOverride"))] for num in nums]
    assert [one[0] if one else "" for one in starts] == ["1", "", "1", "1", "4"]


def test_an_item_of_several_paragraphs_bears_one_sign() -> None:
    file = opened(page("<ul><li><p>un</p><p>suite</p></li><li>deux</li></ul>"))
    assert [numbering_of(one) for one in file.paragraphs] == [(1, 0), None, (1, 0)]


# --- Tables ---


def test_titles_of_a_table_are_repeated_on_each_page() -> None:
    rows = "".join(f"<tr><th scope='row'>{rank}</th><td>mot</td></tr>" for rank in range(300))
    table = opened(
        page(f"<table><thead><tr><th>N°</th><th>Mot</th></tr></thead><tbody>{rows}</tbody></table>")
    ).tables[0]
    heads = [row for row in table._tbl.tr_lst if row.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(table._tbl.tr_lst) == 301
    assert heads == table._tbl.tr_lst[:1]


def test_cells_lie_over_columns_and_rows() -> None:
    table = opened(
        page(
            "<table><tr><td rowspan='2'>haut</td><td colspan='2'>large</td></tr>"
            "<tr><td>b</td><td rowspan='9'>c</td></tr><tr><td colspan='2'>fin</td></tr></table>"
        )
    ).tables[0]
    assert rows_of(table) == [["haut", "large", "large"], ["haut", "b", "c"], ["fin", "fin", "c"]]


def test_caption_stands_above_or_is_read_out() -> None:
    file = opened(page("<table><caption>Les membres</caption><tr><td>a</td></tr></table>"))
    first = file.paragraphs[0]
    assert (first.style.name, first.text) == ("Caption", "Les membres")
    hidden = "<table><caption class='grid-caption'>Lu</caption><tr><td>a</td></tr></table>"
    file = opened(page(hidden))
    assert "Lu" not in [one.text for one in file.paragraphs]
    assert file.element.body.find(f".//{qn('w:tblCaption')}").get(qn("w:val")) == "Lu"


def test_two_tables_do_not_become_one() -> None:
    table = "<table><tr><td>a</td></tr></table>"
    file = opened(page(f"{table}{table}<table></table>"))
    assert len(file.tables) == 2
    assert file.element.body[1].tag == qn("w:p")


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 3000)), min_size=1, max_size=30),
    st.integers(13, 24),
    st.integers(2000, 15000),
)
def test_columns_share_the_whole_width(
    columns: list[tuple[int, int]], size: int, total: int
) -> None:
    widths = widths_of(columns, size=size, total=total)
    assert sum(widths) == total
    assert min(widths) > 0


# --- Pages ---


def test_wide_parts_lie_on_their_side() -> None:
    file = opened(
        page("<p>droit</p><div class='wide'><table><tr><td>large</td></tr></table></div><p>fin</p>")
    )
    sides = [section.page_width > section.page_height for section in file.sections]
    assert sides == [False, True, False]


def test_no_blank_page_before_nor_after() -> None:
    file = opened(page("<section class='part wide'><h2>Seul</h2></section>"))
    assert [section.page_width > section.page_height for section in file.sections] == [True]
    assert [one.text for one in file.paragraphs] == ["Seul"]


def test_a_cover_has_no_foot_and_a_part_begins_a_page() -> None:
    file = opened(page("<section class='cover'><h1>Livret</h1></section><p>suite</p>"))
    assert file.sections[0].different_first_page_header_footer
    assert file.paragraphs[1].paragraph_format.page_break_before


def test_contents_are_a_field_already_filled() -> None:
    file = opened(
        page("<nav><h2>Sommaire</h2><p class='entry'><a href='#a'>A</a></p></nav><h2 id='a'>A</h2>")
    )
    fields = [one.text for one in file.element.body.iter(qn("w:instrText"))]
    assert fields == [' TOC \\o "1-3" \\h \\z \\u ']
    assert ("toc 2", "A") in [(one.style.name, one.text) for one in file.paragraphs]


def test_names_stand_before_their_values() -> None:
    written = paragraphs_of(
        "<dl><div><dt>Pilotes</dt><dd>Maya</dd><dd>Léo</dd></div><dt>Seul</dt>"
        "<dt>Texte</dt><dd><p>un</p><ul><li>puce</li></ul></dd><dt>Liste</dt>"
        "<dd><ul><li>a</li></ul></dd></dl>"
    )
    assert [text for _, text in written] == [
        "Pilotes\tMaya", "Léo", "Seul", "Texte\tun", "puce", "Liste", "a",
    ]  # fmt: skip


# --- The file ---


def test_the_file_says_whose_it_is_and_of_which_day() -> None:
    foot = 'data-foot="PTSM Aubrac · État au 22 novembre 2026" data-fingerprint="empreinte 7f3a"'
    file = opened(page("<p>a</p>", attributes=foot))
    core = file.core_properties
    assert (core.title, core.author, core.language) == ("Un titre", "PTSM de l’Aubrac", "fr-FR")
    assert core.created == core.modified
    assert f"{core.modified:%Y-%m-%d}" == "2026-11-22"
    line = file.sections[0].footer.paragraphs[0]
    assert line.text.startswith("PTSM Aubrac · État au 22 novembre 2026\tempreinte 7f3a")
    fields = [one.get(qn("w:instr")) for one in line._p.iter(qn("w:fldSimple"))]
    assert fields == [" PAGE ", " NUMPAGES "]


def test_equal_pages_are_equal_bytes() -> None:
    html = page("<h1>Un</h1><ol><li>a</li></ol><table><tr><td>b</td></tr></table>")
    assert write_word(html) == write_word(html)
    with zipfile.ZipFile(BytesIO(write_word(html))) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_progress_rises() -> None:
    told: list[int] = []
    write_word(page("<p>a</p>" * 3000), on_progress=told.append)
    assert told == sorted(set(told))
    assert len(told) > 5
    assert told[-1] == 95


TEXTS = st.text(alphabet="abé ’·«\u00a0\n", min_size=0, max_size=12)
INLINE = ("b", "i", "u", "sup", "span", "a href='#x'")
HOLDING = ("p", "div", "section", "blockquote", "ul><li", "ol><li", "td-table", "dl><dt", "dl><dd")


def wrapped(tag: str, inner: str) -> str:
    if tag == "td-table":
        return f"<table><tr><td>{inner}</td><td colspan=2>{inner}</td></tr></table>"
    closing = "".join(f"</{one.split()[0]}>" for one in reversed(tag.split("><")))
    return f"<{tag}>{inner}{closing}"


INLINES = st.recursive(
    TEXTS, lambda inner: st.builds(wrapped, st.sampled_from(INLINE), inner), max_leaves=3
)
PAGES = st.recursive(
    st.builds(wrapped, st.just("p"), INLINES) | INLINES,
    lambda inner: st.builds(wrapped, st.sampled_from(HOLDING[1:]), st.lists(inner).map("".join)),
    max_leaves=12,
)


@given(PAGES)
@hypothesis_settings(max_examples=150, deadline=None)
def test_no_word_is_lost_whatever_the_page(body: str) -> None:
    html = page(body)
    file = write_word(html)
    assert "".join(words_of_file(file)) == "".join(words_of_page(html))
    # It opens, and each cell ends with a paragraph, as the format wants.
    for cell in opened(html).element.body.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p")


@pytest.mark.parametrize("text", ["", "   ", "<p></p>"])
def test_a_page_of_nothing_opens(text: str) -> None:
    assert words(" ".join(one.text for one in opened(page(text)).paragraphs)) == []
