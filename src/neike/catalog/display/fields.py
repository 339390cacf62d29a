"""The fields of a form in words: kinds of answers, settings, the columns of a table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.form_schema import FieldType, minor_units
from neike.kernel.texts import LocalizedText

TYPE_NAMES = {
    FieldType.TEXT: gettext_lazy("short text"),
    FieldType.LONG_TEXT: gettext_lazy("long text"),
    FieldType.NUMBER: gettext_lazy("number"),
    FieldType.MONEY: gettext_lazy("amount of money"),
    FieldType.DATE: gettext_lazy("date"),
    FieldType.CHOICE: gettext_lazy("one of several"),
    FieldType.MULTI_CHOICE: gettext_lazy("some of several"),
    FieldType.PERSON: gettext_lazy("person"),
    FieldType.DEPARTMENT: gettext_lazy("department"),
    FieldType.CHECKBOX: gettext_lazy("yes or no"),
    FieldType.FILE: gettext_lazy("files"),
    FieldType.NOTE: gettext_lazy("note"),
    FieldType.TABLE: gettext_lazy("table with rows"),
}
_TEXTS: Final = (FieldType.TEXT, FieldType.LONG_TEXT)
_RANGED: Final = (FieldType.NUMBER, FieldType.MONEY, FieldType.DATE)
SETTINGS: Final[Mapping[str, tuple[FieldType, ...]]] = {
    "default": (
        *_TEXTS,
        FieldType.NUMBER,
        FieldType.DATE,
        FieldType.CHOICE,
        FieldType.MULTI_CHOICE,
        FieldType.CHECKBOX,
    ),
    "min_length": _TEXTS,
    "max_length": _TEXTS,
    "min": _RANGED,
    "max": _RANGED,
    "decimals": (FieldType.NUMBER,),
    "currencies": (FieldType.MONEY,),
    "min_rows": (FieldType.TABLE,),
    "max_rows": (FieldType.TABLE,),
}
COLUMN_SETTINGS: Final = ("min", "max", "min_length", "max_length", "decimals")


def setting_names() -> dict[str, str]:
    """Return what the settings of a field are called."""
    return {
        "default": _("Proposed answer"),
        "min_length": _("Least number of characters"),
        "max_length": _("Most characters"),
        "min": _("Least"),
        "max": _("Most"),
        "decimals": _("Places after the point"),
        "currencies": _("Currencies"),
        "min_rows": _("Least number of rows"),
        "max_rows": _("Most rows"),
    }


def setting_text(field: Mapping[str, Any], name: str) -> str:
    """Return what the input shows for a stored setting."""
    value = field[name]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if field["type"] == FieldType.MONEY and name in ("min", "max"):
        return f"{Decimal(value).scaleb(-_places(field)):f}"
    return str(value)


def _places(field: Mapping[str, Any]) -> int:
    return minor_units(next(iter(field.get("currencies") or ["CNY"])))


def column_line(column: Mapping[str, Any]) -> str:
    """Write a stored column: "key | 品名 | Item | text*"."""
    texts = LocalizedText.from_json(column["label"]).texts
    kind = str(column["type"])
    if column.get("choices"):
        kind += ": " + ", ".join(_choice_words(each) for each in column["choices"])
    kind += "".join(f" {name}={column[name]}" for name in COLUMN_SETTINGS if name in column)
    star = "*" if column.get("required") else ""
    return f"{column['key']} | {texts.get('zh-hans', '')} | {texts.get('en', '')} | {kind}{star}"


def _choice_words(choice: Mapping[str, Any]) -> str:
    texts = LocalizedText.from_json(choice["label"]).texts
    return f"{choice['key']}={texts.get('zh-hans', '')}/{texts.get('en', '')}".rstrip("/")
