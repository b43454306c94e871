"""Stages, acts, scopes and roles."""

from django.db import models


class Stage(models.TextChoices):
    """Where a project stands, in the order of the method."""

    FRAMING = "cadrage", "Cadrage"
    DIAGNOSTIC = "diagnostic", "Diagnostic"
    ROADMAP = "feuille_de_route", "Feuille de route"
    RUNNING = "mise_en_oeuvre", "Mise en œuvre"


class ActKind(models.TextChoices):
    """Formal acts around a project (CSP, L. 3221-2 and R. 3224-1)."""

    DIAGNOSTIC_ORDER = "arrete_diagnostic", "Arrêté du diagnostic"
    PROJECT_ORDER = "arrete_ptsm", "Arrêté du PTSM"
    CTS_OPINION = "avis_cts", "Avis du conseil territorial de santé"
    CLSM_OPINION = "avis_clsm", "Avis du conseil local de santé mentale"
    CLS_OPINION = "avis_cls", "Avis du conseil local de santé"
    SIGNATURE = "signature", "Signature"
    PUBLICATION = "publication", "Publication"
    REVISION = "revision", "Révision"


class Scope(models.TextChoices):
    """How far a membership reaches."""

    NATIONAL = "national", "National"
    REGION = "region", "Région"
    TERRITORY = "territoire", "Territoire"


class Role(models.TextChoices):
    """What a person may do in that scope (`decisions.md` 20)."""

    NATIONAL_READER = "lecteur_national", "Lecture nationale"
    REGIONAL_LEAD = "pilotage_regional", "Pilotage régional (ARS)"
    REGIONAL_READER = "lecteur_regional", "Lecture régionale (ARS)"
    TERRITORY_LEAD = "coordination", "Coordination du territoire"
    PILOT = "pilote", "Pilote de fiche action"
    MEMBER = "membre", "Membre"
    GUEST = "invite", "Invité"


ROLES_OF_SCOPE: dict[Scope, frozenset[Role]] = {
    Scope.NATIONAL: frozenset({Role.NATIONAL_READER}),
    Scope.REGION: frozenset({Role.REGIONAL_LEAD, Role.REGIONAL_READER}),
    Scope.TERRITORY: frozenset({Role.TERRITORY_LEAD, Role.PILOT, Role.MEMBER, Role.GUEST}),
}

# Whoever works on a project reads its current state; the others read what is official.
WORKING_ROLES = frozenset(Role) - {Role.NATIONAL_READER, Role.GUEST}
LEADING_ROLES = frozenset({Role.REGIONAL_LEAD, Role.TERRITORY_LEAD})
# Writes the sheets of which they are pilot or copilot in person.
PILOTING_ROLES = frozenset({Role.PILOT})
