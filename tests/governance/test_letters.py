"""The framing letter: prepared from a model, read, proposed, signed; what bad luck does not do."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from core.rich_text import words_of
from documents.attachments import AttachmentRefused
from documents.kinds import PaperRefused, kind_of
from documents.models import Attachment
from documents.press import render_html
from governance.enums import BodyKind, Capacity, LetterPart, LetterState, PartState
from governance.models import Body, FramingLetter, LetterSection, Seat
from governance.services.letters import (
    follow_checks,
    keep_the_rest,
    prepare_letter,
    propose_letter,
    reopen_letter,
    restore_part,
    sign_letter,
    writing_letter,
)
from governance.summaries.letter_facts import TO_COMPLETE, LetterFacts, facts_of
from governance.summaries.letter_words import COMMITMENTS
from governance.summaries.letters import compare, framing_checks, letter_summary, months_of
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from territories.models import Department, TerritoryPart
from tests.cast import Cast
from tests.factories import PersonFactory, unsigned
from tests.governance.doors.letters import PDF

DAY = dt.date(2026, 3, 3)


def prepared(cast: Cast) -> FramingLetter:
    return prepare_letter(project=cast.project, by=cast.agnes)


def proposed_one(cast: Cast) -> FramingLetter:
    letter = prepared(cast)
    propose_letter(letter=letter, by=cast.agnes)
    return FramingLetter.objects.with_place().get(pk=letter.pk)


def scan(contents: bytes = PDF, name: str = "signee.pdf") -> "SimpleUploadedFile":
    return SimpleUploadedFile(name, contents)


def signed_one(cast: Cast) -> FramingLetter:
    letter = proposed_one(cast)
    sign_letter(letter=letter, on=DAY, place="Rodez", upload=scan(), by=cast.agnes)
    return FramingLetter.objects.with_place().get(pk=letter.pk)


def add_body(cast: Cast, name: str, kind: str) -> Body:
    with unsigned():
        body = Body.objects.create(
            project=cast.project, name=name, kind=kind, mission="Fixer le cap"
        )
        person = PersonFactory.create(territory=cast.aubrac, last_name="Vidal")
        Seat.objects.create(body=body, person=person, person_name="Vidal", capacity=Capacity.USERS)
    return body


def rewrite(letter: FramingLetter, cast: Cast, part: str, **fields: str) -> None:
    with writing_letter(letter, by=cast.agnes, words="a écrit") as under_way:
        section = under_way.letter.sections.get(part=part)
        for name, value in fields.items():
            setattr(section, name, value)
        section.save(update_fields=list(fields))


# --- The model ------------------------------------------------------------------------------------


def test_every_part_is_written_even_for_an_empty_territory(cast: Cast) -> None:
    summary = letter_summary(prepared(cast))
    assert [line.section.part for line in summary.lines] == LetterPart.values
    assert all(words_of(line.section.text) for line in summary.lines)
    assert (summary.read, len(summary.lines)) == (0, 12)
    lines = {line.section.part: line.section for line in summary.lines}
    assert [row[0] for row in lines[LetterPart.COMMITMENTS].rows] == list(COMMITMENTS)
    assert months_of(lines[LetterPart.DURATION].letter) == 18
    assert "Conseil départemental" in lines[LetterPart.SIGNATORIES].lines


def test_what_is_not_known_is_to_complete_and_what_is_known_is_said(cast: Cast) -> None:
    before = facts_of(cast.project, on=DAY)
    assert dict(before.identity)["Population municipale"] == TO_COMPLETE
    department = Department.objects.exclude(population=None).order_by("code").first()
    assert department is not None
    TerritoryPart.objects.create(territory=cast.aubrac, department=department)
    add_body(cast, "Comité de pilotage", BodyKind.COPIL)
    letter = prepared(cast)
    known = facts_of(cast.project, on=DAY)
    assert "habitants" in dict(known.identity)["Population municipale"]
    sections = {section.part: section for section in letter.sections.all()}
    assert department.name in sections[LetterPart.SIGNATORIES].lines
    assert department.name in sections[LetterPart.GROUND].text
    assert "présentées ci-après" in sections[LetterPart.STEERING].text


def test_facts_are_kept_as_they_are(cast: Cast) -> None:
    add_body(cast, "Comité de pilotage", BodyKind.COPIL)
    facts = facts_of(cast.project, on=DAY)
    assert LetterFacts.from_json(facts.as_json()) == facts


# --- Versions -------------------------------------------------------------------------------------


def test_pressed_twice_it_is_one_letter(cast: Cast) -> None:
    assert prepared(cast) == prepared(cast)
    assert FramingLetter.objects.count() == 1
    assert LetterSection.objects.count() == 12


def test_the_next_version_starts_from_the_last_and_is_compared_with_it(cast: Cast) -> None:
    first = signed_one(cast)
    second = prepared(cast)
    assert second.number == 2
    rewrite(second, cast, LetterPart.AIMS, text="<p>Viser plus loin.</p>")
    parts = {part.name: part for part in compare(first, second)}
    changed = [part.name for part in parts.values() if not part.is_same]
    assert changed == [LetterPart.AIMS.label]
    said = {piece.kind for piece in parts[LetterPart.AIMS.label].pieces}
    assert said >= {"removed", "added"}


def test_a_proposed_letter_is_frozen_until_it_goes_back_with_a_reason(cast: Cast) -> None:
    body = add_body(cast, "Comité de pilotage", BodyKind.COPIL)
    letter = proposed_one(cast)
    with unsigned():
        body.name = "Tout autre comité"
        body.save()
    html = render_html(kind_of("lettre-cadrage"), cast.project, {})
    assert "Comité de pilotage" in html
    assert "Tout autre comité" not in html
    with pytest.raises(GovernanceRefused, match="nouvelle version"):
        keep_the_rest(letter=letter, by=cast.agnes)
    reopen_letter(letter=letter, reason="une coquille", by=cast.agnes)
    letter.refresh_from_db()
    assert (letter.state, letter.facts, letter.proposed_on) == (LetterState.DRAFT, None, None)
    told = ChangeSet.objects.of(letter.scope).latest_first().first()
    assert told is not None
    assert "une coquille" in told.words


def test_a_signed_letter_never_changes(cast: Cast) -> None:
    letter = signed_one(cast)
    assert letter.scan is not None
    assert (letter.signed_at, letter.signed_on) == ("Rodez", DAY)
    for act in (
        lambda: keep_the_rest(letter=letter, by=cast.agnes),
        lambda: restore_part(letter=letter, part=LetterPart.AIMS, by=cast.agnes),
        lambda: propose_letter(letter=letter, by=cast.agnes),
        lambda: reopen_letter(letter=letter, reason="non", by=cast.agnes),
        lambda: sign_letter(letter=letter, on=DAY, place="Ici", upload=scan(), by=cast.agnes),
    ):
        with pytest.raises(GovernanceRefused):
            act()
    assert Attachment.objects.count() == 1


def test_a_letter_is_not_signed_without_its_scan(cast: Cast) -> None:
    letter = proposed_one(cast)
    letter.state = LetterState.SIGNED
    with pytest.raises(IntegrityError), transaction.atomic(), unsigned():
        letter.save()


@pytest.mark.parametrize(
    ("contents", "name", "words"),
    [
        (b"PK\x03\x04 un classeur", "signee.pdf", "n’est pas"),
        (PDF, "signee.docx", "n’est pas un PDF"),
        (b"\x89PNG\r\n\x1a\n", "signee.png", "n’est pas un PDF"),
        (b"", "signee.pdf", "vide"),
        (PDF + b"0" * 11_000_000, "signee.pdf", "10.Mo"),
    ],
)
def test_what_is_no_scan_is_refused_before_anything_is_stored(
    cast: Cast, contents: bytes, name: str, words: str
) -> None:
    letter = proposed_one(cast)
    with pytest.raises(AttachmentRefused) as refused:
        sign_letter(
            letter=letter, on=DAY, place="Rodez", upload=scan(contents, name), by=cast.agnes
        )
    assert re.search(words, str(refused.value))
    letter.refresh_from_db()
    assert letter.state == LetterState.PROPOSED
    assert not Attachment.objects.exists()


def test_a_signature_to_come_is_refused(cast: Cast) -> None:
    letter = proposed_one(cast)
    later = cast.aubrac.today() + dt.timedelta(days=2)
    with pytest.raises(GovernanceRefused, match="à venir"):
        sign_letter(letter=letter, on=later, place="Rodez", upload=scan(), by=cast.agnes)
    assert not Attachment.objects.exists()


def test_checks_are_followed_by_project(cast: Cast) -> None:
    follow_checks(project=cast.project, answers={"moyens": (True, "un mi-temps")}, by=cast.agnes)
    follow_checks(project=cast.project, answers={"moyens": (True, "un mi-temps")}, by=cast.agnes)
    done = [(line.means, line.note) for line in framing_checks(cast.project) if line.is_done]
    assert done == [("moyens", "un mi-temps")]


def test_no_letter_no_paper(cast: Cast) -> None:
    with pytest.raises(PaperRefused, match="n’existe pas"):
        render_html(kind_of("lettre-cadrage"), cast.project, {})


def test_reading_the_letter_costs_the_same_whatever_it_holds(
    cast: Cast, client: Client, queries: object
) -> None:
    client.force_login(cast.agnes, backend="allauth.account.auth_backends.AuthenticationBackend")
    prepared(cast)
    add_body(cast, "Comité de pilotage", BodyKind.COPIL)
    address = f"/ptsm/{cast.project.pk}/lettre-de-cadrage/"
    before = queries(lambda: client.get(address))  # type: ignore[operator]
    for rank in range(6):
        add_body(cast, f"Groupe {rank}", BodyKind.GROUP)
    assert queries(lambda: client.get(address)) == before  # type: ignore[operator]
    assert before <= 15


def test_parts_say_what_became_of_them(cast: Cast) -> None:
    letter = prepared(cast)
    assert keep_the_rest(letter=letter, by=cast.agnes) == 12
    assert {section.state for section in letter.sections.all()} == {PartState.KEPT}
