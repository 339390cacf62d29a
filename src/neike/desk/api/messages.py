"""The conversation."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Router, Status

from neike.desk import actions
from neike.desk.api import shown
from neike.desk.api.asking import caller, refusal
from neike.desk.api.fields import NewMessage
from neike.desk.api.shown import MessageShown, Refusal
from neike.kernel.policies import policy

router = Router()
IdempotencyKey = Annotated[
    str | None,
    Header(None, alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_.:-]{1,60}$"),
]


@router.post("/requests/{request_id}/messages", response={201: MessageShown, 422: Refusal})
@policy("desk.use")
def reply(
    request: HttpRequest,
    request_id: UUID,
    body: NewMessage,
    idempotency_key: IdempotencyKey = None,
) -> Status[Any]:
    """Write to a request. The same `Idempotency-Key` of the same person gives the first message again."""
    who = caller(request)
    try:
        message = actions.post_message(
            ticket=who.ticket(request_id),
            by=who.person,
            body=body.body,
            visibility=body.visibility,
            client_key=f"api:{idempotency_key}" if idempotency_key else "",
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    return Status(201, shown.message_shown(message))
