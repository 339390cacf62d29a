"""The request form of a service as a page shows it and reads it back."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from neike.catalog import form_schema
from neike.catalog.form_schema import Condition, Field, FieldType
from neike.catalog.forms.controls import (
    FilesField,
    MoneyField,
    PersonField,
    TableField,
    department_choices,
    in_minor_units,
    person_label,
    table_text,
)
from neike.catalog.models import FormVersion
from neike.org import queries as org_queries
from neike.org.models import Person

_RADIO_MOST: Final = 5  # more choices than these go into a select
_MOST_DIGITS: Final = 30
_SEARCH_FROM: Final = 12  # longer lists can be searched


@dataclass(frozen=True, slots=True)
class FormRow:
    """One field on the page: its inputs (none for a note) and the condition under which it shows, as JSON."""

    field: Field
    inputs: tuple[BoundField, ...]
    show_if: str

    @property
    def is_note(self) -> bool:
        """Whether it only tells something."""
        return self.field.type is FieldType.NOTE

    @property
    def is_table(self) -> bool:
        """Whether it is answered by rows."""
        return self.field.type is FieldType.TABLE


class RequestForm(forms.Form):
    """The inputs of a form version.

    All fields are on the page; scripts hide those whose condition does not hold, and the server drops their
    answers and their mistakes in any case. After `is_valid()`, `answers` is what to store and `uploads` the
    files by field.
    """

    use_required_attribute = (
        False  # a hidden field must not stop the browser; the server says what is missing
    )

    def __init__(
        self,
        form_version: FormVersion,
        *args: Any,
        reader: Person,
        on: date,
        answers: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.schema = form_schema.parse(form_version.fields)
        self.reader = reader
        self.on = on
        self.answers: dict[str, Any] = {}
        kwargs.setdefault("prefix", "form")
        super().__init__(*args, **kwargs)
        for one in self.schema.fields:
            self.fields.update(self._inputs(one))
        self.initial = {**_initial(self.schema, answers), **self.initial}

    def _inputs(self, one: Field) -> dict[str, forms.Field]:
        if one.type is FieldType.NOTE:
            return {}
        inputs = {one.key: _BUILDERS[one.type](self, one)}
        if len(one.currencies) > 1:
            inputs[currency_name(one.key)] = forms.ChoiceField(
                label=_("Currency"),
                choices=[(each, each) for each in one.currencies],
                required=False,
            )
        return inputs

    def rows(self) -> Iterator[FormRow]:
        """Yield what the page shows, in order."""
        for one in self.schema.fields:
            names = [name for name in (one.key, currency_name(one.key)) if name in self.fields]
            condition = json.dumps(self._named(one.show_if)) if one.show_if else ""
            yield FormRow(one, tuple(self[name] for name in names), condition)

    def _named(self, condition: Condition) -> dict[str, Any]:
        """Return the condition in terms of the names of the inputs on this page."""
        if condition.join:
            return {condition.join: [self._named(part) for part in condition.parts]}
        name = self.add_prefix(condition.field)
        if condition.over is not None:
            asked = self.schema.field(condition.field)
            places = (
                form_schema.minor_units(asked.currencies[0]) if asked and asked.currencies else 0
            )
            return {"field": name, "over": condition.over / 10**places}
        return {"field": name, "is": list(condition.values)}

    @cached_property
    def department_choices(self) -> list[tuple[str, str]]:
        """Return the departments to choose from, read once per form."""
        return department_choices(org_queries.chart(on=self.on))

    def clean(self) -> dict[str, Any]:
        """Keep the fitting answers of the fields that show, and only the mistakes in those."""
        found = dict(super().clean() or {})
        given = {one.key: self._answer(one, found) for one in self.schema.fields}
        given = {key: value for key, value in given.items() if value is not None}
        self.answers, errors = form_schema.validate(self.schema, given)
        shown = {one.key for one in form_schema.visible_fields(self.schema, self.answers)}
        for key in [key for key in self.errors if key.partition("-")[0] not in shown]:
            del self.errors[key]
        for key, message in errors.items():
            if key not in self.errors:
                self.add_error(key or None, message)
        return found

    def _answer(self, one: Field, found: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        """Return the answer as `form_schema.validate` takes it, None when there is none."""
        value = found.get(one.key)
        if one.type is FieldType.MONEY and value is not None:
            currency = found.get(currency_name(one.key)) or one.currencies[0]
            try:
                return {"amount": in_minor_units(value, currency), "currency": currency}
            except ValidationError as error:
                self.add_error(one.key, error)
                return None
        if one.type is FieldType.TABLE:
            return [_row_of(one, row) for row in value or ()] or None
        if one.type is FieldType.FILE:
            return [upload.name for upload in value or ()]
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return int(value) if one.decimals == 0 else float(value)
        return value

    @property
    def uploads(self) -> dict[str, list[UploadedFile[Any]]]:
        """Return the files of each file field that shows, after `is_valid()`."""
        return {
            one.key: self.cleaned_data[one.key]
            for one in self.schema.fields
            if one.type is FieldType.FILE and one.key in self.answers
        }


def request_form(
    form_version: FormVersion,
    data: Any = None,  # noqa: ANN401 - as Django's forms take it
    files: Any = None,  # noqa: ANN401 - as Django's forms take it
    *,
    reader: Person,
    on: date,
    answers: Mapping[str, Any] | None = None,
    prefix: str = "form",
) -> RequestForm:
    """Return the form of a version for `reader` on a day; `answers` (stored ones, of a draft) fill it in.

    Render it with `{% include "catalog/_request_fields.html" with form=form %}` inside a form with
    `enctype="multipart/form-data"`.
    """
    return RequestForm(
        form_version, data, files, reader=reader, on=on, answers=answers, prefix=prefix
    )


def currency_name(key: str) -> str:
    """Return the name of the input for a money field's currency; a key never holds a dash."""
    return f"{key}-currency"


def _common(one: Field) -> dict[str, Any]:
    return {"label": str(one.label), "help_text": str(one.help), "required": one.required}


def _text(_form: RequestForm, one: Field) -> forms.Field:
    lines = one.type is FieldType.LONG_TEXT
    widget = forms.Textarea(attrs={"rows": 5}) if lines else forms.TextInput()
    return forms.CharField(**_common(one), max_length=one.max_length, widget=widget)


def _number(_form: RequestForm, one: Field) -> forms.Field:
    return forms.DecimalField(
        **_common(one), decimal_places=one.decimals, max_digits=15 + one.decimals
    )


def _money(_form: RequestForm, one: Field) -> forms.Field:
    common = _common(one)
    if len(one.currencies) == 1:
        common["label"] = _("%(label)s (%(currency)s)") % {
            "label": one.label,
            "currency": one.currencies[0],
        }
    return MoneyField(**common, currencies=one.currencies)


def _date(_form: RequestForm, one: Field) -> forms.Field:
    return forms.DateField(**_common(one), widget=forms.DateInput)


def _choice(_form: RequestForm, one: Field) -> forms.Field:
    options = [(choice.key, str(choice.label)) for choice in one.choices]
    if len(options) <= _RADIO_MOST:
        return forms.ChoiceField(**_common(one), choices=options, widget=forms.RadioSelect)
    return forms.ChoiceField(
        **_common(one), choices=[("", _("Please choose")), *options], widget=_select(len(options))
    )


def _choices(_form: RequestForm, one: Field) -> forms.Field:
    options = [(choice.key, str(choice.label)) for choice in one.choices]
    return forms.MultipleChoiceField(
        **_common(one), choices=options, widget=forms.CheckboxSelectMultiple
    )


def _department(form: RequestForm, one: Field) -> forms.Field:
    options = form.department_choices
    return forms.ChoiceField(
        **_common(one), choices=[("", _("Please choose")), *options], widget=_select(len(options))
    )


def _select(length: int) -> forms.Select:
    return forms.Select(attrs={"data-enhance": ""} if length >= _SEARCH_FROM else {})


def _person(form: RequestForm, one: Field) -> forms.Field:
    return PersonField(**_common(one), reader=form.reader, on=form.on)


def _checkbox(_form: RequestForm, one: Field) -> forms.Field:
    return forms.BooleanField(**_common(one))


def _files(_form: RequestForm, one: Field) -> forms.Field:
    return FilesField(**_common(one))


def _table(_form: RequestForm, one: Field) -> forms.Field:
    return TableField(**_common(one), table=one)


def _row_of(table: Field, row: Mapping[str, str]) -> dict[str, Any]:
    """Return a typed row as `form_schema.validate` takes it; what cannot be read stays text and is refused."""
    return {
        column.key: _cell(column, row[column.key])
        for column in table.columns
        if row.get(column.key)
    }


def _cell(column: Field, text: str) -> Any:  # noqa: ANN401 - any JSON value
    if column.type is FieldType.CHECKBOX:
        return text == "on"
    if column.type not in (FieldType.NUMBER, FieldType.MONEY):
        return text
    try:
        value = Decimal(text.replace(",", "").strip())
        if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
            return text
        if column.type is FieldType.MONEY:
            currency = column.currencies[0]
            return {"amount": in_minor_units(value, currency), "currency": currency}
        return int(value) if value == value.to_integral_value() else float(value)
    except (ArithmeticError, ValidationError):
        return text


_BUILDERS: Final[Mapping[FieldType, Callable[[RequestForm, Field], forms.Field]]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _choices,
    FieldType.PERSON: _person,
    FieldType.DEPARTMENT: _department,
    FieldType.CHECKBOX: _checkbox,
    FieldType.FILE: _files,
    FieldType.TABLE: _table,
}


def _initial(schema: form_schema.Schema, answers: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the inputs propose: the defaults of a fresh form, else the stored answers."""
    if answers is None:
        return {one.key: one.default for one in schema.fields if one.default is not None}
    found: dict[str, Any] = {}
    for one in schema.fields:
        value = answers.get(one.key)
        if one.type is FieldType.MONEY and isinstance(value, dict):
            currency = value["currency"]
            found[one.key] = Decimal(value["amount"]).scaleb(-form_schema.minor_units(currency))
            found[currency_name(one.key)] = currency
        elif one.type is FieldType.PERSON and value:
            person = Person.objects.filter(public_id=UUID(value)).first()
            found[one.key] = person_label(person) if person else ""
        elif one.type is FieldType.TABLE:
            found[one.key] = table_text(one, value)
        elif value is not None and one.type is not FieldType.FILE:
            found[one.key] = value
    return found
