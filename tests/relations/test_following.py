"""Relations follow the organisation chart, departments that close or merge, and new versions of standards."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from neike.kernel.notices.models import Notice
from neike.kernel.outbox import deliver_pending
from neike.kernel.registries import MY_DAY
from neike.org.actions.closing import close_department
from neike.org.actions.succession import merge_departments
from neike.org.models import DepartmentLead
from neike.relations import actions, policies, queries
from neike.relations.choices import (
    AgreementState,
    EndCause,
    Origin,
    RelationKind,
    RelationLevel,
    RelationState,
)
from neike.relations.models import RelationChange, ServiceRelation
from tests.make import catalog, department, person
from tests.make import relations as make
from tests.make.org import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def pairs():
    rows = ServiceRelation.objects.filter(level=RelationLevel.PERSON).exclude(state="ended")
    return {(row.kind, row.provider_person, row.customer_person) for row in rows}


class TestChart:
    def test_each_manager_serves_the_team_and_is_served_by_it_and_neighbours_serve_one_another(
        self,
    ):
        head = department()
        one, other = department(parent=head), department(parent=head)
        boss, left, right = make.lead(head), make.lead(one), make.lead(other)
        member = person(department=one)

        assert actions.follow_chart(now=NOW) == 8

        assert pairs() == {
            (RelationKind.TEAM, boss, left),
            (RelationKind.BOSS, left, boss),
            (RelationKind.TEAM, boss, right),
            (RelationKind.BOSS, right, boss),
            (RelationKind.TEAM, left, member),
            (RelationKind.BOSS, member, left),
            (RelationKind.LATERAL, left, right),
            (RelationKind.LATERAL, right, left),
        }

    def test_a_repeat_changes_nothing(self):
        one = department()
        make.lead(one)
        person(department=one)
        actions.follow_chart(now=NOW)
        changes = RelationChange.objects.count()

        assert actions.follow_chart(now=NOW + timedelta(hours=1)) == 0
        assert RelationChange.objects.count() == changes

    def test_what_was_turned_down_is_not_proposed_again_for_two_quarters(self):
        one = department()
        boss = make.lead(one)
        person(department=one)
        actions.follow_chart(now=NOW)
        for relation in ServiceRelation.objects.filter(provider_person=boss):
            actions.end(relation=relation, by=boss, reason="No", version=relation.version, now=NOW)

        assert actions.follow_chart(now=NOW + timedelta(days=181)) == 0
        assert actions.follow_chart(now=NOW + timedelta(days=182)) == 1

    def test_what_the_chart_takes_back_unanswered_is_nobodys_news(self):
        one = department()
        boss, member = make.lead(one), person(department=one)
        actions.follow_chart(now=NOW)
        answered = ServiceRelation.objects.get(provider_person=boss)
        actions.confirm(relation=answered, by=boss, version=1, now=NOW)
        member.left_on = TODAY + timedelta(days=1)
        member.save()

        actions.follow_chart(now=NOW + timedelta(days=1))
        deliver_pending(now=NOW + timedelta(days=1))

        heard = Notice.objects.filter(kind="relations.relation_ended")
        assert {notice.url for notice in heard} == {answered.path}

    def test_hundreds_of_proposals_are_one_item_of_my_day(self):
        one = department()
        boss = make.lead(one)
        for _ in range(7):
            person(department=one)
        actions.follow_chart(now=NOW)
        ends = make.two_ends()
        make.leads_too(boss, ends.customer)
        stated = [make.declared(ends, kind=kind) for kind in ("support", "next_step")]

        items = MY_DAY.get("relations.to_confirm").items(boss, NOW)

        assert [item.url for item in items] == [*(each.path for each in stated), "/relations/"]
        assert items[-1].title == "14 relations proposed from the organisation chart"

    def test_a_batch_costs_the_same_however_many_are_in_it(self):
        for _ in range(2):
            make.lead(department())
        actions.follow_chart(now=NOW)
        costs = []
        for members in (3, 8):
            one = department()
            make.lead(one)
            for _ in range(members):
                person(department=one)
            with CaptureQueriesContext(connection) as asked:
                actions.follow_chart(now=NOW)
            costs.append(len(asked))
        assert costs[0] == costs[1]

    def test_a_new_boss_ends_the_relations_with_the_old_one(self):
        one = department()
        old, member = make.lead(one), person(department=one)
        actions.follow_chart(now=NOW)
        DepartmentLead.objects.update(valid_to=TODAY + timedelta(days=1))
        new = person(department=one)
        DepartmentLead.objects.create(
            department=one, person=new, valid_from=TODAY + timedelta(days=1)
        )

        actions.follow_chart(now=NOW + timedelta(days=1))

        assert (RelationKind.BOSS, member, new) in pairs()
        assert (RelationKind.BOSS, member, old) not in pairs()
        ended = ServiceRelation.objects.get(provider_person=member, customer_person=old)
        assert (ended.state, ended.ended_cause) == (
            RelationState.ENDED,
            EndCause.CHART_CHANGED,
        )

    def test_who_leaves_has_no_open_relations(self):
        one = department()
        make.lead(one)
        member = person(department=one)
        actions.follow_chart(now=NOW)
        member.left_on = TODAY + timedelta(days=1)
        member.save()

        actions.follow_chart(now=NOW + timedelta(days=1))

        assert pairs() == set()
        causes = set(ServiceRelation.objects.values_list("ended_cause", flat=True))
        assert causes == {EndCause.PERSON_LEFT}

    def test_leads_of_each_others_departments_make_nobody_their_own_boss(self):
        one, other = department(), department()
        a, b = person(department=other), person(department=one)
        for where, who in ((one, a), (other, b)):
            DepartmentLead.objects.create(department=where, person=who, valid_from=date(2020, 1, 1))

        actions.follow_chart(now=NOW)

        kinds = {kind for kind, _provider, _customer in pairs()}
        assert kinds == {RelationKind.LATERAL}

    def test_one_person_may_ask_for_their_own_proposals_only(self):
        one = department()
        boss = make.lead(one)
        first, second = person(department=one), person(department=one)

        assert actions.follow_chart(now=NOW, person=first) == 2
        assert {provider for _kind, provider, _customer in pairs()} == {boss, first}
        assert second not in {customer for _kind, _provider, customer in pairs()}


class TestDepartments:
    def test_closing_ends_relations_that_day(self):
        ends = make.two_ends()
        relation = make.confirmed(ends)
        for person_ in (ends.provider_lead, ends.provider_member):
            person_.placements.all().delete()
        close_department(department=ends.provider, valid_from=TODAY, by=None, now=NOW)
        deliver_pending(now=NOW)

        relation.refresh_from_db()
        assert (relation.state, relation.valid_to, relation.ended_cause) == (
            RelationState.ENDED,
            TODAY,
            EndCause.DEPARTMENT_CLOSED,
        )
        assert relation.why_ended == "the department was closed"

    def test_a_merge_proposes_the_relation_with_the_successor(self):
        ends = make.two_ends()
        make.confirmed(ends)
        successor = department()
        merge_departments(
            predecessors=[ends.provider], successor=successor, on=TODAY, by=None, now=NOW
        )
        deliver_pending(now=NOW)

        made = ServiceRelation.objects.exclude(state=RelationState.ENDED).get()
        assert (made.provider_department, made.customer_department, made.state, made.origin) == (
            successor,
            ends.customer,
            RelationState.PROPOSED,
            Origin.ORG_CHART,
        )

    def test_a_merge_to_come_is_announced_and_happens_on_its_day(self):
        ends = make.two_ends()
        relation = make.confirmed(ends)
        successor = department()
        day = TODAY + timedelta(days=5)
        merge_departments(
            predecessors=[ends.customer], successor=successor, on=day, by=None, now=NOW
        )
        deliver_pending(now=NOW)
        relation.refresh_from_db()
        assert (relation.state, relation.valid_to) == (RelationState.CONFIRMED, day)

        assert actions.end_what_is_due(now=NOW + timedelta(days=4)) == 0
        assert actions.end_what_is_due(now=NOW + timedelta(days=5)) == 1
        assert actions.end_what_is_due(now=NOW + timedelta(days=5)) == 0

        made = ServiceRelation.objects.exclude(state=RelationState.ENDED).get()
        assert (made.provider_department, made.customer_department) == (ends.provider, successor)

    def test_the_two_ends_merging_into_one_need_no_relation(self):
        ends = make.two_ends()
        make.confirmed(ends)
        merge_departments(
            predecessors=[ends.provider], successor=ends.customer, on=TODAY, by=None, now=NOW
        )
        deliver_pending(now=NOW)
        assert not ServiceRelation.objects.exclude(state=RelationState.ENDED).exists()

    def test_a_batch_costs_the_same_however_many_relations_are_in_it(self):
        make.confirmed(make.two_ends())
        costs = []
        for count in (2, 6):
            closing, successor = department(), department()
            make.lead(closing)
            for _ in range(count):
                ends = make.two_ends()
                make.confirmed(
                    replace(ends, provider=closing, provider_lead=closing.leads.get().person)
                )
            merge_departments(
                predecessors=[closing],
                successor=successor,
                on=TODAY + timedelta(days=5),
                by=None,
                now=NOW,
            )
            with CaptureQueriesContext(connection) as announced:
                actions.follow_department(department=closing, now=NOW)
            with CaptureQueriesContext(connection) as ended:
                assert actions.end_what_is_due(now=NOW + timedelta(days=5)) == count
            made = ServiceRelation.objects.filter(provider_department=successor)
            assert made.count() == count
            assert {one.state for one in made} == {RelationState.PROPOSED}
            costs.append((len(announced), len(ended)))
        assert costs[0] == costs[1]


class TestStandards:
    def test_a_new_version_asks_both_sides_and_shows_the_difference(self):
        ends = make.two_ends()
        old = make.signed(ends)
        targets = catalog.actions.minutes({"first_response": {"": 60}, "end_to_end": {"": 300}})
        catalog.published_standard(old.service, targets=targets)
        deliver_pending(now=NOW)

        made = old.relation.agreements.get(state=AgreementState.PROPOSED)
        assert made.previous == old
        assert ("resolution, end to end", 450 * 60, 300 * 60) in [
            (each.what, each.before, each.after) for each in queries.differences_of(made)
        ]
        old.refresh_from_db()
        assert old.state == AgreementState.IN_FORCE
        for lead in (ends.provider_lead, ends.customer_lead):
            who = policies.standing(lead, now=NOW)
            assert list(queries.agreements_to_sign(who)) == [made]

    def test_delivering_the_news_twice_asks_once(self):
        ends = make.two_ends()
        old = make.signed(ends)
        catalog.published_standard(old.service)
        deliver_pending(now=NOW)
        deliver_pending(now=NOW + timedelta(minutes=5))
        assert old.relation.agreements.filter(state=AgreementState.PROPOSED).count() == 1


class TestTelling:
    def test_the_other_side_hears_what_one_side_did_and_nobody_else(self):
        ends = make.two_ends()
        make.declared(ends)
        deliver_pending(now=NOW)

        notice = Notice.objects.get()
        assert (notice.person, notice.kind) == (ends.customer_lead, "relations.relation_declared")
        assert str(notice.title).startswith("Please confirm: Department")

    def test_between_two_persons_only_the_other_one_hears(self):
        one = department()
        boss, member = make.lead(one), person(department=one)
        relation = make.between_people(member, boss)
        Notice.objects.all().delete()
        actions.confirm(relation=relation, by=member, version=relation.version, now=NOW)
        deliver_pending(now=NOW)
        heard = Notice.objects.filter(kind="relations.relation_confirmed")
        assert [notice.person for notice in heard] == [boss]
