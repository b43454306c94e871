"""A batch of letters of engagement, as the tests of the engagement begin with."""

from core.models import Mail
from documents.kinds import kind_of
from documents.press import obtain
from governance.enums import OrganisationCategory
from governance.exports.engagement import LETTERS
from governance.models import EngagementLetter, EngagementRound, Organisation
from governance.services.engagement import add_letters, make_round
from governance.summaries.engagement import proposed_words
from tests.cast import Cast
from tests.factories import OrganisationFactory, PersonFactory


def a_round(cast: Cast, *names: str, email: str = "contact@exemple.fr") -> EngagementRound:
    """A batch for these organisations of Aubrac, which have an address and somebody to write to."""
    project = cast.project
    batch = make_round(
        project=project,
        words=proposed_words(project, on=project.territory.today()),
        by=cast.agnes,
    )
    add_letters(batch=batch, organisations=[a_partner(cast, one, email) for one in names], by=None)
    return batch


def a_partner(cast: Cast, name: str, email: str = "contact@exemple.fr") -> Organisation:
    """An organisation of Aubrac, with its address and its person."""
    organisation = OrganisationFactory.create(
        territory=cast.aubrac,
        name=name,
        category=OrganisationCategory.SOCIAL,
        address="3 place de l’Église",
        postcode="12210",
        town="Laguiole",
        email=email,
    )
    organisation.contact = PersonFactory.create(
        territory=cast.aubrac, first_name="Zoé", last_name="Puech", function="directrice"
    )
    organisation.save()
    return organisation


def letters_of(batch: EngagementRound) -> list[EngagementLetter]:
    """Its letters in order, each with the batch."""
    return list(EngagementLetter.objects.filter(round=batch).with_place().in_order())


def print_all(batch: EngagementRound) -> bytes:
    """Print the whole archive, with whatever press the test has."""
    kind = kind_of(LETTERS)
    printed = obtain(kind, batch.project, {"envoi": str(batch.number)})
    return printed.file.read()


def mails() -> list[Mail]:
    """Every mail ordered, the first one first."""
    return list(Mail.objects.order_by("pk"))
