"""Words: folding, cleaning, plurals, numbers."""

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import (
    clean_line,
    clean_paragraphs,
    counted,
    elapsed_in_words,
    fold,
    grouped,
    in_pieces,
    listed,
)

FRENCH = st.text(alphabet="aàâäbcçdeéèêëfiîïjoôöœæuùûüyÿ ’'-ABÇÉÈÊÎÔŒÆÙ", max_size=60)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(FRENCH)
def test_case_and_accents_do_not_count(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.lower())
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(FRENCH, FRENCH)
def test_a_part_is_found_in_the_whole(part: str, rest: str) -> None:
    assert fold(part) in fold(f"{rest} {part} {rest}")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("L’ÉQUIPE", "l'equipe"),
        ("Cœur, ŒUVRE", "coeur, oeuvre"),
        ("  à   Noël\n", "a noel"),
        ("n°\u00a03", "n° 3"),
    ],
)
def test_folding_keeps_what_people_type(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_orders_of_direction_go_and_words_from_right_to_left_stay() -> None:
    assert clean_line("Accès\u202e aux\u2066 soins\u2069 — ערך") == "Accès aux soins — ערך"


@given(st.text())
def test_cleaned_line_is_one_line_without_control_characters(text: str) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert line == line.strip()
    assert clean_line(line) == line


@given(st.text())
def test_cleaned_paragraphs_have_one_kind_of_line_end(text: str) -> None:
    cleaned = clean_paragraphs(text)
    controls = {char for char in cleaned if unicodedata.category(char) == "Cc"}
    assert controls <= {"\n", "\t"}
    assert clean_paragraphs(cleaned) == cleaned


def test_paragraphs_stay_apart() -> None:
    assert clean_paragraphs("un\r\n\r\ndeux\rtrois\x00\n") == "un\n\ndeux\ntrois"


def test_line_of_several_words_keeps_its_words() -> None:
    assert clean_line(" un\x07  deux\ntrois ") == "un deux trois"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0\u00a0fiche"),
        (1, "1\u00a0fiche"),
        (2, "2\u00a0fiches"),
        (24_000, "24\u202f000\u00a0fiches"),
    ],
)
def test_noun_agrees_with_its_number(number: int, said: str) -> None:
    assert counted(number, "fiche") == said


def test_irregular_plural_is_given() -> None:
    assert counted(3, "fiche action", "fiches action") == "3\u00a0fiches action"


@given(st.integers(min_value=0))
def test_grouped_number_reads_back(number: int) -> None:
    assert int(grouped(number).replace("\u202f", "")) == number
    assert all(len(part) == 3 for part in grouped(number).split("\u202f")[1:])


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["un"], "un"), (["un", "deux"], "un et deux"), (["a", "b", "c"], "a, b et c")],
)
def test_list_ends_with_and(words: list[str], said: str) -> None:
    assert listed(words) == said


def test_the_soft_line_break_of_word_is_a_line_end() -> None:
    assert clean_paragraphs("un\x0bdeux\u2028trois\r\nquatre") == "un\ndeux\ntrois\nquatre"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0\u00a0seconde"),
        (1.9, "1\u00a0seconde"),
        (59, "59\u00a0secondes"),
        (60, "1\u00a0min\u00a000\u00a0s"),
        (125, "2\u00a0min\u00a005\u00a0s"),
    ],
)
def test_how_long_something_has_been_going_on(seconds: float, words: str) -> None:
    now = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    assert elapsed_in_words(now - dt.timedelta(seconds=seconds), now=now) == words


def test_a_long_text_is_cut_in_pieces_that_say_it_all() -> None:
    assert in_pieces([], most=100) == [[]]
    assert in_pieces(["court", "bref"], most=100) == [["court", "bref"]]
    assert in_pieces(["a", "b", "c"], most=80) == [["a", "b"], ["c"]]
    text = "\n".join(f"ligne {rank}" for rank in range(9)) + "\n" + "mot " * 200 + "x" * 500
    groups = in_pieces([text, "fin"], most=400)
    assert len(groups) > 3
    assert all(sum(map(len, group)) <= 400 for group in groups)
    said = "".join("".join(group) for group in groups)
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", f"{text}fin")
