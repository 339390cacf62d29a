"""The relay bar 接力条: the legs of a request as stretches of time, who has the ball and who had it."""

from dataclasses import dataclass
from datetime import datetime

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ClockState
from neike.desk.models import Clock, Leg, Segment, Ticket


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment as drawn: wall time from `starts_at` to `ends_at` (now, if it goes on)."""

    segment: Segment
    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> float:
        """Wall seconds, never negative."""
        return max((self.ends_at - self.starts_at).total_seconds(), 0.0)


@dataclass(frozen=True, slots=True)
class RelayLeg:
    """One leg with its stretches and the clock of its delivery (or of its acceptance while offered)."""

    leg: Leg
    stretches: tuple[Stretch, ...]
    clock: Clock | None

    @property
    def is_late(self) -> bool:
        """Whether its promise was missed."""
        return self.clock is not None and self.clock.state == ClockState.BREACHED


def relay_bar(ticket: Ticket, *, now: datetime) -> list[RelayLeg]:
    """Return the legs of a request in order, in three queries."""
    legs = list(
        ticket.legs.select_related(
            "supplier", "customer", "assignee", "service", "standard__calendar"
        ).order_by("no")
    )
    stretches: dict[int, list[Stretch]] = {leg.pk: [] for leg in legs}
    for row in Segment.objects.filter(leg__in=legs).order_by("leg", "seq").select_related("person"):
        stretches[row.leg_id].append(Stretch(row, row.starts_at, row.ends_at or now))
    clocks = {(clock.leg_id, clock.metric): clock for clock in ticket.clocks.order_by("cycle")}
    return [
        RelayLeg(
            leg,
            tuple(stretches[leg.pk]),
            clocks.get((leg.pk, TargetMetric.LEG_DELIVERY))
            or clocks.get((leg.pk, TargetMetric.ACCEPTANCE)),
        )
        for leg in legs
    ]
