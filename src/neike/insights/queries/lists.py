"""The lists behind the numbers: only what the reader may see, beside how many there are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from neike.desk import queries as desk_queries
from neike.desk.choices import LegState
from neike.desk.models import OPEN_LEGS, Leg
from neike.desk.policies import Standing
from neike.insights.models import LegFlow, Outcome
from neike.insights.queries.flows import in_period
from neike.org.periods import Period

ASKED: Final = "asked"
RETURNED: Final = "returned"
OPEN: Final = "open"
OVERDUE: Final = "overdue"
ENDED: Final = "ended"
KEPT: Final = "kept"
MISSED: Final = "missed"
OF_LEGS: Final = (ASKED, RETURNED, OPEN, OVERDUE)
OF_OUTCOMES: Final = (ENDED, KEPT, MISSED)
WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list holds: `what` is one of the words above; None leaves a condition out.

    `week` is a Monday and narrows outcomes to that week of the period; open and overdue know no period.
    """

    what: str
    period: Period
    supplier_id: int | None = None
    customer_id: int | None = None
    metric: str = ""
    week: date | None = None

    @property
    def is_of_outcomes(self) -> bool:
        """Whether the list holds promises that came to their end rather than legs."""
        return self.what in OF_OUTCOMES

    @property
    def order_field(self) -> str:
        """The field the list is ordered by, newest first."""
        return "stopped_at" if self.is_of_outcomes else "offered_at"


def total(wanted: Wanted, *, now: datetime) -> int:
    """Count what there is, whoever may see it; one query."""
    if wanted.is_of_outcomes:
        return _outcomes(wanted).count()
    if wanted.what in (OPEN, OVERDUE):
        return _open_legs(wanted, Leg.objects.all(), now).count()
    return _flows(wanted).count()


def visible_rows(who: Standing, wanted: Wanted, *, now: datetime) -> QuerySet[Any]:
    """Return those rows (`Outcome` or `Leg`) that lie in requests the person may read."""
    if wanted.is_of_outcomes:
        newest = _outcomes(wanted).filter(_moments(wanted), _readable(who))
        # joined in the same query, SQLite would begin with the requests and sort them all
        return newest.prefetch_related("ticket__service")
    legs = Leg.objects.filter(_readable(who)).prefetch_related("ticket__service")
    if wanted.what in (OPEN, OVERDUE):
        return _open_legs(wanted, legs, now)
    return _asked_legs(wanted, legs)


def _readable(who: Standing) -> Exists:
    """Match rows of requests a person may read; asked of the rows at hand, not of all requests there are."""
    return Exists(desk_queries.tickets_visible_to(who).filter(pk=OuterRef("ticket")))


def _outcomes(wanted: Wanted) -> QuerySet[Outcome]:
    found = Outcome.objects.filter(in_period(wanted.period, "day"), **_sides(wanted))
    if wanted.metric:
        found = found.filter(metric=wanted.metric)
    if wanted.week:
        found = found.filter(day__gte=wanted.week, day__lt=wanted.week + WEEK)
    return found if wanted.what == ENDED else found.filter(kept=wanted.what == KEPT)


def _moments(wanted: Wanted) -> Q:
    """Say the days as moments too, so that the index that is in the list's order can be read from its end."""
    first, last = wanted.period.starts_at, wanted.period.ends_at
    return Q(stopped_at__gte=first, stopped_at__lt=last)


def _flows(wanted: Wanted) -> QuerySet[LegFlow]:
    found = LegFlow.objects.filter(in_period(wanted.period, "offered_day"), **_sides(wanted))
    return found.filter(returned=True) if wanted.what == RETURNED else found


def _asked_legs(wanted: Wanted, legs: QuerySet[Leg]) -> QuerySet[Leg]:
    period = wanted.period
    found = legs.filter(
        offered_at__gte=period.starts_at, offered_at__lt=period.ends_at, **_sides(wanted)
    )
    return found.filter(state=LegState.RETURNED) if wanted.what == RETURNED else found


def _open_legs(wanted: Wanted, legs: QuerySet[Leg], now: datetime) -> QuerySet[Leg]:
    found = legs.filter(OPEN_LEGS, **_sides(wanted))
    return found.filter(next_due_at__lt=now) if wanted.what == OVERDUE else found


def _sides(wanted: Wanted) -> dict[str, int]:
    named = {"supplier": wanted.supplier_id, "customer": wanted.customer_id}
    return {side: pk for side, pk in named.items() if pk is not None}
