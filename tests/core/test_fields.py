"""Fields that several rooms share, seen through rows that use them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from core.fields import FoldedField, QuarterField
from core.quarters import Quarter
from governance.models import Organisation
from tests.factories import OrganisationFactory


def test_quarter_stays_between_1990_and_2099() -> None:
    field = QuarterField("trimestre")
    for quarter in (Quarter.of(1990, 1), Quarter.of(2099, 4)):
        field.run_validators(quarter.index)
    for index in (Quarter.of(1990, 1).index - 1, Quarter.of(2099, 4).index + 1, 2026):
        with pytest.raises(ValidationError):
            field.run_validators(index)


@pytest.mark.django_db
def test_search_text_follows_what_is_saved() -> None:
    row = OrganisationFactory.create(name="Groupe d’Entraide Élan", short_name="GEM")
    assert Organisation.objects.get(folded__contains="entraide elan gem") == row
    row.name = "Maison des Usagers"
    row.save()
    row.refresh_from_db()
    assert row.folded == "maison des usagers gem"


@pytest.mark.django_db
def test_search_text_is_written_in_bulk_as_well() -> None:
    territory = OrganisationFactory.create().territory
    Organisation.objects.bulk_create([Organisation(territory=territory, name="Émile Roux")])
    assert Organisation.objects.filter(folded="emile roux").exists()


@pytest.mark.django_db
def test_search_text_follows_even_when_one_field_is_saved() -> None:
    row = OrganisationFactory.create(name="Groupe Élan", short_name="GEM")
    row.name, row.category = "Maison des Usagers", "autre"
    row.save(update_fields=["category"])
    row.refresh_from_db(fields=["folded"])
    assert row.folded == "groupe elan gem"
    row.save(update_fields=["name"])
    row.refresh_from_db()
    assert row.folded == "maison des usagers gem"


def test_search_text_is_never_typed() -> None:
    field = FoldedField(of=("name",))
    assert not field.editable
    assert field.blank


def test_migrations_keep_what_is_folded() -> None:
    field = FoldedField(of=("name", "short_name"))
    _, _, args, kwargs = field.deconstruct()
    again = FoldedField(*args, **kwargs)
    assert again.of == ("name", "short_name")
    assert isinstance(again, models.TextField)
