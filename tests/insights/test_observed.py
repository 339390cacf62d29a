"""Who was seen to serve whom: the people of a leg, the edges, what stays hidden."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from importlib import import_module
from random import Random
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection

from neike.catalog.choices import HandOverMode
from neike.desk import actions as desk_actions
from neike.desk.bulk import write_tickets
from neike.desk.choices import WaitingOn
from neike.desk.models import Leg
from neike.insights import actions, jobs
from neike.insights.actions import lease as leases
from neike.insights.actions import observing
from neike.insights.models import (
    ChangedPair,
    LegFlow,
    Observation,
    ObservedEdge,
    Outcome,
    PairShare,
)
from neike.insights.queries import observed
from neike.insights.queries.checks import wrong_edges
from neike.kernel.installation.models import Installation
from neike.kernel.jobs import enqueue
from neike.org.models import Person
from neike.org.periods import quarter_of
from tests.make import insights as make
from tests.make import org
from tests.make.background import run_jobs, run_outbox
from tests.make.desk import at

pytestmark = pytest.mark.django_db
ZONE = "Asia/Shanghai"
Q1 = quarter_of(date(2026, 3, 2), zone=ZONE)


def people():
    return {
        (flow.leg.no, flow.handed_over): (flow.provider_person_id, flow.customer_person_id)
        for flow in LegFlow.objects.select_related("leg")
    }


def edges():
    """Return every stored edge without its id."""
    names = [field.attname for field in ObservedEdge._meta.concrete_fields if field.name != "id"]
    return sorted(ObservedEdge.objects.values_list(*names))


def brute_force():
    """Count the edges from the legs themselves, one by one, knowing nothing of flows, numpy and quarters' numbers."""
    cells = {}
    settings = Installation.objects.first() or Installation()
    for leg in Leg.objects.select_related("ticket"):
        if leg.supplier_id == leg.customer_id:
            continue
        day = leg.offered_at.astimezone(settings.zone_info).date()
        start = quarter_of(day, zone=ZONE, fiscal_start=settings.fiscal_start_month)
        held = (
            leg.segments.filter(person__isnull=False, waiting_on="supplier").order_by("seq").last()
        )
        provider = leg.assignee or (held and held.person)
        receiver = leg.ticket.requester if leg.parent_no is None else leg.offered_by
        for end, length in ((start, 1), (start, 2), (start.next(), 2)):
            cell = cells.setdefault(
                (end.start, length, leg.supplier_id, leg.customer_id), ([], set(), set(), set(), [])
            )
            cell[0].append(leg.pk)
            cell[1].add(leg.ticket_id)
            for person, place in ((provider, 2), (receiver, 3)):
                if person and person.kind == "human":
                    cell[place].add(person.pk)
            if leg.parent_no is not None:
                cell[4].append(leg.pk)
    return sorted((*key, *map(len, cell)) for key, cell in cells.items())


def shares():
    """Return every stored share without its id."""
    names = ("quarter_start", "supplier_id", "customer_id", "kept", "missed")
    return sorted(PairShare.objects.values_list(*names))


def brute_force_shares():
    """Count deliveries kept and missed one by one."""
    cells = {}
    fiscal_start = (Installation.objects.first() or Installation()).fiscal_start_month
    for one in Outcome.objects.filter(metric="leg_delivery"):
        if one.supplier_id != one.customer_id:
            quarter = quarter_of(one.day, zone=ZONE, fiscal_start=fiscal_start)
            cell = cells.setdefault((quarter.start, one.supplier_id, one.customer_id), [0, 0])
            cell[0 if one.kept else 1] += 1
    return sorted((*key, *cell) for key, cell in cells.items())


@pytest.fixture
def house(db):
    return make.house()


def random_history(house, seed, count=60, days=400):
    """Tell requests at random: hand-overs of every mode, returns, nobody's and machines' work, own-department legs."""
    rng = Random(seed)  # noqa: S311 - a made-up history
    helpers = {
        house.it.pk: [org.person(f"It{n}", department=house.it) for n in range(4)],
        house.finance.pk: [org.person(f"Fin{n}", department=house.finance) for n in range(3)],
    }
    robot = org.person("Robot", department=house.it)
    Person.objects.filter(pk=robot.pk).update(kind="service")
    helpers[house.it.pk].append(robot)
    askers = {
        each.pk: [org.person(f"{each.pk}-{n}", department=each) for n in range(4)]
        for each in (house.hr, house.sales, house.it)
    }
    by_pk = {each.pk: each for each in (house.hr, house.sales, house.it)}
    for _ in range(count):
        when = at("2 09:00") + timedelta(days=rng.randrange(days), hours=rng.randrange(24))
        customer = rng.choice(sorted(askers))
        script = house.ask(when, rng.choice(askers[customer]), by_pk[customer])
        if rng.random() < 0.2:
            continue
        holder = rng.choice(helpers[house.it.pk]) if rng.random() < 0.9 else None
        script.accept(when + timedelta(minutes=5), 0, by_id=holder and holder.pk)
        if rng.random() < 0.2:
            waiting = {"waiting_on": WaitingOn.REQUESTER, "reason": "Which?"}
            script.wait(when + timedelta(minutes=6), 0, by_id=None, **waiting)
            script.resume(when + timedelta(minutes=7), 0, by_id=None)
        handed = rng.random() < 0.6
        if handed:
            leg = script.hand_over(
                when + timedelta(days=rng.randrange(40), minutes=10),
                0,
                by_id=holder and holder.pk,
                to_id=house.finance.pk,
                service_id=house.budget.pk,
                standard_id=house.budget.standard_id or 0,
                mode=rng.choice(list(HandOverMode)),
            )
            if rng.random() < 0.8:
                taker = rng.choice(helpers[house.finance.pk])
                script.accept(script.events[-1].at + timedelta(minutes=5), leg, by_id=taker.pk)
        elif holder and rng.random() < 0.8:
            took = timedelta(hours=rng.randrange(1, 900))
            script.deliver(script.events[-1].at + took, 0, by_id=holder.pk)
    return house.write()


def test_a_leg_is_received_by_the_requester_and_a_hand_over_by_who_made_it(house):
    script = house.ask(at("2 09:00"), house.anna, house.hr)
    script.accept(at("2 09:30"), 0, by_id=house.ivan.pk)
    leg = script.hand_over(
        at("2 09:40"),
        0,
        by_id=house.ivan.pk,
        to_id=house.finance.pk,
        service_id=house.budget.pk,
        standard_id=house.budget.standard_id or 0,
        mode=HandOverMode.TRANSFER,
    )
    script.accept(at("2 09:50"), leg, by_id=house.fang.pk)
    house.write()

    assert people() == {
        (0, False): (house.ivan.pk, house.anna.pk),
        (1, True): (house.fang.pk, house.ivan.pk),
    }


def test_who_held_a_leg_last_worked_on_it_even_when_nobody_holds_it_now(house):
    script = house.ask(at("2 09:00"), house.anna, house.hr)
    script.accept(at("2 09:30"), 0, by_id=house.ivan.pk)
    script.assign(at("2 10:00"), 0, to_id=house.ines.pk, by_id=house.ivan.pk)
    script.assign(at("2 11:00"), 0, to_id=None, by_id=house.ines.pk)
    house.ask(at("3 09:00"), house.sam, house.sales)
    house.write()

    assert list(LegFlow.objects.order_by("pk").values_list("provider_person", flat=True)) == [
        house.ines.pk,
        None,
    ]


def test_a_requester_who_is_waited_for_did_not_do_the_work(house):
    script = house.ask(at("2 09:00"), house.anna, house.hr)
    script.accept(at("2 09:30"), 0, by_id=None)
    script.wait(at("2 10:00"), 0, by_id=None, waiting_on=WaitingOn.REQUESTER, reason="Which?")
    house.write()

    assert people() == {(0, False): (None, house.anna.pk)}


def test_the_migration_fills_in_what_the_projection_says(house):
    random_history(house, seed=4)
    want = list(LegFlow.objects.order_by("pk").values())
    LegFlow.objects.update(provider_person=None, customer_person=None, handed_over=False)

    import_module("neike.insights.migrations.0003_fill_flow_people").fill(apps, None)

    assert list(LegFlow.objects.order_by("pk").values()) == want


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fiscal_start", [1, 2])
def test_edges_are_what_counting_one_by_one_gives(house, seed, fiscal_start, monkeypatch):
    monkeypatch.setattr(observing, "LEGS_AT_ONCE", 7)  # many batches
    Installation.objects.update_or_create(
        pk=1, defaults={"zone": ZONE, "fiscal_start_month": fiscal_start}
    )
    random_history(house, seed)

    done = actions.observe(now=make.NOW)

    assert edges() == brute_force()
    assert shares() == brute_force_shares()
    assert shares()
    assert wrong_edges(make.NOW) == []
    assert done.edges == len(edges())
    assert done.legs == sum(edge[4] for edge in edges() if edge[1] == 1)


def test_observing_twice_changes_nothing(house):
    random_history(house, seed=5)
    actions.observe(now=make.NOW)
    before = edges()

    actions.observe(now=make.NOW)
    assert edges() == before
    assert actions.observe_changes(now=make.NOW) == actions.Observed(0, 0, everything=False)
    assert edges() == before


@pytest.mark.parametrize("seed", range(4))
def test_counting_what_changed_gives_what_counting_everything_gives(house, seed):
    rng = Random(seed)  # noqa: S311 - a made-up history
    random_history(house, seed)
    actions.observe(now=make.NOW)
    random_history(house, seed + 100, count=15, days=200)
    for leg in rng.sample(list(Leg.objects.all()), 12):  # tickets taken in again with other facts
        Leg.objects.filter(pk=leg.pk).update(
            assignee=rng.choice([house.ivan, house.fang, None]),
            offered_at=leg.offered_at + timedelta(days=rng.choice([-100, 0, 100])),
            supplier=rng.choice([house.it, house.finance, house.sales]),
        )
        actions.take_in([leg.ticket_id])

    assert ChangedPair.objects.exists()
    done = actions.observe_changes(now=make.NOW)
    found, kept = edges(), shares()

    assert not done.everything
    assert not ChangedPair.objects.exists()
    assert found == brute_force()
    assert kept == brute_force_shares()
    actions.observe(now=make.NOW)
    assert (edges(), shares()) == (found, kept)


def test_an_edge_goes_when_its_last_leg_goes(house):
    house.ask(at("2 09:00"), house.anna, house.hr)
    ticket = house.write()[0]
    actions.observe(now=make.NOW)
    assert len(edges()) == 3

    Leg.objects.filter(ticket=ticket).update(customer=house.sales)
    actions.take_in([ticket.pk])
    actions.observe_changes(now=make.NOW)

    assert {edge[3] for edge in edges()} == {house.sales.pk}
    assert len(edges()) == 3


def test_what_edges_do_not_count_marks_nothing(house):
    ticket = desk_actions.submit(
        service=house.service,
        by=house.anna,
        answers={"details": "x"},
        title="Lamp",
        now=at("2 10:00"),
    )
    leg = desk_actions.accept_leg(
        leg=ticket.legs.get(), by=house.ivan, version=ticket.legs.get().version, now=at("2 10:20")
    )
    run_outbox(at("2 10:20"))
    actions.observe_changes(now=make.NOW)
    assert ObservedEdge.objects.filter(supplier=house.it, customer=house.hr).count() == 3

    ticket.refresh_from_db()
    desk_actions.resolve(
        ticket=ticket, by=house.ivan, version=ticket.version, now=at("2 11:00"), note="Done."
    )
    run_outbox(at("2 11:00"))

    # how the promise was kept is counted, so that alone marks the pair
    assert LegFlow.objects.get(leg=leg).settled_day
    assert ChangedPair.objects.count() == 1
    actions.observe_changes(now=make.NOW)
    share = PairShare.objects.get(supplier=house.it, customer=house.hr)
    assert (share.quarter_start, share.kept, share.missed) == (Q1.start, 1, 0)

    actions.take_in([ticket.pk])
    assert not ChangedPair.objects.exists()


def test_another_first_month_of_the_fiscal_year_counts_everything_anew(house):
    random_history(house, seed=6)
    actions.observe(now=make.NOW)
    Installation.objects.update_or_create(pk=1, defaults={"zone": ZONE, "fiscal_start_month": 3})
    house.ask(at("2 09:00"), house.anna, house.hr)
    house.write()

    assert actions.observe_changes(now=make.NOW).everything
    assert edges() == brute_force()
    assert {edge[0].month % 3 for edge in edges()} == {0}


def test_a_mark_of_another_fiscal_year_is_understood(house):
    random_history(house, seed=7)
    Installation.objects.update_or_create(pk=1, defaults={"zone": ZONE, "fiscal_start_month": 2})
    actions.observe(now=make.NOW)
    want = edges()
    ObservedEdge.objects.all().delete()
    cells = {(edge[0], edge[2], edge[3]) for edge in want if edge[1] == 1}
    marks = {
        (quarter_of(day, zone=ZONE).start, *pair)
        for start, *pair in cells
        for day in (start, start + timedelta(days=85))
    }
    ChangedPair.objects.bulk_create(
        ChangedPair(quarter_start=day, supplier_id=supplier, customer_id=customer)
        for day, supplier, customer in marks
    )

    actions.observe_changes(now=make.NOW)

    assert edges() == want


def test_a_leg_counts_on_its_day_in_the_zone_of_the_organisation(house):
    # 00:30 on April the first in Shanghai is still March in UTC
    april = at("31 18:30").replace(month=4, day=1, hour=0, minute=30)
    house.ask(april, house.anna, house.hr)
    house.write()
    actions.observe(now=make.NOW)
    assert [edge[:2] for edge in edges()] == [
        (date(2026, 4, 1), 1),
        (date(2026, 4, 1), 2),
        (date(2026, 7, 1), 2),
    ]

    Installation.objects.update_or_create(pk=1, defaults={"zone": "UTC"})
    actions.catch_up()
    actions.observe_changes(now=make.NOW)

    assert [edge[:2] for edge in edges()] == [
        (date(2026, 1, 1), 1),
        (date(2026, 1, 1), 2),
        (date(2026, 4, 1), 2),
    ]


def test_one_counts_at_a_time_and_the_dead_are_followed(house):
    house.ask(at("2 09:00"), house.anna, house.hr)
    house.write()
    first = leases.take_lease()

    with pytest.raises(actions.AlreadyObservingError):
        actions.observe(now=make.NOW)
    assert observed.freshness().is_running
    long_ago = Observation.objects.get().beat_at - 2 * observed.GONE_AFTER
    Observation.objects.update(beat_at=long_ago)
    assert not observed.freshness().is_running
    actions.observe(now=make.NOW)

    with pytest.raises(actions.LeaseLostError), first.hold():
        raise AssertionError("what was taken over writes nothing")
    assert edges() == brute_force()


def test_a_run_that_broke_off_is_done_again(house, monkeypatch):
    monkeypatch.setattr(observing, "LEGS_AT_ONCE", 5)
    random_history(house, seed=8)

    def stop(done, total):
        assert 0 < done <= total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.observe(now=make.NOW, progress=stop)
    assert not observed.freshness().is_complete
    assert not observed.freshness().is_running

    assert actions.observe_changes(now=make.NOW).everything
    assert edges() == brute_force()
    assert observed.freshness().is_current


def test_very_many_marks_are_an_import(house, monkeypatch):
    random_history(house, seed=9)
    actions.observe(now=make.NOW)
    monkeypatch.setattr(observing, "MANY", 3)
    random_history(house, seed=10)

    assert actions.observe_changes(now=make.NOW).everything
    assert edges() == brute_force()


def test_marks_are_worked_off_in_parts(house, monkeypatch):
    random_history(house, seed=9)
    actions.observe(now=make.NOW)
    monkeypatch.setattr(observing, "MARKS_AT_ONCE", 2)
    random_history(house, seed=10)

    assert not actions.observe_changes(now=make.NOW).everything
    assert edges() == brute_force()


def test_jobs_keep_the_edges(house):
    random_history(house, seed=11)

    for job in (jobs.observe_changes, jobs.observe):
        enqueue(job, now=make.NOW)
        run_jobs(make.NOW)
        assert edges() == brute_force()
        assert observed.freshness().is_current


def test_the_nightly_check_finds_an_edge_that_is_wrong(house):
    house.ask(at("2 09:00"), house.anna, house.hr)
    house.ask(at("3 09:00"), house.sam, house.sales)
    house.write()
    assert wrong_edges(make.NOW) == []  # nothing is counted yet
    actions.observe(now=make.NOW)
    assert wrong_edges(make.NOW) == []

    ObservedEdge.objects.filter(quarters=1, customer=house.hr).update(customer_people=7)
    ObservedEdge.objects.filter(quarters=1, customer=house.sales).delete()

    assert len(wrong_edges(make.NOW)) == 2


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="threads share one in-memory SQLite, which has a single writer anyway",
)
@pytest.mark.django_db(transaction=True)
def test_what_changes_while_others_count_is_never_lost():
    house = make.house()
    random_history(house, seed=12, count=30)
    for n in range(24):
        house.ask(at("2 09:00") + timedelta(hours=n), house.anna, house.hr)
    tickets = [
        one.pk for part in write_tickets(house.scripts, now=make.NOW) for one in part.tickets
    ]
    start = Barrier(4)

    def take(ids):
        try:
            start.wait()
            for pk in ids:
                actions.take_in([pk])
        finally:
            connection.close()

    def count(everything):
        try:
            start.wait()
            for _ in range(6):
                with suppress(actions.AlreadyObservingError):
                    (actions.observe if everything else actions.observe_changes)(now=make.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(take, tickets[:12]), pool.submit(take, tickets[12:])]
        done += [pool.submit(count, True), pool.submit(count, False)]
        for each in done:
            each.result()

    actions.observe_changes(now=make.NOW)
    assert edges() == brute_force()
