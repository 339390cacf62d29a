"""How an operation finds what it is about, and how it tells that something was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Status

from neike.desk import actions, policies, queries
from neike.desk.api import shown
from neike.desk.api.shown import Conflict, Refusal, RequestShown
from neike.desk.models import Leg, Ticket
from neike.desk.policies import Standing
from neike.org.models import Person

ANSWERS = {200: RequestShown, 409: Conflict, 422: Refusal}
"""What every change of a request may answer, beside the refusals that all operations share."""


@dataclass
class Caller:
    """Who calls, and when."""

    person: Person
    now: datetime

    @cached_property
    def who(self) -> Standing:
        """What the person is in the organisation."""
        return policies.standing(self.person, now=self.now)

    def ticket(self, public_id: UUID) -> Ticket:
        """Return a request.

        Raises:
            Http404: there is none, or not for this person.
        """
        found = queries.tickets_visible_to(self.who).select_related(
            "service", "standard__calendar", "requester", "customer", "supplier"
        )
        return get_object_or_404(found, public_id=public_id)

    def leg(self, public_id: UUID, no: int) -> Leg:
        """Return a leg of a request.

        Raises:
            Http404: there is none, or not for this person.
        """
        return get_object_or_404(
            Leg.objects.select_related("ticket", "supplier"), ticket=self.ticket(public_id), no=no
        )


def caller(request: HttpRequest) -> Caller:
    """Return who calls; the door has checked that somebody is signed in."""
    if not isinstance(request.user, Person):
        raise TypeError("an anonymous caller passed a guarded door")
    return Caller(request.user, timezone.now())


def changed(who: Caller, public_id: UUID, run: Callable[[], object]) -> Status[Any]:
    """Let an action happen; answer the request as it is then, or why it did not."""
    try:
        run()
    except actions.LegChangedError as error:
        return Status(409, _conflict(who, error.leg.ticket, error, error.leg.version))
    except actions.TicketChangedError as error:
        return Status(409, _conflict(who, error.ticket, error, error.ticket.version))
    except actions.DeskError as error:
        return Status(422, refusal(error))
    fresh = Caller(who.person, who.now)
    return Status(200, shown.request_shown(fresh.who, fresh.ticket(public_id)))


def _conflict(
    who: Caller,
    ticket: Ticket,
    error: actions.LegChangedError | actions.TicketChangedError,
    version: int,
) -> Conflict:
    serving = bool(policies.may_read_internal(who.who, ticket))
    return Conflict(
        detail=str(error),
        version=version,
        changes=shown.changes_shown(error.changes, serving=serving),
    )


def refusal(error: actions.DeskError) -> Refusal:
    """Return what a rule refused: its name without "Error" in snake case, and the sentence for people."""
    name = type(error).__name__.removesuffix("Error")
    code = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    if isinstance(error, actions.AnswersWrongError):
        return Refusal(code=code, detail=error.errors)
    return Refusal(code=code, detail=str(error))
