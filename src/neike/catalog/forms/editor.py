"""Editing the fields of a request form as a table of rows."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from neike.catalog.form_schema import FieldType
from neike.catalog.forms.localized import initial_of, text_of, text_of_line, two_inputs
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
}
# What a row shows; everything else of a field travels along in `rest`.
_SHOWN = frozenset({"key", "type", "label", "help", "required", "choices", "show_if"})


class FieldForm(forms.Form):
    """One field of the form being edited."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "key": forms.CharField(label=_("Key"), max_length=40, required=False),
            "type": forms.ChoiceField(
                label=_("Kind of answer"),
                choices=[(one.value, name) for one, name in TYPE_NAMES.items()],
            ),
            **two_inputs("label", _("Question"), most=300),
            **two_inputs("help", _("Help"), most=2000),
            "required": forms.BooleanField(label=_("An answer is needed"), required=False),
            "choices": forms.CharField(
                label=_("Choices"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("One per line: key | Chinese | English."),
            ),
            "show_field": forms.CharField(
                label=_("Only when the field"),
                required=False,
                max_length=40,
                help_text=_("Key of a field above."),
            ),
            "show_values": forms.CharField(
                label=_("is answered with"),
                required=False,
                max_length=500,
                help_text=_("Keys of choices with commas between, or yes / no."),
            ),
            "rest": forms.CharField(required=False, widget=forms.HiddenInput),
        }


FieldFormSet = formset_factory(
    FieldForm, extra=0, can_delete=True, can_order=True, max_num=60, absolute_max=80
)


def rows_of(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the rows show for a stored form."""
    return [_row(field) for field in fields]


def _row(field: Mapping[str, Any]) -> dict[str, Any]:
    rest: dict[str, Any] = {name: value for name, value in field.items() if name not in _SHOWN}
    condition = field.get("show_if") or {}
    simple = set(condition) == {"field", "is"}
    if condition and not simple:
        rest["show_if"] = condition
    return {
        "key": field["key"],
        "type": field["type"],
        **initial_of("label", LocalizedText.from_json(field["label"])),
        **initial_of("help", LocalizedText.from_json(field.get("help") or {})),
        "required": field.get("required", False),
        "choices": "\n".join(_choice_line(each) for each in field.get("choices", [])),
        "show_field": condition["field"] if simple else "",
        "show_values": ", ".join(map(_value_word, condition["is"])) if simple else "",
        "rest": json.dumps(rest, ensure_ascii=False) if rest else "",
    }


def _choice_line(choice: Mapping[str, Any]) -> str:
    texts = LocalizedText.from_json(choice["label"]).texts
    return f"{choice['key']} | {texts.get('zh-hans', '')} | {texts.get('en', '')}"


def _value_word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def fields_of(formset: BaseFormSet[FieldForm]) -> list[dict[str, Any]]:
    """Return the form as the rows say, in their order, after `is_valid()`; `form_schema.parse` judges it."""
    return [
        _field(form.cleaned_data) for form in formset.ordered_forms if form.cleaned_data.get("key")
    ]


def _field(row: Mapping[str, Any]) -> dict[str, Any]:
    field = {**_rest(row["rest"]), "key": row["key"].strip(), "type": row["type"]}
    field["label"] = text_of("label", row).as_json()
    if text_of("help", row):
        field["help"] = text_of("help", row).as_json()
    if row["required"]:
        field["required"] = True
    if row["type"] in (FieldType.CHOICE, FieldType.MULTI_CHOICE):
        field["choices"] = [_choice(line) for line in row["choices"].splitlines() if line.strip()]
    if row["show_field"].strip():
        words = [word.strip() for word in row["show_values"].replace("，", ",").split(",")]
        field["show_if"] = {
            "field": row["show_field"].strip(),
            "is": [{"yes": True, "no": False}.get(word, word) for word in words if word],
        }
    return field


def _choice(line: str) -> dict[str, Any]:
    key, _bar, label = line.partition("|")
    return {"key": key.strip(), "label": text_of_line(label).as_json()}


def _rest(raw: str) -> dict[str, Any]:
    """Read what travelled along; what somebody tampered with is dropped here and judged by the schema."""
    try:
        found = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def change(data: Any, prefix: str, what: str) -> Any:  # noqa: ANN401 - a QueryDict
    """Return the posted rows after a button: `add`, `up-2`, `down-2` or `remove-2` (rows from 0).

    Anything else changes nothing.
    """
    data = data.copy()
    total = _number(data.get(f"{prefix}-TOTAL_FORMS"))
    verb, _dash, row = what.partition("-")
    order = sorted(
        range(total), key=lambda each: (_number(data.get(f"{prefix}-{each}-ORDER"), each), each)
    )
    if verb == "add" and total < FieldFormSet.max_num:
        data[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
        order.append(total)
    elif verb == "remove" and row.isdecimal() and int(row) < total:
        data[f"{prefix}-{row}-DELETE"] = "on"
    elif verb in ("up", "down") and row.isdecimal() and int(row) in order:
        place = order.index(int(row))
        other = place + (-1 if verb == "up" else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
    for place, each in enumerate(order, start=1):
        data[f"{prefix}-{each}-ORDER"] = str(place)
    return data


def _number(text: object, default: int = 0) -> int:
    return min(int(text), 80) if isinstance(text, str) and text.isdecimal() else default
