"""The signed letter of the demonstration: complete, made once, clearly fictional."""

import datetime as dt
import io

import pypdf

from governance.enums import LetterState
from governance.imports.demo_letter import fictional_scan, load_demo_letter
from governance.summaries.letters import letter_summary
from tests.cast import Cast


def test_the_letter_is_signed_once_and_complete(cast: Cast) -> None:
    day = cast.aubrac.today()
    letter = load_demo_letter(cast.project, lead=cast.agnes, on=day)
    assert letter is not None
    letter.refresh_from_db()
    assert letter.state == LetterState.SIGNED
    assert letter.signed_on == day - dt.timedelta(days=400)
    summary = letter_summary(letter)
    assert (summary.read, summary.missing) == (12, 0)
    assert load_demo_letter(cast.project, lead=cast.agnes, on=day) is None


def test_its_scan_is_a_pdf_that_says_it_is_none() -> None:
    reader = pypdf.PdfReader(io.BytesIO(fictional_scan()), strict=True)
    assert "FICTIF" in reader.pages[0].extract_text()
