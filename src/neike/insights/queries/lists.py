"""The lists behind the numbers: of the rows a number counts those the reader may open, beside how many there are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from neike.desk import queries as desk_queries
from neike.desk.choices import LegState
from neike.desk.models import OPEN_LEGS, Leg, Segment
from neike.desk.policies import Standing
from neike.insights.models import LegFlow, Outcome
from neike.insights.queries.spans import in_moments
from neike.insights.queries.telling import Told
from neike.org.periods import Period

ASKED: Final = "asked"
RETURNED: Final = "returned"
OPEN: Final = "open"
SETTLED: Final = "settled"
PAUSED: Final = "paused"
OVERDUE: Final = "overdue"
ENDED: Final = "ended"
KEPT: Final = "kept"
MISSED: Final = "missed"
OF_LEGS: Final = (ASKED, RETURNED, OPEN, OVERDUE, SETTLED, PAUSED)
NOBODY: Final = 0
"""The `person_id` of what is in nobody's hands."""
OF_OUTCOMES: Final = (ENDED, KEPT, MISSED)
WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list holds: `what` is one of the words above; None leaves a condition out.

    `week` is a Monday and narrows outcomes to that week of the period; open and overdue know no period. `within` are
    departments that serve. `reason` (a `ReturnReason`) narrows what was returned; `party` (a `WaitingOn`) what was
    settled to what waited for it, and says for whom something paused; `person_id` narrows what is open.
    """

    what: str
    period: Period
    supplier_id: int | None = None
    customer_id: int | None = None
    metric: str = ""
    week: date | None = None
    within: frozenset[int] | None = None
    service_id: int | None = None
    reason: str = ""
    party: str = ""
    person_id: int | None = None

    @property
    def is_of_outcomes(self) -> bool:
        """Whether the list holds promises that came to their end rather than legs."""
        return self.what in OF_OUTCOMES

    @property
    def order_field(self) -> str:
        """The field the list is ordered by, newest first."""
        return "stopped_at" if self.is_of_outcomes else "offered_at"


def total(wanted: Wanted, told: Told, *, now: datetime) -> int:
    """Count what is told, whoever may open it: the number itself; one query."""
    if wanted.is_of_outcomes:
        return _outcomes(wanted, told).count()
    if wanted.what in (OPEN, OVERDUE):
        return _open_legs(wanted, Leg.objects.all(), told, now).count()
    if wanted.what == PAUSED:
        return _paused_legs(wanted, Leg.objects.all(), told).count()
    return _flows(wanted, told).count()


def visible_rows(who: Standing, wanted: Wanted, told: Told, *, now: datetime) -> QuerySet[Any]:
    """Return those of the rows counted (`Outcome` or `Leg`) that lie in requests the person may read."""
    if wanted.is_of_outcomes:
        newest = _outcomes(wanted, told).filter(_moments(wanted), _readable(who))
        # joined in the same query, SQLite would begin with the requests and sort them all
        return newest.prefetch_related("ticket__service")
    legs = Leg.objects.filter(_readable(who)).prefetch_related("ticket__service")
    if wanted.what in (OPEN, OVERDUE):
        return _open_legs(wanted, legs, told, now)
    if wanted.what == PAUSED:
        return _paused_legs(wanted, legs, told)
    if wanted.what == SETTLED:
        return legs.filter(pk__in=_flows(wanted, told).values("leg"))
    return _asked_legs(wanted, legs, told)


def _readable(who: Standing) -> Exists:
    """Match rows of requests a person may read; asked of the rows at hand, not of all requests there are."""
    return Exists(desk_queries.tickets_visible_to(who).filter(pk=OuterRef("ticket")))


def _outcomes(wanted: Wanted, told: Told) -> QuerySet[Outcome]:
    found = Outcome.objects.filter(told.rows(wanted.period, "day"), **_sides(wanted))
    if wanted.metric:
        found = found.filter(metric=wanted.metric)
    if wanted.service_id:
        found = found.filter(service=wanted.service_id)
    if wanted.week:
        found = found.filter(day__gte=wanted.week, day__lt=wanted.week + WEEK)
    return found if wanted.what == ENDED else found.filter(kept=wanted.what == KEPT)


def _moments(wanted: Wanted) -> Q:
    """Say the days as moments too, so that the index that is in the list's order can be read from its end."""
    return in_moments(wanted.period, "stopped_at")


def _flows(wanted: Wanted, told: Told) -> QuerySet[LegFlow]:
    day = "settled_day" if wanted.what == SETTLED else "offered_day"
    found = LegFlow.objects.filter(told.rows(wanted.period, day), **_sides(wanted))
    if wanted.what == SETTLED and wanted.party:
        return found.filter(**{f"{wanted.party}_seconds__gt": 0})
    if wanted.reason:
        found = found.filter(leg__return_reason=wanted.reason)
    return found.filter(returned=True) if wanted.what == RETURNED else found


def _paused_legs(wanted: Wanted, legs: QuerySet[Leg], told: Told) -> QuerySet[Leg]:
    waited = Segment.objects.filter(leg=OuterRef("pk"), waiting_on=wanted.party)
    return legs.filter(told.legs(wanted.period), Exists(waited), **_sides(wanted))


def _asked_legs(wanted: Wanted, legs: QuerySet[Leg], told: Told) -> QuerySet[Leg]:
    found = legs.filter(told.legs(wanted.period), **_sides(wanted))
    if wanted.reason:
        found = found.filter(return_reason=wanted.reason)
    return found.filter(state=LegState.RETURNED) if wanted.what == RETURNED else found


def _open_legs(wanted: Wanted, legs: QuerySet[Leg], told: Told, now: datetime) -> QuerySet[Leg]:
    found = legs.filter(OPEN_LEGS, told.open_legs(now), **_sides(wanted))
    if wanted.person_id is not None:
        found = found.filter(assignee=wanted.person_id or None)
    return found.filter(next_due_at__lt=now) if wanted.what == OVERDUE else found


def _sides(wanted: Wanted) -> dict[str, Any]:
    named = {
        "supplier": wanted.supplier_id,
        "customer": wanted.customer_id,
        "supplier__in": wanted.within,
    }
    return {side: value for side, value in named.items() if value is not None}
