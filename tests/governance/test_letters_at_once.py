"""Two people, or two clicks, on one framing letter at the same moment."""

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from documents.models import Attachment
from governance.enums import LetterState
from governance.models import FramingLetter, LetterSection
from governance.services.letters import (
    keep_the_rest,
    prepare_letter,
    propose_letter,
    sign_letter,
)
from tests.cast import Cast
from tests.governance.doors.letters import PDF
from tests.roadmap.test_at_once import at_once

pytestmark = [
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory locks whole tables"),
    pytest.mark.django_db(transaction=True),
]


def test_two_clicks_prepare_one_letter(cast: Cast) -> None:
    prepare = partial(prepare_letter, project=cast.project, by=cast.agnes)
    made = at_once(cast.project, prepare, prepare)
    assert made[0] == made[1]
    assert LetterSection.objects.count() == 12


def test_a_letter_is_proposed_or_written_never_both(cast: Cast) -> None:
    letter = prepare_letter(project=cast.project, by=cast.agnes)
    given = at_once(
        letter,
        partial(propose_letter, letter=letter, by=cast.agnes),
        partial(propose_letter, letter=letter, by=cast.emile),
    )
    assert sorted(type(one).__name__ for one in given) == ["GovernanceRefused", "NoneType"]
    given = at_once(letter, partial(keep_the_rest, letter=letter, by=cast.emile))
    assert [type(one).__name__ for one in given] == ["GovernanceRefused"]


def test_two_signatures_keep_one_scan(cast: Cast) -> None:
    letter = prepare_letter(project=cast.project, by=cast.agnes)
    propose_letter(letter=letter, by=cast.agnes)
    acts = [
        partial(
            sign_letter,
            letter=letter,
            on=cast.aubrac.today(),
            place="Rodez",
            upload=SimpleUploadedFile(f"{rank}.pdf", PDF),
            by=cast.agnes,
        )
        for rank in range(2)
    ]
    given = at_once(letter, *acts)
    assert sorted(type(one).__name__ for one in given) == ["GovernanceRefused", "NoneType"]
    assert FramingLetter.objects.get().state == LetterState.SIGNED
    assert Attachment.objects.count() == 1
