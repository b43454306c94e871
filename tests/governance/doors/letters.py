"""The addresses of the framing letter, and of the one rich text."""

from django.core.files.uploadedfile import SimpleUploadedFile

from governance.models import FramingLetter
from governance.services.letters import prepare_letter, propose_letter, sign_letter
from territories.models import Project
from tests.doors import READ_ONLY, Door, Scene, form, gesture, lead, page, read, signed_in

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

DOORS: dict[str, Door] = {
    "core:rich_text_clean": Door(signed_in(), signed_in(), typed={"html": "<b>Bon</b>"}),
    "governance:letter_detail": page("project"),
    "governance:letter_version": page("project", "=1"),
    "governance:letter_compare": page("project"),
    "governance:letter_prepare": gesture(lead, "project"),
    "governance:framing_means": form(lead, "project"),
    "governance:letter_keep_rest": gesture(lead, "project", "=3"),
    "governance:letter_propose": form(lead, "project", "=3"),
    "governance:letter_reopen": form(lead, "project", "=2", back=200, reason="Une coquille"),
    "governance:letter_sign": form(lead, "project", "=2", back=200),
    "governance:letter_scan": Door(read(), READ_ONLY, ("project", "=1")),
    "governance:section_edit": form(lead, "project", "=3", "=preambule", do="garder"),
}


def furnish(scene: Scene) -> dict[str, int | str]:
    """A signed version, a proposed one, and one under way."""
    agnes = scene.people["agnes"]
    assert agnes is not None
    project = Project.objects.with_place().get(pk=scene.keys["project"])
    first = prepare_letter(project=project, by=agnes)
    propose_letter(letter=first, by=agnes)
    upload = SimpleUploadedFile("signee.pdf", PDF)
    sign_letter(letter=first, on=project.territory.today(), place="Rodez", upload=upload, by=agnes)
    second = prepare_letter(project=project, by=agnes)
    propose_letter(letter=second, by=agnes)
    third = prepare_letter(project=project, by=agnes)
    assert FramingLetter.objects.of(project).count() == third.number
    return {}
