"""How the state of a promise looks: one icon, one word and one colour per state."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.kernel.ui.tones import pick


@dataclass(frozen=True, slots=True)
class DueLook:
    """Icon, word and classes of a due chip."""

    icon: str
    word: Promise
    classes: str


_LOOKS: Final[dict[str, DueLook]] = {
    "ok": DueLook("ok", _("On track"), "nk-soft nk-tone-neutral"),
    "soon": DueLook("soon", _("Due soon"), "nk-soft nk-tone-warning"),
    "late": DueLook("late", _("Overdue"), "nk-due-late"),
    "paused": DueLook("paused", _("Paused"), "nk-soft nk-tone-info"),
    "met": DueLook("met", _("Kept"), "nk-soft nk-tone-success"),
    "missed": DueLook("missed", _("Missed"), "nk-soft nk-tone-error"),
}
_BY_NAME: Final[dict[str, str]] = {name: name for name in _LOOKS}


def look(state: str) -> DueLook:
    """Return how a state is shown.

    Raises:
        ValueError: there is no such state.
    """
    return _LOOKS[pick(_BY_NAME, state, "due state")]
