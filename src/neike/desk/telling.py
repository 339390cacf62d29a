"""Telling people of a request: only those who may read it now, never who did it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from neike.desk import policies
from neike.desk.models import Ticket
from neike.kernel import mail, notices
from neike.org import queries as org_queries
from neike.org.models import Department, Person


def tell(
    people: Iterable[Person],
    ticket: Ticket,
    event: Any,  # noqa: ANN401 - one of `events`
    title: Promise,
    *,
    now: datetime,
    key: str = "",
    by_mail: str = "",
    **params: object,
) -> None:
    """Leave each of the people a notice, once per event (or per `key`); `by_mail` names a mail where it is their move.

    The right to read is asked anew for each. Of a confidential request only the number is said.
    """
    label = label_of(ticket)
    for person in {one.pk: one for one in people if one.pk != event.by_id}.values():
        if not policies.may_read(policies.standing(person, now=now), ticket):
            continue
        notices.notify(
            person=person,
            kind=event.name.rsplit(".", 1)[0],
            url=ticket.path,
            title=title,
            params={"ticket": label, **params},
            now=now,
            key=f"{ticket.pk}:{key or event.seq}:{event.name}",
        )
        if by_mail:
            context = {"ticket_id": ticket.pk, "url": ticket.path}
            once = f"{ticket.pk}:{event.seq}"
            mail.send(to=person, template=by_mail, context=context, now=now, key=once)


def leads_or_agents(department: Department, *, now: datetime) -> list[Person]:
    """Return who leads a department, else all who work its queue."""
    on = org_queries.organisation_day(now)
    found = org_queries.chart(on=on).get(department.pk)
    leaders = [leader.person_id for leader in found.leaders] if found else []
    if leaders:
        return list(Person.objects.filter(pk__in=leaders))
    return list(org_queries.agents_of(department, on=on))


def label_of(ticket: Ticket) -> str:
    """Return how a request is called outside its page: a confidential one by its number only."""
    return str(ticket) if ticket.confidential else f"{ticket} {ticket.title}"


def tell_oneself(
    person: Person,
    ticket: Ticket,
    kind: str,
    title: Promise,
    *,
    now: datetime,
    key: str,
    **params: object,
) -> bool:
    """Leave a person a notice that they wanted themselves; False when they may not read the request any more."""
    if not policies.may_read(policies.standing(person, now=now), ticket):
        return False
    notices.notify(
        person=person,
        kind=kind,
        url=ticket.path,
        title=title,
        params={"ticket": label_of(ticket), **params},
        now=now,
        key=f"{ticket.pk}:{key}:{kind}",
    )
    return True
