"""A service's plan is carried out by itself: approvals first, legs beside each other, tasks, conditions."""

import pytest
from django.core.exceptions import PermissionDenied

from neike.desk import actions, policies, projections, queries
from neike.desk.actions import timers
from neike.desk.choices import (
    ApprovalState,
    ClockState,
    EventKind,
    LegState,
    TaskState,
    TicketState,
    Vote,
    WaitingOn,
)
from neike.desk.models import ApprovalVote, Ticket
from neike.org import queries as org_queries
from neike.org.choices import SubstitutionScope
from neike.org.models import Department, Substitution
from tests.make import desk as make
from tests.make import org
from tests.make.desk import MONDAY, at

pytestmark = pytest.mark.django_db
BY_MANAGER = [{"by": "manager"}]
COST = {
    "key": "cost",
    "type": "money",
    "label": {"source": "en", "en": "Cost"},
    "currencies": ["CNY"],
}


@pytest.fixture(autouse=True)
def _what_is_stored_is_what_the_log_says(db):
    yield
    for ticket in Ticket.objects.all():
        assert projections.differences(ticket) == []


def approval_step(key="head", **more):
    return {"key": key, "kind": "approval", "approvers": BY_MANAGER, **more}


def leg_step(key, department, **more):
    return {"key": key, "kind": "leg", "department": department, "mode": "parallel", **more}


def kit():
    """The head approves; Finance and a task of IT follow beside each other."""
    company = make.company()
    service = make.service(
        company.it,
        calendar=company.calendar,
        steps=[
            approval_step(),
            leg_step("account", company.finance, after=["head"], seconds=240 * 60),
            {
                "key": "desk",
                "kind": "task",
                "after": ["head"],
                "checklist": [{"source": "en", "en": "Chair"}, {"source": "en", "en": "Screen"}],
            },
        ],
    )
    return company, service


def asked(ticket):
    return {
        vote.person for vote in ApprovalVote.objects.filter(approval__ticket=ticket, vote=Vote.OPEN)
    }


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def deliver(leg, by, now):
    leg = actions.accept_leg(leg=leg, by=by, version=leg.version, now=at(now))
    return actions.deliver_leg(leg=leg, by=by, version=leg.version, now=at(now))


def test_work_waits_until_the_manager_has_approved():
    company, service = kit()

    ticket = company.submit(service=service)

    lead = ticket.legs.get()
    assert (ticket.state, ticket.waiting_on) == (TicketState.IN_APPROVAL, WaitingOn.APPROVER)
    assert (lead.state, lead.waiting_on) == (LegState.WAITING, WaitingOn.APPROVER)
    assert asked(ticket) == {company.hr_head}
    assert make.clock(ticket, "acceptance", leg=0).state == ClockState.PAUSED
    with pytest.raises(actions.NotPossibleError):
        actions.resume_leg(leg=lead, by=company.it_head, version=lead.version, now=at("2 10:05"))
    assert timers.accept_by_itself(leg_id=lead.pk, now=at("5 10:00")) is False


def test_an_approval_lets_the_work_begin_and_starts_what_waits_for_it():
    company, service = kit()
    ticket = company.submit(service=service)

    approval = actions.approve(
        approval=ticket.approvals.get(), by=company.hr_head, now=at("2 14:00"), note="Welcome!"
    )

    ticket = fresh(ticket)
    lead, account = ticket.legs.order_by("no")
    assert approval.state == ApprovalState.APPROVED
    assert (ticket.state, lead.state) == (TicketState.SUBMITTED, LegState.OFFERED)
    # Offered at 10:00 with 60 minutes to accept; until 14:00 the approver had it (R22).
    assert make.clock(ticket, "acceptance", leg=0).due_at == at("2 15:00")
    assert (account.supplier, account.customer) == (company.finance, company.it)
    assert (account.state, account.parent_no) == (LegState.OFFERED, 0)
    task = ticket.tasks.get()
    assert (task.state, task.department, len(task.items)) == (TaskState.OPEN, company.it, 2)
    # Finance promises 480 minutes for anything else; this plan gives it 240.
    leg = actions.accept_leg(
        leg=account, by=company.fang, version=account.version, now=at("2 14:00")
    )
    assert make.clock(ticket, "leg_delivery", leg=leg.no).target_seconds == 240 * 60


def test_the_request_is_resolved_once_all_steps_are_done():
    company, service = kit()
    ticket = company.submit(service=service)
    actions.approve(approval=ticket.approvals.get(), by=company.hr_head, now=at("2 10:30"))
    lead, account = ticket.legs.order_by("no")
    lead = actions.accept_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 10:40"))
    deliver(account, company.fang, "2 11:00")
    task = ticket.tasks.get()

    with pytest.raises(actions.StepsMissingError, match="步骤3"):
        actions.deliver_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 11:10"))
    with pytest.raises(actions.ChecklistOpenError):
        actions.finish_task(task=task, by=company.ines, now=at("2 11:10"))
    for item in range(2):
        actions.tick(task=task, by=company.ines, item=item, done=True, now=at("2 11:15"))
    actions.finish_task(task=task, by=company.ines, now=at("2 11:20"))
    lead = make.fresh(lead)
    actions.deliver_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 11:30"))

    assert fresh(ticket).state == TicketState.RESOLVED


def test_a_refusal_ends_the_request_with_its_reason():
    company, service = kit()
    ticket = company.submit(service=service)

    approval = actions.refuse(
        approval=ticket.approvals.get(), by=company.hr_head, why="No post free.", now=at("2 11:00")
    )

    ticket = fresh(ticket)
    assert approval.state == ApprovalState.REFUSED
    assert (ticket.state, ticket.closed_at) == (TicketState.REJECTED, at("2 11:00"))
    assert ticket.messages.get().body == "No post free."
    assert not ticket.clocks.filter(state__in=("running", "paused")).exists()
    assert ticket.legs.get().state == LegState.CANCELLED
    other = company.submit(service=service)
    with pytest.raises(actions.ReasonNeededError):
        actions.refuse(
            approval=other.approvals.get(), by=company.hr_head, why=" ", now=at("2 11:00")
        )


def test_the_approvers_clock_is_their_own():
    company = make.company()
    service = make.service(
        company.it,
        calendar=company.calendar,
        minutes={**make.TARGETS, "approval": 240},
        steps=[approval_step()],
    )
    ticket = company.submit(
        service=service
    )  # at 10:00: 120 minutes until lunch at 12:00, 120 from 13:30

    running = make.clock(ticket, "approval")
    assert (running.state, running.due_at) == (ClockState.RUNNING, at("2 15:30"))
    actions.approve(approval=ticket.approvals.get(), by=company.hr_head, now=at("2 16:00"))
    late = make.clock(ticket, "approval")
    assert (late.state, late.late_seconds) == (ClockState.BREACHED, 30 * 60)
    lead = ticket.legs.get()
    assert lead.next_due_at != running.due_at  # it is not the supplier's to keep


def test_nobody_but_who_is_asked_decides_and_never_the_requester():
    company, service = kit()
    ticket = company.submit(service=service)
    approval = ticket.approvals.get()

    for person in (company.anna, company.ivan, company.it_head):
        with pytest.raises(PermissionDenied):
            actions.approve(approval=approval, by=person, now=at("2 11:00"))
    own = company.submit(service=service, by=company.hr_head)
    assert asked(own) == set() or company.hr_head not in asked(own)


def test_what_nobody_else_can_approve_is_left_out_and_said():
    company, service = kit()

    ticket = company.submit(service=service, by=company.hr_head)

    assert EventKind.STEP_SKIPPED in make.kinds(ticket)
    assert fresh(ticket).state == TicketState.SUBMITTED
    assert ticket.legs.count() == 2


def test_a_substitute_decides_in_place_of_an_absent_approver():
    company, service = kit()
    ticket = company.submit(service=service)
    Substitution.objects.create(
        person=company.hr_head,
        substitute=company.ines,
        starts_at=at("1 00:00"),
        ends_at=at("8 00:00"),
        scope=SubstitutionScope.APPROVE,
    )

    actions.approve(approval=ticket.approvals.get(), by=company.ines, now=at("2 11:00"))

    vote = ApprovalVote.objects.get()
    assert (vote.person, vote.decided_by, vote.vote) == (company.hr_head, company.ines, Vote.YES)


def test_a_substitute_for_work_only_does_not_approve():
    company, service = kit()
    ticket = company.submit(service=service)
    Substitution.objects.create(
        person=company.hr_head,
        substitute=company.ines,
        starts_at=at("1 00:00"),
        ends_at=at("8 00:00"),
        scope=SubstitutionScope.WORK,
    )

    with pytest.raises(PermissionDenied):
        actions.approve(approval=ticket.approvals.get(), by=company.ines, now=at("2 11:00"))


def test_two_of_three_are_enough():
    company = make.company()
    people = [company.hr_head, company.it_head, company.fin_head]
    service = make.service(
        company.it,
        calendar=company.calendar,
        steps=[
            approval_step(
                quorum="2",
                approvers=[{"by": "person", "person": str(each.public_id)} for each in people],
            )
        ],
    )
    ticket = company.submit(service=service)
    approval = ticket.approvals.get()
    assert approval.needed == 2

    actions.refuse(approval=approval, by=company.it_head, why="Too dear.", now=at("2 11:00"))
    approval = actions.approve(approval=approval, by=company.hr_head, now=at("2 11:10"))
    assert approval.state == ApprovalState.OPEN
    approval = actions.approve(approval=approval, by=company.fin_head, now=at("2 11:20"))

    assert approval.state == ApprovalState.APPROVED
    assert fresh(ticket).state == TicketState.SUBMITTED


def test_an_amount_decides_whether_a_second_approval_is_asked():
    company = make.company()
    finance = {"by": "department_lead", "department": str(company.finance.public_id)}
    service = make.service(
        company.it,
        calendar=company.calendar,
        fields=[COST],
        steps=[
            approval_step("manager"),
            approval_step(
                "finance",
                after=["manager"],
                approvers=[finance],
                show_if={"field": "cost", "over": 500_000},
            ),
        ],
    )
    cheap = company.submit(
        service=service, answers={"cost": {"amount": 500_000, "currency": "CNY"}}
    )
    dear = company.submit(service=service, answers={"cost": {"amount": 500_001, "currency": "CNY"}})

    for ticket in (cheap, dear):
        actions.approve(approval=ticket.approvals.get(), by=company.hr_head, now=at("2 11:00"))

    assert fresh(cheap).state == TicketState.SUBMITTED
    assert fresh(dear).state == TicketState.IN_APPROVAL
    assert asked(dear) == {company.fin_head}
    actions.approve(approval=dear.approvals.get(no=1), by=company.fin_head, now=at("2 12:00"))
    assert fresh(dear).state == TicketState.SUBMITTED


def test_with_the_first_of_them_the_others_are_taken_back():
    company = make.company()
    service = make.service(
        company.it,
        calendar=company.calendar,
        steps=[leg_step("one", company.finance), leg_step("two", company.hr)],
        steps_join="any",
    )
    make.service(company.hr, calendar=company.calendar, catch_all=True)
    ticket = company.submit(service=service)
    lead, one, two = ticket.legs.order_by("no")
    lead = actions.accept_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 10:10"))
    deliver(one, company.fang, "2 11:00")

    lead = make.fresh(lead)
    actions.deliver_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 11:30"))

    assert fresh(ticket).state == TicketState.RESOLVED
    assert make.fresh(two).state == LegState.CANCELLED


def test_a_step_that_was_returned_is_left_out_with_a_reason_or_blocks():
    company = make.company()
    service = make.service(
        company.it, calendar=company.calendar, steps=[leg_step("one", company.finance)]
    )
    ticket = company.submit(service=service)
    lead, one = ticket.legs.order_by("no")
    lead = actions.accept_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 10:10"))
    actions.return_leg(
        leg=one, by=company.fang, why="wrong_department", version=one.version, now=at("2 10:20")
    )
    lead = make.fresh(lead)
    with pytest.raises(actions.StepsMissingError):
        actions.deliver_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 10:30"))

    ticket = fresh(ticket)
    actions.skip_step(
        ticket=ticket,
        by=company.ivan,
        key="one",
        why="We did it ourselves.",
        version=ticket.version,
        now=at("2 10:40"),
    )

    lead = make.fresh(lead)
    actions.deliver_leg(leg=lead, by=company.ivan, version=lead.version, now=at("2 10:50"))
    assert fresh(ticket).state == TicketState.RESOLVED


def test_who_left_is_replaced_by_whom_they_reported_to():
    company = make.company()
    ceo = org.person("Ceo")
    service = make.service(company.it, calendar=company.calendar, steps=[approval_step()])
    ticket = company.submit(service=service)
    vote = ApprovalVote.objects.get(approval__ticket=ticket)
    assert replaced(vote, "2 11:00") is False  # can decide: nothing changes

    company.hr_head.can_sign_in = False
    company.hr_head.save()
    chart = org_queries.chart(on=MONDAY.date())
    make.lead(ceo, Department.objects.get(pk=chart.parent(company.hr.pk)))

    assert replaced(vote, "3 11:00") is True
    assert asked(ticket) == {ceo}


def replaced(vote, now):
    return actions.replace_approver(vote_id=vote.pk, now=at(now))


def test_an_approver_reads_what_they_are_asked_about_and_writes_to_it():
    company, service = kit()
    ticket = company.submit(service=service)
    stranger = org.person("Sun", department=company.finance)
    who = policies.standing(company.hr_head, now=MONDAY)

    assert policies.may_read(who, ticket)
    assert not policies.may_read(policies.standing(stranger, now=MONDAY), ticket)
    actions.ask_before_deciding(
        approval=ticket.approvals.get(),
        by=company.hr_head,
        question="Which model?",
        now=at("2 10:30"),
    )
    # The approver's question is no answer of the serving side, and asks it nothing either (R8, R9).
    assert make.clock(ticket, "first_response").state == ClockState.RUNNING
    assert ticket.approvals.get().state == ApprovalState.OPEN
    assert queries.messages_visible_to(who, ticket).count() == 1


def test_an_agent_asks_by_hand_and_the_leg_goes_on_after_the_decision():
    company = make.company()
    leg = company.accepted()

    approval = actions.ask_approval(
        leg=leg,
        by=company.ivan,
        approvers=[company.it_head, company.fin_head],
        question="May I order it abroad?",
        quorum="any",
        version=leg.version,
        now=at("2 10:30"),
    )
    leg = make.fresh(leg)
    assert (leg.state, leg.waiting_on) == (LegState.WAITING, WaitingOn.APPROVER)

    actions.refuse(approval=approval, by=company.it_head, why="Rather not.", now=at("2 10:40"))
    assert make.fresh(leg).state == LegState.WAITING
    actions.approve(approval=approval, by=company.fin_head, now=at("2 10:50"))
    assert make.fresh(leg).state == LegState.WORKING

    leg = make.fresh(leg)
    with pytest.raises(actions.SelfApprovalError):
        actions.ask_approval(
            leg=leg,
            by=company.ivan,
            approvers=[company.anna],
            question="?",
            version=leg.version,
            now=at("2 11:00"),
        )


def test_the_database_waits_for_nobody_who_withdrew():
    company, service = kit()
    ticket = company.submit(service=service)

    actions.cancel(ticket=ticket, by=company.anna, version=ticket.version, now=at("2 11:00"))

    assert ticket.approvals.get().state == ApprovalState.WITHDRAWN
    with pytest.raises(actions.NotPossibleError):
        actions.approve(approval=ticket.approvals.get(), by=company.hr_head, now=at("2 11:30"))
