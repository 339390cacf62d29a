"""Making, resolving, closing, withdrawing: every guard."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from neike.catalog.choices import ServiceState
from neike.desk import actions
from neike.desk.choices import Channel, ClockState, EventKind, LegState, TicketState, WaitingOn
from neike.desk.models import Ticket, TicketDraft, TicketEvent
from neike.kernel.outbox.models import OutboxEvent
from tests.make import desk as make
from tests.make import org
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 11:00")


def test_submitting_freezes_what_was_promised_and_tells():
    it = make.company()
    ticket = it.submit(now=at("2 10:00"), priority="2")

    leg = ticket.legs.get()
    assert (ticket.standard, ticket.form) == (it.service.standard, it.service.form)
    assert (ticket.customer, ticket.supplier, ticket.priority) == (it.hr, it.it, "2")
    assert (leg.no, leg.is_lead, leg.supplier, leg.customer) == (0, True, it.it, it.hr)
    assert leg.next_due_at == at("2 11:00")
    assert make.kinds(ticket) == make.SUBMITTED_KINDS
    told = OutboxEvent.objects.filter(aggregate=f"ticket:{ticket.pk}").order_by("pk")
    assert [event.name for event in told] == ["desk.ticket_submitted.v1", "desk.leg_offered.v1"]


def test_a_double_click_makes_one_request_and_one_message():
    it = make.company()
    first, second = (it.submit(client_key="k1") for _ in range(2))
    assert first == second
    assert it.submit(client_key="k2") != first
    posted = [
        actions.post_message(ticket=first, by=it.anna, body="Hi", client_key="m1", now=NOW)
        for _ in range(2)
    ]
    assert posted[0] == posted[1]
    assert make.kinds(first).count(EventKind.MESSAGE_POSTED) == 1


def test_numbers_ascend():
    it = make.company()
    numbers = [it.submit().number for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_raising_on_behalf_is_for_those_who_serve():
    it = make.company()
    ticket = it.submit(by=it.ivan, requester=it.anna)
    assert (ticket.requester, ticket.raised_by, ticket.channel) == (
        it.anna,
        it.ivan,
        Channel.ON_BEHALF,
    )
    with pytest.raises(PermissionDenied):
        it.submit(by=it.fang, requester=it.anna)


def test_what_is_not_offered_cannot_be_asked_for():
    it = make.company()
    it.service.state = ServiceState.RETIRED
    it.service.save()
    with pytest.raises(actions.ServiceNotOfferedError):
        it.submit()
    homeless = org.person("Nobody")
    with pytest.raises(actions.RequesterWithoutDepartmentError):
        actions.submit(service=it.it_other, by=homeless, answers={}, now=NOW)
    with pytest.raises(actions.AnswersWrongError):
        actions.submit(service=it.it_other, by=it.anna, answers={"owner": "x"}, now=NOW)
    assert not Ticket.objects.exists()


def test_sending_a_draft_ends_it():
    it = make.company()
    for title in ("L", "Laptop"):
        actions.save_draft(service=it.service, by=it.anna, title=title, answers={}, now=NOW)
    assert [draft.title for draft in TicketDraft.objects.all()] == ["Laptop"]
    it.submit()
    assert not TicketDraft.objects.exists()


def test_a_stale_change_is_refused_with_what_changed():
    it = make.company()
    ticket = make.fresh(it.accepted()).ticket
    seen = ticket.version
    actions.post_message(ticket=ticket, by=it.anna, body="Wait!", now=NOW)

    with pytest.raises(actions.TicketChangedError) as caught:
        actions.resolve(ticket=ticket, by=it.ivan, version=seen, now=NOW)

    assert [event.kind for event in caught.value.changes] == [EventKind.MESSAGE_POSTED]


def test_what_is_over_cannot_be_changed():
    it = make.company()
    ticket = make.fresh(it.accepted()).ticket
    ticket = actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=NOW)
    with pytest.raises(actions.NotPossibleError):
        actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=NOW)
    ticket = actions.confirm(ticket=ticket, by=it.anna, version=ticket.version, now=NOW)
    for deed in (
        lambda: actions.confirm(ticket=ticket, by=it.anna, version=ticket.version, now=NOW),
        lambda: actions.post_message(ticket=ticket, by=it.anna, body="?", now=NOW),
        lambda: actions.change_priority(
            ticket=ticket, by=it.ivan, priority="1", why="!", version=ticket.version, now=NOW
        ),
    ):
        with pytest.raises(actions.NotPossibleError):
            deed()
    assert make.clock(ticket, "first_response").state == ClockState.MET


def test_the_requester_withdraws_before_the_first_delivery_and_the_owner_with_a_reason():
    owner_of = make.company()
    owner = org.person("Owner", department=owner_of.finance)
    owner_of.service.owner = owner
    owner_of.service.save()
    mine = owner_of.submit()
    mine = actions.cancel(ticket=mine, by=owner_of.anna, version=mine.version, now=NOW)
    assert mine.state == TicketState.CANCELLED
    assert {clock.state for clock in mine.clocks.all()} == {ClockState.VOID}
    assert mine.legs.get().state == LegState.CANCELLED

    other = owner_of.submit()
    with pytest.raises(actions.ReasonNeededError):
        actions.cancel(ticket=other, by=owner, version=other.version, now=NOW)
    other = actions.cancel(ticket=other, by=owner, why="Twice", version=other.version, now=NOW)
    assert other.state == TicketState.CANCELLED

    late = make.fresh(owner_of.accepted())
    asked = actions.hand_over(
        leg=late,
        by=owner_of.ivan,
        to=owner_of.finance,
        ask="?",
        version=late.version,
        now=NOW,
    )
    asked = actions.accept_leg(leg=asked, by=owner_of.fang, version=asked.version, now=NOW)
    actions.deliver_leg(leg=asked, by=owner_of.fang, version=asked.version, now=NOW)
    ticket = Ticket.objects.get(pk=late.ticket_id)
    with pytest.raises(PermissionDenied):
        actions.cancel(ticket=ticket, by=owner_of.anna, version=ticket.version, now=NOW)


def test_a_wait_needs_a_reason_and_a_date():
    it = make.company()
    leg = it.accepted()
    fields = {"leg": leg, "by": it.ivan, "version": leg.version, "now": NOW}
    with pytest.raises(actions.ReasonNeededError):
        actions.wait_leg(
            **fields,
            waiting_on=WaitingOn.REQUESTER,
            reason_given=" ",
            follow_up_at=NOW + timedelta(days=1),
        )
    with pytest.raises(actions.FollowUpDateError):
        actions.wait_leg(
            **fields, waiting_on=WaitingOn.REQUESTER, reason_given="?", follow_up_at=NOW
        )
    with pytest.raises(actions.NotPossibleError):
        actions.wait_leg(
            **fields,
            waiting_on=WaitingOn.OTHER_LEG,
            reason_given="?",
            follow_up_at=NOW + timedelta(days=1),
        )


def test_only_people_of_the_department_get_its_work():
    it = make.company()
    leg = it.submit().legs.get()
    with pytest.raises(actions.WrongAssigneeError):
        actions.assign_leg(leg=leg, by=it.it_head, to=it.fang, version=leg.version, now=NOW)
    leg = actions.assign_leg(leg=leg, by=it.it_head, to=it.ines, version=leg.version, now=NOW)
    assert (leg.state, leg.assignee) == (LegState.ACCEPTED, it.ines)
    leg = actions.start_leg(leg=leg, by=it.ines, version=leg.version, now=NOW)
    assert leg.state == LegState.WORKING


@pytest.mark.parametrize("body", ["", "  ", "\x00", "x" * 20_001])
def test_an_empty_or_endless_text_is_refused(body):
    it = make.company()
    with pytest.raises(actions.BadTextError):
        actions.post_message(ticket=it.submit(), by=it.anna, body=body, now=NOW)


def test_an_automatic_message_answers_nothing_and_ends_no_wait():
    it = make.company()
    leg = it.accepted()
    actions.post_message(ticket=leg.ticket, by=it.ivan, body="Out", automatic=True, now=NOW)
    assert make.clock(leg.ticket, "first_response").state == ClockState.RUNNING
    actions.wait_leg(
        leg=leg,
        by=it.ivan,
        waiting_on=WaitingOn.REQUESTER,
        reason_given="?",
        follow_up_at=NOW + timedelta(days=1),
        version=leg.version,
        now=NOW,
    )
    actions.post_message(ticket=leg.ticket, by=it.anna, body="Out", automatic=True, now=NOW)
    assert make.fresh(leg).state == LegState.WAITING
    actions.post_message(ticket=leg.ticket, by=it.anna, body="The blue one", now=NOW)
    assert make.fresh(leg).state == LegState.WORKING


def test_the_log_is_never_changed():
    it = make.company()
    ticket = it.submit()
    for deed in (
        lambda: TicketEvent.objects.filter(ticket=ticket).update(kind="resolved"),
        lambda: TicketEvent.objects.filter(ticket=ticket).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert connection.vendor in ("sqlite", "postgresql")


def test_an_event_never_lies_before_the_one_in_front_of_it():
    it = make.company()
    ticket = it.submit(now=at("2 10:00"))
    actions.post_message(ticket=ticket, by=it.anna, body="Hi", now=at("2 09:59"))
    assert ticket.events.get(seq=3).at == at("2 10:00")
