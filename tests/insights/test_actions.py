"""Numbers stay in step with requests, whatever the way they changed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from neike.desk import actions as desk_actions
from neike.desk.bulk import write_tickets
from neike.desk.models import Clock, Ticket
from neike.insights import actions, jobs
from neike.insights.models import DailyShare, LegFlow, Outcome, ProjectedTicket
from neike.insights.queries.checks import disagreements
from neike.kernel import installation
from neike.kernel.installation.models import Installation
from tests.make import insights as make
from tests.make.background import run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db


def stored():
    """Return everything stored, without the ids of the daily sums."""
    return (
        list(Outcome.objects.order_by("pk").values()),
        list(LegFlow.objects.order_by("pk").values()),
        list(
            DailyShare.objects.exclude(kept=0, missed=0)
            .order_by("day", "supplier", "metric")
            .values_list("day", "supplier", "metric", "kept", "missed")
        ),
    )


def test_taking_in_twice_changes_nothing():
    make.history()
    before = stored()

    actions.take_in(Ticket.objects.values_list("pk", flat=True))

    assert stored() == before
    assert disagreements(make.NOW) == []


def test_a_rebuild_gives_what_one_by_one_gave():
    make.history()
    before = stored()
    done = []

    assert actions.rebuild(progress=done.append) == 5
    assert done == [5]
    assert stored() == before


def test_catching_up_takes_in_what_nobody_announced():
    house = make.house()
    house.ask(at("2 09:00"), house.anna, house.hr).accept(at("2 09:10"), 0, by_id=house.ivan.pk)
    list(write_tickets(house.scripts, now=make.NOW))
    assert not LegFlow.objects.exists()

    jobs.catch_up(now=make.NOW)

    assert LegFlow.objects.count() == 1
    assert Outcome.objects.get().metric == "acceptance"
    assert actions.catch_up() == 0


def test_catching_up_is_bounded_and_goes_on():
    make.history()
    ProjectedTicket.objects.all().delete()

    assert [actions.catch_up(most=2) for _ in range(4)] == [2, 2, 1, 0]


def test_another_zone_counts_the_days_anew():
    house = make.house()
    house.ask(at("2 07:00"), house.anna, house.hr)
    house.write()
    assert str(LegFlow.objects.get().offered_day) == "2026-03-02"

    Installation.objects.update_or_create(pk=1, defaults={"zone": "Europe/Berlin"})
    assert installation.current().zone == "Europe/Berlin"

    assert actions.catch_up() == 1
    assert str(LegFlow.objects.get().offered_day) == "2026-03-02"
    Installation.objects.update(zone="America/New_York")
    actions.catch_up()
    assert str(LegFlow.objects.get().offered_day) == "2026-03-01"


def test_what_happens_to_a_request_reaches_the_numbers_and_leaves_them_when_reopened():
    house = make.house()
    start = at("2 10:00")
    ticket = desk_actions.submit(
        service=house.service, by=house.anna, answers={"details": "x"}, title="Laptop", now=start
    )
    leg = ticket.legs.get()
    leg = desk_actions.accept_leg(leg=leg, by=house.ivan, version=leg.version, now=at("2 10:20"))
    ticket.refresh_from_db()
    ticket = desk_actions.resolve(
        ticket=ticket, by=house.ivan, version=ticket.version, now=at("2 11:00"), note="Done."
    )
    run_outbox(at("2 11:00"))
    metrics = set(Outcome.objects.values_list("metric", flat=True))
    assert metrics == {"acceptance", "first_response", "leg_delivery", "end_to_end"}
    assert LegFlow.objects.get().supplier_seconds == timedelta(hours=1).total_seconds()

    desk_actions.reopen(
        ticket=ticket, by=house.anna, version=ticket.version, why="Broken", now=at("2 11:30")
    )
    run_outbox(at("2 11:30"))

    assert set(Outcome.objects.values_list("metric", flat=True)) == {"acceptance", "first_response"}
    sums = DailyShare.objects.filter(metric="leg_delivery").aggregate(kept=Sum("kept"))
    assert sums == {"kept": 0}
    assert LegFlow.objects.get().settled_day is None
    assert disagreements(make.NOW) == []


def test_the_nightly_check_finds_what_was_tampered_with():
    make.history()
    gone = Outcome.objects.order_by("pk").first()
    assert gone is not None
    clock = gone.clock_id
    gone.delete()
    Clock.objects.filter(metric="end_to_end", state="met").update(used_seconds=1)
    LegFlow.objects.filter(pk=LegFlow.objects.order_by("pk").first().pk).delete()  # type: ignore[union-attr]

    found = [problem.subject for problem in disagreements(make.NOW)]

    assert f"clock:{clock}" in found
    assert any(subject.startswith("leg:") for subject in found)
    assert any(subject.startswith("day:") for subject in found)
    assert len([subject for subject in found if subject.startswith("clock:")]) >= 3


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="threads share one in-memory SQLite, which has a single writer anyway",
)
@pytest.mark.django_db(transaction=True)
def test_two_processes_that_add_to_one_day_lose_no_count():
    house = make.house()
    for _ in range(6):
        house.ask(at("2 09:00"), house.anna, house.hr).accept(at("2 09:10"), 0, by_id=house.ivan.pk)
    tickets = [
        one.pk for part in write_tickets(house.scripts, now=make.NOW) for one in part.tickets
    ]

    def take(ids):
        try:
            for pk in ids:
                actions.take_in([pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(take, [tickets[:4], tickets[2:], tickets[::-1]]))

    assert list(DailyShare.objects.values_list("metric", "kept", "missed")) == [
        ("acceptance", 6, 0)
    ]
    assert Outcome.objects.count() == 6
    assert disagreements(make.NOW) == []


def test_many_at_once_gives_what_one_by_one_gave():
    make.history()
    ProjectedTicket.objects.all().delete()
    for model in (Outcome, LegFlow, DailyShare):
        model.objects.all().delete()
    for pk in Ticket.objects.order_by("pk").values_list("pk", flat=True):
        actions.take_in([pk])
    one_by_one = stored()
    ProjectedTicket.objects.all().delete()
    for model in (Outcome, LegFlow, DailyShare):
        model.objects.all().delete()

    actions.catch_up()

    assert stored() == one_by_one


@pytest.mark.parametrize("length", [1, 3])
def test_taking_in_costs_the_same_number_of_reads_at_any_length(
    length, django_assert_max_num_queries
):
    make.history()
    ids = list(Ticket.objects.order_by("pk").values_list("pk", flat=True)[:length])
    ProjectedTicket.objects.filter(ticket__in=ids).delete()
    Outcome.objects.filter(ticket__in=ids).delete()
    LegFlow.objects.filter(ticket__in=ids).delete()

    with django_assert_max_num_queries(16):
        actions.take_in(ids)
