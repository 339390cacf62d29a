"""Write the common controls as the framework's templates would, at a fraction of their cost."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Told = Mapping[str, Any]
"""What a widget tells its template."""


def control(field: BoundField, attrs: dict[str, Any]) -> SafeString:
    """Return `field.as_widget(attrs=attrs)`; widgets with templates of their own are drawn by those."""
    widget = field.field.widget
    draw = _DRAWN.get(getattr(widget, "template_name", ""))
    if draw is None or field.field.localize:
        return field.as_widget(attrs=attrs)
    attrs = field.build_widget_attrs(attrs, widget)
    if field.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", field.auto_id)
    told = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    return mark_safe(draw(told))  # noqa: S308 - every part is escaped below


def _input(told: Told) -> str:
    value = "" if told["value"] is None else f' value="{_text(told["value"])}"'
    return f'<input type="{_text(told["type"])}" name="{_text(told["name"])}"{value}{_attributes(told)}>'


def _textarea(told: Told) -> str:
    value = conditional_escape(told["value"]) if told["value"] else ""
    return f'<textarea name="{_text(told["name"])}"{_attributes(told)}>\n{value}</textarea>'


def _select(told: Told) -> str:
    groups = []
    for name, options, _index in told["optgroups"]:
        lines = "".join(f"\n  {_option(each)}" for each in options)
        groups.append(
            f'\n  <optgroup label="{_text(name)}">{lines}\n  </optgroup>' if name else lines
        )
    return f'<select name="{_text(told["name"])}"{_attributes(told)}>{"".join(groups)}\n</select>'


def _option(told: Told) -> str:
    label = conditional_escape(told["label"])
    return f'<option value="{_text(told["value"])}"{_attributes(told)}>{label}</option>\n'


def _attributes(told: Told) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in told["attrs"].items()
        if value is not False
    )


def _text(value: object) -> str:
    return conditional_escape(str(value))


_DRAWN: Final[Mapping[str, Callable[[Told], str]]] = {
    "django/forms/widgets/text.html": _input,
    "django/forms/widgets/hidden.html": _input,
    "django/forms/widgets/number.html": _input,
    "django/forms/widgets/email.html": _input,
    "django/forms/widgets/date.html": _input,
    "django/forms/widgets/datetime.html": _input,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
