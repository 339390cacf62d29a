"""Lists: right order, whole pages by keyset, the same number of queries at any length."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from neike.desk import actions, policies, queries
from neike.desk.models import Leg
from neike.desk.queries import Cursor
from tests.make import desk as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db
NOW = at("2 11:00")


def test_the_queue_is_ordered_by_what_is_due_first_and_pages_do_not_miss_or_repeat():
    it = make.company()
    made = [
        it.submit(now=at("2 10:00") - timedelta(minutes=minute % 5), title=str(minute))
        for minute in range(7)
    ]
    Leg.objects.filter(ticket=made[3]).update(next_due_at=None)
    who = policies.standing(it.ivan, now=NOW)
    rows = queries.queue_for(who, it.it)
    whole = list(queries.page_of(rows).rows)
    due = [leg.next_due_at for leg in whole]
    assert due[-1] is None
    assert due[:-1] == sorted(each for each in due if each)

    seen, cursor = [], None
    while True:
        page = queries.page_of(rows, after=cursor, size=2)
        seen += page.rows
        if page.following is None:
            break
        cursor = Cursor.parse(str(page.following))
    assert seen == whole


def test_my_requests_come_newest_first_in_pages():
    it = make.company()
    for minute in range(5):
        it.submit(now=at("2 10:00") + timedelta(minutes=minute % 2))
    rows = queries.my_tickets(policies.standing(it.anna, now=NOW))
    field = {"field": "last_activity_at", "newest_first": True}
    first = queries.page_of(rows, size=3, **field)
    rest = queries.page_of(rows, size=3, after=first.following, **field)
    together = [*first.rows, *rest.rows]
    assert together == sorted(
        together, key=lambda ticket: (ticket.last_activity_at, ticket.pk), reverse=True
    )
    assert len({ticket.pk for ticket in together}) == 5


@pytest.mark.parametrize("text", ["", "x", "!!!", "MTIzfDQ", "YWJjfGRlZg", "fHg", "é"])
def test_a_bent_cursor_begins_at_the_front(text):
    assert Cursor.parse(text) is None


@pytest.mark.parametrize("length", [1, 3])
def test_the_queue_costs_the_same_at_any_length(length, django_assert_num_queries):
    it = make.company()
    for _ in range(length):
        it.submit()
    who = policies.standing(it.ivan, now=NOW)
    assert queries.counts(who, now=NOW).offered == length
    with django_assert_num_queries(1):
        for leg in queries.page_of(queries.queue_for(who, it.it)).rows:
            assert leg.ticket.requester.name
            assert leg.supplier.code
            assert leg.redacted is False
            assert str(leg.ticket.service.name)


def test_one_request_costs_the_same_with_many_legs():
    it = make.company()
    leg = it.accepted()
    costs = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as context:
            bar = queries.relay_bar(leg.ticket, now=NOW)
            assert [str(part.leg.supplier) for part in bar]
            assert all(part.stretches and part.clock for part in bar)
            queries.clocks_of(leg.ticket)
        costs.append(len(context))
        leg = make.fresh(leg)
        asked = actions.hand_over(
            leg=leg, by=it.ivan, to=it.finance, ask="?", version=leg.version, now=NOW
        )
        actions.withdraw_leg(leg=asked, by=it.ivan, why="no", version=asked.version, now=NOW)
    assert len(set(costs)) == 1


def test_counts_say_what_waits_for_whom():
    it = make.company()
    it.submit(now=at("2 09:00"))
    leg = it.accepted()
    ticket = make.fresh(leg).ticket
    actions.resolve(ticket=ticket, by=it.ivan, version=ticket.version, now=NOW)
    taken = it.accepted()
    asked = actions.hand_over(
        leg=taken, by=it.ivan, to=it.finance, ask="?", version=taken.version, now=NOW
    )
    asked = actions.accept_leg(leg=asked, by=it.fang, version=asked.version, now=NOW)
    actions.deliver_leg(leg=asked, by=it.fang, version=asked.version, now=NOW)

    server = queries.counts(policies.standing(it.ivan, now=NOW), now=NOW)
    asker = queries.counts(policies.standing(it.anna, now=NOW), now=NOW)

    assert (server.mine, server.offered, server.overdue) == (1, 1, 1)
    assert (server.to_confirm, queries.to_confirm(policies.standing(it.ines, now=NOW)).count()) == (
        1,
        1,
    )
    assert (asker.waiting_for_me, asker.offered, asker.to_confirm) == (1, 0, 0)
