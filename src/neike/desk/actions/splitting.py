"""Making another request of what was written in one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from neike.catalog import form_schema
from neike.catalog.models import FormVersion, Service
from neike.desk import policies, queries
from neike.desk.actions.errors import NotPossibleError
from neike.desk.actions.linking import happen_both
from neike.desk.actions.related_errors import NothingToSplitError
from neike.desk.actions.submitting import submit
from neike.desk.actions.work import Work, begin, begin_both
from neike.desk.choices import (
    OPEN_TICKET_STATES,
    EventKind,
    LinkKind,
    TicketState,
    Visibility,
)
from neike.desk.models import Message, Ticket
from neike.desk.replay import REQUESTER, SERVING
from neike.kernel.attachments.actions import copy
from neike.kernel.attachments.queries import attachments_of_many
from neike.kernel.policies import require
from neike.org.models import Person

_USUAL_LIMIT: Final = 200
"""So much of a message fits every text field."""


@transaction.atomic
def split(
    *,
    ticket: Ticket,
    messages: Collection[int],
    service: Service,
    by: Person,
    now: datetime,
    title: str = "",
    answers: Mapping[str, Any] | None = None,
    as_part: bool = False,
    client_key: str = "",
) -> Ticket:
    """Make a request for the same requester of some messages (their ids); the first one keeps all of its own.

    Messages and files are copied, not moved; copies answer no question and stop no clock. `as_part` makes the new
    request a part of this one; then there need be no message. Without `answers` the first long text of the form
    gets the words of the messages. The same `client_key` of the same person gives the first result again.

    Raises:
        PermissionDenied: `by` does not serve `ticket`, or may not ask for its requester.
        NothingToSplitError: none of the messages is there for `by`.
        NotPossibleError: it was merged; or a part of what is over.
        FamilyError: `ticket` is part of another one itself.
        ServiceNotOfferedError, RequesterWithoutDepartmentError, AnswersWrongError: as in `submit`.
    """
    work = begin(ticket, by=by, now=now)
    require(policies.may_split(work.who, work.ticket))
    _require_splittable(work, as_part=as_part)
    chosen = list(queries.messages_visible_to(work.who, work.ticket).filter(pk__in=messages))
    if not chosen and not as_part:
        raise NothingToSplitError
    made = submit(
        service=service,
        by=by,
        requester=work.ticket.requester,
        customer=work.ticket.customer,
        answers=_answers(service, chosen) if answers is None else answers,
        title=title or work.ticket.title,
        confidential=work.ticket.confidential,
        client_key=client_key,
        now=now,
    )
    if not made.links.exists():
        _tie(work.ticket, made, chosen, as_part=as_part, by=by, now=now)
    return Ticket.objects.get(pk=made.pk)


def _require_splittable(work: Work, *, as_part: bool) -> None:
    if work.ticket.state == TicketState.MERGED:
        raise NotPossibleError("the request was merged")
    if as_part and work.ticket.state not in OPEN_TICKET_STATES:
        raise NotPossibleError("the whole is not open")


def _tie(
    ticket: Ticket,
    made: Ticket,
    chosen: Collection[Message],
    *,
    as_part: bool,
    by: Person,
    now: datetime,
) -> None:
    """Copy the messages and let both logs tell of it."""
    own, new = begin_both(ticket, made, by=by, now=now)
    if chosen:
        copied = [each.pk for each in chosen]
        happen_both(own, new, LinkKind.SPLIT_INTO, messages=copied)
    if as_part:
        happen_both(own, new, LinkKind.PARENT_OF)
    for message in chosen:
        _copy(message, new, requester_id=ticket.requester_id)
    own.finish()
    new.finish()


def _copy(message: Message, work: Work, *, requester_id: int) -> None:
    """Write a message once more, as its author said it then; it counts for no clock."""
    kept = Message.objects.create(
        ticket=work.ticket,
        author=message.author,
        visibility=message.visibility,
        automatic=True,
        body=message.body,
        created_at=message.created_at,
    )
    for file in attachments_of_many(Message, [message.pk]):
        if file.redacted_at is None:
            twin = copy(attachment=file, owner=kept, now=work.now)
            kept.body = kept.body.replace(str(file.public_id), str(twin.public_id))
    kept.save(update_fields=["body"])
    work.happen(
        EventKind.MESSAGE_POSTED,
        message=kept.pk,
        visibility=Visibility(message.visibility).value,
        party=REQUESTER if message.author_id == requester_id else SERVING,
        automatic=True,
        copied=message.pk,
    )


def _answers(service: Service, messages: Collection[Message]) -> dict[str, Any]:
    """Return answers that the messages give by themselves: their words for the first text that is asked for.

    Of internal notes nothing is said: the requester reads the answers.
    """
    said = "\n\n".join(each.body for each in messages if each.visibility == Visibility.PUBLIC)
    if not said or not isinstance(service.form, FormVersion):
        return {}
    fields = form_schema.parse(service.form.fields).fields
    texts = [each for each in fields if each.type in form_schema.TEXT_TYPES]
    texts.sort(key=lambda each: (each.type != form_schema.FieldType.LONG_TEXT, not each.required))
    if not texts:
        return {}
    first = texts[0]
    if first.type != form_schema.FieldType.LONG_TEXT:
        said = said.strip().partition("\n")[0]
    return {first.key: said[: first.max_length or _USUAL_LIMIT]}
