"""What time has to do next; the oldest first, at most `MOST` of a kind."""

from datetime import datetime
from typing import Final

from django.db.models import F, Q, QuerySet

from neike.desk.choices import ClockState, LegState, TicketState
from neike.desk.models import Clock, Leg, OwnSheet, Ticket

MOST: Final = 500


def to_accept(now: datetime) -> QuerySet[Leg]:
    """Return offered legs whose acceptance target is used up."""
    return Leg.objects.filter(
        state=LegState.OFFERED,
        clocks__metric="acceptance",
        clocks__state=ClockState.RUNNING,
        clocks__due_at__lte=now,
    ).order_by("offered_at")[:MOST]


def to_remind(now: datetime) -> QuerySet[Leg]:
    """Return legs whose question to the requester is to be called to mind."""
    waiting = Leg.objects.filter(state=LegState.WAITING, remind_at__lte=now)
    return waiting.order_by("remind_at")[:MOST]


def to_lapse(now: datetime) -> QuerySet[Leg]:
    """Return legs that have waited too long: for the requester, or for a look at their result."""
    return Leg.objects.filter(lapse_at__lte=now).order_by("lapse_at")[:MOST]


def to_close(now: datetime) -> QuerySet[Ticket]:
    """Return resolved requests that count as confirmed."""
    resolved = Ticket.objects.filter(state=TicketState.RESOLVED, lapse_at__lte=now)
    return resolved.order_by("lapse_at")[:MOST]


def to_warn(now: datetime) -> QuerySet[Clock]:
    """Return running clocks with a step that nobody was told of."""
    return (
        Clock.objects.filter(state=ClockState.RUNNING)
        .filter(Q(warned__lt=75, warn_at__lte=now) | Q(warned__lt=100, due_at__lte=now))
        .order_by("due_at")[:MOST]
    )


def reckoned_with_older_hours() -> QuerySet[Ticket]:
    """Return requests with open clocks whose calendar has changed since (R15)."""
    stale = Clock.objects.filter(state__in=(ClockState.RUNNING, ClockState.PAUSED)).exclude(
        calendar_revision=F("calendar__revision")
    )
    return Ticket.objects.filter(pk__in=stale.values("ticket")).order_by("pk")[:MOST]


def to_bring_back(now: datetime) -> QuerySet[OwnSheet]:
    """Return the sheets whose request was hidden until now."""
    return OwnSheet.objects.filter(snoozed_until__lte=now).order_by("snoozed_until", "pk")[:MOST]


def to_ring(now: datetime) -> QuerySet[OwnSheet]:
    """Return the sheets whose reminder is due and not given."""
    due = OwnSheet.objects.filter(remind_at__lte=now, reminded_at__isnull=True)
    return due.order_by("remind_at", "pk")[:MOST]
