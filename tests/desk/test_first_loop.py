"""The whole loop through the actions: ask, accept, hand over, deliver, resolve, confirm."""

import pytest

from neike.catalog.choices import HandOverMode
from neike.desk import actions, projections
from neike.desk.choices import EventKind, LegState, TicketState, WaitingOn
from tests.make import desk as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db


def test_a_request_travels_through_a_second_department_and_back():
    it = make.company()
    ticket = it.submit(now=at("2 10:00"))
    leg = ticket.legs.get()
    assert (ticket.state, leg.state) == (TicketState.SUBMITTED, LegState.OFFERED)
    assert ticket.number >= 1001

    leg = actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=at("2 10:20"))
    asked = actions.hand_over(
        leg=leg, by=it.ivan, to=it.finance, ask="Budget?", version=leg.version, now=at("2 10:30")
    )
    leg = make.fresh(leg)
    assert (asked.state, asked.customer, asked.mode) == (
        LegState.OFFERED,
        it.it,
        HandOverMode.RELAY,
    )
    assert (leg.state, leg.waiting_on) == (LegState.WAITING, WaitingOn.OTHER_LEG)

    asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:00"))
    asked = actions.deliver_leg(
        leg=asked, by=it.fang, version=asked.version, now=at("2 14:00"), note="Approved."
    )
    leg = make.fresh(leg)
    assert (asked.state, leg.state) == (LegState.DELIVERED, LegState.WORKING)
    asked = actions.confirm_leg(leg=asked, by=it.ines, version=asked.version, now=at("2 14:05"))
    assert asked.state == LegState.CONFIRMED

    ticket.refresh_from_db()
    ticket = actions.resolve(
        ticket=ticket, by=it.ivan, version=ticket.version, now=at("2 16:00"), note="Here it is."
    )
    assert ticket.state == TicketState.RESOLVED
    ticket = actions.confirm(ticket=ticket, by=it.anna, version=ticket.version, now=at("2 16:30"))

    assert ticket.state == TicketState.CLOSED
    assert make.kinds(ticket) == [
        EventKind.SUBMITTED,
        EventKind.LEG_OFFERED,
        EventKind.LEG_ACCEPTED,
        EventKind.LEG_OFFERED,
        EventKind.LEG_ACCEPTED,
        EventKind.MESSAGE_POSTED,
        EventKind.LEG_DELIVERED,
        EventKind.LEG_CONFIRMED,
        EventKind.MESSAGE_POSTED,
        EventKind.RESOLVED,
        EventKind.CONFIRMED,
    ]
    assert projections.differences(ticket) == []
    delivery = make.clock(ticket, "leg_delivery", leg=0)
    assert delivery.used_seconds == (10 + 120) * 60  # 10:20-10:30 and 14:00-16:00
    assert make.clock(ticket, "end_to_end").used_seconds == (120 + 150) * 60
    assert make.clock(ticket, "first_response").state == "breached"
