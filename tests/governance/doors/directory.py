"""The directory: organisations, people, duplicates, Excel."""

from territories.models import Territory
from tests.doors import Door, Scene, form, gesture, manage, page, people
from tests.factories import OrganisationFactory, PersonFactory

DOORS: dict[str, Door] = {
    "governance:person_detail": page("territory", "person", get=people()),
    "governance:person_remove": form(manage, "territory", "stray"),
    "governance:organisation_list": page("territory", get=people()),
    "governance:organisation_detail": page("territory", "organisation", get=people()),
    "governance:organisation_add": form(manage, "territory", name="GEM", category="usagers"),
    "governance:organisation_edit": form(
        manage, "territory", "organisation", back=200, name="GEM", category="usagers"
    ),
    "governance:organisation_close": form(
        manage, "territory", "organisation", closed_on="2026-01-05"
    ),
    "governance:organisation_reopen": gesture(manage, "territory", "organisation"),
    "governance:organisation_remove": form(manage, "territory", "organisation"),
    "governance:organisation_ethics": form(
        manage, "territory", "outcast", back=200, decision="ecartee"
    ),
    "governance:duplicate_list": page("territory", "=personnes", get=manage()),
    "governance:duplicate_find": page("territory", "=personnes", "stray", get=manage()),
    "governance:duplicate_merge": form(
        manage, "territory", "=personnes", "stray", "person", back=200
    ),
    # Reading takes it away; sending it back is for who keeps it. No file of the scene is kept.
    "governance:directory_workbook": Door(people(), manage(), ("territory",)),
    "governance:directory_download": page("territory", get=people()),
    "governance:directory_preview": gesture(manage, "territory", "=999"),
}


def furnish(scene: Scene) -> dict[str, int | str]:
    """An organisation that nothing names, one that the frame excludes, and a stray person."""
    territory = Territory.objects.get(code=scene.keys["territory"])
    outcast = OrganisationFactory.create(territory=territory, promotes_unrecognised=True)
    return {
        "organisation": OrganisationFactory.create(territory=territory).pk,
        "outcast": outcast.pk,
        "stray": PersonFactory.create(territory=territory).pk,
    }
