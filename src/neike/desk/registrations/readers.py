"""Who asks: what a registered function is given is a person or a visitor, and this moment."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from neike.desk import policies, queries
from neike.desk.models import Ticket
from neike.kernel.registries import (
    MY_DAY,
    DayItem,
    MyDaySource,
)
from neike.org.models import Person


def standing_of(person: Any) -> policies.Standing | None:  # noqa: ANN401 - a visitor or a person
    """Return what the person is right now: the download asks about this moment."""
    if not person.is_authenticated:
        return None
    return policies.standing(person, now=timezone.now())  # noqa: TID251 - see above


def ticket_for(person: Person, context: dict[str, Any], now: datetime) -> Ticket | None:
    """Return the request of a mail if its reader may still read it."""
    who = policies.standing(person, now=now)
    return queries.tickets_visible_to(who).filter(pk=context["ticket_id"]).first()


def day_source(
    key: str,
    order: int,
    label: Any,  # noqa: ANN401 - a lazy text
    icon: str,
    read: Callable[[policies.Standing], Sequence[DayItem]],
    *,
    page: str,
    query: str,
) -> None:
    """Add a part to everybody's day; `page` and `query` lead to the list it is taken from."""

    def items(person: Any, now: datetime) -> Sequence[DayItem]:  # noqa: ANN401 - the kernel's signature
        return read(policies.standing(person, now=now))

    def url() -> str:
        return f"{reverse(page)}?{query}"

    MY_DAY.register(MyDaySource(key=key, order=order, label=label, icon=icon, items=items, url=url))
