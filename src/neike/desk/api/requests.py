"""Requests as a whole: make, list, read, resolve, confirm, reopen, withdraw."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Query, Router, Status

from neike.catalog import queries as catalog_queries
from neike.desk import actions, queries
from neike.desk.api import shown
from neike.desk.api.asking import ANSWERS, Caller, caller, changed, refusal
from neike.desk.api.fields import (
    Cancel,
    NewRequest,
    Seen,
    WithNote,
    WithReason,
    is_keepable,
)
from neike.desk.api.shown import Refusal, RequestList, RequestShown
from neike.desk.choices import Channel
from neike.desk.models import Ticket
from neike.desk.queries import Cursor
from neike.kernel.policies import policy
from neike.org.models import Person

router = Router()
IdempotencyKey = Annotated[
    str | None,
    Header(None, alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_.:-]{1,60}$"),
]


@router.post("/requests", response={200: RequestShown, 201: RequestShown, 422: Refusal})
@policy("desk.use")
def create_request(
    request: HttpRequest, body: NewRequest, idempotency_key: IdempotencyKey = None
) -> Status[Any]:
    """Make a request.

    The same `Idempotency-Key` of the same person gives the first request again, with 200 instead of 201.
    """
    who = caller(request)
    if not is_keepable(body.answers):
        return Status(422, Refusal(code="invalid"))
    service = catalog_queries.service_by_key(body.service)
    requester = who.person
    if body.requester is not None:
        found = Person.objects.filter(public_id=body.requester).first()
        if found is None:
            return Status(422, Refusal(code="requester_unknown"))
        requester = found
    try:
        if service is None:
            raise actions.ServiceNotOfferedError
        ticket = actions.submit(
            service=service,
            by=who.person,
            requester=requester,
            answers=body.answers,
            title=body.title,
            priority=body.priority,
            channel=Channel.API,
            client_key=f"api:{idempotency_key}" if idempotency_key else "",
            now=who.now,
        )
    except actions.DeskError as error:
        return Status(422, refusal(error))
    status = 201 if ticket.submitted_at == who.now else 200
    return Status(status, shown.request_shown(who.who, who.ticket(ticket.public_id)))


@router.get("/requests", response=RequestList)
@policy("desk.use")
def list_requests(
    request: HttpRequest,
    scope: Literal["mine", "visible"] = "mine",
    after: Annotated[str, Query("", max_length=200)] = "",
    limit: Annotated[int, Query(50, ge=1, le=100)] = 50,
) -> RequestList:
    """List requests, latest activity first: yours, or all you may read."""
    who = caller(request)
    found = queries.my_tickets(who.who) if scope == "mine" else _visible(who)
    page = queries.page_of(
        found.select_related(
            "service", "requester", "customer", "supplier", "standard__calendar"
        ).prefetch_related(shown.YEARS),
        field="last_activity_at",
        after=Cursor.parse(after) if after else None,
        size=limit,
        newest_first=True,
    )
    return RequestList(
        items=[shown.RequestLine(**shown.line(each)) for each in page.rows],
        next=str(page.following) if page.following else None,
    )


def _visible(who: Caller) -> Any:  # noqa: ANN401 - a queryset
    return queries.tickets_visible_to(who.who)


@router.get("/requests/{request_id}", response=RequestShown)
@policy("desk.use")
def read_request(request: HttpRequest, request_id: UUID) -> RequestShown:
    """Read a request: its legs, messages and promise, as much as your side sees."""
    who = caller(request)
    return shown.request_shown(who.who, who.ticket(request_id))


@router.post("/requests/{request_id}/resolve", response=ANSWERS)
@policy("desk.use")
def resolve_request(request: HttpRequest, request_id: UUID, body: WithNote) -> Status[Any]:
    """Tell the requester that it is done; `note` is posted to them."""
    who = caller(request)
    ticket: Ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.resolve(
            ticket=ticket, by=who.person, note=body.note, version=body.version, now=who.now
        ),
    )


@router.post("/requests/{request_id}/confirm", response=ANSWERS)
@policy("desk.use")
def confirm_request(request: HttpRequest, request_id: UUID, body: Seen) -> Status[Any]:
    """Accept the result as the requester; the request is closed."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.confirm(ticket=ticket, by=who.person, version=body.version, now=who.now),
    )


@router.post("/requests/{request_id}/reopen", response=ANSWERS)
@policy("desk.use")
def reopen_request(request: HttpRequest, request_id: UUID, body: WithReason) -> Status[Any]:
    """Come back to a resolved request; the reason is posted."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.reopen(
            ticket=ticket, by=who.person, why=body.reason, version=body.version, now=who.now
        ),
    )


@router.post("/requests/{request_id}/cancel", response=ANSWERS)
@policy("desk.use")
def cancel_request(request: HttpRequest, request_id: UUID, body: Cancel) -> Status[Any]:
    """Withdraw a request."""
    who = caller(request)
    ticket = who.ticket(request_id)
    return changed(
        who,
        request_id,
        lambda: actions.cancel(
            ticket=ticket, by=who.person, why=body.reason, version=body.version, now=who.now
        ),
    )
