"""Random legal lives keep the invariants of esm 4.4, and what is stored equals the replay."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from neike.catalog.choices import HandOverMode
from neike.desk import bulk, projections, terms
from neike.desk.choices import (
    OPEN_TICKET_STATES,
    EventKind,
    LinkKind,
    ReturnReason,
    TicketState,
    WaitingOn,
)
from neike.desk.models import Ticket
from neike.desk.replay import IllegalEventError, LegFacts, TicketFacts
from neike.engines.clocks import Metric, pauses
from neike.engines.clocks import WaitingOn as Wait
from tests.make import desk as make
from tests.make.desk import at

DEEDS = (
    "accept",
    "start",
    "assign",
    "wait_requester",
    "wait_third_party",
    "wait_approver",
    "resume",
    "relay",
    "transfer",
    "parallel",
    "return",
    "deliver",
    "confirm_leg",
    "rework",
    "withdraw",
    "ask",
    "answer",
    "priority",
    "confirm",
    "close",
    "reopen",
    "cancel",
    "merge",
    "unmerge",
    "link",
    "unlink",
)
steps = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 4), st.integers(0, 60 * 30)), max_size=30
)


FINAL = (
    TicketState.RESOLVED,
    TicketState.CLOSED,
    TicketState.CANCELLED,
    TicketState.MERGED,
)
LINKS = (
    LinkKind.RELATED,
    LinkKind.CHILD_OF,
    LinkKind.PARENT_OF,
    LinkKind.MERGED_FROM,
    LinkKind.SPLIT_INTO,
)


@pytest.fixture
def it(db):
    made = make.company(
        by_priority={("end_to_end", "1"): 240}, minutes={**make.TARGETS, "approval": 120}
    )
    made.others = [made.submit(now=at("2 09:00")).pk for _ in range(2)]
    return made


def live(it: make.Company, deeds: list[tuple[str, int, int]]) -> bulk.TicketScript:
    """Try each deed on a leg after some minutes; those that are not allowed do not happen."""
    standards = [it.service.standard_id, it.fin_other.standard_id]
    told = bulk.TicketScript(
        terms.terms_of(standards),
        at=at("2 10:00"),
        title="Life",
        service_id=it.service.pk,
        form_id=it.service.form_id,
        standard_id=it.service.standard_id,
        supplier_id=it.it.pk,
        customer_id=it.hr.pk,
        requester_id=it.anna.pk,
        priority="3",
    )
    now = told.at
    for deed, leg, minutes in [("accept", 0, 10), *deeds]:
        now += timedelta(minutes=minutes)
        before = len(told.events)
        try:
            do(told, it, deed, leg, now)
        except IllegalEventError:
            assert len(told.events) == before
    return told


def do(told: bulk.TicketScript, it: make.Company, deed: str, leg: int, now) -> None:  # noqa: C901, PLR0912
    by = it.ivan.pk
    match deed:
        case "accept":
            told.accept(now, leg, by_id=by)
        case "start":
            told.start(now, leg, by_id=by)
        case "assign":
            told.assign(now, leg, to_id=it.ines.pk, by_id=by)
        case "wait_requester" | "wait_third_party" | "wait_approver":
            told.wait(now, leg, by_id=by, waiting_on=WaitingOn(deed.removeprefix("wait_")))
        case "resume":
            told.resume(now, leg, by_id=by)
        case "relay" | "transfer" | "parallel":
            if leg < len(told.course.legs):
                told.hand_over(
                    now,
                    leg,
                    by_id=by,
                    to_id=it.finance.pk,
                    service_id=it.fin_other.pk,
                    standard_id=it.fin_other.standard_id,
                    mode=HandOverMode(deed),
                )
        case "return":
            told.return_leg(now, leg, by_id=by, reason=ReturnReason.WRONG_DEPARTMENT)
        case "deliver":
            told.deliver(now, leg, by_id=by)
        case "confirm_leg":
            told.confirm_leg(now, leg, by_id=by)
        case "rework":
            told.rework(now, leg, by_id=by, reason="no")
        case "withdraw":
            told.happen(EventKind.LEG_CANCELLED, now, leg, by_id=by, reason="no")
        case "ask" | "answer":
            told.message(now, by_id=by, serving=deed == "answer")
        case "priority":
            told.change_priority(now, by_id=by, priority="1" if leg % 2 else "3", reason="x")
        case "confirm" | "close":
            told.confirm(now, by_id=by, automatic=deed == "close")
        case "reopen":
            told.reopen(now, by_id=by)
        case "cancel":
            told.cancel(now, by_id=by)
        case "merge" | "unmerge":
            kind = EventKind.MERGED if deed == "merge" else EventKind.UNMERGED
            told.happen(kind, now, by_id=by, other=it.others[leg % 2])
        case "link" | "unlink":
            kind = EventKind.LINKED if deed == "link" else EventKind.UNLINKED
            told.happen(kind, now, by_id=by, link=LINKS[leg].value, other=it.others[leg % 2])


def check_partition(leg: LegFacts) -> None:
    segments = leg.segments
    assert segments[0].starts_at == leg.offered_at
    assert segments[-1].ends_at == leg.ended_at
    for one, following in pairwise(segments):
        assert one.ends_at == following.starts_at
        assert one.ends_at is not None
        assert one.starts_at <= one.ends_at


def check(facts: TicketFacts, it: make.Company) -> None:
    assert sum(leg.is_lead for leg in facts.legs) == 1
    for leg in facts.legs:
        check_partition(leg)
    running = [clock for clock in facts.clocks if clock.state in ("running", "paused")]
    if facts.state in FINAL:
        assert running == []
    calendar = terms.terms_of([it.service.standard_id])[it.service.standard_id].calendar
    for clock in facts.clocks:
        if clock.metric == "leg_delivery" and clock.state in ("met", "breached"):
            leg = facts.legs[clock.leg_no or 0]
            assert clock.used_seconds == worked(leg, calendar)


def worked(leg: LegFacts, calendar) -> int:
    """Add up the segments in which the leg's delivery clock runs, from its acceptance on."""
    total = timedelta()
    for segment in leg.segments:
        ends = segment.ends_at
        starts = max(segment.starts_at, leg.accepted_at or segment.starts_at)
        if ends is None or ends <= starts or segment.waiting_on == "none":
            continue
        wait = Wait(segment.waiting_on)
        if not pauses(Metric.LEG_DELIVERY, wait, third_party_pauses=False):
            total += calendar.worked_between(starts, ends)
    return int(total.total_seconds())


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_every_life_keeps_the_invariants(it, deeds):
    told = live(it, deeds)
    check(told.course.facts(), it)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_every_life_is_stored_as_its_log_says(it, deeds):
    told = live(it, deeds)
    for _done in bulk.write_tickets([told], now=told.at):
        pass
    assert projections.differences(Ticket.objects.get(pk=told.ticket.pk)) == []


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps, steps, st.integers(0, 60 * 30))
def test_a_merge_taken_back_leaves_no_trace_in_any_life(it, before, after, minutes):
    """Two equal lives, one with a merge that was undone in between, end alike but for the number of events."""
    plain, merged = live(it, before), live(it, before)
    if merged.state not in {state.value for state in OPEN_TICKET_STATES}:
        return
    if any(kind == LinkKind.PARENT_OF for kind, _other in merged.course.links):
        return
    now = merged.at + timedelta(minutes=minutes)
    for kind in (EventKind.MERGED, EventKind.UNMERGED):
        merged.happen(kind, now, by_id=it.ivan.pk, other=it.others[0])
    for told in (plain, merged):
        later = now
        for deed, leg, gap in after:
            later += timedelta(minutes=gap)
            with suppress(IllegalEventError):
                do(told, it, deed, leg, later)

    assert essence(plain.course.facts()) == essence(merged.course.facts())


def essence(facts: TicketFacts) -> object:
    """Return what is stored but for versions and the moment of the last event."""
    legs = tuple(replace(leg, version=0) for leg in facts.legs)
    return replace(facts, version=0, legs=legs, last_activity_at=facts.submitted_at)
