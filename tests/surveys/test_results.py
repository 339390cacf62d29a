"""What a department's ratings say: to its people at once, to everybody else only what gives nobody away."""

from datetime import UTC, datetime, timedelta

import pytest

from neike.desk import policies as desk_policies
from neike.kernel import installation
from neike.org.periods import Period, PeriodKind
from neike.surveys import actions, bulk, checks, queries
from neike.surveys.models import PublishedPair, Rating
from neike.surveys.queries import Filters
from tests.make import desk, org, surveys

pytestmark = pytest.mark.django_db

MARCH = desk.at("10 10:00")
Q1 = Period(datetime(2026, 1, 1, tzinfo=UTC).date(), PeriodKind.QUARTER, "Asia/Shanghai")
Q2 = Q1.next()
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def company():
    return desk.company()


def rate(company, scores, *, customer=None, at=MARCH, **more):
    return [
        surveys.rating(company, score=score, customer=customer, at=at, **more) for score in scores
    ]


def published(company, period=Q1, now=NOW):
    return queries.published(company.it.pk, period, now=now)


def received(person, company, period=Q1):
    who = desk_policies.standing(person, now=NOW)
    return queries.received(who, company.it.pk, period)


def figures(results):
    return [(part.customer_id, part.summary.n) for part in results.by_customer]


def test_five_people_are_published_together(company):
    rate(company, [5, 4, 4, 3, 1])

    found = published(company)

    assert (found.summary.n, found.summary.raters, found.summary.mean) == (5, 5, 3.4)
    assert figures(found) == [(company.hr.pk, 5)]
    assert found.counts is None
    assert not found.is_named


def test_four_people_are_nothing(company):
    rate(company, [5, 4, 4, 3])

    assert published(company) is None


def test_five_ratings_of_four_people_are_nothing(company):
    first = rate(company, [5, 4, 4, 3])
    surveys.rating(company, score=1, rater=first[0].rater, at=MARCH)

    assert published(company) is None


def test_the_total_does_not_give_away_a_small_customer(company):
    """Nine of HR, two of Finance: total minus HR must not be Finance."""
    rate(company, [5, 4, 4, 3, 1, 2, 3, 4, 5])
    rate(company, [1, 1], customer=company.finance)

    found = published(company)

    assert found.summary.n == 9
    assert figures(found) == [(company.hr.pk, 9)]


def test_small_customers_are_shown_together(company):
    other = org.department("Legal")
    rate(company, [5, 4, 4, 3, 1])
    rate(company, [1, 2, 3], customer=company.finance)
    rate(company, [4, 4], customer=other)

    found = published(company)

    assert found.summary.n == 10
    assert figures(found) == [(company.hr.pk, 5), (None, 5)]


def test_one_answer_more_changes_nothing_that_is_published(company):
    rate(company, [5, 4, 4, 3, 1])
    before = published(company)

    surveys.rating(company, score=1, at=MARCH + timedelta(days=31))

    assert published(company) == before
    assert published(company, Q2) is None


def test_what_waited_is_published_with_those_who_came_later(company):
    rate(company, [5, 4, 3], at=MARCH)
    rate(company, [2, 1], at=MARCH + timedelta(days=31))

    assert published(company, Q1) is None
    assert published(company, Q2).summary.n == 5


def test_a_month_is_published_once_its_ratings_are_final(company):
    rate(company, [5, 4, 4, 3, 1])
    first_of_april = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    a_week_later = first_of_april + timedelta(days=7)

    assert published(company, now=a_week_later - timedelta(seconds=1)) is None
    assert published(company, now=a_week_later).summary.n == 5


def test_confidential_requests_are_not_published(company):
    rate(company, [5, 4, 4, 3])
    rate(company, [1], confidential=True)

    assert published(company) is None


def test_a_unanimous_five_wait(company):
    rate(company, [1, 1, 1, 1, 1])

    assert published(company) is None


def test_a_distribution_is_published_when_no_step_stands_for_one_or_two(company):
    rate(company, [5] * 4 + [4] * 3 + [3] * 3)

    assert published(company).counts == (0, 0, 3, 3, 4)


def test_reasons_are_published_without_numbers_if_five_people_name_them(company):
    rate(company, [5, 4, 4, 5, 4], reasons=["speed"])
    rate(company, [1, 2, 1, 2], reasons=["result"])

    assert published(company).reasons == (("speed", True, None),)


def test_the_department_sees_everything_at_once(company):
    rate(company, [5, 2], reasons=["speed"])
    rate(company, [3], customer=company.finance)

    found = received(company.ines, company)

    assert found.is_named
    assert (found.summary.n, found.counts) == (3, (0, 1, 1, 0, 1))
    assert figures(found) == [(company.hr.pk, 2), (company.finance.pk, 1)]
    assert found.reasons == (("speed", False, 1), ("speed", True, 1))
    assert found.by_month == ()


def test_months_of_at_least_five_people_make_a_trend(company):
    rate(company, [5, 4, 4, 3, 1])
    rate(company, [5, 4], at=desk.at("2 10:00") - timedelta(days=20))

    assert [month.start.isoformat() for month in received(company.ines, company).by_month] == [
        "2026-03-01"
    ]


def test_no_ratings_no_results(company):
    assert received(company.ines, company) is None


def visible(person):
    return set(queries.ratings_visible_to(desk_policies.standing(person, now=NOW)))


def test_who_reads_a_requests_rating_by_name(company):
    rating = surveys.rating(company, at=MARCH)

    assert {
        person.name: bool(visible(person))
        for person in (
            company.ivan,
            company.ines,
            company.it_head,
            company.hr_head,
            company.anna,
            company.fang,
            org.administrator("Admin"),
            org.person("Outsider"),
        )
    } == {
        "Ivan": True,
        "Ines": True,
        "Ito": True,
        "Hu": False,
        "Anna": False,
        "Fang": False,
        "Admin": False,
        "Outsider": False,
    }
    assert visible(rating.rater) == {rating}


def test_who_reads_a_legs_rating_by_name(company):
    leg = surveys.confirmed_leg(company)
    Rating.objects.create(
        ticket=leg.ticket,
        leg=leg,
        rater=company.ivan,
        supplier=company.finance,
        customer=company.it,
        score=2,
        rated_at=MARCH,
    )

    assert {
        person.name: bool(visible(person))
        for person in (
            company.ivan,
            company.ines,
            company.it_head,
            company.fang,
            company.fin_head,
            company.anna,
            company.hr_head,
        )
    } == {
        "Ivan": True,
        "Ines": True,
        "Ito": True,
        "Fang": True,
        "Fu": True,
        "Anna": False,
        "Hu": False,
    }


def test_the_rating_of_a_confidential_request_is_for_those_who_may_read_it(company):
    rating = surveys.rating(company, at=MARCH, confidential=True)

    assert not visible(company.ines)
    assert visible(company.it_head) == {rating}


def test_lists_are_narrowed_by_period_score_and_service(company):
    kept = surveys.rating(company, score=2, at=MARCH)
    surveys.rating(company, score=3, at=MARCH)
    surveys.rating(company, score=2, at=MARCH - timedelta(days=120))
    who = desk_policies.standing(company.ivan, now=NOW)
    rows = queries.ratings_visible_to(who)

    assert list(queries.narrowed(rows, Filters(period=Q1, score=2))) == [kept]
    assert list(queries.narrowed(rows, Filters(service_id=company.it_other.pk))) == []
    assert queries.narrowed(rows, Filters(service_id=company.service.pk)).count() == 3


def test_the_response_rate_counts_resolved_requests(company):
    surveys.resolved(company)
    rated = surveys.resolved(company)
    Rating.objects.create(
        ticket=rated,
        rater=company.anna,
        supplier=company.it,
        customer=company.hr,
        score=4,
        rated_at=MARCH,
    )

    assert queries.tickets_answered(company.it.pk, Q1) == (2, 1)


def test_what_waits_for_a_rating(company):
    ticket = surveys.resolved(company)
    leg = surveys.confirmed_leg(company)
    now = surveys.RESOLVED_AT + timedelta(hours=1)
    anna, ivan = (desk_policies.standing(who, now=now) for who in (company.anna, company.ivan))

    assert queries.tickets_to_rate(anna, now=now) == [ticket]
    assert queries.tickets_to_rate(ivan, now=now) == []
    assert queries.legs_to_rate(ivan, now=now) == [leg]
    assert queries.legs_to_rate(anna, now=now) == []
    assert queries.tickets_to_rate(anna, now=now + timedelta(days=30)) == []


@pytest.mark.parametrize("length", [1, 3])
def test_what_waits_costs_the_same_at_any_length(company, length, django_assert_num_queries):
    for _each in range(length):
        surveys.resolved(company)
    now = surveys.RESOLVED_AT + timedelta(hours=1)
    anna = desk_policies.standing(company.anna, now=now)

    with django_assert_num_queries(2):
        assert len(queries.tickets_to_rate(anna, now=now)) == length


def test_the_nightly_check_finds_ratings_of_ones_own_work(company):
    ticket = surveys.resolved(company)
    rating = Rating.objects.create(
        ticket=ticket,
        rater=company.ivan,
        supplier=company.it,
        customer=company.hr,
        score=5,
        rated_at=MARCH,
    )
    surveys.rating(company)

    found = checks.nobody_rates_own_work(NOW)

    assert [problem.subject for problem in found] == [f"rating {rating.pk}"]


def test_many_ratings_are_written_at_once(company, django_assert_num_queries):
    tickets = [surveys.resolved(company) for _each in range(3)]
    new = [
        bulk.NewRating(
            ticket_id=ticket.pk,
            rater_id=company.anna.pk,
            supplier_id=company.it.pk,
            customer_id=company.hr.pk,
            score=4,
            reasons=["speed"],
            rated_at=MARCH,
        )
        for ticket in tickets
    ]

    with django_assert_num_queries(3):  # savepoint, insert, release
        assert bulk.write_ratings(new) == 3

    assert Rating.objects.filter(reasons=["speed"], version=1).count() == 3


@pytest.mark.parametrize("wrong", [{"score": 6}, {"score": 4, "reasons": ["luck"]}])
def test_what_is_no_rating_is_not_written(company, wrong):
    ticket = surveys.resolved(company)
    new = bulk.NewRating(
        **{
            "ticket_id": ticket.pk,
            "rater_id": company.anna.pk,
            "supplier_id": company.it.pk,
            "customer_id": company.hr.pk,
            "rated_at": MARCH,
            **wrong,
        }
    )

    with pytest.raises(ValueError, match="not a rating"):
        bulk.write_ratings([new])
    assert not Rating.objects.exists()


def test_what_is_published_of_pairs_is_what_each_department_publishes_by_customer(company):
    """The map's satisfaction and the department's page come from one release."""
    rate(company, [5, 4, 4, 3, 1, 2, 3, 4, 5])
    rate(company, [1, 1], customer=company.finance)
    rate(company, [2, 3, 3, 4, 5, 5], customer=org.department("Sales"))
    rate(company, [3, 3, 4, 4, 5], at=desk.at("10 10:00").replace(month=4))

    for period in (Q1, Q2):
        expected = {}
        for supplier in Rating.objects.values_list("supplier", flat=True).distinct():
            found = queries.published(supplier, period, now=NOW)
            for part in found.by_customer if found else ():
                if part.customer_id is not None:
                    expected[supplier, part.customer_id] = queries.PairResult.of(part.summary)
        assert queries.published_pairs(period, now=NOW) == expected
    assert queries.published_pairs(Q1, now=NOW)


def test_kept_pairs_are_the_computed_ones_until_something_else_is_published(
    company, django_assert_num_queries
):
    rate(company, [5, 4, 4, 3, 1, 2, 3, 4, 5])
    computed = queries.published_pairs(Q1, now=NOW)
    assert computed
    assert queries.publication_token(now=NOW) is None

    assert actions.publish_pairs(now=NOW)
    assert not actions.publish_pairs(now=NOW)
    token = queries.publication_token(now=NOW)
    assert token is not None
    with installation.remembered(), django_assert_num_queries(3):  # one for the settings
        assert queries.published_pairs(Q1, now=NOW) == computed
    assert checks.published_pairs_hold(MARCH) == []

    # a rating that may still change moves nothing; one more that is final does
    rate(company, [1], at=NOW)
    assert not actions.publish_pairs(now=NOW)
    rate(company, [1])
    assert actions.publish_pairs(now=NOW)
    assert queries.publication_token(now=NOW) != token
    assert queries.published_pairs(Q1, now=NOW)[company.it.pk, company.hr.pk].n == 10


def test_after_the_end_of_a_month_pairs_are_computed_until_they_are_kept_anew(company):
    rate(company, [5, 4, 4, 3, 1])
    actions.publish_pairs(now=NOW)
    later = NOW + timedelta(days=45)
    rate(company, [2, 2, 3, 3, 4], at=NOW)

    assert queries.publication_token(now=later) is None
    found = queries.published_pairs(Q2, now=later)
    assert found[company.it.pk, company.hr.pk].n == 5

    actions.publish_pairs(now=later)
    assert queries.publication_token(now=later)
    assert queries.published_pairs(Q2, now=later) == found


def test_the_nightly_check_names_a_pair_that_is_not_what_its_ratings_say(company):
    rate(company, [5, 4, 4, 3, 1])
    actions.publish_pairs(now=NOW)
    PublishedPair.objects.update(mean=5, quarter_start=Q2.start)

    problems = checks.published_pairs_hold(NOW)

    assert {one.subject for one in problems} == {
        f"published:{Q2.start} {company.it.pk} > {company.hr.pk}",
        f"published:{Q1.start} {company.it.pk} > {company.hr.pk}",
    }
