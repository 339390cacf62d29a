"""Draw any bound form field in the kit's style, wired to its label, help and errors."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import DateTimeBaseInput, Input
from django.utils.safestring import SafeString

from neike.kernel.ui import controls

# The first class that fits decides, so narrower widgets stand before the wider ones.
_CLASSES: Final[tuple[tuple[type[forms.Widget], str], ...]] = (
    (forms.CheckboxSelectMultiple, "checkbox checkbox-primary"),
    (forms.RadioSelect, "radio radio-primary"),
    (forms.CheckboxInput, "checkbox checkbox-primary"),
    (forms.SelectMultiple, "nk-control select h-auto min-h-24"),
    (forms.Select, "nk-control select"),
    (forms.Textarea, "nk-control textarea min-h-28"),
    (forms.FileInput, "nk-control file-input"),
    (Input, "nk-control input"),
)
_CHOICES: Final = (forms.CheckboxSelectMultiple, forms.RadioSelect)


@dataclass(frozen=True, slots=True)
class FieldParts:
    """What the field template needs to know about a bound field."""

    kind: str
    """"choices" (fieldset with options), "check" (box before its label), "hidden" or "line"."""
    control: SafeString | None
    options: list[tuple[SafeString, Any, str]]
    """(control, label, id) of each choice, for kind "choices"."""
    required: bool
    help_id: str
    error_id: str


def parts(field: BoundField) -> FieldParts:
    """Take a bound field apart for `cotton/field.html`."""
    widget = field.field.widget
    id_ = field.auto_id or field.html_name
    help_id = f"{id_}_helptext" if field.help_text else ""
    error_id = f"{id_}_error" if field.errors else ""
    kind = _kind(widget)
    attrs = _attributes(field, help_id, error_id)
    options = _options(field, attrs) if kind == "choices" else []
    control = None if kind == "choices" else controls.control(field, attrs)
    required = bool(field.field.required) and kind != "hidden"
    return FieldParts(kind, control, options, required, help_id, error_id)


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, _CHOICES):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def _attributes(field: BoundField, help_id: str, error_id: str) -> dict[str, Any]:
    """Return attributes for the control: its classes and what describes it."""
    widget = field.field.widget
    if widget.is_hidden:
        return {}
    css = next((css for kind, css in _CLASSES if isinstance(widget, kind)), "")
    own = widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{css} {own}".strip()}
    _use_native_picker(widget)
    described = " ".join(part for part in (help_id, error_id) if part)
    if described and not isinstance(widget, _CHOICES):
        attrs["aria-describedby"] = described
    if field.errors and not isinstance(widget, _CHOICES):
        attrs["aria-invalid"] = "true"
    return attrs


_PICKERS: Final[tuple[tuple[type[DateTimeBaseInput], str, str], ...]] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


def _use_native_picker(widget: forms.Widget) -> None:
    """Let the browser's own date and time pickers work: they read and write ISO only."""
    for kind, input_type, pattern in _PICKERS:
        if isinstance(widget, kind):
            widget.input_type, widget.format = input_type, pattern
            return


def _options(field: BoundField, attrs: dict[str, Any]) -> list[tuple[SafeString, Any, str]]:
    widget = field.field.widget
    widget.attrs["class"] = attrs["class"]
    return [(option.tag(), option.choice_label, option.id_for_label) for option in field.subwidgets]
