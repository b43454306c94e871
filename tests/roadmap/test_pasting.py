"""Lists pasted from Word or Excel: numbering kept as labels, nothing lost, nothing invented."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.text import NBSP, clean_line
from roadmap.enums import ObjectiveKind
from roadmap.imports.ptsm53 import read_booklet
from roadmap.models import Objective
from roadmap.services.pasting import LONGEST_LABEL, PastedRow, PasteRefused, read_lines

WORDS = st.text(alphabet="abcdefgéèàçœ ’,;()«»-–:.%0123456789\u00a0📅\u202eא", max_size=60)


def only_row(text: str) -> PastedRow:
    (row,) = read_lines(text).rows
    return row


def printed(row: PastedRow) -> str:
    """As the planning would print it."""
    kind = ObjectiveKind.PROJECT if row.is_project else ObjectiveKind.OBJECTIVE
    return Objective(label=row.label, title=row.title, kind=kind).printed


# --- Lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\u2028", "\n\n  \n"])
def test_each_line_is_a_row(end: str) -> None:
    rows = read_lines(f"Créer un groupe{end}Monter  le projet{end}").rows
    assert [row.title for row in rows] == ["Créer un groupe", "Monter le projet"]


def test_control_characters_leave_and_the_rest_stays() -> None:
    assert only_row("1) Cr\x00éer\x07 un 📅 אב").title == "Créer un 📅 אב"


def test_title_of_four_thousand_characters_is_accepted() -> None:
    assert only_row("2) " + "é" * 4000) == PastedRow("2)", "é" * 4000)


# --- Numbering -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    [
        *[
            "1)",
            "12)",
            "(1)",
            "1.",
            "1.2",
            "1.2.",
            "1.2.3)",
            "1.a)",
            "a)",
            "A.",
            "i)",
            "iv)",
            "II.",
        ],
        *["1°", "1°)", "1/", "1 -", "1 –", "1-", "1 :", "A -", "A.1", "1.2 -", "II –"],
        *["n° 1 :", "N°1 –", "Objectif 3 :", f"Objectif 3{NBSP}:", "OBJECTIF 3 -", "Obj. 3 –"],
        *["Objectif opérationnel n° 2 :", "OO1", "OO 1.2", "OO1 :", "Action 2.", "Étape 1 :"],
    ],
)
def test_numbering_becomes_the_label(label: str) -> None:
    assert only_row(f"{label} Créer un groupe") == PastedRow(label, "Créer un groupe")


@pytest.mark.parametrize("label", ["1)", "a)", "1.", "1/", "1-", "1°"])
def test_numbering_may_touch_the_text(label: str) -> None:
    assert only_row(f"{label}Évaluer l’outil") == PastedRow(label, "Évaluer l’outil")


@pytest.mark.parametrize(
    "line",
    [
        *["2026 : ouvrir la maison", "2026 – bilan", "2026. Bilan", "Objectif 2026 : réduire"],
        *[
            "3 rencontres par an",
            "10 % des adultes",
            "10-15 % des adultes",
            "16-25 ans : accueillir",
        ],
        *["3 - 4 rencontres", "1.5 ETP de psychologue", "1.5 à 2 ETP", "10.000 euros", "1,5 ETP"],
        *["1er trimestre : lancer", "1° trimestre 2026", "12/03/2026 : réunion", "10:30 réunion"],
        *["12.03.2026 : réunion", "24 h/24", "2/3 des patients", "3-aidants", "T1 2026 : lancer"],
        *["M. Dupont est invité", "L. 3221-1 du code", "A l’écoute", "à définir", "a.b. c"],
        *["Objectif 3 du décret", "Objectif : mieux accueillir", "Objectif 10 - 15 % de plus"],
        *["Projet 2026 : bilan", "Projets 2 : bilan", "Projet de soins", "1)", "Objectif 3 :"],
        *['"Promeneurs du net" sur le département', '"Promeneurs du net"', "n° vert"],
    ],
)
def test_what_only_looks_like_numbering_stays_in_the_title(line: str) -> None:
    assert only_row(line) == PastedRow("", line)


def test_label_too_long_for_its_column_stays_in_the_title() -> None:
    line = "Sous-objectif opérationnel n° 12.3 : créer"
    assert only_row(line) == PastedRow("", line)


@pytest.mark.parametrize("bullet", ["•", "-", "–", "*", "▪", "✓", "\uf0b7", "o\t", "•\t", "§\t"])
def test_bullets_are_dropped(bullet: str) -> None:
    assert only_row(f"{bullet} Soutenir") == PastedRow("", "Soutenir")
    assert only_row(f"\t{bullet} 1) Soutenir") == PastedRow("1)", "Soutenir")


def test_bullets_alone_are_no_row_and_negative_numbers_no_bullet() -> None:
    rows = read_lines("-\n•\n\ufeff\n-10 % d’hospitalisations").rows
    assert rows == (PastedRow("", "-10 % d’hospitalisations"),)


@pytest.mark.parametrize(
    ("line", "label", "title"),
    [
        ("Projet 2 : Plan de crise", "Projet 2", "Plan de crise"),
        ("PROJET 2 – Plan de crise", "Projet 2", "Plan de crise"),
        (f"- projet{NBSP}2{NBSP}: Plan de crise", "Projet 2", "Plan de crise"),
        ("Projet n° 2. Plan de crise", "Projet n° 2", "Plan de crise"),
        ("Projet 2\tPlan de crise", "Projet 2", "Plan de crise"),
        ("Projet 2 :\tPlan de crise", "Projet 2", "Plan de crise"),
        ("Projet 2", "", "Projet 2"),
        ("Projet 2 :", "", "Projet 2 :"),
    ],
)
def test_projects_are_recognised(line: str, label: str, title: str) -> None:
    assert only_row(line) == PastedRow(label, title, is_project=True)


# --- Columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label", ["1", "1.2", "2)", "OO1", "A", "iv", "Objectif 3", "n° 4", "2026"]
)
def test_first_column_may_hold_the_label(label: str) -> None:
    assert only_row(f"{label}\t\tCréer un groupe\t\t") == PastedRow(label, "Créer un groupe")


def test_other_columns_are_left_out_and_told() -> None:
    pasted = read_lines("1)\tCréer\tT1 2026\n2) Monter\tT1 2026\tCMP\nÉvaluer\t\t")
    assert [printed(row) for row in pasted.rows] == ["1) Créer", "2) Monter", "Évaluer"]
    assert pasted.left_out == (("T1 2026",), ("T1 2026", "CMP"))
    assert f"sur 2{NBSP}lignes" in pasted.told
    assert f"(«{NBSP}T1 2026{NBSP}», «{NBSP}CMP{NBSP}»)" in pasted.told


def test_nothing_is_told_when_nothing_is_left_out() -> None:
    assert read_lines("1\tCréer\t\n2\tMonter").told == ""


def test_long_columns_are_told_by_their_beginning() -> None:
    pasted = read_lines("\n".join(f"Créer\t{letter * 400}" for letter in "abcde"))
    assert len(pasted.told) < 300
    assert f"…{NBSP}»…)" in pasted.told


def test_cell_of_several_lines_is_one_row() -> None:
    pasted = read_lines('1\t"Créer un ""groupe""\r\npuis le réunir"\tCMP\r\n2\tMonter')
    assert pasted.rows == (
        PastedRow("1", 'Créer un "groupe" puis le réunir'),
        PastedRow("2", "Monter"),
    )


def test_quotes_that_close_nothing_are_words() -> None:
    rows = read_lines('"Promeneurs" du net\n"Baromètre et plan\nCréer').rows
    assert [row.title for row in rows] == ['"Promeneurs" du net', '"Baromètre et plan', "Créer"]


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " \n\t\n\u00a0", "\x00", "•\n-\n"])
def test_nothing_is_refused(text: str) -> None:
    with pytest.raises(PasteRefused, match="rien à reprendre"):
        read_lines(text)


def test_five_hundred_rows_are_accepted_and_one_more_refused() -> None:
    assert len(read_lines("1) Créer\n\n" * 500).rows) == 500
    with pytest.raises(PasteRefused, match=f"Cette liste a 501{NBSP}lignes.* 500 à la fois"):
        read_lines("1) Créer\n" * 501)


# --- What holds of any text ----------------------------------------------------------------------


def test_printed_booklet_reads_back_as_it_was() -> None:
    objectives = [
        objective for sheet in read_booklet().roadmap.sheets for objective in sheet.objectives
    ]
    rows = [
        PastedRow(draft.label, draft.title, is_project=draft.kind == ObjectiveKind.PROJECT)
        for draft in objectives
    ]
    assert len(rows) > 100
    assert list(read_lines("\n".join(map(printed, rows))).rows) == rows


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rows = read_lines(text).rows
    except PasteRefused:
        return
    assert all(row.title and len(row.label) <= LONGEST_LABEL for row in rows)


@given(st.text(alphabet='1aiA"\t\n .):-•Projet°/n', max_size=80))
def test_any_mixture_of_signs_is_read_or_refused(text: str) -> None:
    try:
        rows = read_lines(text).rows
    except PasteRefused:
        return
    assert all(row.title == clean_line(row.title) != "" for row in rows)


@given(WORDS)
def test_line_without_numbering_comes_back_verbatim(words: str) -> None:
    assert only_row(f"Créer {words}") == PastedRow("", clean_line(f"Créer {words}"))


@given(st.sampled_from(["", "1) ", "1.2 ", "a) ", "PROJET 3 : ", "Objectif 2 : ", "- "]), WORDS)
def test_no_word_of_a_line_is_lost(mark: str, words: str) -> None:
    line = clean_line(f"{mark}{words}")
    assume(re.search(r"\w", line))
    row = only_row(line)
    assert re.findall(r"\w+", f"{row.label} {row.title}".casefold()) == re.findall(
        r"\w+", line.casefold()
    )


@given(st.lists(WORDS.map(lambda words: f"Créer {words}"), min_size=1, max_size=20))
def test_lines_keep_their_order(lines: list[str]) -> None:
    rows = read_lines("\r\n".join(f"{rank}) {line}" for rank, line in enumerate(lines, 1))).rows
    assert [printed(row) for row in rows] == [
        f"{rank}) {clean_line(line)}" for rank, line in enumerate(lines, 1)
    ]
