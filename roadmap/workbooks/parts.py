"""The columns that several sheets share."""

from typing import Any

from core.forms import NO_PATIENT
from core.text import NBSP
from roadmap.services.numbering import HIGHEST_NUMBER
from roadmap.workbooks.columns import KEY, Column
from roadmap.workbooks.widgets import ObjectiveWidget, ParagraphsWidget, WholeWidget

LONGEST_TEXT = 20_000
LONGEST_NOTE = 300
LONGEST_HOLDER = 200
LONGEST_LINE = 80
LARGEST_KEY = 2**53
FIRST_YEAR, LAST_YEAR = 1990, 2099
ONLY_IF_OTHER = f"Seulement s’il est autre{NBSP}: vide, le précédent est imprimé."


def key_column() -> Column:
    return Column(
        KEY,
        WholeWidget(1, LARGEST_KEY),
        attribute="pk",
        width=8,
        look="key",
        help_text=(
            "Ce qui fait reconnaître une ligne qui existe déjà. N’y touchez pas\u00a0; "
            "laissez-la vide "
            "sur une ligne nouvelle."
        ),
    )


def sheet_number(row: Any) -> int:
    return int(row.action.number)


def number_column() -> Column:
    return Column(
        "Fiche",
        WholeWidget(1, HIGHEST_NUMBER),
        value=sheet_number,
        writes=("action",),
        width=8,
        look="number",
        is_required=True,
        is_link=True,
        help_text=(
            "Le numéro de la fiche action, tel qu’il est dans la feuille «\u00a0Fiches\u00a0»."
        ),
    )


def objective_column() -> Column:
    return Column(
        "Objectif",
        ObjectiveWidget(),
        attribute="objective_id",
        writes=("objective",),
        width=30,
        is_link=True,
        help_text=(
            "Vide pour toute la fiche\u00a0; sinon le rang de l’objectif, ou son intitulé, "
            "tels qu’ils "
            "sont dans la feuille «\u00a0Objectifs\u00a0»."
        ),
    )


def paragraphs(title: str, attribute: str) -> Column:
    return Column(
        title,
        ParagraphsWidget(LONGEST_TEXT),
        attribute=attribute,
        width=40,
        help_text=f"Texte libre. {NO_PATIENT}",
    )


def keys_of(name: str) -> Any:
    return lambda action: tuple(one.pk for one in getattr(action, name).all())
