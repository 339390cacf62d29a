"""Requests in the registries of the kernel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from neike.desk import demo, policies, queries
from neike.desk.choices import TicketState, Visibility, WaitingOn
from neike.desk.models import Message, Ticket
from neike.desk.queries import my_day
from neike.desk.registrations.readers import day_source, standing_of, ticket_for
from neike.desk.telling import label_of
from neike.kernel import mail
from neike.kernel.attachments import AttachmentOwner, register_owner
from neike.kernel.registries import (
    DEMO_PARTS,
    NAVIGATION,
    SAFETY_OBJECTS,
    DemoPart,
    NavigationEntry,
)
from neike.kernel.safety import append_only
from neike.kernel.search import (
    SCOPE_PROVIDERS,
    SEARCH_SOURCES,
    ScopeProvider,
    SearchSource,
)
from neike.org.models import Person

SAFETY_OBJECTS.register(append_only("desk_ticketevent"))


def _may_read_ticket(person: Any, ticket_id: int) -> bool:  # noqa: ANN401
    who = standing_of(person)
    return who is not None and queries.tickets_visible_to(who).filter(pk=ticket_id).exists()


def _may_read_message(person: Any, message_id: int) -> bool:  # noqa: ANN401
    who = standing_of(person)
    message = Message.objects.filter(pk=message_id).select_related("ticket").first()
    if who is None or message is None or not policies.may_read(who, message.ticket):
        return False
    public = message.visibility == Visibility.PUBLIC
    return public or bool(policies.may_read_internal(who, message.ticket))


def _existing_tickets(ids: Iterable[int]) -> set[int]:
    return set(Ticket.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _existing_messages(ids: Iterable[int]) -> set[int]:
    return set(Message.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


register_owner(
    AttachmentOwner(key="desk.ticket", may_read=_may_read_ticket, existing=_existing_tickets)
)


register_owner(
    AttachmentOwner(key="desk.message", may_read=_may_read_message, existing=_existing_messages)
)


SCOPE_PROVIDERS.register(ScopeProvider(key="desk", scopes=queries.search_scopes))


SEARCH_SOURCES.register(SearchSource(key="desk.tickets", documents=queries.search_documents))


@mail.prepares("desk/mail/question")
def _question(person: Person, context: dict[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """Give the mail what it says, unless the question was answered meanwhile."""
    ticket = ticket_for(person, context, now)
    if ticket is None or ticket.waiting_on != WaitingOn.REQUESTER:
        return None
    leg = ticket.legs.filter(waiting_on=WaitingOn.REQUESTER).first()
    question = "" if leg is None or ticket.confidential else leg.waiting_reason
    return {"name": person.name, "ticket": label_of(ticket), "question": question, **context}


@mail.prepares("desk/mail/resolved")
def _resolved(person: Person, context: dict[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """Give the mail what it says, unless the request was confirmed or reopened meanwhile."""
    ticket = ticket_for(person, context, now)
    if ticket is None or ticket.state != TicketState.RESOLVED:
        return None
    return {"name": person.name, "ticket": label_of(ticket), **context}


def _waiting(person: Any) -> int | None:  # noqa: ANN401 - the kernel's signature
    """Return how much waits at the desk; None for somebody who serves no department. Two queries per page."""
    if not isinstance(person, Person):
        return None
    now = timezone.now()  # noqa: TID251 - a menu has no clock of its own
    served = policies.standing(person, now=now).serves
    return queries.waiting_for_departments(served, person.pk, now=now) if served else None


def _shown(person: Any) -> bool:  # noqa: ANN401 - the kernel's signature
    """Show the queue to whoever serves; the number is kept on the person, who lives as long as the request."""
    person.waiting_at_desk = _waiting(person)
    return person.waiting_at_desk is not None


def _count(person: Any) -> int:  # noqa: ANN401 - the kernel's signature
    return getattr(person, "waiting_at_desk", None) or 0


NAVIGATION.register(
    NavigationEntry(
        key="desk.queue",
        order=200,
        label=_("Request desk"),
        icon="desk",
        url_name="desk:queue",
        group="work",
        visible=_shown,
        count=_count,
    )
)


NAVIGATION.register(
    NavigationEntry(
        key="desk.mine", order=20, label=_("My requests"), icon="queue", url_name="desk:mine"
    )
)


_MINE, _QUEUE = "desk:mine", "desk:queue"


day_source(
    "desk.answers",
    50,
    _("Waiting for your answer"),
    "question",
    my_day.answers,
    page=_MINE,
    query="tab=waiting",
)


day_source(
    "desk.to_confirm",
    60,
    _("To confirm"),
    "check",
    my_day.to_confirm,
    page=_MINE,
    query="tab=waiting",
)


day_source(
    "desk.my_legs",
    100,
    _("In your hands"),
    "desk",
    my_day.in_hand,
    page=_QUEUE,
    query="view=mine&department=all",
)


day_source(
    "desk.offers",
    110,
    _("To accept"),
    "accept",
    my_day.offers,
    page=_QUEUE,
    query="view=offered&department=all",
)


DEMO_PARTS.register(DemoPart(key="desk", order=30, load=demo.load))
