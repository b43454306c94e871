"""The two sheets of a directory's workbook: organisations, and the people who are there."""

from typing import Any

from import_export.fields import Field
from import_export.resources import Resource

from core.forms import NO_PATIENT
from core.text import NBSP
from documents.workbooks import Cell, ColumnShape
from governance.enums import OrganisationCategory
from governance.models import Organisation, Person
from governance.workbooks.widgets import (
    ChoiceWidget,
    DayWidget,
    EmailWidget,
    FrenchWidget,
    KeyWidget,
    LineWidget,
    ParagraphsWidget,
    SiteWidget,
)

KEY = "Clé"
ORGANISATIONS, PEOPLE = "Organisations", "Personnes"
CATEGORIES = "Catégories"


class Column(Field):  # type: ignore[misc]
    """What it shows of a row, how it is read, and what whoever fills it in must know.

    A reminder is never read; a contact is for who keeps the directory; a link leads to the other
    sheet, and is read once that one is.
    """

    def __init__(
        self,
        title: str,
        widget: Any,
        attribute: str,
        *,
        width: int = 18,
        choices: str = "",
        help_text: str = "",
        **kind: bool,
    ) -> None:
        super().__init__(attribute=attribute, column_name=title, widget=widget)
        self.width, self.choices, self.help_text = width, choices, help_text
        self.is_required = kind.pop("is_required", False)
        self.is_reminder = kind.pop("is_reminder", False)
        self.is_contact = kind.pop("is_contact", False)
        self.is_link = kind.pop("is_link", False)
        self.is_key = kind.pop("is_key", False)
        assert not kind, kind  # noqa: S101

    @property
    def title(self) -> str:
        return str(self.column_name)

    @property
    def look(self) -> str:
        return "key" if self.is_key else "reminder" if self.is_reminder else "text"

    @property
    def shape(self) -> ColumnShape:
        return ColumnShape(
            self.title,
            self.width,
            self.look,
            is_hidden=self.is_key,
            choices=self.choices,
            is_free=self.is_link,
        )

    def shown(self, row: Any) -> Any:
        """How a row stands in a cell."""
        return self.widget.render(self.get_value(row))


class SheetResource(Resource):  # type: ignore[misc]
    """One sheet of the workbook; without contacts, for who only reads the directory."""

    name = ""
    model: Any
    about = ""

    def __init__(self, *, with_contacts: bool = True) -> None:
        super().__init__()
        if not with_contacts:
            for name, column in list(self.fields.items()):
                if column.is_contact:
                    del self.fields[name]

    @property
    def columns(self) -> dict[str, Column]:
        """By the name that the code gives them, in the order of the sheet."""
        return dict(self.fields)

    def cells(self, row: Any) -> list[Cell]:
        """One row as the sheet shows it."""
        return [Cell(column.shown(row), column.look) for column in self.columns.values()]


def _key() -> Column:
    return Column(
        KEY,
        KeyWidget(),
        "pk",
        width=8,
        is_key=True,
        help_text="Ce qui fait reconnaître une ligne qui existe déjà. N’y touchez pas"
        f"{NBSP}; laissez-la vide sur une ligne nouvelle.",
    )


def _email() -> Column:
    return Column(
        "Adresse électronique",
        EmailWidget(254),
        "email",
        width=30,
        is_contact=True,
        help_text="Une seule adresse, par exemple prenom.nom@exemple.fr.",
    )


def _telephone() -> Column:
    return Column("Téléphone", LineWidget(30), "telephone", is_contact=True, help_text="Un numéro.")


class SheetOfOrganisations(SheetResource):
    """The structures."""

    name = ORGANISATIONS
    model = Organisation
    about = "Une ligne par organisation."

    key = _key()
    full_name = Column(
        "Nom",
        LineWidget(200),
        "name",
        width=44,
        is_required=True,
        help_text="Le nom entier, qu’aucune autre ne porte.",
    )
    short_name = Column(
        "Nom d’usage",
        LineWidget(60),
        "short_name",
        width=24,
        help_text=f"Ce qui s’imprime dans les fiches{NBSP}; vide, le nom entier.",
    )
    category = Column(
        "Catégorie",
        ChoiceWidget(OrganisationCategory),
        "category",
        width=22,
        choices=CATEGORIES,
        help_text=f"L’une de celles de la liste{NBSP}; vide, «{NBSP}Autre{NBSP}».",
    )
    address = Column(
        "Adresse",
        ParagraphsWidget(300),
        "address",
        width=30,
        help_text="Les lignes de l’enveloppe, sans le code postal ni la commune.",
    )
    postcode = Column("Code postal", LineWidget(10), "postcode", width=12, help_text="En texte.")
    town = Column("Commune", LineWidget(80), "town", width=22, help_text="Son nom.")
    email = _email()
    telephone = _telephone()
    website = Column(
        "Site internet",
        SiteWidget(200),
        "website",
        width=28,
        help_text="Par exemple https://www.exemple.fr.",
    )
    charter = Column(
        "Charte signée le",
        DayWidget(),
        "charter_signed_on",
        width=16,
        help_text="Le jour où l’organisation a signé la charte éthique, par exemple 05/01/2026.",
    )
    closed_on = Column(
        "Fermée le",
        DayWidget(),
        "closed_on",
        width=14,
        help_text=f"Vide tant qu’elle existe{NBSP}; par exemple 05/01/2026.",
    )


class SheetOfPeople(SheetResource):
    """The people."""

    name = PEOPLE
    model = Person
    about = "Une ligne par personne."

    key = _key()
    first_name = Column("Prénom", LineWidget(80), "first_name", help_text="Facultatif.")
    last_name = Column(
        "Nom", LineWidget(80), "last_name", width=24, is_required=True, help_text="Le nom."
    )
    function = Column(
        "Fonction",
        LineWidget(120),
        "function",
        width=28,
        help_text=f"Ce que la personne fait. {NO_PATIENT}",
    )
    organisation = Column(
        "Organisation",
        LineWidget(200),
        "organisation__name",
        width=40,
        choices=ORGANISATIONS,
        is_link=True,
        help_text=f"Le nom d’une ligne de la feuille «{NBSP}{ORGANISATIONS}{NBSP}», ou son nom "
        "d’usage.",
    )
    email = _email()
    telephone = _telephone()
    left_on = Column(
        "Partie le",
        DayWidget(),
        "left_on",
        width=14,
        help_text=f"Vide tant que la personne est là{NBSP}; par exemple 05/01/2026.",
    )
    account = Column(
        "Compte",
        FrenchWidget(),
        "user__email",
        width=28,
        is_reminder=True,
        is_contact=True,
        help_text="Pour mémoire, et jamais lue\u00a0: un compte se lie dans l’application.",
    )


def sheets_of(*, with_contacts: bool = True) -> tuple[SheetResource, SheetResource]:
    """The sheets that are filled in, in the order of the workbook."""
    return (
        SheetOfOrganisations(with_contacts=with_contacts),
        SheetOfPeople(with_contacts=with_contacts),
    )
