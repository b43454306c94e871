"""The paper of compositions: of a day, without what is nobody's business, accepted by veraPDF."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from documents.kinds import PaperRefused, kind_of
from documents.press import canonical
from governance.enums import LivedExperience
from governance.exports.compositions import composition_context, composition_title
from governance.forms.composition_paper import CompositionForm
from tests.cast import Cast
from tests.factories import OrganisationFactory, PersonFactory
from tests.governance.bodies_scene import make_body, make_seat
from tests.verapdf import require_verapdf, validate_all

pytestmark = pytest.mark.django_db
DAY = {"le": "2026-01-05"}


def test_it_tells_the_day_that_was_asked(cast: Cast) -> None:
    body = make_body(cast.project, mission="Arrêter la méthode.")
    gone = PersonFactory.create(territory=cast.aubrac, first_name="Marie", last_name="Roy")
    make_seat(body, gone, ends_on=dt.date(2026, 1, 5), capacity="usagers")
    make_seat(body, None, starts_on=dt.date(2026, 1, 6))
    gone.delete()
    paper = composition_context(cast.project, DAY)["paper"]
    assert paper.count == "1\u00a0instance, 1\u00a0siège"
    ((capacity, (seat,)),) = paper.bodies[0].groups
    assert (capacity, seat.name, seat.mandate) == (
        "Personnes concernées",
        "Marie Roy",
        "jusqu’au 5\u00a0janvier\u00a02026",
    )
    assert composition_title(cast.project, DAY).startswith("Composition des instances au 5")
    assert canonical(composition_context(cast.project, {"le": "2026-01-06"}))


def test_it_says_neither_addresses_nor_lived_experience(cast: Cast) -> None:
    person = PersonFactory.create(
        territory=cast.aubrac,
        email="marie@exemple.fr",
        telephone="0102030405",
        lived_experience=LivedExperience.CARER,
        organisation=OrganisationFactory.create(territory=cast.aubrac),
    )
    make_seat(make_body(cast.project), person)
    said = str(composition_context(cast.project, DAY))
    assert "marie@exemple.fr" not in said
    assert "0102030405" not in said
    assert "aidant" not in said


def test_a_day_without_any_body_is_refused_and_a_word_is_no_day(cast: Cast) -> None:
    with pytest.raises(PaperRefused, match="Aucune instance ne siégeait"):
        composition_context(cast.project, DAY)
    form = CompositionForm({"le": "hier"}, project=cast.project, reader=None)
    assert "Écrivez une date" in str(form.errors)
    form = CompositionForm({"le": "05/01/2026"}, project=cast.project, reader=None)
    assert form.is_valid()
    assert form.parameters == DAY
    form = CompositionForm({}, project=cast.project, reader=None)
    assert form.is_valid()
    assert form.parameters["le"] == cast.aubrac.today().isoformat()


def test_it_is_offered_to_readers(cast: Cast) -> None:
    kind = kind_of("composition")
    assert kind.may_order(cast.bruno, cast.project)
    assert not kind.may_order(cast.gael, cast.project)


@pytest.mark.slow
@pytest.mark.verapdf
def test_it_is_accessible_and_can_be_archived(cast: Cast, tmp_path: Path) -> None:
    require_verapdf()
    body = make_body(cast.project, mission="Arrêter la méthode.\n\nSuivre.", rhythm="Deux fois")
    make_seat(body, PersonFactory.create(territory=cast.aubrac), capacity="usagers")
    make_seat(body, None)
    make_body(cast.project, "Groupe sans membre")
    file = tmp_path / "composition.pdf"
    call_command("print_document", "composition", territory="aubrac", output=str(file))
    reports = validate_all([file])
    assert {key: report for key, report in reports.items() if not report.compliant} == {}
