"""How far two sides agree: a word, a tone and an icon, never the colour alone."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from neike.relations.choices import Closeness, RelationKind, RelationLevel, RelationState, Side
from neike.relations.models import ServiceRelation

TONES: Final = {
    RelationState.PROPOSED: "info",
    RelationState.DECLARED: "primary",
    RelationState.CONFIRMED: "success",
    RelationState.CONTESTED: "warning",
    RelationState.ENDED: "neutral",
}
ICONS: Final = {
    RelationState.PROPOSED: "bulb",
    RelationState.DECLARED: "waiting",
    RelationState.CONFIRMED: "met",
    RelationState.CONTESTED: "warning",
    RelationState.ENDED: "blocked",
}
KIND_ICONS: Final = {
    RelationKind.NEXT_STEP: "arrow-right",
    RelationKind.SUPPORT: "tools",
    RelationKind.TEAM: "people",
    RelationKind.BOSS: "arrow-up",
    RelationKind.LATERAL: "handover",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A state as a badge shows it."""

    text: str
    tone: str
    icon: str


def state_word(state: str) -> Word:
    """Return a relation's state as a badge."""
    found = RelationState(state)
    return Word(str(found.label), TONES[found], ICONS[found])


def side_word(relation: ServiceRelation, side: str) -> Word:
    """Return what one side has said so far."""
    if relation.contested_by_side(side):
        return Word(_("disagrees"), "warning", "warning")
    if relation.confirmed_by_side(side):
        return Word(_("has confirmed"), "success", "met")
    return Word(_("has not answered yet"), "neutral", "waiting")


def said_on(relation: ServiceRelation, side: str) -> date | None:
    """Return the day on which a side last said whether the relation holds."""
    contested: date | None = getattr(relation, f"{side}_contested_on")
    confirmed: date | None = getattr(relation, f"{side}_confirmed_on")
    return contested or confirmed


def has_answered(relation: ServiceRelation, side: str) -> bool:
    """Whether a side has said something: that it holds, or that it does not."""
    return relation.confirmed_by_side(side) or relation.contested_by_side(side)


@dataclass(frozen=True, slots=True)
class Dots:
    """Closeness as three dots and a word."""

    value: int
    word: str
    dots: tuple[bool, ...]


def closeness_shown(value: int) -> Dots:
    """Return closeness for a page."""
    return Dots(value, str(Closeness(value).label), tuple(step <= value for step in (1, 2, 3)))


def what_kind(relation: ServiceRelation, own_side: str | None = None) -> str:
    """Say of what kind the other end is, as seen from one's own; the plain kind for onlookers."""
    kind = RelationKind(relation.kind)
    if own_side == Side.CUSTOMER and kind in (RelationKind.TEAM, RelationKind.BOSS):
        return _("leads me") if kind == RelationKind.TEAM else _("is in my team")
    return kind_label(kind, relation.level)


def kind_label(kind: str, level: str) -> str:
    """Return what a kind is called; beside a person or position stand colleagues, not departments."""
    found = RelationKind(kind)
    if found == RelationKind.LATERAL and level != RelationLevel.DEPARTMENT:
        return _("neighbouring colleague")
    return str(found.label)
