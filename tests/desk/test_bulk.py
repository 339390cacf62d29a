"""Many requests at once: exactly what the actions would have left behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from neike.catalog.choices import HandOverMode
from neike.desk import actions, bulk, checks, projections, terms
from neike.desk.choices import LegState, ReturnReason, TicketState, Visibility, WaitingOn
from neike.desk.models import Message, Ticket
from neike.desk.replay import IllegalEventError
from neike.kernel.texts import LocalizedText
from tests.make import desk as make
from tests.make.desk import Company, at

pytestmark = pytest.mark.django_db
LATER = at("20 10:00")


def script(it: Company, *, now="2 10:00", **more: object) -> bulk.TicketScript:
    ids = [it.service.standard_id, it.it_other.standard_id, it.fin_other.standard_id]
    return bulk.TicketScript(
        terms.terms_of(ids),
        **{
            "at": at(now),
            "title": "Laptop",
            "service_id": it.service.pk,
            "form_id": it.service.form_id,
            "standard_id": it.service.standard_id,
            "supplier_id": it.it.pk,
            "customer_id": it.hr.pk,
            "requester_id": it.anna.pk,
            "priority": "3",
            **more,
        },
    )


def written(*scripts: bulk.TicketScript) -> list[Ticket]:
    return [ticket for done in bulk.write_tickets(scripts, now=LATER) for ticket in done.tickets]


def scripted(it: Company) -> Ticket:
    told = script(it)
    told.accept(at("2 10:20"), 0, by_id=it.ivan.pk)
    told.message(at("2 10:25"), by_id=it.ivan.pk, body="On it.", serving=True)
    asked = told.hand_over(
        at("2 10:30"),
        0,
        by_id=it.ivan.pk,
        to_id=it.finance.pk,
        service_id=it.fin_other.pk,
        standard_id=it.fin_other.standard_id,
        ask="Budget?",
    )
    told.accept(at("2 11:00"), asked, by_id=it.fang.pk)
    told.deliver(at("2 14:00"), asked, by_id=it.fang.pk)
    told.deliver(at("2 16:00"), 0, by_id=it.ivan.pk)
    told.confirm(at("2 16:30"), by_id=it.anna.pk)
    return written(told)[0]


def lived(it: Company) -> Ticket:
    ticket = it.submit(now=at("2 10:00"))
    leg = ticket.legs.get()
    leg = actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=at("2 10:20"))
    actions.post_message(ticket=ticket, by=it.ivan, body="On it.", now=at("2 10:25"))
    asked = actions.hand_over(
        leg=leg, by=it.ivan, to=it.finance, ask="Budget?", version=leg.version, now=at("2 10:30")
    )
    asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 11:00"))
    actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=at("2 14:00"))
    ticket.refresh_from_db()
    ticket = actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=at("2 16:00"))
    return actions.confirm(ticket=ticket, by=it.anna, version=ticket.version, now=at("2 16:30"))


def test_a_script_leaves_what_the_actions_leave():
    it = make.company()
    one, other = lived(it), scripted(it)

    assert projections.stored(one) == projections.stored(Ticket.objects.get(pk=other.pk))
    logs = [
        [
            (event.kind, event.leg_no, event.by_id, event.at, {**event.data, "message": 0})
            for event in ticket.events.order_by("seq")
        ]
        for ticket in (one, other)
    ]
    for event in logs[0] + logs[1]:
        event[4].pop("channel", None)
    assert logs[0] == logs[1]
    bodies = [list(t.messages.values_list("body", "author", "visibility")) for t in (one, other)]
    assert bodies[0] == bodies[1]
    told = other.events.get(kind="message_posted")
    assert told.data["message"] == other.messages.get().pk


def test_what_is_written_is_found_by_number_and_passes_every_nightly_check():
    it = make.company()
    live = it.submit()
    first, second = written(script(it), script(it))
    assert [first.number, second.number] == [live.number + 1, live.number + 2]
    assert it.submit().number == live.number + 3
    for check in (
        checks.replay_equals_stored,
        checks.one_lead_leg,
        checks.segments_partition_legs,
        checks.no_clock_runs_at_the_end,
    ):
        assert check(LATER) == []


def test_a_case_is_written_once():
    it = make.company()
    named = {"source": "uci", "source_key": "INC1"}
    first = list(bulk.write_tickets([script(it, **named), script(it, **named)], now=LATER))
    again = list(bulk.write_tickets([script(it, **named)], now=LATER))
    assert [(len(done.tickets), done.known) for done in first + again] == [(1, 1), (0, 1)]
    assert Ticket.objects.count() == 1


def test_a_request_written_at_once_goes_on_by_hand():
    it = make.company()
    told = script(it)
    told.accept(at("2 10:20"), 0, by_id=it.ivan.pk)
    ticket = Ticket.objects.get(pk=written(told)[0].pk)
    ticket = actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=LATER)
    assert ticket.state == TicketState.RESOLVED
    assert projections.differences(ticket) == []


def test_an_impossible_event_leaves_the_script_as_it_was():
    it = make.company()
    told = script(it)
    for deed in (
        lambda: told.deliver(at("2 10:30"), 0, by_id=it.ivan.pk),
        lambda: told.accept(at("2 09:00"), 0, by_id=it.ivan.pk),
        lambda: told.accept(at("2 11:00"), 3, by_id=it.ivan.pk),
        lambda: told.confirm(at("2 11:00"), by_id=None),
        lambda: told.return_leg(at("2 11:00"), 0, by_id=None, reason=ReturnReason.WRONG_DEPARTMENT),
    ):
        with pytest.raises(IllegalEventError):
            deed()
    told.accept(at("2 10:20"), 0, by_id=it.ivan.pk)
    assert (len(told.events), told.leg_state(0)) == (3, LegState.ACCEPTED)


def test_events_in_the_same_second_leave_no_gap():
    it = make.company()
    told = script(it)
    now = at("2 10:00")
    told.accept(now, 0, by_id=None)
    no = told.hand_over(
        now,
        0,
        by_id=None,
        to_id=it.finance.pk,
        service_id=it.fin_other.pk,
        standard_id=it.fin_other.standard_id,
        mode=HandOverMode.TRANSFER,
    )
    told.return_leg(now, no, by_id=None, reason=ReturnReason.WRONG_DEPARTMENT)
    told.wait(now, 0, by_id=None, waiting_on=WaitingOn.REQUESTER)
    told.resume(now, 0, by_id=None)
    told.deliver(now, 0, by_id=None)
    told.confirm(now, by_id=None, automatic=True)
    told.reopen(now + timedelta(days=1), by_id=it.anna.pk)
    told.deliver(now + timedelta(days=1), 0, by_id=None)
    told.message(now + timedelta(days=1), by_id=it.anna.pk, serving=False, body="Thanks")
    told.message(
        now + timedelta(days=1),
        by_id=it.ivan.pk,
        serving=True,
        visibility=Visibility.INTERNAL,
    )
    written(told)
    assert checks.segments_partition_legs(LATER) == []
    assert checks.replay_equals_stored(LATER) == []
    assert Message.objects.count() == 1


def test_promises_missed_long_ago_raise_no_storm_of_warnings():
    it = make.company()
    ticket = written(script(it))[0]
    assert {clock.warned for clock in ticket.clocks.all()} == {100}


def test_batches_cost_the_same_number_of_queries():
    it = make.company()
    many = [script(it, source="x", source_key=str(number)) for number in range(10)]
    written(script(it))
    with CaptureQueriesContext(connection) as one:
        written(many[0])
    with CaptureQueriesContext(connection) as nine:
        written(*many[1:])
    assert len(one) == len(nine)


def test_approvals_and_tasks_are_written_as_their_log_says():
    it = make.company(minutes={**make.TARGETS, "approval": 240})
    title = LocalizedText.of(zh="审批", en="Approval")
    told, refused = script(it, held=True), script(it, held=True)
    for one in (told, refused):
        one.ask_approval(
            at("2 10:00"),
            by_id=it.anna.pk,
            title=title,
            approvers=[it.hr_head.pk, it.it_head.pk],
            needed=1,
        )
    told.approve(at("2 11:00"), 0, by_id=it.it_head.pk)
    told.release(at("2 11:00"))
    told.accept(at("2 11:10"), 0, by_id=it.ivan.pk)
    told.open_task(
        at("2 11:10"),
        by_id=it.ivan.pk,
        title=title,
        department_id=it.it.pk,
        checklist=[title],
        leg=0,
    )
    told.tick(at("2 11:20"), 0, 0, by_id=it.ivan.pk)
    told.finish_task(at("2 11:30"), 0, by_id=it.ivan.pk)
    for by in (it.hr_head, it.it_head):
        refused.refuse(at("2 11:00"), 0, by_id=by.pk, reason="No")
    refused.reject(at("2 11:00"), 0, by_id=it.it_head.pk)

    one, other = written(told, refused)

    assert (projections.differences(one), projections.differences(other)) == ([], [])
    assert one.approvals.get().votes.count() == 2
    assert one.tasks.get().items[0]["done"] is True
    assert Ticket.objects.get(pk=other.pk).state == TicketState.REJECTED
    assert list(checks.replay_equals_stored(now=LATER)) == []


def test_work_written_as_held_back_begins_with_its_approval():
    it = make.company()
    told = script(it, held=True)
    title = LocalizedText.of(en="Approval")
    told.ask_approval(
        at("2 10:00"), by_id=it.anna.pk, title=title, approvers=[it.hr_head.pk], needed=1
    )
    ticket = written(told)[0]

    actions.approve(approval=ticket.approvals.get(), by=it.hr_head, now=at("3 10:00"))

    assert Ticket.objects.get(pk=ticket.pk).state == TicketState.SUBMITTED
    assert projections.differences(Ticket.objects.get(pk=ticket.pk)) == []
