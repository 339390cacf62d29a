"""The conversation."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from neike.desk import events, policies, queries
from neike.desk.actions.mentions import keep_mentions, mentioned
from neike.desk.actions.related_errors import MergedAwayError, RequestClosedError
from neike.desk.actions.work import Work, begin, text
from neike.desk.choices import (
    FINAL_TICKET_STATES,
    EventKind,
    LegState,
    TicketState,
    Visibility,
    WaitingOn,
)
from neike.desk.models import Message, Ticket
from neike.desk.replay import REQUESTER
from neike.kernel import attachments
from neike.kernel.policies import require
from neike.org.models import Person


def post_message(
    *,
    ticket: Ticket,
    by: Person,
    body: str,
    now: datetime,
    visibility: Visibility = Visibility.PUBLIC,
    automatic: bool = False,
    client_key: str = "",
    files: Collection[UUID] = (),
) -> Message:
    """Write to a request. A public word of the requesting side ends a wait for the requester.

    `automatic` marks auto-replies and notices: they answer nothing and end no wait (R8). The same
    `client_key` of the same person gives the first message again. `files` are public ids of attachments that
    `by` uploaded and that wait for an owner.

    Raises:
        PermissionDenied: `by` may not write there.
        BadTextError: the text is empty or too long.
        RequestClosedError: it is over: `follow_up` makes a linked one.
        MergedAwayError: it was merged: what is to be said belongs there.
        MentionRefusedError: it mentions somebody who may not read it.
    """
    try:
        with transaction.atomic():
            known = _known(by, client_key)
            if known is not None:
                return known
            work = begin(ticket, by=by, now=now)
            message = _post(
                work, text(body), visibility, automatic=automatic, client_key=client_key
            )
            attachments.claim(ids=files, owner=message, by=by)
            return message
    except IntegrityError:
        known = _known(by, client_key)  # a double click, both at once
        if known is None:
            raise
        return known


def _known(by: Person, client_key: str) -> Message | None:
    return Message.objects.filter(author=by, client_key=client_key).first() if client_key else None


def _post(
    work: Work, body: str, visibility: Visibility, *, automatic: bool, client_key: str
) -> Message:
    require(policies.may_post(work.who, work.ticket, visibility))
    if work.ticket.state == TicketState.MERGED:
        raise MergedAwayError(queries.merged_into(work.who, work.ticket))
    if work.ticket.state in FINAL_TICKET_STATES:
        raise RequestClosedError
    body, people = mentioned(work, body, visibility)
    message, event = work.post(
        body, visibility=visibility, client_key=client_key, automatic=automatic
    )
    keep_mentions(work, message, people)
    work.tell(
        events.MessagePosted, event, message_id=message.pk, visibility=Visibility(visibility).value
    )
    if event.data["party"] == REQUESTER and visibility == Visibility.PUBLIC and not automatic:
        _resume_waiting(work)
    work.finish()
    return message


def _resume_waiting(work: Work) -> None:
    """Let all legs go on that wait for the requester."""
    for leg in work.log.course.legs:
        if leg.state == LegState.WAITING and leg.waiting_on == WaitingOn.REQUESTER:
            work.happen(EventKind.LEG_RESUMED, leg.no)
