"""Bodies, seats, compositions."""

from governance.models import Person
from territories.models import Project
from tests.doors import Door, Scene, form, gesture, lead, page
from tests.governance.bodies_scene import make_body, make_seat

DOORS: dict[str, Door] = {
    "governance:governance_home": page("project"),
    "governance:composition_list": page("project"),
    "governance:composition_export": page("project"),
    "governance:body_list": page("project"),
    "governance:body_add": form(lead, "project", kind="copil", name="Copil bis"),
    "governance:body_detail": page("body"),
    "governance:body_edit": form(lead, "body", kind="copil", name="Copil"),
    "governance:body_place": gesture(lead, "body", rang="1"),
    "governance:body_end": form(lead, "body", on="2026-01-05"),
    "governance:body_bring_back": gesture(lead, "body"),
    "governance:seat_add": form(lead, "body", capacity="usagers", role="membre"),
    "governance:seat_add_many": form(lead, "body", chercher="1", mots="Roy"),
    "governance:seat_edit": form(lead, "seat", capacity="usagers", role="membre"),
    "governance:seat_end": form(lead, "seat", on="2026-01-05"),
    "governance:seat_replace": form(lead, "seat", back=200),
}


def furnish(scene: Scene) -> dict[str, int | str]:
    """A body of the project of the scene, where one person of the directory sits."""
    project = Project.objects.with_place().get(pk=scene.keys["project"])
    body = make_body(project, "Comité de la scène")
    person = Person.objects.of(project.territory).first()
    return {"body": body.pk, "seat": make_seat(body, person).pk}
