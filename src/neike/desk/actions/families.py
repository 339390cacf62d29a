"""A request and its parts, resolved together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from neike.desk import policies, queries
from neike.desk.actions.errors import DeskError
from neike.desk.actions.tickets import resolve
from neike.desk.models import Ticket
from neike.org.models import Person


@dataclass(frozen=True, slots=True)
class FamilyResolved:
    """What came of it: the parts that were resolved, and those that were not, each with the reason in words."""

    ticket: Ticket
    done: Sequence[Ticket]
    refused: Sequence[tuple[Ticket, str]]


def resolve_family(
    *, ticket: Ticket, by: Person, version: int, now: datetime, note: str = ""
) -> FamilyResolved:
    """Resolve a request, then each of its open parts that `by` may read; `note` goes to each requester.

    Each is resolved by the same action, with its own rights and its own events. A part that cannot be resolved
    holds up nobody else. The whole comes first: where it fails, nothing happens at all.

    Raises:
        as `resolve`, for the request itself.
    """
    parts = list(queries.open_parts(policies.standing(by, now=now), ticket))
    fresh = resolve(ticket=ticket, by=by, version=version, note=note, now=now)
    done: list[Ticket] = []
    refused: list[tuple[Ticket, str]] = []
    for part in parts:
        try:
            done.append(resolve(ticket=part, by=by, version=part.version, note=note, now=now))
        except DeskError as error:
            refused.append((part, str(error)))
        except PermissionDenied:
            refused.append((part, _("This is not yours to do.")))
    return FamilyResolved(fresh, done, refused)
