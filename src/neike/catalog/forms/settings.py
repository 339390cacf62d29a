"""What an answer is held to, as people write it: bounds, lengths, places, currencies, a proposal."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from neike.catalog.display.fields import setting_names
from neike.catalog.form_schema import FieldType, minor_units

_YES: Final = {"yes", "true", "1", "是"}
_NO: Final = {"no", "false", "0", "否"}


def setting_inputs() -> dict[str, forms.Field]:
    """Return one short input for each setting."""
    helps = {
        "default": _("For choices its key; for yes or no write yes."),
        "currencies": _("Codes with commas between, the usual one first: CNY, EUR."),
    }
    return {
        name: forms.CharField(
            label=label, required=False, max_length=300, help_text=helps.get(name, "")
        )
        for name, label in setting_names().items()
    }


def setting_of(row: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the stored setting; what cannot be read stays text, and the schema says what is wrong."""
    text, kind = row[name].strip(), row["type"]
    if name == "currencies":
        return words_of(text.upper())
    if name == "default":
        return _default(text, kind)
    if name in ("min", "max") and kind == FieldType.DATE:
        return text
    if name in ("min", "max") and kind == FieldType.MONEY:
        currencies = words_of(row["currencies"].upper()) or ["CNY"]
        return _number(text, minor_units(currencies[0]))
    return _number(text)


def _default(text: str, kind: str) -> Any:  # noqa: ANN401 - any JSON value
    if kind == FieldType.CHECKBOX:
        low = text.lower()
        return True if low in _YES else False if low in _NO else text
    if kind == FieldType.MULTI_CHOICE:
        return words_of(text)
    return _number(text) if kind == FieldType.NUMBER else text


def words_of(text: str) -> list[str]:
    """Return the words between commas, Chinese ones too."""
    return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]


def _number(text: str, places: int = 0) -> Any:  # noqa: ANN401 - a number or text
    try:
        value = Decimal(text).scaleb(places)
        if not value.is_finite() or abs(value.adjusted()) > 20:  # noqa: PLR2004 - far out of reach
            return text
        return int(value) if value == value.to_integral_value() else float(value)
    except (InvalidOperation, OverflowError):
        return text
