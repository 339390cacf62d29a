"""What open pages may hear of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from neike.desk import live, policies, queries
from neike.kernel.live import TOPICS, TopicKind


def _tickets_heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the requests that the person may read."""
    who = policies.standing(person, now=now)
    return queries.tickets_visible_to(who).filter(pk__in=ids).values_list("pk", flat=True)


def _notes_heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the requests whose internal notes the person may read."""
    who = policies.standing(person, now=now)
    found = queries.tickets_visible_to(who).filter(pk__in=ids).prefetch_related("legs", "tasks")
    return [ticket.pk for ticket in found if policies.may_read_internal(who, ticket)]


def _queues_heard(person: Any, ids: frozenset[int], now: datetime) -> Iterable[int]:  # noqa: ANN401
    """Return those of the departments whose queue the person works or leads."""
    who = policies.standing(person, now=now)
    return [pk for pk in ids if who.serves_in(pk)]


def _own_queues(person: Any, now: datetime) -> Iterable[int]:  # noqa: ANN401 - the kernel's signature
    return policies.standing(person, now=now).serves


TOPICS.register(TopicKind(key=live.TICKET, order=100, allowed=_tickets_heard))


TOPICS.register(TopicKind(key=live.NOTES, order=110, allowed=_notes_heard))


TOPICS.register(TopicKind(key=live.PRESENCE, order=120, allowed=_notes_heard))


TOPICS.register(TopicKind(key=live.QUEUE, order=130, allowed=_queues_heard, own=_own_queues))
