"""Check answers against a form. Answers are hostile until they went through here."""

import unicodedata
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from neike.catalog.form_schema.conditions import visible_fields
from neike.catalog.form_schema.fields import ANSWERED_TYPES, Field, FieldType, Schema, minor_units

TEXT_LIMIT: Final = 500
LONG_TEXT_LIMIT: Final = 10_000
FILES_LIMIT: Final = 10
_NAME_LIMIT: Final = 255
_NUMBER_LIMIT: Final = 10**15


class _WrongAnswerError(Exception):
    """An answer that does not fit, with the sentence for the person who gave it."""


def validate(schema: Schema, answers: object) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (clean answers, errors by field key).

    Answers to fields that do not show are dropped; so are empty ones. A key the form does not have is an
    error under the key "". Clean answers are plain JSON: text, number, {"amount", "currency"} in minor
    units, ISO date, choice key, list of choice keys, public id of a person or department, true, list of
    file names, and for a table a list of {column key: answer} without empty rows.
    """
    if not isinstance(answers, Mapping):
        return {}, {"": _("The answers must be given by field.")}
    errors = _unknown(schema, answers)
    clean: dict[str, Any] = {}
    seen: set[str] = set()
    while True:
        # Each round settles the next field that shows, because it may show or hide those after it.
        pending = [one for one in visible_fields(schema, clean) if one.key not in seen]
        if not pending:
            return clean, errors
        one = pending[0]
        seen.add(one.key)
        if one.type in ANSWERED_TYPES:
            _settle(one, answers.get(one.key), clean, errors)


def _unknown(schema: Schema, answers: Mapping[Any, Any]) -> dict[str, str]:
    known = {one.key for one in schema.fields if one.type in ANSWERED_TYPES}
    unknown = sorted(str(key)[:40] for key in answers if key not in known)
    if not unknown:
        return {}
    return {"": _("The form has no field %(names)s.") % {"names": ", ".join(unknown[:5])}}


def _settle(one: Field, raw: object, clean: dict[str, Any], errors: dict[str, str]) -> None:
    try:
        value = None if _is_empty(raw) else _READERS[one.type](one, raw)
    except _WrongAnswerError as error:
        errors[one.key] = str(error)
        return
    if _is_empty(value) or value is False:
        if one.required:
            errors[one.key] = _("This is needed.")
        elif value is False:
            clean[one.key] = False
        return
    clean[one.key] = value


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | list | tuple) and not value)


def _wrong(message: str, **values: object) -> _WrongAnswerError:
    return _WrongAnswerError(message % values if values else message)


def _plain(text: str, *, lines: bool) -> str:
    """Return the text without what no person types.

    Raises:
        _WrongAnswerError: it holds control characters or broken Unicode.
    """
    allowed = "\n\t" if lines else "\t"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = text.replace("\n", " ")
    for character in text:
        if character not in allowed and unicodedata.category(character) in {"Cc", "Cs"}:
            raise _wrong(_("Please remove the invisible control characters."))
    return text.strip()


def _text(one: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(_("Please write a text."))
    lines = one.type is FieldType.LONG_TEXT
    limit = one.max_length or (LONG_TEXT_LIMIT if lines else TEXT_LIMIT)
    if len(raw) > 2 * limit + 1000:  # do not walk through megabytes to say no
        raise _wrong(_("Please use at most %(limit)d characters."), limit=limit)
    text = _plain(raw, lines=lines)
    if len(text) > limit:
        raise _wrong(_("Please use at most %(limit)d characters."), limit=limit)
    least = one.min_length or 0
    if text and len(text) < least:
        raise _wrong(
            ngettext(
                "Please write at least %(least)d character.",
                "Please write at least %(least)d characters.",
                least,
            ),
            least=least,
        )
    return text


def _number(one: Field, raw: object) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _wrong(_("Please enter a number."))
    if not -_NUMBER_LIMIT <= raw <= _NUMBER_LIMIT:  # also refuses what is not a number (NaN)
        raise _wrong(_("This number is out of reach."))
    if round(raw, one.decimals) != raw:
        if one.decimals == 0:
            raise _wrong(_("Please enter a whole number."))
        raise _wrong(
            _("Please use at most %(decimals)d places after the point."), decimals=one.decimals
        )
    value = int(raw) if one.decimals == 0 else raw
    _within(one, value, str)
    return value


def _money(one: Field, raw: object) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or set(raw) != {"amount", "currency"}:
        raise _wrong(_("Please enter an amount with its currency."))
    amount, currency = raw["amount"], raw["currency"]
    if currency not in one.currencies:
        raise _wrong(
            _("Please use one of these currencies: %(currencies)s."),
            currencies=", ".join(one.currencies),
        )
    if isinstance(amount, bool) or not isinstance(amount, int) or abs(amount) > _NUMBER_LIMIT:
        raise _wrong(_("Please enter an amount with its currency."))
    if amount < 0:
        raise _wrong(_("The amount cannot be negative."))
    places = minor_units(currency)
    _within(one, amount, lambda minor: f"{minor / 10**places:.{places}f}")
    return {"amount": amount, "currency": currency}


def _date(one: Field, raw: object) -> str:
    try:
        value = date.fromisoformat(raw if isinstance(raw, str) else "").isoformat()
    except ValueError:
        raise _wrong(_("Please enter a date.")) from None
    _within(one, value, str)
    return value


def _within(one: Field, value: Any, write: Callable[[Any], str]) -> None:  # noqa: ANN401
    if one.minimum is not None and value < one.minimum:
        raise _wrong(_("The least is %(bound)s."), bound=write(one.minimum))
    if one.maximum is not None and value > one.maximum:
        raise _wrong(_("The most is %(bound)s."), bound=write(one.maximum))


def _choice(one: Field, raw: object) -> str:
    if not isinstance(raw, str) or raw not in one.choice_keys:
        raise _wrong(_("Please choose one of those offered."))
    return raw


def _choices(one: Field, raw: object) -> list[str]:
    if not isinstance(raw, list | tuple) or len(raw) > len(one.choices):
        raise _wrong(_("Please choose from those offered."))
    chosen = {_choice(one, part) for part in raw}
    return [choice.key for choice in one.choices if choice.key in chosen]


def _public_id(_one: Field, raw: object) -> str:
    try:
        return str(uuid.UUID(str(raw)))
    except ValueError:
        raise _wrong(_("Please choose one of those offered.")) from None


def _flag(_one: Field, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _wrong(_("Please answer yes or no."))
    return raw


def _files(_one: Field, raw: object) -> list[str]:
    if not isinstance(raw, list | tuple) or not all(isinstance(name, str) for name in raw):
        raise _wrong(_("Please attach files."))
    if len(raw) > FILES_LIMIT:
        raise _wrong(_("Please attach at most %(limit)d files."), limit=FILES_LIMIT)
    return [_plain(name[: _NAME_LIMIT + 1], lines=False)[:_NAME_LIMIT] for name in raw]


def _table(one: Field, raw: object) -> list[dict[str, Any]]:
    if not isinstance(raw, list | tuple) or len(raw) > 2 * one.max_rows + 100:
        raise _wrong(_("Please fill in the rows of the table."))
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(raw, start=1):
        found = _row(one, number, row)
        if found:
            rows.append(found)
    if len(rows) > one.max_rows:
        raise _wrong(_("Please use at most %(limit)d rows."), limit=one.max_rows)
    if rows and len(rows) < one.min_rows:
        raise _wrong(_("Please fill in at least %(least)d rows."), least=one.min_rows)
    return rows


def _row(one: Field, number: int, raw: object) -> dict[str, Any]:
    """Return what a row answers; {} for an empty one."""
    known = {column.key for column in one.columns}
    if not isinstance(raw, Mapping) or not known.issuperset(raw):
        raise _wrong(
            _("Row %(number)d must answer by column: %(columns)s."),
            number=number,
            columns=", ".join(column.key for column in one.columns),
        )
    if all(_is_empty(value) or value is False for value in raw.values()):
        return {}
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for column in one.columns:
        _settle(column, raw.get(column.key), clean, errors)
        if errors:
            raise _wrong(
                _("Row %(number)d, %(column)s: %(said)s"),
                number=number,
                column=column.label,
                said=errors[column.key],
            )
    return clean


_READERS: Final[Mapping[FieldType, Callable[[Field, object], Any]]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _choices,
    FieldType.PERSON: _public_id,
    FieldType.DEPARTMENT: _public_id,
    FieldType.CHECKBOX: _flag,
    FieldType.FILE: _files,
    FieldType.TABLE: _table,
}
