"""Workbooks: written so that no text runs, read so that no file harms."""

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import load_workbook

from documents.workbooks import (
    MOST_BYTES,
    MOST_ROWS,
    Cell,
    ColumnShape,
    Mistake,
    SheetShape,
    Workbook,
    WorkbookRefused,
    read_workbook,
    write_workbook,
)
from tests.documents.made_files import GOOD, PDF, encrypted, office_encrypted
from tests.roadmap.sent_workbooks import repacked

DAY = dt.datetime(2026, 11, 20, 10, 30, tzinfo=dt.UTC)
TEXTS = [
    "=1+1",
    "- Soutenir",
    "+33 2 43",
    "@pilote",
    "1)",
    "été ’ « œuvre »\u00a0: oui",
    "une ligne\nune autre",
    "_x000D_ et _x0041_",
    "00123",
    "🙂 الصحة",
]


def written(*texts: str, room: int = 0) -> bytes:
    column = ColumnShape("Texte", choices="Choix")
    sheet = SheetShape("Feuille", [column], [[Cell(text)] for text in texts], room=room)
    return write_workbook(Workbook("Essai", DAY, [sheet], {"Choix": ["un", "deux"]}))


def read_back(contents: bytes) -> list[object]:
    return [row.values[0] for row in read_workbook("essai.xlsx", contents)["Feuille"].rows[1:]]


# --- Writing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_and_never_runs(text: str) -> None:
    contents = written(text)
    assert read_back(contents) == [text]
    assert load_workbook(io.BytesIO(contents))["Feuille"]["A2"].data_type in {"s", "inlineStr"}


def test_signs_that_a_file_cannot_hold_are_left_out() -> None:
    assert read_back(written("a\x00b\x1f\ufffec\r\nd")) == ["abc\nd"]


def test_numbers_stay_numbers_and_booleans_are_told_apart() -> None:
    rows = [[Cell(3)], [Cell(2.5)]]
    sheet = SheetShape("Feuille", [ColumnShape("N")], rows)
    first, second = read_back(write_workbook(Workbook("Essai", DAY, [sheet])))
    assert first == 3
    assert str(second) == "2.5"


def test_equal_workbooks_are_equal_bytes() -> None:
    assert written("Créer", "Former") == written("Créer", "Former")


def test_lists_offer_their_words_on_the_rows_to_come() -> None:
    book = load_workbook(io.BytesIO(written("un", room=20)))
    (rule,) = book["Feuille"].data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("A2:A22", "'Listes'!$A$2:$A$3")
    assert [cell.value for cell in book["Listes"]["A"]] == ["Choix", "un", "deux"]


def test_titles_stay_in_sight() -> None:
    assert load_workbook(io.BytesIO(written("un")))["Feuille"].freeze_panes == "A2"


def test_a_text_longer_than_a_cell_is_refused_and_not_cut() -> None:
    with pytest.raises(WorkbookRefused, match="32\u202f768 caractères"):
        written("a" * 32_768)


# --- Reading ------------------------------------------------------------------------------------


def macro_book() -> bytes:
    return repacked(written("un"), **{"xl/vbaProject.bin": b"x"})


def macro_type() -> bytes:
    types = zipfile.ZipFile(io.BytesIO(written("un"))).read("[Content_Types].xml")
    changed = types.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    return repacked(written("un"), **{"[Content_Types].xml": changed})


def bomb() -> bytes:
    return repacked(written("un"), **{"xl/worksheets/sheet1.xml": b"<x>" + b"0" * 60_000_000})


def liar() -> bytes:
    """Some kilobytes that say they hold gigabytes."""
    packed = bytearray(written("un"))
    entry = packed.find(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = (3_000_000_000).to_bytes(4, "little")
    return bytes(packed)


def entities() -> bytes:
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    return repacked(written("un"), **{"xl/worksheets/sheet1.xml": declared})


def old_excel() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "Workbook\0".encode("utf-16-le")


BAD = {
    "nothing": (b"", "est vide"),
    "PDF": (PDF, "n’est pas un classeur Excel"),
    "text": (b"a;b\n1;2\n", "n’est pas un classeur Excel"),
    "Word": (GOOD["note.docx"], "n’est pas un classeur Excel"),
    "LibreOffice": (GOOD["tableau.ods"], "est un classeur LibreOffice"),
    "LibreOffice text": (GOOD["note.odt"], "n’est pas un classeur Excel"),
    "old Excel": (old_excel(), "d’un ancien format"),
    "password": (office_encrypted(), "protégé par un mot de passe"),
    "encrypted parts": (encrypted(), "protégé par un mot de passe"),
    "macros": (macro_book(), "contient des macros"),
    "macros by type": (macro_type(), "contient des macros"),
    "bomb": (bomb(), "compressé à l’excès"),
    "bomb that lies": (liar(), "compressé à l’excès"),
    "entities": (entities(), "est abîmé"),
    "cut": (written("un")[:-40], "est abîmé"),
    "program before": (b"MZ" + written("un"), "n’est pas un classeur Excel"),
    "broken sheet": (
        repacked(written("un"), **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"}),
        "est abîmé",
    ),
    "no sheet": (repacked(written("un"), **{"xl/workbook.xml": None}), "est abîmé"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_ordinary_workbook_is_refused_in_a_sentence(name: str) -> None:
    contents, said = BAD[name]
    with pytest.raises(WorkbookRefused, match=said) as refusal:
        read_workbook("plan.xlsx", contents)
    assert str(refusal.value).startswith("«\u00a0plan.xlsx\u00a0» ")
    assert str(refusal.value).endswith(".")


def test_a_file_over_ten_megabytes_is_refused() -> None:
    with pytest.raises(WorkbookRefused, match="dépasse 10\u00a0Mo"):
        read_workbook("plan.xlsx", bytes(MOST_BYTES + 1))


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ROWS == 20_000
    monkeypatch.setattr("documents.workbooks.reading.MOST_ROWS", 5)
    assert len(read_back(written("1", "2"))) == 2
    with pytest.raises(WorkbookRefused, match="a plus de 20\u202f000\u00a0lignes"):
        read_workbook("plan.xlsx", written(*"123456"))


def test_formulas_and_errors_are_told_and_never_computed() -> None:
    book = load_workbook(io.BytesIO(written("un", "deux")))
    book["Feuille"]["A2"].value = "=1+1"
    book["Feuille"]["A3"].value = "#N/A"
    kept = io.BytesIO()
    book.save(kept)
    values = read_back(kept.getvalue())
    told = [value.sentence for value in values if isinstance(value, Mistake)]
    assert "contient une formule" in told[0]
    assert "erreur de calcul (#N/A)" in told[1]
