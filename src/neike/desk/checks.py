"""What must hold for the stored requests every night (esm 4.4)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When

from neike.desk import projections
from neike.desk.choices import FINAL_TICKET_STATES, MIRROR, ClockState, TicketState
from neike.desk.models import Clock, Leg, Segment, Ticket, TicketLink
from neike.kernel.registries import Problem

SAMPLE: Final = 200
MOST_PROBLEMS: Final = 50


def replay_equals_stored(now: datetime) -> list[Problem]:
    """Replay a sample of requests, another one every night, and compare with what is stored."""
    problems = []
    for ticket in _sample(now):
        found = projections.differences(ticket)
        if found:
            problems.append(Problem(str(ticket), "; ".join(found)[:1000]))
    return problems[:MOST_PROBLEMS]


def _sample(now: datetime) -> Iterator[Ticket]:
    """Return about `SAMPLE` requests; in turn every one comes up."""
    share = max(Ticket.objects.count() // SAMPLE, 1)
    night = now.toordinal() % share
    tickets = Ticket.objects.annotate(turn=F("pk") % share).filter(turn=night)
    return tickets.order_by("pk").iterator(chunk_size=100)


def one_lead_leg(_now: datetime) -> list[Problem]:
    """Every request has exactly one lead leg."""
    wrong = Ticket.objects.annotate(leads=Count("legs", filter=Q(legs__is_lead=True))).exclude(
        leads=1
    )
    return [Problem(str(ticket), f"{ticket.leads} lead legs") for ticket in wrong[:MOST_PROBLEMS]]


def segments_partition_legs(_now: datetime) -> list[Problem]:
    """Segments cut the life of every leg, from the offer to the end, without gap or overlap."""
    before = Segment.objects.filter(leg=OuterRef("leg"), seq=OuterRef("seq") - 1)
    gaps = (
        Segment.objects.filter(seq__gt=0)
        .annotate(before=Subquery(before.values("ends_at")[:1]))
        .filter(Q(before__isnull=True) | ~Q(before=F("starts_at")))
    )
    first = Segment.objects.filter(leg=OuterRef("pk"), seq=0).values("starts_at")[:1]
    last = Segment.objects.filter(leg=OuterRef("pk")).order_by("-seq").values("ends_at")[:1]
    legs = Leg.objects.annotate(first=Subquery(first), last=Subquery(last))
    same_end = Q(last=F("ended_at")) | Q(last__isnull=True, ended_at__isnull=True)
    wrong = legs.filter(Q(first__isnull=True) | ~Q(first=F("offered_at")) | ~same_end)
    return [
        Problem(f"leg {segment.leg_id}", f"gap before segment {segment.seq}")
        for segment in gaps[:MOST_PROBLEMS]
    ] + [
        Problem(f"leg {leg.pk}", "segments do not cover its life") for leg in wrong[:MOST_PROBLEMS]
    ]


def no_clock_runs_at_the_end(_now: datetime) -> list[Problem]:
    """No clock runs or pauses once a request is resolved or over."""
    running = Clock.objects.filter(
        state__in=(ClockState.RUNNING, ClockState.PAUSED),
        ticket__state__in=(*FINAL_TICKET_STATES, TicketState.RESOLVED),
    ).select_related("ticket")
    return [
        Problem(str(clock.ticket), f"{clock.metric} is {clock.state}")
        for clock in running[:MOST_PROBLEMS]
    ]


def links_are_mirrored(_now: datetime) -> list[Problem]:
    """What one request says of another, the other says of the first."""
    mirror = Case(*(When(kind=kind, then=Value(other)) for kind, other in MIRROR.items()))
    back = TicketLink.objects.filter(
        ticket=OuterRef("other"), other=OuterRef("ticket"), kind=OuterRef("mirror")
    )
    alone = TicketLink.objects.annotate(mirror=mirror).filter(~Exists(back))
    return [
        Problem(str(link.ticket), f"{link.kind} {link.other}: the other does not say so")
        for link in alone.select_related("ticket", "other").order_by("pk")[:MOST_PROBLEMS]
    ]
