"""The numbers of the small history, worked out by hand.

Working minutes of IT's clocks (target):
              acceptance (60)  first response (60)  delivery of its leg (120)  end to end (180)
request one         30                 40                     90                    120
request two         90                180                     90                    180
request three       10                150                     50                    150
request four         5                 15                    205                    210
"""

from datetime import date

import pytest

from neike.catalog.choices import TargetMetric
from neike.desk.choices import ReturnReason, WaitingOn
from neike.engines.shares import wilson
from neike.insights import queries
from neike.insights.queries.kept import Bin
from neike.org import queries as org_queries
from tests.make import insights as make
from tests.make.desk import at

pytestmark = pytest.mark.django_db
MINUTE = 60
ALL = queries.EVERYTHING


@pytest.fixture
def house(db):
    return make.history()


@pytest.fixture
def quarter(db):
    return org_queries.period_from_key("2026-Q1")


def test_customers_come_with_volume_and_share(house, quarter):
    assert queries.customers(house.it.pk, quarter, ALL) == [
        queries.CustomerFlow(house.hr.pk, 3, 0.6),
        queries.CustomerFlow(house.sales.pk, 2, 0.4),
    ]
    assert queries.customers(house.finance.pk, quarter, ALL) == [
        queries.CustomerFlow(house.it.pk, 1, 1.0)
    ]


def test_nothing_is_counted_outside_of_the_period(house, quarter):
    assert queries.customers(house.it.pk, quarter.next(), ALL) == []
    assert queries.kept(house.it.pk, quarter.next(), ALL).headline is None
    assert queries.waits(house.it.pk, quarter.next(), ALL).legs == 0


def test_days_are_those_of_the_organisation(house):
    # 00:30 on April the first in Shanghai is still March in UTC
    house.ask(at("31 18:30").replace(month=4, day=1, hour=0, minute=30), house.sam, house.sales)
    house.write()

    second = org_queries.period_from_key("2026-Q2")

    assert [one.legs for one in queries.customers(house.it.pk, second, ALL)] == [1]
    assert queries.known_days() == (date(2026, 3, 2), date(2026, 4, 1))


def test_shares_kept_are_those_of_the_clocks(house, quarter):
    found = queries.kept(house.it.pk, quarter, ALL)

    assert {metric: (one.kept.hits, one.kept.n) for metric, one in found.overall.items()} == {
        TargetMetric.ACCEPTANCE: (3, 4),
        TargetMetric.FIRST_RESPONSE: (2, 4),
        TargetMetric.LEG_DELIVERY: (3, 4),
        TargetMetric.END_TO_END: (3, 4),  # exactly the target is kept
    }
    assert found.headline is TargetMetric.LEG_DELIVERY
    assert found.overall[TargetMetric.END_TO_END].kept == wilson(3, 4)
    assert found.overall[TargetMetric.END_TO_END].kept.is_small


def test_times_are_quantiles_of_working_time(house, quarter):
    delivery = queries.kept(house.it.pk, quarter, ALL).overall[TargetMetric.LEG_DELIVERY]

    assert delivery.median.value == 90 * MINUTE
    assert delivery.p95.value == pytest.approx((90 + 0.85 * (205 - 90)) * MINUTE)
    assert (delivery.median.low, delivery.median.high) == (None, None)  # four values bound nothing


def test_customers_are_told_apart(house, quarter):
    by_customer = queries.kept(house.it.pk, quarter, ALL).by_customer
    delivery = {
        customer: (
            found[TargetMetric.LEG_DELIVERY].kept.hits,
            found[TargetMetric.LEG_DELIVERY].kept.n,
        )
        for customer, found in by_customer.items()
    }

    assert delivery == {house.hr.pk: (2, 2), house.sales.pk: (1, 2)}


def test_used_time_is_counted_in_quarters_of_the_target(house, quarter):
    bins = queries.kept(house.it.pk, quarter, ALL).used[TargetMetric.END_TO_END]

    # 120/180 and 150/180 of the target, exactly the target, 210/180
    assert [one for one in bins if one.count] == [
        Bin(0.5, 0.75, 1),
        Bin(0.75, 1.0, 2),
        Bin(1.0, 1.25, 1),
    ]


def test_waits_are_shares_of_working_time(house, quarter):
    found = queries.waits(house.it.pk, quarter, ALL)

    assert found.legs == 4  # the fifth is still open
    assert found.seconds == {
        WaitingOn.SUPPLIER: (120 + 180 + 60 + 210) * MINUTE,
        WaitingOn.REQUESTER: 60 * MINUTE,
        WaitingOn.APPROVER: 0,
        WaitingOn.THIRD_PARTY: 0,
        WaitingOn.OTHER_LEG: 90 * MINUTE,
    }
    assert found.share(WaitingOn.SUPPLIER) == pytest.approx(570 / 720)
    assert queries.waits(house.finance.pk, quarter, ALL).seconds[WaitingOn.SUPPLIER] == 90 * MINUTE


def test_neighbours_are_pairs_with_volume_returns_and_share(house, quarter):
    script = house.ask(at("6 10:00"), house.anna, house.hr)
    script.accept(at("6 10:05"), 0, by_id=house.ivan.pk)
    leg = script.hand_over(
        at("6 10:10"),
        0,
        by_id=house.ivan.pk,
        to_id=house.finance.pk,
        service_id=house.budget.pk,
        standard_id=house.budget.standard_id,
    )
    script.return_leg(at("6 10:20"), leg, by_id=house.fang.pk, reason=ReturnReason.WRONG_DEPARTMENT)
    house.write()

    assert queries.neighbours(house.it.pk, quarter, ALL) == [
        queries.Pair(house.it.pk, house.hr.pk, 4, 0, wilson(2, 2)),
        queries.Pair(house.it.pk, house.sales.pk, 2, 0, wilson(1, 2)),
        queries.Pair(house.finance.pk, house.it.pk, 2, 1, wilson(0, 1)),
    ]
    assert queries.flow_matrix([house.it.pk, house.finance.pk], quarter, ALL) == {
        (house.finance.pk, house.it.pk): 2
    }


def test_weeks_add_up_to_the_period(house, quarter):
    found = queries.weeks(
        house.it.pk, TargetMetric.LEG_DELIVERY, quarter, ALL, until=date(2026, 3, 12)
    )

    assert [week.start for week in found[:2]] == [date(2025, 12, 29), date(2026, 1, 5)]
    assert found[-1].start == date(2026, 3, 9)
    assert {week.start: week.kept for week in found if week.kept} == {
        date(2026, 3, 2): wilson(3, 4)
    }


def test_a_period_is_compared_with_the_one_before_and_with_the_others(house, quarter):
    found = queries.compared(house.it.pk, TargetMetric.LEG_DELIVERY, quarter, ALL)

    assert found == queries.Compared(wilson(3, 4), None, None)  # one promise of others is too few
    assert not found.is_clear
    assert queries.compared(
        house.it.pk, TargetMetric.LEG_DELIVERY, quarter.next(), ALL
    ).before == wilson(3, 4)


def test_what_is_open_is_of_this_moment(house):
    before_due = queries.open_now(at("6 09:30"), ALL, supplier_id=house.it.pk)
    after_due = queries.open_now(at("6 10:30"), ALL, supplier_id=house.it.pk)

    assert before_due == {house.it.pk: queries.OpenNow(1, 0)}
    assert after_due == {house.it.pk: queries.OpenNow(1, 1)}


def test_the_overview_shows_every_department_that_serves(house, quarter):
    servings, matrix = queries.overview(quarter, ALL, now=at("6 09:30"))

    assert servings == {
        house.it.pk: queries.Serving(
            5, 2, TargetMetric.LEG_DELIVERY, wilson(3, 4), queries.OpenNow(1, 0)
        ),
        house.finance.pk: queries.Serving(
            1, 1, TargetMetric.LEG_DELIVERY, wilson(0, 1), queries.OpenNow(0, 0)
        ),
    }
    assert matrix == {
        (house.it.pk, house.hr.pk): 3,
        (house.it.pk, house.sales.pk): 2,
        (house.finance.pk, house.it.pk): 1,
    }
