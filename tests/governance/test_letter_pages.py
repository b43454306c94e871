"""The pages of the framing letter: gestures, refusals in words, two people at once."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.rich_text import HTML_MARK
from governance.enums import LetterPart, LetterState, PartState
from governance.models import FramingLetter, LetterSection
from governance.services.letters import prepare_letter, propose_letter
from tests.cast import Cast
from tests.governance.doors.letters import PDF

SignIn = Callable[[User | None], Client]


@pytest.fixture
def client_of_agnes(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.agnes)


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/ptsm/{cast.project.pk}/lettre-de-cadrage/"


def section(part: str) -> LetterSection:
    return LetterSection.objects.get(part=part)


def revision_in(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


def test_from_nothing_to_a_letter(client_of_agnes: Client, address: str) -> None:
    page = client_of_agnes.get(address).content.decode()
    assert "Aucune lettre n’est encore préparée" in page
    for _ in range(2):
        page = client_of_agnes.post(f"{address}preparer/", follow=True).content.decode()
    assert "0 partie sur 12 relue" in page
    assert FramingLetter.objects.count() == 1
    kept = {"do": "garder", "ensuite": "1"}
    page = client_of_agnes.post(f"{address}1/preambule/", kept, follow=True).content.decode()
    assert "Objectifs de la démarche" in page
    page = client_of_agnes.post(f"{address}1/tout-garder/", follow=True).content.decode()
    assert "12 parties sur 12 relues" in page


def test_a_reader_reads_and_writes_nothing(cast: Cast, sign_in: SignIn, address: str) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    client = sign_in(cast.bruno)
    page = client.get(address).content.decode()
    assert "Améliorer la qualité de vie" in page
    assert "Garder tout le reste" not in page
    assert client.post(f"{address}1/preambule/").status_code == 403


def test_a_part_is_rewritten_without_script_and_comes_back_to_the_model(
    cast: Cast, client_of_agnes: Client, address: str
) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    page = client_of_agnes.get(f"{address}1/objectifs/").content.decode()
    sent = {"revision": revision_in(page), "text": "# Cap\n- **un**\n- deux <script>"}
    assert client_of_agnes.post(f"{address}1/objectifs/", sent).status_code == 302
    kept = section(LetterPart.AIMS)
    assert kept.text == (
        "<h3>Cap</h3><ul><li><strong>un</strong></li><li>deux &lt;script&gt;</li></ul>"
    )
    assert kept.state == PartState.REWRITTEN
    client_of_agnes.post(f"{address}1/objectifs/", {"do": "modele"})
    assert "engagement réciproque" in section(LetterPart.AIMS).text


def test_saved_untouched_without_script_a_part_stays_as_it_is(
    cast: Cast, client_of_agnes: Client, address: str
) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    for part in LetterPart.values:
        before = section(part)
        answer = client_of_agnes.get(f"{address}1/{part}/")
        form = answer.context["form"]
        sent: dict[str, object] = {
            "revision": form["revision"].value(),
            "text": form["text"].value(),
        }
        if "lines" in form.fields:
            rows = before.rows
            sent |= {f"lines_{rank}": [row[rank] for row in rows] for rank in range(len(rows[0]))}
        client_of_agnes.post(f"{address}1/{part}/", sent)
        after = section(part)
        assert (after.text, after.lines) == (before.text, before.lines), part
        assert after.state == PartState.KEPT, part


def test_lines_are_moved_removed_and_added(
    cast: Cast, client_of_agnes: Client, address: str
) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    page = client_of_agnes.get(f"{address}1/engagement/").content.decode()
    sent = {
        "revision": revision_in(page),
        "text": "Chacun s’engage\u00a0:",
        "lines_rang": ["3", "2", "1", "4"],
        "lines_0": ["Trois", "", "Un | deux", "Quatre"],
    }
    client_of_agnes.post(f"{address}1/engagement/", sent)
    assert section(LetterPart.COMMITMENTS).lines == "Un / deux\nTrois\nQuatre"


def test_the_sentence_follows_the_months(cast: Cast, client_of_agnes: Client, address: str) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    answer = client_of_agnes.get(f"{address}1/duree/")
    form = answer.context["form"]
    sent = {"revision": form["revision"].value(), "text": form["text"].value(), "lines_0": "24"}
    client_of_agnes.post(f"{address}1/duree/", sent)
    assert "24\u00a0mois" in section(LetterPart.DURATION).text
    for wrong in ("0", "deux ans", "", "9999"):
        page = client_of_agnes.post(f"{address}1/duree/", sent | {"lines_0": wrong})
        assert "un nombre de mois" in page.content.decode(), wrong
    client_of_agnes.post(f"{address}1/calendrier/", {"do": "modele"})
    assert section(LetterPart.CALENDAR).rows[-1][2].endswith(str(cast.aubrac.today().year + 2))


def test_two_people_in_one_part_both_texts_are_shown(
    cast: Cast, sign_in: SignIn, address: str
) -> None:
    letter = prepare_letter(project=cast.project, by=cast.agnes)
    drawn = str(letter.revision)
    one = {"revision": drawn, "text": "Le texte d’Émile."}
    assert sign_in(cast.emile).post(f"{address}1/objectifs/", one).status_code == 302
    other = {"revision": drawn, "text": HTML_MARK + "<p>Le texte <b>d’Agnès</b>.</p>"}
    answer = sign_in(cast.agnes).post(f"{address}1/objectifs/", other)
    page = answer.content.decode()
    assert "Le texte d’Émile." in page
    assert "Le texte <strong>d’Agnès</strong>." in page
    assert section(LetterPart.AIMS).text == "<p>Le texte d’Émile.</p>"
    again = other | {"revision": revision_in(page)}
    assert sign_in(cast.agnes).post(f"{address}1/objectifs/", again).status_code == 302
    assert "Agnès" in section(LetterPart.AIMS).text


def test_what_is_typed_is_not_lost_when_the_letter_was_proposed_meanwhile(
    cast: Cast, client_of_agnes: Client, address: str
) -> None:
    letter = prepare_letter(project=cast.project, by=cast.agnes)
    propose_letter(letter=letter, by=cast.emile)
    answer = client_of_agnes.post(f"{address}1/objectifs/", {"revision": "1", "text": "Perdu ?"})
    page = answer.content.decode()
    assert "Perdu ?" in page
    assert "rien n’a été enregistré" in page


def test_two_megabytes_of_word_are_taken(cast: Cast, client_of_agnes: Client, address: str) -> None:
    prepare_letter(project=cast.project, by=cast.agnes)
    page = client_of_agnes.get(f"{address}1/objectifs/").content.decode()
    noise = f"<p class=MsoNormal style='{'mso-x:y;' * 2000}'>Mots&nbsp;!</p>"
    pasted = HTML_MARK + noise * (2_000_000 // len(noise) + 1)
    sent = {"revision": revision_in(page), "text": pasted}
    assert client_of_agnes.post(f"{address}1/objectifs/", sent).status_code == 302
    assert section(LetterPart.AIMS).text.startswith("<p>Mots\u00a0!</p>")
    cleaned = client_of_agnes.post("/texte-riche/", {"html": pasted}).content.decode()
    assert "style" not in cleaned
    long = {"revision": "99", "text": "mot " * 20_000}
    page = client_of_agnes.post(f"{address}1/objectifs/", long).content.decode()
    assert "Raccourcissez-le" in page
    assert "mot mot" in page


def test_signed_from_its_page_and_read_back(
    cast: Cast, client_of_agnes: Client, address: str
) -> None:
    letter = prepare_letter(project=cast.project, by=cast.agnes)
    client_of_agnes.post(f"{address}1/proposer/")
    sent = {"signed_on": "2026-03-03", "place": "Rodez"}
    wrong = SimpleUploadedFile("photo.png", b"\x89PNG")
    page = client_of_agnes.post(f"{address}1/signer/", sent | {"upload": wrong})
    assert "n’est pas un PDF" in page.content.decode()
    page = client_of_agnes.post(f"{address}1/signer/", sent)
    assert "Choisissez l’exemplaire signé" in page.content.decode()
    right = SimpleUploadedFile("signee.pdf", PDF)
    page = client_of_agnes.post(f"{address}1/signer/", sent | {"upload": right}, follow=True)
    letter.refresh_from_db()
    assert letter.state == LetterState.SIGNED
    assert letter.scan is not None
    assert letter.scan.sha256 in page.content.decode()
    answer = client_of_agnes.get(f"{address}1/exemplaire-signe/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
