"""Departments give out their work by themselves: to whom, why, and what happens when somebody is away."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from neike.catalog.choices import Priority
from neike.desk import actions, projections
from neike.desk.actions import assignment, timers
from neike.desk.choices import AssignmentMode, ClockState, EventKind, LegState
from neike.desk.models import AssignmentPolicy, Capacity, Leg, Skill, Ticket, TicketEvent
from neike.desk.queries import assignment as queries
from neike.kernel.notices.models import Notice
from neike.kernel.texts import LocalizedText
from neike.org.models import Substitution
from tests.desk.test_races import at_once
from tests.make import background
from tests.make import desk as make
from tests.make.desk import MONDAY, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _what_is_stored_is_what_the_log_says(db):
    yield
    for ticket in Ticket.objects.all():
        assert projections.differences(ticket) == []


def gives_out(mode=AssignmentMode.LOAD, **more):
    """IT gives out its work; its head takes none by themselves."""
    company = make.company()
    AssignmentPolicy.objects.create(department=company.it, mode=mode, **more)
    Capacity.objects.create(department=company.it, person=company.it_head, maximum=0)
    return company


def offered(company, *, now=MONDAY, **more):
    ticket = company.submit(now=now, **more)
    assignment.assign_by_policy(leg_id=ticket.legs.get().pk, now=now)
    return ticket.legs.get()


def away(person, substitute, *, since, until=None):
    return Substitution.objects.create(
        person=person,
        substitute=substitute,
        starts_at=since,
        ends_at=until or since + timedelta(days=5),
    )


def test_work_is_put_into_somebodys_hands_but_accepting_stays_their_act():
    leg = offered(gives_out())

    assert leg.assignee is not None
    assert leg.state == LegState.OFFERED
    assert make.clock(leg.ticket, "acceptance", leg=0).state == ClockState.RUNNING
    event = TicketEvent.objects.get(ticket=leg.ticket, kind=EventKind.LEG_ASSIGNED)
    assert event.by is None
    assert event.data["why"]["code"] == "load"


def test_a_department_may_accept_at_once_and_keeps_its_promise_with_it():
    leg = offered(gives_out(auto_accept=True))

    assert (leg.state, leg.auto_accepted) == (LegState.ACCEPTED, False)
    assert leg.assignee is not None
    assert make.clock(leg.ticket, "acceptance", leg=0).state == ClockState.MET


def test_acceptance_by_time_keeps_who_was_named():
    leg = offered(gives_out())
    timers.accept_by_itself(leg_id=leg.pk, now=at("2 11:30"))
    assert make.fresh(leg).assignee == leg.assignee
    assert make.fresh(leg).state == LegState.ACCEPTED


def test_in_turn_everybody_gets_the_same():
    company = gives_out(AssignmentMode.TURN)
    names = [offered(company, now=MONDAY + timedelta(minutes=n)).assignee for n in range(4)]
    assert [each.pk for each in names] == [names[0].pk, names[1].pk] * 2
    assert names[0] != names[1]


def test_who_can_do_it_comes_first():
    company = gives_out(AssignmentMode.SKILL)
    skill = Skill.objects.create(department=company.it, name=LocalizedText.of(zh="网络", en="Net"))
    skill.services.add(company.service)
    row = Capacity.objects.create(department=company.it, person=company.ines)
    row.skills.add(skill)

    assert [offered(company).assignee for _each in range(2)] == [company.ines, company.ines]


def test_who_is_away_gets_nothing():
    company = gives_out()
    away(company.ivan, company.ines, since=at("2 08:00"))
    assert {offered(company).assignee for _each in range(3)} == {company.ines}


def test_after_hours_it_waits_for_the_working_day_unless_urgent():
    company = gives_out()
    late = at("2 22:00")
    waits, urgent = offered(company, now=late), offered(company, now=late, priority=Priority.URGENT)
    assert waits.assignee is None
    assert urgent.assignee is not None

    assert list(queries.to_assign()) == [waits]
    assignment.assign_by_policy(leg_id=waits.pk, now=at("3 10:00"))
    assert make.fresh(waits).assignee is not None


def test_a_person_gives_an_offered_leg_away_and_the_policy_leaves_it_alone():
    company = gives_out()
    ticket = company.submit()
    leg = ticket.legs.get()
    actions.assign_leg(leg=leg, by=company.ivan, to=company.ivan, version=leg.version, now=MONDAY)
    assert assignment.assign_by_policy(leg_id=leg.pk, now=MONDAY) is None
    assert make.fresh(leg).assignee == company.ivan


def test_work_of_somebody_newly_away_goes_to_a_colleague_once():
    company = gives_out()
    leg = offered(company)
    first = leg.assignee
    other = company.ines if first == company.ivan else company.ivan
    away(first, other, since=at("2 12:00"))
    later = at("2 14:00")
    assert queries.perhaps_orphaned(now=later) == [leg]

    assert assignment.offer_again(leg_id=leg.pk, now=later)
    assert make.fresh(leg).assignee == other
    assert not assignment.offer_again(leg_id=leg.pk, now=later)


def test_what_a_lead_gives_to_somebody_who_is_away_stays_with_them():
    company = gives_out()
    leg = offered(company)
    away(company.ivan, company.ines, since=at("2 12:00"))
    leg = actions.assign_leg(
        leg=leg, by=company.it_head, to=company.ivan, version=leg.version, now=at("2 13:00")
    )
    assert not assignment.offer_again(leg_id=leg.pk, now=at("2 14:00"))


def test_work_of_who_has_left_comes_back_to_the_department_and_its_lead_is_told():
    company = make.company()
    leg = company.accepted()
    company.ivan.can_sign_in = False
    company.ivan.save()
    assert queries.perhaps_orphaned(now=MONDAY + timedelta(days=1)) == [leg]

    assert assignment.offer_again(leg_id=leg.pk, now=at("3 10:00"))
    background.run_outbox(at("3 10:01"))
    assert make.fresh(leg).assignee is None
    assert Notice.objects.filter(person=company.it_head, kind="desk.leg_assigned").count() == 1


def test_the_lead_is_told_once_per_step_of_what_nobody_takes():
    company = make.company()
    AssignmentPolicy.objects.create(department=company.it, unassigned_minutes=60)
    leg = company.submit(now=at("2 09:00")).legs.get()
    assert queries.lying(now=at("2 09:50")) == []

    assert queries.lying(now=at("2 10:05")) == [(leg, 1)]
    for _twice in range(2):
        assignment.tell_of_lying(leg_id=leg.pk, step=1, now=at("2 10:05"))
    background.run_outbox(at("2 10:06"))
    assert queries.lying(now=at("2 10:10")) == []
    assert queries.lying(now=at("2 11:05")) == [(leg, 2)]
    assert list(queries.alarmed([company.it.pk])) == [leg]
    assert Notice.objects.filter(person=company.it_head, kind="desk.leg_unassigned").count() == 1


def test_the_outbox_gives_out_what_was_offered():
    company = gives_out()
    ticket = company.submit()
    background.run_outbox(MONDAY + timedelta(minutes=1))
    assert ticket.legs.get().assignee is not None


def test_only_leads_decide_how_work_is_given_out():
    company = make.company()
    content = assignment.PolicyContent(
        mode="load", within_hours=True, auto_accept=False, usual_capacity=5, unassigned_minutes=30
    )
    with pytest.raises(PermissionDenied):
        assignment.set_policy(department=company.it, by=company.ivan, content=content, now=MONDAY)
    made = assignment.set_policy(
        department=company.it, by=company.it_head, content=content, now=MONDAY
    )
    assert (made.mode, made.usual_capacity) == ("load", 5)


@pytest.mark.parametrize("legs", [1, 3])
def test_looking_at_the_members_costs_the_same_at_any_load(legs, django_assert_num_queries):
    company = gives_out()
    for _each in range(legs):
        offered(company)
    policy = AssignmentPolicy.objects.select_related("department").get()
    queries.members_of(policy, now=MONDAY)
    with django_assert_num_queries(8):
        queries.members_of(policy, now=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_legs_at_once_do_not_see_the_same_load():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite's database in memory; the same runs on PostgreSQL")
    company = gives_out()
    legs = [company.submit().legs.get() for _each in range(2)]

    at_once(*(lambda pk=leg.pk: assignment.assign_by_policy(leg_id=pk, now=MONDAY) for leg in legs))

    assert set(Leg.objects.values_list("assignee", flat=True)) == {company.ivan.pk, company.ines.pk}
