"""Editing the fields of a request form as a table of rows."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _

from neike.catalog.display.fields import SETTINGS, TYPE_NAMES, column_line, setting_text
from neike.catalog.form_schema import FieldType
from neike.catalog.form_schema.reading import KEY
from neike.catalog.forms.columns import column_of
from neike.catalog.forms.conditions import (
    condition_inputs,
    condition_of,
    initial_of_condition,
    offer,
)
from neike.catalog.forms.localized import initial_of, text_of, text_of_line, two_inputs
from neike.catalog.forms.rows import give_keys
from neike.catalog.forms.settings import setting_inputs, setting_of
from neike.kernel.texts import LocalizedText

# What a row shows; everything else of a field travels along in `rest`.
_SHOWN: Final = frozenset(
    {"key", "type", "label", "help", "required", "choices", "show_if", "columns"}
)
_CHOOSING: Final = (FieldType.CHOICE, FieldType.MULTI_CHOICE)
_OWN: Final = {"choices": _CHOOSING, "columns": (FieldType.TABLE,)}


class FieldForm(forms.Form):
    """One field of the form being edited."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "type": forms.ChoiceField(
                label=_("Kind of answer"),
                choices=[(one.value, name) for one, name in TYPE_NAMES.items()],
                widget=forms.Select(attrs={"data-autosubmit": ""}),
            ),
            "required": forms.BooleanField(label=_("An answer is needed"), required=False),
            **two_inputs("label", _("Question"), most=300),
            **two_inputs("help", _("Help"), most=2000),
            "choices": forms.CharField(
                label=_("Choices"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("One per line: Chinese | English. A key may stand in front: key | …"),
            ),
            "columns": forms.CharField(
                label=_("Columns"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_(
                    "One per line: Chinese | English | kind. Kinds are text, number, money, date, checkbox and "
                    "choice: a, b. End the kind with * where an answer is needed."
                ),
            ),
            **setting_inputs(),
            **condition_inputs(),
            "key": forms.CharField(
                label=_("Key"),
                max_length=40,
                required=False,
                help_text=_("Made by itself. Files and the API know the field by it."),
            ),
            "rest": forms.CharField(required=False, widget=forms.HiddenInput),
        }

    @property
    def kind(self) -> str:
        """Return the kind of answer the row asks for at the moment."""
        return str(self["type"].value() or FieldType.TEXT)

    @property
    def texts(self) -> list[Any]:
        """Return the inputs that are always there."""
        names = ["type", *(["required"] if self.kind != FieldType.NOTE else [])]
        names += ["label_zh", "label_en", "help_zh", "help_en"]
        names += [name for name, kinds in _OWN.items() if self.kind in kinds]
        return [self[name] for name in names]

    @property
    def details(self) -> list[Any]:
        """Return the inputs that fold: what this kind of answer can be held to, and when the field shows."""
        names = [name for name, kinds in SETTINGS.items() if self.kind in kinds]
        return [self[name] for name in (*names, "tests", "tests_join", "over_field", "over", "key")]

    @property
    def unused(self) -> list[Any]:
        """Return the inputs this kind has no use for; they travel along so that changing the kind loses nothing."""
        used = {field.name for field in (*self.texts, *self.details)}
        return [
            field
            for field in self
            if field.name not in used and field.name not in ("ORDER", "DELETE", "rest")
        ]


FieldFormSet = formset_factory(
    FieldForm, extra=0, can_delete=True, can_order=True, max_num=60, absolute_max=80
)


def rows_of(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the rows show for a stored form."""
    return [_row(field, fields) for field in fields]


def _row(field: Mapping[str, Any], fields: list[dict[str, Any]]) -> dict[str, Any]:
    rest: dict[str, Any] = {
        name: value for name, value in field.items() if name not in _SHOWN and name not in SETTINGS
    }
    condition = initial_of_condition(field.get("show_if") or {}, fields)
    if condition is None:
        rest["show_if"] = field["show_if"]
    return {
        "key": field["key"],
        "type": field["type"],
        **initial_of("label", LocalizedText.from_json(field["label"])),
        **initial_of("help", LocalizedText.from_json(field.get("help") or {})),
        "required": field.get("required", False),
        "choices": "\n".join(_choice_line(each) for each in field.get("choices", [])),
        "columns": "\n".join(column_line(each) for each in field.get("columns", [])),
        **{name: setting_text(field, name) for name in SETTINGS if name in field},
        **(condition or {}),
        "rest": json.dumps(rest, ensure_ascii=False) if rest else "",
    }


def _choice_line(choice: Mapping[str, Any]) -> str:
    texts = LocalizedText.from_json(choice["label"]).texts
    return f"{choice['key']} | {texts.get('zh-hans', '')} | {texts.get('en', '')}"


def with_keys(data: Any) -> Any:  # noqa: ANN401 - a QueryDict
    """Give the new rows keys, so that conditions can look at them."""
    give_keys(data, "fields", "q", ("label_zh", "label_en"))
    return data


def offer_conditions(formset: BaseFormSet[FieldForm], fields: Iterable[Mapping[str, Any]]) -> None:
    """Let every row choose among the answers of the other fields."""
    known = list(fields)
    for form in formset.forms:
        offer(form, known, without=str(form["key"].value() or ""))


def fields_of(formset: BaseFormSet[FieldForm]) -> list[dict[str, Any]]:
    """Return the form as the rows say, in their order, after `is_valid()`; `form_schema.parse` judges it."""
    rows = [form.cleaned_data for form in formset.ordered_forms if form.cleaned_data.get("key")]
    fields = [_field(row) for row in rows]
    for row, field in zip(rows, fields, strict=True):
        condition = condition_of(row, fields)
        if condition:
            field["show_if"] = condition
    return fields


def _field(row: Mapping[str, Any]) -> dict[str, Any]:
    field = {**_rest(row["rest"]), "key": row["key"].strip(), "type": row["type"]}
    field["label"] = text_of("label", row).as_json()
    if text_of("help", row):
        field["help"] = text_of("help", row).as_json()
    if row["required"] and row["type"] != FieldType.NOTE:
        field["required"] = True
    if row["type"] in _CHOOSING:
        lines = [line for line in row["choices"].splitlines() if line.strip()]
        field["choices"] = [_choice(line, number) for number, line in enumerate(lines, start=1)]
    if row["type"] == FieldType.TABLE:
        lines = [line for line in row["columns"].splitlines() if line.strip()]
        field["columns"] = [column_of(line, number) for number, line in enumerate(lines, start=1)]
    for name, kinds in SETTINGS.items():
        if row["type"] in kinds and row[name].strip():
            field[name] = setting_of(row, name)
    return field


def _choice(line: str, number: int) -> dict[str, Any]:
    key, bar, label = line.partition("|")
    if not bar or not KEY.fullmatch(key.strip()) or not label.strip(" |"):
        key, label = f"c{number}", line
    return {"key": key.strip(), "label": text_of_line(label).as_json()}


def _rest(raw: str) -> dict[str, Any]:
    """Read what travelled along; what somebody tampered with is dropped here and judged by the schema."""
    try:
        found = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
