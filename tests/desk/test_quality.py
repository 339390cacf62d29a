"""Quality checks: drawn at random, never done by who did the work, told as ratings are."""

from datetime import UTC, date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from neike.desk import actions as desk_actions
from neike.desk import jobs, policies
from neike.desk.actions import quality as actions
from neike.desk.actions.quality import Finding, QualityError
from neike.desk.models import QualityCheck, QualityDraw, QualityPlan
from neike.desk.queries import quality as queries
from neike.engines.sampling import lot
from neike.org.choices import Role
from neike.org.periods import PeriodKind
from neike.org.queries import period_of
from tests.make import desk as make
from tests.make import org

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 1)
APRIL = make.at("31 20:00") + timedelta(days=3)
CRITERIA = [
    {"zh-hans": "能开机", "en": "It starts"},
    {"zh-hans": "资产已登记", "en": "It is registered"},
]


@pytest.fixture
def company(db):
    return make.company(criteria=CRITERIA)


def deliver(company, *, day=2, **more):
    """Return a request that Ivan delivered in March."""
    leg = company.accepted(now=make.at(f"{day} 10:00"), **more)
    return desk_actions.resolve(
        ticket=leg.ticket,
        by=company.ivan,
        version=leg.ticket.version,
        now=make.at(f"{day} 11:00"),
    )


def plan(company, **more):
    return QualityPlan.objects.create(
        service=company.service, since=MARCH, **({"number": 2} | more)
    )


def drawn(company, **more):
    """Return March's draw."""
    return actions.draw_month(plan=plan(company, **more), month=MARCH, now=APRIL)


def findings(*verdicts):
    return {place: Finding(verdict) for place, verdict in enumerate(verdicts)}


def finish(check, by, *verdicts):
    return actions.finish_check(check=check, findings=findings(*verdicts), by=by, now=APRIL)


def test_the_sample_is_the_lots_of_a_seed_that_is_written_down(company):
    tickets = [deliver(company, day=day) for day in (2, 3, 4, 5, 6)]

    draw = drawn(company)

    assert draw.seed == f"{company.service.public_id}:2026-03"
    assert (draw.delivered, draw.drawn) == (5, 2)
    by_lot = sorted(tickets, key=lambda one: lot(str(one.public_id), seed=draw.seed))
    assert {each.ticket_id for each in draw.checks.all()} == {one.pk for one in by_lot[:2]}


def test_a_month_is_drawn_once(company):
    deliver(company)
    first = drawn(company)

    assert actions.draw_month(plan=QualityPlan.objects.get(), month=MARCH, now=APRIL) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        QualityDraw.objects.create(
            service=company.service, month=MARCH, seed="", delivered=0, drawn=0, drawn_at=APRIL
        )
    assert first.checks.count() == 1


def test_confidential_requests_and_other_months_are_not_drawn(company):
    deliver(company)
    secret = deliver(company, day=3)
    type(secret).objects.filter(pk=secret.pk).update(confidential=True)

    assert drawn(company, number=0, percent=100).delivered == 1
    assert (
        actions.draw_month(
            plan=QualityPlan.objects.get(), month=date(2026, 2, 1), now=APRIL
        ).delivered
        == 0
    )


def test_the_head_checks_and_never_who_did_the_work(company):
    deliver(company)
    check = drawn(company).checks.get()

    assert check.checker == company.it_head
    with pytest.raises(PermissionDenied):
        finish(check, company.ivan, "pass", "pass")


def test_where_everybody_had_to_do_with_it_nobody_checks(company):
    leg = company.accepted(now=make.at("2 10:00"))
    leg = desk_actions.assign_leg(
        leg=leg, to=company.it_head, by=company.it_head, version=leg.version, now=make.at("2 10:10")
    )
    desk_actions.resolve(
        ticket=leg.ticket,
        by=company.it_head,
        version=leg.ticket.version,
        now=make.at("2 11:00"),
    )

    assert drawn(company).checks.get().checker is None


def test_checks_are_spread_among_those_who_may(company):
    owner = org.person("Olga", department=company.it)
    company.service.owner = owner
    company.service.save()
    for day in (2, 3, 4, 5):
        deliver(company, day=day)

    checks = drawn(company, number=4).checks.all()

    assert sorted(each.checker.name for each in checks) == ["Ito", "Ito", "Olga", "Olga"]


@pytest.mark.parametrize(
    ("said", "passed"),
    [
        (("pass", "pass"), True),
        (("pass", "na"), True),
        (("pass", "fail"), False),
        (("fail", "na"), False),
        (("na", "na"), None),
    ],
)
def test_a_check_passes_if_nothing_is_unmet_and_something_met(company, said, passed):
    deliver(company)

    assert finish(drawn(company).checks.get(), company.it_head, *said).passed is passed


@pytest.mark.parametrize("said", [("pass",), (), ("pass", "maybe"), ("pass", "pass", "pass")])
def test_every_criterion_needs_an_answer(company, said):
    deliver(company)
    check = drawn(company).checks.get()

    with pytest.raises(QualityError):
        finish(check, company.it_head, *said)

    assert not check.findings.exists()


def test_what_was_found_stays(company):
    deliver(company)
    check = finish(drawn(company).checks.get(), company.it_head, "pass", "fail")

    with pytest.raises(QualityError):
        finish(check, company.it_head, "pass", "pass")

    check.refresh_from_db()
    assert check.passed is False


def test_shares_are_of_checks_done_and_of_criteria_that_applied(company):
    for day in (2, 3, 4):
        deliver(company, day=day)
    checks = list(drawn(company, number=3).checks.order_by("pk"))
    finish(checks[0], company.it_head, "pass", "na")
    finish(checks[1], company.it_head, "fail", "pass")
    march = period_of(MARCH, PeriodKind.MONTH)

    found = queries.quality_of(company.service, march)

    assert (found.passed.hits, found.passed.n, found.open) == (1, 2, 1)
    shares = {
        str(each.text.in_language("en")): (each.met.hits, each.met.n)
        for each in queries.criteria_of(company.service, march, until=march)
    }
    assert shares == {"It starts": (1, 2), "It is registered": (1, 1)}


def test_the_job_draws_what_is_planned_and_not_what_lies_before_the_plan(company):
    deliver(company)
    plan(company)

    jobs.draw_quality_samples(now=APRIL)
    jobs.draw_quality_samples(now=APRIL)

    assert QualityCheck.objects.count() == 1
    QualityDraw.objects.all().delete()
    QualityPlan.objects.update(since=date(2026, 4, 1))
    jobs.draw_quality_samples(now=APRIL)
    assert not QualityDraw.objects.exists()


def test_plans_are_a_share_or_a_number_set_by_who_may_edit(company):
    owner = org.person("Olga", department=company.it)
    org.grant(owner, Role.SERVICE_OWNER, department=company.it)
    set_plan = {"service": company.service, "now": APRIL}

    actions.plan_quality(**set_plan, percent=5, number=0, by=owner)
    assert QualityPlan.objects.get().since == date(2026, 4, 1)
    with pytest.raises(QualityError):
        actions.plan_quality(**set_plan, percent=5, number=5, by=owner)
    with pytest.raises(PermissionDenied):
        actions.plan_quality(**set_plan, percent=5, number=0, by=company.anna)
    assert actions.plan_quality(**set_plan, percent=0, number=0, by=owner) is None
    assert not QualityPlan.objects.exists()


def test_the_checker_finds_and_fills_the_sheet_and_others_do_not(company, client_for):
    deliver(company)
    check = drawn(company).checks.get()
    client, address = client_for(company.it_head), queries.path_of(check)

    assert address in client.get(reverse("desk:quality")).text
    assert client.post(address, {"verdict-0": "pass"}).status_code == 422
    answer = client.post(address, {"verdict-0": "pass", "verdict-1": "fail", "note-1": "No label"})

    assert answer.url == reverse("desk:quality")
    assert "No label" in client.get(address).text
    for stranger in (company.anna, company.fang):
        assert client_for(stranger).get(address).status_code == 404
    assert address not in client_for(company.ivan).get(reverse("desk:quality")).text


def test_few_checks_are_told_to_those_who_serve_only(company):
    told = queries.may_be_told

    def who(person):
        return policies.standing(person, now=APRIL)

    assert told(who(company.ivan), company.service)
    assert told(who(company.it_head), company.service)
    assert not told(who(company.anna), company.service)


@pytest.mark.parametrize("count", [1, 5])
def test_the_service_page_shows_the_share_from_five_checks_on(
    company, client_for, count, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: APRIL.astimezone(UTC))
    for day in (2, 3, 4, 5, 6)[:count]:
        deliver(company, day=day)
    for check in drawn(company, number=count).checks.all():
        finish(check, company.it_head, "pass", "pass")
    client = client_for(company.anna)
    client.cookies["neike_language"] = "en"

    page = client.get(reverse("catalog:service", args=[company.service.key])).text

    assert ("too few to show" in page) is (count < queries.FEWEST)
    assert ("n = 5" in page) is (count == queries.FEWEST)
