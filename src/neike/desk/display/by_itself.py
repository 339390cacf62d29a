"""Why something happened by itself: a department's policy, or a rule."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from neike.desk.choices import EventKind
from neike.desk.models import TicketEvent
from neike.kernel.texts import LocalizedText


def _load(why: Mapping[str, Any]) -> str:
    return (
        _("has the most room: %(load)d of %(capacity)d taken, %(considered)d could have got it")
        % why
    )


def _turn(why: Mapping[str, Any]) -> str:
    return _("it was their turn, among %(considered)d") % why


def _skill(why: Mapping[str, Any]) -> str:
    if why.get("skilled", True):
        return _("can do it and has the most room: %(load)d of %(capacity)d taken") % why
    return _("nobody with room can do all of it; %(load)d of %(capacity)d taken") % why


def _overfull(why: Mapping[str, Any]) -> str:
    return _("nobody has room; least overfull: %(load)d of %(capacity)d taken") % why


_WHY: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "load": _load,
    "turn": _turn,
    "skill": _skill,
    "overfull": _overfull,
    "fallback": lambda _why: _("everybody else is away"),
    "absent": lambda _why: _("whoever had it is away, and nobody else could be named"),
    "off": lambda _why: _("people take it themselves"),
    "away": lambda _why: _("everybody is away"),
    "closed": lambda _why: _("nobody is at work at this hour"),
}


def why_assigned(why: Mapping[str, Any]) -> str:
    """Return in words why somebody, or nobody, was given work; "" where the log does not say."""
    say = _WHY.get(str(why.get("code")))
    return say(why) if say else ""


def note_of(event: TicketEvent) -> str:
    """Return why an event happened by itself, or ""."""
    if event.kind == EventKind.LEG_ASSIGNED:
        return why_assigned(event.data.get("why") or {})
    return ""


def rule_of(event: TicketEvent) -> str:
    """Return the name of the rule that did it, or ""."""
    rule = event.data.get("rule")
    return str(LocalizedText.from_json(rule["name"])) if rule else ""


def who_did(event: TicketEvent) -> str:
    """Return who did it: a person, a rule by its name, or time."""
    if event.by:
        return event.by.name
    rule = rule_of(event)
    return _("By the rule “%(rule)s”") % {"rule": rule} if rule else _("By itself")
