"""The sentences that the house proposes for each part of a framing letter.

They follow the parts of the ANAP's letter, in words of our own, filled from the territory. What
the application does not know is left « à compléter », never invented.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import override

from core.rich_text import clean_html
from core.text import NBSP, counted
from governance.enums import LetterPart
from governance.summaries.letter_facts import TO_COMPLETE, LetterFacts

MONTHS = 18
COMMITMENTS = (
    "Prendre part au diagnostic territorial partagé, en y apportant ses constats et ses données",
    "Mettre son expertise à la disposition de la démarche et y associer ses professionnels",
    "Contribuer à l’écriture d’une feuille de route commune au territoire",
    "Soutenir et mener les actions qui rendront les parcours plus simples et sans rupture",
    "Siéger dans les instances de pilotage où l’on est attendu",
    "Participer au suivi et à l’évaluation de la démarche",
    "Faire connaître la démarche autour de soi et la soutenir",
)
# What the application does not know of a territory: families of a « carte d’identité ».
TO_DESCRIBE = (
    "Répartition de la population par âge",
    "Précarité, chômage et isolement",
    "Établissements autorisés en psychiatrie",
    "Psychiatrie de l’enfant et de l’adolescent",
    "Professionnels libéraux et premier recours",
    "Offre sociale et médico-sociale",
    "Conseils locaux de santé mentale et contrats locaux de santé",
)
# From month, to month, out of eighteen.
STEPS = (
    ("Signature de la lettre et plénière de lancement", 0, 1),
    ("Installation des instances et des groupes de travail", 1, 2),
    ("Diagnostic territorial partagé", 2, 8),
    ("Restitution et validation du diagnostic", 8, 9),
    ("Écriture de la feuille de route et des fiches action", 9, 14),
    ("Consultations et arrêté du projet territorial", 14, 16),
    ("Préparation du contrat territorial de santé mentale", 16, 18),
)


@dataclass(frozen=True)
class Proposed:
    """What the house proposes for a part: its text (HTML), and its lines when it has a list."""

    text: str = ""
    lines: str = ""


def proposed(part: str, facts: LetterFacts, *, on: dt.date, months: int = MONTHS) -> Proposed:
    """The model of a part, filled from the territory. No query."""
    text, lines = _MODELS[LetterPart(part)](facts, on, months)
    return Proposed(clean_html(text), "\n".join(lines))


def duration_in_words(months: int) -> str:
    """« dix-huit mois » is left to whoever rewrites: « 18 mois »."""
    return counted(months, "mois", "mois")


Model = Callable[[LetterFacts, dt.date, int], tuple[str, list[str]]]


def _place(facts: LetterFacts) -> str:
    return f"le territoire «{NBSP}{escape(facts.territory)}{NBSP}»"


def _preamble(facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    new = facts.generation > 1
    before = (
        "<p>Un premier projet a été conduit sur ce territoire. La présente lettre ouvre sa "
        "nouvelle génération, qui s’appuiera sur le bilan de la précédente.</p>"
        if new
        else "<p>La présente lettre ouvre l’élaboration du projet territorial et en fixe le cadre, "
        "afin que chacun s’y engage en confiance.</p>"
    )
    return (
        "<h3>Contexte et historique</h3>"
        "<p>La loi du 26\u00a0janvier\u00a02016 de modernisation de notre système de santé "
        "(article 69) a créé le projet territorial de santé mentale, dont l’objet est "
        "l’amélioration continue de l’accès des personnes concernées à des parcours de "
        "santé et de vie de qualité, sécurisés et sans rupture (article L. 3221-2 du code "
        "de la santé publique). L’instruction du 1er\u00a0décembre\u00a02025 en fait le "
        "cadre de référence des politiques de santé mentale du territoire et demande que "
        "les personnes concernées et leurs proches y soient représentés à chaque "
        "niveau.</p>"
        f"<p>Sur {_place(facts)} ({escape(facts.region)}), les acteurs du soin, de "
        "l’accompagnement social et médico-social, les collectivités, les services de l’État, "
        "l’assurance maladie, les personnes concernées et leurs proches sont appelés à construire "
        f"ce projet ensemble.</p>{before}"
        "<h3>Objectifs principaux</h3>"
        "<ul><li>Améliorer la qualité de vie des personnes vivant avec un trouble psychique, et "
        "celle de leurs proches</li>"
        "<li>Faire évoluer les pratiques pour qu’elles suivent le parcours des personnes, et non "
        "l’inverse</li>"
        "<li>Réunir les conditions d’un travail transversal et coordonné entre les acteurs</li>"
        "<li>Rendre les échanges entre partenaires plus simples, et parler un langage commun</li>"
        "</ul>"
    ), []


def _aims(facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    return (
        f"<p>La démarche réunit les acteurs qui interviennent sur {_place(facts)} autour d’un "
        "engagement réciproque et collectif, pour que chaque personne vivant avec un trouble "
        "psychique y trouve, au bon moment, la réponse dont elle a besoin.</p>"
        "<p>Elle conduit à un diagnostic territorial partagé, puis à une feuille de route que les "
        "acteurs écrivent et mettent en œuvre ensemble. Les actions retenues feront l’objet d’un "
        "contrat territorial de santé mentale conclu entre l’agence régionale de santé et les "
        "acteurs qui y prennent part.</p>"
    ), []


def _commitments(_facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    return (
        "<p>Les institutions et les professionnels signataires, et ceux qui rejoindront la "
        "démarche, s’engagent à\u00a0:</p>"
    ), list(COMMITMENTS)


def _duration(_facts: LetterFacts, _on: dt.date, months: int) -> tuple[str, list[str]]:
    return (
        "<p>Cet engagement mutuel prend effet à la date de signature de la présente lettre. Il "
        f"vaut pour la durée de la démarche, soit {duration_in_words(months)}. Il peut être "
        "prolongé ou révisé d’un commun accord, par une nouvelle version de cette lettre.</p>"
    ), [str(months)]


def _signatories(facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    councils = [f"Conseil départemental ({name})" for name in facts.departments]
    return (
        "<p>La présente lettre est signée par les autorités qui portent ensemble la démarche.</p>"
    ), [
        f"{TO_COMPLETE} | Direction générale | {_cell(facts.agency)}",
        *(
            f"{TO_COMPLETE} | Présidence | {_cell(council)}"
            for council in councils or ["Conseil départemental"]
        ),
    ]


def _axes(_facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    return (
        "<ol><li>Établir un diagnostic partagé à partir des cinq portes d’entrée de la "
        "Rosace\u00a0: l’accès au diagnostic et aux soins psychiatriques, les situations "
        "inadéquates, l’accès aux accompagnements sociaux et médico-sociaux, l’accès aux soins "
        "somatiques, la prévention et la gestion des situations de crise</li>"
        "<li>Construire une feuille de route réaliste, dont chaque action a un pilote, un "
        "calendrier et des indicateurs</li>"
        "<li>Mettre en œuvre cette feuille de route dans le cadre fixé par la présente annexe, et "
        "en rendre compte régulièrement aux instances</li></ol>"
    ), []


def _actors(_facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    return (
        "<p>La démarche concerne tous ceux qui interviennent dans le parcours de la personne et de "
        "son entourage\u00a0: établissements de santé et professionnels de premier recours, "
        "établissements et services sociaux et médico-sociaux, acteurs du logement, de l’emploi, "
        "de l’éducation et de la justice, collectivités, services de l’État, assurance maladie. "
        "Les personnes concernées, leurs proches et leurs associations y prennent part à chaque "
        "étape.</p>"
        "<p>Elle couvre la prévention, le repérage, le soin, l’accompagnement et la vie dans la "
        "cité, notamment à domicile.</p>"
        "<p>Selon les besoins, l’observatoire régional de la santé (ORS), le centre régional "
        "d’études, d’actions et d’informations (CREAI), le centre de ressources sur le handicap "
        "psychique (CREHPSY) et d’autres centres de ressources seront associés.</p>"
    ), []


def _ground(facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    covers = (
        f", qui s’étend sur {escape(facts.departments_in_words)}"
        if facts.departments
        else f" (départements et limites\u00a0: {TO_COMPLETE})"
    )
    return (
        f"<p>La démarche porte sur {_place(facts)}{covers}. Les raisons de ce choix\u00a0: "
        f"{TO_COMPLETE}.</p>"
        "<p>La carte d’identité qui suit rassemble ce qui en est connu à ce jour\u00a0; le "
        "diagnostic la complétera.</p>"
    ), [f"{name} | {TO_COMPLETE}" for name in [*_unknown(facts), *TO_DESCRIBE]]


def _unknown(facts: LetterFacts) -> list[str]:
    """The lines of the identity card that the application cannot fill."""
    return [name for name, value in facts.identity if value == TO_COMPLETE]


def _sharing(_facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    return (
        "<p>Le diagnostic et les actions supposent de réunir des informations que détiennent les "
        "établissements et services, l’agence régionale de santé, l’assurance maladie, l’assurance "
        "vieillesse, le conseil départemental et la maison départementale des personnes "
        "handicapées.</p>"
        "<p>Seules des données agrégées, qui ne permettent de reconnaître personne, sont "
        "partagées dans la démarche. Tout traitement de données respecte les règles de protection "
        "dont la Commission nationale de l’informatique et des libertés (CNIL) assure le "
        "respect\u00a0; les formalités éventuelles sont préparées avant tout recueil.</p>"
    ), []


def _steering(facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    known = (
        "<p>Les instances installées à ce jour, leurs missions et leur composition sont "
        "présentées ci-après.</p>"
        if facts.steering
        else "<p>Un comité de pilotage fixera les orientations et validera les grandes étapes"
        "\u00a0; une équipe projet préparera ses travaux et suivra leur exécution. Leur "
        f"composition\u00a0: {TO_COMPLETE}.</p>"
    )
    return (
        f"{known}<p>Chaque instance compte des personnes concernées et des proches. Le "
        "coordonnateur du projet territorial en est le chef de projet\u00a0: il prépare les "
        "réunions, en garde la mémoire et suit les décisions jusqu’à leur terme.</p>"
    ), []


def _calendar(_facts: LetterFacts, on: dt.date, months: int) -> tuple[str, list[str]]:
    lines = []
    for step, first, last in STEPS:
        begins, ends = round(first * months / MONTHS), round(last * months / MONTHS)
        lines.append(f"{step} | {_month(on, begins)} | {_month(on, max(ends - 1, begins))}")
    return (
        "<p>Ce calendrier est indicatif. Le comité de pilotage l’ajuste, et le dit aux "
        "partenaires.</p>"
    ), lines


def _groups(facts: LetterFacts, _on: dt.date, _months: int) -> tuple[str, list[str]]:
    known = (
        "<p>Les groupes de travail présentés ci-après sont constitués à ce jour. D’autres pourront "
        "l’être à mesure de la démarche.</p>"
        if facts.groups
        else "<p>Un groupe de travail sera constitué pour chaque porte d’entrée du diagnostic, "
        f"puis pour chaque axe de la feuille de route. Leur composition\u00a0: {TO_COMPLETE}.</p>"
    )
    return (
        f"{known}<p>Chaque groupe réunit des professionnels de plusieurs champs, des personnes "
        "concernées et des proches. Il est animé par deux personnes, rend compte à l’équipe projet "
        "et remet ses conclusions par écrit.</p>"
    ), []


def _month(on: dt.date, later: int) -> str:
    """« janvier 2027 », counted from the month that follows."""
    year, month = divmod(on.year * 12 + on.month + later, 12)
    with override("fr"):
        return date_format(dt.date(year, month + 1, 1), "F Y")


def _cell(words: str) -> str:
    """A column ends where the next one begins."""
    return words.replace("|", "/")


_MODELS: dict[LetterPart, Model] = {
    LetterPart.PREAMBLE: _preamble,
    LetterPart.AIMS: _aims,
    LetterPart.COMMITMENTS: _commitments,
    LetterPart.DURATION: _duration,
    LetterPart.SIGNATORIES: _signatories,
    LetterPart.AXES: _axes,
    LetterPart.ACTORS: _actors,
    LetterPart.GROUND: _ground,
    LetterPart.SHARING: _sharing,
    LetterPart.STEERING: _steering,
    LetterPart.CALENDAR: _calendar,
    LetterPart.GROUPS: _groups,
}
