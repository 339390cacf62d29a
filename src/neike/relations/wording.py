"""Reasons one can give with one tap: kept in one wording, read in everybody's language."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, override

NO_REASONS: Final[dict[str, Promise]] = {
    "not-us": gettext_lazy("Somebody else does this, not we"),
    "no-longer": gettext_lazy("This is no longer so"),
    "never": gettext_lazy("We do not work together"),
    "twice": gettext_lazy("This is covered by another relation"),
}
"""Why a relation does not hold, by the code a form sends."""

END_REASONS: Final[dict[str, Promise]] = {
    "over": gettext_lazy("The work is finished"),
    "moved": gettext_lazy("Somebody else has taken it over"),
    "no-longer": gettext_lazy("This is no longer so"),
}
"""Why a relation ends."""

_ENGLISH: Final = frozenset(
    (
        "Somebody else does this, not we",
        "This is no longer so",
        "We do not work together",
        "This is covered by another relation",
        "The work is finished",
        "Somebody else has taken it over",
    )
)


def wording_of(code: str) -> str:
    """Return the one wording in which a quick reason is kept; "" for a code that is none."""
    known = NO_REASONS | END_REASONS
    if code not in known:
        return ""
    with override("en"):
        return str(known[code])


def reason_said(text: str) -> str:
    """Return a reason as its reader should see it: quick ones in their language, own words as said."""
    return gettext(text) if text in _ENGLISH else text
