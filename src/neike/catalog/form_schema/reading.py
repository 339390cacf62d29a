"""Read a form's stored JSON strictly, and write it back."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from neike.catalog.form_schema.conditions import Condition
from neike.catalog.form_schema.fields import (
    CHOOSING_TYPES,
    COLUMN_TYPES,
    MOST_ROWS,
    RANGED_TYPES,
    TEXT_TYPES,
    USUAL_ROWS,
    Choice,
    Field,
    FieldType,
    Schema,
    SchemaError,
)
from neike.kernel.texts import LocalizedText

MAX_FIELDS: Final = 60
MAX_CHOICES: Final = 200
MAX_COLUMNS: Final = 8
MAX_LABEL: Final = 300
MAX_HELP: Final = 2000
_MAX_DEPTH: Final = 4
_MAX_LENGTH: Final = 20_000
_MAX_NUMBER: Final = 10**15
_MAX_DECIMALS: Final = 6
_MAX_PARTS: Final = 50
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

_COMMON: Final = frozenset({"key", "type", "label", "help", "required", "show_if"})
_EXTRA: Final[Mapping[FieldType, frozenset[str]]] = {
    FieldType.TEXT: frozenset({"default", "min_length", "max_length"}),
    FieldType.LONG_TEXT: frozenset({"default", "min_length", "max_length"}),
    FieldType.NUMBER: frozenset({"default", "min", "max", "decimals"}),
    FieldType.MONEY: frozenset({"min", "max", "currencies"}),
    FieldType.DATE: frozenset({"default", "min", "max"}),
    FieldType.CHOICE: frozenset({"default", "choices"}),
    FieldType.MULTI_CHOICE: frozenset({"default", "choices"}),
    FieldType.CHECKBOX: frozenset({"default"}),
    FieldType.TABLE: frozenset({"columns", "min_rows", "max_rows"}),
}


def parse(raw: object) -> Schema:
    """Read a form.

    Raises:
        SchemaError: naming the field and what is wrong with it.
    """
    if not isinstance(raw, list):
        raise SchemaError("", _("A form must be a list of fields."))
    if len(raw) > MAX_FIELDS:
        raise SchemaError(
            "", _("A form may have at most %(count)d fields.") % {"count": MAX_FIELDS}
        )
    fields: dict[str, Field] = {}
    for number, one in enumerate(raw, start=1):
        later = frozenset(_keys(raw[number:]))
        found = _field(one, number, fields, later)
        fields[found.key] = found
    return Schema(tuple(fields.values()))


def _keys(rows: list[Any]) -> list[str]:
    return [str(row.get("key")) for row in rows if isinstance(row, dict)]


def _field(
    raw: object, number: int, before: Mapping[str, Field], later: frozenset[str] = frozenset()
) -> Field:
    where = _("field %(number)d") % {"number": number}
    if not isinstance(raw, dict):
        raise SchemaError(where, _("must be an object with a key and a type."))
    key = raw.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise SchemaError(
            where, _("the key must be small letters, digits and _, beginning with a letter.")
        )
    if key in before:
        raise SchemaError(key, _("this key is used twice."))
    kind = _type(key, raw.get("type"))
    _refuse_unknown(key, raw, _COMMON | _EXTRA.get(kind, frozenset()))
    found = Field(
        key=key,
        type=kind,
        label=_text(key, "label", raw.get("label"), MAX_LABEL, required=True),
        help=_text(key, "help", raw.get("help"), MAX_HELP),
        required=_flag(key, "required", raw.get("required", False)),
        min_length=_length(key, raw, "min_length"),
        max_length=_length(key, raw, "max_length"),
        minimum=_bound(key, kind, raw, "min"),
        maximum=_bound(key, kind, raw, "max"),
        decimals=_whole(key, "decimals", raw.get("decimals", 0), 0, _MAX_DECIMALS),
        currencies=_currencies(key, kind, raw),
        choices=_choices(key, kind, raw),
        show_if=_own_condition(key, raw["show_if"], before, later) if raw.get("show_if") else None,
        default=raw.get("default"),
        columns=_columns(key, kind, raw),
        min_rows=_whole(key, "min_rows", raw.get("min_rows", 0), 0, MOST_ROWS),
        max_rows=_whole(key, "max_rows", raw.get("max_rows", USUAL_ROWS), 1, MOST_ROWS),
    )
    _check_order(found)
    _check_default(found)
    if found.required and kind is FieldType.NOTE:
        raise SchemaError(key, _("a note takes no answer, so it cannot be required."))
    return found


def _columns(where: str, kind: FieldType, raw: Mapping[str, Any]) -> tuple[Field, ...]:
    if kind is not FieldType.TABLE:
        return ()
    given = raw.get("columns")
    if not isinstance(given, list) or not 0 < len(given) <= MAX_COLUMNS:
        raise SchemaError(
            where, _("a table needs from 1 to %(most)d columns.") % {"most": MAX_COLUMNS}
        )
    columns: dict[str, Field] = {}
    for number, one in enumerate(given, start=1):
        try:
            found = _field(one, number, columns)
        except SchemaError as error:
            raise SchemaError(where, _("column %(said)s") % {"said": error}) from None
        if found.type not in COLUMN_TYPES:
            raise SchemaError(
                where,
                _("the column %(key)s must be one of %(types)s.")
                % {"key": found.key, "types": ", ".join(sorted(COLUMN_TYPES))},
            )
        if found.show_if is not None:
            raise SchemaError(
                where, _("the column %(key)s cannot have a condition.") % {"key": found.key}
            )
        columns[found.key] = found
    return tuple(columns.values())


def _type(key: str, raw: object) -> FieldType:
    found = next((kind for kind in FieldType if kind.value == raw), None)
    if found is None:
        raise SchemaError(
            key, _("the type must be one of %(types)s.") % {"types": ", ".join(FieldType)}
        )
    return found


def _refuse_unknown(where: str, raw: Mapping[Any, Any], known: frozenset[str]) -> None:
    unknown = sorted(str(name)[:40] for name in raw if name not in known)
    if unknown:
        raise SchemaError(
            where,
            _("does not know %(names)s; possible are %(known)s.")
            % {"names": ", ".join(unknown[:5]), "known": ", ".join(sorted(known))},
        )


def _text(
    where: str, name: str, raw: object, limit: int, *, required: bool = False
) -> LocalizedText:
    try:
        text = LocalizedText.from_json(raw or {})
    except ValidationError:
        raise SchemaError(
            where, _("%(name)s must give a text per language.") % {"name": name}
        ) from None
    if required and not text:
        raise SchemaError(where, _("%(name)s is missing.") % {"name": name})
    if any(len(one) > limit for one in text.texts.values()):
        raise SchemaError(
            where,
            _("%(name)s may have at most %(limit)d characters.") % {"name": name, "limit": limit},
        )
    return text


def _flag(where: str, name: str, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise SchemaError(where, _("%(name)s must be true or false.") % {"name": name})
    return raw


def _whole(where: str, name: str, raw: object, low: int, high: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
        raise SchemaError(
            where,
            _("%(name)s must be a whole number from %(low)d to %(high)d.")
            % {"name": name, "low": low, "high": high},
        )
    return raw


def _length(where: str, raw: Mapping[str, Any], name: str) -> int | None:
    return None if raw.get(name) is None else _whole(where, name, raw[name], 0, _MAX_LENGTH)


def _bound(where: str, kind: FieldType, raw: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401
    value = raw.get(name)
    if value is None:
        return None
    if kind is FieldType.DATE:
        return read_date(where, name, value).isoformat()
    if kind is FieldType.MONEY:
        return _whole(where, name, value, 0, _MAX_NUMBER)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SchemaError(where, _("%(name)s must be a number.") % {"name": name})
    if not -_MAX_NUMBER <= value <= _MAX_NUMBER:
        raise SchemaError(where, _("%(name)s is out of reach.") % {"name": name})
    return value


def read_date(where: str, name: str, value: object) -> date:
    """Return an ISO date.

    Raises:
        SchemaError: it is something else.
    """
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise SchemaError(
            where, _("%(name)s must be a date written as 2026-03-31.") % {"name": name}
        ) from None


def _currencies(where: str, kind: FieldType, raw: Mapping[str, Any]) -> tuple[str, ...]:
    if kind is not FieldType.MONEY:
        return ()
    found = raw.get("currencies", ["CNY"])
    fits = isinstance(found, list) and 0 < len(found) <= MAX_CHOICES
    if not fits or not all(isinstance(one, str) and _CURRENCY.fullmatch(one) for one in found):
        raise SchemaError(where, _("currencies must be a list of codes such as CNY."))
    return tuple(dict.fromkeys(found))


def _choices(where: str, kind: FieldType, raw: Mapping[str, Any]) -> tuple[Choice, ...]:
    if kind not in CHOOSING_TYPES:
        return ()
    found = raw.get("choices")
    if not isinstance(found, list) or not 0 < len(found) <= MAX_CHOICES:
        raise SchemaError(where, _("needs choices, each with a key and a label."))
    choices: dict[str, Choice] = {}
    for one in found:
        key = one.get("key") if isinstance(one, dict) else None
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise SchemaError(where, _("each choice needs a key of small letters, digits and _."))
        if key in choices:
            raise SchemaError(where, _("the choice %(key)s is there twice.") % {"key": key})
        _refuse_unknown(where, one, frozenset({"key", "label"}))
        label = _text(where, f"choices.{key}.label", one.get("label"), MAX_LABEL, required=True)
        choices[key] = Choice(key, label)
    return tuple(choices.values())


def _own_condition(
    key: str, raw: object, before: Mapping[str, Field], later: frozenset[str]
) -> Condition:
    """Read a field's condition; one that looks at the field itself or at a later one says which."""
    for name in _looked_at(raw, 1):
        if name == key:
            raise SchemaError(
                key, _("show_if looks at this field itself; take the answer to a field above it.")
            )
        if name in later and name not in before:
            raise SchemaError(
                key,
                _("show_if looks at %(name)s, which comes later; move %(name)s above this field.")
                % {"name": name},
            )
    return _condition(key, raw, before, 1)


def _looked_at(raw: object, depth: int) -> list[str]:
    """Return the keys of the fields a condition names, well-formed or not."""
    if not isinstance(raw, dict) or depth > _MAX_DEPTH:
        return []
    parts = [part for join in ("all", "any") for part in _list(raw.get(join))]
    own = [raw["field"]] if isinstance(raw.get("field"), str) else []
    return [*own, *(name for part in parts for name in _looked_at(part, depth + 1))]


def _list(raw: object) -> list[Any]:
    return raw[:_MAX_PARTS] if isinstance(raw, list) else []


def _condition(where: str, raw: object, before: Mapping[str, Field], depth: int) -> Condition:
    if not isinstance(raw, dict) or depth > _MAX_DEPTH:
        raise SchemaError(
            where, _('show_if must look like {"field": "kind", "is": ["a"]} or use all or any.')
        )
    for join in ("all", "any"):
        if set(raw) == {join} and isinstance(raw[join], list) and 0 < len(raw[join]) <= _MAX_PARTS:
            parts = tuple(_condition(where, one, before, depth + 1) for one in raw[join])
            return Condition(join=join, parts=parts)
    if set(raw) not in ({"field", "is"}, {"field", "over"}):
        raise SchemaError(
            where, _('show_if must look like {"field": "kind", "is": ["a"]} or use all or any.')
        )
    name = raw["field"]
    asked = before.get(name) if isinstance(name, str) else None
    if asked is None:
        raise SchemaError(
            where,
            _("show_if looks at %(name)s, which is no field above this one.")
            % {"name": str(name)[:40]},
        )
    return _more_than(where, asked, raw) if "over" in raw else _test(where, asked, raw["is"])


def _more_than(where: str, asked: Field, raw: Mapping[str, Any]) -> Condition:
    limit = raw["over"]
    if asked.type not in (FieldType.NUMBER, FieldType.MONEY):
        raise SchemaError(
            where,
            _("show_if can compare numbers and amounts; %(name)s is neither.")
            % {"name": asked.key},
        )
    if isinstance(limit, bool) or not isinstance(limit, int | float) or abs(limit) > _MAX_NUMBER:
        raise SchemaError(where, _("show_if must say by a number what the answer must exceed."))
    return Condition(field=asked.key, over=limit)


def _test(where: str, asked: Field, values: object) -> Condition:
    name = asked.key
    if asked.type is FieldType.CHECKBOX:
        possible: frozenset[Any] = frozenset({True, False})
    elif asked.type in CHOOSING_TYPES:
        possible = asked.choice_keys
    else:
        raise SchemaError(
            where,
            _("show_if can look at choices and checkboxes; %(name)s is neither.") % {"name": name},
        )
    if not isinstance(values, list) or not values:
        raise SchemaError(where, _("show_if must list what the answer may be."))
    for value in values:
        if not isinstance(value, str | bool) or value not in possible:
            raise SchemaError(
                where,
                _("show_if asks for %(value)s, which %(name)s does not offer.")
                % {"value": str(value)[:40], "name": name},
            )
    return Condition(field=name, values=tuple(values))


def parse_condition(raw: object, schema: Schema) -> Condition | None:
    """Read a condition that stands outside a form and looks at its answers; {} is None, always true.

    Raises:
        SchemaError: saying what is wrong with it.
    """
    if raw == {}:
        return None
    return _condition("", raw, {one.key: one for one in schema.fields}, 1)


def _check_order(one: Field) -> None:
    """Refuse a least value above the greatest."""
    pairs: tuple[tuple[Any, Any], ...] = (
        (one.minimum, one.maximum),
        (one.min_length, one.max_length),
        (one.min_rows, one.max_rows),
    )
    for low, high in pairs:
        if low is not None and high is not None and low > high:
            raise SchemaError(one.key, _("the smallest value is above the greatest."))


def _fits_text(one: Field, value: object) -> bool:
    return isinstance(value, str) and len(value) <= (one.max_length or _MAX_LENGTH)


def _fits_number(_one: Field, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _fits_date(one: Field, value: object) -> bool:
    return bool(read_date(one.key, "default", value))


def _fits_choice(one: Field, value: object) -> bool:
    return isinstance(value, str) and value in one.choice_keys


def _fits_choices(one: Field, value: object) -> bool:
    return isinstance(value, list) and all(_fits_choice(one, part) for part in value)


def _fits_flag(_one: Field, value: object) -> bool:
    return isinstance(value, bool)


_FITS: Final[Mapping[FieldType, Callable[[Field, object], bool]]] = {
    FieldType.TEXT: _fits_text,
    FieldType.LONG_TEXT: _fits_text,
    FieldType.NUMBER: _fits_number,
    FieldType.DATE: _fits_date,
    FieldType.CHOICE: _fits_choice,
    FieldType.MULTI_CHOICE: _fits_choices,
    FieldType.CHECKBOX: _fits_flag,
}


def _check_default(one: Field) -> None:
    if one.default is not None and not _FITS[one.type](one, one.default):
        raise SchemaError(one.key, _("the default does not fit the field."))


def dump(schema: Schema) -> list[dict[str, Any]]:
    """Return the stored JSON of a form; `parse` reads it back to the same form."""
    return [_dump_field(one) for one in schema.fields]


def _dump_field(one: Field) -> dict[str, Any]:
    raw: dict[str, Any] = {"key": one.key, "type": one.type.value, "label": one.label.as_json()}
    if one.help:
        raw["help"] = one.help.as_json()
    if one.required:
        raw["required"] = True
    if one.choices:
        raw["choices"] = [{"key": c.key, "label": c.label.as_json()} for c in one.choices]
    if one.type in RANGED_TYPES:
        raw |= {"min": one.minimum, "max": one.maximum}
    if one.type in TEXT_TYPES:
        raw |= {"min_length": one.min_length, "max_length": one.max_length}
    raw |= {"decimals": one.decimals or None, "default": one.default}
    if one.currencies:
        raw["currencies"] = list(one.currencies)
    if one.type is FieldType.TABLE:
        raw["columns"] = [_dump_field(each) for each in one.columns]
        raw |= {"min_rows": one.min_rows or None, "max_rows": one.max_rows}
    if one.show_if is not None:
        raw["show_if"] = _dump_condition(one.show_if)
    return {name: value for name, value in raw.items() if value is not None}


def _dump_condition(condition: Condition) -> dict[str, Any]:
    if condition.join:
        return {condition.join: [_dump_condition(part) for part in condition.parts]}
    if condition.over is not None:
        return {"field": condition.field, "over": condition.over}
    return {"field": condition.field, "is": list(condition.values)}
