"""Kinds of organisations and bodies, what is said of them; where meetings and decisions stand."""

from django.db import models


class OrganisationCategory(models.TextChoices):
    """The *acteurs incontournables* of the ANAP method, tome 1 fiche 5."""

    HEALTH = "sanitaire", "Sanitaire"
    PRIMARY_CARE = "premier_recours", "Premier recours"
    MEDICO_SOCIAL = "medico_social", "Médico-social"
    SOCIAL = "social", "Social"
    HOUSING = "logement", "Logement"
    WORK = "emploi", "Emploi"
    EDUCATION = "education", "Éducation"
    JUSTICE = "justice", "Justice"
    LOCAL_AUTHORITY = "collectivite", "Collectivité"
    STATE = "etat", "État"
    INSURANCE = "assurance_maladie", "Assurance maladie"
    USERS = "usagers", "Usagers et familles"
    RESOURCE = "ressource", "Centre de ressources"
    OTHER = "autre", "Autre"


class EthicalDecision(models.TextChoices):
    """What the lead decided of an organisation that the ethical frame would exclude."""

    ACCEPTED = "associee", "Associée malgré l’avertissement"
    SET_ASIDE = "ecartee", "Écartée"


class LivedExperience(models.TextChoices):
    """What somebody may want known of themselves; never asked for, never printed."""

    CONCERNED = "concernee", "Personne concernée"
    CARER = "aidant", "Proche aidant"


class BodyKind(models.TextChoices):
    """The instances that the ANAP method and the territories know, or one of their own."""

    COPIL = "copil", "Comité de pilotage"
    COTECH = "cotech", "Comité technique"
    TEAM = "equipe_projet", "Équipe projet"
    GROUP = "groupe_travail", "Groupe de travail"
    PILOTS = "groupe_porteurs", "Groupe des porteurs d’action"
    PLENARY = "pleniere", "Plénière"
    CSSM = "cssm", "Commission spécialisée en santé mentale"
    OTHER = "autre", "Autre instance"


class Gate(models.TextChoices):
    """The five *portes d’entrée* of the ANAP's Rosace."""

    CARE = "soins", "L’accès au diagnostic et aux soins psychiatriques"
    SITUATIONS = "situations", "Les situations inadéquates"
    SUPPORT = "accompagnements", "L’accès aux accompagnements sociaux et médico-sociaux"
    SOMATIC = "somatiques", "L’accès aux soins somatiques"
    CRISIS = "crise", "La prévention et la gestion des situations de crise"


class SeatRole(models.TextChoices):
    """What somebody does in a body."""

    CHAIR = "presidence", "Présidence"
    COCHAIR = "copresidence", "Coprésidence"
    LEAD = "animation", "Animation"
    MEMBER = "membre", "Membre"


class Capacity(models.TextChoices):
    """For whom somebody sits: a composition is judged by it."""

    USERS = "usagers", "Personnes concernées"
    CARERS = "proches", "Proches et aidants"
    LIBERAL = "liberaux", "Professionnels libéraux"
    HEALTH = "sanitaire", "Établissements de santé"
    MEDICO_SOCIAL = "medico_social", "Médico-social et social"
    AUTHORITY = "collectivites", "Collectivités"
    STATE = "etat", "État et agence régionale de santé"
    INSURANCE = "assurance_maladie", "Assurance maladie"
    OTHER = "autre", "Autre qualité"


class MeetingState(models.TextChoices):
    """Where a meeting stands. The minutes have a state of their own."""

    DRAFT = "preparation", "En préparation"
    CONVENED = "convoquee", "Convoquée"
    HELD = "tenue", "Tenue"
    CANCELLED = "annulee", "Annulée"


class MinutesState(models.TextChoices):
    """Where the minutes of a meeting stand: validated by the next one."""

    NONE = "a_ecrire", "À écrire"
    DRAFT = "en_redaction", "En rédaction"
    PROPOSED = "proposees", "À valider"
    VALIDATED = "validees", "Validées"


class Reply(models.TextChoices):
    """What somebody convened answered."""

    NONE = "sans_reponse", "Sans réponse"
    YES = "oui", "Sera présent"
    NO = "non", "Ne viendra pas"
    REPRESENTED = "represente", "Sera représenté"


class ConvocationKind(models.TextChoices):
    """Why somebody was written to about a meeting."""

    FIRST = "convocation", "Convocation"
    UPDATE = "changement", "Changement"
    CANCEL = "annulation", "Annulation"
    AGAIN = "renvoi", "Renvoi"


class Presence(models.TextChoices):
    """Who was there, as the minutes say it."""

    UNKNOWN = "a_noter", "À noter"
    PRESENT = "present", "Présent"
    REPRESENTED = "represente", "Représenté"
    EXCUSED = "excuse", "Excusé"
    ABSENT = "absent", "Absent"


# What an answer lets one expect; whoever takes the attendance corrects it in a tap.
PRESENCE_OF_REPLY: dict[str, Presence] = {
    Reply.YES: Presence.PRESENT,
    Reply.REPRESENTED: Presence.REPRESENTED,
    Reply.NO: Presence.EXCUSED,
}


class DecisionState(models.TextChoices):
    """Where a decision stands; shown at each meeting of its body until it is closed."""

    OPEN = "ouverte", "En cours"
    DONE = "faite", "Faite"
    DROPPED = "abandonnee", "Abandonnée"


class Repeat(models.TextChoices):
    """How a series of meetings comes back; only typed, never kept."""

    NEVER = "jamais", "Une seule fois"
    WEEKS = "semaines", "Le même jour de la semaine"
    RANK = "rang", "Le même jour du mois, par exemple le 2ᵉ mardi"
    MONTHS = "mois", "À la même date du mois, par exemple le 12"


class LetterState(models.TextChoices):
    """Where a version of the framing letter stands (`docs/states.md`)."""

    DRAFT = "redaction", "En rédaction"
    PROPOSED = "proposee", "Proposée à la signature"
    SIGNED = "signee", "Signée"


class PartState(models.TextChoices):
    """What became of a part of the letter since the model proposed it."""

    TO_READ = "a_relire", "À relire"
    KEPT = "gardee", "Gardée telle quelle"
    REWRITTEN = "reecrite", "Réécrite"


class LetterPart(models.TextChoices):
    """The parts of the ANAP's framing letter, in its order; the annex begins with the axes."""

    PREAMBLE = "preambule", "Préambule"
    AIMS = "objectifs", "Objectifs de la démarche"
    COMMITMENTS = "engagement", "Périmètre de l’engagement"
    DURATION = "duree", "Durée de l’engagement"
    SIGNATORIES = "signataires", "Signataires"
    AXES = "axes", "Axes de travail"
    ACTORS = "acteurs", "Acteurs et prestations concernés"
    GROUND = "perimetre", "Périmètre géographique"
    SHARING = "donnees", "Partage d’informations et de données"
    STEERING = "gouvernance", "Gouvernance"
    CALENDAR = "calendrier", "Calendrier prévisionnel de mise en œuvre"
    GROUPS = "groupes", "Constitution des groupes de travail"


class FramingMeans(models.TextChoices):
    """What the framing phase must settle, after the « Moyens » of the source."""

    FEASIBLE = "faisabilite", "La démarche est faisable\u00a0: temps, budget, volontés réunies"
    AIMS = "objectifs", "Les objectifs poursuivis sont clairs pour tous"
    MEANS = "moyens", "Les moyens sont identifiés"
    STEERING = "gouvernance", "La gouvernance est fixée, avec ou sans le conseil départemental"
    GROUND = "territoire", "Le territoire est choisi"
    KEY_PEOPLE = "interlocuteurs", "Les interlocuteurs clés et les partenaires sont identifiés"
    USERS = "usagers", "Les personnes concernées et leur entourage sont associés"
    MOBILISED = "mobilisation", "Les acteurs ont été contactés et ont envie de participer"
    COMMUNICATION = "communication", "Le plan de communication est préparé"


class EngagementState(models.TextChoices):
    """Where a letter of engagement stands, from the printer to the answer."""

    TO_SEND = "a_envoyer", "À envoyer"
    SENT = "envoyee", "Envoyée"
    SIGNED = "signee", "Signée"
    REFUSED = "refusee", "Refusée"


class SendingWay(models.TextChoices):
    """How a letter of engagement reached its organisation."""

    MAIL = "courriel", "Par courriel"
    POST = "courrier", "Par courrier"
    HAND = "remise", "Remise en main propre"


class FollowedList(models.TextChoices):
    """The two lists that the lead follows beside the sheets."""

    COMMUNICATION = "communication", "Plan de communication"
    PREREQUISITES = "prerequis", "Prérequis"


class FollowedState(models.TextChoices):
    """Where a line of a followed list stands. Lateness is told, never typed."""

    TO_DO = "a_faire", "À faire"
    DOING = "en_cours", "En cours"
    DONE = "fait", "Fait"
    DROPPED = "abandonne", "Abandonné"
