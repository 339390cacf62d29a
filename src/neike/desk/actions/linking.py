"""Saying how two requests are related. Each of the two logs tells it from its own side."""

from datetime import datetime
from typing import Any

from django.db import transaction

from neike.desk import policies
from neike.desk.actions.errors import NotPossibleError
from neike.desk.actions.related_errors import (
    FamilyError,
    NotYoursToRelateError,
    RelatedAlreadyError,
    SameRequestError,
    UnknownRequestError,
)
from neike.desk.actions.work import Work, begin_both
from neike.desk.choices import (
    CHOSEN_LINKS,
    FAMILY_LINKS,
    MIRROR,
    OPEN_TICKET_STATES,
    EventKind,
    LinkKind,
)
from neike.desk.models import Ticket
from neike.kernel.policies import require
from neike.org.models import Person


@transaction.atomic
def link(*, ticket: Ticket, other: Ticket, kind: LinkKind, by: Person, now: datetime) -> None:
    """Say that `ticket` is related to `other`; `kind` is one of `CHOSEN_LINKS`, seen from `ticket`.

    A part and its whole: both are changed, so one needs the right to both; the whole must be open.

    Raises:
        PermissionDenied: `by` neither asked for `ticket` nor serves it.
        UnknownRequestError: `by` may not read the other.
        SameRequestError, RelatedAlreadyError, FamilyError, NotYoursToRelateError: see there.
        NotPossibleError: the whole is not open any more.
    """
    if ticket.pk == other.pk:
        raise SameRequestError
    kind = LinkKind(kind)
    if kind not in CHOSEN_LINKS:
        raise NotPossibleError(f"{kind} is not chosen by people")
    own, theirs = begin_both(ticket, other, by=by, now=now)
    require(policies.may_relate(own.who, own.ticket))
    require_readable(own, theirs.ticket)
    if kind in FAMILY_LINKS:
        _require_family(own, theirs, kind)
    happen_both(own, theirs, kind)
    for work in (own, theirs):
        work.finish()


@transaction.atomic
def unlink(*, ticket: Ticket, other: Ticket, kind: LinkKind, by: Person, now: datetime) -> None:
    """Take a relation away that somebody chose.

    Raises:
        PermissionDenied: `by` neither asked for `ticket` nor serves it.
        UnknownRequestError: `by` may not read the other.
        NotPossibleError: they are not related like that, or it follows from merging or splitting.
    """
    if LinkKind(kind) not in CHOSEN_LINKS or ticket.pk == other.pk:
        raise NotPossibleError(f"{kind} is not chosen by people")
    own, theirs = begin_both(ticket, other, by=by, now=now)
    require(policies.may_relate(own.who, own.ticket))
    require_readable(own, theirs.ticket)
    own.happen(EventKind.UNLINKED, link=LinkKind(kind).value, other=theirs.ticket.pk)
    theirs.happen(EventKind.UNLINKED, link=MIRROR[LinkKind(kind)].value, other=own.ticket.pk)
    for work in (own, theirs):
        work.finish()


def require_readable(work: Work, other: Ticket) -> None:
    """Go on when the acting person may read the other request.

    Raises:
        UnknownRequestError: they may not; the same as when there is none.
    """
    if not policies.may_read(work.who, other):
        raise UnknownRequestError


def happen_both(own: Work, theirs: Work, kind: LinkKind, **data: Any) -> None:
    """Let both logs tell of a relation; `data` goes to the first.

    Raises:
        RelatedAlreadyError, FamilyError: see there.
    """
    related = any(other == theirs.ticket.pk for _kind, other in own.log.course.links)
    try:
        own.happen(EventKind.LINKED, link=kind.value, other=theirs.ticket.pk, **data)
        theirs.happen(EventKind.LINKED, link=MIRROR[kind].value, other=own.ticket.pk)
    except NotPossibleError as error:
        if kind in FAMILY_LINKS and not related:
            raise FamilyError(theirs.ticket) from error
        raise RelatedAlreadyError(theirs.ticket) from error


def _require_family(own: Work, theirs: Work, kind: LinkKind) -> None:
    if not policies.may_relate(own.who, theirs.ticket):
        raise NotYoursToRelateError(theirs.ticket)
    whole = theirs.ticket if kind == LinkKind.CHILD_OF else own.ticket
    if whole.state not in OPEN_TICKET_STATES:
        raise NotPossibleError("the whole is not open")
