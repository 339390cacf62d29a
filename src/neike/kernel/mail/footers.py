"""What stands below mails that a person may turn off: filled at start-up by whoever sends such mails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Footer:
    """Paths of ours: how to be told otherwise, to hear no more of this one thing, and to stop with one click."""

    preferences: str = ""
    mute: str = ""
    stop: str = ""


Provider = Callable[[Mapping[str, Any]], Footer | None]


def _none(_context: Mapping[str, Any]) -> Footer | None:
    return None


_provider: Provider = _none


def set_footer(provider: Provider) -> Provider:
    """Say how the footer follows from the ids a mail was queued with; returns who said it before."""
    global _provider
    before, _provider = _provider, provider
    return before


def footer_of(context: Mapping[str, Any]) -> Footer:
    """Return the footer of a mail; an empty one for mails nobody can turn off."""
    return _provider(context) or Footer()
