"""One column of a sheet: an import-export `Field` that knows its width, its list and its help."""

from collections.abc import Callable
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource

from documents.workbooks import Cell, ColumnShape
from journal.tracing import TracedModel
from roadmap.workbooks.book import Book

KEY = "Clé"


class Column(Field):  # type: ignore[misc]
    """What it shows of a row, how it is read, and what whoever fills it in must know.

    `writes` names the columns of the table that it writes, which the journal tells apart; a
    column that writes none is a reminder, never read. A `link` leads to another row of the
    workbook, and is read once all of them are known.
    """

    def __init__(
        self,
        title: str,
        widget: Any,
        *,
        attribute: str | None = None,
        value: Callable[[Any], Any] | None = None,
        writes: tuple[str, ...] = (),
        width: int = 18,
        look: str = "text",
        choices: str = "",
        help_text: str = "",
        **kind: bool,
    ) -> None:
        super().__init__(attribute=attribute, column_name=title, widget=widget)
        self.value_of = value
        self.writes = writes or ((attribute,) if attribute else ())
        self.width, self.look, self.choices = width, look, choices
        self.help_text = help_text
        self.is_required = kind.pop("is_required", False)
        self.is_free = kind.pop("is_free", False)
        self.is_reminder = kind.pop("is_reminder", False)
        self.is_link = kind.pop("is_link", False)
        # Left blank on a new row: the usual value.
        self.has_default = kind.pop("has_default", False)
        assert not kind, kind  # noqa: S101

    @property
    def title(self) -> str:
        return str(self.column_name)

    def get_value(self, instance: Any) -> Any:
        """The plain value that the widget shows: keys, and not rows."""
        return self.value_of(instance) if self.value_of else super().get_value(instance)

    def shown(self, value: Any, book: Book) -> Any:
        """How a value stands in a cell."""
        return self.widget.render(value, book=book)

    @property
    def shape(self) -> ColumnShape:
        look = "reminder" if self.is_reminder else self.look
        return ColumnShape(
            self.title,
            self.width,
            look,
            is_hidden=self.look == "key",
            choices=self.choices,
            is_free=self.is_free,
        )


class SheetResource(Resource):  # type: ignore[misc]
    """One sheet of the workbook: the columns of one kind of row."""

    name = ""
    model: type[TracedModel]
    about = ""
    fixed_columns = 3

    @property
    def columns(self) -> dict[str, Column]:
        """By the name that the code gives them, in the order of the sheet."""
        return dict(self.fields)

    def cells(self, row: Any, book: Book) -> list[Cell]:
        """One row as the sheet shows it."""
        shown = self.export_resource(row, book=book)
        columns = self.columns.values()
        return [
            Cell(value, column.shape.look) for value, column in zip(shown, columns, strict=True)
        ]
