"""The answers to a request form, as a reader sees them."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from neike.catalog import form_schema
from neike.catalog.form_schema import Field, FieldType
from neike.catalog.models import FormVersion
from neike.org.models import Department, DepartmentVersion, Person


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answered field: its label and the answer in the reader's language; `type` is a `FieldType`.

    A table also gives `heads` and `cells` by row; its `value` is the same in lines of text.
    """

    key: str
    type: str
    label: str
    value: str
    heads: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


def answer_rows(form: FormVersion, answers: Mapping[str, Any]) -> list[AnswerRow]:
    """Return the answered fields of a form in order, at most two queries for all names in them.

    An answer that no longer fits (imported, damaged) is shown as it is stored.
    """
    schema = form_schema.parse(form.fields)
    names = _names(schema.fields, answers)
    return [
        _row(one, answers[one.key], names)
        for one in form_schema.visible_fields(schema, answers)
        if one.key in answers
    ]


def _row(one: Field, value: Any, names: Mapping[str, str]) -> AnswerRow:  # noqa: ANN401 - stored JSON
    if one.type is not FieldType.TABLE or not _is_table(value):
        return AnswerRow(one.key, one.type.value, str(one.label), _words(one, value, names))
    heads = tuple(str(column.label) for column in one.columns)
    cells = tuple(
        tuple(
            _words(column, row[column.key], names) if column.key in row else ""
            for column in one.columns
        )
        for row in value
    )
    lines = [_(", ").join(cell for cell in row if cell) for row in cells]
    return AnswerRow(one.key, one.type.value, str(one.label), "\n".join(lines), heads, cells)


def _is_table(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _words(one: Field, value: Any, names: Mapping[str, str]) -> str:  # noqa: ANN401 - stored JSON
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if one.choices:
        labels = {choice.key: str(choice.label) for choice in one.choices}
        chosen = value if isinstance(value, list) else [value]
        return _(", ").join(labels.get(str(each), str(each)) for each in chosen)
    write = _WRITERS.get(one.type)
    return write(value) if write else names.get(str(value), _plain(value))


def _plain(value: Any) -> str:  # noqa: ANN401 - stored JSON
    return _(", ").join(map(str, value)) if isinstance(value, list) else str(value)


def _number(value: Any) -> str:  # noqa: ANN401 - stored JSON
    if not isinstance(value, int | float):
        return str(value)
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def _money(value: Any) -> str:  # noqa: ANN401 - stored JSON
    if not isinstance(value, dict) or not isinstance(value.get("amount"), int):
        return str(value)
    amount, currency = value["amount"], str(value.get("currency", ""))
    places = form_schema.minor_units(currency)
    number = formats.number_format(
        f"{amount / 10**places:.{places}f}", decimal_pos=places, use_l10n=True, force_grouping=True
    )
    return f"{currency} {number}"


def _date(value: Any) -> str:  # noqa: ANN401 - stored JSON
    try:
        return formats.date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return str(value)


_WRITERS: Final[Mapping[FieldType, Callable[[Any], str]]] = {
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.NUMBER: _number,
}


def _names(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of the people and departments in the answers by public id."""
    asked = {
        kind: [str(answers[one.key]) for one in fields if one.type is kind and one.key in answers]
        for kind in (FieldType.PERSON, FieldType.DEPARTMENT)
    }
    names: dict[str, str] = {}
    if asked[FieldType.PERSON]:
        people = Person.objects.filter(public_id__in=_ids(asked[FieldType.PERSON]))
        names |= {str(one.public_id): one.name for one in people}
    if asked[FieldType.DEPARTMENT]:
        versions = DepartmentVersion.objects.filter(
            department__in=Department.objects.filter(
                public_id__in=_ids(asked[FieldType.DEPARTMENT])
            )
        ).select_related("department")
        names |= {str(one.department.public_id): str(one.name) for one in versions}
    return names


def _ids(values: list[str]) -> list[UUID]:
    """Return the public ids among the values, leaving out what is none."""
    kept: list[UUID] = []
    for value in values:
        with contextlib.suppress(ValueError):
            kept.append(UUID(value))
    return kept
