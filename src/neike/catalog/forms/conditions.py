"""The inputs for a condition on the answers of a form: which of these answers, all or any, more than how much."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from neike.catalog.form_schema import FieldType, minor_units
from neike.kernel.texts import LocalizedText

_CHOOSING: Final = (FieldType.CHOICE, FieldType.MULTI_CHOICE)
_COUNTING: Final = (FieldType.NUMBER, FieldType.MONEY)
_WORDS: Final = {True: "@true", False: "@false"}
_VALUES: Final = {word: value for value, word in _WORDS.items()}
Raw = Mapping[str, Any]


class LooseChoices(forms.MultipleChoiceField):
    """Takes any choice: what a condition looks at is judged with the whole form, naming the field."""

    def valid_value(self, value: Any) -> bool:  # noqa: ANN401 - Django's signature
        """Accept."""
        return True


class LooseChoice(forms.ChoiceField):
    """Takes any choice, for the same reason."""

    def valid_value(self, value: Any) -> bool:  # noqa: ANN401 - Django's signature
        """Accept."""
        return True


def condition_inputs() -> dict[str, forms.Field]:
    """Return the inputs; `offer` gives them their choices once the fields are known."""
    return {
        "tests": LooseChoices(
            label=_("Only for these answers"),
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 4, "data-enhance": ""}),
            help_text=_("Choose none to show it always."),
        ),
        "tests_join": forms.ChoiceField(
            label=_("If several questions are meant"),
            required=False,
            choices=[("all", _("all must fit")), ("any", _("one is enough"))],
        ),
        "over_field": LooseChoice(label=_("Only if this is more than"), required=False),
        "over": forms.CharField(
            label=_("the amount"),
            required=False,
            max_length=30,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        ),
    }


def offer(form: forms.Form, fields: Iterable[Raw], *, without: str = "") -> None:
    """Give the inputs of a row the answers that can be looked at, by field."""
    groups: list[Any] = []
    numbers = [("", "–")]
    for field in fields:
        key, label = field.get("key"), _label(field)
        if key == without or not key:
            continue
        if field.get("type") in _CHOOSING:
            options = [
                (f"{key}:{each.get('key')}", f"{label}: {_label(each)}")
                for each in field.get("choices", [])
            ]
            groups.append((label, options))
        elif field.get("type") == FieldType.CHECKBOX:
            words = [(f"{key}:@true", _("yes")), (f"{key}:@false", _("no"))]
            groups.append((label, [(value, f"{label}: {word}") for value, word in words]))
        elif field.get("type") in _COUNTING:
            numbers.append((str(key), label))
    _give(form, "tests", _kept(groups, form["tests"].value() or []))
    _give(form, "over_field", numbers)


def _kept(groups: list[Any], chosen: Iterable[str]) -> list[Any]:
    """Keep what was chosen before in the list, though it is not offered any more: the mistake must be seen."""
    known = {value for _label_, options in groups for value, _word in options}
    return groups + [(value, value) for value in chosen if value not in known]


def _give(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _label(raw: Raw) -> str:
    return str(LocalizedText.from_json(raw.get("label") or {})) or str(raw.get("key") or "")


def initial_of_condition(raw: Raw, fields: Iterable[Raw]) -> dict[str, Any] | None:
    """Return what the inputs show for a stored condition; None when it is more than they can say."""
    by_key = {field["key"]: field for field in fields}
    join = next((name for name in ("all", "any") if name in raw), "")
    parts = raw[join] if join else [raw] if raw else []
    if any(not ({"is", "over"} & set(part)) for part in parts):
        return None
    over = [part for part in parts if "over" in part]
    keys = [part["field"] for part in parts if "is" in part]
    if len(over) > 1 or len(set(keys)) < len(keys):
        return None
    tests = [
        f"{part['field']}:{_WORDS.get(value, value) if isinstance(value, bool) else value}"
        for part in parts
        if "is" in part
        for value in part["is"]
    ]
    found: dict[str, Any] = {"tests": tests, "tests_join": join or "all"}
    if over:
        field = by_key.get(over[0]["field"], {})
        places = minor_units(_currency(field)) if field.get("type") == FieldType.MONEY else 0
        found |= {
            "over_field": over[0]["field"],
            "over": f"{Decimal(str(over[0]['over'])).scaleb(-places):f}",
        }
    return found


def _currency(field: Raw) -> str:
    return str(next(iter(field.get("currencies") or ["CNY"])))


def condition_of(row: Raw, fields: Iterable[Raw]) -> dict[str, Any]:
    """Return the condition the inputs say, {} for always; whether it fits is judged by the schema."""
    tests: dict[str, list[Any]] = {}
    for test in row.get("tests") or []:
        key, _colon, value = test.partition(":")
        tests.setdefault(key, []).append(_VALUES.get(value, value))
    parts: list[dict[str, Any]] = [{"field": key, "is": values} for key, values in tests.items()]
    if row.get("over_field"):
        asked = next((one for one in fields if one.get("key") == row["over_field"]), {})
        parts.append({"field": row["over_field"], "over": _limit(row.get("over", ""), asked)})
    if len(parts) <= 1:
        return parts[0] if parts else {}
    return {row.get("tests_join") or "all": parts}


def _limit(text: str, field: Raw) -> Any:  # noqa: ANN401 - a number, or text that the schema refuses
    try:
        value = Decimal(text.replace(",", "").strip() or "0")
        if not value.is_finite():
            return text
        if field.get("type") == FieldType.MONEY:
            value = value.scaleb(minor_units(_currency(field)))
        return int(value) if value == value.to_integral_value() else float(value)
    except (InvalidOperation, OverflowError):
        return text
