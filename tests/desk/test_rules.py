"""Rules fire once for each cause, do no more than their department may, and never run in circles."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from neike.catalog.choices import Priority
from neike.desk import actions, jobs, policies, projections
from neike.desk.actions import firing
from neike.desk.actions import rules as rule_actions
from neike.desk.choices import (
    ClockState,
    EventKind,
    FiringOutcome,
    LegState,
    RuleTrigger,
    Visibility,
)
from neike.desk.models import (
    AssignmentPolicy,
    Message,
    RuleFiring,
    RuleVersion,
    Ticket,
    TicketEvent,
)
from neike.desk.queries import rule_trials
from neike.desk.queries import rules as queries
from neike.engines.rules import PER_DAY, Condition, Op
from neike.kernel.notices.models import Notice
from neike.org.choices import Role
from tests.make import background, org
from tests.make import desk as make
from tests.make import rules as make_rules
from tests.make.desk import MONDAY, at

pytestmark = pytest.mark.django_db
NOTE = {"do": "note", "text": "Look at the stock first."}
SOON = MONDAY + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _what_is_stored_is_what_the_log_says(db):
    yield
    for ticket in Ticket.objects.all():
        assert projections.differences(ticket) == []


@pytest.fixture
def it():
    return make.company()


def rule(it, *does, **more):
    return make_rules.rule(it.it_head, it.it, *(does or (NOTE,)), **more)


def results(ticket):
    firing_ = RuleFiring.objects.get(ticket=ticket)
    return [(each["do"], each["done"]) for each in firing_.results]


def test_a_rule_fires_on_a_new_request_and_says_so_in_the_log(it):
    made = rule(it, conditions=make_rules.is_in("priority", Priority.NORMAL))
    ticket = it.submit()
    background.run_outbox(SOON)

    event = TicketEvent.objects.get(ticket=ticket, kind=EventKind.MESSAGE_POSTED)
    assert event.by is None
    assert event.data["rule"]["id"] == str(made.public_id)
    message = Message.objects.get(ticket=ticket)
    assert (message.visibility, message.automatic) == (Visibility.INTERNAL, True)
    assert RuleFiring.objects.get().outcome == FiringOutcome.DONE


def test_a_rule_whose_conditions_do_not_hold_does_nothing(it):
    rule(it, conditions=make_rules.is_in("priority", Priority.URGENT))
    it.submit()
    background.run_outbox(SOON)
    assert not RuleFiring.objects.exists()


def test_a_rule_that_is_off_does_nothing(it):
    rule(it, on=False)
    it.submit()
    background.run_outbox(SOON)
    assert not RuleFiring.objects.exists()


def test_the_same_event_told_twice_fires_once(it):
    rule(it)
    ticket = it.submit()
    cause = firing.Cause(trigger="submitted", ticket_id=ticket.pk, key="submitted:1:", seq=1)
    assert len(firing.consider(cause, now=SOON)) == 1
    assert firing.consider(cause, now=SOON) == []
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_automatic_messages_stop_no_clock(it):
    rule(it, {"do": "message", "text": "We have got it."})
    ticket = it.submit()
    background.run_outbox(SOON)

    assert Message.objects.get(ticket=ticket).visibility == Visibility.PUBLIC
    assert make.clock(ticket, "first_response").state == ClockState.RUNNING


def test_all_that_a_rule_can_do(it):
    person = str(it.ines.public_id)
    rule(
        it,
        {"do": "assign", "person": person},
        {"do": "set_priority", "priority": Priority.URGENT.value},
        {"do": "watch", "person": str(it.fang.public_id)},
        NOTE,
        {"do": "message", "text": "On our way."},
        {"do": "task", "title": "Check the stock", "checklist": ["Laptop", "Dock"]},
        {"do": "hand_over", "department": str(it.finance.public_id), "text": "Budget?"},
        {"do": "notify", "whom": "lead"},
        {"do": "ask_approval", "by": "manager", "text": "May we?"},
        trigger="accepted",
    )
    leg = it.accepted()
    background.run_outbox(SOON)

    ticket = Ticket.objects.get()
    assert [done for _do, done in results(ticket)] == [True] * 9
    assert make.fresh(leg).assignee == it.ines
    assert make.fresh(leg).state == LegState.WAITING
    assert ticket.priority == Priority.URGENT
    assert ticket.legs.get(no=1).supplier == it.finance
    assert ticket.tasks.get().items[1]["text"]["en"] == "Dock"
    assert ticket.approvals.get().votes.get().person == it.hr_head
    assert Notice.objects.filter(person=it.it_head, kind="desk.rule_noticed").exists()


def test_what_is_refused_is_logged_with_its_reason_and_keeps_nothing_else_back(it):
    rule(
        it,
        {"do": "set_priority", "priority": Priority.NORMAL.value},
        {"do": "assign", "person": str(it.fang.public_id)},
        NOTE,
    )
    ticket = it.submit()
    background.run_outbox(SOON)

    assert results(ticket) == [("set_priority", False), ("assign", False), ("note", True)]
    found = RuleFiring.objects.get()
    assert found.outcome == FiringOutcome.PARTLY
    assert found.results[1]["why"]["en"] == "This person does not work for the department."


def test_a_rule_assigns_by_the_policy_of_the_department(it):
    AssignmentPolicy.objects.create(department=it.it, mode="load")
    rule(it, {"do": "assign"}, trigger="accepted")
    leg = it.submit().legs.get()
    actions.accept_leg(leg=leg, by=it.ivan, version=leg.version, now=MONDAY, take=False)
    background.run_outbox(SOON)
    assert make.fresh(leg).assignee is not None


def test_a_departments_rule_leaves_what_others_work_on_alone(it):
    made = make_rules.rule(it.fin_head, it.finance, NOTE)
    ticket = it.submit()
    background.run_outbox(SOON)
    assert not queries.in_reach(made, ticket, ticket.legs.all())
    assert not RuleFiring.objects.exists()


def test_confidential_requests_are_only_for_rules_of_the_department_that_owns_them(it):
    admin = org.administrator()
    make_rules.rule(admin, None, NOTE, name="All")
    own = rule(it)
    ticket = it.submit(confidential=True)
    background.run_outbox(SOON)
    assert [each.rule for each in RuleFiring.objects.filter(ticket=ticket)] == [own]


def test_rules_of_the_organisation_are_for_administrators(it):
    with pytest.raises(PermissionDenied):
        make_rules.rule(it.it_head, None)
    with pytest.raises(PermissionDenied):
        make_rules.rule(it.ivan, it.it)
    with pytest.raises(PermissionDenied):
        make_rules.rule(it.it_head, it.finance)


def test_owners_make_rules_for_their_services_only(it):
    org.grant(it.ivan, Role.SERVICE_OWNER, service_public_id=it.service.public_id)
    own = make_rules.is_in("service", str(it.service.public_id))
    assert make_rules.rule(it.ivan, it.it, conditions=own).active
    with pytest.raises(rule_actions.RuleTooWideError):
        make_rules.rule(it.ivan, it.it)
    with pytest.raises(rule_actions.RuleTooWideError):
        make_rules.rule(it.ivan, it.it, conditions=own, join=make_rules.ANY)
    wide = rule(it)
    with pytest.raises(rule_actions.RuleTooWideError):
        rule_actions.switch_rule(rule=wide, by=it.ivan, on=False, now=MONDAY)


def test_a_change_is_a_new_version_and_the_old_one_stays_as_it_was(it):
    made = rule(it)
    changed = rule_actions.change_rule(
        rule=made,
        by=it.it_head,
        content=make_rules.content({"do": "message", "text": "Hello"}),
        number=1,
        now=MONDAY,
    )
    assert queries.version_of(changed).number == 2
    first = RuleVersion.objects.get(rule=made, number=1)
    assert first.actions == [NOTE]
    with pytest.raises(rule_actions.RuleChangedError):
        rule_actions.change_rule(
            rule=made, by=it.it_head, content=make_rules.content(), number=1, now=MONDAY
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleVersion.objects.filter(pk=first.pk).update(trigger="due")


def test_a_rule_by_time_needs_its_hours_and_every_rule_something_to_do(it):
    with pytest.raises(rule_actions.RuleHoursError):
        rule(it, trigger="quiet")
    with pytest.raises(rule_actions.RuleSaysNothingError):
        make_rules.rule(it.it_head, it.it, {"do": "fly"})


def test_a_rule_that_can_set_itself_off_is_told_and_stopped(it):
    admin = org.administrator()
    to_finance = {"do": "hand_over", "department": str(it.finance.public_id), "text": "You"}
    to_hr = {"do": "hand_over", "department": str(it.hr.public_id), "text": "You"}
    make.service(it.hr, calendar=it.calendar, catch_all=True)
    made = make_rules.rule(admin, None, to_finance, to_hr, trigger="offered")
    assert rule_actions.own_circle(made) == [made]

    leg = it.submit().legs.get()
    background.run_outbox(SOON)
    firings = RuleFiring.objects.filter(rule=made)
    assert firings.filter(outcome=FiringOutcome.STOPPED).count() == 2
    assert leg.ticket.legs.count() == 3


def test_a_storm_is_stopped_and_logged_once(it):
    rule(it, trigger="replied")
    ticket = it.submit()
    for number in range(PER_DAY + 3):
        actions.post_message(ticket=ticket, by=it.anna, body=f"Hello {number}", now=MONDAY)
    background.run_outbox(SOON)

    outcomes = list(RuleFiring.objects.values_list("outcome", flat=True))
    assert outcomes.count(FiringOutcome.DONE) == PER_DAY
    assert outcomes.count(FiringOutcome.STOPPED) == 1


def test_what_the_requester_writes_can_be_a_condition(it):
    rule(it, trigger="replied", conditions=(Condition("text", Op.CONTAINS, ["refund", "退款"]),))
    ticket = it.submit()
    actions.post_message(ticket=ticket, by=it.anna, body="Thank you", now=MONDAY)
    actions.post_message(ticket=ticket, by=it.anna, body="我要退款", now=MONDAY)
    background.run_outbox(SOON)
    assert RuleFiring.objects.filter(ticket=ticket).count() == 1


def fires(now):
    jobs.look_for_rules.function(now=now)
    background.run_jobs(now)
    return RuleFiring.objects.count()


def test_silence_sets_off_once_until_somebody_does_something(it):
    rule(it, trigger="quiet", amount=4)
    leg = it.accepted(now=at("2 09:00"))
    assert fires(at("2 12:00")) == 0
    assert fires(at("2 16:30")) == 1
    assert fires(at("3 16:30")) == 1

    actions.post_message(ticket=leg.ticket, by=it.anna, body="Anything?", now=at("3 16:40"))
    assert fires(at("4 16:30")) == 2


def test_waiting_sets_off_once_for_each_wait(it):
    rule(it, trigger="waiting", amount=8)
    leg = it.accepted(now=at("2 09:00"))
    actions.wait_leg(
        leg=leg,
        by=it.ivan,
        waiting_on="third_party",
        reason_given="Part ordered",
        follow_up_at=at("9 09:00"),
        version=leg.version,
        now=at("2 09:30"),
    )
    assert fires(at("2 15:00")) == 0
    assert fires(at("3 15:00")) == 1
    assert fires(at("4 15:00")) == 1


def test_what_is_soon_due_sets_off_once_per_clock(it):
    rule(it, trigger="due", amount=1, conditions=make_rules.is_in("priority", Priority.NORMAL))
    it.accepted(now=at("2 09:00"))
    assert fires(at("2 10:00")) == 0
    assert fires(at("2 17:30")) >= 1
    before = RuleFiring.objects.count()
    assert fires(at("2 17:35")) == before


@pytest.mark.parametrize(
    ("trigger", "times"), [("submitted", 1), ("offered", 1), ("accepted", 1), ("replied", 2)]
)
def test_a_trial_on_history_finds_what_would_have_fired_and_writes_nothing(it, trigger, times):
    leg = it.accepted()
    for word in ("one", "two"):
        actions.post_message(ticket=leg.ticket, by=it.anna, body=word, now=MONDAY)
    it.submit(priority=Priority.URGENT)
    made = rule(it, trigger=trigger, conditions=make_rules.is_in("priority", Priority.NORMAL))
    before = TicketEvent.objects.count()

    found = rule_trials.trial(made, policies.standing(it.it_head, now=SOON), now=SOON)

    assert [(hit.ticket, hit.times) for hit in found.hits] == [(leg.ticket, times)]
    assert found.looked_at == 2
    assert (TicketEvent.objects.count(), RuleFiring.objects.count()) == (before, 0)


def test_a_trial_by_time_reads_gaps_and_clocks(it):
    it.accepted(now=at("2 09:00"))
    later = at("3 16:00")
    who = policies.standing(it.it_head, now=later)
    for trigger in (RuleTrigger.QUIET, RuleTrigger.DUE, RuleTrigger.CLOCK_75):
        made = rule(it, trigger=trigger.value, amount=4)
        assert len(rule_trials.trial(made, who, now=later).hits) == 1
    made = rule(it, trigger="quiet", amount=40)
    assert rule_trials.trial(made, who, now=later).hits == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_trial_costs_the_same_at_any_length(it, count, django_assert_max_num_queries):
    for _each in range(count):
        it.accepted()
    made = rule(it)
    with django_assert_max_num_queries(16):
        rule_trials.trial(made, policies.standing(it.it_head, now=SOON), now=SOON)


def test_rules_are_read_by_who_works_under_them(it):
    made = rule(it)
    seen = queries.rules_visible_to
    assert list(seen(policies.standing(it.ivan, now=SOON))) == [made]
    assert list(seen(policies.standing(it.anna, now=SOON))) == []
    assert list(seen(policies.standing(org.administrator(), now=SOON))) == [made]
