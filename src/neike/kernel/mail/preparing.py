"""What is looked up, and asked again, at the moment a mail is written: filled at start-up by the modules."""

from collections.abc import Callable
from typing import Any

Prepare = Callable[..., dict[str, Any] | None]

_prepares: dict[str, Prepare] = {}


def prepares(template: str) -> Callable[[Prepare], Prepare]:
    """Declare `function(person, context, *, now)` for the mails of one template.

    It gets the ids the mail was queued with and returns what the template needs, or None when the person may
    no longer see it: then the mail is not sent. Declare it in the module's `registrations.py`.

    Raises:
        ValueError: the template has one already.
    """

    def declare(function: Prepare) -> Prepare:
        if template in _prepares:
            raise ValueError(f"the mail {template} is prepared twice")
        _prepares[template] = function
        return function

    return declare


def find(template: str) -> Prepare | None:
    """Return what prepares this template's mails, if anything does."""
    return _prepares.get(template)
