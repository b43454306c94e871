"""The words of follow-up tables: what a title announces, what a cell answers."""

import re
from dataclasses import dataclass

from core.text import fold
from roadmap.enums import CellState, ObjectiveState, Status


@dataclass(frozen=True)
class Field:
    """Something that a column may hold; `says` tells it in French."""

    code: str
    says: str
    # Several columns may hold it.
    is_many: bool = False


FIELDS = {
    field.code: field
    for field in (
        Field("number", "numéro de la fiche"),
        Field("title", "titre de la fiche"),
        Field("priority", "priorité du décret"),
        Field("axis", "axe"),
        Field("objective", "objectif opérationnel"),
        Field("need", "constat ou besoin", is_many=True),
        Field("aim", "objectif de l’action", is_many=True),
        Field("audience", "public concerné", is_many=True),
        Field("area", "territoire d’application", is_many=True),
        Field("method", "méthode", is_many=True),
        Field("means", "moyens", is_many=True),
        Field("pilot", "pilote", is_many=True),
        Field("copilot", "copilote", is_many=True),
        Field("partner", "partenaires", is_many=True),
        Field("funder", "financeurs", is_many=True),
        Field("amount", "montant"),
        Field("status", "avancement"),
        Field("remarks", "remarques", is_many=True),
        Field("indicator", "indicateurs", is_many=True),
        Field("start", "début"),
        Field("end", "fin"),
        Field("period", "calendrier"),
        Field("ignore", "laissée de côté à la demande", is_many=True),
    )
}
QUARTERS = "quarters"

# From the surest to the vaguest; a word counts wherever it stands in the title of a column.
ANNOUNCED: tuple[tuple[str, str, float], ...] = (
    ("number", r"n°|no|nb?r?o?|num|numero|ref|reference|code|id", 1.0),
    (
        "number",
        r"(?:n°|no|num\.?|numero)( de)?( la| l')?\s?(?:fiche|action|fa|fiche action).*",
        1.0,
    ),
    ("number", r"(?:fiche|fa)( action)?\s?n°|#", 1.0),
    ("priority", r"\bpriorites?\b", 0.9),
    ("axis", r"\baxes?\b|\borientations?\b|\bchantiers?\b|\benjeux?\b", 0.9),
    ("axis", r"\bobjectifs? strategiques?\b|\bthematiques?\b|\bvolets?\b", 0.8),
    ("copilot", r"\bco\s?-?pilot", 1.0),
    ("pilot", r"\bpilot|\breferent|\bresponsable|\bporteur|\bchef de file|\bqui\s?\?", 0.9),
    (
        "partner",
        r"\bpartenaires?\b|\bacteurs?\b|\bcontributeurs?\b|\bassocies?\b|\bmembres?\b",
        0.9,
    ),
    ("amount", r"\bmontants?\b|\bbudgets?\b|\bcouts?\b|€|\beuros?\b", 0.9),
    ("funder", r"\bfinanceurs?\b|\bfinancements?\b|\bfinance par\b", 0.9),
    ("indicator", r"\bindicateurs?\b|\bevaluation\b|\bcritere", 0.9),
    ("start", r"\bdebut\b|\bdemarrage\b|\blancement\b|\bdate de depart\b|\bdu\b$", 0.9),
    ("end", r"\bfin\b|\becheances?\b|\bcloture\b|\bdate limite\b|\bterme\b|\bdelai", 0.9),
    (
        "period",
        r"\bcalendrier\b|\bplanning\b|\bperiode\b|\bquand\b|\btrimestres?\b|\bdates?\b",
        0.8,
    ),
    ("status", r"\bavancement\b|\bstatuts?\b|\betat\b|\brealisation\b|\bsuivi\b", 0.8),
    ("status", r"\bou en est-on\b|\bmeteo\b", 0.7),
    (
        "remarks",
        r"\bcommentaires?\b|\bobservations?\b|\bremarques?\b|\bnotes?\b|\bpoints? d'",
        0.95,
    ),
    ("remarks", r"\bbilan\b|\bprochaines? etapes?\b|\bfreins?\b|\bleviers?\b|\bprecisions?\b", 0.8),
    ("need", r"\bconstats?\b|\bbesoins?\b|\bcontexte\b|\bdiagnostic\b|\bproblematique\b", 0.9),
    ("audience", r"\bpublics?\b|\bcibles?\b|\bbeneficiaires?\b|\busagers?\b|\bpopulation", 0.8),
    ("area", r"\bterritoires?\b|\bsecteurs?\b|\blieux?\b|\bperimetre\b|\bzone\b", 0.8),
    ("method", r"\bmethode|\bmodalites?\b|\bmise en oeuvre\b|\bcomment\b|\bdescription\b", 0.8),
    ("means", r"\bmoyens?\b|\bressources?\b|\boutils?\b", 0.8),
    ("objective", r"\bobjectifs? operationnels?\b|\bsous-?actions?\b|\betapes?\b|\btaches?\b", 1.0),
    ("aim", r"\bobjectifs? (?:general|generaux|de l.action|vises?)\b|\bfinalite|\bbut\b", 0.95),
    ("title", r"\bfiches?[ -]actions?\b|\bintitules?\b|\btitres?\b|\blibelles?\b", 1.0),
    ("title", r"\bactions?\b|\bfiches?\b|\bprojets?\b|\bmesures?\b", 0.8),
    ("objective", r"\bactions?\b|\bjalons?\b|\blivrables?\b", 0.6),
    ("objective", r"\bobjectifs?\b", 0.8),
    ("aim", r"\bobjectifs?\b", 0.6),
)
WHOLE_TITLES = 3
PATTERNS = tuple(
    (code, re.compile(pattern), score, rank < WHOLE_TITLES)
    for rank, (code, pattern, score) in enumerate(ANNOUNCED)
)


def announced_by(title: str) -> list[tuple[float, str, str]]:
    """What a title may announce, the surest first: its score, its field, the words that say so."""
    text = fold(title).strip(" :.*")
    best: dict[str, tuple[float, str, str]] = {}
    for code, pattern, score, is_whole in PATTERNS:
        found = pattern.fullmatch(text) if is_whole else pattern.search(text)
        if found is None:
            continue
        # The first words of a title say more than the last ones.
        worth = round(score - min(found.start(), 60) / 300 - min(len(text), 120) / 1200, 3)
        if worth > best.get(code, (0.0, "", ""))[0]:
            best[code] = (worth, code, found[0].strip())
    return sorted(best.values(), reverse=True)


# --- Statuses -----------------------------------------------------------------------------------

STATUS_WORDS: tuple[tuple[Status, str], ...] = (
    (Status.DROPPED, r"abandon\w*|annul\w*|supprim\w*|sans suite|non retenue?s?"),
    (
        Status.SUSPENDED,
        r"suspen\w*|(?:mis\w* )?en pause|report\w*|gel\w*|bloqu\w*|en attente|differ\w*",
    ),
    (
        Status.NOT_STARTED,
        r"a venir|non (?:commence|demarre|debute|initie|realise|entame|lance)\w*|"
        r"pas (?:encore )?(?:commence|demarre|debute|initie|lance)\w*|a faire|a lancer|a demarrer|"
        r"a initier|prevue?s?|planifiee?s?|a planifier|a programmer|programmee?s?|0\s?%",
    ),
    (
        Status.RUNNING,
        r"en cours\b.*|demarre\w*|commence\w*|engage\w*|lance\w*|initie\w*|debute\w*|en continu|"
        r"partiel\w*|partiellement .*|[1-9]\d?\s?%",
    ),
    (
        Status.DONE,
        r"termin\w*|faite?s?|realise\w*|clotur\w*|clos\w*|acheve\w*|finie?s?|finalise\w*|effectif|"
        r"effective|abouti\w*|ok|oui|100\s?%|fini",
    ),
)
STATUSES = tuple((status, re.compile(pattern)) for status, pattern in STATUS_WORDS)
STATE_OF_OBJECTIVE = {
    Status.DONE: ObjectiveState.DONE,
    Status.RUNNING: ObjectiveState.RUNNING,
    Status.DROPPED: ObjectiveState.DROPPED,
    Status.NOT_STARTED: ObjectiveState.TODO,
}


def status_of(text: str) -> Status | None:
    """« terminé » is Réalisée; nothing for words that are no status."""
    folded = fold(text).strip(" .!-:*✓✔")
    folded = re.sub(r"^(?:action|fiche|statut|etat|projet)s?\s?:? ", "", folded)
    for status, pattern in STATUSES:
        if fold(status.label) == folded or pattern.fullmatch(folded):
            return status
    return None


PRIORITY_NUMBER = re.compile(r"priorite\s*(?:n°\s*)?(\d)\b|^(\d)\s*[-–.:)]")


def priority_in(text: str) -> str:
    """« 2 » in « Priorité 2 : parcours »."""
    found = PRIORITY_NUMBER.search(fold(text))
    return (found[1] or found[2]) if found else ""


# --- Quarters' cells ----------------------------------------------------------------------------

CROSSES = {
    "x",
    "xx",
    "xxx",
    "✓",
    "✔",
    "✗",
    "●",
    "■",
    "o",
    "oui",
    "1",
    "p",
    "prevu",
    "prevue",
    "•",
    "*",
}
BLANKS = {"", "-", "–", "—", "non", "0", "/", "n/a", "na", "sans objet", "so"}


def cell_state_of(text: str) -> str | None:
    """What a cell under a quarter says: a state, blank for nothing, None for other words."""
    folded = fold(text)
    if folded in BLANKS:
        return ""
    if folded in CROSSES:
        return CellState.PLANNED
    status = status_of(text)
    if folded in {"f", "r"} or status is Status.DONE:
        return CellState.DONE
    if folded.startswith("decal") or folded == "d" or status is Status.SUSPENDED:
        return CellState.SLIPPED
    return CellState.PLANNED if status in {Status.NOT_STARTED, Status.RUNNING} else None


# --- Numbers, lists, rows -----------------------------------------------------------------------

NUMBER = re.compile(
    r"(?:fiches?[ -]?actions?|fiches?|actions?|fa|f|a|no|num|numero)?\.?\s?"
    r"(?:n°\s?|n\s?°\s?|no |n )?[-. ]?0*(\d{1,4})\.?"
)
NUMBER_AND_TITLE = re.compile(
    r"^\s*(?:fiches?[ -]?actions?|fiches?|actions?|fa)\s*(?:n°|no|n)?\s*"
    r"0*(\d{1,4})\s*[:.–—)-]\s*([^\s\d].*)$",
    re.IGNORECASE | re.DOTALL,
)
TOTAL = re.compile(r"^(?:sous[- ]?)?(?:totaux\b|total\b|somme\b|moyenne\b|nombre (?:de\b|d')|nb d)")
BULLET = re.compile(r"^\s*(?:[-–—•●▪■◦*►➢✓]|\d{1,2}[.)]\s)\s*")
SECTION = re.compile(r"^(?:axes?|orientations?|chantiers?|volets?|thematiques?|objectifs? strat)\b")


def number_of(text: str) -> int | None:
    """« Fiche 12 », « n°4 », « FA 07 »; nothing for « 3.2 »."""
    spelled = text.strip().replace("º", "°")
    folded = " ".join(spelled.lower().replace("\u00a0", " ").split())
    found = NUMBER.fullmatch(folded)
    number = int(found[1]) if found else 0
    return number or None


def parts_of_list(text: str) -> list[str]:
    """What stands between semicolons, on each line, after each bullet; commas part no names."""
    parts = (BULLET.sub("", part).strip() for part in re.split(r"[;\n]|\s[•●▪]\s", text))
    return [part for part in parts if part]


def is_total(text: str) -> bool:
    return TOTAL.match(fold(text)) is not None


def is_section(text: str) -> bool:
    """« Axe 1 – Repérage »: the title of the rows below."""
    return SECTION.match(fold(text)) is not None
