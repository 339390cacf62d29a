"""A condition on answers in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from neike.catalog.form_schema import FieldType, minor_units
from neike.kernel.texts import LocalizedText


def condition_words(raw: Mapping[str, Any], fields: Iterable[Mapping[str, Any]]) -> str:
    """Return "Place of work is In the office" and the like; "" for always."""
    return _words(raw, {str(field.get("key")): field for field in fields})


def _words(raw: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> str:
    for join, word in (("all", _(" and ")), ("any", _(" or "))):
        if join in raw:
            return word.join(_words(part, fields) for part in raw[join])
    if not raw:
        return ""
    field = fields.get(str(raw.get("field")), {})
    label = _label(field) or str(raw.get("field"))
    if "over" in raw:
        return _("%(question)s is more than %(limit)s") % {
            "question": label,
            "limit": _limit(raw["over"], field),
        }
    values = [_value(value, field) for value in raw.get("is", [])]
    return _("%(question)s is %(answers)s") % {"question": label, "answers": _(" or ").join(values)}


def _limit(over: Any, field: Mapping[str, Any]) -> str:  # noqa: ANN401 - stored JSON
    if not isinstance(over, int | float):
        return str(over)
    if field.get("type") != FieldType.MONEY:
        return formats.number_format(over, use_l10n=True, force_grouping=True)
    currency = str(next(iter(field.get("currencies") or ["CNY"])))
    amount = over / 10 ** minor_units(currency)
    return f"{currency} {formats.number_format(amount, use_l10n=True, force_grouping=True)}"


def _value(value: object, field: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    none: Mapping[str, Any] = {}
    choice = next((one for one in field.get("choices", []) if one.get("key") == value), none)
    return _label(choice) or str(value)


def _label(raw: Mapping[str, Any]) -> str:
    return str(LocalizedText.from_json(raw.get("label") or {}))
