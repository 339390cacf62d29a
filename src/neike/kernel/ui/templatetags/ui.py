"""The kit's tags and filters; loaded as built-ins, so no page needs `{% load ui %}`.

Long lists may call the tags directly: a tag costs a few microseconds, a component tens.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from neike.kernel.ui import avatars, drawings, due, fields, formatting, icons, tones

register = template.Library()

register.filter("number", formatting.number)
register.filter("percent", formatting.percent)
register.filter("duration", formatting.duration)


@register.simple_tag(takes_context=True)
def localtime_short(context: Context, at: datetime | None) -> str:
    """Write a moment in the viewer's zone, short, with the full form in the title.

    Where no page says what time it is now (a mail), the full form is written.
    """
    if at is None:
        return formatting.MISSING
    zone = timezone.get_current_timezone()
    full = formatting.moment_in_full(at, zone=zone)
    now = context.get("now")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        full,
        formatting.moment(at, zone=zone, now=now) if now else full,
    )


@register.simple_tag
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """Draw an icon; with a label it is an image, without it decoration."""
    return icons.icon_svg(name, label, classes)


@register.simple_tag
def tone_class(tone: str) -> str:
    """Return the class of a tone; an unknown tone is an error."""
    return tones.tone_class(tone)


@register.simple_tag
def tone_icon(tone: str) -> str:
    """Return the name of the icon that goes with a tone."""
    return tones.pick(tones.TONE_ICONS, tone, "tone")


@register.simple_tag
def button_class(tone: str, size: str) -> str:
    """Return the classes of a button; unknown words are an error."""
    return tones.button_class(tone, size)


@register.simple_tag
def badge(text: object, tone: str = "neutral", icon_name: str = "", title: str = "") -> SafeString:
    """Draw a badge, as `<c-badge>` does."""
    return format_html(
        '<span class="nk-badge nk-soft {}"{}>{}{}</span>',
        tones.tone_class(tone),
        format_html(' title="{}"', title) if title else "",
        icons.icon_svg(icon_name) if icon_name else "",
        text,
    )


@register.simple_tag
def due_chip(
    state: str, text: object = "", title: str = "", note: str = "", *, compact: bool = False
) -> SafeString:
    """Draw the chip of a due time: icon, word, colour and the remaining time in words; a mark says `note`."""
    look = due.look(state)
    word = format_html('<span class="sr-only">{} </span>', look.word) if compact else look.word
    return format_html(
        '<span class="nk-badge nk-due {}"{}>{}<span>{}{}{}</span>{}</span>',
        look.classes,
        format_html(' title="{}"', title) if title else "",
        icons.icon_svg(look.icon),
        word,
        " · " if text and not compact else "",
        text,
        icons.icon_svg("info", note) if note else "",
    )


_AVATARS = {
    "sm": "size-7 text-[0.6875rem]",
    "md": "size-9 text-[0.8125rem]",
    "lg": "size-14 text-lg",
}


@register.simple_tag
def avatar(name: str, size: str = "md", label: str = "") -> SafeString:
    """Draw a person's initials on a steady colour; decoration unless `label` names it."""
    meaning = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<span class="nk-avatar nk-hue {} {}" {}>{}</span>',
        avatars.steady_hue(name),
        tones.pick(_AVATARS, size, "size"),
        meaning,
        avatars.initials(name),
    )


@register.simple_tag
def field_parts(field: BoundField) -> fields.FieldParts:
    """Take a bound field apart for `cotton/field.html`."""
    return fields.parts(field)


@register.simple_tag
def spark_drawing(values: Sequence[float | None]) -> drawings.Spark | None:
    """Return the geometry of a sparkline on a 120 x 36 canvas."""
    return drawings.spark(values, width=120, height=36)


@register.simple_tag
def interval_drawing(
    value: float | str, low: float | str, high: float | str, goal: float | str = ""
) -> drawings.Interval:
    """Return positions on a 0-100 track; literal attributes arrive as text."""
    line = None if goal in ("", None) else float(goal)
    return drawings.interval(float(value), float(low), float(high), line)


@register.simple_tag
def ring_drawing(count: int, radius: float, centre: float, gap: float) -> list[drawings.Arc]:
    """Return the arcs of a ring."""
    return drawings.ring(count, radius=radius, centre=centre, gap=gap)


@register.simple_tag
def ring_of_steps(
    steps: Sequence[dict[str, Any]], radius: float, centre: float, gap: float
) -> list[tuple[drawings.Arc, dict[str, Any]]]:
    """Return each step of a loop with its arc."""
    arcs = drawings.ring(len(steps), radius=radius, centre=centre, gap=gap)
    return list(zip(arcs, steps, strict=True))


@register.filter
def count_done(steps: Sequence[dict[str, Any]]) -> int:
    """Count the steps whose state is "done"."""
    return sum(step["state"] == "done" for step in steps)


@register.filter
def message_tone(level: str) -> str:
    """Return the tone of a message by the name of its level."""
    return tones.MESSAGE_TONES.get(level, "info")


@register.simple_tag
def url_if_any(name: str, *args: Any) -> str:
    """Return an address, or nothing when no module of this installation serves it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def share_words(value: float | str, total: float | str) -> str:
    """Return "18 of 24" in the active language; literal attributes arrive as text."""
    return _("%(value)s of %(total)s") % {
        "value": formatting.number(float(value)),
        "total": formatting.number(float(total)),
    }
