"""The sheets of actions and of objectives."""

from core.forms import NO_PATIENT
from roadmap.enums import ObjectiveKind, ObjectiveState, Status
from roadmap.models import Action, Objective
from roadmap.models.objectives import LONGEST_TITLE
from roadmap.services.numbering import HIGHEST_NUMBER
from roadmap.services.objectives import MOST_ROWS_OF_SHEET
from roadmap.services.pasting import LONGEST_LABEL
from roadmap.workbooks.columns import Column, SheetResource
from roadmap.workbooks.parts import (
    LONGEST_NOTE,
    LONGEST_TEXT,
    ONLY_IF_OTHER,
    key_column,
    keys_of,
    number_column,
    paragraphs,
)
from roadmap.workbooks.widgets import (
    AxisWidget,
    ChoiceWidget,
    LineWidget,
    ObjectiveWidget,
    ParagraphsWidget,
    PrioritiesWidget,
    PriorityWidget,
    QuarterWidget,
    RankWidget,
    ThemesWidget,
    WholeWidget,
    YesNoWidget,
)


class SheetOfActions(SheetResource):
    """The action sheets."""

    name = "Fiches"
    model = Action
    about = "Une ligne par fiche action."

    key = key_column()
    number = Column(
        "N°",
        WholeWidget(1, HIGHEST_NUMBER),
        attribute="number",
        width=7,
        look="number",
        is_required=True,
        help_text="Le numéro de la fiche, qu’aucune autre ne porte.",
    )
    title = Column(
        "Titre",
        LineWidget(LONGEST_TITLE),
        attribute="title",
        width=50,
        is_required=True,
        help_text=f"L’intitulé de la fiche. {NO_PATIENT}",
    )
    planning_title = Column(
        "Titre au planning",
        LineWidget(LONGEST_TITLE),
        attribute="planning_title",
        width=30,
        help_text=ONLY_IF_OTHER,
    )
    priority = Column(
        "Priorité",
        PriorityWidget(),
        attribute="priority_id",
        writes=("priority",),
        width=32,
        choices="Priorités",
        help_text="La priorité du décret, à choisir dans la liste\u00a0; son numéro suffit.",
    )
    secondary_priorities = Column(
        "Autres priorités",
        PrioritiesWidget(),
        value=keys_of("secondary_priorities"),
        writes=("secondary_priorities",),
        width=12,
        help_text=(
            "Les numéros des autres priorités servies, séparés par «\u00a0;\u00a0»\u00a0: "
            "«\u00a02\u00a0; 5\u00a0»."
        ),
    )
    axis = Column(
        "Axe",
        AxisWidget(),
        attribute="axis_id",
        writes=("axis",),
        width=24,
        choices="Axes",
        is_free=True,
        help_text="L’axe local. Un intitulé nouveau crée un axe\u00a0: l’aperçu vous le dit.",
    )
    themes = Column(
        "Thèmes",
        ThemesWidget(),
        value=keys_of("themes"),
        writes=("themes",),
        width=30,
        choices="Thèmes",
        is_free=True,
        help_text="Les thèmes de l’ANAP, séparés par «\u00a0;\u00a0».",
    )
    need = paragraphs("Constat ou besoin", "need")
    aim = paragraphs("Objectif de l’action", "aim")
    audience = paragraphs("Public concerné", "audience")
    area = paragraphs("Territoire d’application", "area")
    method = paragraphs("Méthode", "method")
    means = paragraphs("Moyens", "means")
    remarks = paragraphs("Remarques", "remarks")
    status = Column(
        "Avancement",
        ChoiceWidget(Status),
        attribute="status",
        width=18,
        choices="Avancement",
        is_required=True,
        has_default=True,
        help_text=(
            "L’un des cinq mots de la liste\u00a0; vide sur une ligne nouvelle\u00a0: Non "
            "commencée."
        ),
    )
    status_reason = Column(
        "Motif",
        ParagraphsWidget(LONGEST_TEXT),
        attribute="status_reason",
        width=30,
        help_text=f"Obligatoire pour une fiche suspendue ou abandonnée. {NO_PATIENT}",
    )


class SheetOfObjectives(SheetResource):
    """The rows of the sheets."""

    name = "Objectifs"
    model = Objective
    about = (
        "Une ligne par objectif opérationnel, ou par «\u00a0Projet\u00a0» qui en groupe plusieurs."
    )
    fixed_columns = 4

    key = key_column()
    action = number_column()
    rank = Column(
        "Rang",
        RankWidget(1, MOST_ROWS_OF_SHEET),
        attribute="pk",
        writes=("position",),
        width=7,
        look="number",
        is_link=True,
        help_text="La place dans la fiche. Vide sur une ligne nouvelle\u00a0: la dernière.",
    )
    title = Column(
        "Intitulé",
        LineWidget(LONGEST_TITLE),
        attribute="title",
        width=60,
        is_required=True,
        help_text=f"Imprimé dans la partie planning du livret. {NO_PATIENT}",
    )
    label = Column(
        "Repère",
        LineWidget(LONGEST_LABEL),
        attribute="label",
        width=11,
        help_text="Imprimé devant l’intitulé\u00a0: «\u00a03)\u00a0», «\u00a0Projet 2\u00a0».",
    )
    kind = Column(
        "Nature",
        ChoiceWidget(ObjectiveKind),
        attribute="kind",
        width=20,
        choices="Natures d’objectif",
        is_required=True,
        has_default=True,
        help_text=(
            "«\u00a0Projet\u00a0» pour une ligne qui en groupe d’autres\u00a0; vide\u00a0: "
            "objectif."
        ),
    )
    parent = Column(
        "Rangé dans",
        ObjectiveWidget(),
        attribute="parent_id",
        writes=("parent",),
        width=24,
        is_link=True,
        help_text=(
            "Le rang ou l’intitulé du «\u00a0Projet\u00a0» de la même fiche\u00a0; vide\u00a0: "
            "aucun."
        ),
    )
    state = Column(
        "État",
        ChoiceWidget(ObjectiveState),
        attribute="state",
        width=12,
        choices="États d’objectif",
        is_required=True,
        has_default=True,
        help_text="L’un des mots de la liste\u00a0; vide sur une ligne nouvelle\u00a0: À faire.",
    )
    summary_label = Column(
        "Repère au récapitulatif",
        LineWidget(LONGEST_LABEL),
        attribute="summary_label",
        width=12,
        help_text=ONLY_IF_OTHER,
    )
    summary_title = Column(
        "Intitulé au récapitulatif",
        LineWidget(LONGEST_TITLE),
        attribute="summary_title",
        width=30,
        help_text=ONLY_IF_OTHER,
    )
    in_planning = Column(
        "Au planning",
        YesNoWidget(),
        attribute="in_planning",
        width=9,
        choices="Oui ou non",
        is_required=True,
        has_default=True,
        help_text=(
            "«\u00a0oui\u00a0» ou «\u00a0non\u00a0»\u00a0: figure dans la partie planning du "
            "livret."
        ),
    )
    in_summary = Column(
        "Au récapitulatif",
        YesNoWidget(),
        attribute="in_summary",
        width=9,
        choices="Oui ou non",
        is_required=True,
        has_default=True,
        help_text=(
            "«\u00a0oui\u00a0» ou «\u00a0non\u00a0»\u00a0: figure au tableau récapitulatif du "
            "livret."
        ),
    )
    planning_note = Column(
        "Texte sur les trimestres",
        LineWidget(LONGEST_NOTE),
        attribute="planning_note",
        width=30,
        help_text=(
            "Écrit sur les cases du planning\u00a0: «\u00a0à déterminer par les pilotes\u00a0»."
        ),
    )
    note_first = Column(
        "Texte\u00a0: du trimestre",
        QuarterWidget(),
        attribute="note_first",
        width=11,
        help_text=(
            "Où le texte commence\u00a0: «\u00a0T1 2026\u00a0»\u00a0; vide\u00a0: au premier "
            "trimestre."
        ),
    )
    note_last = Column(
        "Texte\u00a0: au trimestre",
        QuarterWidget(),
        attribute="note_last",
        width=11,
        help_text="Où il finit\u00a0; vide\u00a0: au dernier trimestre.",
    )
