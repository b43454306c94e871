"""The papers of a meeting and of the register: what they say, then the files."""

from pathlib import Path

import pytest

from documents.kinds import PaperRefused, kind_of
from documents.press import render_html
from documents.printing import print_pdf
from governance.enums import DecisionState, Presence, Reply
from governance.exports.papers import (
    convocation_context,
    minutes_context,
    register_context,
    signing_context,
)
from governance.forms.papers import MinutesForm
from governance.models import Decision
from governance.services.decisions import close_decision
from governance.services.minutes import validate_minutes
from tests.cast import Cast
from tests.factories import unsigned
from tests.governance.held import Held, convene, decide, fresh, hold, note, proposed
from tests.verapdf import require_verapdf, validate_all


@pytest.fixture
def held(cast: Cast) -> Held:
    return hold(cast.project)


def furnished(held: Held, cast: Cast, people: int = 3) -> Held:
    """A meeting with people, words and decisions, proposed."""
    for rank in range(people):
        who = convene(
            held.last,
            f"Personne {rank + 1}",
            (Reply.YES, Reply.NO, Reply.REPRESENTED)[rank % 3],
            organisation_name="Association de l’Aubrac",
            capacity="Membre",
            represented_by="Paul Roux" if rank % 3 == 2 else "",
        )
        with unsigned():
            who.presence = list(Presence)[1 + rank % 4]
            who.save()
    decide(held, "Former les équipes", cast.agnes, item=held.item)
    late = {"due_on": held.last.starts_on, "responsible": "Maya Legrand"}
    decide(held, "Écrire aux bailleurs", cast.agnes, more=late)
    note(held.second, "Premier paragraphe.\n\nSecond paragraphe, avec <b>balises</b>.", cast.agnes)
    proposed(held, cast.agnes)
    return held


def test_draft_minutes_are_not_printed(cast: Cast, held: Held) -> None:
    with pytest.raises(PaperRefused, match="en rédaction"):
        minutes_context(cast.project, {"meeting": str(held.last.pk)})
    form = MinutesForm({}, project=cast.project, reader=cast.bruno)
    assert not form.is_valid()
    proposed(held, cast.agnes)
    form = MinutesForm({}, project=cast.project, reader=cast.bruno)
    assert form.is_valid()
    assert form.parameters == {"meeting": str(held.last.pk)}


def test_minutes_say_project_until_they_are_validated(cast: Cast, held: Held) -> None:
    furnished(held, cast)
    chosen = {"meeting": str(held.last.pk)}
    paper = minutes_context(cast.project, chosen)["paper"]
    assert paper.imprint.foot.endswith("Projet")
    validate_minutes(meeting=fresh(held.last), at=held.next, corrections="", by=cast.agnes)
    paper = minutes_context(cast.project, chosen)["paper"]
    assert "Projet" not in paper.imprint.foot
    assert paper.read.is_validated


def test_meeting_of_elsewhere_is_not_printed(cast: Cast, held: Held) -> None:
    for chosen in ({"meeting": str(held.last.pk)}, {"meeting": "x"}, {}):
        with pytest.raises(PaperRefused):
            convocation_context(cast.elsewhere, chosen)


def test_convocation_and_list_to_sign_say_who_and_what(cast: Cast, held: Held) -> None:
    decide(held, "Former", cast.agnes)
    convene(held.next, "Nina Roy", Reply.REPRESENTED, represented_by="Paul Roux")
    chosen = {"meeting": str(held.next.pk)}
    paper = convocation_context(cast.project, chosen)["paper"]
    assert [line.text for line in paper.still_open] == ["Former"]
    signing = signing_context(cast.project, chosen)["paper"]
    assert signing.signers[0].expected == "représenté par Paul Roux"
    assert len(signing.blanks) == 6


def test_register_tells_lateness_and_how_decisions_ended(cast: Cast, held: Held) -> None:
    furnished(held, cast)
    done = decide_elsewhere(held, cast)
    close_decision(
        decision=done,
        state=DecisionState.DROPPED,
        words="Sans suite",
        on=cast.aubrac.today(),
        by=cast.agnes,
    )
    rows = register_context(cast.project, {})["paper"].rows
    assert [row.number for row in rows] == [3, 2, 1]
    assert rows[1].lateness == "en retard de\u00a03\u00a0jours"
    assert "Sans suite" in rows[0].closing
    with pytest.raises(PaperRefused, match="Aucune décision"):
        register_context(cast.project, {"state": "faite"})


def decide_elsewhere(held: Held, cast: Cast) -> Decision:
    return decide(held, "Par courriel", cast.agnes, meeting=None)


@pytest.mark.slow
@pytest.mark.verapdf
@pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning")
def test_papers_are_accessible_and_can_be_archived(cast: Cast, held: Held, tmp_path: Path) -> None:
    require_verapdf()
    furnished(held, cast, people=30)
    chosen = {"meeting": str(held.last.pk)}
    asked = {"convocation": chosen, "emargement": chosen, "compte-rendu": chosen, "decisions": {}}
    files = []
    for code, parameters in asked.items():
        html = render_html(kind_of(code), cast.project, parameters)
        files.append(tmp_path / f"{code}.pdf")
        files[-1].write_bytes(print_pdf(html))
    reports = validate_all(files)
    assert len(reports) == 2 * len(files)
    assert {key: one for key, one in reports.items() if not one.compliant} == {}
