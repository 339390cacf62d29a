"""Telling people of a request: only those who may read it now, never who did it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import Priority
from neike.desk import policies
from neike.desk.models import Ticket
from neike.engines.delivery import Urgency
from neike.kernel import notices
from neike.kernel.notices.kinds import kind_of
from neike.org import queries as org_queries
from neike.org.choices import SubstitutionScope
from neike.org.models import Department, Person, Substitution

SUBJECT = "ticket"


@dataclass(frozen=True, slots=True)
class ByMail:
    """The mail a notice becomes when it is told alone; `ids` beside the request's go with it."""

    template: str
    ids: Mapping[str, int] = field(default_factory=dict)


def tell(
    people: Iterable[Person],
    ticket: Ticket,
    event: Any,  # noqa: ANN401 - one of `events`
    title: Promise,
    *,
    now: datetime,
    key: str = "",
    by_mail: str | ByMail = "",
    because: Promise | None = None,
    **params: object,
) -> list[Person]:
    """Leave each of the people a notice, once per event (or per `key`); return who was told.

    `by_mail` names the mail it becomes when told alone, `because` why these people are told, where their kind of
    notice does not say it. What is somebody's move also reaches who stands in for them. The right to read is asked
    anew for each. Of a confidential request only the number is said.
    """
    told = {one.pk: one for one in people if one.pk != event.by_id}
    kind = event.name.rsplit(".", 1)[0]
    call = _Call(ticket, kind, title, f"{ticket.pk}:{key or event.seq}:{event.name}", params, now)
    readers = call.leave(told.values(), because, by_mail)
    if kind_of(kind).urgency != Urgency.ACTION:
        return readers
    for person, substitute in _standing_in(told, now=now):
        if substitute.pk not in told and substitute.pk != event.by_id:
            told[substitute.pk] = substitute
            readers += call.leave(
                [substitute], _("You stand in for %(absent)s."), by_mail, absent=person.name
            )
    return readers


@dataclass(frozen=True, slots=True)
class _Call:
    """One thing to be told of a request."""

    ticket: Ticket
    kind: str
    title: Promise
    key: str
    params: Mapping[str, object]
    now: datetime

    def leave(
        self,
        people: Iterable[Person],
        because: Promise | None,
        by_mail: str | ByMail,
        **more: object,
    ) -> list[Person]:
        """Leave those of the people who may read the request a notice; return them."""
        readers = [
            one
            for one in people
            if policies.may_read(policies.standing(one, now=self.now), self.ticket)
        ]
        notices.notify_all(
            readers,
            kind=self.kind,
            url=self.ticket.path,
            title=self.title,
            params={"ticket": label_of(self.ticket), **self.params, **more},
            now=self.now,
            key=self.key,
            about=notices.About(
                subject=f"{SUBJECT}:{self.ticket.pk}",
                because=because,
                urgent=self.ticket.priority == Priority.URGENT,
                mail=self._own_mail(by_mail),
            ),
        )
        return readers

    def _own_mail(self, by_mail: str | ByMail) -> notices.OwnMail | None:
        if not by_mail:
            return None
        wanted = by_mail if isinstance(by_mail, ByMail) else ByMail(by_mail)
        context = {"ticket_id": self.ticket.pk, "url": self.ticket.path, **wanted.ids}
        return notices.OwnMail(wanted.template, context)


def _standing_in(people: Mapping[int, Person], *, now: datetime) -> list[tuple[Person, Person]]:
    """Return (absent, substitute) for those of the people whose work somebody else does now; one query."""
    rows = Substitution.objects.filter(
        person__in=people,
        starts_at__lte=now,
        ends_at__gt=now,
        scope__in=(SubstitutionScope.WORK, SubstitutionScope.BOTH),
    )
    found = rows.select_related("substitute").order_by("pk")
    return [(people[row.person_id], row.substitute) for row in found]


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
