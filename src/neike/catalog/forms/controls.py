"""Form fields that Django does not have: people and departments by look-up, several files, money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from neike.catalog.form_schema import Field, FieldType, minor_units
from neike.org import queries as org_queries
from neike.org.models import Person
from neike.org.queries import OrgChart, directory

SUGGESTIONS: Final = 8


class PersonInput(forms.TextInput):
    """A text input that suggests people while one types; without scripts a name or number is enough."""

    template_name = "catalog/widgets/person.html"


class PersonField(forms.CharField):
    """Takes "Name (number)", a number, a name or pinyin that fits one person; gives the public id."""

    widget = PersonInput

    def __init__(self, *, reader: Person, on: date, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)
        self.reader = reader
        self.on = on

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the public id of the one person meant, or None.

        Raises:
            ValidationError: nobody fits, or several do.
        """
        text = super().clean(value)
        if not text:
            return None
        found = people_meant(self.reader, text, on=self.on)
        if len(found) == 1:
            return str(found[0].public_id)
        if not found:
            raise ValidationError(_("Nobody here fits “%(text)s”.") % {"text": text})
        names = ", ".join(person_label(each) for each in found[:5])
        raise ValidationError(
            _("Several people fit; please take one of %(names)s.") % {"names": names}
        )


def people_meant(reader: Person, text: str, *, on: date) -> list[Person]:
    """Return the people somebody may mean by what they typed, at most a handful; one when it is clear."""
    people = directory.present(org_queries.people_visible_to(reader), on=on)
    number = text.rpartition("(")[2].rstrip(") ").strip()
    exact = list(people.filter(employee_no=number)[:2])
    if exact:
        return exact
    found = directory.matching(people, text).order_by("name_latin", "pk")
    return list(found[:SUGGESTIONS])


def person_label(person: Person) -> str:
    """Return what stands in the input for a person."""
    return f"{person.name} ({person.employee_no})"


def department_choices(chart: OrgChart) -> list[tuple[str, str]]:
    """Return the working departments as (public id, path from the top), in the chart's order."""
    return [
        (str(each.public_id), " / ".join(chart.path(each.id)))
        for _depth, each in chart.walk()
        if each.is_active
    ]


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Gives a list of uploads, empty when there is none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ANN401 - Django's signature
        """Return the uploads, each with a name and not empty.

        Raises:
            ValidationError: a file is empty or its name too long, or one is needed and missing.
        """
        given: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        return [super(FilesField, self).clean(each, initial) for each in given]


class MoneyField(forms.DecimalField):
    """An amount as people write it; `in_minor_units` gives the answer."""

    def __init__(self, *, currencies: Sequence[str], **kwargs: Any) -> None:
        places = max(minor_units(each) for each in currencies)
        super().__init__(max_digits=15, decimal_places=places, min_value=0, **kwargs)


def in_minor_units(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units: 19.99 CNY is 1999.

    Raises:
        ValidationError: it has more places than the currency.
    """
    minor = amount.scaleb(minor_units(currency))
    if minor != minor.to_integral_value():
        raise ValidationError(_("%(currency)s has no such small parts.") % {"currency": currency})
    return int(minor)


_SHOWN_ROWS: Final = 3
_LONGEST_CELL: Final = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of a table: its column, name, and what stands in it."""

    column: Field
    name: str
    value: str

    @property
    def kind(self) -> str:
        """Return how it is drawn: choice, checkbox, date, number or text."""
        kind = FieldType.NUMBER if self.column.type is FieldType.MONEY else self.column.type
        return kind.value

    @property
    def label(self) -> str:
        """Return the column's label, with the currency of an amount."""
        currency = f" ({self.column.currencies[0]})" if self.column.currencies else ""
        return f"{self.column.label}{currency}"


class TableInput(forms.Widget):
    """The rows of a table as inputs named `<name>-<row>-<column>`; gives a list of texts by column.

    Rows beyond the first ones are folded away, so that a table of fifty rows stays short without scripts.
    """

    template_name = "catalog/widgets/table.html"

    def __init__(self, table: Field) -> None:
        super().__init__()
        self.table = table

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:  # noqa: ANN401 - Django's signature
        """Return the rows that hold anything."""
        rows = [
            {
                column.key: str(data.get(f"{name}-{number}-{column.key}") or "")[:_LONGEST_CELL]
                for column in self.table.columns
            }
            for number in range(self.table.max_rows)
        ]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ANN401 - Django's signature
        """Tell that an empty table is an answer too."""
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's signature
        """Give the template the rows that show and those folded away."""
        context = super().get_context(name, value, attrs)
        filled = [row for row in value or () if isinstance(row, Mapping)]
        shown = max(len(filled) + 1, self.table.min_rows, min(_SHOWN_ROWS, self.table.max_rows))
        rows = [
            (number + 1, self._cells(name, number, filled[number] if number < len(filled) else {}))
            for number in range(self.table.max_rows)
        ]
        context["widget"] |= {
            "shown": rows[:shown],
            "folded": rows[shown:],
            "columns": self.table.columns,
        }
        return context

    def _cells(self, name: str, number: int, row: Mapping[str, Any]) -> list[Cell]:
        return [
            Cell(column, f"{name}-{number}-{column.key}", str(row.get(column.key) or ""))
            for column in self.table.columns
        ]

    def id_for_label(self, id_: str) -> str:
        """Return nothing: the rows have labels of their own."""
        return ""


class TableField(forms.Field):
    """Gives the rows as typed; `form_schema` judges them."""

    def __init__(self, *, table: Field, **kwargs: Any) -> None:
        super().__init__(widget=TableInput(table), **kwargs)

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Return the rows; whether any are needed is judged with the other answers."""
        return value


def table_text(table: Field, rows: Any) -> list[dict[str, str]]:  # noqa: ANN401 - stored JSON
    """Return a stored table as its inputs show it."""
    if not isinstance(rows, list):
        return []
    return [
        {column.key: _cell_text(column, row.get(column.key)) for column in table.columns}
        for row in rows
        if isinstance(row, dict)
    ]


def _cell_text(column: Field, value: Any) -> str:  # noqa: ANN401 - stored JSON
    if column.type is FieldType.MONEY and isinstance(value, dict):
        places = minor_units(str(value.get("currency")))
        return f"{Decimal(value.get('amount', 0)).scaleb(-places):f}"
    if column.type is FieldType.CHECKBOX:
        return "on" if value else ""
    return "" if value is None else str(value)
