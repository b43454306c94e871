"""What hangs on the action sheets: roles, money, indicators."""

from core.forms import NO_PATIENT
from roadmap.enums import FundingState, IndicatorKind, RoleKind
from roadmap.models import ActionIndicator, ActionRole, FundingLine
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.workbooks.columns import Column, SheetResource
from roadmap.workbooks.parts import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_LINE,
    key_column,
    number_column,
    objective_column,
)
from roadmap.workbooks.widgets import (
    AmountWidget,
    ChoiceWidget,
    HolderWidget,
    LineWidget,
    PrintedWidget,
    QuarterWidget,
    WholeWidget,
)


def holder_of_role(role: ActionRole) -> tuple[str, int | None, int | None]:
    return (role.label, role.organisation_id, role.person_id)


def holder_of_line(line: FundingLine) -> tuple[str, int | None, int | None]:
    return (line.label, line.organisation_id, None)


class SheetOfRoles(SheetResource):
    """Who does what."""

    name = "Rôles"
    model = ActionRole
    about = "Qui pilote, qui est partenaire\u00a0: une ligne par rôle."

    key = key_column()
    action = number_column()
    objective = objective_column()
    kind = Column(
        "Rôle",
        ChoiceWidget(RoleKind),
        attribute="kind",
        width=16,
        choices="Rôles",
        is_required=True,
        help_text="L’un des rôles de la liste.",
    )
    who = Column(
        "Qui",
        HolderWidget("directory"),
        value=holder_of_role,
        writes=("label", "organisation", "person"),
        width=36,
        choices="Annuaire",
        is_free=True,
        is_required=True,
        help_text=f"Une entrée de l’annuaire, ou un texte libre. {NO_PATIENT}",
    )
    printed = Column(
        "Texte imprimé",
        PrintedWidget(),
        value=holder_of_role,
        writes=("label", "organisation", "person"),
        width=30,
        help_text="Seulement s’il est autre que le nom de l’annuaire.",
    )


class SheetOfFunding(SheetResource):
    """Whose money."""

    name = "Financements"
    model = FundingLine
    about = "Qui paie, combien, et est-ce acquis\u00a0: une ligne par financement."

    key = key_column()
    action = number_column()
    objective = objective_column()
    who = Column(
        "Financeur",
        HolderWidget("funders"),
        value=holder_of_line,
        writes=("label", "organisation"),
        width=30,
        choices="Organisations",
        is_free=True,
        is_required=True,
        help_text="Une organisation de l’annuaire, ou un texte libre.",
    )
    printed = Column(
        "Texte imprimé",
        PrintedWidget(),
        value=holder_of_line,
        writes=("label", "organisation"),
        width=24,
        help_text="Seulement s’il est autre que le nom de l’annuaire.",
    )
    source = Column(
        "Enveloppe",
        LineWidget(LONGEST_LINE),
        attribute="source",
        width=16,
        help_text="Par exemple «\u00a0FIR\u00a0».",
    )
    year = Column(
        "Année",
        WholeWidget(FIRST_YEAR, LAST_YEAR),
        attribute="year",
        width=8,
        look="number",
        help_text="En quatre chiffres.",
    )
    amount = Column(
        "Montant en euros",
        AmountWidget(),
        attribute="amount",
        width=14,
        look="amount",
        help_text="Vide tant qu’il n’est pas connu.",
    )
    state = Column(
        "État",
        ChoiceWidget(FundingState),
        attribute="state",
        width=12,
        choices="États de financement",
        is_required=True,
        has_default=True,
        help_text="L’un des mots de la liste\u00a0; vide sur une ligne nouvelle\u00a0: Envisagé.",
    )


class SheetOfIndicators(SheetResource):
    """How the sheets are judged."""

    name = "Indicateurs"
    model = ActionIndicator
    about = "Ce qui dira si l’action a réussi\u00a0: une ligne par indicateur."

    key = key_column()
    action = number_column()
    objective = objective_column()
    label = Column(
        "Indicateur",
        LineWidget(LONGEST_TITLE),
        attribute="label",
        width=50,
        is_required=True,
        help_text=f"Ce qui est mesuré. {NO_PATIENT}",
    )
    kind = Column(
        "Nature",
        ChoiceWidget(IndicatorKind),
        attribute="kind",
        width=14,
        choices="Natures d’indicateur",
        is_required=True,
        has_default=True,
        help_text=(
            "L’un des mots de la liste\u00a0; vide sur une ligne nouvelle\u00a0: Réalisation."
        ),
    )
    value = Column(
        "Valeur actuelle",
        LineWidget(LONGEST_LINE),
        attribute="value",
        width=16,
        help_text="La dernière valeur connue.",
    )
    target = Column(
        "Cible", LineWidget(LONGEST_LINE), attribute="target", width=16, help_text="Où aller."
    )
    target_quarter = Column(
        "Échéance",
        QuarterWidget(),
        attribute="target_quarter",
        width=11,
        help_text="Le trimestre de la cible\u00a0: «\u00a0T4 2027\u00a0».",
    )
