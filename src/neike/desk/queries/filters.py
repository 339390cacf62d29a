"""What a list of legs is narrowed to and how it is ordered: read from an address or from a saved view, never trusted."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from neike.catalog.choices import Priority
from neike.desk.choices import LegState, WaitingOn
from neike.desk.models import Leg
from neike.desk.policies import Standing

NOBODY: Final = "nobody"
"""The assignee filter's word for legs that nobody has taken."""
ME: Final = "me"
"""The assignee filter's word for whoever reads the list, and those they stand in for."""
MOST_VALUES: Final = 50
"""More values than this of one filter are not looked at."""
MOST_TEXT: Final = 100


class Due(models.TextChoices):
    """When something is promised, seen from now."""

    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Due today")
    WEEK = "week", _("Due within seven days")
    NONE = "none", _("No running promise")


class Sort(models.TextChoices):
    """In which order a queue is shown."""

    DUE = "due", _("What is due first")
    PRIORITY = "priority", _("What is most urgent")
    OLDEST = "oldest", _("What came first")
    NEWEST = "newest", _("What came last")
    STILL = "still", _("What has stood still longest")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; an empty part narrows nothing. Ids are public; `text` is in number or title."""

    services: Collection[UUID] = ()
    customers: Collection[UUID] = ()
    assignees: Collection[str] = ()
    priorities: Collection[str] = ()
    states: Collection[str] = ()
    waiting: Collection[str] = ()
    due: Collection[str] = ()
    text: str = ""

    @classmethod
    def read(cls, given: Callable[[str], Iterable[str]]) -> Self:
        """Read filters: `given(name)` are the values of a parameter. What is no value is left out."""
        people = _some(given("assignee"))
        words = [each for each in people if each in {NOBODY, ME}]
        return cls(
            services=_uuids(_some(given("service"))),
            customers=_uuids(_some(given("customer"))),
            assignees=[*map(str, _uuids(people)), *words],
            priorities=_known(given("priority"), Priority.values),
            states=_known(given("state"), LegState.values),
            waiting=_known(given("waiting"), WaitingOn.values),
            due=_known(given("due"), Due.values),
            text=next(iter(_some(given("q"))), "").replace("\x00", "").strip()[:MOST_TEXT],
        )

    @property
    def any(self) -> bool:
        """Whether anything is narrowed."""
        return any(getattr(self, field.name) for field in fields(self))

    def parameters(self) -> dict[str, list[str]]:
        """Return the parameters of an address that say the same."""
        found = {name: [str(each) for each in getattr(self, part)] for name, part in PARTS.items()}
        if self.text:
            found["q"] = [self.text]
        return {name: values for name, values in found.items() if values}


PARTS: Final[Mapping[str, str]] = {
    "state": "states",
    "priority": "priorities",
    "due": "due",
    "assignee": "assignees",
    "waiting": "waiting",
    "service": "services",
    "customer": "customers",
}
"""The parameter of each filter with several values, in the order of the page, and its part of `Filters`."""


def _some(values: Iterable[str]) -> list[str]:
    return [each for each, _n in zip(values, range(MOST_VALUES), strict=False)]


def _known(values: Iterable[str], allowed: Collection[str]) -> list[str]:
    return list(dict.fromkeys(each for each in _some(values) if each in allowed))


def _uuids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Moment:
    """When a list is read: `midnight` ends the reader's day."""

    now: datetime
    midnight: datetime


def condition(filters: Filters, who: Standing, moment: Moment) -> Q:
    """Return what filters ask of a leg that `queries.legs_of_queue` annotated.

    What a redacted row hides is no key to it: filters by service, customer or words leave redacted rows out.
    """
    found = Q()
    if filters.priorities:
        found &= Q(priority__in=filters.priorities)
    if filters.states:
        found &= Q(state__in=filters.states)
    if filters.waiting:
        found &= Q(waiting_on__in=filters.waiting)
    if filters.assignees:
        found &= _assigned_to(filters.assignees, who)
    if filters.due:
        found &= _due(filters.due, moment)
    if filters.services or filters.customers or filters.text:
        found &= Q(redacted=False)
    if filters.services:
        found &= Q(service__public_id__in=filters.services)
    if filters.customers:
        found &= Q(customer__public_id__in=filters.customers)
    return found & _says(filters.text) if filters.text else found


def narrowed(legs: QuerySet[Leg], filters: Filters, who: Standing, moment: Moment) -> QuerySet[Leg]:
    """Narrow the legs of a queue."""
    return legs.filter(condition(filters, who, moment)) if filters.any else legs


def _assigned_to(assignees: Collection[str], who: Standing) -> Q:
    found = Q(assignee__public_id__in=[each for each in assignees if each not in {NOBODY, ME}])
    if ME in assignees:
        found |= Q(assignee__in=who.acting_for)
    return found | Q(assignee__isnull=True) if NOBODY in assignees else found


def _due(wanted: Collection[str], moment: Moment) -> Q:
    parts = {
        Due.OVERDUE: Q(next_due_at__lt=moment.now),
        Due.TODAY: Q(next_due_at__gte=moment.now, next_due_at__lt=moment.midnight),
        Due.WEEK: Q(
            next_due_at__gte=moment.now, next_due_at__lt=moment.midnight + timedelta(days=6)
        ),
        Due.NONE: Q(next_due_at__isnull=True),
    }
    found = Q(pk__in=())
    for each in wanted:
        found |= parts[Due(each)]
    return found


def _says(text: str) -> Q:
    found = Q(ticket__title__icontains=text)
    digits = text.upper().removeprefix("R-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:  # noqa: PLR2004 - fits 64 bits
        found |= Q(ticket__number=int(digits))
    return found


@dataclass(frozen=True, slots=True)
class Order:
    """By which column of a leg a list is ordered; the id breaks ties."""

    field: str
    newest_first: bool = False
    words: bool = False


ORDERS: Final[Mapping[str, Order]] = {
    Sort.DUE: Order("next_due_at"),
    Sort.PRIORITY: Order("priority", words=True),
    Sort.OLDEST: Order("offered_at"),
    Sort.NEWEST: Order("offered_at", newest_first=True),
    Sort.STILL: Order("since"),
}


def parameters_of(data: Any) -> dict[str, list[str]]:  # noqa: ANN401 - what a row holds may be anything
    """Return the parameters that a saved view's data hold; anything that is none of a queue's is left out."""
    if not isinstance(data, Mapping):
        return {}

    def given(name: str) -> list[str]:
        values = data.get(name, ())
        return [str(each) for each in values] if isinstance(values, list) else []

    found = Filters.read(given).parameters()
    found |= {name: given(name)[:1] for name in ("view", "sort", "department") if given(name)}
    columns = given("column")
    return found | ({"column": columns[:MOST_VALUES]} if columns else {})
