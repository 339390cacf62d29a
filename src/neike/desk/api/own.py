"""What the caller keeps for themselves on a request, for programs: hidden until, a reminder. Nobody else's, ever."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from neike.desk import actions, queries
from neike.desk.actions.own import REMINDER_LIMIT
from neike.desk.api.asking import Caller, caller, refusal
from neike.desk.api.shown import Refusal
from neike.desk.models import Ticket
from neike.kernel.policies import policy

router = Router()


class SnoozeGiven(Schema, extra="forbid"):
    """Until when the caller hides a request from their own working lists."""

    until: AwareDatetime


class ReminderGiven(Schema, extra="forbid"):
    """When the caller wants to be reminded, and of what."""

    at: AwareDatetime
    note: Annotated[str, Field(max_length=REMINDER_LIMIT, pattern=r"^[^\x00]*$")] = ""


class OwnShown(Schema):
    """What the caller keeps for themselves on a request; None: nothing."""

    snoozed_until: datetime | None
    remind_at: datetime | None
    reminder: str


def _shown(who: Caller, ticket: Ticket) -> OwnShown:
    sheet = queries.sheet_of(who.person.pk, ticket.pk)
    until = sheet.snoozed_until
    return OwnShown(
        snoozed_until=until if until is not None and until > who.now else None,
        remind_at=sheet.remind_at,
        reminder=sheet.reminder,
    )


@router.get("/requests/{request_id}/own", response=OwnShown)
@policy("desk.use")
def own(request: HttpRequest, request_id: UUID) -> OwnShown:
    """Show what you keep for yourself on a request: never anybody else's."""
    who = caller(request)
    return _shown(who, who.ticket(request_id))


@router.put("/requests/{request_id}/own/snooze", response={200: OwnShown, 422: Refusal})
@policy("desk.use")
def put_snooze(request: HttpRequest, request_id: UUID, body: SnoozeGiven) -> Status[Any]:
    """Hide a request that you serve from your own lists until a moment."""
    who = caller(request)
    ticket = who.ticket(request_id)
    try:
        actions.snooze(ticket=ticket, by=who.person, until=body.until, now=who.now)
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(200, _shown(who, ticket))


@router.delete("/requests/{request_id}/own/snooze", response={204: None})
@policy("desk.use")
def delete_snooze(request: HttpRequest, request_id: UUID) -> Status[None]:
    """Bring a request back into your lists."""
    who = caller(request)
    actions.end_snooze(ticket=who.ticket(request_id), by=who.person, now=who.now)
    return Status(204, None)


@router.put("/requests/{request_id}/own/reminder", response={200: OwnShown, 422: Refusal})
@policy("desk.use")
def put_reminder(request: HttpRequest, request_id: UUID, body: ReminderGiven) -> Status[Any]:
    """Be reminded of a request; a new reminder replaces the last."""
    who = caller(request)
    ticket = who.ticket(request_id)
    try:
        actions.remind(ticket=ticket, by=who.person, at=body.at, note=body.note, now=who.now)
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(200, _shown(who, ticket))


@router.delete("/requests/{request_id}/own/reminder", response={204: None})
@policy("desk.use")
def delete_reminder(request: HttpRequest, request_id: UUID) -> Status[None]:
    """Take your reminder away."""
    who = caller(request)
    actions.end_reminder(ticket=who.ticket(request_id), by=who.person, now=who.now)
    return Status(204, None)
