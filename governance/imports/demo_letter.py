"""The framing letter of « Territoire de démonstration », signed long ago; everything is invented.

Made by the same services as anybody's. Its « scan » is a page that says it is none.
"""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from governance.enums import FramingMeans, LetterPart, PartState
from governance.models import FramingLetter, LetterSection
from governance.services.letters import (
    follow_checks,
    keep_the_rest,
    prepare_letter,
    propose_letter,
    sign_letter,
    writing_letter,
)
from governance.summaries.letter_facts import TO_COMPLETE, LetterFacts
from governance.summaries.letter_words import proposed
from governance.summaries.letters import letter_facts
from territories.models import Project

# Days before the one that the demonstration shows.
PROPOSED, SIGNED = 420, 400
PLACE = "Valmont-Fictif"
SIGNATORIES = (
    "Hélène Marchand (fictive) | Directrice générale | Agence régionale de santé\n"
    "Bernard Leroux (fictif) | Président | Conseil départemental"
)
KNOWN = {
    "Départements couverts": "Val-Fictif, en entier (département inventé)",
    "Population municipale": "212 000 habitants (chiffre inventé)",
    "Communes": "148 communes",
    "Chef-lieu": "Valmont-Fictif",
    "Répartition de la population par âge": "23 % de moins de 20 ans, 29 % de 60 ans et plus",
    "Précarité, chômage et isolement": "deux quartiers prioritaires de la ville",
    "Établissements autorisés en psychiatrie": "un centre hospitalier, deux secteurs d’adultes",
    "Psychiatrie de l’enfant et de l’adolescent": "un secteur, une maison des adolescents",
    "Professionnels libéraux et premier recours": "deux CPTS, sept psychiatres libéraux",
    "Offre sociale et médico-sociale": "un SAMSAH, deux GEM, une équipe d’emploi accompagné",
    "Conseils locaux de santé mentale et contrats locaux de santé": "un CLSM, un CLS",
}


def load_demo_letter(project: Project, *, lead: User, on: dt.date) -> FramingLetter | None:
    """Prepare, complete, propose and sign the letter; nothing when the project has one.

    About fifty queries.
    """
    if FramingLetter.objects.of(project).exists():
        return None
    letter = prepare_letter(project=project, by=lead)
    facts = letter_facts(letter)
    with writing_letter(letter, by=lead, words="a complété la lettre") as under_way:
        for section in under_way.letter.sections.all():
            _complete(section, facts, on - dt.timedelta(days=SIGNED))
    keep_the_rest(letter=letter, by=lead)
    propose_letter(letter=letter, by=lead, on=on - dt.timedelta(days=PROPOSED))
    sign_letter(
        letter=letter,
        on=on - dt.timedelta(days=SIGNED),
        place=PLACE,
        upload=SimpleUploadedFile("lettre-de-cadrage-signee-fictive.pdf", fictional_scan()),
        by=lead,
    )
    answers = {means.value: (means != FramingMeans.COMMUNICATION, "") for means in FramingMeans}
    follow_checks(project=project, answers=answers, by=lead)
    return letter


def _complete(section: LetterSection, facts: LetterFacts, on: dt.date) -> None:
    before = (section.text, section.lines)
    if section.part == LetterPart.CALENDAR:
        section.lines = proposed(LetterPart.CALENDAR, facts, on=on).lines
    if section.part == LetterPart.SIGNATORIES:
        section.lines = SIGNATORIES
    elif section.part == LetterPart.GROUND:
        section.lines = "\n".join(f"{name} | {value}" for name, value in KNOWN.items())
    section.text = section.text.replace(f"Les raisons de ce choix\u00a0: {TO_COMPLETE}.", REASONS)
    section.text = section.text.replace(f" (départements et limites\u00a0: {TO_COMPLETE})", "")
    section.text = section.text.replace(f" Leur composition\u00a0: {TO_COMPLETE}.", "")
    if (section.text, section.lines) != before:
        section.state = PartState.REWRITTEN
        section.save(update_fields=["text", "lines", "state"])


REASONS = "C’est celui des parcours réels des habitants, du centre hospitalier à leur domicile."


def fictional_scan() -> bytes:
    """A page in PDF that says that nobody signed anything."""
    lines = (
        "Exemplaire sign\\351 FICTIF",
        "Territoire de d\\351monstration",
        "Cette page tient lieu de num\\351risation\\240: personne n\\222a rien sign\\351.",
    )
    shown = " ".join(f"({line}) Tj 0 -40 Td" for line in lines)
    drawn = f"BT /F1 20 Tf 60 700 Td {shown} ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, places = "%PDF-1.4\n", []
    for rank, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{rank} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end + trailer).encode("ascii")
